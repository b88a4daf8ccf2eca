#include "ledger/append/indexer.h"

#include <utility>
#include <vector>

#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

// Entries applied in one batch: large enough that sorting pays, small enough to answer soon.
constexpr size_t kBatchEntries = 16'384;

}  // namespace

Indexer::Indexer(IndexStore& store)
    : store_(store), position_(store.position()), thread_([this] { Run(); }) {}

Indexer::~Indexer() { Stop(); }

void Indexer::Push(IndexWork work) {
  MutexLock lock(mutex_);
  queue_.push_back(std::move(work));
  changed_.SignalAll();
}

TreeSize Indexer::position() const {
  MutexLock lock(mutex_);
  return position_;
}

absl::Status Indexer::WaitFor(TreeSize position) const {
  MutexLock lock(mutex_);
  while (position_ < position && failed_.ok() && !stopping_) changed_.Wait(mutex_);
  if (position_ >= position) return absl::OkStatus();
  return failed_.ok() ? absl::UnavailableError("The ledger is closing.") : failed_;
}

void Indexer::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Indexer::Run() {
  while (true) {
    std::vector<IndexWork> works;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !stopping_) changed_.Wait(mutex_);
      if (queue_.empty()) return;
      size_t entries = 0;
      while (!queue_.empty() && entries < kBatchEntries) {
        entries += queue_.front().group->entries.size();
        works.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    const absl::Status applied = Apply(works);
    MutexLock lock(mutex_);
    if (!applied.ok()) {
      failed_ = applied;
      queue_.clear();
      changed_.SignalAll();
      return;
    }
    position_ = works.back().group->end;
    changed_.SignalAll();
  }
}

absl::Status Indexer::Apply(const std::vector<IndexWork>& works) {
  if (works.size() == 1) {
    const IndexGroup& group = *works.front().group;
    return store_.Apply(group.entries, group.requests, works.front().tiles, group.end);
  }
  std::vector<IndexedEntry> entries;
  std::vector<IndexedRequest> requests;
  std::vector<FullTile> tiles;
  for (const IndexWork& work : works) {
    entries.insert(entries.end(), work.group->entries.begin(), work.group->entries.end());
    requests.insert(requests.end(), work.group->requests.begin(), work.group->requests.end());
    tiles.insert(tiles.end(), work.tiles.begin(), work.tiles.end());
  }
  return store_.Apply(entries, requests, tiles, works.back().group->end);
}

}  // namespace scrutiny::ledger
