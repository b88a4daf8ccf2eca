// ledger/verify/pipeline.h
// Work on numbered pieces by several threads, its results taken in order by the caller.
//
// Guarantees:  `consume` sees every piece once, in order, on the calling thread; at most `window`
//              pieces are made and not yet consumed.
// Threads:     `produce` is called by several threads at once.
// Errors:      the first error of `consume` ends the run; threads are joined before it returns.
// Tests:       tests/ledger/verify/pipeline_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_PIPELINE_H_
#define SCRUTINY_LEDGER_VERIFY_PIPELINE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "ledger/base/mutex.h"

namespace scrutiny::ledger {

// How many threads to use where the caller asks for none in particular.
inline int ThreadsOr(int wanted) {
  if (wanted > 0) return wanted;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

template <typename T>
class Pipeline {
 public:
  Pipeline(uint64_t pieces, size_t window) : pieces_(pieces), window_(window), slots_(window) {}

  // produce(worker, piece) -> T, with worker from 0 to threads - 1; consume(piece, T) -> Status.
  template <typename Produce, typename Consume>
  absl::Status Run(int threads, Produce produce, Consume consume) {
    std::vector<std::thread> workers;
    for (int worker = 0; worker < threads && static_cast<uint64_t>(worker) < pieces_; ++worker) {
      workers.emplace_back([this, worker, &produce] {
        absl::optional<uint64_t> piece;
        while ((piece = Claim()).has_value()) Put(*piece, produce(worker, *piece));
      });
    }
    absl::Status status;
    for (uint64_t piece = 0; piece < pieces_ && status.ok(); ++piece) {
      status = consume(piece, Take(piece));
    }
    Stop();
    for (std::thread& worker : workers) worker.join();
    return status;
  }

 private:
  absl::optional<uint64_t> Claim() {
    MutexLock lock(mutex_);
    while (!stopped_ && next_ < pieces_ && next_ - consumed_ >= window_) room_.Wait(mutex_);
    if (stopped_ || next_ == pieces_) return absl::nullopt;
    return next_++;
  }

  void Put(uint64_t piece, T result) {
    MutexLock lock(mutex_);
    slots_[piece % window_] = std::move(result);
    if (piece == consumed_) made_.Signal();
  }

  T Take(uint64_t piece) {
    MutexLock lock(mutex_);
    absl::optional<T>& slot = slots_[piece % window_];
    while (!slot.has_value()) made_.Wait(mutex_);
    T result = *std::move(slot);
    slot.reset();
    ++consumed_;
    room_.SignalAll();
    return result;
  }

  void Stop() {
    MutexLock lock(mutex_);
    stopped_ = true;
    room_.SignalAll();
  }

  const uint64_t pieces_;
  const size_t window_;
  Mutex mutex_;
  CondVar made_;  // the piece that is consumed next is there
  CondVar room_;  // a slot is free, or all is over
  std::vector<absl::optional<T>> slots_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t consumed_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_PIPELINE_H_
