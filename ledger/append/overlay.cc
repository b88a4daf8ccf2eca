#include "ledger/append/overlay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

#include "ledger/append/prepared.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"

namespace scrutiny::ledger {

const RecordHead* Overlay::Head(absl::string_view record) const {
  const auto it = records_.find(record);
  return it == records_.end() ? nullptr : &it->second.head;
}

absl::Span<const HistoryItem> Overlay::History(absl::string_view record) const {
  const auto it = records_.find(record);
  if (it == records_.end()) return {};
  return it->second.items;
}

absl::Span<const ClaimHit> Overlay::Claims(absl::string_view key) const {
  const auto it = claims_.find(key);
  if (it == claims_.end()) return {};
  return it->second;
}

const RequestRecord* Overlay::Request(absl::string_view key) const {
  const auto it = requests_.find(key);
  return it == requests_.end() ? nullptr : &it->second;
}

std::vector<uint64_t> Overlay::UsedNumbers(absl::string_view series_prefix) const {
  std::vector<uint64_t> numbers;
  for (const auto& [key, hits] : claims_) {
    if (key.size() != series_prefix.size() + 8 || !absl::StartsWith(key, series_prefix)) continue;
    numbers.push_back(LoadBigEndian<uint64_t>(key.data() + series_prefix.size()));
  }
  return numbers;
}

void Overlay::Add(IndexedEntry entry) {
  RecentRecord& record = records_[entry.record];
  record.head = {entry.revision, entry.sequence};
  record.items.push_back(
      {entry.sequence, entry.derived.type, entry.derived.day, entry.derived.corrects});
  for (const Claim& claim : entry.derived.claims) {
    claims_[claim.key].push_back({entry.sequence, entry.record, claim.item, claim.printed});
  }
  forming_.entries.push_back(std::move(entry));
}

void Overlay::AddRequest(IndexedRequest request) {
  requests_.emplace(RequestKey(request.principal, request.request_id), request.record);
  forming_.requests.push_back(std::move(request));
}

void Overlay::TakeBack(size_t count) {
  while (forming_.entries.size() > count) {
    const IndexedEntry& entry = forming_.entries.back();
    const auto record = records_.find(entry.record);
    record->second.items.pop_back();
    if (record->second.items.empty()) {
      records_.erase(record);
    } else {
      record->second.head = {entry.revision - 1, record->second.items.back().sequence};
    }
    for (auto claim = entry.derived.claims.rbegin(); claim != entry.derived.claims.rend();
         ++claim) {
      const auto holders = claims_.find(claim->key);
      holders->second.pop_back();
      if (holders->second.empty()) claims_.erase(holders);
    }
    forming_.entries.pop_back();
  }
}

std::shared_ptr<const IndexGroup> Overlay::Close(TreeSize end) {
  forming_.end = end;
  held_ += forming_.entries.size();
  auto group = std::make_shared<const IndexGroup>(std::move(forming_));
  forming_ = IndexGroup();
  groups_.push_back(group);
  return group;
}

void Overlay::LetGo(TreeSize indexed, size_t keep) {
  while (!groups_.empty() && groups_.front()->end <= indexed &&
         held_ - groups_.front()->entries.size() >= keep) {
    const std::shared_ptr<const IndexGroup> group = std::move(groups_.front());
    groups_.pop_front();
    held_ -= group->entries.size();
    base_ = group->end;
    Forget(*group);
  }
}

void Overlay::Forget(const IndexGroup& group) {
  const Sequence cut = NextSequence(group.end);
  for (const IndexedEntry& entry : group.entries) {
    if (const auto it = records_.find(entry.record); it != records_.end()) {
      auto& items = it->second.items;
      const auto keep = std::partition_point(
          items.begin(), items.end(), [cut](const auto& item) { return item.sequence < cut; });
      items.erase(items.begin(), keep);
      if (items.empty()) records_.erase(it);
    }
    for (const Claim& claim : entry.derived.claims) {
      const auto it = claims_.find(claim.key);
      if (it == claims_.end()) continue;
      auto& hits = it->second;
      const auto keep = std::partition_point(hits.begin(), hits.end(),
                                             [cut](const auto& hit) { return hit.sequence < cut; });
      hits.erase(hits.begin(), keep);
      if (hits.empty()) claims_.erase(it);
    }
  }
  for (const IndexedRequest& request : group.requests) {
    requests_.erase(RequestKey(request.principal, request.request_id));
  }
}

}  // namespace scrutiny::ledger
