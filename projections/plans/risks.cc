#include "projections/plans/risks.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/risks.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

void Index(const Proposed& proposed, IndexSink sink) {
  if (!proposed.risk_reported().meeting().empty()) {
    sink("meeting", proposed.risk_reported().meeting());
  }
}

}  // namespace

const Register& RisksRegister() {
  using register_::v1::RISK_STATE_CLOSED;
  using register_::v1::RISK_STATE_OPEN;
  static const Register& risks = *new Register(RecordRegister<register_::v1::RiskRow>(
      "risks", 1, "risks",
      {{.fact_type = Proposed::kRiskReported,
        .state = RISK_STATE_OPEN,
        .day = "reported_on",
        .step = "reported"},
       {.fact_type = Proposed::kRiskMitigationStated,
        .step = "mitigation",
        .clears = {"mitigated_by", "due", "done"}},
       {.fact_type = Proposed::kRiskReassessed, .day = "reassessed_on", .step = "reassessed"},
       {.fact_type = Proposed::kRiskClosed,
        .state = RISK_STATE_CLOSED,
        .day = "closed_on",
        .step = "closed"}},
      Index));
  return risks;
}

}  // namespace scrutiny::projections
