#include "projections/queries/figures_query.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"
#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/register/v1/figures.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): rows of the queries
using event::v1::Count;

namespace {

constexpr absl::string_view kCaseworkKind = "casework";
constexpr absl::string_view kSafetyKind = "safety-reviews";

// From which number on counts of one kind are given; that some were left out is said once.
class Threshold {
 public:
  static absl::StatusOr<Threshold> Of(Scope& scope, absl::string_view kind) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint32_t below, SuppressedBelow(scope, kind));
    return Threshold(scope, below);
  }

  bool IsSmall(uint64_t value) const { return value > 0 && value < below_; }

  // Whether the count was left out.
  bool Hide(Count* count) {
    if (!count->has_value() || !IsSmall(count->value())) return false;
    count->clear_value();
    count->clear_printed();
    count->set_suppressed(true);
    Say();
    return true;
  }
  bool Hide(PeriodFigure* figure) {
    if (figure->has_restated_from() && IsSmall(figure->restated_from())) {
      figure->clear_restated_from();
      Say();
    }
    if (!figure->has_value() || !IsSmall(figure->value())) return false;
    figure->clear_value();
    figure->clear_printed();
    figure->set_suppressed(true);
    Say();
    return true;
  }
  void Say() {
    const std::string text = absl::StrCat("Counts from 1 up to, but not including, ", below_,
                                          " are left out, because they are small.");
    if (!absl::StrContains(scope_.basis().note(), text)) scope_.AddNote(text);
  }

 private:
  Threshold(Scope& scope, uint32_t below) : scope_(scope), below_(below) {}

  Scope& scope_;
  uint32_t below_;
};

// Leaves small figures out, with all that is computed from them.
template <typename Row>
void HideSmall(Threshold* threshold, Row* row) {
  for (int i = 0; i < row->figures_size(); ++i) {
    if (!threshold->Hide(row->mutable_figures(i))) continue;
    row->clear_direction();
    row->clear_change_percent();
    row->clear_disagrees();
    // The share is of the latest period.
    if (i == 0) row->clear_share_percent();
  }
}

}  // namespace

absl::Status FinishCasework(Scope& scope, CaseworkRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(Threshold threshold, Threshold::Of(scope, kCaseworkKind));
  bool hidden = row->has_total() && threshold.Hide(row->mutable_total());
  hidden = (row->has_total_before() && threshold.Hide(row->mutable_total_before())) || hidden;
  if (hidden) {
    row->clear_direction();
    row->clear_change_percent();
  }
  return ForRows(
      scope.reader(kCaseworkKind), scope.view(),
      absl::optional<std::vector<std::string>>(std::vector<std::string>{row->casework()}),
      [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
        if (!absl::StartsWith(key, "f/")) return absl::OkStatus();
        CaseworkFigureRow figures;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &figures));
        for (const PeriodFigure& figure : figures.figures()) {
          if (!figure.has_value() || !threshold.IsSmall(figure.value())) continue;
          row->set_suppressed(row->suppressed() + 1);
        }
        return absl::OkStatus();
      });
}

absl::Status FinishCaseworkFigure(Scope& scope, CaseworkFigureRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(Threshold threshold, Threshold::Of(scope, kCaseworkKind));
  HideSmall(&threshold, row);
  return absl::OkStatus();
}

absl::Status FinishSafetyReview(Scope& scope, SafetyReviewRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(Threshold threshold, Threshold::Of(scope, kSafetyKind));
  if (row->has_injuries()) threshold.Hide(row->mutable_injuries());
  if (row->has_reportable()) threshold.Hide(row->mutable_reportable());
  for (event::v1::SafetyFigureRestatement& figure : *row->mutable_restatements()) {
    if (threshold.IsSmall(figure.before())) figure.clear_before();
    if (threshold.IsSmall(figure.now())) figure.clear_now();
  }
  return absl::OkStatus();
}

absl::Status FinishSafetyFigure(Scope& scope, SafetyFigureRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(Threshold threshold, Threshold::Of(scope, kSafetyKind));
  HideSmall(&threshold, row);
  return absl::OkStatus();
}

absl::Status FinishSafetySubject(Scope& scope, SafetySubjectRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->next_review(), row->mutable_next_review_date(), &past));
  row->set_overdue(past);
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
