// tools/scrutinyd/open_ledger.h
// Opens the ledger with what stands outside its data folder: the identity that signs for it and the
// key store that opens what is sealed. Restores first, or begins a new incarnation, where asked.
//
// Guarantees:  a ledger that is older than what was signed, or differs from it, is not opened.
// Threads:     before the server serves.
// Errors:      why not, in a sentence, and what to do.
// Tests:       tests/tools/scrutinyd/identity_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINYD_OPEN_LEDGER_H_
#define SCRUTINY_TOOLS_SCRUTINYD_OPEN_LEDGER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/seal/key_store.h"
#include "services/log/witnesses.h"
#include "tools/scrutinyd/options.h"

namespace scrutiny::tools {

// What an option says to switch a thing off.
inline constexpr char kOff[] = "off";

// In the order in which they are made; the last goes first.
struct OpenLedger {
  std::unique_ptr<ledger::Identity> identity;
  std::unique_ptr<ledger::KeyStore> keys;  // null: see seals_problem
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<ledger::Checkpointer> checkpointer;
  std::string seals_problem;
};

// Asks the witnesses before anything is signed.
absl::StatusOr<OpenLedger> OpenWithIdentity(const DaemonOptions& options, ledger::Clock& clock,
                                            ledger::RandomSource& random,
                                            services::Witnesses& witnesses);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINYD_OPEN_LEDGER_H_
