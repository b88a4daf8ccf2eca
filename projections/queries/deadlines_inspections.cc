#include "absl/strings/str_cat.h"

#include "ledger/base/date.h"
#include "projections/queries/deadlines.h"
#include "projections/queries/inspection_queries.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

// The days of a limit, where only the first and the last are known.
uint32_t DaysOf(const event::v1::TimeLimit& limit, const std::string& from, const std::string& to) {
  if (limit.days() > 0) return limit.days();
  const auto first = ledger::Day::Parse(from);
  const auto last = ledger::Day::Parse(to);
  if (!first.ok() || !last.ok() || *last < *first) return 0;
  const int32_t next_day = limit.first_day() == event::v1::FIRST_DAY_NEXT ? 0 : 1;
  return static_cast<uint32_t>(*last - *first + next_day);
}

void OfInspection(const InspectionRow& row, ClockSink sink) {
  const bool cancelled = row.state() == INSPECTION_STATE_CANCELLED;
  const bool begun = row.state() != INSPECTION_STATE_ANNOUNCED && !cancelled;
  sink(Clock(CLOCK_KIND_INSPECTION, row.inspection(), absl::StrCat(row.title(), ": begins"))
           .Part("fieldwork")
           .On(row.fieldwork_from())
           .Done(begun, row.fieldwork_from())
           .Stopped(cancelled)
           .Meta(row.meta()));
  const bool given = !row.comments_on().empty();
  sink(Clock(CLOCK_KIND_INSPECTION_COMMENTS, row.inspection(), row.title())
           .Part("comments")
           .On(row.comments_due_date())
           .Counts(DaysOf(row.comments_limit(), row.published_on(), row.comments_due_date()),
                   row.published_on(), row.comments_limit().basis())
           .Of(row.owners())
           .Done(given, row.comments_on())
           .Stopped(!given && !row.comments_owed())
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_RECOMMENDATION, row.inspection(), absl::StrCat(row.title(), ": plan"))
           .Part("plan")
           .By(row.plan_due(), "")
           .Of(row.plan_owners())
           .Done(!row.plan_on().empty(), row.plan_on())
           .Stopped(cancelled)
           .Meta(row.meta()));
}

void OfAudit(const AuditRow& row, ClockSink sink) {
  const bool cancelled = row.state() == AUDIT_STATE_CANCELLED;
  const bool reported = !row.reported_on().empty() || row.state() == AUDIT_STATE_REPORTED ||
                        row.state() == AUDIT_STATE_IN_DELIVERY || row.state() == AUDIT_STATE_CLOSED;
  sink(Clock(CLOCK_KIND_INSPECTION, row.audit(), absl::StrCat(row.title(), ": report"))
           .By(row.due(), row.due_date())
           .Of(row.commissioned_by())
           .Done(reported && !cancelled, row.reported_on())
           .Stopped(cancelled)
           .Meta(row.meta()));
}

void OfRecommendation(const RecommendationRow& row, ClockSink sink) {
  const bool rejected = row.state() == RECOMMENDATION_STATE_REJECTED;
  const std::string& on =
      row.reported_complete_on().empty() ? row.closed_on() : row.reported_complete_on();
  sink(Clock(CLOCK_KIND_RECOMMENDATION, row.recommendation(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(!row.open() && !rejected, on)
           .Stopped(rejected)
           .Meta(row.meta()));
}

void OfReturn(const ReturnRow& row, ClockSink sink) {
  const bool made = !row.submitted_on().empty() && row.state() != RETURN_STATE_SENT_BACK;
  sink(Clock(CLOCK_KIND_RETURN, row.return_record(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(made, row.submitted_on())
           .Stopped(row.state() == RETURN_STATE_NO_LONGER_DUE)
           .Meta(row.meta()));
}

void OfComplaintReview(const ComplaintReviewRow& row, ClockSink sink) {
  const std::string what = row.reference().empty() ? row.review() : row.reference();
  const std::string& made = row.made_date().empty() ? row.received_date() : row.made_date();
  sink(Clock(CLOCK_KIND_REVIEW_APPLICATION, row.review(), what)
           .Part("application")
           .On(row.last_day_to_apply())
           .Counts(row.limit_days(), row.information_given_date(), row.limit().basis())
           .Done(!made.empty(), made)
           .Meta(row.meta()));
  const bool over = row.state() == COMPLAINT_REVIEW_STATE_WITHDRAWN ||
                    row.state() == COMPLAINT_REVIEW_STATE_NOT_VALID ||
                    row.state() == COMPLAINT_REVIEW_STATE_OUT_OF_TIME ||
                    row.state() == COMPLAINT_REVIEW_STATE_FORWARDED;
  const bool decided = !row.decided_on().empty() || row.state() == COMPLAINT_REVIEW_STATE_UPHELD ||
                       row.state() == COMPLAINT_REVIEW_STATE_NOT_UPHELD;
  Clock decision(CLOCK_KIND_COMPLAINT_REVIEW, row.review(), absl::StrCat(what, ": decision"));
  decision.Part("decision").By(row.decision_due(), row.decision_due_date());
  sink(decision.Of(row.reviewer()).Done(decided, row.decided_on()).Stopped(over).Meta(row.meta()));
  Clock response(CLOCK_KIND_COMPLAINT_REVIEW, row.review(), absl::StrCat(what, ": response"));
  response.Part("response").By(row.response_due(), row.response_due_date());
  sink(response.Of(row.responder())
           .Done(!row.responded_on().empty(), row.responded_on())
           .Stopped(over)
           .Meta(row.meta()));
}

void OfConductComplaint(const ConductComplaintRow& row, ClockSink sink) {
  const std::string what = row.reference().empty() ? row.complaint() : row.reference();
  sink(Clock(CLOCK_KIND_UNSPECIFIED, row.complaint(), what)
           .By(row.due(), row.due_date())
           .Of(row.handled_by())
           .Done(!row.concluded_on().empty(), row.concluded_on())
           .Stopped(row.state() == CONDUCT_COMPLAINT_STATE_NOT_TAKEN)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_REPORT, row.complaint(), absl::StrCat(what, ": report"))
           .Part("report")
           .By(row.report_due(), row.report_due_date())
           .Done(!row.reported_on().empty(), row.reported_on())
           .Meta(row.meta()));
}

void OfVisitIssue(const VisitIssueRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_FINDING_RESPONSE, row.session(), row.title())
           .Part(row.key())
           .By(row.due(), row.due_date())
           .Of(row.raised_with())
           .Done(!row.open(), row.settled_on())
           .Meta(row.meta()));
}

}  // namespace

std::vector<ClockSource> InspectionClocks() {
  return {
      ClocksOf<ListInspectionsRequest, ListInspectionsResponse>(kInspections, "ListInspections",
                                                                OfInspection),
      ClocksOf<ListAuditsRequest, ListAuditsResponse>(kAudits, "ListAudits", OfAudit),
      ClocksOf<ListRecommendationsRequest, ListRecommendationsResponse>(
          kRecommendations, "ListRecommendations", OfRecommendation),
      ClocksOf<ListReturnsRequest, ListReturnsResponse>(kReturns, "ListReturns", OfReturn),
      ClocksOf<ListComplaintReviewsRequest, ListComplaintReviewsResponse>(
          kComplaintReviews, "ListComplaintReviews", OfComplaintReview),
      ClocksOf<ListConductComplaintsRequest, ListConductComplaintsResponse>(
          "conduct-complaints", "ListConductComplaints", OfConductComplaint),
      ClocksOf<ListVisitIssuesRequest, ListVisitIssuesResponse>("scheme-reports", "ListVisitIssues",
                                                                OfVisitIssue),
  };
}

}  // namespace scrutiny::projections
