// services/log/ledger_log.h
// The static log of a ledger: its published checkpoint, the tiles of its tree, its entries. Tiles
// and bundles are cut as they are asked for; none is stored for it.
//
// Guarantees:  gives whatever the published checkpoint covers. Nothing sealed is in it.
// Threads:     thread-safe.
// Lifetime:    borrows ledger and checkpointer, which must outlive it.
// Errors:      those of reading the ledger.
// Tests:       tests/services/log/ledger_log_test.cc
#ifndef SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_
#define SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_

#include <string>

#include "ledger/append/ledger.h"
#include "ledger/checkpoint/checkpointer.h"
#include "services/log/static_log.h"

namespace scrutiny::services {

class LedgerLog final : public StaticLog {
 public:
  LedgerLog(ledger::Ledger& ledger, ledger::Checkpointer& checkpointer)
      : ledger_(ledger), checkpointer_(checkpointer) {}

  absl::optional<std::string> Checkpoint() override;
  ledger::TreeSize CheckpointSize() override;
  absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

 private:
  ledger::Ledger& ledger_;
  ledger::Checkpointer& checkpointer_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_
