#include "ledger/verify/witness.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {
namespace {

constexpr char kPlainText[] = "text/plain; charset=utf-8";
constexpr char kSizeText[] = "text/x.tlog.size";
constexpr int64_t kMicrosASecond = 1'000'000;

WitnessAnswer Refuse(int status, absl::string_view why) {
  return {.status = status, .content_type = kPlainText, .body = absl::StrCat(why, "\n")};
}

// Signatures by the log itself, one of each key: what is kept beside the witness's own. Others are
// not vouched for, and whoever sends a note may repeat a line as often as it fits.
SignedNote WithSignaturesOf(const SignedNote& note, const std::vector<VerifierKey>& keys) {
  SignedNote own{.text = note.text};
  for (const NoteSignature& signature : note.signatures) {
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const VerifierKey& key) {
      return key.name == signature.name && key.id == signature.id;
    });
    const bool kept =
        std::any_of(own.signatures.begin(), own.signatures.end(), [&](const NoteSignature& other) {
          return other.name == signature.name && other.id == signature.id;
        });
    if (known && !kept) own.signatures.push_back(signature);
  }
  return own;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(const Options& options, Clock& clock,
                                                       RandomSource& random) {
  SCRUTINY_ASSIGN_OR_RETURN(std::unique_ptr<WitnessStore> store,
                            WitnessStore::Open(options.folder, options.name, random));
  std::unique_ptr<Witness> witness(new Witness(std::move(store), clock));
  SCRUTINY_RETURN_IF_ERROR(witness->Load(options.log_keys));
  return witness;
}

absl::Status Witness::Load(const std::vector<VerifierKey>& log_keys) {
  MutexLock lock(mutex_);
  for (const VerifierKey& key : log_keys) logs_[key.name].keys.push_back(key);
  for (auto& [origin, log] : logs_) {
    log.latest.origin = origin;
    log.latest.root = EmptyRoot();
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<std::string> note, store_->Get(origin));
    if (!note.has_value()) continue;
    // Its own cosignature shows that it is what this witness wrote, whatever became of the log's
    // keys since.
    const auto damaged = [&origin = origin]() -> absl::Status {
      return Error(Reason::kCorrupt,
                   absl::StrCat("What this witness keeps of ", origin, " is damaged."))
          .Next(
              "Put its folder back from a copy that is not older, or start a new witness with a "
              "new key: one that forgot what it cosigned is none.");
    };
    const absl::StatusOr<SignedNote> parsed = ParseNote(*note);
    if (!parsed.ok()) return damaged();
    const VerifierKey own = store_->signer().verifier();
    if (!VerifyNote(*parsed, absl::MakeConstSpan(&own, 1)).ok()) return damaged();
    absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(parsed->text);
    if (!checkpoint.ok() || checkpoint->origin != origin) return damaged();
    log.latest = *std::move(checkpoint);
    log.note = *note;
  }
  return absl::OkStatus();
}

WitnessAnswer Witness::Add(absl::string_view body) {
  const absl::StatusOr<AddCheckpoint> request = ParseAddCheckpoint(body);
  if (!request.ok()) return Refuse(400, request.status().message());
  if (request->checkpoint.size() > kWitnessedNoteBytesMax) {
    return Refuse(400, absl::StrCat("This witness takes checkpoints of at most ",
                                    kWitnessedNoteBytesMax, " bytes with their signatures."));
  }
  const absl::StatusOr<SignedNote> note = ParseNote(request->checkpoint);
  if (!note.ok()) return Refuse(400, note.status().message());
  const absl::StatusOr<Checkpoint> claimed = ParseCheckpoint(note->text);
  if (!claimed.ok()) return Refuse(400, claimed.status().message());
  std::vector<VerifierKey> keys;
  {
    MutexLock lock(mutex_);
    const auto known = logs_.find(claimed->origin);
    if (known == logs_.end()) return Refuse(404, "This witness does not know that log.");
    keys = known->second.keys;
  }
  // Verifying takes long; it needs no lock.
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(request->checkpoint, keys);
  if (!checkpoint.ok()) return Refuse(403, "No key that this witness trusts signed it.");
  const absl::Status fits = CheckTreeSize(checkpoint->size);
  if (!fits.ok()) return Refuse(400, fits.message());
  if (request->old_size > checkpoint->size) {
    return Refuse(400, "The old size is larger than the checkpoint's.");
  }
  MutexLock lock(mutex_);
  return Advance(*request, *note, *checkpoint, &logs_.find(checkpoint->origin)->second);
}

WitnessAnswer Witness::Advance(const AddCheckpoint& request, const SignedNote& note,
                               const Checkpoint& checkpoint, Log* log) {
  if (!failed_.ok()) return Refuse(500, failed_.message());
  if (request.old_size != log->latest.size) {
    return {.status = 409,
            .content_type = kSizeText,
            .body = absl::StrCat(log->latest.size.value(), "\n")};
  }
  if (checkpoint.size == log->latest.size) {
    if (checkpoint.root != log->latest.root) {
      return Refuse(422, "The root is another than the one cosigned at this size.");
    }
    if (!request.proof.empty()) return Refuse(422, "Equal trees need no proof.");
  } else if (log->latest.size == TreeSize(0)) {
    if (!request.proof.empty()) return Refuse(422, "From size 0 on there is no proof.");
  } else if (!VerifyConsistency(log->latest.size, checkpoint.size, request.proof, log->latest.root,
                                checkpoint.root)
                  .ok()) {
    return Refuse(422, "The proof does not show that the log only grew.");
  }
  return Store(note, checkpoint, log);
}

WitnessAnswer Witness::Store(const SignedNote& note, const Checkpoint& checkpoint, Log* log) {
  SignedNote kept = WithSignaturesOf(note, log->keys);
  // Its own has to find room below them.
  if (kept.signatures.size() >= kNoteSignaturesMax) {
    return Refuse(400, "More of the log's keys signed it than a note has room for.");
  }
  const int64_t now = clock_.WallMicros() / kMicrosASecond;
  if (now < 0) return Refuse(500, "The clock of this witness is wrong.");
  const NoteSignature cosignature = Cosign(note.text, store_->signer(), static_cast<uint64_t>(now));
  kept.signatures.push_back(cosignature);
  std::string bytes = Format(kept);
  const absl::Status stored = store_->Put(checkpoint.origin, bytes);
  if (!stored.ok()) {
    // Which of the two is on the disk is not known; only what is read from there again is.
    failed_ = Error(absl::StatusCode::kUnavailable, Reason::kOutcomeUnknown,
                    absl::StrCat("This witness could not write: ", stored.message()))
                  .Next("Start it anew once it can.");
    return Refuse(500, failed_.message());
  }
  log->latest = checkpoint;
  log->note = std::move(bytes);
  return {.status = 200, .content_type = kPlainText, .body = Format(cosignature)};
}

WitnessAnswer Witness::Latest(absl::string_view origin_hash) {
  MutexLock lock(mutex_);
  for (const auto& [origin, log] : logs_) {
    if (log.note.empty() || OriginHash(origin) != origin_hash) continue;
    return {.status = 200, .content_type = kPlainText, .body = log.note};
  }
  return Refuse(404, "No such log, or nothing of it was cosigned yet.");
}

WitnessAnswer Witness::Describe() {
  std::string text = absl::StrCat(
      "This is a witness (C2SP tlog-witness): it cosigns a log's checkpoint once it has seen that "
      "the log only grew.\n\nIts verifier key:\n  ",
      ToString(verifier()), "\n\nLogs it watches:\n");
  MutexLock lock(mutex_);
  for (const auto& [origin, log] : logs_) {
    absl::StrAppend(&text, "  ", origin, ", ");
    if (log.note.empty()) {
      absl::StrAppend(&text, "nothing cosigned yet\n");
    } else {
      absl::StrAppend(&text, log.latest.size.value(), " entries: /", OriginHash(origin),
                      "/checkpoint\n");
    }
  }
  return {.status = 200, .content_type = kPlainText, .body = std::move(text)};
}

}  // namespace scrutiny::ledger
