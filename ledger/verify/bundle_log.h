// ledger/verify/bundle_log.h
// An export in one file, read where it lies: its members, indexed once, and the log in it.
//
// Guarantees:  Open takes only a file whose members are those of one of the two layouts, in order
//              and complete, with every byte between them as it must be. The contents are not
//              looked at: CheckSums and VerifyBundle do.
// Threads:     thread-safe.
// Errors:      kCorrupt naming the member that is wrong; those of reading a file.
// Limits:      memory: 16 bytes a member, 24 where records were chosen.
// Format:      ledger/FORMAT.md, "Export bundles".   Tests:
// tests/ledger/verify/verify_bundle_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_BUNDLE_LOG_H_
#define SCRUTINY_LEDGER_VERIFY_BUNDLE_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/base/ids.h"
#include "ledger/format/tar.h"
#include "ledger/verify/files.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/tile_layout.h"

namespace scrutiny::ledger {

// Larger than any list of records anybody asks for, and than any description of formats.
inline constexpr size_t kBundleTextBytesMax = 16 * kMiB;

class BundleLog : public LogReader {
 public:
  static absl::StatusOr<std::unique_ptr<BundleLog>> Open(const std::string& path);

  // Whether it holds the whole log, or chosen records alone: then it has no tiles.
  bool whole_log() const { return whole_log_; }
  // The size its checkpoint claims, which nothing here verifies.
  TreeSize size() const { return size_; }

  absl::StatusOr<std::string> Checkpoint() override;
  absl::StatusOr<std::string> Tile(TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

  // Chosen records: the names and prefixes asked for, and the entries in order.
  absl::StatusOr<std::string> Records() const;
  const std::vector<Sequence>& entries() const { return entries_; }
  absl::StatusOr<std::string> Entry(size_t i) const;
  absl::StatusOr<std::string> Proof(size_t i) const;

  // Members, the checksums not counted.
  uint64_t members() const { return members_.size() - 1; }
  std::string MemberName(uint64_t place) const;
  // Its bytes, piece by piece.
  absl::Status ReadMember(uint64_t place, const std::function<void(absl::string_view)>& take) const;
  // The member behind all others.
  absl::StatusOr<std::string> Sums() const;

 private:
  struct Place {
    uint64_t offset = 0;
    uint64_t size = 0;
  };

  explicit BundleLog(std::unique_ptr<OpenFile> file)
      : file_(std::move(file)), layout_(TreeSize()) {}

  absl::Status Index();
  absl::Status IndexTiles(TarReader* members, absl::optional<TarMember> next);
  absl::Status IndexEntries(TarReader* members);
  absl::Status CheckLast(TarReader* members, const absl::optional<TarMember>& last);
  absl::StatusOr<std::string> Read(uint64_t place, size_t bytes_max) const;
  absl::StatusOr<std::string> ReadPath(const TileRequest& request, size_t bytes_max) const;

  const std::unique_ptr<OpenFile> file_;
  bool whole_log_ = true;
  TreeSize size_;
  TileLayout layout_;
  std::vector<Place> members_;
  std::vector<Sequence> entries_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_BUNDLE_LOG_H_
