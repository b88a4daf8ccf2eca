#include "ledger/store/rocks_status.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace scrutiny::ledger {
namespace {

// RocksDB tells a held lock from other errors by its words alone.
bool IsLocked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() &&
         (absl::StrContains(text, "While lock file") || absl::StrContains(text, "lock hold by"));
}

bool IsOfLaterVersion(const rocksdb::Status& status) {
  return status.IsInvalidArgument() && absl::StrContains(status.ToString(), "Column families not");
}

}  // namespace

std::string DetailOf(const rocksdb::Status& status) {
  return Printable(status.ToString(), kErrorValueBytesMax);
}

absl::Status OpenError(const rocksdb::Status& status, absl::string_view path,
                       absl::string_view remedy) {
  if (status.ok()) return absl::OkStatus();
  if (IsLocked(status)) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kUnspecified,
                 absl::StrCat("Another server has this ledger open (", path, ")."))
        .Value(path)
        .Next("Stop the other server, or name another data folder.");
  }
  if (IsOfLaterVersion(status)) {
    return Error(Reason::kCorrupt,
                 absl::StrCat(path, " was written by a later version of this program (",
                              DetailOf(status), ")."))
        .Value(path)
        .Next("Open it with the version that wrote it.");
  }
  // A file that RocksDB expects and does not find is damage as much as one it cannot read.
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() ||
      status.IsInvalidArgument() || absl::StrContains(status.ToString(), "No such file")) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The files in ", path,
                              " are damaged or incomplete: ", DetailOf(status), "."))
        .Value(path)
        .Next(remedy);
  }
  if (status.IsNoSpace()) {
    return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
                 absl::StrCat("The disk that holds ", path, " is full."))
        .Value(path)
        .Next("Free space on the disk and try again.");
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat(path, " could not be opened: ", DetailOf(status), "."))
      .Value(path)
      .Next("See to the disk and the rights to the folder, and try again.");
}

absl::Status ReadError(const rocksdb::Status& status, absl::string_view what,
                       absl::string_view remedy) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsIOError()) {
    return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
                 absl::StrCat(what, " could not be read from the disk: ", DetailOf(status), "."))
        .Next("Try again; if it stays so, see to the disk.");
  }
  return Error(Reason::kCorrupt, absl::StrCat(what, " are damaged: ", DetailOf(status), "."))
      .Next(remedy);
}

absl::Status WriteError(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::string_view why = status.IsNoSpace() ? "The disk is full" : "Writing failed";
  return Error(Reason::kOutcomeUnknown,
               absl::StrCat(
                   why, ", so it is not known whether this was recorded: ", DetailOf(status), "."))
      .Next(
          "Put the disk right, start the server again, and send the same request with the same "
          "request id.");
}

}  // namespace scrutiny::ledger
