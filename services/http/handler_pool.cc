#include "services/http/handler_pool.h"

#include <algorithm>
#include <utility>

namespace scrutiny::services {

using ledger::MutexLock;

HandlerPool::HandlerPool(size_t threads, size_t waiting_max) : waiting_max_(waiting_max) {
  try {
    for (size_t i = 0; i < std::max<size_t>(threads, 1); ++i) {
      threads_.emplace_back([this] { Run(); });
    }
  } catch (...) {
    Stop();  // those that could be started
    throw;
  }
}

HandlerPool::~HandlerPool() { Stop(); }

bool HandlerPool::TryPost(std::function<void()> task) {
  {
    MutexLock lock(mutex_);
    if (stopped_ || waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(task));
  }
  changed_.Signal();
  return true;
}

void HandlerPool::Stop() {
  std::deque<std::function<void()>> dropped;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    dropped.swap(waiting_);
  }
  changed_.SignalAll();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void HandlerPool::Run() {
  for (;;) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      while (waiting_.empty() && !stopped_) changed_.Wait(mutex_);
      if (stopped_) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace scrutiny::services
