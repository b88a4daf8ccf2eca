// ledger/verify/folder_log.h
// A log in a folder: `checkpoint`, `tile/…`, as an unpacked export or a static site holds it.
//
// Threads:     thread-safe.
// Errors:      those of LogReader.
// Format:      C2SP tlog-tiles.   Tests: tests/ledger/verify/folder_log_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_FOLDER_LOG_H_
#define SCRUTINY_LEDGER_VERIFY_FOLDER_LOG_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "ledger/verify/log_reader.h"

namespace scrutiny::ledger {

class FolderLog : public LogReader {
 public:
  explicit FolderLog(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::string> Checkpoint() override;
  // A partial tile or bundle that is gone is cut from the full one, as tlog-tiles allows.
  absl::StatusOr<std::string> Tile(TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

 private:
  absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max) const;

  const std::string folder_;
};

// The front of a full tile or bundle: `width` hashes or entries. What is too short, or no bundle,
// is kCorrupt.
absl::StatusOr<std::string> FrontOfTile(std::string full, uint32_t width);
absl::StatusOr<std::string> FrontOfBundle(std::string full, uint32_t width);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_FOLDER_LOG_H_
