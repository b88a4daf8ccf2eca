// ledger/format/tar.h
// A canonical subset of POSIX ustar: one byte string for one list of members. What exports are
// written in, so that any tar program unpacks them and ours accounts for every byte.
//
// Guarantees:  what the reader accepts, the writer would write again byte for byte: it refuses any
//              other header, padding or end, and anything behind the end.
// Threads:     thread-compatible.
// Errors:      kCorrupt naming the offset and the member; kOverLimit for a member that is too long;
//              whatever the sink or the file fails with.
// Limits:      kTarNameBytesMax, kTarMemberBytesMax; memory independent of both.
// Format:      ledger/FORMAT.md, "Export bundles".   Tests: tests/ledger/format/tar_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_TAR_H_
#define SCRUTINY_LEDGER_FORMAT_TAR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace scrutiny::ledger {

// Headers, padding and end are made of blocks of this size.
inline constexpr size_t kTarBlockBytes = 512;
// A name stands in the first field of the header alone.
inline constexpr size_t kTarNameBytesMax = 100;
// Eleven octal digits.
inline constexpr uint64_t kTarMemberBytesMax = (uint64_t{1} << 33) - 1;

// Segments of [A-Za-z0-9._-] with single slashes between them, none of them "." or "..".
absl::Status ValidateTarName(absl::string_view name);

// The one header of a member of this name and size; both must be valid.
std::string TarHeader(absl::string_view name, uint64_t size);

// How many zero bytes follow a content of this size.
constexpr size_t TarPaddingBytes(uint64_t size) {
  return static_cast<size_t>((kTarBlockBytes - size % kTarBlockBytes) % kTarBlockBytes);
}

class TarWriter {
 public:
  // Takes the bytes of the file, in order; an error of its own ends the writing.
  using Sink = std::function<absl::Status(absl::string_view bytes)>;

  explicit TarWriter(Sink sink) : sink_(std::move(sink)) {}

  // A whole member.
  absl::Status Add(absl::string_view name, absl::string_view content);
  // A member in pieces: its size first, then exactly that many bytes, then the end.
  absl::Status Begin(absl::string_view name, uint64_t size);
  absl::Status Write(absl::string_view bytes);
  absl::Status End();
  // The end of the file. Nothing can be written behind it.
  absl::Status Finish();

 private:
  Sink sink_;
  uint64_t left_ = 0;  // bytes of the member begun that are still to come
  size_t padding_ = 0;
  bool open_ = false;
  bool finished_ = false;
};

// Where a member stands.
struct TarMember {
  std::string name;
  uint64_t offset = 0;  // of its content
  uint64_t size = 0;
};

// Bytes that can be read at any place: a file, or a string in a test.
class TarSource {
 public:
  virtual ~TarSource() = default;
  // Reads `count` bytes from `offset` on; fewer only where the bytes end.
  virtual absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t count) const = 0;
};

// Walks the members without reading their contents, which the caller reads where they stand.
class TarReader {
 public:
  // Borrows the source.
  explicit TarReader(const TarSource& source) : source_(source) {}

  // The next member; nothing behind the last one, when the end was found as it must be. After an
  // error, the same error.
  absl::StatusOr<absl::optional<TarMember>> Next();

 private:
  absl::StatusOr<absl::optional<TarMember>> Read();

  const TarSource& source_;
  uint64_t at_ = 0;     // where the padding of the last member begins
  size_t padding_ = 0;  // its length
  std::string last_;    // name of the last member
  bool ended_ = false;
  absl::Status status_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_TAR_H_
