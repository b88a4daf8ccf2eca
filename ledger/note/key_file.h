// ledger/note/key_file.h
// Private keys on disk: one a line, the newest first, readable by their owner alone.
//
// Guarantees:  a write is whole or nothing, and durable before OK; the file is never readable by
//              others, not for a moment. A file that others may read or write is refused. No error
//              quotes a key.
// Threads:     functions are thread-safe as far as the file system is.
// Errors:      kNotFound; kNotAuthorised (mode, owner, or the system refuses); kMalformed;
//              kOverLimit; kOutcomeUnknown for a failed write, whose sentence says whether the old
//              file stands.
// Limits:      kKeyFileBytesMax.
// Tests:       tests/ledger/note/key_file_test.cc
#ifndef SCRUTINY_LEDGER_NOTE_KEY_FILE_H_
#define SCRUTINY_LEDGER_NOTE_KEY_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "ledger/base/limits.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

inline constexpr size_t kKeyFileBytesMax = 64 * kKiB;

// Replaces the file (or the link that leads to one), or makes it, in a folder that exists. At least
// one key, no two of one name and id. What a power cut may leave beside it, IsUnfinishedKeyFile
// knows.
absl::Status WriteKeyFile(const std::string& path, absl::Span<const Signer> signers);

// Whether a file of this name is one that was begun, and may be removed where nobody writes.
bool IsUnfinishedKeyFile(absl::string_view name);

// The same for a file that does not exist yet; code kAlreadyExists if it does. Of two that run at
// once only one succeeds, so that no key is ever lost to another.
absl::Status CreateKeyFile(const std::string& path, absl::Span<const Signer> signers);

// At least one key. The file must be a regular one, owned by this user or root, with no permission
// for group or others; a link to such a file is followed.
absl::StatusOr<std::vector<Signer>> ReadKeyFile(const std::string& path);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_NOTE_KEY_FILE_H_
