#include "ledger/append/tree.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {

Tree::Tree(const IndexStore& index, TreeGrowth grown)
    : index_(index), edge_(std::move(grown.edge)), open_(std::move(grown.open)) {}

void Tree::Publish(TreeGrowth grown) {
  const TreeSize indexed = index_.position();
  MutexLock lock(mutex_);
  edge_ = std::move(grown.edge);
  open_ = std::move(grown.open);
  for (FullTile& tile : grown.full) {
    recent_.push_back({tile.id, edge_.size()});
    recent_tiles_[tile.id] = std::move(tile.hashes);
  }
  LetGo(indexed);
}

void Tree::LetGo(TreeSize indexed) {
  while (!recent_.empty() && recent_.front().filled_at <= indexed) {
    recent_tiles_.erase(recent_.front().id);
    recent_.pop_front();
  }
}

TreeSize Tree::size() const {
  MutexLock lock(mutex_);
  return edge_.size();
}

CompactRange Tree::edge() const {
  MutexLock lock(mutex_);
  return edge_;
}

absl::StatusOr<std::vector<Hash>> Tree::Tile(TileId id, uint32_t width) {
  Hashes full;
  {
    MutexLock lock(mutex_);
    const uint32_t there = TileWidthAt(id, edge_.size());
    if (width == 0 || width > there) {
      return Error(Reason::kBeyondHead,
                   absl::StrCat("The tile ", TilePath(id, kTileWidth), " has ", there,
                                " hashes so far, and ", width, " are asked for."));
    }
    if (there < kTileWidth) {
      const std::vector<Hash>& open = open_[id.level];
      return std::vector<Hash>(open.begin(), open.begin() + width);
    }
    const auto recent = recent_tiles_.find(id);
    if (recent != recent_tiles_.end()) full = recent->second;
  }
  if (full != nullptr) return std::vector<Hash>(full->begin(), full->begin() + width);
  SCRUTINY_ASSIGN_OR_RETURN(absl::optional<std::vector<Hash>> stored, index_.View()->Tile(id));
  if (!stored) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The index lacks the tile ", TilePath(id, kTileWidth), "."))
        .Next("Stop the server and delete the folder of the index: it is made again.");
  }
  stored->resize(width);
  return *std::move(stored);
}

absl::Status Tree::CheckCovered(TreeSize size) const {
  const TreeSize covered = this->size();
  if (size <= covered) return absl::OkStatus();
  return Error(Reason::kBeyondHead,
               absl::StrCat("There is no tree of ", size.value(), " entries yet; the ledger has ",
                            covered.value(), "."))
      .Value(size.ToString());
}

absl::StatusOr<Hash> Tree::Root(TreeSize size) {
  const CompactRange edge = this->edge();
  if (edge.size() == size) return edge.Root();
  SCRUTINY_RETURN_IF_ERROR(CheckCovered(size));
  TileNodeReader nodes(*this, size);
  return RootAt(nodes, size);
}

absl::StatusOr<std::vector<Hash>> Tree::Inclusion(Sequence sequence, TreeSize size) {
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::vector<Hash>> paths, Inclusions({sequence}, size));
  return std::move(paths.front());
}

absl::StatusOr<std::vector<std::vector<Hash>>> Tree::Inclusions(
    absl::Span<const Sequence> sequences, TreeSize size) {
  SCRUTINY_RETURN_IF_ERROR(CheckCovered(size));
  TileNodeReader nodes(*this, size);
  std::vector<std::vector<Hash>> paths;
  paths.reserve(sequences.size());
  for (const Sequence sequence : sequences) {
    if (sequence >= NextSequence(size)) {
      return Error(Reason::kBeyondHead,
                   absl::StrCat("Entry ", sequence.value(), " is not in the tree of ", size.value(),
                                " entries: they are counted from 0."))
          .Value(sequence.ToString());
    }
    SCRUTINY_ASSIGN_OR_RETURN(paths.emplace_back(), InclusionProof(nodes, sequence, size));
  }
  return paths;
}

absl::StatusOr<std::vector<Hash>> Tree::Consistency(TreeSize old_size, TreeSize new_size) {
  SCRUTINY_RETURN_IF_ERROR(CheckCovered(new_size));
  if (old_size > new_size) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("The older size, ", old_size.value(), ", is greater than the newer, ",
                              new_size.value(), "."))
        .Value(old_size.ToString());
  }
  if (old_size == TreeSize(0)) return std::vector<Hash>();
  TileNodeReader nodes(*this, new_size);
  return ConsistencyProof(nodes, old_size, new_size);
}

}  // namespace scrutiny::ledger
