#include "projections/performance/figures.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/format/hash.h"
#include "projections/performance/changes.h"
#include "projections/performance/spans.h"

namespace scrutiny::projections {
namespace {

using event::v1::Count;
using event::v1::CountCategory;
using event::v1::CountTable;
using event::v1::Decimal;
using event::v1::Period;
using event::v1::SafetyFigureRestatement;
using event::v1::StatedMovement;
using register_::v1::PeriodFigure;

// What a count is a count of, in any case.
struct Subject {
  std::string dimension;
  std::string parent;
  std::string label;
  std::vector<CountCategory> also;

  std::string Identity() const {
    std::string text = absl::StrCat(dimension, "\x1f", parent, "\x1f", label);
    for (const CountCategory& category : also) {
      absl::StrAppend(&text, "\x1f", category.dimension(), "\x1e", category.label());
    }
    return absl::AsciiStrToLower(text);
  }
};

bool SameText(const std::string& a, const std::string& b) { return absl::EqualsIgnoreCase(a, b); }

struct KnownPeriod {
  Period period;
  absl::optional<Span> span;
};

// Sorts the latest first, those without dates last.
std::string PeriodKey(const Period& period) {
  const absl::optional<Span> span = SpanOf(period);
  if (!span.has_value()) {
    return absl::StrCat("~", period.from(), "|", period.to(), "|", period.printed());
  }
  // Days fall as their negatives rise.
  const auto falling = [](ledger::Day day) {
    return absl::StrCat(absl::Dec(int64_t{10'000'000} - day.value(), absl::kZeroPad10));
  };
  return absl::StrCat(falling(span->last), "/", falling(span->first));
}

struct Placed {
  PeriodFigure figure;
  size_t table = 0;
  size_t giving = 0;
  std::string note;
};

struct Cell {
  Subject subject;
  std::string unit;
  std::map<std::string, Placed> figures;  // by PeriodKey: the latest first
  uint32_t order = 0;
  MetaBuilder meta;
  size_t last_giving = 0;  // that stands in meta, from 1

  const PeriodFigure* At(const std::string& period) const {
    const auto found = figures.find(period);
    return found == figures.end() ? nullptr : &found->second.figure;
  }
};

struct HeldTable {
  std::string key;
  std::string period;
  std::vector<std::string> dimensions;
  std::vector<std::string> cells;  // identities, in the order printed
  bool has_total = false;
};

constexpr size_t kNoTable = static_cast<size_t>(-1);

absl::optional<Decimal> ValueOf(const PeriodFigure* figure) {
  if (figure == nullptr || !figure->has_value() || figure->suppressed()) return absl::nullopt;
  return DecimalOf(figure->value());
}

// Puts the figures of all facts into cells.
class Gatherer {
 public:
  void Take(const FiguresGiven& given) {
    ++giving_;
    if (given.period.ByteSizeLong() > 0) main_ = given.period;
    unit_ = given.unit;
    const Fact fact = given.behind();
    if (given.total.has_value()) {
      Put(Subject(), main_, FigureOf(*given.total), kNoTable, fact, given.total->note());
    }
    for (const CountTable& table : given.tables) TakeTable(table, fact);
    for (const SafetyFigureRestatement& one : given.restatements) Restate(one, fact);
    for (const StatedMovement& one : given.stated) stated_.push_back(one);
  }

  // Of periods for which no total of everything is given, that of the first table serves.
  void FillTotals() {
    Cell* overall = nullptr;
    for (const HeldTable& table : tables_) {
      if (!table.has_total || table.dimensions.empty()) continue;
      const auto from = cells_.find(Subject{table.dimensions[0], "", "", {}}.Identity());
      if (from == cells_.end()) continue;
      const auto figure = from->second.figures.find(table.period);
      if (figure == from->second.figures.end()) continue;
      if (overall == nullptr) {
        overall = &cells_[Subject().Identity()];
        if (overall->unit.empty()) overall->unit = from->second.unit;
        if (overall->last_giving == 0) overall->meta = from->second.meta;
      }
      overall->figures.try_emplace(table.period, figure->second);
    }
  }

  std::map<std::string, Cell>& cells() { return cells_; }
  const std::map<std::string, KnownPeriod>& periods() const { return periods_; }
  const std::vector<HeldTable>& tables() const { return tables_; }
  const std::vector<StatedMovement>& stated() const { return stated_; }

 private:
  static PeriodFigure FigureOf(const Count& count) {
    PeriodFigure figure;
    if (count.has_value()) figure.set_value(count.value());
    figure.set_suppressed(count.suppressed());
    if (!count.suppressed()) figure.set_printed(count.printed());
    return figure;
  }

  std::string Know(const Period& period) {
    std::string key = PeriodKey(period);
    KnownPeriod& known = periods_[key];
    // A label is better than none.
    if (known.period.printed().empty()) known = {period, SpanOf(period)};
    return key;
  }

  void Put(const Subject& subject, const Period& period, PeriodFigure figure, size_t table,
           const Fact& fact, const std::string& note) {
    const std::string key = Know(period);
    const std::string identity = subject.Identity();
    Cell& cell = cells_[identity];
    const PeriodFigure* before = cell.At(key);
    if (before != nullptr && cell.figures[key].giving == giving_) return;  // The first one holds.
    const auto replaced = replaced_.find({identity, key});
    if (before == nullptr && replaced != replaced_.end()) before = &replaced->second;
    if (before != nullptr) {
      const bool other =
          before->has_value() != figure.has_value() || before->value() != figure.value();
      figure.set_restated(other || before->restated());
      const bool known = other ? before->has_value() : before->has_restated_from();
      if (known) figure.set_restated_from(other ? before->value() : before->restated_from());
    }
    Touch(subject, fact, &cell);
    cell.figures[key] = {std::move(figure), table, giving_, note};
  }

  void Touch(const Subject& subject, const Fact& fact, Cell* cell) const {
    cell->subject = subject;
    if (!unit_.empty() && cell->unit.empty()) cell->unit = unit_;
    if (cell->last_giving == giving_) return;
    cell->last_giving = giving_;
    cell->meta.Add(fact);
  }

  // The place of the table: that of the one whose key it has, which it replaces.
  size_t PlaceOf(const CountTable& table) {
    for (size_t i = 0; i < tables_.size() && !table.key().empty(); ++i) {
      if (tables_[i].key != table.key()) continue;
      for (auto& [identity, cell] : cells_) {
        for (auto at = cell.figures.begin(); at != cell.figures.end();) {
          if (at->second.table != i) {
            ++at;
            continue;
          }
          replaced_[{identity, at->first}] = at->second.figure;
          at = cell.figures.erase(at);
        }
      }
      return i;
    }
    tables_.emplace_back();
    return tables_.size() - 1;
  }

  void TakeTable(const CountTable& table, const Fact& fact) {
    replaced_.clear();
    const size_t place = PlaceOf(table);
    Period period;
    period.set_from(table.period_from());
    period.set_to(table.period_to());
    const bool own = !table.period_from().empty() || !table.period_to().empty();
    if (!own || PeriodKey(period) == PeriodKey(main_)) period = main_;
    HeldTable held{table.key(), PeriodKey(period), {}, {}, false};
    const auto mention = [&](const std::string& dimension) {
      for (const std::string& known : held.dimensions) {
        if (SameText(known, dimension)) return;
      }
      held.dimensions.push_back(dimension);
    };
    if (!table.dimension().empty()) mention(table.dimension());
    const std::string unit_of_all = unit_;
    for (const Count& count : table.counts()) {
      Subject subject{count.dimension().empty() ? table.dimension() : count.dimension(),
                      count.parent_label(),
                      count.label(),
                      {count.also().begin(), count.also().end()}};
      mention(subject.dimension);
      if (!table.unit().empty()) unit_ = table.unit();
      if (!count.unit().empty()) unit_ = count.unit();
      held.cells.push_back(subject.Identity());
      Put(subject, period, FigureOf(count), place, fact, count.note());
      unit_ = unit_of_all;
    }
    if (table.has_total() || table.total_suppressed()) {
      if (held.dimensions.empty()) mention("");
      held.has_total = true;
      if (!table.unit().empty()) unit_ = table.unit();
      TakeTotal(table, period, place, held.dimensions, fact);
      unit_ = unit_of_all;
    }
    tables_[place] = std::move(held);
  }

  void TakeTotal(const CountTable& table, const Period& period, size_t place,
                 const std::vector<std::string>& dimensions, const Fact& fact) {
    PeriodFigure figure;
    if (table.has_total()) figure.set_value(table.total());
    figure.set_suppressed(table.total_suppressed());
    for (const std::string& dimension : dimensions) {
      Put(Subject{dimension, "", "", {}}, period, figure, place, fact, table.note());
    }
  }

  void Restate(const SafetyFigureRestatement& one, const Fact& fact) {
    const std::string key = Know(one.period());
    const Subject subject{one.dimension(), "", one.label(), {}};
    Cell& cell = cells_[subject.Identity()];
    Touch(subject, fact, &cell);
    Placed& placed = cell.figures[key];
    PeriodFigure& figure = placed.figure;
    if (one.has_before()) {
      figure.set_restated_from(one.before());
    } else if (figure.has_value() && one.has_now() && figure.value() != one.now()) {
      figure.set_restated_from(figure.value());
    }
    if (one.has_now()) figure.set_value(one.now());
    figure.set_restated(true);
    placed.giving = giving_;
  }

  size_t giving_ = 0;
  Period main_;
  std::string unit_;
  std::map<std::string, Cell> cells_;  // by identity
  std::map<std::string, KnownPeriod> periods_;
  std::vector<HeldTable> tables_;
  std::map<std::pair<std::string, std::string>, PeriodFigure> replaced_;  // by cell and period
  std::vector<StatedMovement> stated_;
};

// Computes what the cells give.
class Reckoner {
 public:
  explicit Reckoner(Gatherer& gathered) : gathered_(gathered), cells_(gathered.cells()) {
    for (const StatedMovement& one : gathered_.stated()) {
      const Subject meant{one.dimension(), one.parent_label(), one.label(), {}};
      stated_[meant.Identity()].push_back(&one);
    }
  }

  FigureBook Make() {
    OrderDimensions();
    for (const std::string& dimension : dimensions_) OrderCells(dimension);
    FigureBook book;
    for (auto& [identity, cell] : cells_) {
      if (cell.figures.empty()) continue;
      book.series.push_back(SeriesOf(identity, cell));
    }
    std::stable_sort(
        book.series.begin(), book.series.end(), [](const FigureSeries& a, const FigureSeries& b) {
          return std::tie(a.dimension_order, a.order) < std::tie(b.dimension_order, b.order);
        });
    for (const std::string& dimension : dimensions_) {
      if (!dimension.empty()) book.dimensions.push_back(dimension);
    }
    std::map<std::string, bool> periods;
    for (const auto& [identity, cell] : cells_) {
      for (const auto& [period, placed] : cell.figures) {
        periods[period] = true;
        book.suppressed += placed.figure.suppressed() ? 1 : 0;
      }
    }
    book.periods = static_cast<uint32_t>(periods.size());
    book.tables = static_cast<uint32_t>(gathered_.tables().size());
    return book;
  }

 private:
  void OrderDimensions() {
    const auto mention = [&](const std::string& dimension) {
      for (const std::string& known : dimensions_) {
        if (SameText(known, dimension)) return;
      }
      dimensions_.push_back(dimension);
    };
    mention("");  // Before all others, as number 0.
    for (const HeldTable& table : gathered_.tables()) {
      for (const std::string& dimension : table.dimensions) mention(dimension);
    }
    for (const auto& [identity, cell] : cells_) mention(cell.subject.dimension);
  }

  uint32_t PlaceOf(const std::string& dimension) const {
    uint32_t place = 0;
    while (!SameText(dimensions_[place], dimension)) ++place;
    return place;
  }

  // As in the latest period's tables, then what only earlier periods have.
  void OrderCells(const std::string& dimension) {
    std::map<std::string, std::vector<const HeldTable*>> by_period;
    for (const HeldTable& table : gathered_.tables()) by_period[table.period].push_back(&table);
    uint32_t order = 0;
    const auto number = [&](Cell& cell) {
      const Subject& subject = cell.subject;
      if (cell.order > 0 || subject.label.empty() || !SameText(subject.dimension, dimension))
        return;
      cell.order = ++order;
    };
    for (const auto& [period, tables] : by_period) {
      for (const HeldTable* table : tables) {
        for (const std::string& identity : table->cells) number(cells_[identity]);
      }
    }
    for (auto& [identity, cell] : cells_) number(cell);
    std::map<std::string, bool> periods;
    for (const auto& [identity, cell] : cells_) {
      if (!SameText(cell.subject.dimension, dimension)) continue;
      for (const auto& [period, placed] : cell.figures) periods[period] = true;
    }
    std::vector<std::string>& latest_first = periods_of_[absl::AsciiStrToLower(dimension)];
    for (const auto& [period, there] : periods) latest_first.push_back(period);
  }

  const std::vector<std::string>& PeriodsOf(const Subject& subject) {
    return periods_of_[absl::AsciiStrToLower(subject.dimension)];
  }

  // The period next before, of the same length; empty: none.
  std::string Before(const Subject& subject, const std::string& period) {
    const absl::optional<Span> span = gathered_.periods().at(period).span;
    for (const std::string& other : PeriodsOf(subject)) {
      if (other <= period) continue;
      const absl::optional<Span> earlier = gathered_.periods().at(other).span;
      if (!span.has_value() || !earlier.has_value()) return other;
      if (earlier->last < span->first && SameLength(*span, *earlier)) return other;
    }
    return std::string();
  }

  const Cell* Find(const Subject& subject) const {
    const auto found = cells_.find(subject.Identity());
    return found == cells_.end() || found->second.figures.empty() ? nullptr : &found->second;
  }

  // Of what a figure is a share, the nearest first.
  std::vector<Decimal> WholesOf(const Subject& subject, const std::string& period) const {
    std::vector<Decimal> wholes;
    const auto add = [&](const Cell* cell) {
      if (cell == nullptr) return;
      const absl::optional<Decimal> value = ValueOf(cell->At(period));
      if (value.has_value()) wholes.push_back(*value);
    };
    if (subject.label.empty() && subject.also.empty()) return wholes;
    if (!subject.parent.empty()) {
      add(Find({subject.dimension, "", subject.parent, subject.also}));
      if (wholes.empty()) add(FindLabel(subject.dimension, subject.parent));
      // Its share of anything but its parent is another thing.
      if (wholes.empty()) return wholes;
    }
    if (!subject.also.empty()) add(Find({subject.dimension, "", "", subject.also}));
    add(Find({subject.dimension, "", "", {}}));
    add(Find(Subject()));
    return wholes;
  }

  const Cell* FindLabel(const std::string& dimension, const std::string& label) const {
    for (const auto& [identity, cell] : cells_) {
      const Subject& subject = cell.subject;
      if (!cell.figures.empty() && subject.also.empty() && SameText(subject.label, label) &&
          SameText(subject.dimension, dimension)) {
        return &cell;
      }
    }
    return nullptr;
  }

  FigureSeries SeriesOf(const std::string& identity, const Cell& cell) {
    const Subject& subject = cell.subject;
    FigureSeries series;
    series.key = absl::StrCat(
        "f/", ledger::ToHex(ledger::AsBytes(ledger::Sha256Of(identity))).substr(0, 32));
    series.dimension = dimensions_[PlaceOf(subject.dimension)];
    series.dimension_order = PlaceOf(subject.dimension);
    series.order = cell.order;
    series.parent_label = subject.parent;
    series.label = subject.label;
    series.also = subject.also;
    series.unit = cell.unit;
    series.meta = cell.meta;
    for (const auto& [period, placed] : cell.figures) {
      if (static_cast<int>(series.figures.size()) == kFigurePeriodsMax) break;
      PeriodFigure figure = placed.figure;
      *figure.mutable_period() = gathered_.periods().at(period).period;
      series.figures.push_back(std::move(figure));
    }
    const std::string latest = PeriodsOf(subject).front();
    const std::string before = Before(subject, latest);
    const auto placed = cell.figures.find(latest);
    if (placed != cell.figures.end()) series.note = placed->second.note;
    const PeriodFigure* const figure_before = before.empty() ? nullptr : cell.At(before);
    if (figure_before != nullptr) series.before = *figure_before;
    const absl::optional<Decimal> now = ValueOf(cell.At(latest));
    const absl::optional<Decimal> was = ValueOf(figure_before);
    if (now.has_value() && was.has_value()) {
      series.direction = DirectionOf(*now, *was);
      series.change_percent = PercentChange(*now, *was);
    }
    const std::vector<Decimal> wholes = WholesOf(subject, latest);
    if (now.has_value() && !wholes.empty()) series.share_percent = PercentShare(*now, wholes[0]);
    for (const StatedMovement* stated : stated_[identity]) {
      Join(*stated, cell, latest, before, &series);
    }
    return series;
  }

  void Join(const StatedMovement& stated, const Cell& cell, const std::string& latest,
            const std::string& latest_before, FigureSeries* series) {
    const std::string period = stated.has_period() ? PeriodKey(stated.period()) : latest;
    if (gathered_.periods().count(period) == 0) return;
    const std::string usual = period == latest ? latest_before : Before(cell.subject, period);
    const std::string against = stated.has_against() ? PeriodKey(stated.against()) : usual;
    if (period == latest && against == latest_before) {
      if (stated.direction() != event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED) {
        series->stated_direction = stated.direction();
      }
      if (stated.has_change_percent()) series->stated_change_percent = stated.change_percent();
      if (stated.has_share_percent()) series->stated_share_percent = stated.share_percent();
    }
    const absl::optional<Decimal> now = ValueOf(cell.At(period));
    if (!now.has_value()) return;
    const absl::optional<Decimal> was = ValueOf(cell.At(against));
    if (was.has_value()) {
      const bool other_way = stated.direction() != event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED &&
                             stated.direction() != DirectionOf(*now, *was);
      const bool other_change = stated.has_change_percent() &&
                                SaysOtherwise(stated.change_percent(), [&](uint32_t places) {
                                  return PercentChange(*now, *was, places);
                                });
      series->disagrees = series->disagrees || other_way || other_change;
    }
    if (stated.has_share_percent() && OtherShare(stated, *now, WholesOf(cell.subject, period))) {
      series->disagrees = true;
    }
  }

  // Of what whole a share is said to be stands in words: any of those there are may be meant.
  static bool OtherShare(const StatedMovement& stated, const Decimal& now,
                         std::vector<Decimal> wholes) {
    if (wholes.empty()) return false;
    if (stated.share_of().empty()) wholes.resize(1);
    return std::all_of(wholes.begin(), wholes.end(), [&](const Decimal& whole) {
      return SaysOtherwise(stated.share_percent(),
                           [&](uint32_t places) { return PercentShare(now, whole, places); });
    });
  }

  Gatherer& gathered_;
  std::map<std::string, Cell>& cells_;
  std::vector<std::string> dimensions_;
  std::map<std::string, std::vector<std::string>> periods_of_;        // by dimension, latest first
  std::map<std::string, std::vector<const StatedMovement*>> stated_;  // by identity
};

}  // namespace

FiguresGiven::FiguresGiven(const Fact& fact)
    : sequence(fact.sequence), day(fact.day), corrected(fact.corrected()) {
  *entry.mutable_assigned() = fact.current->assigned();
  *entry.mutable_proposed()->mutable_sources() = fact.proposed().sources();
  *entry.mutable_proposed()->mutable_recorded_despite() = fact.proposed().recorded_despite();
}

Fact FiguresGiven::behind() const {
  // Corrected: the original is another entry, whichever.
  return Fact{sequence, day, &entry, corrected ? nullptr : &entry};
}

bool FigureSeries::restated() const {
  return std::any_of(figures.begin(), figures.end(),
                     [](const PeriodFigure& figure) { return figure.restated(); });
}

const FigureSeries* FigureBook::total() const {
  for (const FigureSeries& one : series) {
    if (one.dimension.empty() && one.label.empty() && one.also.empty()) return &one;
  }
  return nullptr;
}

FigureBook BuildFigures(const std::vector<FiguresGiven>& given) {
  Gatherer gatherer;
  // What founds the record was given first, though it be not dated.
  for (const bool founds : {true, false}) {
    for (const FiguresGiven& one : given) {
      if (one.founds == founds) gatherer.Take(one);
    }
  }
  gatherer.FillTotals();
  return Reckoner(gatherer).Make();
}

}  // namespace scrutiny::projections
