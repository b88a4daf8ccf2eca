#include "ledger/verify/identity_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile_nodes.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/verify/log_tiles.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr uint32_t kFormatVersion = 1;
constexpr char kHashAlgorithm[] = "sha256";
// A reason is a sentence; what is longer is cut.
constexpr size_t kReasonBytesMax = 400;

// What a note says, held to the keys and the origin of the incarnation that signed it. Where it
// cannot be told, `unknown` says why.
struct Held {
  absl::optional<Checkpoint> checkpoint;
  std::string wrong;
  std::string unknown;
};

Held HoldTo(const std::string& note, const std::string& origin,
            const std::vector<VerifierKey>& keys) {
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return {.wrong = "the checkpoint from which it goes on is none"};
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return {.wrong = "the checkpoint from which it goes on is none"};
  if (checkpoint->origin != origin) {
    return {.unknown = absl::StrCat("it is of \"", checkpoint->origin, "\"")};
  }
  if (keys.empty()) return {.unknown = "no entry names a key of that origin"};
  const absl::Status verified = VerifyNote(*parsed, keys).status();
  if (ReasonOf(verified) == Reason::kNotFound) {
    return {.unknown = "none of the keys that entries name signed it"};
  }
  if (!verified.ok()) {
    return {.wrong = absl::StrCat("the checkpoint from which it goes on is not what the key of ",
                                  origin, " signed")};
  }
  if (!CheckTreeSize(checkpoint->size).ok()) {
    return {.wrong = "the checkpoint from which it goes on is of a size that no ledger has"};
  }
  checkpoint->extensions.clear();
  return {.checkpoint = *std::move(checkpoint)};
}

}  // namespace

void IdentityCheck::Add(Sequence index, const event::v1::Proposed& proposed, const Say& say) {
  if (proposed.has_ledger_started()) {
    if (index != Sequence(0)) say(index, "it starts the ledger and is not the first");
    Identify(index, proposed.ledger_started(), say);
    if (!proposed.ledger_started().previous_checkpoint().empty()) {
      notices_.push_back(
          "The ledger says that it continues another, whose last checkpoint it names in entry 0. "
          "What that one held is not in it.");
    }
  } else if (proposed.has_incarnation_started()) {
    End(index, proposed.incarnation_started(), say);
    Identify(index, proposed.incarnation_started(), say);
  } else if (proposed.has_log_key_rotated()) {
    Rotate(index, proposed.log_key_rotated(), say);
  }
}

template <typename Identity>
void IdentityCheck::Identify(Sequence index, const Identity& identity, const Say& say) {
  if (identity.ledger_id().size() != 16) say(index, "its ledger id is not of 16 bytes");
  if (!ledger_id_.empty() && identity.ledger_id() != ledger_id_) {
    say(index, "it is of another ledger");
  }
  if (identity.incarnation() <= incarnation_ ||
      (incarnation_ == 0 && identity.incarnation() != 1)) {
    say(index, absl::StrCat("it is of incarnation ", identity.incarnation(), ", and ",
                            incarnation_ + 1, " is the next"));
  } else if (identity.incarnation() > incarnation_ + 1) {
    notices_.push_back(absl::StrCat(
        "With entry ", index.value(), " the ledger goes on as incarnation ", identity.incarnation(),
        " after incarnation ", incarnation_,
        ": what was begun in between was begun from another copy, and is not in this ledger."));
  }
  if (identity.format_version() != kFormatVersion || identity.hash_algorithm() != kHashAlgorithm) {
    say(index,
        absl::StrCat("it names version ", identity.format_version(), " of the format and the hash ",
                     identity.hash_algorithm(), ", which this program does not know"));
  }
  ledger_id_ = identity.ledger_id();
  incarnation_ = identity.incarnation();
  origin_ = identity.origin();
  keys_from_ = keys_.size();
  if (!identity.log_key().empty()) NameKey(index, identity.log_key(), 0, say);
}

void IdentityCheck::End(Sequence index, const event::v1::IncarnationStarted& next, const Say& say) {
  EarlierIncarnation ended;
  ended.ended_by = index;
  ended.incarnation = incarnation_;
  ended.origin = origin_;
  ended.next_origin = next.origin();
  ended.reason = Printable(next.reason(), kReasonBytesMax);
  if (next.previous_checkpoint().empty()) {
    ended.unknown = "it names none";
  } else {
    std::vector<VerifierKey> keys;
    for (const NamedKey& named : keys_) {
      if (named.key.has_value() && named.key->name == origin_ &&
          named.key->type == KeyType::kEd25519) {
        keys.push_back(*named.key);
      }
    }
    Held held = HoldTo(next.previous_checkpoint(), origin_, keys);
    if (!held.wrong.empty()) {
      say(index, held.wrong);
      ended.unknown = "it is damaged";
    }
    if (!held.unknown.empty()) ended.unknown = std::move(held.unknown);
    ended.last = std::move(held.checkpoint);
  }
  // Where the entry stands, another stood that the earlier incarnation signed.
  if (ended.last.has_value() && ended.last->size.value() > index.value()) {
    ended.lost = ended.last->size.value() - index.value();
  }
  earlier_.push_back(std::move(ended));
}

void IdentityCheck::Rotate(Sequence index, const event::v1::LogKeyRotated& rotated,
                           const Say& say) {
  const std::string current = keys_.size() > keys_from_ ? keys_.back().vkey : "";
  if (rotated.old_key() != current) {
    say(index, absl::StrCat("it replaces the key ", rotated.old_key(), ", and the ledger's is ",
                            current.empty() ? "not named yet" : current));
  }
  NameKey(index, rotated.new_key(), rotated.both_sign_until_us(), say);
}

void IdentityCheck::NameKey(Sequence index, const std::string& vkey, int64_t old_signs_until_us,
                            const Say& say) {
  NamedKey named{.vkey = vkey, .named_by = index, .old_signs_until_us = old_signs_until_us};
  const absl::StatusOr<VerifierKey> key = ParseVerifierKey(vkey);
  if (!key.ok()) {
    say(index, "the verifier key that it names is none");
  } else if (key->type != KeyType::kEd25519) {
    say(index, "the verifier key that it names is a witness's");
  } else if (key->name != origin_) {
    say(index, absl::StrCat("the verifier key that it names is of \"", key->name,
                            "\", and the ledger's origin is \"", origin_, "\""));
  }
  if (key.ok()) named.key = *key;
  keys_.push_back(std::move(named));
}

void IdentityCheck::Finish(Sequence last, int64_t last_recorded_at_us, const LogReport& report,
                           const SignedNote& note, const Say& say) {
  if (origin_ != report.checkpoint.origin) {
    say(last, absl::StrCat("up to here the entries say that their origin is \"", origin_,
                           "\", and the checkpoint is of \"", report.checkpoint.origin, "\""));
  }
  CheckKeys(last, last_recorded_at_us, report, note, say);
}

bool IdentityCheck::IsRetired(size_t place, int64_t now_us) const {
  if (place + 1 >= keys_.size()) return false;
  // One further back may still sign, but beside newer ones, never in their place.
  if (place + 2 < keys_.size()) return true;
  const int64_t until_us = keys_[place + 1].old_signs_until_us;
  return until_us > 0 && now_us > until_us;
}

void IdentityCheck::CheckKeys(Sequence last, int64_t last_recorded_at_us, const LogReport& report,
                              const SignedNote& note, const Say& say) {
  if (keys_.size() == keys_from_) return;
  const NamedKey& current = keys_.back();
  // Its line tells whether it signed, whoever was given.
  absl::Status by_current = absl::NotFoundError("");
  if (current.key.has_value()) {
    by_current = VerifyNote(note, absl::MakeConstSpan(&*current.key, 1)).status();
    if (ReasonOf(by_current) == Reason::kCorrupt) {
      say(last,
          absl::StrCat("the signature under the checkpoint that is said to be of ", current.vkey,
                       ", which entry ", current.named_by.value(), " names, is wrong"));
      return;
    }
  }
  std::string given;
  absl::optional<size_t> named;  // the newest of those that were given and named
  for (const VerifiedSignature& signature : report.signatures) {
    if (signature.key.type != KeyType::kEd25519) continue;
    const std::string vkey = ToString(signature.key);
    if (vkey == current.vkey) return;
    if (given.empty()) given = vkey;
    for (size_t place = keys_from_; place < keys_.size(); ++place) {
      if (keys_[place].vkey != vkey || (named.has_value() && *named > place)) continue;
      named = place;
      given = vkey;
    }
  }
  if (named.has_value() && !by_current.ok() && IsRetired(*named, last_recorded_at_us)) {
    say(last, absl::StrCat("by then the key ", given, " no longer signed for the ledger, and ",
                           current.vkey, ", which entry ", current.named_by.value(),
                           " names, did not sign the checkpoint"));
    return;
  }
  notices_.push_back(NoticeOf(current, given, named, by_current.ok()));
}

std::string IdentityCheck::NoticeOf(const NamedKey& current, absl::string_view given,
                                    absl::optional<size_t> named, bool signed_by_current) const {
  std::string notice = absl::StrCat(
      named.has_value() ? "There is a newer key: entry "
                        : "The ledger's own entries name another key: entry ",
      current.named_by.value(), " names ", current.vkey, " as the one that signs from then on. ");
  const int64_t until_us = current.old_signs_until_us;
  if (!named.has_value()) {
    absl::StrAppend(&notice, "The key you gave, ", given,
                    ", is none that the ledger's own entries name. Ask whoever gave it to you.");
  } else if (until_us > 0 && *named + 2 == keys_.size()) {
    absl::StrAppend(&notice, "The key you gave signs until ", TimeInWords(until_us),
                    "; use the newer one next time.");
  } else {
    absl::StrAppend(&notice, "The key you gave is an older one; use the newer one next time.");
  }
  if (!signed_by_current) {
    absl::StrAppend(&notice,
                    " The checkpoint should bear the signature of the key that entry names, and "
                    "does not: ask the ledger's operator why.");
  }
  return notice;
}

absl::StatusOr<bool> GoesOnFrom(const EarlierIncarnation& earlier, LogReader& log,
                                const Checkpoint& head) {
  SCRUTINY_CHECK(earlier.last.has_value() && earlier.last->size < head.size);
  if (earlier.last->size == TreeSize(0)) return earlier.last->root == EmptyRoot();
  LogTileSource tiles(log);
  TileNodeReader nodes(tiles, head.size);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Hash> proof,
                            ConsistencyProof(nodes, earlier.last->size, head.size));
  return VerifyConsistency(earlier.last->size, head.size, proof, earlier.last->root, head.root)
      .ok();
}

std::string InWords(const EarlierIncarnation& earlier) {
  const uint64_t at = earlier.ended_by.value();
  std::string words = absl::StrCat("With entry ", at, " the ledger was started anew as \"",
                                   earlier.next_origin, "\"; before, it was \"", earlier.origin,
                                   "\" (incarnation ", earlier.incarnation, "). ");
  if (earlier.reason.empty()) {
    absl::StrAppend(&words, "No reason is given. ");
  } else {
    absl::StrAppend(&words, "The reason given: \"", earlier.reason, "\". ");
  }
  if (earlier.lost == 1) {
    absl::StrAppend(&words, "Entry ", at, " was signed under ", earlier.origin,
                    " as another one and is not in this ledger.");
  } else if (earlier.lost > 1) {
    absl::StrAppend(&words, "Entries ", at, " to ", at + earlier.lost - 1, " were signed under ",
                    earlier.origin, " and are not in this ledger.");
  } else if (earlier.last.has_value()) {
    absl::StrAppend(&words, "The last checkpoint that it names of ", earlier.origin, ", of ",
                    earlier.last->size.value(),
                    earlier.last->size == TreeSize(1) ? " entry" : " entries",
                    ", is of the same entries as stand here; whether more was signed "
                    "there, only later checkpoints of it show.");
  } else {
    absl::StrAppend(
        &words, "Whether entries that were signed under ", earlier.origin,
        " are missing here cannot be told from the checkpoint before it: ", earlier.unknown, ".");
  }
  return words;
}

}  // namespace scrutiny::ledger
