// tests/projections/support/memory_ledger.h
// A ledger in memory: what the registers see of the real one, without rules, files or threads.
//
// Threads:  thread-safe.
#ifndef SCRUTINY_TESTS_PROJECTIONS_SUPPORT_MEMORY_LEDGER_H_
#define SCRUTINY_TESTS_PROJECTIONS_SUPPORT_MEMORY_LEDGER_H_

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/text_format.h"

#include "ledger/base/error.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "ledger/feed/entry_source.h"
#include "ledger/format/hash.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::testing {

class MemoryLedger final : public ledger::EntrySource {
 public:
  // Noon on 1 January 2020, UTC; each append is a second later than the one before.
  static constexpr int64_t kStartMicros = int64_t{1577880000} * 1'000'000;

  explicit MemoryLedger(char id = 'a') { identity_.ledger_id.assign(16, id); }

  // Appends facts, text protos of Proposed, as one append; the sequence of the first.
  uint64_t Append(const std::vector<std::string>& facts) {
    std::vector<event::v1::Proposed> proposed(facts.size());
    for (size_t i = 0; i < facts.size(); ++i) {
      SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(facts[i], &proposed[i]))
          << facts[i];
    }
    return AppendProposed(std::move(proposed));
  }

  uint64_t AppendProposed(std::vector<event::v1::Proposed> facts) {
    ledger::MutexLock lock(mutex_);
    const uint64_t first = size_;
    ledger::ChunkBuilder builder{ledger::Sequence(first)};
    for (size_t i = 0; i < facts.size(); ++i) {
      event::v1::Entry entry;
      *entry.mutable_proposed() = std::move(facts[i]);
      Assign(first, static_cast<uint32_t>(facts.size()), entry);
      Add(entry.SerializeAsString(), entry.assigned().fact_type(), builder);
    }
    Publish(builder);
    return first;
  }

  // An entry of these bytes, whatever they are, said to be of that type.
  uint64_t AppendRaw(const std::string& bytes, uint32_t type) {
    ledger::MutexLock lock(mutex_);
    const uint64_t first = size_;
    ledger::ChunkBuilder builder{ledger::Sequence(first)};
    Add(bytes, type, builder);
    Publish(builder);
    return first;
  }

  void set_incarnation(uint32_t incarnation) { identity_.incarnation = incarnation; }

  ledger::LedgerIdentity identity() const override { return identity_; }

  ledger::TreeSize size() const override {
    ledger::MutexLock lock(mutex_);
    return ledger::TreeSize(size_);
  }

  absl::StatusOr<std::vector<ledger::ChunkPtr>> Chunks(ledger::Sequence from,
                                                       size_t max_bytes) override {
    ledger::MutexLock lock(mutex_);
    if (from.value() >= size_) {
      return ledger::Error(ledger::Reason::kBeyondHead, "There is no such entry yet.");
    }
    std::vector<ledger::ChunkPtr> found;
    size_t bytes = 0;
    for (auto chunk = std::prev(chunks_.upper_bound(from.value()));
         chunk != chunks_.end() && (found.empty() || bytes < max_bytes); ++chunk) {
      found.push_back(chunk->second);
      bytes += chunk->second->bytes();
    }
    return found;
  }

  absl::StatusOr<std::vector<ledger::ChunkPtr>> ChunksBackwards(ledger::Sequence, size_t) override {
    return absl::UnimplementedError("the registers do not read backwards");
  }

  bool WaitForMoreThan(ledger::TreeSize size, int64_t timeout_micros) override {
    ledger::MutexLock lock(mutex_);
    if (size_ <= size.value()) changed_.WaitFor(mutex_, timeout_micros);
    return size_ > size.value();
  }

  uint64_t AddListener(std::function<void(ledger::TreeSize)> listener) override {
    ledger::MutexLock lock(mutex_);
    listeners_.emplace(++listener_, std::move(listener));
    return listener_;
  }
  void RemoveListener(uint64_t id) override {
    ledger::MutexLock lock(mutex_);
    listeners_.erase(id);
  }

 private:
  void Assign(uint64_t first, uint32_t count, event::v1::Entry& entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    event::v1::Assigned& assigned = *entry.mutable_assigned();
    assigned.set_sequence(size_);
    assigned.set_revision(++revisions_[entry.proposed().record()]);
    assigned.set_fact_type(static_cast<uint32_t>(entry.proposed().fact_case()));
    assigned.set_recorded_at_us(kStartMicros + static_cast<int64_t>(appends_) * 1'000'000);
    assigned.set_append_first(first);
    assigned.set_append_count(count);
    if (entry.proposed().decision_taken().has_assign()) {
      event::v1::Number& number = *assigned.add_numbers();
      number.set_kind("decisions");
      number.set_year(entry.proposed().decision_taken().assign().year());
      number.set_number(++numbered_);
    }
  }

  void Add(const std::string& bytes, uint32_t type, ledger::ChunkBuilder& builder)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    builder.Add(bytes, ledger::LeafHash(bytes), ledger::FactType(type));
    ++size_;
  }

  void Publish(ledger::ChunkBuilder& builder) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ++appends_;
    for (ledger::ChunkPtr& chunk : builder.Build()) chunks_[chunk->first().value()] = chunk;
    changed_.SignalAll();
    for (const auto& [id, listener] : listeners_) listener(ledger::TreeSize(size_));
  }

  ledger::LedgerIdentity identity_{std::string(), 1, "ledger.test", 1};
  mutable ledger::Mutex mutex_;
  ledger::CondVar changed_;
  uint64_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t appends_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t numbered_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, ledger::ChunkPtr> chunks_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, uint64_t> revisions_ ABSL_GUARDED_BY(mutex_);
  uint64_t listener_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::function<void(ledger::TreeSize)>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_PROJECTIONS_SUPPORT_MEMORY_LEDGER_H_
