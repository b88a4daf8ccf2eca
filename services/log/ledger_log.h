// services/log/ledger_log.h
// The static log of a ledger: its published checkpoint, the tiles of its tree, its entries. Tiles
// and bundles are cut as they are asked for; none is stored for it.
//
// Guarantees:  gives whatever the newest published checkpoint covers. Nothing sealed is in it.
//              Where there are witnesses the checkpoint given is one that they cosigned, at most
//              kCosignedBehindMaxMicros behind the newest; else the newest. Sizes never go back.
// Threads:     thread-safe.
// Lifetime:    borrows ledger, checkpointer, clock and witnesses, which must outlive it.
// Errors:      those of reading the ledger.
// Tests:       tests/services/log/ledger_log_test.cc
#ifndef SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_
#define SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/checkpoint/checkpointer.h"
#include "services/log/static_log.h"
#include "services/log/witnesses.h"

namespace scrutiny::services {

// Under load a newer checkpoint is published before a witness has answered for the last; so long
// after it the cosigned one is still given.
inline constexpr int64_t kCosignedBehindMaxMicros = 10'000'000;

class LedgerLog final : public StaticLog {
 public:
  // `witnesses` may be null: there are none.
  LedgerLog(ledger::Ledger& ledger, ledger::Checkpointer& checkpointer, ledger::Clock& clock,
            const Witnesses* witnesses = nullptr)
      : ledger_(ledger), checkpointer_(checkpointer), clock_(clock), witnesses_(witnesses) {}

  absl::optional<std::string> Checkpoint() override;
  ledger::TreeSize CheckpointSize() override;
  absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

 private:
  ledger::Ledger& ledger_;
  ledger::Checkpointer& checkpointer_;
  ledger::Clock& clock_;
  const Witnesses* const witnesses_;
  ledger::Mutex mutex_;
  ledger::PublishedCheckpointPtr given_ ABSL_GUARDED_BY(mutex_);  // last; null: none yet
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_LOG_LEDGER_LOG_H_
