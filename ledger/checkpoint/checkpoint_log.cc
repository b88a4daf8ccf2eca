#include "ledger/checkpoint/checkpoint_log.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/hash.h"

namespace scrutiny::ledger {
namespace {

// A frame: u32 length, the note, the first 8 bytes of its SHA-256.
constexpr size_t kLengthBytes = sizeof(uint32_t);
constexpr size_t kSumBytes = 8;
constexpr size_t kNoteBytesMost = kMiB;

std::string FrameOf(absl::string_view note) {
  std::string frame;
  AppendBigEndian(static_cast<uint32_t>(note.size()), &frame);
  frame.append(note.data(), note.size());
  frame.append(reinterpret_cast<const char*>(Sha256Of(note).data()), kSumBytes);
  return frame;
}

// The note of the frame in front of the bytes, which is then taken off; nothing if it is not whole.
absl::optional<absl::string_view> TakeFrame(absl::string_view* bytes) {
  absl::string_view rest = *bytes;
  uint32_t length = 0;
  if (!TakeBigEndian(&rest, &length) || length > kNoteBytesMost ||
      rest.size() < length + kSumBytes) {
    return absl::nullopt;
  }
  const absl::string_view note = rest.substr(0, length);
  if (std::memcmp(Sha256Of(note).data(), rest.data() + length, kSumBytes) != 0) {
    return absl::nullopt;
  }
  bytes->remove_prefix(kLengthBytes + length + kSumBytes);
  return note;
}

// Whether these bytes, behind the last whole frame, are what a write that never finished leaves:
// the front of one frame, or zeros where it or its front was to stand. Bytes of the last frame that
// were changed later look the same; a frame whose length was changed seems to reach beyond the end
// as well, but then there are whole ones behind it.
bool IsTorn(absl::string_view rest) {
  if (rest.size() > kLengthBytes + kNoteBytesMost + kSumBytes) return false;
  if (rest.find_first_not_of('\0') == absl::string_view::npos) return true;
  uint32_t length = 0;
  absl::string_view behind = rest;
  if (TakeBigEndian(&behind, &length) && length != 0 &&
      (length > kNoteBytesMost || behind.size() > length + kSumBytes)) {
    return false;
  }
  for (size_t at = 1; at < rest.size(); ++at) {
    behind = rest.substr(at);
    if (TakeFrame(&behind)) return false;
  }
  return true;
}

constexpr char kMend[] = "Put the disk or the folder right; until then no checkpoint is signed.";
// What a failed sync left is not known, so that nothing is written behind it.
constexpr char kRestart[] =
    "Put the disk right and restart the server; until then no checkpoint is signed.";

absl::Status FileError(absl::string_view doing, const std::string& path,
                       absl::string_view next = kMend) {
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat("The checkpoint log ", path, " cannot be ", doing, ": ",
                            std::strerror(errno), "."))
      .Value(path)
      .Next(next);
}

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const absl::Status status = synced ? absl::OkStatus() : FileError("written", path);
  if (file >= 0) ::close(file);
  return status;
}

}  // namespace

absl::Status CheckpointLog::Create(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return FileError("made", path);
  const absl::Status status = ::fsync(file) == 0 ? absl::OkStatus() : FileError("written", path);
  ::close(file);
  return status.ok() ? SyncFolderOf(path) : status;
}

absl::StatusOr<std::unique_ptr<CheckpointLog>> CheckpointLog::Open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return FileError("opened", path);
  std::unique_ptr<CheckpointLog> log(new CheckpointLog(path, file));
  SCRUTINY_RETURN_IF_ERROR(log->Read());
  return log;
}

CheckpointLog::~CheckpointLog() {
  if (file_ >= 0) ::close(file_);
}

absl::Status CheckpointLog::Read() {
  struct stat info = {};
  if (::fstat(file_, &info) != 0) return FileError("read", path_);
  std::string bytes(static_cast<size_t>(info.st_size), '\0');
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(file_, bytes.data() + at, bytes.size() - at, at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return FileError("read", path_);
    at += static_cast<size_t>(got);
  }
  absl::string_view rest = bytes;
  while (!rest.empty()) {
    const absl::optional<absl::string_view> note = TakeFrame(&rest);
    if (!note) break;
    newest_.assign(note->data(), note->size());
  }
  end_ = bytes.size() - rest.size();
  if (rest.empty()) return absl::OkStatus();
  if (!IsTorn(rest)) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The checkpoint log ", path_, " is damaged at byte ", end_, "."))
        .Value(path_)
        .Next(
            "Restore the file from a copy. If there is none, --new-incarnation goes on under a new "
            "origin, for which what was signed before does not count.");
  }
  torn_ = true;
  return absl::OkStatus();
}

absl::Status CheckpointLog::Write(absl::string_view frame) {
  if (torn_) {
    if (::ftruncate(file_, static_cast<off_t>(end_)) != 0 || ::fsync(file_) != 0) {
      return FileError("written", path_);
    }
    torn_ = false;
  }
  for (size_t at = 0; at < frame.size();) {
    const ssize_t put =
        ::pwrite(file_, frame.data() + at, frame.size() - at, static_cast<off_t>(end_ + at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      const absl::Status status = FileError("written", path_);
      const absl::Status for_good = FileError("written", path_, kRestart);
      // What of it was written must not stand in front of the next.
      if (::ftruncate(file_, static_cast<off_t>(end_)) == 0) return status;
      failed_ = for_good;
      return failed_;
    }
    at += static_cast<size_t>(put);
  }
  if (::fdatasync(file_) != 0) {
    failed_ = FileError("synced", path_, kRestart);
    return failed_;
  }
  return absl::OkStatus();
}

absl::Status CheckpointLog::BeginAnew() {
  // The new file holds the newest checkpoint before it takes the old one's place.
  const std::string beside = path_ + ".new";
  const int file = ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return FileError("begun anew", path_);
  CheckpointLog next(beside, file);
  const std::string frame = FrameOf(newest_);
  SCRUTINY_RETURN_IF_ERROR(next.Write(frame));
  const std::string before = path_ + ".before";
  if ((::unlink(before.c_str()) != 0 && errno != ENOENT) ||
      ::link(path_.c_str(), before.c_str()) != 0 || ::rename(beside.c_str(), path_.c_str()) != 0) {
    return FileError("begun anew", path_);
  }
  failed_ = SyncFolderOf(path_);
  SCRUTINY_RETURN_IF_ERROR(failed_);
  std::swap(file_, next.file_);
  end_ = frame.size();
  return absl::OkStatus();
}

absl::Status CheckpointLog::Append(absl::string_view note) {
  if (!failed_.ok()) return failed_;
  if (note.size() > kNoteBytesMost) {
    return Error(Reason::kOverLimit, absl::StrCat("A checkpoint has at most ", kNoteBytesMost,
                                                  " bytes; this one has ", note.size(), "."));
  }
  if (end_ >= kCheckpointLogBytesMax) SCRUTINY_RETURN_IF_ERROR(BeginAnew());
  const std::string frame = FrameOf(note);
  SCRUTINY_RETURN_IF_ERROR(Write(frame));
  end_ += frame.size();
  newest_.assign(note.data(), note.size());
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
