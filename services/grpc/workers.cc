#include "services/grpc/workers.h"

#include <atomic>
#include <chrono>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/thread_pool.hpp"

#include "ledger/base/error.h"
#include "ledger/base/mutex.h"

namespace scrutiny::services {

using ledger::Mutex;
using ledger::MutexLock;

struct Workers::Impl {
  using Timer = boost::asio::steady_timer;

  explicit Impl(size_t threads) : pool(threads) {}

  boost::asio::thread_pool pool;
  std::atomic<size_t> waiting{0};
  Mutex mutex;
  bool stopped ABSL_GUARDED_BY(mutex) = false;
  // Those that wait, so that Stop can end them: the threads would wait for them otherwise.
  absl::flat_hash_set<Timer*> timers ABSL_GUARDED_BY(mutex);
};

Workers::Workers(size_t threads) : impl_(std::make_unique<Impl>(threads)) {}

Workers::~Workers() { Stop(); }

void Workers::Post(std::function<void()> task) { boost::asio::post(impl_->pool, std::move(task)); }

absl::Status Workers::TryPost(std::function<void()> call) {
  Impl* const impl = impl_.get();
  if (impl->waiting.fetch_add(1) >= kCallsWaitingMax) {
    impl->waiting.fetch_sub(1);
    return ledger::Error(ledger::Reason::kQueueFull, "Too many requests wait for an answer.")
        .Next("Try again in a moment.");
  }
  Post([impl, call = std::move(call)] {
    impl->waiting.fetch_sub(1);
    call();
  });
  return absl::OkStatus();
}

void Workers::After(int64_t micros, std::function<void()> task) {
  Impl* impl = impl_.get();
  MutexLock lock(impl->mutex);
  if (impl->stopped) return;
  // Shared, because the timer must live until its handler has run.
  auto timer = std::make_shared<Impl::Timer>(impl->pool, std::chrono::microseconds(micros));
  impl->timers.insert(timer.get());
  timer->async_wait(
      [impl, timer, task = std::move(task)](const boost::system::error_code& cancelled) {
        {
          MutexLock lock(impl->mutex);
          impl->timers.erase(timer.get());
          if (impl->stopped) return;
        }
        if (!cancelled) task();
      });
}

void Workers::Stop() {
  {
    MutexLock lock(impl_->mutex);
    if (impl_->stopped) return;
    impl_->stopped = true;
    for (Impl::Timer* timer : impl_->timers) {
      boost::system::error_code ignored;
      timer->cancel(ignored);
    }
  }
  impl_->pool.join();
}

}  // namespace scrutiny::services
