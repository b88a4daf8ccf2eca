// services/http/handler_pool.h
// The threads that run a server's handler, and the bounded queue before them.
//
// Guarantees:  what was taken runs, unless Stop comes first.
// Threads:     thread-safe.
// Limits:      waiting_max tasks wait; TryPost is false beyond it.
// Tests:       tests/services/http/handler_pool_test.cc
#ifndef SCRUTINY_SERVICES_HTTP_HANDLER_POOL_H_
#define SCRUTINY_SERVICES_HTTP_HANDLER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "ledger/base/mutex.h"

namespace scrutiny::services {

class HandlerPool {
 public:
  HandlerPool(size_t threads, size_t waiting_max);
  // Stops.
  ~HandlerPool();
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;

  // Runs it soon; false if too many wait, or it was stopped. Tasks do not throw.
  bool TryPost(std::function<void()> task);

  // Drops what waits, and returns when nothing runs any more.
  void Stop();

 private:
  void Run();

  const size_t waiting_max_;
  ledger::Mutex mutex_;
  ledger::CondVar changed_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // set once; joined by Stop
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_HTTP_HANDLER_POOL_H_
