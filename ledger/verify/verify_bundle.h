// ledger/verify/verify_bundle.h
// Whether an export is whole and holds what the ledger's key signed: every byte of the file, the
// whole log in it or the chosen entries.
//
// Guarantees:  of a file that verifies, every byte is the one that was written: contents are held
//              to the checksums, all else to the canonical form, the log or the entries to the
//              signed root. Chosen entries are proven one by one, are of the records asked for, and
//              none is missing between them; whether later ones are, or all of a record, only the
//              whole log shows. One of the keys in it signed its checkpoint; that this key is the
//              ledger's, and what describes the formats, nothing in the file vouches for.
// Threads:     one run uses several threads.
// Errors:      those of OpenSignedCheckpoint and of reading. Damage is in the report.
// Limits:      memory: those of verify_log.h, or some 100 bytes a chosen entry.
// Format:      ledger/FORMAT.md, "Export bundles".
// Tests:       tests/ledger/verify/verify_bundle_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_VERIFY_BUNDLE_H_
#define SCRUTINY_LEDGER_VERIFY_VERIFY_BUNDLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/verify/bundle_log.h"
#include "ledger/verify/report.h"
#include "ledger/verify/verify_log.h"

namespace scrutiny::ledger {

struct BundleReport {
  // Checkpoint, damages and counts; where records were chosen, the counts are of those entries.
  LogReport log;
  bool whole_log = true;
  // The names and prefixes asked for.
  std::vector<std::string> asked_for;
  // How many entries there are on each of these or below.
  std::vector<uint64_t> found;
};

absl::StatusOr<BundleReport> VerifyBundle(BundleLog& bundle, const VerifyOptions& options);

// The contents against the file's own checksums alone. Damage goes into the report.
absl::Status CheckSums(const BundleLog& bundle, int threads, LogReport* report);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_VERIFY_BUNDLE_H_
