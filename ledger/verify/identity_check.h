// ledger/verify/identity_check.h
// What a ledger's entries say of the ledger itself: the incarnations it had, the origins and keys
// they name, and the checkpoint from which each incarnation goes on.
//
// Guarantees:  the incarnations are numbered without a gap; each key that is named is one that can
//              sign for the origin in force; a checkpoint that a new incarnation names is held to
//              the keys and the origin named before it. What was signed under an earlier origin
//              and is not in the ledger is never passed over in silence.
// Threads:     thread-compatible; entries come in order.
// Format:      ledger/FORMAT.md.   Tests: tests/ledger/verify/identity_check_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_IDENTITY_CHECK_H_
#define SCRUTINY_LEDGER_VERIFY_IDENTITY_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/report.h"

namespace scrutiny::event::v1 {
class IncarnationStarted;
class LogKeyRotated;
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// The record of what a ledger says of itself.
inline constexpr char kIdentityRecord[] = "ledger/identity";

class IdentityCheck {
 public:
  // Told of each contradiction: the entry, and the end of a sentence.
  using Say = std::function<void(Sequence index, absl::string_view what)>;

  // What an entry proposes that starts a ledger, starts an incarnation or changes the key; others
  // are passed over.
  void Add(Sequence index, const event::v1::Proposed& proposed, const Say& say);

  // After the last entry: whether the checkpoint goes with what they say of origin and keys. `note`
  // is the checkpoint with its signatures.
  void Finish(Sequence last, int64_t last_recorded_at_us, const LogReport& report,
              const SignedNote& note, const Say& say);

  const std::string& ledger_id() const { return ledger_id_; }
  uint32_t incarnation() const { return incarnation_; }
  const std::vector<EarlierIncarnation>& earlier() const { return earlier_; }
  // What the reader should know of keys.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  // Who signs, as the entries say.
  struct NamedKey {
    std::string vkey;
    absl::optional<VerifierKey> key;  // nothing where it is none
    Sequence named_by;
    int64_t old_signs_until_us = 0;
  };

  template <typename Identity>
  void Identify(Sequence index, const Identity& identity, const Say& say);
  void End(Sequence index, const event::v1::IncarnationStarted& next, const Say& say);
  void Rotate(Sequence index, const event::v1::LogKeyRotated& rotated, const Say& say);
  void NameKey(Sequence index, const std::string& vkey, int64_t old_signs_until_us, const Say& say);
  void CheckKeys(Sequence last, int64_t last_recorded_at_us, const LogReport& report,
                 const SignedNote& note, const Say& say);
  std::string NoticeOf(const NamedKey& current, absl::string_view given,
                       absl::optional<size_t> named, bool signed_by_current) const;
  // Until when the key in this place of `keys_` signs, in words; whether that is over.
  bool IsRetired(size_t place, int64_t now_us) const;

  std::string ledger_id_;
  uint32_t incarnation_ = 0;
  std::string origin_;
  std::vector<NamedKey> keys_;  // in the order in which they were named
  size_t keys_from_ = 0;        // the first that this incarnation named
  std::vector<EarlierIncarnation> earlier_;
  std::vector<std::string> notices_;
};

// Whether the ledger that was verified begins with what the earlier incarnation signed. Its tiles
// are read anew and prove it; what they prove does not rest on their being the same as before.
absl::StatusOr<bool> GoesOnFrom(const EarlierIncarnation& earlier, LogReader& log,
                                const Checkpoint& head);

// What a reader should know of it: why it ended, and what of it is not here.
std::string InWords(const EarlierIncarnation& earlier);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_IDENTITY_CHECK_H_
