#include "projections/queries/register_store.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

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

absl::StatusOr<ListActionsResponse> RegisterStore::ListActions(const ListActionsRequest& request,
                                                               const QueryContext& context) {
  return QueryActions(*engine_, request, context);
}

absl::StatusOr<ListForwardPlanResponse> RegisterStore::ListForwardPlan(
    const ListForwardPlanRequest& request, const QueryContext& context) {
  return QueryForwardPlan(*engine_, request, context);
}

absl::StatusOr<ListDecisionsResponse> RegisterStore::ListDecisions(
    const ListDecisionsRequest& request, const QueryContext& context) {
  return QueryDecisions(*engine_, request, context);
}

absl::StatusOr<ListResolutionsResponse> RegisterStore::ListResolutions(
    const ListResolutionsRequest& request, const QueryContext& context) {
  return QueryResolutions(*engine_, request, context);
}

absl::StatusOr<ListAssuranceResponse> RegisterStore::ListAssurance(
    const ListAssuranceRequest& request, const QueryContext& context) {
  return QueryAssurance(*engine_, request, context);
}

absl::StatusOr<ListFindingsResponse> RegisterStore::ListFindings(const ListFindingsRequest& request,
                                                                 const QueryContext& context) {
  return QueryFindings(*engine_, request, context);
}

absl::StatusOr<ListSessionsResponse> RegisterStore::ListSessions(const ListSessionsRequest& request,
                                                                 const QueryContext& context) {
  return QuerySessions(*engine_, request, context);
}

absl::StatusOr<ListSchemesResponse> RegisterStore::ListSchemes(const ListSchemesRequest& request,
                                                               const QueryContext& context) {
  return QuerySchemes(*engine_, request, context);
}

absl::StatusOr<ListMeetingsResponse> RegisterStore::ListMeetings(const ListMeetingsRequest& request,
                                                                 const QueryContext& context) {
  return QueryMeetings(*engine_, request, context);
}

absl::StatusOr<GetMeetingResponse> RegisterStore::GetMeeting(const GetMeetingRequest& request,
                                                             const QueryContext& context) {
  return QueryMeeting(*engine_, request, context);
}

absl::StatusOr<ListRegistersResponse> RegisterStore::ListRegisters(
    const ListRegistersRequest& /*request*/) {
  ListRegistersResponse response;
  const ledger::TreeSize size = engine_->source().size();
  response.set_head_sequence(size.value() == 0 ? 0 : size.value() - 1);
  for (const RegisterState& state : engine_->States()) {
    RegisterInfo* info = response.add_registers();
    info->set_name(std::string(state.definition->name));
    info->set_version(state.definition->version);
    if (state.position().has_value()) info->set_position(state.position()->value());
    info->set_rows(state.rows);
    info->set_stalled(!state.stalled.ok());
    info->set_stalled_because(std::string(state.stalled.message()));
  }
  return response;
}

absl::Status RegisterStore::Rebuild(const RebuildRequest& request,
                                    const std::function<bool(const RebuildResponse&)>& progress) {
  const std::vector<std::string> names(request.registers().begin(), request.registers().end());
  bool wanted = true;
  uint64_t total = 0;
  SCRUTINY_RETURN_IF_ERROR(engine_->Rebuild(names, [&](uint64_t done, uint64_t of) {
    RebuildResponse response;
    response.set_done(done);
    response.set_total(of);
    total = of;
    return wanted = progress(response);
  }));
  if (!wanted) return absl::OkStatus();
  RebuildResponse finished;
  finished.set_done(total);
  finished.set_total(total);
  finished.set_finished(true);
  progress(finished);
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
