// tools/scrutinyd/daemon.h
// One run of the server: opens the ledger and its registers, serves until a signal, drains, closes.
//
// Guarantees:  SIGTERM and SIGINT end it cleanly: what was queued is answered, subscriptions end,
//              the stores are closed; a second one ends it at once, losing nothing acknowledged.
// Threads:     BlockSignals before any other thread is started.
// Errors:      what stopped it from starting or closing, in a sentence.
// Limits:      kDrainMicros for calls under way at the end; the copying of a backup is waited for
//              whole. A second signal ends the program as it stands, and so does one that comes
//              while it starts, as during a long restore; the stores survive that.
// Tests:       tests/tools/scrutinyd/scrutinyd_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINYD_DAEMON_H_
#define SCRUTINY_TOOLS_SCRUTINYD_DAEMON_H_

#include <cstdint>

#include "absl/status/status.h"

#include "tools/scrutinyd/options.h"

namespace scrutiny::tools {

inline constexpr int64_t kDrainMicros = 10'000'000;

// Leaves the signals that end the server to RunDaemon.
void BlockSignals();

absl::Status RunDaemon(const DaemonOptions& options);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINYD_DAEMON_H_
