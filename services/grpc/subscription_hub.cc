#include "services/grpc/subscription_hub.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace scrutiny::services {
namespace {

using ledger::MutexLock;

// How exactly a sleeper's time is kept.
constexpr int64_t kTickMicros = 500'000;

int64_t NowMicros() { return ledger::SystemClock().MonotonicMicros(); }

}  // namespace

SubscriptionHub::SubscriptionHub(ledger::EntrySource& source, Workers& workers)
    : source_(source), workers_(workers) {
  listener_ = source_.AddListener([this](ledger::TreeSize) { Committed(); });
}

SubscriptionHub::~SubscriptionHub() { Close(); }

absl::Status SubscriptionHub::Enter() {
  if (subscribers_.fetch_add(1) < ledger::kSubscribersMax) return absl::OkStatus();
  subscribers_.fetch_sub(1);
  return ledger::Error(ledger::Reason::kQueueFull,
                       absl::StrCat("There are ", ledger::kSubscribersMax,
                                    " subscriptions already, as many as this server serves."))
      .Next("Try again later, or end a subscription that is no longer needed.");
}

void SubscriptionHub::Leave() { subscribers_.fetch_sub(1); }

bool SubscriptionHub::Sleep(Sleeper* sleeper, ledger::TreeSize position, int64_t timeout_micros) {
  MutexLock lock(mutex_);
  if (closing() || sleeper->cancelled()) return false;
  sleeping_.fetch_add(1);
  if (source_.size() > position) {
    sleeping_.fetch_sub(1);
    return false;
  }
  naps_[sleeper] = {position, NowMicros() + timeout_micros};
  ScheduleTick();
  return true;
}

bool SubscriptionHub::Cancel(Sleeper* sleeper) {
  MutexLock lock(mutex_);
  if (naps_.erase(sleeper) == 0) return false;
  sleeping_.fetch_sub(1);
  return true;
}

void SubscriptionHub::Committed() {
  // A read-modify-write, so that it is ordered against the one in Sleep.
  if (sleeping_.fetch_add(0) == 0) return;
  if (wake_posted_.exchange(true)) return;
  workers_.Post([this] { WakeDue(); });
}

void SubscriptionHub::WakeDue() {
  wake_posted_.store(false);
  std::vector<Sleeper*> due;
  {
    MutexLock lock(mutex_);
    const ledger::TreeSize size = source_.size();
    const int64_t now = NowMicros();
    for (auto it = naps_.begin(); it != naps_.end();) {
      const Nap& nap = it->second;
      if (size > nap.position || nap.until_micros <= now || closing()) {
        due.push_back(it->first);
        naps_.erase(it++);
      } else {
        ++it;
      }
    }
    sleeping_.fetch_sub(due.size());
  }
  for (Sleeper* const sleeper : due) workers_.Post([sleeper] { sleeper->Awake(); });
}

void SubscriptionHub::ScheduleTick() {
  if (tick_scheduled_ || closing()) return;
  tick_scheduled_ = true;
  workers_.After(kTickMicros, [this] {
    WakeDue();
    MutexLock lock(mutex_);
    tick_scheduled_ = false;
    if (!naps_.empty()) ScheduleTick();
  });
}

void SubscriptionHub::Close() {
  {
    MutexLock lock(mutex_);
    if (closing_.exchange(true)) return;
  }
  source_.RemoveListener(listener_);
  WakeDue();
}

}  // namespace scrutiny::services
