#include "services/grpc/append.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/server_context.h"

#include "ledger/append/prepared.h"
#include "ledger/base/error.h"
#include "ledger/base/ids.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "services/grpc/status.h"
#include "services/grpc/wire.h"

namespace scrutiny::services {

namespace api = ::scrutiny::ledger::v1;
using google::protobuf::Message;
using ledger::Error;
using ledger::Reason;

namespace {

// What stands in a request besides its facts' bytes: tags, lengths and revisions of facts, what is
// to be sealed, guards with their records, the request's id.
constexpr size_t kSealRequestsBytesMax = 128 * ledger::kKiB;
constexpr size_t kRequestBytesMax =
    ledger::kAppendBytesMax + ledger::kAppendFactsMax * 24 + kSealRequestsBytesMax +
    ledger::kGuardsMax * (ledger::kRecordNameBytesMax + 24) + 2 * ledger::kRequestIdBytesMax;

// Fields of this message itself that this server does not know.
absl::Status CheckKnown(const Message& message, const std::string& path) {
  const google::protobuf::UnknownFieldSet& unknown =
      message.GetReflection()->GetUnknownFields(message);
  if (unknown.empty()) return absl::OkStatus();
  const int number = unknown.field(0).number();
  return Error(Reason::kMalformed,
               absl::StrCat("Field ", number, " of ", message.GetDescriptor()->name(),
                            " is not known to this server."))
      .Field(path)
      .Value(absl::StrCat(number))
      .Next("The program that sent it may be newer than this server: use a newer server.");
}

}  // namespace

absl::Status ParseAppend(const grpc::ByteBuffer& bytes, Message* request) {
  if (bytes.Length() > kRequestBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("An append holds at most ", ledger::kAppendBytesMax / ledger::kKiB,
                              " KiB; this one has ", bytes.Length() / ledger::kKiB, " KiB."))
        .Field("facts")
        .Value(absl::StrCat(bytes.Length()))
        .Next("Split it into several appends.");
  }
  return ParseRequest(bytes, request);
}

absl::Status CheckAppend(const api::AppendRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(ledger::CheckCounts(static_cast<size_t>(request.facts_size()),
                                               static_cast<size_t>(request.guards_size())));
  SCRUTINY_RETURN_IF_ERROR(CheckKnown(request, ""));
  for (int i = 0; i < request.facts_size(); ++i) {
    absl::Status known = CheckKnown(request.facts(i), "");
    for (int k = 0; known.ok() && k < request.facts(i).seals_size(); ++k) {
      known = CheckKnown(request.facts(i).seals(k), absl::StrCat("seals[", k, "]"));
    }
    if (!known.ok()) return ledger::AtFact(known, static_cast<uint32_t>(i));
  }
  for (int i = 0; i < request.guards_size(); ++i) {
    SCRUTINY_RETURN_IF_ERROR(CheckKnown(request.guards(i), absl::StrCat("guards[", i, "]")));
  }
  return absl::OkStatus();
}

absl::Status CheckAppend(const api::AppendStreamRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(CheckKnown(request, ""));
  return CheckAppend(request.append());
}

event::v1::Principal LocalPrincipal() {
  event::v1::Principal principal;
  principal.set_id("local");
  principal.set_authentication(event::v1::AUTHENTICATION_NONE);
  return principal;
}

ledger::NewAppend TakeAppend(api::AppendRequest&& request) {
  ledger::NewAppend append;
  append.principal = LocalPrincipal();
  append.request_id = std::move(*request.mutable_request_id());
  append.facts.reserve(request.facts_size());
  for (api::NewFact& fact : *request.mutable_facts()) {
    ledger::NewFact& taken = append.facts.emplace_back();
    taken.proposed = std::move(*fact.mutable_proposed());
    if (fact.has_expected_revision()) {
      taken.expected_revision = ledger::Revision(fact.expected_revision());
    }
    for (api::SealRequest& seal : *fact.mutable_seals()) {
      taken.seals.push_back(
          {std::move(*seal.mutable_field_path()), std::move(*seal.mutable_sealed_for())});
    }
  }
  append.guards.reserve(request.guards_size());
  for (api::Guard& guard : *request.mutable_guards()) {
    append.guards.push_back(
        {std::move(*guard.mutable_record()), ledger::Revision(guard.revision())});
  }
  append.validate_only = request.validate_only();
  return append;
}

void PutReceipt(const ledger::Receipt& receipt, api::Receipt* wire) {
  wire->set_request_id(receipt.request_id);
  wire->set_first_sequence(receipt.first.value());
  wire->set_recorded_at_us(receipt.recorded_at_us);
  wire->mutable_entries()->Reserve(static_cast<int>(receipt.entries.size()));
  for (const ledger::EntryReceipt& entry : receipt.entries) {
    api::EntryReceipt* const out = wire->add_entries();
    out->set_sequence(entry.sequence.value());
    out->set_record(entry.record);
    out->set_revision(entry.revision.value());
    out->set_leaf_hash(entry.leaf_hash.data(), entry.leaf_hash.size());
    for (const event::v1::Number& number : entry.numbers) *out->add_numbers() = number;
  }
}

grpc::ServerUnaryReactor* AnswerAppend(ledger::Ledger& ledger, const Prover& prover,
                                       grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* bytes, grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  api::AppendRequest request;
  absl::Status status = ParseAppend(*bytes, &request);
  if (status.ok()) status = CheckAppend(request);
  if (!status.ok()) {
    reactor->Finish(ToGrpc(status));
    return reactor;
  }
  const bool validate_only = request.validate_only();
  const bool with_proof = request.with_proof() && !validate_only;
  ledger.Append(TakeAppend(std::move(request)),
                [reactor, response, &prover, validate_only,
                 with_proof](absl::StatusOr<ledger::Receipt> receipt) {
                  if (!receipt.ok()) {
                    reactor->Finish(ToGrpc(receipt.status()));
                    return;
                  }
                  auto answer = std::make_shared<api::AppendResponse>();
                  PutReceipt(*receipt, answer->mutable_receipt());
                  answer->set_already_recorded(receipt->already_recorded);
                  answer->set_validated_only(validate_only && !receipt->already_recorded);
                  const auto send = [reactor, response, answer] {
                    *response = ToBuffer(*answer);
                    reactor->Finish(grpc::Status::OK);
                  };
                  if (with_proof) {
                    prover.ProveReceipt(answer->mutable_receipt(), send);
                  } else {
                    send();
                  }
                });
  return reactor;
}

}  // namespace scrutiny::services
