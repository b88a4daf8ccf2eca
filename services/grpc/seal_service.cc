#include "services/grpc/seal_service.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/append/sealed_parts.h"
#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/seal.grpc.pb.h"
#include "services/grpc/append.h"
#include "services/grpc/records.h"
#include "services/grpc/token.h"
#include "services/grpc/unary.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using ledger::Error;
using ledger::Reason;
using ledger::SealedParts;

constexpr size_t kSealThreads = 2;

using Api = api::SealService;
using Methods = Api::WithRawCallbackMethod_OpenSealed<Api::WithRawCallbackMethod_ListSubject<
    Api::WithRawCallbackMethod_EraseSubject<Api::WithRawCallbackMethod_BackupKeys<Api::Service>>>>;

api::SealState StateOf(SealedParts::State state) {
  switch (state) {
    case SealedParts::State::kOpened:
      return api::SEAL_STATE_OPENED;
    case SealedParts::State::kErased:
      return api::SEAL_STATE_ERASED;
    case SealedParts::State::kNoKey:
      return api::SEAL_STATE_NO_KEY;
    case SealedParts::State::kNoCiphertext:
      return api::SEAL_STATE_NO_CIPHERTEXT;
  }
  return api::SEAL_STATE_UNSPECIFIED;
}

void PutHeld(const SealedParts::Held& held, api::HeldSeal* out) {
  out->set_sequence(held.place.sequence.value());
  out->set_index(held.place.index);
  out->set_record(held.record);
  out->set_field_path(held.field_path);
  out->set_fact_type(held.type.value());
  out->set_bytes(held.bytes);
  out->set_recorded_at_us(held.recorded_at_us);
}

void PutErasure(const SealedParts::Erasure& erasure, api::EraseSubjectResponse* out) {
  out->set_seals(erasure.seals);
  out->set_entries(erasure.entries);
  out->set_bytes(erasure.bytes);
  for (const SealedParts::Held& held : erasure.held) PutHeld(held, out->add_held());
  out->set_sequence(erasure.sequence.value());
  out->set_erased_at_us(erasure.erased_at_us);
  out->set_unrecoverable_by_us(erasure.unrecoverable_by_us);
  out->set_survivors(erasure.survivors);
  out->set_has_key(erasure.has_key);
  out->set_repeated(erasure.repeated);
}

absl::Status CheckWords(absl::string_view words, absl::string_view field, size_t bytes_max) {
  if (words.empty()) {
    return Error(Reason::kMalformed, absl::StrCat("An erasure needs its ", field, "."))
        .Field(field)
        .Next("It is recorded for ever: say it without personal data.");
  }
  if (words.size() <= bytes_max) return absl::OkStatus();
  return Error(Reason::kOverLimit, absl::StrCat("The ", field, " has at most ", bytes_max,
                                                " bytes; this one has ", words.size(), "."))
      .Field(field)
      .Next("Shorten it.");
}

class SealServiceImpl final : public SealService, public Methods {
 public:
  explicit SealServiceImpl(ledger::Ledger& ledger)
      : ledger_(ledger), workers_(kSealThreads), erasures_(1) {}

  grpc::Service* service() override { return this; }

  grpc::ServerUnaryReactor* OpenSealed(CallbackServerContext* context, const ByteBuffer* request,
                                       ByteBuffer* response) override {
    return AnswerOn<api::OpenSealedRequest, api::OpenSealedResponse>(
        workers_, context, request, response,
        [this](const api::OpenSealedRequest& asked) { return Open(asked); });
  }

  grpc::ServerUnaryReactor* ListSubject(CallbackServerContext* context, const ByteBuffer* request,
                                        ByteBuffer* response) override {
    return AnswerOn<api::ListSubjectRequest, api::ListSubjectResponse>(
        workers_, context, request, response,
        [this](const api::ListSubjectRequest& asked) { return List(asked); });
  }

  grpc::ServerUnaryReactor* EraseSubject(CallbackServerContext* context, const ByteBuffer* request,
                                         ByteBuffer* response) override {
    return AnswerOn<api::EraseSubjectRequest, api::EraseSubjectResponse>(
        erasures_, context, request, response,
        [this](const api::EraseSubjectRequest& asked) { return Erase(asked); });
  }

  grpc::ServerUnaryReactor* BackupKeys(CallbackServerContext* context, const ByteBuffer* request,
                                       ByteBuffer* response) override {
    return AnswerOn<api::BackupKeysRequest, api::BackupKeysResponse>(
        workers_, context, request, response,
        [this](const api::BackupKeysRequest& asked) { return Backup(asked); });
  }

 private:
  absl::StatusOr<SealedParts*> Seals() {
    SealedParts* const seals = ledger_.seals();
    if (seals != nullptr) return seals;
    return Error(Reason::kSealsUnavailable, "This server has no key store at hand.")
        .Next("Ask the operator; `scrutiny status` says why there is none.");
  }

  absl::StatusOr<api::OpenSealedResponse> Open(const api::OpenSealedRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(SealedParts* const seals, Seals());
    SCRUTINY_ASSIGN_OR_RETURN(SealedParts::Opened opened,
                              seals->Open(ledger::Sequence(asked.sequence())));
    api::OpenSealedResponse response;
    response.set_entry(std::move(opened.entry));
    *response.mutable_opened() = std::move(opened.merged);
    for (size_t i = 0; i < opened.parts.size(); ++i) {
      const SealedParts::Part& part = opened.parts[i];
      api::SealedPart* const out = response.add_parts();
      out->set_index(static_cast<uint32_t>(i));
      out->set_field_path(part.seal.field_path());
      out->set_state(StateOf(part.state));
      out->set_sealed_for(part.sealed_for);
      if (part.erased_by) out->set_erased_by(part.erased_by->value());
      out->set_salt(part.salt.data(), part.salt.size());
      out->set_payload(part.payload.data(), part.payload.size());
    }
    return response;
  }

  absl::StatusOr<api::ListSubjectResponse> List(const api::ListSubjectRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(SealedParts* const seals, Seals());
    SCRUTINY_ASSIGN_OR_RETURN(const size_t page, PageSize(asked.page_size()));
    absl::optional<ledger::SealPlace> after;
    Place place;
    place.kind = TokenKind::kSubject;
    api::ListSubjectRequest same;
    same.set_subject(asked.subject());
    place.scope = ScopeOf(same);
    if (!asked.page_token().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const Place given, PlaceOf(ledger_, asked.page_token(),
                                                           TokenKind::kSubject, place.scope));
      // A sequence and one of its seals, of which there are at most 32, in one number.
      after = ledger::SealPlace{ledger::Sequence(given.next / ledger::kSealsMax),
                                static_cast<uint32_t>(given.next % ledger::kSealsMax)};
    }
    SCRUTINY_ASSIGN_OR_RETURN(std::vector<SealedParts::Held> held,
                              seals->HeldFor(asked.subject(), after, page + 1));
    api::ListSubjectResponse response;
    response.set_erasures(seals->Erasures(asked.subject()));
    if (held.empty() && !after && response.erasures() == 0 && !seals->HasKey(asked.subject())) {
      return Error(Reason::kNotFound, absl::StrCat("Nothing is sealed for ", asked.subject(), "."))
          .Record(asked.subject())
          .Next("Look at the name: it is the record of the person, such as persons/v-17.");
    }
    const bool more = held.size() > page;
    if (more) held.resize(page);
    for (const SealedParts::Held& one : held) PutHeld(one, response.add_held());
    if (more) {
      const ledger::SealPlace& last = held.back().place;
      place.next = last.sequence.value() * ledger::kSealsMax + last.index;
      response.set_next_page_token(EncodeToken(ledger_.identity(), place));
    }
    return response;
  }

  absl::StatusOr<api::EraseSubjectResponse> Erase(const api::EraseSubjectRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(SealedParts* const seals, Seals());
    api::EraseSubjectResponse response;
    if (asked.preview()) {
      SCRUTINY_ASSIGN_OR_RETURN(const SealedParts::Erasure erasure,
                                seals->Preview(asked.subject()));
      PutErasure(erasure, &response);
      response.set_previewed(true);
      return response;
    }
    SCRUTINY_RETURN_IF_ERROR(ledger::ValidateRequestId(asked.request_id()));
    SCRUTINY_RETURN_IF_ERROR(CheckWords(asked.reason(), "reason", 1000));
    SCRUTINY_RETURN_IF_ERROR(CheckWords(asked.authority(), "authority", 400));
    ledger::ErasureRequest request;
    request.subject = asked.subject();
    request.reason = asked.reason();
    request.authority = asked.authority();
    request.request_id = asked.request_id();
    request.principal = LocalPrincipal().id();
    SCRUTINY_ASSIGN_OR_RETURN(const SealedParts::Erasure erasure, seals->Erase(request));
    PutErasure(erasure, &response);
    return response;
  }

  absl::StatusOr<api::BackupKeysResponse> Backup(const api::BackupKeysRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(SealedParts* const seals, Seals());
    if (!absl::StartsWith(asked.directory(), "/")) {
      return Error(Reason::kMalformed, "The folder must be an absolute path on the server.")
          .Field("directory")
          .Value(asked.directory())
          .Next("Name it from the root, as in /srv/backups/keys-2026-11-24.");
    }
    SCRUTINY_RETURN_IF_ERROR(ledger::CheckOutside(asked.directory(), ledger_.folder()));
    SCRUTINY_RETURN_IF_ERROR(seals->keys().BackupTo(asked.directory()));
    const ledger::KeyStoreStats stats = seals->keys().stats();
    api::BackupKeysResponse response;
    response.set_keys(stats.keys);
    response.set_epoch(stats.epoch);
    return response;
  }

  ledger::Ledger& ledger_;
  Workers workers_;
  Workers erasures_;
};

}  // namespace

std::unique_ptr<SealService> SealService::Create(ledger::Ledger& ledger) {
  return std::make_unique<SealServiceImpl>(ledger);
}

}  // namespace scrutiny::services
