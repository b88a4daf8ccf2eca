// projections/engine/rocks.h
// The one place where RocksDB's errors become ours, and its slices our views.
//
// Threads:  pure functions.
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ROCKS_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ROCKS_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

#include "ledger/base/error.h"

namespace scrutiny::projections {

inline rocksdb::Slice ToSlice(absl::string_view text) {
  return rocksdb::Slice(text.data(), text.size());
}

inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

// `doing` completes "The registers' files failed while …".
inline absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const ledger::Reason reason =
      status.IsCorruption() ? ledger::Reason::kCorrupt : ledger::Reason::kReadOnly;
  return ledger::Error(reason, absl::StrCat("The registers' files failed while ", doing, ": ",
                                            status.ToString(), "."))
      .Next("Free space or mend the disk, then rebuild the register; the ledger is not affected.");
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ROCKS_H_
