// ledger/verify/report.h
// What a check found, for people and for programs.
//
// Threads:     values.
// Tests:       tests/ledger/verify/verify_log_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_REPORT_H_
#define SCRUTINY_LEDGER_VERIFY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"

namespace scrutiny::ledger {

// What is at fault.
enum class DamageKind : uint8_t {
  kEntry,    // an entry's bytes are not those that were signed for
  kBundle,   // a file of entries is missing or cannot be cut into its entries
  kTile,     // a file of hashes is missing or wrong; the entries may be whole
  kRoot,     // tiles and entries agree, and the signed root is another
  kContent,  // an entry is what was signed for, and contradicts those before it
  kFile,     // another file of an export or a backup
};

// The name programs see: "entry", "bundle", …
const char* DamageKindName(DamageKind kind);

struct Damage {
  DamageKind kind = DamageKind::kFile;
  // A whole sentence that names the place.
  std::string what;
  // The place, as far as it applies.
  absl::optional<Sequence> entry;
  std::string record;
  std::string file;
  uint64_t begin = 0;  // bytes [begin, end) of the file; both 0: the whole of it
  uint64_t end = 0;
};

// Damages that are told one by one; beyond it they are counted.
inline constexpr size_t kDamagesMax = 1000;

// An incarnation that ended, as the entry says that starts the next one.
struct EarlierIncarnation {
  Sequence ended_by;         // the entry that starts the next
  uint32_t incarnation = 0;  // the number of the one that ended
  std::string origin;        // its own
  std::string next_origin;
  std::string reason;
  // The last checkpoint that is named of it, where a key that signed for it vouches for that.
  absl::optional<Checkpoint> last;
  std::string unknown;  // why there is none: the end of a sentence
  // Entries from `ended_by` on that it signed and that are not in this ledger.
  uint64_t lost = 0;
};

struct LogReport {
  // What was signed, and by whom. Right, whatever else is not.
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> signatures;

  std::vector<Damage> damages;              // the first kDamagesMax
  uint64_t damages_total = 0;               // 0: verified
  std::vector<std::string> notices;         // what the reader should know although it is no damage
  std::vector<EarlierIncarnation> earlier;  // where the whole log verifies

  // Of the entries that were read.
  uint64_t entries = 0;
  uint64_t entry_bytes = 0;
  uint64_t records = 0;
  uint64_t seals = 0;
  uint64_t seals_erased = 0;   // each once, however often that is recorded
  uint64_t unknown_types = 0;  // entries whose type this program does not know
  std::string ledger_id;       // 16 bytes; empty if no entry says so
  uint32_t incarnation = 0;
  int64_t last_recorded_at_us = 0;

  bool verified() const { return damages_total == 0; }
  void Add(Damage damage);
};

// "18 March 2019 at 10:00:00 UTC".
std::string TimeInWords(int64_t micros);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_REPORT_H_
