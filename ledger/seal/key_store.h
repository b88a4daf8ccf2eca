// ledger/seal/key_store.h
// The keys of those whose data is sealed, one a subject, outside the data folder and its backups.
// Each seal's own key lies beside its ciphertext, wrapped under its subject's key: so sealing
// writes here only for a subject's first seal, and destroying one key erases everything sealed for
// it.
//
// Guarantees:  a key handed out is durable; after a crash at any point the store opens as it was
//              before the operation or after it, and every key that was not erased is there. After
//              an erasure neither the files nor what was ever written to them gives the key back,
//              as far as EpochKeys destroys what it holds.
// Threads:     thread-safe; looking a key up takes a shared lock and no I/O; writes take turns.
// Lifetime:    borrows clock, randomness, files and epoch keys of the options, which must outlive
//              it.
// Errors:      kNotFound (no such key, or it was erased), kLedgerChanged, kCorrupt, kNotAuthorised
//              (others may read the files), kSealsUnavailable (a file could not be written: nothing
//              changed), kOutcomeUnknown and then kReadOnly until reopened, kOverLimit.
// Limits:      kSubjectKeysMax keys, kPendingErasuresMax erasures not yet recorded.
// Cost:        each write is one file with everything in it and two syncs.
// Format:      ledger/seal/README.md, "The keys file".
// Tests:       tests/ledger/seal/key_store_test.cc, key_store_crash_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_KEY_STORE_H_
#define SCRUTINY_LEDGER_SEAL_KEY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"
#include "ledger/seal/epoch_keys.h"
#include "ledger/seal/file_ops.h"
#include "ledger/seal/keys_file.h"
#include "ledger/seal/secret.h"
#include "ledger/seal/shared_mutex.h"

namespace scrutiny::ledger {

// Every write has all keys in it; a hundred thousand are 13 MB.
inline constexpr size_t kSubjectKeysMax = 100'000;
inline constexpr size_t kPendingErasuresMax = 100;
// What is sealed for nobody in particular is sealed for the office.
inline constexpr absl::string_view kOfficeSubject = "office";

// Whether something can be sealed for this subject: `office`, or the record of a person.
absl::Status ValidateSubject(absl::string_view subject, absl::string_view field = "sealed_for");

struct KeyStoreOptions {
  std::string dir;        // absolute; made, 0700, if it is not there
  std::string ledger_id;  // 16 bytes
  Clock* clock = nullptr;
  RandomSource* random = nullptr;   // thread-safe, fit for keys
  EpochKeys* epoch_keys = nullptr;  // null: files in the same folder
  FileOps* files = nullptr;         // null: the machine's
  // Whether a store may be made where there is none. False for a ledger that has seals already: its
  // keys are lost, not new.
  bool may_create = true;
};

struct SubjectKey {
  SubjectKeyId id;
  Secret key;
};

struct KeyStoreStats {
  uint64_t keys = 0;
  uint64_t erased_keys = 0;
  uint64_t pending_erasures = 0;
  uint64_t epoch = 0;
  std::string problem;  // why nothing can be written any more; empty: it can
};

class KeyStore {
 public:
  static absl::StatusOr<std::unique_ptr<KeyStore>> Open(const KeyStoreOptions& options);

  // The subject's key, made durably if there is none.
  absl::StatusOr<SubjectKey> KeyFor(const std::string& subject);

  // The same for several, in order, with one write at most.
  absl::StatusOr<std::vector<SubjectKey>> KeysFor(absl::Span<const std::string> subjects);

  // The key with this id; kNotFound if it was erased or never here.
  absl::StatusOr<Secret> Find(const SubjectKeyId& id) const;

  // Destroys the subject's key: takes it out, wraps all others under a new epoch key, remembers the
  // erasure, all in one file that replaces the old one; then destroys the old epoch key. The
  // erasure stays pending until it is recorded in the ledger and finished. The same request again
  // while it is pending gives the same erasure. kNotFound: the subject has no key.
  absl::StatusOr<PendingErasure> BeginErasure(const ErasureRequest& request);

  // Erasures that were begun, also by an earlier process, and not finished.
  std::vector<PendingErasure> pending() const;

  // The erasure is recorded. One that is not pending is OK.
  absl::Status FinishErasure(const ErasureId& erasure_id);

  // For erasures that the ledger records and a restored key store does not know, with the times
  // that are recorded; subjects are not looked at. Those of the keys that are here are destroyed,
  // as by an erasure, without leaving one pending; all of them are remembered as destroyed. Nothing
  // new: no write.
  absl::Status DestroyKeys(absl::Span<const Tombstone> erased);

  // Whether this store destroyed the key, or knows that it is destroyed.
  bool IsErased(const SubjectKeyId& id) const;
  // What is remembered of a destroyed key. Whose it was is empty if it was never here.
  absl::optional<Tombstone> ErasedKey(const SubjectKeyId& id) const;
  // Stands for which keys are known to be destroyed: another set, another mark. Empty: none is.
  std::string ErasedMark() const;

  // OK while changes are taken; kReadOnly once the store must be opened again. An erasure that is
  // pending then may not have destroyed its key yet.
  absl::Status CheckTakesChanges() const;

  // How often the subject was erased.
  uint32_t Erasures(const std::string& subject) const;

  // Whether the subject has a key now.
  bool HasKey(const std::string& subject) const;

  KeyStoreStats stats() const;

  // Copies the store into a folder of its own, which is made if it is not there and must be empty
  // and outside the store; with the epoch key, if EpochKeys keeps it in files.
  absl::Status BackupTo(const std::string& folder);

 private:
  using Row = std::shared_ptr<const KeyRow>;  // see KeysContent

  explicit KeyStore(const KeyStoreOptions& options);

  absl::Status OpenFolder(bool may_create);
  absl::Status Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status Create(bool half_made) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status DestroyOldEpochs() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status CreateKeys(absl::Span<const std::string> subjects)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  // An interrupted erasure's key is only gone with the epochs before: it is dated when they are.
  absl::Status CompleteDestruction() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  void DateNewestErasure(int64_t now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status CheckWritable() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::StatusOr<std::string> Encode(uint64_t epoch, const KeysContent& content)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status Replace(uint64_t epoch, const KeysContent& content)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  // Destroys keys and remembers these as destroyed, which all of them are among.
  absl::Status Destroy(const std::vector<Row>& gone, const std::vector<Tombstone>& tombstones,
                       absl::optional<PendingErasure> pending)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  void Forget(const std::vector<Row>& gone, const std::vector<Tombstone>& tombstones);
  absl::Status Latch(absl::string_view sentence) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status WriteBackup(const std::string& folder) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  bool FindAll(absl::Span<const std::string> subjects, std::vector<SubjectKey>* keys) const;
  std::string PathOf(absl::string_view name) const;

  const std::string dir_;
  const std::string ledger_id_;
  Clock& clock_;
  RandomSource& random_;
  FileOps& files_;
  const std::unique_ptr<EpochKeys> own_epoch_keys_;
  EpochKeys& epoch_keys_;
  std::unique_ptr<FolderLock> lock_;

  // Who is to be given a key by whoever writes next.
  Mutex wanted_mutex_;
  absl::flat_hash_set<std::string> wanted_ ABSL_GUARDED_BY(wanted_mutex_);

  // Held through a write; what is on the disk.
  mutable Mutex write_mutex_;
  uint64_t epoch_ ABSL_GUARDED_BY(write_mutex_) = 0;
  KeysContent content_ ABSL_GUARDED_BY(write_mutex_);
  std::string problem_ ABSL_GUARDED_BY(write_mutex_);

  // What is looked up: the same, indexed. Taken after write_mutex_ where both are.
  mutable SharedMutex index_mutex_;
  absl::flat_hash_map<std::string, Row> by_subject_ ABSL_GUARDED_BY(index_mutex_);
  absl::flat_hash_map<SubjectKeyId, Row> by_id_ ABSL_GUARDED_BY(index_mutex_);
  absl::flat_hash_set<SubjectKeyId> erased_ ABSL_GUARDED_BY(index_mutex_);
  absl::flat_hash_map<std::string, uint32_t> erasures_ ABSL_GUARDED_BY(index_mutex_);
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_KEY_STORE_H_
