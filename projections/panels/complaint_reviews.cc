#include "projections/panels/complaint_reviews.h"

#include <vector>

#include "projections/engine/ruled_fold.h"
#include "projections/panels/count_rows.h"
#include "scrutiny/register/v1/complaint_reviews.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using event::v1::TimeAtWrongBody;
using google::protobuf::Message;

ComplaintReviewRow& Of(Message* row) { return static_cast<ComplaintReviewRow&>(*row); }

// A stay at a wrong body, once: who forwards it and who receives it may both have said so.
void AddStay(const TimeAtWrongBody& stay, ComplaintReviewRow& row) {
  for (TimeAtWrongBody& known : *row.mutable_at_wrong_body()) {
    if (known.body() != stay.body() || known.received_date() != stay.received_date()) continue;
    if (!stay.forwarded_date().empty()) known.set_forwarded_date(stay.forwarded_date());
    return;
  }
  *row.add_at_wrong_body() = stay;
}

void Forwarded(const Fact& fact, Message* row) {
  AddStay(fact.proposed().complaint_review_forwarded().from(), Of(row));
}

void ReceivedBack(const Fact& fact, Message* row) {
  const event::v1::ComplaintReviewReceivedBack& back =
      fact.proposed().complaint_review_received_back();
  if (back.has_from()) AddStay(back.from(), Of(row));
}

std::vector<FactRule> ApplicationRules() {
  return {
      {.fact_type = Proposed::kComplaintReviewApplicationReceived,
       .state = COMPLAINT_REVIEW_STATE_RECEIVED,
       .step = "received"},
      {.fact_type = Proposed::kComplaintReviewFoundInTime,
       .state = COMPLAINT_REVIEW_STATE_IN_TIME,
       .step = "in time",
       .clears = {"closed_on"},
       .then = [](const Fact&,
                  Message* row) { Of(row).set_found(COMPLAINT_REVIEW_TIMING_IN_TIME); }},
      {.fact_type = Proposed::kComplaintReviewFoundOutOfTime,
       .state = COMPLAINT_REVIEW_STATE_OUT_OF_TIME,
       .day = "closed_on",
       .step = "out of time",
       .then = [](const Fact&,
                  Message* row) { Of(row).set_found(COMPLAINT_REVIEW_TIMING_OUT_OF_TIME); }},
      {.fact_type = Proposed::kComplaintReviewTimeExtended,
       .state = COMPLAINT_REVIEW_STATE_IN_TIME,
       .step = "time extended",
       .clears = {"closed_on"}},
      {.fact_type = Proposed::kComplaintReviewForwarded,
       .state = COMPLAINT_REVIEW_STATE_FORWARDED,
       .day = "closed_on",
       .step = "forwarded",
       .then = Forwarded},
      {.fact_type = Proposed::kComplaintReviewReceivedBack,
       .state = COMPLAINT_REVIEW_STATE_RECEIVED,
       .step = "received back",
       .clears = {"closed_on"},
       .then = ReceivedBack},
  };
}

std::vector<FactRule> Rules() {
  std::vector<FactRule> rules = ApplicationRules();
  const std::vector<FactRule> outcomes = {
      {.fact_type = Proposed::kComplaintReviewStarted,
       .state = COMPLAINT_REVIEW_STATE_UNDER_REVIEW,
       .day = "started_on",
       .step = "started"},
      {.fact_type = Proposed::kComplaintReviewFoundNotValid,
       .state = COMPLAINT_REVIEW_STATE_NOT_VALID,
       .day = "closed_on",
       .step = "not valid"},
      {.fact_type = Proposed::kComplaintReviewUpheld,
       .state = COMPLAINT_REVIEW_STATE_UPHELD,
       .day = "decided_on",
       .step = "upheld"},
      {.fact_type = Proposed::kComplaintReviewNotUpheld,
       .state = COMPLAINT_REVIEW_STATE_NOT_UPHELD,
       .day = "decided_on",
       .step = "not upheld"},
      {.fact_type = Proposed::kComplaintReviewWithdrawn,
       .state = COMPLAINT_REVIEW_STATE_WITHDRAWN,
       .day = "closed_on",
       .step = "withdrawn"},
      {.fact_type = Proposed::kComplaintReviewOutcomeNotified,
       .day = "notified_on",
       .step = "outcome made known"},
      {.fact_type = Proposed::kForceRespondedToReview, .day = "responded_on", .step = "answered"},
      {.fact_type = Proposed::kComplaintReviewClosed, .day = "closed_on", .step = "closed"},
  };
  rules.insert(rules.end(), outcomes.begin(), outcomes.end());
  return rules;
}

class CountFold final : public RuledFold<ComplaintReviewCountRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    counts_.Take(fact, fact.proposed().complaint_reviews_counted());
  }
  void MoreRows(RowSink& sink) override { counts_.Give(row_.count(), sink); }

 private:
  CountRows counts_;
};

void IndexCount(const Proposed& proposed, IndexSink sink) {
  if (!proposed.complaint_reviews_counted().restates().empty()) {
    sink("restates", proposed.complaint_reviews_counted().restates());
  }
}

}  // namespace

const Register& ComplaintReviewsRegister() {
  static const Register& reviews = *new Register(
      RecordRegister<ComplaintReviewRow>("complaint-reviews", 1, "complaint-reviews", Rules()));
  return reviews;
}

const Register& ComplaintReviewCountsRegister() {
  static const Register& counts = *new Register(RuledRegister<CountFold, ComplaintReviewCountRow>(
      "complaint-review-counts", 2, "complaint-review-counts",
      {{.fact_type = Proposed::kComplaintReviewsCounted, .day = "counted_on"}},
      RowOrCount<ComplaintReviewCountRow>, IndexCount));
  return counts;
}

}  // namespace scrutiny::projections
