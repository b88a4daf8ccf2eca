#include "projections/engine/batch_writer.h"

#include <utility>

#include "ledger/base/status.h"

namespace scrutiny::projections {

using ledger::MutexLock;

BatchWriter::~BatchWriter() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    closing_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

void BatchWriter::Start(Table::Batch& batch) {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  MutexLock lock(mutex_);
  SCRUTINY_CHECK(batch_ == nullptr) << "one batch at a time";
  batch_ = &batch;
  changed_.SignalAll();
}

absl::Status BatchWriter::Finish() {
  MutexLock lock(mutex_);
  while (batch_ != nullptr) changed_.Wait(mutex_);
  return std::exchange(outcome_, absl::OkStatus());
}

void BatchWriter::Work() {
  while (true) {
    Table::Batch* batch = nullptr;
    {
      MutexLock lock(mutex_);
      while (batch_ == nullptr && !closing_) changed_.Wait(mutex_);
      if (batch_ == nullptr) return;
      batch = batch_;
    }
    absl::Status written = table_.Write(*batch);
    MutexLock lock(mutex_);
    outcome_ = std::move(written);
    batch_ = nullptr;
    changed_.SignalAll();
  }
}

}  // namespace scrutiny::projections
