#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "projections/queries/deadlines.h"
#include "projections/queries/engagement_queries.h"
#include "projections/queries/grants_query.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

void OfConsultation(const ConsultationRow& row, ClockSink sink) {
  const bool called_off = row.state() == CONSULTATION_STATE_CALLED_OFF;
  const bool published =
      row.state() == CONSULTATION_STATE_FINDINGS_PUBLISHED || !row.findings_published_on().empty();
  const bool closed =
      row.state() == CONSULTATION_STATE_CLOSED || !row.closed_on().empty() || published;
  sink(Clock(CLOCK_KIND_WINDOW, row.consultation(), row.title())
           .By(row.closes(), row.closes_date())
           .Of(row.owners())
           .Done(closed && !called_off, row.closed_on())
           .Stopped(called_off)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_PUBLICATION, row.consultation(), absl::StrCat(row.title(), ": findings"))
           .Part("findings")
           .By(row.findings_due(), row.findings_due_date())
           .Of(row.owners())
           .Done(published, row.findings_published_on())
           .Stopped(called_off)
           .Meta(row.meta()));
}

void OfProgramme(const ProgrammeRow& row, ClockSink sink) {
  const bool reached =
      row.target_reached() ||
      (row.coverage().target() > 0 && row.coverage().visited() >= row.coverage().target());
  sink(Clock(CLOCK_KIND_ENGAGEMENT, row.programme(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(reached, row.ended_on())
           .Stopped(row.state() == PROGRAMME_STATE_ENDED)
           .Meta(row.meta()));
}

void OfEngagement(const EngagementRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_ENGAGEMENT, row.engagement(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.held_by())
           .Done(row.state() == ENGAGEMENT_STATE_HELD, row.held_on())
           .Stopped(row.state() == ENGAGEMENT_STATE_CANCELLED)
           .Meta(row.meta()));
}

void OfMatter(const MatterRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_ENGAGEMENT, row.matter(), row.title())
           .By(row.due(), row.due_date())
           .Of(row.owners())
           .Done(row.state() == MATTER_STATE_ADDRESSED, row.addressed_on())
           .Stopped(row.state() == MATTER_STATE_DROPPED)
           .Meta(row.meta()));
}

void OfGrant(const GrantRow& row, ClockSink sink) {
  if (!IsAward(row)) return;
  Clock clock(CLOCK_KIND_PUBLICATION, row.grant(),
              absl::StrCat(row.recipient(), ": ", row.title()));
  clock.By(row.publish_by(), "");
  // Where no day is said, the day of what sets publication off; that may be the scheme's to say.
  const bool by_award = row.publication_trigger() == event::v1::GRANT_PUBLICATION_TRIGGER_AWARD;
  const bool by_agreement =
      row.publication_trigger() == event::v1::GRANT_PUBLICATION_TRIGGER_AGREEMENT;
  if (!clock.Runs() && (by_award || (row.publication_overdue() && row.agreed_on().empty()))) {
    clock.On(row.awarded_on());
  } else if (!clock.Runs() && (by_agreement || row.publication_overdue())) {
    clock.On(row.agreed_on());
  }
  const bool published =
      !row.published_on().empty() || !row.url().empty() || !row.publication().empty();
  sink(clock.Part("publication").Done(published, row.published_on()).Meta(row.meta()));
}

void OfGrantReport(const GrantMonitoringRow& row, ClockSink sink) {
  const std::string& title = row.report_title().empty() ? row.key() : row.report_title();
  sink(Clock(CLOCK_KIND_GRANT_MONITORING, row.grant(), absl::StrCat(row.recipient(), ": ", title))
           .Part(row.key())
           .By(row.report_due(), row.report_due_date())
           .Done(IsMade(row), row.reported_on())
           .Meta(row.meta()));
}

void OfGrantRound(const GrantRoundRow& row, ClockSink sink) {
  const bool called_off = row.state() == GRANT_ROUND_STATE_CALLED_OFF;
  sink(Clock(CLOCK_KIND_WINDOW, row.round(), absl::StrCat(row.title(), ": applications"))
           .Part("window")
           .On(row.window_to())
           .Done(row.state() != GRANT_ROUND_STATE_OPEN && !called_off, row.closed_on())
           .Stopped(called_off)
           .Meta(row.meta()));
  sink(Clock(CLOCK_KIND_GRANT_ROUND, row.round(), row.title())
           .Part("decision")
           .By(row.decision_due(), row.decision_due_date())
           .Of(row.assessed_by())
           .Done(row.awards() > 0 && !called_off, "")
           .Stopped(called_off)
           .Meta(row.meta()));
}

void OfEarmark(const GrantEarmarkRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_GRANT_ROUND, row.round(),
             absl::StrCat(row.purpose().empty() ? row.key() : row.purpose(), ": set aside"))
           .Part(row.key())
           .By(row.until(), row.until_date())
           .Done(row.state() == EARMARK_STATE_DRAWN, "")
           .Stopped(row.state() == EARMARK_STATE_RELEASED)
           .Meta(row.meta()));
}

// `panel report` of BUDGET_STEP_PANEL_REPORT.
std::string StepInWords(event::v1::BudgetStep step) {
  const std::string name = event::v1::BudgetStep_Name(step);
  std::string words = absl::StrReplaceAll(name, {{"BUDGET_STEP_", ""}, {"_", " "}});
  for (size_t i = 1; i < words.size(); ++i) words[i] = absl::ascii_tolower(words[i]);
  return words;
}

void OfBudgetDate(const BudgetDateRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_BUDGET, row.budget(),
             row.title().empty() ? StepInWords(row.step()) : row.title())
           .Part(row.key())
           .By(row.due(), row.due_date())
           .Counts(0, "", row.basis())
           .Done(!row.done_on().empty(), row.done_on())
           .Meta(row.meta()));
}

void OfBudgetPart(const BudgetPartRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_REVIEW, row.budget(), row.label())
           .Part(row.key())
           .By(row.next_review(), row.next_review_date())
           .Meta(row.meta()));
}

void OfSafetySubject(const SafetySubjectRow& row, ClockSink sink) {
  sink(Clock(CLOCK_KIND_REVIEW, row.safety_review(), row.subject_title())
           .Part(row.key())
           .By(row.next_review(), row.next_review_date())
           .Of(row.owners())
           .Meta(row.meta()));
}

void OfPublication(const PublicationRow& row, ClockSink sink) {
  const bool due = row.state() == PUBLICATION_STATE_DUE;
  const std::string& from = row.triggered_on().empty() ? row.fell_due_on() : row.triggered_on();
  sink(Clock(CLOCK_KIND_PUBLICATION, row.publication(), row.title())
           .By(row.due(), row.due_date())
           .Counts(row.limit().days(), from,
                   row.limit().basis().empty() ? row.duty() : row.limit().basis())
           .Of(row.owners())
           .Done(!due && row.state() != PUBLICATION_STATE_NOT_DUE, row.published_on())
           .Stopped(row.state() == PUBLICATION_STATE_NOT_DUE)
           .Meta(row.meta()));
}

void OfRepresentation(const RepresentationRow& row, ClockSink sink) {
  const bool answered = row.state() == REPRESENTATION_STATE_ANSWERED || !row.answered_on().empty();
  sink(Clock(CLOCK_KIND_REPRESENTATION, row.representation(), row.title())
           .By(row.answer_due(), row.answer_due_date())
           .Of(row.owners())
           .Done(answered && !row.more_awaited(), row.answered_on())
           .Stopped(row.no_answer_needed() || row.state() == REPRESENTATION_STATE_CLOSED)
           .Meta(row.meta()));
}

}  // namespace

std::vector<ClockSource> PublicClocks() {
  return {
      ClocksOf<ListConsultationsRequest, ListConsultationsResponse>(
          kConsultations, "ListConsultations", OfConsultation),
      ClocksOf<ListProgrammesRequest, ListProgrammesResponse>(kProgrammes, "ListProgrammes",
                                                              OfProgramme),
      ClocksOf<ListEngagementsRequest, ListEngagementsResponse>(kEngagements, "ListEngagements",
                                                                OfEngagement),
      ClocksOf<ListMattersRequest, ListMattersResponse>(kMatters, "ListMatters", OfMatter),
      ClocksOf<ListGrantsRequest, ListGrantsResponse>(kGrants, "ListGrants", OfGrant),
      ClocksOf<ListGrantMonitoringRequest, ListGrantMonitoringResponse>(
          kGrants, "ListGrantMonitoring", OfGrantReport),
      ClocksOf<ListGrantRoundsRequest, ListGrantRoundsResponse>(kGrantRounds, "ListGrantRounds",
                                                                OfGrantRound),
      ClocksOf<ListGrantEarmarksRequest, ListGrantEarmarksResponse>(kGrantRounds,
                                                                    "ListGrantEarmarks", OfEarmark),
      ClocksOf<ListBudgetDatesRequest, ListBudgetDatesResponse>(kBudgets, "ListBudgetDates",
                                                                OfBudgetDate),
      ClocksOf<ListBudgetPartsRequest, ListBudgetPartsResponse>(kBudgets, "ListBudgetParts",
                                                                OfBudgetPart),
      ClocksOf<ListSafetySubjectsRequest, ListSafetySubjectsResponse>(
          "safety-reviews", "ListSafetySubjects", OfSafetySubject),
      ClocksOf<ListPublicationsRequest, ListPublicationsResponse>(
          "publications", "ListPublications", OfPublication),
      ClocksOf<ListRepresentationsRequest, ListRepresentationsResponse>(
          "representations", "ListRepresentations", OfRepresentation),
  };
}

}  // namespace scrutiny::projections
