#include "ledger/feed/feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/base/limits.h"

namespace scrutiny::ledger {

TreeSize Feed::size() const {
  MutexLock lock(mutex_);
  return size_;
}

void Feed::Publish(absl::Span<const ChunkPtr> group) {
  if (group.empty()) return;
  const TreeSize size = group.back()->end();
  {
    MutexLock lock(mutex_);
    for (const ChunkPtr& chunk : group) {
      tail_bytes_ += chunk->bytes();
      tail_.push_back(chunk);
    }
    while (tail_.size() > 1 && tail_bytes_ > kFeedTailBytesMax) {
      tail_bytes_ -= tail_.front()->bytes();
      tail_.pop_front();
    }
    size_ = size;
    published_.SignalAll();
  }
  MutexLock lock(listeners_mutex_);
  for (const auto& [id, listener] : listeners_) listener(size);
}

std::vector<ChunkPtr> Feed::Tail(Sequence from, size_t max_bytes) const {
  std::vector<ChunkPtr> chunks;
  MutexLock lock(mutex_);
  if (tail_.empty() || from < tail_.front()->first() || from >= NextSequence(size_)) return chunks;
  auto it = std::partition_point(tail_.begin(), tail_.end(), [from](const ChunkPtr& chunk) {
    return NextSequence(chunk->end()) <= from;
  });
  size_t bytes = 0;
  for (; it != tail_.end() && (chunks.empty() || bytes < max_bytes); ++it) {
    bytes += (*it)->bytes();
    chunks.push_back(*it);
  }
  return chunks;
}

bool Feed::WaitForMoreThan(TreeSize size, int64_t timeout_micros) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::microseconds(timeout_micros);
  MutexLock lock(mutex_);
  while (size_ <= size && !closed_) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    published_.WaitFor(mutex_, left.count());
  }
  return size_ > size;
}

uint64_t Feed::AddListener(std::function<void(TreeSize)> listener) {
  MutexLock lock(listeners_mutex_);
  const uint64_t id = next_listener_++;
  listeners_.emplace(id, std::move(listener));
  return id;
}

void Feed::RemoveListener(uint64_t id) {
  MutexLock lock(listeners_mutex_);
  listeners_.erase(id);
}

void Feed::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
  published_.SignalAll();
}

}  // namespace scrutiny::ledger
