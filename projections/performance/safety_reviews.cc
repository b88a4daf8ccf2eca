#include "projections/performance/safety_reviews.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/performance/figure_rows.h"
#include "projections/performance/spans.h"
#include "scrutiny/register/v1/safety_reviews.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

// As SafetyReviewRow.restatements says.
constexpr int kRestatementsMax = 20;

std::vector<FactRule> Rules() {
  return {{.fact_type = Proposed::kSafetyReviewReported,
           .state = SAFETY_REVIEW_STATE_REPORTED,
           .day = "reported_on",
           .step = "reported"},
          {.fact_type = Proposed::kSafetyFiguresRestated,
           .state = SAFETY_REVIEW_STATE_RESTATED,
           .day = "restated_on",
           .step = "figures given anew"},
          {.fact_type = Proposed::kSafetySubjectReviewed},
          {.fact_type = Proposed::kSafetySubjectReviewDue}};
}

class SafetyFold final : public RuledFold<SafetyReviewRow> {
 public:
  SafetyFold(absl::string_view record, absl::string_view name,
             std::shared_ptr<const ReadyRules> rules)
      : RuledFold(record, name, std::move(rules)) {}

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kSafetyReviewReported:
        Reported(fact, proposed.safety_review_reported());
        break;
      case Proposed::kSafetyFiguresRestated:
        Restated(fact, proposed.safety_figures_restated());
        break;
      case Proposed::kSafetySubjectReviewed:
        LookedAt(fact, proposed.safety_subject_reviewed());
        break;
      default:
        ToLookAt(fact, proposed.safety_subject_review_due());
    }
  }

  void MoreRows(RowSink& sink) override {
    figures_.Give<SafetyFigureRow>(sink, [&](const FigureSeries& series, SafetyFigureRow* row) {
      row->set_safety_review(row_.safety_review());
      for (const event::v1::CountCategory& also : series.also) *row->add_also() = also;
      row->set_restated(series.restated());
    });
    for (auto& [key, subject] : subjects_) {
      subject.meta.WriteTo(subject.row.mutable_meta());
      sink.Row(absl::StrCat("s/", key), subject.row);
    }
  }

 private:
  struct Subject {
    SafetySubjectRow row;
    MetaBuilder meta;
  };

  void Reported(const Fact& fact, const event::v1::SafetyReviewReported& reported) {
    FiguresGiven given(fact);
    given.founds = true;
    given.period = reported.period();
    given.unit = reported.injuries().unit();
    if (reported.has_injuries()) given.total = reported.injuries();
    given.tables.assign(reported.tables().begin(), reported.tables().end());
    given.stated.assign(reported.stated().begin(), reported.stated().end());
    row_.set_period_end_date(LastDayOf(row_.period()));
    TakeFigures(std::move(given));
  }

  void Restated(const Fact& fact, const event::v1::SafetyFiguresRestated& restated) {
    FiguresGiven given(fact);
    given.tables.assign(restated.tables().begin(), restated.tables().end());
    given.restatements.assign(restated.figures().begin(), restated.figures().end());
    for (const event::v1::SafetyFigureRestatement& figure : restated.figures()) {
      *row_.add_restatements() = figure;
    }
    auto& kept = *row_.mutable_restatements();
    if (kept.size() > kRestatementsMax) kept.DeleteSubrange(0, kept.size() - kRestatementsMax);
    ClearOldItem(restated, &row_);
    TakeFigures(std::move(given));
  }

  void TakeFigures(FiguresGiven given) {
    figures_.Take(std::move(given));
    row_.set_tables_recorded(figures_.book().tables);
  }

  SafetySubjectRow& Touch(const Fact& fact, const std::string& key) {
    Subject& subject = subjects_[key];
    subject.meta.Add(fact);
    row_.set_subjects(static_cast<uint32_t>(subjects_.size()));
    return subject.row;
  }

  // Looked at again, it takes the place of the time before, and of what was due.
  void LookedAt(const Fact& fact, const event::v1::SafetySubjectReviewed& looked) {
    SafetySubjectRow& row = Touch(fact, looked.key());
    row.Clear();
    row.set_safety_review(row_.safety_review());
    row.set_key(looked.key());
    row.set_subject(looked.subject());
    row.set_subject_title(looked.subject_title());
    row.set_unit(looked.unit());
    if (looked.has_number()) row.set_number(looked.number());
    if (looked.has_out_of()) row.set_out_of(looked.out_of());
    row.set_reviewed_on(fact.DayText());
    row.set_text(looked.text());
    if (looked.has_approved_by()) *row.mutable_approved_by() = looked.approved_by();
    if (looked.has_next_review()) *row.mutable_next_review() = looked.next_review();
    row.set_interval(looked.interval());
    row.set_subject_paper(looked.subject_paper());
  }

  void ToLookAt(const Fact& fact, const event::v1::SafetySubjectReviewDue& due) {
    SafetySubjectRow& row = Touch(fact, due.key());
    row.set_safety_review(row_.safety_review());
    row.set_key(due.key());
    row.set_subject(due.subject());
    row.set_subject_title(due.subject_title());
    if (!due.unit().empty()) row.set_unit(due.unit());
    *row.mutable_next_review() = due.next_review();
    *row.mutable_owners() = due.owners();
  }

  FigureRows figures_;
  std::map<std::string, Subject> subjects_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "f/")) return SafetyFigureRow::default_instance();
  if (absl::StartsWith(key, "s/")) return SafetySubjectRow::default_instance();
  return SafetyReviewRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](const std::string& meeting) {
    if (!meeting.empty()) sink("meeting", meeting);
  };
  mention(proposed.safety_review_reported().meeting());
  mention(proposed.safety_figures_restated().meeting());
}

}  // namespace

const Register& SafetyReviewsRegister() {
  static const Register& reviews = *new Register(RuledRegister<SafetyFold, SafetyReviewRow>(
      "safety-reviews", 1, "safety-reviews", Rules(), RowOf, Index));
  return reviews;
}

}  // namespace scrutiny::projections
