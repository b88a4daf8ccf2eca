#include "projections/performance/casework.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/engine/ruled_fold.h"
#include "projections/performance/figure_rows.h"
#include "projections/performance/spans.h"
#include "scrutiny/register/v1/casework.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

std::vector<FactRule> Rules() {
  return {{.fact_type = Proposed::kCaseworkStatisticsPublished,
           .state = CASEWORK_STATE_PUBLISHED,
           .day = "published_on",
           .step = "published"},
          {.fact_type = Proposed::kCaseworkStatisticsRestated,
           .state = CASEWORK_STATE_RESTATED,
           .day = "restated_on",
           .step = "given anew"}};
}

class CaseworkFold final : public RuledFold<CaseworkRow> {
 public:
  CaseworkFold(absl::string_view record, absl::string_view name,
               std::shared_ptr<const ReadyRules> rules)
      : RuledFold(record, name, std::move(rules)) {}

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    FiguresGiven given(fact);
    if (proposed.has_casework_statistics_published()) {
      const auto& published = proposed.casework_statistics_published();
      given.founds = true;
      given.period = published.period();
      given.unit = published.unit_counted();
      if (published.has_total()) given.total = published.total();
      given.tables.assign(published.tables().begin(), published.tables().end());
      given.stated.assign(published.stated().begin(), published.stated().end());
    } else {
      const auto& restated = proposed.casework_statistics_restated();
      given.unit = row_.unit_counted();
      if (restated.has_total()) given.total = restated.total();
      given.tables.assign(restated.tables().begin(), restated.tables().end());
      ClearOldItem(restated, &row_);
    }
    figures_.Take(std::move(given));
    Summarise();
  }

  void MoreRows(RowSink& sink) override {
    figures_.Give<CaseworkFigureRow>(sink, [&](const FigureSeries&, CaseworkFigureRow* row) {
      row->set_casework(row_.casework());
    });
  }

 private:
  void Summarise() {
    const FigureBook& book = figures_.book();
    row_.set_period_end_date(LastDayOf(row_.period()));
    row_.clear_dimensions();
    for (const std::string& dimension : book.dimensions) row_.add_dimensions(dimension);
    row_.set_periods(book.periods);
    row_.set_tables_recorded(book.tables);
    row_.set_suppressed(book.suppressed);
    row_.clear_total_before();
    row_.clear_direction();
    row_.clear_change_percent();
    const FigureSeries* const total = book.total();
    if (total == nullptr) return;
    row_.set_direction(total->direction);
    if (total->change_percent.has_value()) {
      *row_.mutable_change_percent() = *total->change_percent;
    }
    if (!total->before.has_value()) return;
    event::v1::Count& before = *row_.mutable_total_before();
    if (total->before->has_value()) before.set_value(total->before->value());
    before.set_suppressed(total->before->suppressed());
    before.set_printed(total->before->printed());
    before.set_unit(row_.total().unit());
  }

  FigureRows figures_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "f/")) return CaseworkFigureRow::default_instance();
  return CaseworkRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](const std::string& meeting) {
    if (!meeting.empty()) sink("meeting", meeting);
  };
  mention(proposed.casework_statistics_published().meeting());
  mention(proposed.casework_statistics_restated().meeting());
}

}  // namespace

const Register& CaseworkRegister() {
  static const Register& casework = *new Register(
      RuledRegister<CaseworkFold, CaseworkRow>("casework", 1, "casework", Rules(), RowOf, Index));
  return casework;
}

}  // namespace scrutiny::projections
