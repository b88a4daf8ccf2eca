#include "ledger/verify/verify_log.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/content_check.h"
#include "ledger/verify/identity_check.h"
#include "ledger/verify/log_tiles.h"
#include "ledger/verify/pipeline.h"
#include "ledger/verify/tile_layout.h"
#include "ledger/verify/tree_judge.h"

namespace scrutiny::ledger {
namespace {

// What a thread makes of one bundle and its tile.
struct Piece {
  absl::Status failed;  // reading itself failed
  std::string bundle;
  bool usable = false;  // the bundle has exactly its entries
  std::vector<EntrySlice> slices;
  std::vector<EntryFacts> facts;
  std::vector<Hash> leaves;  // of the entries; of the tile where the bundle is not usable
  Hash root{};               // over them, if the tile is full
  bool agrees = false;       // bundle and tile go together
};

bool IsDamage(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kNotFound || reason == Reason::kCorrupt;
}

class LogCheck {
 public:
  LogCheck(LogReader& log, const VerifyOptions& options) : log_(log), options_(options) {
    for (int i = 0; i < ThreadsOr(options.threads); ++i) {
      readers_.push_back(std::make_unique<EntryReader>(options.select));
    }
  }

  absl::StatusOr<LogReport> Run() {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string note, log_.Checkpoint());
    SCRUTINY_ASSIGN_OR_RETURN(note_, ParseNote(note));
    SCRUTINY_ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenSignedCheckpoint(note, options_.trust));
    report_.checkpoint = std::move(opened.checkpoint);
    report_.signatures = std::move(opened.signatures);
    size_ = report_.checkpoint.size;
    SCRUTINY_RETURN_IF_ERROR(ReadEntries());
    TreeJudge judge(log_, tree_, &report_);
    SCRUTINY_RETURN_IF_ERROR(judge.Run());
    if (AddContent(judge.first_bad_entry())) SCRUTINY_RETURN_IF_ERROR(AddEarlier());
    return std::move(report_);
  }

 private:
  absl::Status ReadEntries() {
    const auto threads = static_cast<int>(readers_.size());
    Pipeline<Piece> pipeline(TilesAt(0, size_), static_cast<size_t>(2 * threads + 2));
    const absl::Status status = pipeline.Run(
        threads, [this](int worker, uint64_t index) { return Make(worker, index); },
        [this](uint64_t index, Piece piece) { return Take(index, std::move(piece)); });
    return tree_.complete ? status : absl::OkStatus();
  }

  // On any thread.
  Piece Make(int worker, uint64_t index) {
    Piece piece;
    const TileId id{0, index};
    const uint32_t width = TileWidthAt(id, size_);
    absl::StatusOr<std::string> bundle = log_.Bundle(index, width);
    const absl::StatusOr<std::vector<Hash>> tile = ReadTile(log_, id, width);
    for (const absl::Status& status : {bundle.status(), tile.status()}) {
      if (!status.ok() && !IsDamage(status)) piece.failed = status;
    }
    if (!piece.failed.ok()) return piece;
    if (bundle.ok()) {
      piece.bundle = *std::move(bundle);
      CutBundle cut = Cut(piece.bundle, width);
      piece.usable = cut.whole;
      piece.slices = std::move(cut.entries);
    }
    if (piece.usable) {
      ReadFacts(worker, &piece);
    } else {
      // Stands in, so that the tree can be built on; which is right is judged later.
      piece.leaves = tile.ok() ? *tile : std::vector<Hash>(width);
    }
    piece.agrees = piece.usable && tile.ok() && piece.leaves == *tile;
    if (width == kTileWidth) piece.root = SubtreeRoot(piece.leaves);
    return piece;
  }

  void ReadFacts(int worker, Piece* piece) {
    piece->leaves.reserve(piece->slices.size());
    piece->facts.reserve(piece->slices.size());
    for (const EntrySlice& slice : piece->slices) {
      const absl::string_view entry =
          absl::string_view(piece->bundle).substr(slice.offset, slice.size);
      piece->leaves.push_back(LeafHash(entry));
      piece->facts.push_back(readers_[static_cast<size_t>(worker)]->Read(entry));
    }
  }

  // In order, on the caller's thread.
  absl::Status Take(uint64_t index, Piece piece) {
    SCRUTINY_RETURN_IF_ERROR(piece.failed);
    const Sequence first(index * kTileWidth);
    if (!piece.agrees) tree_.doubtful.insert(index);
    if (piece.usable && !content_ends_.has_value()) {
      for (size_t i = 0; i < piece.facts.size(); ++i) {
        const EntrySlice& slice = piece.slices[i];
        const absl::string_view entry =
            absl::string_view(piece.bundle).substr(slice.offset, slice.size);
        content_.Add(first + i, entry, piece.facts[i]);
        if (piece.facts[i].selected) options_.on_selected(first + i, entry);
      }
    } else if (!content_ends_.has_value()) {
      content_ends_ = first;
    }
    if (piece.leaves.size() == kTileWidth) {
      tree_.Add(piece.root);
    } else {
      tree_.last_leaves = std::move(piece.leaves);
    }
    if (options_.progress != nullptr) {
      options_.progress(std::min((index + 1) * kTileWidth, size_.value()), size_.value());
    }
    if (tree_.doubtful.size() <= kDamagedTilesMax) return absl::OkStatus();
    tree_.complete = false;
    report_.notices.push_back(absl::StrCat("The check stopped at entry ", first.value(),
                                           ": more than ", kDamagedTilesMax,
                                           " tiles up to there do not go with their entries."));
    return absl::CancelledError();
  }

  // Entries that are not what was signed for contradict others by accident: what they say, and what
  // comes of it, is left out. Whether all of them are.
  bool AddContent(absl::optional<Sequence> first_bad) {
    if (content_ends_.has_value() && (!first_bad.has_value() || *content_ends_ < *first_bad)) {
      first_bad = content_ends_;
    }
    // Tiles and entries go together, and the root is that of others.
    if (std::any_of(report_.damages.begin(), report_.damages.end(), [](const Damage& damage) {
          return damage.kind == DamageKind::kRoot && !damage.entry.has_value();
        })) {
      content_.Count(&report_);
      report_.notices.push_back(
          "Whether the entries hang together was not judged, since they are not those that were "
          "signed.");
      return false;
    }
    const bool whole = tree_.complete && !first_bad.has_value();
    if (whole) content_.Finish(report_, note_);
    content_.Count(&report_);
    for (const Damage& damage : content_.damages()) {
      if (!first_bad.has_value() || *damage.entry < *first_bad) report_.Add(damage);
    }
    if (!first_bad.has_value()) report_.damages_total += content_.untold();
    for (const std::string& notice : content_.identity().notices()) {
      report_.notices.push_back(notice);
    }
    if (report_.unknown_types > 0) {
      report_.notices.push_back(absl::StrCat(
          report_.unknown_types, report_.unknown_types == 1 ? " entry is" : " entries are",
          " of types that this program does not know: of a later version, which checks more."));
    }
    if (first_bad.has_value()) {
      report_.notices.push_back(
          absl::StrCat("Whether the entries hang together was judged up to entry ",
                       first_bad->value(), " only, since that one is damaged."));
    }
    return whole;
  }

  // The incarnations before: the tree is what was signed, so that it tells whether each goes on in
  // it. Their notices come first.
  absl::Status AddEarlier() {
    const bool tiles_are_right =
        report_.damages_total == content_.damages().size() + content_.untold();
    report_.earlier = content_.identity().earlier();
    std::vector<std::string> notices;
    for (EarlierIncarnation& earlier : report_.earlier) {
      if (earlier.last.has_value() && earlier.lost == 0 && !tiles_are_right) {
        earlier.last.reset();
        earlier.unknown = "the tiles that would show it are damaged";
      } else if (earlier.last.has_value() && earlier.lost == 0) {
        SCRUTINY_ASSIGN_OR_RETURN(const bool goes_on,
                                  GoesOnFrom(earlier, log_, report_.checkpoint));
        if (!goes_on) AddFork(&earlier);
      }
      notices.push_back(InWords(earlier));
    }
    report_.notices.insert(report_.notices.begin(), notices.begin(), notices.end());
    return absl::OkStatus();
  }

  void AddFork(EarlierIncarnation* earlier) {
    report_.Add(
        {.kind = DamageKind::kContent,
         .what = absl::StrCat("Entry ", earlier->ended_by.value(), " (", kIdentityRecord,
                              "): the checkpoint from which it goes on, of ",
                              earlier->last->size.value(), " entries that were signed under ",
                              earlier->origin, ", is of other entries than those in front of it."),
         .entry = earlier->ended_by,
         .record = kIdentityRecord});
    earlier->last.reset();
    earlier->unknown = "it is of another history";
  }

  LogReader& log_;
  const VerifyOptions& options_;
  std::vector<std::unique_ptr<EntryReader>> readers_;  // one a thread
  SignedNote note_;
  LogReport report_;
  TreeSize size_;
  ComputedTree tree_;
  ContentChecker content_;
  absl::optional<Sequence> content_ends_;  // entries from here on could not be read
};

}  // namespace

absl::StatusOr<LogReport> VerifyLog(LogReader& log, const VerifyOptions& options) {
  return LogCheck(log, options).Run();
}

}  // namespace scrutiny::ledger
