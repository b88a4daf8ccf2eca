#include "projections/queries/register_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/query.h"
#include "projections/queries/recorded_by.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

Engine::Order OrderOf(RebuildOrder order) {
  switch (order) {
    case REBUILD_ORDER_FRESH:
      return Engine::Order::kBuildFresh;
    case REBUILD_ORDER_ACCEPT:
      return Engine::Order::kAccept;
    case REBUILD_ORDER_ROLL_BACK:
      return Engine::Order::kRollBack;
    case REBUILD_ORDER_CANCEL:
      return Engine::Order::kPause;
    case REBUILD_ORDER_DISCARD:
      return Engine::Order::kDiscard;
    default:
      return Engine::Order::kBuild;
  }
}

RebuildPhase PhaseOf(BuildPhase phase) {
  switch (phase) {
    case BuildPhase::kNone:
      return REBUILD_PHASE_UNSPECIFIED;
    case BuildPhase::kBuilding:
    case BuildPhase::kReady:
      return REBUILD_PHASE_BUILDING;
    case BuildPhase::kPaused:
      return REBUILD_PHASE_PAUSED;
    case BuildPhase::kDiffers:
      return REBUILD_PHASE_DIFFERS;
  }
  return REBUILD_PHASE_UNSPECIFIED;
}

RebuildEnd EndOf(BuildEnd end) {
  switch (end) {
    case BuildEnd::kNone:
      return REBUILD_END_UNSPECIFIED;
    case BuildEnd::kSwitched:
      return REBUILD_END_SWITCHED;
    case BuildEnd::kPaused:
      return REBUILD_END_CANCELLED;
    case BuildEnd::kDiffers:
      return REBUILD_END_DIFFERS;
    case BuildEnd::kFailed:
      return REBUILD_END_FAILED;
    case BuildEnd::kDiscarded:
      return REBUILD_END_DISCARDED;
  }
  return REBUILD_END_UNSPECIFIED;
}

void Describe(const RegisterState& state, RegisterInfo* info) {
  info->set_name(std::string(state.definition->name));
  info->set_version(state.definition->version);
  if (state.position().has_value()) info->set_position(state.position()->value());
  info->set_rows(state.rows);
  info->set_stalled(!state.stalled.ok());
  info->set_stalled_because(std::string(state.stalled.message()));
  info->set_rebuild(PhaseOf(state.build.phase));
  if (state.build.phase != BuildPhase::kNone) {
    info->set_rebuild_done(state.build.applied.value());
    info->set_rolling_back(state.build.roll_back);
  }
  info->set_can_roll_back(state.has_previous);
}

void Describe(const RegisterState& state, RebuildOutcome* outcome) {
  const BuildState& build = state.build;
  outcome->set_register_(std::string(state.definition->name));
  outcome->set_end(EndOf(build.end));
  outcome->set_because(std::string(build.why.message()));
  if (build.compared_at.has_value()) {
    outcome->set_compared_at(build.compared_at->value());
    outcome->set_served_digest(build.served_digest.data(), build.served_digest.size());
    outcome->set_built_digest(build.built_digest.data(), build.built_digest.size());
  }
  if (build.first_difference.has_value()) {
    outcome->set_first_difference(build.first_difference->value());
  }
}

}  // namespace

RegisterStore::RegisterStore(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
RegisterStore::~RegisterStore() = default;

absl::StatusOr<std::unique_ptr<RegisterStore>> RegisterStore::Open(
    ledger::EntrySource& source, const RegisterStoreOptions& options) {
  EngineOptions engine_options;
  engine_options.store = {options.path, options.write_buffer_bytes, options.cache_bytes};
  engine_options.on_event = options.on_event;
  SCRUTINY_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine,
                            Engine::Open(source, AllRegisters(), engine_options));
  return std::unique_ptr<RegisterStore>(new RegisterStore(std::move(engine)));
}

absl::Status RegisterStore::Answer(const Query& query, const google::protobuf::Message& request,
                                   const QueryContext& context,
                                   google::protobuf::Message* response) {
  return query.ask(*engine_, request, context, response);
}

absl::Status RegisterStore::AnswerAny(const google::protobuf::Message& request,
                                      const QueryContext& context,
                                      google::protobuf::Message* response) {
  for (const Query& query : AllQueries()) {
    if (query.request->GetDescriptor() != request.GetDescriptor()) continue;
    SCRUTINY_CHECK(query.response->GetDescriptor() == response->GetDescriptor()) << query.method;
    return Answer(query, request, context, response);
  }
  return ledger::Error(ledger::Reason::kInternal,
                       absl::StrCat("There is no query for a ", request.GetTypeName(), "."));
}

absl::StatusOr<ListRegistersResponse> RegisterStore::ListRegisters(
    const ListRegistersRequest& request, int64_t now_us) {
  ListRegistersResponse response;
  const ledger::TreeSize size = engine_->source().size();
  response.set_head_sequence(size.value() == 0 ? 0 : size.value() - 1);
  absl::optional<ledger::Sequence> asked;
  if (request.has_sequence()) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const RecordedBy found,
        RecordedBySequence(engine_->source(), ledger::Sequence(request.sequence())));
    asked = found.last;
  }
  std::vector<absl::string_view> names;
  for (const Register* reg : AllRegisters()) names.push_back(reg->name);
  std::sort(names.begin(), names.end());
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Engine::Look> looks, engine_->LookAt(names));
  for (const Engine::Look& look : looks) {
    RegisterInfo* const info = response.add_registers();
    Describe(look.state, info);
    absl::optional<ledger::Sequence> at = look.state.position();
    if (request.has_sequence()) at = std::min(at, asked);
    if (at.has_value()) {
      SCRUTINY_ASSIGN_OR_RETURN(const ledger::Hash digest, look.reader.DigestAt(*at));
      info->set_digest(digest.data(), digest.size());
      info->set_digest_sequence(at->value());
    }
    if (look.state.applied >= size) continue;
    info->set_lag_entries(size - look.state.applied);
    // Since when it waits for an entry that cannot be read, nobody knows.
    const absl::StatusOr<int64_t> waits_since =
        RecordedAt(engine_->source(), ledger::NextSequence(look.state.applied));
    if (waits_since.ok()) info->set_lag_us(std::max<int64_t>(0, now_us - *waits_since));
  }
  return response;
}

absl::Status RegisterStore::Rebuild(const RebuildRequest& request,
                                    const std::function<bool(const RebuildResponse&)>& progress) {
  const std::vector<std::string> names(request.registers().begin(), request.registers().end());
  RebuildResponse last;
  bool wanted = true;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::vector<RegisterState> states,
      engine_->Command(OrderOf(request.order()), names, [&](uint64_t done, uint64_t total) {
        last.set_done(done);
        last.set_total(total);
        return wanted = progress(last);
      }));
  if (!wanted) return absl::OkStatus();
  for (const RegisterState& state : states) Describe(state, last.add_outcomes());
  last.set_done(last.total());
  last.set_finished(true);
  progress(last);
  return absl::OkStatus();
}

absl::Status RegisterStore::WaitForPosition(ledger::Sequence sequence, int64_t timeout_micros) {
  if (engine_->WaitFor({}, SizeToHold(sequence), timeout_micros)) return absl::OkStatus();
  return ledger::Error(
             absl::StatusCode::kDeadlineExceeded, ledger::Reason::kUnspecified,
             absl::StrCat("The registers have not come to entry ", sequence.value(), " in time."))
      .Value(absl::StrCat(sequence.value()));
}

absl::Status RegisterStore::Close() { return engine_->Close(); }

}  // namespace scrutiny::projections
