// ledger/checkpoint/identity.h
// The folder that says which log this is, outside the data folder: the private keys that sign its
// checkpoints and the log of those that were signed. Whoever restores an old copy of the data has
// not restored this, and so the difference shows.
//
// Guarantees:  a key is on the disk before anything names it; no key is ever overwritten; one
//              server at a time has the folder.
// Threads:     thread-compatible; confined to who opens, then to the checkpointer.
// Errors:      FAILED_PRECONDITION (in use by another server; not this ledger's; the key or the
//              checkpoint log is missing), kCorrupt, and those of ReadKeyFile.
// Format:      `key` (mode 0600, a private key a line, the newest first), `checkpoints`; those of
//              earlier incarnations as `key.<n>`, `checkpoints.<n>`, and where a number comes again
//              `<n>.2` and so on. ledger/FORMAT.md.
// Tests:       tests/ledger/checkpoint/identity_test.cc
#ifndef SCRUTINY_LEDGER_CHECKPOINT_IDENTITY_H_
#define SCRUTINY_LEDGER_CHECKPOINT_IDENTITY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/random.h"
#include "ledger/checkpoint/checkpoint_log.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

class Identity {
 public:
  // Opens the folder, making it (mode 0700) if it is not there, and takes it for this process.
  static absl::StatusOr<std::unique_ptr<Identity>> Open(const std::string& folder);
  ~Identity();
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  const std::string& folder() const { return folder_; }

  // For a new ledger: makes the key of this origin and an empty checkpoint log, and returns the
  // verifier key. Refused where the folder has signed checkpoints of another ledger.
  absl::StatusOr<std::string> MakeKey(absl::string_view origin, RandomSource& random);

  // For a new incarnation: makes its key beside the one in use, which AdoptNext puts in its place
  // once the ledger names it; returns the verifier key.
  absl::StatusOr<std::string> MakeNextKey(absl::string_view origin, RandomSource& random);
  // Puts the next key and an empty checkpoint log in the place of those of incarnation `before`.
  absl::Status AdoptNext(uint32_t before);
  // The newest incarnation that this folder has been of, 0 if it cannot tell: data that is restored
  // from an older copy does not know of it.
  absl::StatusOr<uint32_t> LastKnownIncarnation() const;
  // The verifier key made by MakeNextKey and not adopted yet; empty: none.
  absl::StatusOr<std::string> next_key() const;

  // For a rotation: makes another key of this origin, durable, in front of the others; one that an
  // attempt cut short left there, which is not among those in use, is taken.
  absl::StatusOr<std::string> MakeRotatedKey(absl::string_view origin,
                                             absl::Span<const std::string> in_use,
                                             RandomSource& random);

  // The keys there are, the newest first; none in a folder that is new.
  absl::StatusOr<std::vector<Signer>> ReadKeys() const;

  // The checkpoint log, which must be there.
  absl::StatusOr<std::unique_ptr<CheckpointLog>> OpenLog() const;

  // The newest checkpoint in the log as it lies there; empty if there is none, or no log.
  absl::StatusOr<std::string> NewestCheckpoint() const;

 private:
  Identity(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  std::string File(absl::string_view name) const;
  absl::Status RemoveUnfinished();
  // Puts a key file aside with which nothing was signed.
  absl::Status KeepUnused(absl::string_view name, RandomSource& random);
  // Gives a file of an earlier incarnation the name under which it is kept.
  absl::Status MoveAside(absl::string_view name, uint32_t incarnation);

  const std::string folder_;
  const int lock_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_CHECKPOINT_IDENTITY_H_
