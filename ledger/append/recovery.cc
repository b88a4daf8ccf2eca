#include "ledger/append/recovery.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/append/prepared.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/entry_codec.h"

namespace scrutiny::ledger {
namespace {

// Bytes read, and so entries indexed, at a time.
constexpr size_t kRecoveryBytes = 4 * kMiB;

constexpr char kRemakeIndex[] =
    "Stop the server and delete the folder of the index: it is made again from the entries.";

Hash LeafHashAt(const Chunk& chunk, size_t i) {
  Hash hash;
  const absl::string_view leaf = chunk.leaf_hash(i);
  std::copy(leaf.begin(), leaf.end(), reinterpret_cast<char*>(hash.data()));
  return hash;
}

// The full tiles that an index holds.
class IndexTiles final : public TileSource {
 public:
  explicit IndexTiles(const IndexStore& index) : view_(index.View()) {}

  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t /*width*/) override {
    SCRUTINY_ASSIGN_OR_RETURN(absl::optional<std::vector<Hash>> tile, view_->Tile(id));
    if (!tile) {
      return Error(Reason::kCorrupt, absl::StrCat("The index lacks the tile ",
                                                  TilePath(id, kTileWidth), " of the tree."))
          .Next(kRemakeIndex);
    }
    return *std::move(tile);
  }

 private:
  const std::unique_ptr<IndexView> view_;
};

// The tree over what the index holds.
absl::StatusOr<TileBuilder> ResumeTree(EntryLog& log, const IndexStore& index) {
  const TreeSize size = index.position();
  // An entry that is damaged is named to who reads it, and keeps nobody from the others.
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::vector<Hash> leaves,
      log.LeafHashes(Sequence(size.value() - size.value() % kTileWidth), size));
  IndexTiles tiles(index);
  return TileBuilder::Resume(size, leaves, tiles);
}

// Collects what entries add to the index, append by append.
class IndexCollector {
 public:
  explicit IndexCollector(TileBuilder* tree) : tree_(tree) {}

  absl::Status Add(const Chunk& chunk, size_t i) {
    SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ReadEntry(chunk, i));
    const event::v1::Assigned& assigned = entry.assigned();
    IndexedEntry indexed;
    indexed.sequence = Sequence(assigned.sequence());
    indexed.revision = Revision(assigned.revision());
    indexed.ordinal = Ordinal(assigned.type_ordinal());
    indexed.record = entry.proposed().record();
    indexed.derived = DeriveFrom(
        entry.proposed(),
        std::vector<event::v1::Number>(assigned.numbers().begin(), assigned.numbers().end()));
    entries_.push_back(std::move(indexed));
    // What was proposed stands in the entry as it was digested: its bytes are not made anew.
    digest_.Add(ProposedBytes(chunk.entry(i)));
    if (assigned.sequence() + 1 == assigned.append_first() + assigned.append_count()) {
      requests_.push_back(
          {assigned.principal().id(),
           assigned.request_id(),
           {Sequence(assigned.append_first()), assigned.append_count(), digest_.Finish()}});
      whole_ = entries_.size();
      end_ = SizeThrough(Sequence(assigned.sequence()));
    }
    tree_->Append(LeafHashAt(chunk, i));
    return absl::OkStatus();
  }

  // Writes the whole appends collected so far.
  absl::Status WriteTo(IndexStore& index) {
    if (whole_ == 0) return absl::OkStatus();
    for (FullTile& tile : tree_->TakeFull()) tiles_.push_back(std::move(tile));
    // A tile that filled beyond the last whole append waits for that append's end.
    const auto is_due = [this](const FullTile& tile) {
      return TileWidthAt(tile.id, end_) == kTileWidth;
    };
    const auto waiting = std::stable_partition(tiles_.begin(), tiles_.end(), is_due);
    SCRUTINY_RETURN_IF_ERROR(index.Apply(
        absl::MakeConstSpan(entries_).subspan(0, whole_), requests_,
        absl::MakeConstSpan(tiles_).subspan(0, static_cast<size_t>(waiting - tiles_.begin())),
        end_));
    tiles_.erase(tiles_.begin(), waiting);
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<ptrdiff_t>(whole_));
    requests_.clear();
    whole_ = 0;
    return absl::OkStatus();
  }

  bool empty() const { return entries_.empty(); }

 private:
  std::vector<IndexedEntry> entries_;
  std::vector<IndexedRequest> requests_;
  TileBuilder* const tree_;
  std::vector<FullTile> tiles_;
  RequestDigest digest_;
  size_t whole_ = 0;
  TreeSize end_;
};

}  // namespace

absl::StatusOr<event::v1::Entry> ReadEntry(const Chunk& chunk, size_t i) {
  const Sequence sequence = chunk.first() + i;
  absl::StatusOr<event::v1::Entry> entry = ParseEntry(chunk.entry(i));
  if (!entry.ok() || entry->assigned().sequence() != sequence.value()) {
    return Error(Reason::kCorrupt, absl::StrCat("Entry ", sequence.value(),
                                                " is damaged: its bytes are not those of an entry "
                                                "with that sequence."))
        .Next("Recover the entry from a backup; nothing here repairs it by deleting.");
  }
  return entry;
}

absl::StatusOr<TileBuilder> CompleteIndex(EntryLog& log, IndexStore& index) {
  if (index.position() > log.size()) {
    return Error(Reason::kCorrupt, absl::StrCat("The index knows ", index.position().value(),
                                                " entries, but only ", log.size().value(),
                                                " are stored: the newest entries have been lost."))
        .Next("Restore the data folder from a backup that has them.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(TileBuilder tree, ResumeTree(log, index));
  IndexCollector collector(&tree);
  Sequence next = NextSequence(index.position());
  while (next < NextSequence(log.size())) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                              log.Chunks(next, log.size(), kRecoveryBytes));
    for (const ChunkPtr& chunk : chunks) {
      for (size_t i = next - chunk->first(); i < chunk->count(); ++i) {
        SCRUTINY_RETURN_IF_ERROR(collector.Add(*chunk, i));
      }
      next = NextSequence(chunk->end());
    }
    SCRUTINY_RETURN_IF_ERROR(collector.WriteTo(index));
  }
  if (!collector.empty()) {
    return Error(Reason::kCorrupt, "The newest append is stored in part.")
        .Next("Restore the data folder from a backup.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<CompactRange> edge, log.Edge());
  if (edge && *edge != tree.edge()) {
    return Error(Reason::kCorrupt,
                 "The tree in the index is not the one that the entries were committed with.")
        .Next(kRemakeIndex);
  }
  return tree;
}

absl::StatusOr<Receipt> ReadReceipt(EntrySource& source, const RequestRecord& request) {
  Receipt receipt;
  receipt.first = request.first;
  receipt.already_recorded = true;
  Sequence next = request.first;
  const Sequence end = request.first + request.count;
  while (next < end) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                              source.Chunks(next, kReadBatchBytesMax));
    for (const ChunkPtr& chunk : chunks) {
      for (size_t i = next - chunk->first(); i < chunk->count() && next < end; ++i, ++next) {
        SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ReadEntry(*chunk, i));
        EntryReceipt one;
        one.sequence = next;
        one.record = entry.proposed().record();
        one.revision = Revision(entry.assigned().revision());
        const absl::string_view leaf = chunk->leaf_hash(i);
        std::copy(leaf.begin(), leaf.end(), reinterpret_cast<char*>(one.leaf_hash.data()));
        one.numbers.assign(entry.assigned().numbers().begin(), entry.assigned().numbers().end());
        receipt.entries.push_back(std::move(one));
        receipt.request_id = entry.assigned().request_id();
        receipt.recorded_at_us = entry.assigned().recorded_at_us();
      }
    }
  }
  return receipt;
}

}  // namespace scrutiny::ledger
