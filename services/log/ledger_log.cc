#include "services/log/ledger_log.h"

#include <vector>

#include "ledger/append/tree.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/merkle/bundle.h"

namespace scrutiny::services {

absl::optional<std::string> LedgerLog::Checkpoint() {
  const ledger::PublishedCheckpointPtr cosigned =
      witnesses_ == nullptr ? nullptr : witnesses_->cosigned();
  const ledger::PublishedCheckpointPtr newest = checkpointer_.newest();
  if (newest == nullptr) return absl::nullopt;
  ledger::MutexLock lock(mutex_);
  // Behind by less than that under load, and behind a newest that itself is no older: on a quiet
  // ledger no other checkpoint comes.
  const int64_t waited = clock_.MonotonicMicros() - newest->signed_at_monotonic_us;
  const bool is_fresh = cosigned != nullptr &&
                        newest->signed_at_monotonic_us - cosigned->signed_at_monotonic_us <=
                            kCosignedBehindMaxMicros &&
                        waited <= kCosignedBehindMaxMicros;
  if (!is_fresh || cosigned->text == newest->text) {
    given_ = newest;
  } else if (given_ == nullptr || cosigned->checkpoint.size >= given_->checkpoint.size) {
    given_ = cosigned;
  }  // Else what was given last is given until a cosigned one has come as far.
  return given_->text == newest->text ? newest->note : given_->note;
}

ledger::TreeSize LedgerLog::CheckpointSize() {
  const ledger::PublishedCheckpointPtr newest = checkpointer_.newest();
  return newest == nullptr ? ledger::TreeSize(0) : newest->checkpoint.size;
}

absl::StatusOr<std::string> LedgerLog::Tile(ledger::TileId id, uint32_t width) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> hashes, ledger_.tree().Tile(id, width));
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(ledger::Hash));
  for (const ledger::Hash& hash : hashes) {
    bytes.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  }
  return bytes;
}

absl::StatusOr<std::string> LedgerLog::Bundle(uint64_t index, uint32_t width) {
  ledger::Sequence next(index * ledger::kTileWidth);
  const ledger::Sequence end = next + width;
  std::string bytes;
  while (next < end) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::ChunkPtr> chunks,
                              ledger_.Chunks(next, ledger::kReadBatchBytesMax));
    for (const ledger::ChunkPtr& chunk : chunks) {
      for (size_t i = next - chunk->first(); i < chunk->count() && next < end; ++i, ++next) {
        ledger::AppendBundleEntry(chunk->entry(i), &bytes);
      }
    }
  }
  return bytes;
}

}  // namespace scrutiny::services
