#include "projections/panels/sessions.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/row_fold.h"
#include "projections/panels/count_rows.h"
#include "scrutiny/register/v1/register.pb.h"
#include "scrutiny/register/v1/scheme_reports.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using event::v1::VisitIssueRaised;
using event::v1::VisitIssueSettled;
using register_::v1::HinderedVisitRow;
using register_::v1::SessionRow;
using register_::v1::VisitIssueRow;

// What was raised, and how it was settled, whichever is known.
struct Issue {
  VisitIssueRaised raised;
  std::string raised_on;
  VisitIssueSettled settled;
  std::string settled_on;
  bool is_settled = false;
  MetaBuilder meta;
};

struct Hindrance {
  HinderedVisitRow row;
  std::string day;  // of the fact
};

class SessionFold final : public RowFold<SessionRow> {
 public:
  explicit SessionFold(absl::string_view record) { row_.set_session(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kSessionHeld:
        Held(fact, proposed.session_held());
        break;
      case Proposed::kSampleDrawn:
        row_.set_sample_size(proposed.sample_drawn().size());
        row_.set_sample_population(proposed.sample_drawn().population());
        row_.set_sample_method(proposed.sample_drawn().method());
        break;
      case Proposed::kVisitHindered:
        Hindered(fact, proposed.visit_hindered());
        break;
      case Proposed::kVisitIssueRaised:
        Raised(fact, proposed.visit_issue_raised());
        break;
      case Proposed::kVisitIssueSettled:
        Settled(fact, proposed.visit_issue_settled());
        break;
      case Proposed::kSessionCounted:
        counts_.Take(fact, proposed.session_counted());
        break;
      default:
        return NotForRegister("sessions", fact);
    }
    return absl::OkStatus();
  }

  // The rows carry the scheme and site, which may become known last.
  void MoreRows(RowSink& sink) override {
    for (auto& [key, hindrance] : hindrances_) {
      HinderedVisitRow& row = hindrance.row;
      row.set_session(row_.session());
      row.set_scheme(row_.scheme());
      row.set_site(row_.site());
      row.set_visited_on(row_.date().empty() ? hindrance.day : row_.date());
      sink.Row(absl::StrCat(kHinderedPrefix, key), row);
    }
    for (const auto& [key, issue] : issues_) {
      sink.Row(absl::StrCat(kIssuePrefix, key), RowFor(key, issue));
    }
    counts_.Give(row_.session(), sink);
  }

 private:
  void Held(const Fact& fact, const event::v1::SessionHeld& held) {
    row_.set_scheme(held.scheme());
    row_.set_date(fact.DayText());
    row_.set_kind(held.kind());
    row_.set_outcome(held.outcome());
    row_.set_site(held.site());
    row_.set_note(held.note());
  }

  void Hindered(const Fact& fact, const event::v1::VisitHindered& hindered) {
    Hindrance& kept = hindrances_[absl::StrCat(absl::Dec(fact.sequence.value(), absl::kZeroPad20))];
    kept.day = fact.DayText();
    HinderedVisitRow& row = kept.row;
    row.set_hindrance(hindered.hindrance());
    if (hindered.has_minutes()) row.set_minutes(hindered.minutes());
    row.set_part(hindered.part());
    row.set_reason(hindered.reason());
    if (hindered.has_reason_given_by()) *row.mutable_reason_given_by() = hindered.reason_given_by();
    if (hindered.has_justified()) row.set_justified(hindered.justified());
    row.set_force_explanation(hindered.force_explanation());
    MetaBuilder meta;
    meta.Add(fact);
    meta.WriteTo(row.mutable_meta());
  }

  // Raised again, an issue is open again; but not by a fact that is only last for want of a date.
  void Raised(const Fact& fact, const VisitIssueRaised& raised) {
    Issue& issue = issues_[raised.key()];
    issue.meta.Add(fact);
    issue.raised = raised;
    issue.raised_on = fact.DayText();
    if (fact.day == ledger::Day::Max()) return;
    issue.is_settled = false;
    issue.settled.Clear();
    issue.settled_on.clear();
  }

  void Settled(const Fact& fact, const VisitIssueSettled& settled) {
    Issue& issue = issues_[settled.key()];
    issue.meta.Add(fact);
    issue.settled = settled;
    issue.settled_on = fact.DayText();
    issue.is_settled = true;
  }

  VisitIssueRow RowFor(const std::string& key, const Issue& issue) const {
    VisitIssueRow row;
    row.set_session(row_.session());
    row.set_scheme(row_.scheme());
    row.set_key(key);
    row.set_site(row_.site());
    row.set_title(issue.raised.title());
    row.set_text(issue.raised.text());
    row.set_category(issue.raised.category());
    if (issue.raised.has_raised_with()) *row.mutable_raised_with() = issue.raised.raised_with();
    row.set_raised_on(issue.raised_on);
    row.set_settled_at_once(issue.raised.settled_at_once());
    row.set_open(!issue.is_settled && !issue.raised.settled_at_once());
    row.set_response(issue.raised.response());
    if (issue.raised.has_due()) *row.mutable_due() = issue.raised.due();
    row.set_raised_before(issue.raised.raised_before());
    row.set_settled_by(issue.settled.text());
    row.set_settled_on(issue.settled_on);
    row.set_finding(issue.settled.finding());
    row.set_recommendation(issue.settled.recommendation());
    issue.meta.WriteTo(row.mutable_meta());
    return row;
  }

  std::map<std::string, Hindrance> hindrances_;
  std::map<std::string, Issue> issues_;
  CountRows counts_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_session_held()) sink("scheme", proposed.session_held().scheme());
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kHinderedPrefix)) return HinderedVisitRow::default_instance();
  if (absl::StartsWith(key, kIssuePrefix)) return VisitIssueRow::default_instance();
  return RowOrCount<SessionRow>(key);
}

}  // namespace

const Register& SessionsRegister() {
  static const Register& sessions = *new Register{
      "sessions",
      2,
      "sessions",
      {Proposed::kSessionHeld, Proposed::kSampleDrawn, Proposed::kVisitHindered,
       Proposed::kVisitIssueRaised, Proposed::kVisitIssueSettled, Proposed::kSessionCounted},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<SessionFold>(record);
      },
      Index,
      RowOf};
  return sessions;
}

}  // namespace scrutiny::projections
