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

void Indexer::Push(std::shared_ptr<const IndexGroup> group) {
  MutexLock lock(mutex_);
  queue_.push_back(std::move(group));
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
    std::deque<std::shared_ptr<const IndexGroup>> groups;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !stopping_) changed_.Wait(mutex_);
      if (queue_.empty()) return;
      size_t entries = 0;
      while (!queue_.empty() && entries < kBatchEntries) {
        entries += queue_.front()->entries.size();
        groups.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    const absl::Status applied = Apply(groups);
    MutexLock lock(mutex_);
    if (!applied.ok()) {
      failed_ = applied;
      queue_.clear();
      changed_.SignalAll();
      return;
    }
    position_ = groups.back()->end;
    changed_.SignalAll();
  }
}

absl::Status Indexer::Apply(const std::deque<std::shared_ptr<const IndexGroup>>& groups) {
  if (groups.size() == 1) {
    const IndexGroup& group = *groups.front();
    return store_.Apply(group.entries, group.requests, group.end);
  }
  std::vector<IndexedEntry> entries;
  std::vector<IndexedRequest> requests;
  for (const auto& group : groups) {
    entries.insert(entries.end(), group->entries.begin(), group->entries.end());
    requests.insert(requests.end(), group->requests.begin(), group->requests.end());
  }
  return store_.Apply(entries, requests, groups.back()->end);
}

}  // namespace scrutiny::ledger
