#include "projections/plans/agreements.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/agreements.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

void Index(const Proposed& proposed, IndexSink sink) {
  const std::string& meeting = proposed.agreement_required().required_at();
  if (!meeting.empty()) sink("meeting", meeting);
}

}  // namespace

const Register& AgreementsRegister() {
  static const Register& agreements = *new Register(RecordRegister<AgreementRow>(
      "agreements", 1, "agreements",
      {{.fact_type = Proposed::kAgreementRequired,
        .state = AGREEMENT_STATE_REQUIRED,
        .day = "required_on",
        .step = "required"},
       {.fact_type = Proposed::kAgreementDrafted,
        .state = AGREEMENT_STATE_DRAFTED,
        .day = "drafted_on",
        .step = "drafted"},
       {.fact_type = Proposed::kAgreementSigned,
        .state = AGREEMENT_STATE_SIGNED,
        .day = "signed_on",
        .step = "signed"},
       {.fact_type = Proposed::kAgreementPublished, .day = "published_on", .step = "published"},
       {.fact_type = Proposed::kAgreementReviewSet,
        .step = "review set",
        .then = [](const Fact&,
                   Message* row) { static_cast<AgreementRow*>(row)->set_review_required(true); }},
       {.fact_type = Proposed::kAgreementReviewed,
        .day = "reviewed_on",
        .step = "reviewed",
        .clears = {"review_due", "effective"}},
       {.fact_type = Proposed::kAgreementVaried, .step = "varied"},
       {.fact_type = Proposed::kAgreementEnded,
        .state = AGREEMENT_STATE_ENDED,
        .day = "ended_on",
        .step = "ended"},
       {.fact_type = Proposed::kAgreementDropped,
        .state = AGREEMENT_STATE_DROPPED,
        .step = "dropped"}},
      Index));
  return agreements;
}

}  // namespace scrutiny::projections
