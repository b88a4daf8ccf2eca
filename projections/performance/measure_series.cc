#include "projections/performance/measure_series.h"

#include <algorithm>
#include <utility>

#include "projections/performance/changes.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Decimal;
using event::v1::DirectionOfTravel;

void MeasureSeries::Add(const MeasureValueRow& value) {
  places_[value.period_key()] = entries_.size();
  absl::optional<Span> span = SpanOf(value.covers());
  if (!span.has_value()) span = SpanOf(value.period());
  entries_.push_back({&value, span});
}

void MeasureSeries::AddBreak(const MeasureNoteRow& note) { breaks_.push_back(&note); }

void MeasureSeries::Ready() {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].span.has_value()) by_end_.push_back(i);
  }
  // Of the same end by key, in which order they already are.
  std::stable_sort(by_end_.begin(), by_end_.end(), [&](size_t a, size_t b) {
    return entries_[a].span->last < entries_[b].span->last;
  });
  for (size_t i = 0; i < by_end_.size(); ++i) entries_[by_end_[i]].by_end = i;
}

const MeasureValueRow* MeasureSeries::latest() const {
  if (!by_end_.empty()) return entries_[by_end_.back()].row;
  return entries_.empty() ? nullptr : entries_.back().row;
}

const MeasureSeries::Entry* MeasureSeries::Find(const std::string& period) const {
  const auto place = places_.find(period);
  return place == places_.end() ? nullptr : &entries_[place->second];
}

const MeasureSeries::Entry* MeasureSeries::Before(const Entry& entry, NotCompared* why) const {
  *why = NOT_COMPARED_NO_PERIOD_BEFORE;
  if (entry.span.has_value()) {
    for (size_t i = entry.by_end; i-- > 0;) {
      const Entry& other = entries_[by_end_[i]];
      if (other.span->last >= entry.span->first) continue;
      if (SameLength(*entry.span, *other.span)) return &other;
      *why = NOT_COMPARED_LENGTH;
    }
    if (*why == NOT_COMPARED_LENGTH) return nullptr;
  }
  const size_t place = static_cast<size_t>(&entry - entries_.data());
  if (place == 0) return nullptr;
  const Entry& other = entries_[place - 1];
  // Where both have dates, the dates have said already that it does not lie before.
  return entry.span.has_value() && other.span.has_value() ? nullptr : &other;
}

bool MeasureSeries::IsBefore(const Entry& entry, const std::string& period) const {
  const Entry* const other = Find(period);
  if (other != nullptr && other->span.has_value() && entry.span.has_value()) {
    return entry.span->last < other->span->first;
  }
  return entry.row->period_key() < period;
}

const MeasureNoteRow* MeasureSeries::BreakBetween(const Entry& now, const Entry& before) const {
  const MeasureNoteRow* found = nullptr;
  for (const MeasureNoteRow* note : breaks_) {
    const std::string& from = note->from_period();
    const bool between = !from.empty() && IsBefore(before, from) && !IsBefore(now, from);
    if (!note->every_period() && !between) continue;
    if (found == nullptr || found->noted_on() <= note->noted_on()) found = note;
  }
  return found;
}

Comparison MeasureSeries::Compare(const Entry& now, const Entry& before) const {
  Comparison result;
  result.against = before.row;
  const bool both_dated = now.span.has_value() && before.span.has_value();
  if (const MeasureNoteRow* note = BreakBetween(now, before); note != nullptr) {
    result.not_compared = NOT_COMPARED_BREAK;
    result.break_reason = note->text();
    return result;
  }
  if (!now.row->has_value() || !before.row->has_value()) {
    result.not_compared = NOT_COMPARED_NO_VALUE;
    return result;
  }
  if (both_dated && !SameLength(*now.span, *before.span)) {
    result.not_compared = NOT_COMPARED_LENGTH;
    return result;
  }
  const Decimal& value = now.row->value();
  const Decimal& value_before = before.row->value();
  if (IsZero(value_before)) result.not_compared = NOT_COMPARED_ZERO_BEFORE;
  result.percent = PercentChange(value, value_before);
  if (scale_ == event::v1::MEASURE_SCALE_PERCENTAGE) {
    result.points = PointChange(value, value_before);
  }
  result.direction = DirectionOf(value, value_before);
  return result;
}

Comparison MeasureSeries::Compare(const MeasureValueRow& value) const {
  Comparison result;
  const Entry* const entry = Find(value.period_key());
  result.not_compared = NOT_COMPARED_NO_PERIOD_BEFORE;
  if (entry == nullptr) return result;
  const Entry* const before = Before(*entry, &result.not_compared);
  return before == nullptr ? result : Compare(*entry, *before);
}

absl::optional<Comparison> MeasureSeries::Compare(const std::string& period,
                                                  const std::string& against) const {
  const Entry* const now = Find(period);
  if (now == nullptr) return absl::nullopt;
  if (against.empty()) return Compare(*now->row);
  const Entry* const before = Find(against);
  if (before == nullptr) return absl::nullopt;
  return Compare(*now, *before);
}

bool MeasureSeries::Contradicts(const std::string& period, const std::string& against,
                                const Decimal* percent, const Decimal* points,
                                DirectionOfTravel direction) const {
  const absl::optional<Comparison> is = Compare(period, against);
  if (!is.has_value() || !is->compared()) return false;
  const Decimal& now = Find(period)->row->value();
  const Decimal& before = is->against->value();
  if (direction != event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED && direction != is->direction) {
    return true;
  }
  if (percent != nullptr && SaysOtherwise(*percent, [&](uint32_t places) {
        return PercentChange(now, before, places);
      })) {
    return true;
  }
  return points != nullptr && scale_ == event::v1::MEASURE_SCALE_PERCENTAGE &&
         SaysOtherwise(*points, [&](uint32_t places) { return PointChange(now, before, places); });
}

}  // namespace scrutiny::projections
