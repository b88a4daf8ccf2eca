#include "ledger/checkpoint/checkpointer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/checkpoint/fork_guard.h"
#include "ledger/format/check.h"
#include "ledger/format/entry_codec.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr int64_t kSecondMicros = 1'000'000;

absl::Status Closing() {
  return Error(absl::StatusCode::kUnavailable, Reason::kReadOnly, "The server is shutting down.")
      .Next("Ask again once it is back; what was recorded stays so.");
}

absl::Status NoKeyYet() {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kUnspecified,
               "This ledger has no key to sign with yet.")
      .Next("`scrutiny status` says what it waits for.");
}

absl::Status NoKey(const std::string& folder, absl::string_view vkey) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kUnspecified,
               absl::StrCat("The key that signs this ledger's checkpoints, ", vkey,
                            ", is not in the identity folder ", folder, "."))
      .Value(folder)
      .Next(
          "Name the right folder with --identity or restore its file `key`. If the key is lost, "
          "--new-incarnation goes on under a new key and origin, and says so in the ledger.");
}

absl::Status CheckRotation(absl::string_view request_id, const event::v1::LogKeyRotated& rotated) {
  SCRUTINY_RETURN_IF_ERROR(ValidateRequestId(request_id));
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  *proposed.mutable_log_key_rotated() = rotated;
  return CheckProposed(proposed, Author::kServer);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Checkpointer>> Checkpointer::Open(const Parts& parts) {
  std::unique_ptr<Checkpointer> checkpointer(new Checkpointer(parts));
  SCRUTINY_RETURN_IF_ERROR(checkpointer->Start());
  return checkpointer;
}

Checkpointer::~Checkpointer() { Stop(); }

absl::Status Checkpointer::Start() {
  const LedgerIdentity identity = parts_.ledger.identity();
  origin_ = identity.origin;
  SCRUTINY_ASSIGN_OR_RETURN(const std::string next, parts_.identity.next_key());
  if (!next.empty() && next == identity.log_key) {
    SCRUTINY_RETURN_IF_ERROR(parts_.identity.AdoptNext(identity.incarnation - 1));
  }
  const absl::Status signed_now = SignHead();
  const bool waits_for_clock =
      parts_.ledger.identity().log_key.empty() && parts_.ledger.status().clock_unconfirmed;
  if (!signed_now.ok() && !waits_for_clock) return signed_now;
  {
    MutexLock lock(mutex_);
    problem_ = std::string(signed_now.message());
    committed_ = parts_.ledger.size();
    signed_at_ = parts_.clock.MonotonicMicros();
  }
  listener_ = parts_.ledger.AddListener([this](TreeSize size) {
    MutexLock lock(mutex_);
    committed_ = size;
    changed_.Signal();
  });
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::Status Checkpointer::MakeReady() {
  MutexLock no_change_of_keys(rotating_);
  SCRUTINY_RETURN_IF_ERROR(NameFirstKey());
  SCRUTINY_RETURN_IF_ERROR(LoadKeys());
  SCRUTINY_ASSIGN_OR_RETURN(log_, parts_.identity.OpenLog());
  const absl::Status continues = GuardAgainstForks();
  if (!continues.ok()) log_.reset();
  return continues;
}

// A ledger begun before checkpoints were signed says from now on which key it is.
absl::Status Checkpointer::NameFirstKey() {
  if (!parts_.ledger.identity().log_key.empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(const std::string vkey,
                            parts_.identity.MakeKey(origin_, parts_.random));
  event::v1::LogKeyRotated named;
  named.set_new_key(vkey);
  named.set_reason("Checkpoints are signed from here on.");
  return parts_.ledger.RecordKey(ServerPrincipal(), "first-log-key", named).status();
}

absl::Status Checkpointer::LoadKeys() {
  const LedgerIdentity identity = parts_.ledger.identity();
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<Signer> all, parts_.identity.ReadKeys());
  std::vector<ActiveKey> chosen;
  std::vector<std::pair<std::string, int64_t>> wanted = identity.log_keys_before;
  wanted.insert(wanted.begin(), {identity.log_key, std::numeric_limits<int64_t>::max()});
  for (const auto& [vkey, until] : wanted) {
    const auto found = std::find_if(
        all.begin(), all.end(),
        [&, &name = vkey](const Signer& signer) { return ToString(signer.verifier()) == name; });
    if (found != all.end()) {
      chosen.push_back({std::move(*found), until});
      all.erase(found);
    } else if (chosen.empty()) {
      return NoKey(parts_.identity.folder(), vkey);
    }
  }
  MutexLock lock(keys_mutex_);
  keys_ = std::move(chosen);
  return absl::OkStatus();
}

// A checkpoint log is empty only until the entry that names the first key is signed, and nothing is
// recorded before that is. Behind any other entry it was emptied.
absl::Status Checkpointer::CheckNothingWasSigned() {
  const TreeSize size = parts_.ledger.size();
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes,
                            parts_.ledger.EntryBytes(Sequence(size.value() - 1)));
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry last, ParseEntry(bytes));
  const event::v1::Proposed& fact = last.proposed();
  if (fact.has_ledger_started() || fact.has_incarnation_started() ||
      (fact.has_log_key_rotated() && fact.log_key_rotated().old_key().empty())) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kCorrupt,
               absl::StrCat("The checkpoint log in ", parts_.identity.folder(),
                            " is empty, though this ledger of ", size.value(),
                            " entries was signed before: nothing shows whether it is whole."))
      .Value(parts_.identity.folder())
      .Next(
          "Restore the file `checkpoints`, or name the ledger's own identity folder with "
          "--identity. If it is lost, --new-incarnation goes on under a new origin.");
}

absl::Status Checkpointer::GuardAgainstForks() {
  const std::string& note = log_->newest();
  if (note.empty()) return CheckNothingWasSigned();
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Signer> signers, parts_.identity.ReadKeys());
  std::vector<VerifierKey> keys;
  for (const Signer& signer : signers) keys.push_back(signer.verifier());
  const absl::StatusOr<Checkpoint> known = OpenCheckpoint(note, keys);
  if (!known.ok()) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kCorrupt,
                 absl::StrCat("The checkpoint log in ", parts_.identity.folder(),
                              " is not this ledger's: ", known.status().message()))
        .Next("Name the ledger's own identity folder with --identity.");
  }
  return CheckContinues(parts_.ledger.tree(), *known,
                        absl::StrCat("its checkpoint log in ", parts_.identity.folder()));
}

std::vector<const Signer*> Checkpointer::ActiveSigners(int64_t now) const {
  std::vector<const Signer*> active;
  for (const ActiveKey& key : keys_) {
    if (now < key.until_us) active.push_back(&key.signer);
  }
  return active;
}

absl::StatusOr<std::string> Checkpointer::Sign(absl::string_view text) {
  SignedNote note;
  note.text = std::string(text);
  MutexLock lock(keys_mutex_);
  if (keys_.empty()) return NoKeyYet();
  for (const Signer* signer : ActiveSigners(parts_.clock.WallMicros())) {
    note.signatures.push_back(SignNote(text, *signer));
  }
  return Format(note);
}

absl::StatusOr<std::string> Checkpointer::SignText(absl::string_view text) {
  SignedNote note;
  note.text = std::string(text);
  MutexLock lock(keys_mutex_);
  if (keys_.empty()) return NoKeyYet();
  note.signatures.push_back(SignNote(text, keys_.front().signer));
  return Format(note);
}

absl::StatusOr<std::string> Checkpointer::SignAt(TreeSize size) {
  SCRUTINY_ASSIGN_OR_RETURN(const Hash root, parts_.ledger.tree().Root(size));
  return Sign(Format(Checkpoint{origin_, size, root}));
}

// Signs what is committed now, unless the newest checkpoint has it. The log comes first.
absl::Status Checkpointer::SignHead() {
  if (log_ == nullptr) SCRUTINY_RETURN_IF_ERROR(MakeReady());
  // Not the tree's edge: that is published a moment before the entries can be read.
  const TreeSize size = parts_.ledger.size();
  if (const PublishedCheckpointPtr before = newest();
      before != nullptr && before->checkpoint.size == size) {
    return absl::OkStatus();
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Hash root, parts_.ledger.tree().Root(size));
  auto next = std::make_shared<PublishedCheckpoint>();
  next->checkpoint = Checkpoint{origin_, size, root};
  next->text = Format(next->checkpoint);
  next->signed_at_us = parts_.clock.WallMicros();
  next->signed_at_monotonic_us = parts_.clock.MonotonicMicros();
  SCRUTINY_ASSIGN_OR_RETURN(next->note, Sign(next->text));
  SCRUTINY_RETURN_IF_ERROR(log_->Append(next->note));
  Publish(std::move(next));
  return absl::OkStatus();
}

void Checkpointer::Publish(PublishedCheckpointPtr next) {
  std::vector<Done> covered;
  std::vector<std::function<void()>> listeners;
  {
    MutexLock lock(mutex_);
    newest_ = next;
    problem_.clear();
    signed_at_ = parts_.clock.MonotonicMicros();
    const auto end = waiting_.upper_bound(next->checkpoint.size);
    for (auto it = waiting_.begin(); it != end; ++it) covered.push_back(std::move(it->second));
    waiting_.erase(waiting_.begin(), end);
    // Those who came while this was signed and are not covered wait for the next one from now on.
    first_waits_since_ = waiting_.empty() ? 0 : signed_at_;
    listeners = listeners_;
  }
  for (const Done& done : covered) done(next);
  for (const auto& listener : listeners) listener();
}

bool Checkpointer::IsDue(int64_t now, int64_t* wait_micros) {
  const bool news = newest_ == nullptr || newest_->checkpoint.size < committed_;
  int64_t due = now + kSecondMicros;
  if (!waiting_.empty()) {
    due = first_waits_since_ + kCheckpointWaitMaxMicros;
  } else if (news) {
    due = signed_at_ + kCheckpointEveryMicros;
  }
  // After a failure not at once again.
  if (!problem_.empty()) due = std::max(due, signed_at_ + kCheckpointEveryMicros);
  *wait_micros = due - now;
  return due <= now && (news || !waiting_.empty());
}

void Checkpointer::Run() {
  while (true) {
    {
      MutexLock lock(mutex_);
      int64_t wait = 0;
      while (!stopping_ && !IsDue(parts_.clock.MonotonicMicros(), &wait)) {
        changed_.WaitFor(mutex_, std::max<int64_t>(wait, 1));
      }
      if (stopping_) return;
    }
    const absl::Status status = SignHead();
    std::multimap<TreeSize, Done> failed;
    {
      MutexLock lock(mutex_);
      if (status.ok() && waiting_.empty()) continue;
      if (!status.ok()) {
        problem_ = std::string(status.message());
        signed_at_ = parts_.clock.MonotonicMicros();
        failed.swap(waiting_);
        first_waits_since_ = 0;
      }
    }
    for (const auto& waiter : failed) waiter.second(status);
  }
}

PublishedCheckpointPtr Checkpointer::newest() const {
  MutexLock lock(mutex_);
  return newest_;
}

CheckpointStatus Checkpointer::status() const {
  CheckpointStatus status;
  {
    MutexLock lock(keys_mutex_);
    for (const Signer* signer : ActiveSigners(parts_.clock.WallMicros())) {
      status.verifier_keys.push_back(ToString(signer->verifier()));
    }
  }
  MutexLock lock(mutex_);
  status.newest = newest_;
  status.problem = problem_;
  return status;
}

void Checkpointer::WhenCovered(TreeSize size, Done done) {
  PublishedCheckpointPtr covering;
  absl::Status refused;
  const TreeSize recorded = parts_.ledger.size();
  {
    MutexLock lock(mutex_);
    if (newest_ != nullptr && newest_->checkpoint.size >= size) {
      covering = newest_;
    } else if (stopping_) {
      refused = Closing();
    } else if (size > recorded) {
      refused = Error(Reason::kBeyondHead,
                      absl::StrCat("The ledger has ", recorded.value(), " entries, not ",
                                   size.value(), ": no checkpoint covers what is not recorded."))
                    .Value(size.ToString());
    } else if (waiting_.size() >= kCheckpointWaitersMax) {
      refused = Error(Reason::kQueueFull, "Too many are waiting for a proof.")
                    .Next("What was recorded stays so; ask for its proof in a moment.");
    } else {
      if (first_waits_since_ == 0) {
        first_waits_since_ = parts_.clock.MonotonicMicros();
        changed_.Signal();
      }
      waiting_.emplace(size, std::move(done));
      return;
    }
  }
  if (covering != nullptr) {
    done(covering);
  } else {
    done(refused);
  }
}

absl::StatusOr<PublishedCheckpointPtr> Checkpointer::WaitCovered(TreeSize size) {
  struct Waiter {
    Mutex mutex;
    CondVar done;
    absl::optional<absl::StatusOr<PublishedCheckpointPtr>> result ABSL_GUARDED_BY(mutex);
  } waiter;
  WhenCovered(size, [&waiter](absl::StatusOr<PublishedCheckpointPtr> result) {
    MutexLock lock(waiter.mutex);
    waiter.result = std::move(result);
    waiter.done.SignalAll();
  });
  MutexLock lock(waiter.mutex);
  while (!waiter.result) waiter.done.Wait(waiter.mutex);
  return *std::move(waiter.result);
}

absl::StatusOr<Checkpointer::Rotation> Checkpointer::RotateKey(
    const event::v1::Principal& principal, absl::string_view request_id, absl::string_view reason) {
  MutexLock one_at_a_time(rotating_);
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Receipt> earlier,
                            parts_.ledger.FindReceipt(principal, request_id));
  if (earlier) return RotationAt(earlier->first);
  const LedgerIdentity before = parts_.ledger.identity();
  {
    MutexLock lock(keys_mutex_);
    if (keys_.empty()) return NoKeyYet();
  }
  event::v1::LogKeyRotated rotated;
  rotated.set_new_key(
      before.log_key);  // in the place of one that is made only for what is recorded
  rotated.set_old_key(before.log_key);
  rotated.set_both_sign_until_us(parts_.clock.WallMicros() + kBothKeysSignMicros);
  rotated.set_reason(std::string(reason));
  SCRUTINY_RETURN_IF_ERROR(CheckRotation(request_id, rotated));
  std::vector<std::string> in_use = {before.log_key};
  for (const auto& key : before.log_keys_before) in_use.push_back(key.first);
  SCRUTINY_ASSIGN_OR_RETURN(const std::string vkey,
                            parts_.identity.MakeRotatedKey(origin_, in_use, parts_.random));
  rotated.set_new_key(vkey);
  // Both sign before the entry is there, so that whatever covers it bears the new key's signature.
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<Signer> all, parts_.identity.ReadKeys());
  {
    MutexLock lock(keys_mutex_);
    keys_.front().until_us = rotated.both_sign_until_us();
    keys_.insert(keys_.begin(), {std::move(all.front()), std::numeric_limits<int64_t>::max()});
  }
  const absl::StatusOr<Receipt> receipt = parts_.ledger.RecordKey(principal, request_id, rotated);
  SCRUTINY_RETURN_IF_ERROR(LoadKeys());
  if (!receipt.ok()) return receipt.status();
  return RotationAt(receipt->first);
}

absl::StatusOr<Checkpointer::Rotation> Checkpointer::RotationAt(Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, parts_.ledger.EntryBytes(sequence));
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ParseEntry(bytes));
  if (!entry.proposed().has_log_key_rotated()) {
    return Error(Reason::kRequestIdReused,
                 absl::StrCat("The request id was used before, for something else (entry ",
                              sequence.value(), ")."))
        .Field("request_id")
        .Next("Give the change of keys an id of its own.");
  }
  const event::v1::LogKeyRotated& rotated = entry.proposed().log_key_rotated();
  return Rotation{rotated.new_key(), sequence, rotated.both_sign_until_us()};
}

void Checkpointer::AddCosignature(absl::string_view text, const NoteSignature& cosignature) {
  MutexLock lock(mutex_);
  if (newest_ == nullptr || newest_->text != text) return;
  auto next = std::make_shared<PublishedCheckpoint>(*newest_);
  absl::StatusOr<SignedNote> note = ParseNote(next->note);
  if (!note.ok()) return;
  // One a witness: a newer time replaces the older.
  note->signatures.erase(std::remove_if(note->signatures.begin(), note->signatures.end(),
                                        [&](const NoteSignature& there) {
                                          return there.name == cosignature.name &&
                                                 there.id == cosignature.id;
                                        }),
                         note->signatures.end());
  if (note->signatures.size() >= kNoteSignaturesMax) return;
  note->signatures.push_back(cosignature);
  next->note = Format(*note);
  newest_ = std::move(next);
}

void Checkpointer::OnPublished(std::function<void()> listener) {
  MutexLock lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void Checkpointer::Stop() {
  if (!thread_.joinable()) return;
  parts_.ledger.RemoveListener(listener_);
  std::multimap<TreeSize, Done> waiting;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  thread_.join();
  // The last word: what is committed is signed before the server ends.
  const absl::Status status = SignHead();
  {
    MutexLock lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& waiter : waiting) waiter.second(status.ok() ? Closing() : status);
}

}  // namespace scrutiny::ledger
