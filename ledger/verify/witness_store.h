// ledger/verify/witness_store.h
// What a witness must never forget: its key, and for each log the latest checkpoint it cosigned. A
// folder with a file for each.
//
// Guarantees:  what was put is on the disk before Put returns OK, whole or not at all, whatever is
//              killed or cut off in between. One process at a time has the folder.
// Threads:     thread-compatible; its user holds a lock.
// Errors:      kMalformed (another name than the key's), kCorrupt (a file that this witness did not
//              write), UNAVAILABLE (another witness has the folder, or it cannot be written). After
//              a failed Put, what is on the disk is not known: nothing more may be cosigned.
// Format:      `key` as ledger/note/key_file.h; `<hex SHA-256 of the origin>.checkpoint`, the
//              signed note with the witness's own cosignature last.
// Tests:       tests/ledger/verify/witness_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_WITNESS_STORE_H_
#define SCRUTINY_LEDGER_VERIFY_WITNESS_STORE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/random.h"
#include "ledger/note/vkey.h"

namespace scrutiny::ledger {

// The name under which a log's checkpoint is kept and asked for.
std::string OriginHash(absl::string_view origin);

class WitnessStore {
 public:
  // Makes the folder and, the first time, a key of this name. Later, `name` is empty or the key's;
  // empty the first time, one is made up.
  static absl::StatusOr<std::unique_ptr<WitnessStore>> Open(const std::string& folder,
                                                            absl::string_view name,
                                                            RandomSource& random);
  ~WitnessStore();
  WitnessStore(const WitnessStore&) = delete;
  WitnessStore& operator=(const WitnessStore&) = delete;

  const Signer& signer() const { return *signer_; }

  // The note kept for this origin; nothing if none was ever put.
  absl::StatusOr<absl::optional<std::string>> Get(absl::string_view origin) const;
  // Replaces it, durably.
  absl::Status Put(absl::string_view origin, absl::string_view note);

 private:
  WitnessStore(std::string folder, int descriptor);

  absl::Status OpenKey(absl::string_view name, RandomSource& random);
  std::string PathOf(absl::string_view origin) const;

  const std::string folder_;
  const int descriptor_;  // of the folder, with the lock on it
  absl::optional<Signer> signer_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_WITNESS_STORE_H_
