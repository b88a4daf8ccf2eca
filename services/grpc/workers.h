// services/grpc/workers.h
// A few threads for what must not run on gRPC's own or on the sequencer's: reading from disk,
// folding registers, waiting.
//
// Guarantees:  what was posted before Stop runs; a timer that Stop finds still waiting does not.
// Threads:     thread-safe.
// Errors:      TryPost: kQueueFull.
// Limits:      kCallsWaitingMax calls that wait (TryPost); streams post one task each at a time.
// Tests:       tests/services/grpc/workers_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_WORKERS_H_
#define SCRUTINY_SERVICES_GRPC_WORKERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"

namespace scrutiny::services {

// Calls that may wait for a free thread.
inline constexpr size_t kCallsWaitingMax = 1024;

class Workers {
 public:
  explicit Workers(size_t threads);
  // Stops.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs it soon. Tasks do not throw.
  void Post(std::function<void()> task);
  // The same for a call, unless too many wait already.
  absl::Status TryPost(std::function<void()> call);
  // Runs it after a while.
  void After(int64_t micros, std::function<void()> task);

  // Runs what waits, then ends the threads; nothing may be posted any more.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_WORKERS_H_
