#include "projections/performance/measures.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/record_fold.h"
#include "projections/performance/measure_series.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

constexpr char kName[] = "measures";
// As MeasureValueRow.snapshots says.
constexpr int kSnapshotsMax = 10;

// Rules of the measure itself; values, breaks and comments stand in rows of their own.
std::vector<FactRule> Rules() {
  return {{.fact_type = Proposed::kMeasureDefined,
           .state = MEASURE_STATE_FOLLOWED,
           .day = "defined_on",
           .step = "defined"},
          {.fact_type = Proposed::kMeasureRedefined, .step = "redefined"},
          {.fact_type = Proposed::kMeasureRetired,
           .state = MEASURE_STATE_RETIRED,
           .day = "retired_on",
           .step = "retired"}};
}

template <typename List>
void KeepLast(int max, List* list) {
  if (list->size() > max) list->DeleteSubrange(0, list->size() - max);
}

// The rule of items: that of a meeting before is not that of the meeting now.
template <typename Given>
void TakeOrigin(const Given& given, MeasureValueRow& row) {
  if (!given.scorecard().empty()) row.set_scorecard(given.scorecard());
  if (!given.paper().empty()) row.set_paper(given.paper());
  if (given.meeting().empty()) return;
  row.set_meeting(given.meeting());
  row.set_item(given.item());
}

// What a value given anew takes the place of, in whatever way it is given.
template <typename Given>
void TakeValue(const Given& given, MeasureValueRow& row) {
  row.clear_value();
  if (given.has_value()) *row.mutable_value() = given.value();
  row.set_not_available(given.not_available());
  row.set_as_at(given.as_at());
  row.set_provisional(given.provisional());
  row.clear_numerator_value();
  if (given.has_numerator_value()) *row.mutable_numerator_value() = given.numerator_value();
  row.clear_denominator_value();
  if (given.has_denominator_value()) *row.mutable_denominator_value() = given.denominator_value();
  // These belong to the value that they were given with.
  row.clear_not_available_because();
  row.clear_sample_size();
  row.clear_lower();
  row.clear_upper();
  row.clear_significance();
  row.clear_stated_change_percent();
  row.clear_stated_change_points();
  row.clear_stated_against();
  if (given.has_period()) *row.mutable_period() = given.period();
  TakeOrigin(given, row);
}

template <typename Given>
MeasureSnapshot& AddSnapshot(const Fact& fact, const Given& given, MeasureValueRow& row) {
  MeasureSnapshot& snapshot = *row.add_snapshots();
  if (given.has_value()) *snapshot.mutable_value() = given.value();
  snapshot.set_not_available(given.not_available());
  snapshot.set_as_at(given.as_at());
  snapshot.set_given_on(fact.DayText());
  snapshot.set_scorecard(given.scorecard());
  snapshot.set_paper(given.paper());
  snapshot.set_sequence(fact.sequence.value());
  return snapshot;
}

// No RowFold: what compares values is worked out once for all facts, when rows are asked for.
class MeasureFold final : public Fold {
 public:
  MeasureFold(absl::string_view record, std::shared_ptr<const ReadyRules> rules)
      : rules_(std::move(rules)) {
    SetRecord(record, &row_);
  }

  absl::Status Apply(const Fact& fact) override {
    changed_ = true;
    meta_.Add(fact);
    return Take(fact);
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (only_changed && !changed_) return;
    changed_ = false;
    const MeasureSeries series = Series();
    Summarise(series);
    meta_.WriteTo(row_.mutable_meta());
    sink.Row("", row_);
    for (auto& [period, value] : values_) {
      GiveValue(series, value, absl::StrCat("v/", period), sink);
    }
    for (auto& [place, note] : notes_) GiveNote(series, note, absl::StrCat("n/", place), sink);
  }

 private:
  struct Value {
    MeasureValueRow row;
    MetaBuilder meta;
  };
  struct Note {
    MeasureNoteRow row;
    MetaBuilder meta;
  };

  absl::Status Take(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kMeasureValueSubmitted:
        Submitted(fact, proposed.measure_value_submitted());
        break;
      case Proposed::kMeasureValueRestated:
        Restated(fact, proposed.measure_value_restated());
        break;
      case Proposed::kComparabilityBreakDeclared:
        Broken(fact, proposed.comparability_break_declared());
        break;
      case Proposed::kCommentaryAttached:
        Commented(fact, proposed.commentary_attached());
        break;
      default: {
        const auto rule = rules_->find(static_cast<uint32_t>(proposed.fact_case()));
        if (rule == rules_->end()) return NotForRegister(kName, fact);
        rule->second.Apply(fact, rule->second.founds() && any_ && fact.day == ledger::Day::Max(),
                           &row_);
      }
    }
    any_ = true;
    return absl::OkStatus();
  }

  Value& Touch(const Fact& fact, const std::string& period) {
    Value& value = values_[period];
    value.meta.Add(fact);
    value.row.set_measure(row_.measure());
    value.row.set_period_key(period);
    return value;
  }

  void Submitted(const Fact& fact, const event::v1::MeasureValueSubmitted& given) {
    MeasureValueRow& row = Touch(fact, given.period_key()).row;
    TakeValue(given, row);
    if (given.has_covers()) *row.mutable_covers() = given.covers();
    row.set_not_available_because(given.not_available_because());
    row.set_sample_size(given.sample_size());
    if (given.has_lower()) *row.mutable_lower() = given.lower();
    if (given.has_upper()) *row.mutable_upper() = given.upper();
    row.set_significance(given.significance());
    if (given.has_stated_change_percent()) {
      *row.mutable_stated_change_percent() = given.stated_change_percent();
    }
    if (given.has_stated_change_points()) {
      *row.mutable_stated_change_points() = given.stated_change_points();
    }
    row.set_stated_against(given.stated_against());
    row.set_footnote(given.footnote());
    AddSnapshot(fact, given, row);
    KeepLast(kSnapshotsMax, row.mutable_snapshots());
  }

  void Restated(const Fact& fact, const event::v1::MeasureValueRestated& given) {
    MeasureValueRow& row = Touch(fact, given.period_key()).row;
    // What is recorded goes before what the paper says it was.
    row.clear_restated_from();
    if (row.has_value()) {
      *row.mutable_restated_from() = row.value();
    } else if (given.has_restated_from()) {
      *row.mutable_restated_from() = given.restated_from();
    }
    TakeValue(given, row);
    row.set_restated(true);
    row.set_reason(given.reason());
    MeasureSnapshot& snapshot = AddSnapshot(fact, given, row);
    snapshot.set_restated(true);
    snapshot.set_reason(given.reason());
    KeepLast(kSnapshotsMax, row.mutable_snapshots());
  }

  MeasureNoteRow& TouchNote(const Fact& fact, const std::string& place, const std::string& key) {
    Note& note = notes_[place];
    note.meta.Add(fact);
    note.row.Clear();
    note.row.set_measure(row_.measure());
    note.row.set_key(key);
    note.row.set_noted_on(fact.DayText());
    return note.row;
  }

  void Broken(const Fact& fact, const event::v1::ComparabilityBreakDeclared& declared) {
    MeasureNoteRow& row = TouchNote(fact, absl::StrCat("b-", declared.key()), declared.key());
    row.set_is_break(true);
    row.set_from_period(declared.from_period());
    row.set_every_period(declared.every_period());
    row.set_text(declared.reason());
    if (declared.has_declared_by()) *row.mutable_author() = declared.declared_by();
    row.set_paper(declared.paper());
    AddStep(fact, "not comparable", declared.reason());
  }

  void Commented(const Fact& fact, const event::v1::CommentaryAttached& comment) {
    MeasureNoteRow& row = TouchNote(fact, absl::StrCat("c-", comment.key()), comment.key());
    row.set_text(comment.text());
    row.set_period_key(comment.period_key());
    row.set_against_period_key(comment.against_period_key());
    row.set_stated_direction(comment.stated_direction());
    if (comment.has_stated_change_percent()) {
      *row.mutable_stated_change_percent() = comment.stated_change_percent();
    }
    if (comment.has_stated_change_points()) {
      *row.mutable_stated_change_points() = comment.stated_change_points();
    }
    row.set_stated_span(comment.stated_span());
    if (comment.has_author()) *row.mutable_author() = comment.author();
    row.set_paper(comment.commentary_paper());
    row.set_paragraph(comment.paragraph());
    row.set_meeting(comment.meeting());
    AddStep(fact, "comment", comment.text()).set_meeting(comment.meeting());
  }

  RecordStep& AddStep(const Fact& fact, const char* what, const std::string& text) {
    KeepLast(static_cast<int>(kRecordStepsMax) - 1, row_.mutable_steps());
    RecordStep& step = *row_.add_steps();
    step.set_what(what);
    step.set_date(fact.DayText());
    step.set_text(text);
    step.set_sequence(fact.sequence.value());
    return step;
  }

  MeasureSeries Series() const {
    MeasureSeries series(row_.scale());
    for (const auto& [period, value] : values_) series.Add(value.row);
    for (const auto& [place, note] : notes_) {
      if (note.row.is_break()) series.AddBreak(note.row);
    }
    series.Ready();
    return series;
  }

  // What the main row says of values and breaks.
  void Summarise(const MeasureSeries& series) {
    uint32_t restated = 0;
    for (const auto& [period, value] : values_) restated += value.row.restated() ? 1 : 0;
    uint32_t breaks = 0;
    for (const auto& [place, note] : notes_) breaks += note.row.is_break() ? 1 : 0;
    row_.set_periods(static_cast<uint32_t>(values_.size()));
    row_.set_restated(restated);
    row_.set_breaks(breaks);
    const MeasureValueRow* const latest = series.latest();
    if (latest == nullptr) return;
    *row_.mutable_latest_period() = latest->period();
    row_.clear_latest_value();
    if (latest->has_value()) *row_.mutable_latest_value() = latest->value();
    const Comparison is = series.Compare(*latest);
    FillComparison(is, row_);
    const auto wanted = row_.wanted();
    row_.set_against_wanted((wanted == event::v1::WANTED_DIRECTION_UP &&
                             is.direction == event::v1::DIRECTION_OF_TRAVEL_DOWN) ||
                            (wanted == event::v1::WANTED_DIRECTION_DOWN &&
                             is.direction == event::v1::DIRECTION_OF_TRAVEL_UP));
  }

  template <typename Row>
  static void FillComparison(const Comparison& is, Row& row) {
    row.clear_value_before();
    if (is.against != nullptr && is.against->has_value()) {
      *row.mutable_value_before() = is.against->value();
    }
    row.clear_change_percent();
    if (is.percent.has_value()) *row.mutable_change_percent() = *is.percent;
    row.clear_change_points();
    if (is.points.has_value()) *row.mutable_change_points() = *is.points;
    row.set_direction(is.direction);
    row.set_not_compared(is.not_compared);
  }

  void GiveValue(const MeasureSeries& series, Value& value, const std::string& key, RowSink& sink) {
    // A copy: the series borrows the other.
    MeasureValueRow row = value.row;
    row.set_title(row_.title());
    row.set_scorecard_title(row_.scorecard_title());
    row.set_order(row_.order());
    row.set_unit(row_.unit());
    row.set_period_end_date(LastDayOf(row.has_covers() ? row.covers() : row.period()));
    const Comparison is = series.Compare(value.row);
    FillComparison(is, row);
    if (is.against != nullptr) row.set_against(is.against->period_key());
    row.set_break_reason(is.break_reason);
    row.set_disagrees(
        series.Contradicts(row.period_key(), row.stated_against(),
                           row.has_stated_change_percent() ? &row.stated_change_percent() : nullptr,
                           row.has_stated_change_points() ? &row.stated_change_points() : nullptr,
                           event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED));
    value.meta.WriteTo(row.mutable_meta());
    sink.Row(key, row);
  }

  void GiveNote(const MeasureSeries& series, Note& note, const std::string& key, RowSink& sink) {
    MeasureNoteRow& row = note.row;
    row.set_title(row_.title());
    row.clear_change_percent();
    row.clear_change_points();
    const auto is = series.Compare(row.period_key(), row.against_period_key());
    if (!row.is_break() && is.has_value()) {
      if (is->percent.has_value()) *row.mutable_change_percent() = *is->percent;
      if (is->points.has_value()) *row.mutable_change_points() = *is->points;
      row.set_disagrees(series.Contradicts(
          row.period_key(), row.against_period_key(),
          row.has_stated_change_percent() ? &row.stated_change_percent() : nullptr,
          row.has_stated_change_points() ? &row.stated_change_points() : nullptr,
          row.stated_direction()));
    } else {
      row.set_disagrees(false);
    }
    note.meta.WriteTo(row.mutable_meta());
    sink.Row(key, row);
  }

  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
  bool changed_ = false;
  MeasureRow row_;
  MetaBuilder meta_;
  std::map<std::string, Value> values_;  // by the key of the period
  std::map<std::string, Note> notes_;    // by `b-` or `c-` and the key
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "v/")) return MeasureValueRow::default_instance();
  if (absl::StartsWith(key, "n/")) return MeasureNoteRow::default_instance();
  return MeasureRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](const std::string& scorecard) {
    if (!scorecard.empty()) sink("scorecard", scorecard);
  };
  mention(proposed.measure_value_submitted().scorecard());
  mention(proposed.measure_value_restated().scorecard());
}

Register Make() {
  Register reg = RecordRegister<MeasureRow>(kName, 1, kName, Rules(), Index);
  for (const uint32_t type :
       {Proposed::kMeasureValueSubmitted, Proposed::kMeasureValueRestated,
        Proposed::kComparabilityBreakDeclared, Proposed::kCommentaryAttached}) {
    reg.fact_types.push_back(type);
  }
  const auto rules =
      std::make_shared<const ReadyRules>(MakeReady(Rules(), *MeasureRow::descriptor()));
  reg.new_fold = [rules](absl::string_view record) -> std::unique_ptr<Fold> {
    return std::make_unique<MeasureFold>(record, rules);
  };
  reg.row_of = RowOf;
  return reg;
}

}  // namespace

const Register& MeasuresRegister() {
  static const Register& measures = *new Register(Make());
  return measures;
}

}  // namespace scrutiny::projections
