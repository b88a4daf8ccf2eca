#include "services/grpc/append.h"

#include <utility>

#include "grpcpp/server_context.h"

#include "ledger/base/ids.h"
#include "services/grpc/status.h"
#include "services/grpc/wire.h"

namespace scrutiny::services {

namespace api = ::scrutiny::ledger::v1;

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

grpc::ServerUnaryReactor* AnswerAppend(ledger::Ledger& ledger, grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* bytes, grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  api::AppendRequest request;
  if (absl::Status status = ParseRequest(*bytes, &request); !status.ok()) {
    reactor->Finish(ToGrpc(status));
    return reactor;
  }
  const bool validate_only = request.validate_only();
  ledger.Append(TakeAppend(std::move(request)),
                [reactor, response, validate_only](absl::StatusOr<ledger::Receipt> receipt) {
                  if (!receipt.ok()) {
                    reactor->Finish(ToGrpc(receipt.status()));
                    return;
                  }
                  api::AppendResponse answer;
                  PutReceipt(*receipt, answer.mutable_receipt());
                  answer.set_already_recorded(receipt->already_recorded);
                  answer.set_validated_only(validate_only && !receipt->already_recorded);
                  *response = ToBuffer(answer);
                  reactor->Finish(grpc::Status::OK);
                });
  return reactor;
}

}  // namespace scrutiny::services
