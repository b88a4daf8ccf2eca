// services/grpc/subscription_hub.h
// Wakes subscriptions when there is something new: they sleep here between a commit and the next.
// A subscription is a position and a wish to be woken; nothing is queued for it.
//
// Guarantees:  a sleeper is woken once: by a commit beyond its position, by its time running out,
//              by Cancel, or by Close.
// Threads:     thread-safe. The committing thread only posts one task, and none while nobody
//              sleeps.
// Lifetime:    borrows source and workers; Close before either goes.
// Limits:      kSubscribersMax subscriptions.
// Tests:       tests/services/grpc/subscribe_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_SUBSCRIPTION_HUB_H_
#define SCRUTINY_SERVICES_GRPC_SUBSCRIPTION_HUB_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/feed/entry_source.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

class SubscriptionHub {
 public:
  class Sleeper {
   public:
    virtual ~Sleeper() = default;
    // Called on a worker.
    virtual void Awake() = 0;
    // Whether it is of no use to sleep.
    virtual bool cancelled() const = 0;
  };

  SubscriptionHub(ledger::EntrySource& source, Workers& workers);
  ~SubscriptionHub();

  // Takes one more subscription in, unless there are kSubscribersMax; each is let out again.
  absl::Status Enter();
  void Leave();
  size_t subscribers() const { return subscribers_.load(std::memory_order_relaxed); }

  // Sleeps until more than `position` entries are committed, at most so long. False: there is
  // something to do at once, and Awake will not be called.
  bool Sleep(Sleeper* sleeper, ledger::TreeSize position, int64_t timeout_micros);
  // True if it slept: Awake will not be called any more.
  bool Cancel(Sleeper* sleeper);

  // Wakes all; nobody sleeps any more.
  void Close();
  bool closing() const { return closing_.load(std::memory_order_acquire); }

 private:
  struct Nap {
    ledger::TreeSize position;
    int64_t until_micros;
  };

  // Called by the thread that commits.
  void Committed();
  // Wakes those that have something to do.
  void WakeDue();
  // Looks at the time now and then, as long as somebody sleeps.
  void ScheduleTick() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ledger::EntrySource& source_;
  Workers& workers_;
  uint64_t listener_ = 0;
  std::atomic<size_t> subscribers_{0};
  std::atomic<bool> closing_{false};
  // How many sleep. Both Sleep and Committed change it before they look at the other's state, so
  // that one of the two sees what the other did.
  std::atomic<size_t> sleeping_{0};
  std::atomic<bool> wake_posted_{false};
  ledger::Mutex mutex_;
  bool tick_scheduled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<Sleeper*, Nap> naps_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_SUBSCRIPTION_HUB_H_
