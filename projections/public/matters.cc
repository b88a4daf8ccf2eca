#include <string>

#include "projections/engine/record_fold.h"
#include "projections/public/engagements.h"
#include "scrutiny/register/v1/matters.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

void Index(const Proposed& proposed, IndexSink sink) {
  const std::string& engagement = proposed.matter_raised().engagement();
  if (!engagement.empty()) sink("engagement", engagement);
}

}  // namespace

const Register& MattersRegister() {
  using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
  static const Register& matters = *new Register(RecordRegister<MatterRow>(
      "matters", 1, "matters",
      {{.fact_type = Proposed::kMatterRaised,
        .state = MATTER_STATE_OPEN,
        .day = "raised_on",
        .step = "raised"},
       {.fact_type = Proposed::kMatterReferred, .step = "referred"},
       {.fact_type = Proposed::kMatterAddressed,
        .state = MATTER_STATE_ADDRESSED,
        .day = "addressed_on",
        .step = "addressed"},
       {.fact_type = Proposed::kMatterDropped, .state = MATTER_STATE_DROPPED, .step = "dropped"}},
      Index));
  return matters;
}

}  // namespace scrutiny::projections
