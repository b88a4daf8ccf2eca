#include "ledger/seal/key_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/paths.h"
#include "ledger/base/status.h"
#include "ledger/format/check.h"
#include "ledger/format/hash.h"
#include "ledger/seal/aead.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kKeysName = "keys";
constexpr absl::string_view kNewKeysName = "keys.new";
// There while a store is made for the first time: without it, a folder that has no keys file has
// lost it.
constexpr absl::string_view kCreatingName = "creating";
constexpr absl::string_view kPersonKind = "persons";
constexpr size_t kPrincipalBytesMax = 1000;

// Gives a failed file a reason; what has one already says more.
absl::Status Unavailable(const absl::Status& status, absl::string_view sentence) {
  if (status.ok() || ReasonOf(status) != Reason::kUnspecified) return status;
  return Error(absl::StatusCode::kUnavailable, Reason::kSealsUnavailable,
               absl::StrCat(sentence, ": ", status.message(), "."))
      .Next("Look at the disk and the rights of the key store's folder, then try again.");
}

absl::Status Unopened(const absl::Status& status) {
  return Unavailable(status, "The key store cannot be opened");
}

absl::Status Unwritten(const absl::Status& status) {
  return Unavailable(status, "The key store could not be written, and nothing was changed");
}

Error Missing(absl::string_view dir, absl::string_view sentence) {
  return Error(Reason::kCorrupt, sentence)
      .Value(dir)
      .Next("Restore the key store from its backup: what is sealed cannot be read without it.");
}

bool ByRowId(const std::shared_ptr<const KeyRow>& a, const std::shared_ptr<const KeyRow>& b) {
  return a->id < b->id;
}

// What an erasure will record in the ledger, judged before anything is destroyed.
absl::Status CheckRecordable(const ErasureRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(ValidateSubject(request.subject, "subject"));
  SCRUTINY_RETURN_IF_ERROR(ValidateRequestId(request.request_id));
  if (request.principal.size() > kPrincipalBytesMax) {
    return Error(Reason::kOverLimit, "The principal of an erasure is too long.");
  }
  event::v1::Proposed proposed;
  proposed.set_record("ledger/erasures");
  event::v1::SealsErased& erased = *proposed.mutable_seals_erased();
  erased.set_erasure_id(std::string(kErasureIdBytes, '\0'));
  erased.set_reason(request.reason);
  erased.set_authority(request.authority);
  return CheckProposed(proposed, Author::kServer);
}

}  // namespace

absl::Status ValidateSubject(absl::string_view subject, absl::string_view field) {
  if (subject == kOfficeSubject) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(ValidateRecordName(subject, field));
  if (RecordKind(subject) == kPersonKind) return absl::OkStatus();
  return Error(Reason::kMalformed,
               absl::StrCat("\"", subject, "\" is nobody something can be sealed for."))
      .Field(field)
      .Value(subject)
      .Next("Name a record that starts with persons/, or office.");
}

KeyStore::KeyStore(const KeyStoreOptions& options)
    : dir_(options.dir),
      ledger_id_(options.ledger_id),
      clock_(*options.clock),
      random_(*options.random),
      files_(options.files != nullptr ? *options.files : SystemFiles()),
      own_epoch_keys_(options.epoch_keys != nullptr
                          ? nullptr
                          : std::make_unique<FileEpochKeys>(options.dir, files_, random_)),
      epoch_keys_(options.epoch_keys != nullptr ? *options.epoch_keys : *own_epoch_keys_) {}

std::string KeyStore::PathOf(absl::string_view name) const { return absl::StrCat(dir_, "/", name); }

// --- Opening.

absl::StatusOr<std::unique_ptr<KeyStore>> KeyStore::Open(const KeyStoreOptions& options) {
  SCRUTINY_CHECK(options.clock != nullptr && options.random != nullptr);
  SCRUTINY_CHECK(options.ledger_id.size() == 16) << "a ledger id has 16 bytes";
  std::unique_ptr<KeyStore> store(new KeyStore(options));
  SCRUTINY_RETURN_IF_ERROR(Unopened(store->OpenFolder(options.may_create)));
  return store;
}

absl::Status KeyStore::OpenFolder(bool may_create) {
  const absl::Status found = files_.Mode(dir_).status();
  if (absl::IsNotFound(found)) {
    if (!may_create) return Missing(dir_, absl::StrCat("The key store ", dir_, " is missing."));
    SCRUTINY_RETURN_IF_ERROR(files_.MakeFolder(dir_));
  } else {
    SCRUTINY_RETURN_IF_ERROR(found);
  }
  SCRUTINY_RETURN_IF_ERROR(CheckOwnerOnly(files_, dir_));
  absl::StatusOr<std::unique_ptr<FolderLock>> lock = files_.Lock(dir_);
  if (absl::IsFailedPrecondition(lock.status())) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kSealsUnavailable,
                 absl::StrCat("Another server uses the key store ", dir_, "."))
        .Value(dir_)
        .Next("Stop that server, or give this one a folder of its own with --keys.");
  }
  SCRUTINY_RETURN_IF_ERROR(lock.status());
  lock_ = *std::move(lock);

  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.List(dir_));
  const auto has = [&names](absl::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  MutexLock write(write_mutex_);
  if (!has(kKeysName)) {
    const bool half_made = has(kCreatingName);
    const bool held_keys = std::any_of(names.begin(), names.end(), [](const std::string& name) {
      return name == kNewKeysName || absl::StartsWith(name, "epoch-");
    });
    if (!half_made && (held_keys || !may_create)) {
      return Missing(dir_, absl::StrCat("The key store ", dir_, " has lost its keys file."));
    }
    return Create(half_made);
  }
  SCRUTINY_RETURN_IF_ERROR(Load());
  SCRUTINY_RETURN_IF_ERROR(CompleteDestruction());
  if (has(kNewKeysName)) SCRUTINY_RETURN_IF_ERROR(files_.Remove(PathOf(kNewKeysName)));
  if (has(kCreatingName)) SCRUTINY_RETURN_IF_ERROR(files_.Remove(PathOf(kCreatingName)));
  return absl::OkStatus();
}

absl::Status KeyStore::Load() {
  SCRUTINY_RETURN_IF_ERROR(CheckOwnerOnly(files_, PathOf(kKeysName)));
  SCRUTINY_ASSIGN_OR_RETURN(const Secret file, files_.Read(PathOf(kKeysName)));
  SCRUTINY_ASSIGN_OR_RETURN(const KeysHeader header, ParseKeysHeader(file.view()));
  if (header.ledger_id != ledger_id_) {
    return Error(Reason::kLedgerChanged,
                 absl::StrCat("The key store ", dir_, " belongs to another ledger."))
        .Value(dir_)
        .Next("Name the key store of this ledger with --keys.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(
      const Secret file_key,
      epoch_keys_.Unwrap(header.epoch, KeysFileContext(ledger_id_, header.epoch),
                         header.wrapped_file_key));
  SCRUTINY_ASSIGN_OR_RETURN(content_, OpenKeysFile(file.view(), file_key));
  epoch_ = header.epoch;

  WriterLock index(index_mutex_);
  for (const Row& row : content_.keys) {
    by_id_.emplace(row->id, row);
    by_subject_.emplace(row->subject, row);
  }
  for (const Tombstone& tombstone : content_.tombstones) {
    erased_.insert(tombstone.id);
    ++erasures_[tombstone.subject];
  }
  return absl::OkStatus();
}

absl::Status KeyStore::Create(bool half_made) {
  if (!half_made) {
    SCRUTINY_RETURN_IF_ERROR(files_.Create(PathOf(kCreatingName), ""));
    SCRUTINY_RETURN_IF_ERROR(files_.SyncFolder(dir_));
  } else if (own_epoch_keys_ != nullptr) {
    // No key was ever handed out under them.
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> epochs, epoch_keys_.Epochs());
    for (const uint64_t epoch : epochs) SCRUTINY_RETURN_IF_ERROR(epoch_keys_.Destroy(epoch));
  }
  SCRUTINY_ASSIGN_OR_RETURN(epoch_, epoch_keys_.Advance(0));
  content_.first_epoch = epoch_;
  SCRUTINY_RETURN_IF_ERROR(Replace(epoch_, content_));
  SCRUTINY_RETURN_IF_ERROR(files_.Remove(PathOf(kCreatingName)));
  return files_.SyncFolder(dir_);
}

absl::Status KeyStore::DestroyOldEpochs() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> epochs, epoch_keys_.Epochs());
  for (const uint64_t epoch : epochs) {
    // A number above ours was made for a file that never came to be; it hides nothing.
    if (epoch < content_.first_epoch || epoch >= epoch_) continue;
    SCRUTINY_RETURN_IF_ERROR(epoch_keys_.Destroy(epoch));
  }
  return absl::OkStatus();
}

absl::Status KeyStore::CompleteDestruction() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> before, epoch_keys_.Epochs());
  SCRUTINY_RETURN_IF_ERROR(DestroyOldEpochs());
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<uint64_t> after, epoch_keys_.Epochs());
  if (before == after || content_.pending.empty()) return absl::OkStatus();
  // Only the newest erasure can have been interrupted: none begins before the others are done.
  DateNewestErasure(clock_.WallMicros());
  return Replace(epoch_, content_);
}

void KeyStore::DateNewestErasure(int64_t now) {
  PendingErasure& newest = content_.pending.back();
  newest.erased_at_us = now;
  for (Tombstone& tombstone : content_.tombstones) {
    const auto& ids = newest.key_ids;
    if (std::find(ids.begin(), ids.end(), tombstone.id) != ids.end()) tombstone.erased_at_us = now;
  }
}

// --- Writing.

absl::Status KeyStore::CheckTakesChanges() const {
  MutexLock write(write_mutex_);
  return CheckWritable();
}

absl::Status KeyStore::CheckWritable() const {
  if (problem_.empty()) return absl::OkStatus();
  return Error(Reason::kReadOnly, absl::StrCat("The key store takes no changes: ", problem_))
      .Next("Open the key store again, by starting the server again.");
}

absl::Status KeyStore::Latch(absl::string_view sentence) {
  problem_ = std::string(sentence);
  return Error(Reason::kOutcomeUnknown, sentence)
      .Next("Start the server again and send the same request: it is then done once.");
}

absl::StatusOr<std::string> KeyStore::Encode(uint64_t epoch, const KeysContent& content) {
  Secret file_key(kAeadKeyBytes);
  random_.Fill(file_key.span());
  KeysHeader header;
  header.ledger_id = ledger_id_;
  header.epoch = epoch;
  SCRUTINY_ASSIGN_OR_RETURN(header.wrapped_file_key,
                            epoch_keys_.Wrap(epoch, KeysFileContext(ledger_id_, epoch), file_key));
  return EncodeKeysFile(header, file_key, content, random_);
}

absl::Status KeyStore::Replace(uint64_t epoch, const KeysContent& content) {
  const std::string fresh = PathOf(kNewKeysName);
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, Encode(epoch, content));
  // One that an earlier attempt left.
  const absl::Status removed = files_.Remove(fresh);
  if (!removed.ok() && !absl::IsNotFound(removed)) return removed;
  SCRUTINY_RETURN_IF_ERROR(files_.Create(fresh, bytes));
  absl::Status status = files_.Rename(fresh, PathOf(kKeysName));
  if (status.ok()) status = files_.SyncFolder(dir_);
  if (status.ok()) return status;
  return Latch(
      absl::StrCat("it is not known whether the last one was kept: ", status.message(), "."));
}

// --- Keys.

bool KeyStore::FindAll(absl::Span<const std::string> subjects,
                       std::vector<SubjectKey>* keys) const {
  keys->clear();
  keys->reserve(subjects.size());
  ReaderLock index(index_mutex_);
  for (const std::string& subject : subjects) {
    const auto found = by_subject_.find(subject);
    if (found == by_subject_.end()) return false;
    keys->push_back(SubjectKey{found->second->id, found->second->key.Copy()});
  }
  return true;
}

absl::StatusOr<SubjectKey> KeyStore::KeyFor(const std::string& subject) {
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<SubjectKey> keys,
                            KeysFor(absl::MakeConstSpan(&subject, 1)));
  return std::move(keys.front());
}

absl::StatusOr<std::vector<SubjectKey>> KeyStore::KeysFor(absl::Span<const std::string> subjects) {
  std::vector<SubjectKey> keys;
  if (FindAll(subjects, &keys)) return keys;
  for (const std::string& subject : subjects) SCRUTINY_RETURN_IF_ERROR(ValidateSubject(subject));
  {
    MutexLock lock(wanted_mutex_);
    wanted_.insert(subjects.begin(), subjects.end());
  }
  MutexLock write(write_mutex_);
  // Whoever wrote while this waited may have written these too.
  if (FindAll(subjects, &keys)) {
    MutexLock lock(wanted_mutex_);
    for (const std::string& subject : subjects) wanted_.erase(subject);
    return keys;
  }
  SCRUTINY_RETURN_IF_ERROR(CreateKeys(subjects));
  SCRUTINY_CHECK(FindAll(subjects, &keys)) << "keys just made are there";
  return keys;
}

absl::Status KeyStore::CreateKeys(absl::Span<const std::string> subjects) {
  absl::flat_hash_set<std::string> others;
  {
    MutexLock lock(wanted_mutex_);
    others.swap(wanted_);
  }
  SCRUTINY_RETURN_IF_ERROR(CheckWritable());
  KeysContent next = content_;
  std::vector<Row> made;
  absl::flat_hash_set<absl::string_view> seen;
  const int64_t now = clock_.WallMicros();
  const auto make = [&](const std::string& subject) {
    if (HasKey(subject) || !seen.insert(subject).second) return true;
    if (next.keys.size() >= kSubjectKeysMax) return false;
    auto row = std::make_shared<KeyRow>();
    random_.Fill(row->id);
    row->subject = subject;
    row->created_at_us = now;
    row->key = Secret(kAeadKeyBytes);
    random_.Fill(row->key.span());
    next.keys.push_back(row);
    made.push_back(std::move(row));
    return true;
  };
  for (const std::string& subject : subjects) {
    if (make(subject)) continue;
    return Error(Reason::kOverLimit, absl::StrCat("The key store holds ", kSubjectKeysMax,
                                                  " keys, which is all it may."))
        .Next("Seal for office what is not about one person.");
  }
  for (const std::string& subject : others) make(subject);
  std::sort(next.keys.begin(), next.keys.end(), ByRowId);
  SCRUTINY_RETURN_IF_ERROR(Unwritten(Replace(epoch_, next)));
  content_ = std::move(next);
  WriterLock index(index_mutex_);
  for (const Row& row : made) {
    by_id_.emplace(row->id, row);
    by_subject_.emplace(row->subject, row);
  }
  return absl::OkStatus();
}

absl::StatusOr<Secret> KeyStore::Find(const SubjectKeyId& id) const {
  ReaderLock index(index_mutex_);
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) return found->second->key.Copy();
  return Error(Reason::kNotFound, erased_.contains(id)
                                      ? "The key of what is sealed was destroyed."
                                      : "The key of what is sealed is not in this key store.");
}

bool KeyStore::HasKey(const std::string& subject) const {
  ReaderLock index(index_mutex_);
  return by_subject_.contains(subject);
}

// --- Erasing.

absl::Status KeyStore::Destroy(const std::vector<Row>& gone,
                               const std::vector<Tombstone>& tombstones,
                               absl::optional<PendingErasure> pending) {
  KeysContent next = content_;
  next.keys.erase(std::remove_if(next.keys.begin(), next.keys.end(),
                                 [&gone](const Row& row) {
                                   return std::find(gone.begin(), gone.end(), row) != gone.end();
                                 }),
                  next.keys.end());
  next.tombstones.insert(next.tombstones.end(), tombstones.begin(), tombstones.end());
  std::sort(next.tombstones.begin(), next.tombstones.end(),
            [](const Tombstone& a, const Tombstone& b) { return a.id < b.id; });
  if (pending.has_value()) next.pending.push_back(*std::move(pending));

  // Where no key goes, the epoch stays.
  const absl::StatusOr<uint64_t> epoch =
      gone.empty() ? absl::StatusOr<uint64_t>(epoch_) : epoch_keys_.Advance(epoch_);
  if (!epoch.ok()) return Unwritten(epoch.status());
  absl::Status status = Replace(*epoch, next);
  if (!status.ok() && problem_.empty()) {
    if (gone.empty()) return Unwritten(status);
    IgnoreError(epoch_keys_.Destroy(*epoch), "it wraps nothing, and the next one replaces it");
    return Unwritten(status);
  }
  // Also where the outcome is not known: nothing more may be sealed under these keys.
  content_ = std::move(next);
  epoch_ = *epoch;
  Forget(gone, tombstones);
  SCRUTINY_RETURN_IF_ERROR(status);
  status = DestroyOldEpochs();
  if (status.ok()) return status;
  return Latch(
      absl::StrCat("the key of an earlier epoch is not destroyed yet: ", status.message(), "."));
}

void KeyStore::Forget(const std::vector<Row>& gone, const std::vector<Tombstone>& tombstones) {
  WriterLock index(index_mutex_);
  for (const Row& row : gone) {
    by_id_.erase(row->id);
    by_subject_.erase(row->subject);
  }
  for (const Tombstone& tombstone : tombstones) {
    erased_.insert(tombstone.id);
    ++erasures_[tombstone.subject];
  }
}

absl::StatusOr<PendingErasure> KeyStore::BeginErasure(const ErasureRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(CheckRecordable(request));
  MutexLock write(write_mutex_);
  SCRUTINY_RETURN_IF_ERROR(CheckWritable());
  for (const PendingErasure& begun : content_.pending) {
    if (begun.request.request_id != request.request_id ||
        begun.request.principal != request.principal) {
      continue;
    }
    if (begun.request == request) return begun;
    return Error(Reason::kRequestIdReused, "This request id was used for another erasure.")
        .Field("request_id")
        .Value(request.request_id)
        .Next("Use a new request id.");
  }
  if (content_.pending.size() >= kPendingErasuresMax) {
    return Error(Reason::kQueueFull,
                 absl::StrCat(content_.pending.size(), " erasures wait to be recorded."))
        .Next("Try again when they are.");
  }
  Row row;
  {
    ReaderLock index(index_mutex_);
    const auto found = by_subject_.find(request.subject);
    if (found != by_subject_.end()) row = found->second;
  }
  if (row == nullptr) {
    return Error(Reason::kNotFound, absl::StrCat("Nothing is sealed for ", request.subject, "."))
        .Record(request.subject);
  }
  PendingErasure erasure;
  random_.Fill(erasure.erasure_id);
  erasure.request = request;
  erasure.key_ids = {row->id};
  erasure.erased_at_us = clock_.WallMicros();
  erasure.survivors = content_.keys.size() - 1;
  SCRUTINY_RETURN_IF_ERROR(
      Destroy({row}, {Tombstone{row->id, row->subject, erasure.erased_at_us}}, erasure));
  DateNewestErasure(clock_.WallMicros());
  return content_.pending.back();
}

std::vector<PendingErasure> KeyStore::pending() const {
  MutexLock write(write_mutex_);
  return content_.pending;
}

absl::Status KeyStore::FinishErasure(const ErasureId& erasure_id) {
  MutexLock write(write_mutex_);
  const auto is_this = [&erasure_id](const PendingErasure& erasure) {
    return erasure.erasure_id == erasure_id;
  };
  KeysContent next = content_;
  next.pending.erase(std::remove_if(next.pending.begin(), next.pending.end(), is_this),
                     next.pending.end());
  if (next.pending.size() == content_.pending.size()) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(CheckWritable());
  SCRUTINY_RETURN_IF_ERROR(Unwritten(Replace(epoch_, next)));
  content_ = std::move(next);
  return absl::OkStatus();
}

absl::Status KeyStore::DestroyKeys(absl::Span<const Tombstone> erased) {
  MutexLock write(write_mutex_);
  const int64_t now = clock_.WallMicros();
  std::vector<Row> gone;
  std::vector<Tombstone> tombstones;
  {
    ReaderLock index(index_mutex_);
    absl::flat_hash_set<SubjectKeyId> seen = erased_;
    for (const Tombstone& one : erased) {
      if (!seen.insert(one.id).second) continue;
      const auto found = by_id_.find(one.id);
      if (found == by_id_.end()) {
        tombstones.push_back({one.id, "", one.erased_at_us});
        continue;
      }
      gone.push_back(found->second);
      tombstones.push_back({one.id, found->second->subject, now});
    }
  }
  if (tombstones.empty()) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(CheckWritable());
  return Destroy(gone, tombstones, absl::nullopt);
}

absl::optional<Tombstone> KeyStore::ErasedKey(const SubjectKeyId& id) const {
  MutexLock lock(write_mutex_);
  for (const Tombstone& tombstone : content_.tombstones) {
    if (tombstone.id == id) return tombstone;
  }
  return absl::nullopt;
}

std::string KeyStore::ErasedMark() const {
  MutexLock lock(write_mutex_);
  if (content_.tombstones.empty()) return "";
  std::string ids;
  for (const Tombstone& tombstone : content_.tombstones) {
    ids.append(tombstone.id.begin(), tombstone.id.end());
  }
  return std::string(AsBytes(Sha256Of(ids)));
}

bool KeyStore::IsErased(const SubjectKeyId& id) const {
  ReaderLock index(index_mutex_);
  return erased_.contains(id);
}

uint32_t KeyStore::Erasures(const std::string& subject) const {
  ReaderLock index(index_mutex_);
  const auto found = erasures_.find(subject);
  return found == erasures_.end() ? 0 : found->second;
}

KeyStoreStats KeyStore::stats() const {
  MutexLock write(write_mutex_);
  KeyStoreStats stats;
  stats.keys = content_.keys.size();
  stats.erased_keys = content_.tombstones.size();
  stats.pending_erasures = content_.pending.size();
  stats.epoch = epoch_;
  stats.problem = problem_;
  return stats;
}

// --- Backup.

absl::Status KeyStore::BackupTo(const std::string& folder) {
  MutexLock write(write_mutex_);
  SCRUTINY_RETURN_IF_ERROR(CheckWritable());
  return Unavailable(WriteBackup(folder), "The backup of the key store could not be written");
}

absl::Status KeyStore::WriteBackup(const std::string& folder) {
  const auto refuse = [&folder](absl::string_view sentence) -> absl::Status {
    return Error(absl::StatusCode::kAlreadyExists, Reason::kMalformed, sentence)
        .Field("directory")
        .Value(folder)
        .Next("Name a folder that is not there yet, outside the key store.");
  };
  if (IsWithin(folder, dir_)) {
    return refuse(absl::StrCat(folder, " is in the key store itself."));
  }
  const absl::Status made = files_.MakeFolder(folder);
  if (absl::IsAlreadyExists(made)) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.List(folder));
    if (!names.empty()) return refuse(absl::StrCat(folder, " is not empty."));
    SCRUTINY_RETURN_IF_ERROR(CheckOwnerOnly(files_, folder));
  } else {
    SCRUTINY_RETURN_IF_ERROR(made);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, Encode(epoch_, content_));
  SCRUTINY_RETURN_IF_ERROR(epoch_keys_.BackupTo(epoch_, folder));
  // Last: a backup without a keys file is plainly not one.
  SCRUTINY_RETURN_IF_ERROR(files_.Create(absl::StrCat(folder, "/", kKeysName), bytes));
  return files_.SyncFolder(folder);
}

}  // namespace scrutiny::ledger
