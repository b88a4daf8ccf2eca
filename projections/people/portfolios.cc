#include "projections/people/portfolios.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/partnerships.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;

const Register& PortfoliosRegister() {
  static const Register& portfolios = *new Register(RecordRegister<PortfolioRow>(
      "portfolios", 1, "portfolios",
      {{.fact_type = Proposed::kPortfolioTaken,
        .state = PORTFOLIO_STATE_HELD,
        .day = "taken_on",
        .step = "taken up"},
       {.fact_type = Proposed::kPortfolioChanged, .step = "changed"},
       {.fact_type = Proposed::kPortfolioReported, .day = "reported_on", .step = "reported"},
       {.fact_type = Proposed::kPortfolioHandedOver,
        .state = PORTFOLIO_STATE_HANDED_OVER,
        .day = "handed_over_on",
        .step = "handed over"}}));
  return portfolios;
}

}  // namespace scrutiny::projections
