#include "ledger/rules/timeline.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr FactType kWithdrawn{event::v1::Proposed::kWithdrawnFieldNumber};

}  // namespace

Timeline::Timeline(absl::Span<const HistoryItem> history, absl::optional<Sequence> left_out) {
  absl::flat_hash_set<Sequence> withdrawn;
  bool corrected = false;
  for (const HistoryItem& item : history) {
    if (!item.corrects.has_value()) continue;
    if (item.type == kWithdrawn) {
      withdrawn.insert(*item.corrects);
    } else {
      corrected = true;
    }
  }
  absl::flat_hash_map<Sequence, Day> new_days;
  if (corrected) {
    for (const HistoryItem& item : history) {
      if (!item.corrects.has_value() || item.type == kWithdrawn) continue;
      if (!withdrawn.contains(item.sequence)) new_days[*item.corrects] = item.day;
    }
  }
  items_.reserve(history.size());
  for (const HistoryItem& item : history) {
    if (item.corrects.has_value() || withdrawn.contains(item.sequence)) continue;
    if (left_out == item.sequence) continue;
    const auto new_day = new_days.find(item.sequence);
    const Day day = new_day == new_days.end() ? item.day : new_day->second;
    items_.push_back(TimelineItem{{day, item.sequence}, item.type});
  }
  std::sort(items_.begin(), items_.end(),
            [](const TimelineItem& a, const TimelineItem& b) { return a.moment < b.moment; });
}

const TimelineItem* Timeline::LastBefore(Moment moment, absl::Span<const FactType> types) const {
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    if (item->moment < moment && absl::c_linear_search(types, item->type)) return &*item;
  }
  return nullptr;
}

const TimelineItem* Timeline::First(FactType type) const {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [type](const TimelineItem& item) { return item.type == type; });
  return found == items_.end() ? nullptr : &*found;
}

absl::optional<Sequence> WithdrawnBy(absl::Span<const HistoryItem> history, Sequence sequence) {
  const HistoryItem* target = FindInHistory(history, sequence);
  if (target == nullptr) return absl::nullopt;
  for (const HistoryItem& item : history) {
    if (item.type != kWithdrawn || !item.corrects.has_value()) continue;
    if (*item.corrects == sequence || item.corrects == target->corrects) return item.sequence;
  }
  return absl::nullopt;
}

const HistoryItem* FindInHistory(absl::Span<const HistoryItem> history, Sequence sequence) {
  const auto found = std::lower_bound(
      history.begin(), history.end(), sequence,
      [](const HistoryItem& item, Sequence wanted) { return item.sequence < wanted; });
  return found == history.end() || found->sequence != sequence ? nullptr : &*found;
}

}  // namespace scrutiny::ledger
