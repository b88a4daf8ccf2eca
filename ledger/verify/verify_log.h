// ledger/verify/verify_log.h
// Whether a whole log is what its key signed, and whether its entries hang together.
//
// Guarantees:  a log that verifies has exactly the entries that the checkpoint's root commits to,
//              every tile is the one that follows from them, and no entry contradicts those before
//              it (content_check.h). What is damaged is named by entry, record, file and bytes; the
//              signed root tells whether the entries or the hashes are the wrong ones.
// Threads:     one run uses several threads; the reader must be thread-safe.
// Errors:      those of OpenSignedCheckpoint, and of the reader where reading itself fails. Damage
//              is no error: it is in the report.
// Limits:      memory: a few tiles and bundles a thread, 32 bytes for 255 entries, and what
//              content_check.h keeps. After kDamagedTilesMax damaged tiles it looks no further.
// Cost:        on two cores of 2 GHz and more, some million entries of 500 bytes a second.
// Format:      C2SP tlog-tiles; ledger/FORMAT.md.   Tests: tests/ledger/verify/verify_log_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_VERIFY_LOG_H_
#define SCRUTINY_LEDGER_VERIFY_VERIFY_LOG_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/report.h"
#include "ledger/verify/signed_checkpoint.h"

namespace scrutiny::ledger {

// Tiles that do not go with their entries, after which the rest is not looked at.
inline constexpr size_t kDamagedTilesMax = 100;

struct VerifyOptions {
  Trust trust;
  int threads = 0;  // 0: one a core
  // Entries to be shown: `select` is asked on any thread, `on_selected` called in order on the
  // caller's. What it is given is verified only once the whole log is.
  EntryReader::Selector select;
  std::function<void(Sequence sequence, absl::string_view bytes)> on_selected;
  // Called now and then with the entries done and in all.
  std::function<void(uint64_t done, uint64_t total)> progress;
};

absl::StatusOr<LogReport> VerifyLog(LogReader& log, const VerifyOptions& options);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_VERIFY_LOG_H_
