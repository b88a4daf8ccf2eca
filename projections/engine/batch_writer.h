// projections/engine/batch_writer.h
// Writes one batch while the next is being folded: catching up is bound by folding and by writing
// alike, and a machine with two cores does both at once.
//
// Guarantees:  batches are written in the order in which they were started.
// Threads:     confined to one user; has a thread of its own, from the first Start on.
// Errors:      those of the write, from Finish.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_BATCH_WRITER_H_
#define SCRUTINY_PROJECTIONS_ENGINE_BATCH_WRITER_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "ledger/base/mutex.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

class BatchWriter {
 public:
  explicit BatchWriter(Table& table) : table_(table) {}
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  // Starts writing; the batch must stay as it is until Finish. None may be under way.
  void Start(Table::Batch& batch);
  // Waits for what is under way and gives its outcome; OK if there is nothing.
  absl::Status Finish();

 private:
  void Work();

  Table& table_;
  ledger::Mutex mutex_;
  ledger::CondVar changed_;
  Table::Batch* batch_ ABSL_GUARDED_BY(mutex_) = nullptr;  // under way
  absl::Status outcome_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_BATCH_WRITER_H_
