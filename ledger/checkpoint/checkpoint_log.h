// ledger/checkpoint/checkpoint_log.h
// Every checkpoint that is published, in a file outside the data folder, written before it is. A
// ledger that is rolled back, or forked, is behind it or differs from it.
//
// Guarantees:  Append returns OK only after the sync. A torn end, a write that never finished, is
//              passed over, and so is a last checkpoint that was changed, which looks the same; the
//              next Append cuts it off. Any other damage is refused. Opening changes nothing.
// Threads:     thread-compatible; confined to the checkpointer.
// Errors:      kCorrupt; kOverLimit (more than 1 MiB); kInternal with UNAVAILABLE where the disk
//              does not take it: then nothing was added, and unless a sync failed, it may be tried
//              again.
// Limits:      kCheckpointLogBytesMax; the file before is kept as `<path>.before`.
// Format:      ledger/FORMAT.md, "The checkpoint log".
// Tests:       tests/ledger/checkpoint/checkpoint_log_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINT_LOG_H_
#define SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/limits.h"

namespace scrutiny::ledger {

// The file is begun anew once it is this large: some 60,000 checkpoints.
inline constexpr size_t kCheckpointLogBytesMax = 16 * kMiB;

class CheckpointLog {
 public:
  // Opens a file that must be there.
  static absl::StatusOr<std::unique_ptr<CheckpointLog>> Open(const std::string& path);
  // Makes an empty one; the folder's entry is synced.
  static absl::Status Create(const std::string& path);

  ~CheckpointLog();
  CheckpointLog(const CheckpointLog&) = delete;
  CheckpointLog& operator=(const CheckpointLog&) = delete;

  // The newest; empty: there is none.
  const std::string& newest() const { return newest_; }

  absl::Status Append(absl::string_view note);

 private:
  CheckpointLog(std::string path, int file) : path_(std::move(path)), file_(file) {}

  absl::Status Read();
  absl::Status Write(absl::string_view frame);
  absl::Status BeginAnew();

  const std::string path_;
  int file_;
  uint64_t end_ = 0;   // of what is whole and synced
  bool torn_ = false;  // something stands behind the end
  std::string newest_;
  absl::Status failed_;  // a sync failed: what the disk holds is not known any more
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_CHECKPOINT_LOG_H_
