#include "projections/plans/pilots.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/pilots.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;

void Index(const Proposed& proposed, IndexSink sink) {
  const std::string& meeting = proposed.pilot_agreed().agreed_at();
  if (!meeting.empty()) sink("meeting", meeting);
}

}  // namespace

const Register& PilotsRegister() {
  static const Register& pilots = *new Register(RecordRegister<PilotRow>(
      "pilots", 1, "pilots",
      {{.fact_type = Proposed::kPilotAgreed,
        .state = PILOT_STATE_AGREED,
        .day = "agreed_on",
        .step = "agreed"},
       {.fact_type = Proposed::kPilotStarted,
        .state = PILOT_STATE_RUNNING,
        .day = "started_on",
        .step = "started"},
       {.fact_type = Proposed::kPilotExtended, .state = PILOT_STATE_RUNNING, .step = "extended"},
       {.fact_type = Proposed::kPilotEvaluated,
        .state = PILOT_STATE_EVALUATED,
        .day = "evaluated_on",
        .step = "evaluated",
        .clears = {"evaluation_due"}},
       {.fact_type = Proposed::kPilotMadePermanent,
        .state = PILOT_STATE_PERMANENT,
        .day = "permanent_on",
        .step = "made permanent"},
       {.fact_type = Proposed::kPilotEnded,
        .state = PILOT_STATE_ENDED,
        .day = "ended_on",
        .step = "ended"}},
      Index));
  return pilots;
}

}  // namespace scrutiny::projections
