#include "projections/inspections/recommendations.h"

#include "projections/engine/record_fold.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

RecommendationRow& Of(Message* row) { return static_cast<RecommendationRow&>(*row); }

// What is dated after closing does not open a recommendation again: only reopening does.
void Move(RecommendationRow& row, RecommendationState state) {
  if (row.state() != RECOMMENDATION_STATE_CLOSED) row.set_state(state);
}

void Answered(const Fact& fact, Message* message) {
  RecommendationRow& row = Of(message);
  const event::v1::RecommendationAnswered& answered = fact.proposed().recommendation_answered();
  if (!answered.text().empty()) row.set_answer(answered.text());
  if (answered.stance() == event::v1::RESPONSE_STANCE_NOT_ACCEPTED) {
    return Move(row, RECOMMENDATION_STATE_REJECTED);
  }
  // That it is accepted says less than that it is under way.
  switch (row.state()) {
    case RECOMMENDATION_STATE_IN_PROGRESS:
    case RECOMMENDATION_STATE_REPORTED_COMPLETE:
    case RECOMMENDATION_STATE_VERIFIED:
      return;
    default:
      return Move(row, RECOMMENDATION_STATE_ACCEPTED);
  }
}

void Progressed(const Fact& fact, Message* message) {
  Of(message).set_progress(fact.proposed().recommendation_progressed().text());
  Move(Of(message), RECOMMENDATION_STATE_IN_PROGRESS);
}

void ReportedComplete(const Fact& fact, Message* message) {
  const std::string& text = fact.proposed().recommendation_reported_complete().text();
  if (!text.empty()) Of(message).set_progress(text);
  // Who says so again after it was verified takes nothing back.
  if (Of(message).state() == RECOMMENDATION_STATE_VERIFIED) return;
  Move(Of(message), RECOMMENDATION_STATE_REPORTED_COMPLETE);
}

void Verified(const Fact& fact, Message* message) {
  const std::string& text = fact.proposed().recommendation_verified().text();
  if (!text.empty()) Of(message).set_progress(text);
  Move(Of(message), RECOMMENDATION_STATE_VERIFIED);
}

void NotVerified(const Fact& /*fact*/, Message* message) {
  Move(Of(message), RECOMMENDATION_STATE_IN_PROGRESS);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kRecommendationReceived,
       .state = RECOMMENDATION_STATE_RECEIVED,
       .day = "received_on",
       .step = "made"},
      {.fact_type = Proposed::kRecommendationRestated, .step = "restated"},
      {.fact_type = Proposed::kRecommendationAnswered,
       .day = "answered_on",
       .step = "answered",
       .then = Answered},
      {.fact_type = Proposed::kRecommendationAssigned, .step = "assigned"},
      {.fact_type = Proposed::kRecommendationDueSet, .step = "due", .clears = {"due"}},
      {.fact_type = Proposed::kRecommendationProgressed,
       .day = "progressed_on",
       .step = "progress",
       .then = Progressed},
      {.fact_type = Proposed::kRecommendationReportedComplete,
       .day = "reported_complete_on",
       .step = "said complete",
       .then = ReportedComplete},
      {.fact_type = Proposed::kRecommendationVerified,
       .day = "verified_on",
       .step = "verified",
       .then = Verified},
      {.fact_type = Proposed::kRecommendationNotVerified,
       .step = "not verified",
       .clears = {"verified_on", "reported_complete_on"},
       .then = NotVerified},
      {.fact_type = Proposed::kRecommendationClosed,
       .state = RECOMMENDATION_STATE_CLOSED,
       .day = "closed_on",
       .step = "closed"},
      {.fact_type = Proposed::kRecommendationReopened,
       .state = RECOMMENDATION_STATE_REOPENED,
       .day = "reopened_on",
       .step = "reopened",
       .clears = {"closed_on", "verified_on", "reported_complete_on"}},
  };
}

void Index(const Proposed& proposed, IndexSink sink) {
  if (!proposed.recommendation_received().from().empty()) {
    sink("from", proposed.recommendation_received().from());
  }
}

}  // namespace

const Register& RecommendationsRegister() {
  static const Register& recommendations = *new Register(
      RecordRegister<RecommendationRow>("recommendations", 1, "recommendations", Rules(), Index));
  return recommendations;
}

bool IsOpen(const RecommendationRow& row) {
  switch (row.state()) {
    case RECOMMENDATION_STATE_REJECTED:
    case RECOMMENDATION_STATE_REPORTED_COMPLETE:
    case RECOMMENDATION_STATE_VERIFIED:
    case RECOMMENDATION_STATE_CLOSED:
      return false;
    default:
      return true;
  }
}

}  // namespace scrutiny::projections
