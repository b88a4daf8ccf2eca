#include "ledger/verify/tree_judge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/tile_layout.h"

namespace scrutiny::ledger {
namespace {

// Damage that lies in the file itself; anything else means that reading failed.
bool IsDamage(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kNotFound || reason == Reason::kCorrupt;
}

std::string Places(size_t begin, size_t end) {
  return end - begin == 1 ? absl::StrCat("place ", begin)
                          : absl::StrCat("places ", begin, " to ", end - 1);
}

bool Same(const absl::optional<std::vector<Hash>>& a, const absl::optional<std::vector<Hash>>& b) {
  return a.has_value() && b.has_value() && *a == *b;
}

}  // namespace

absl::optional<std::vector<Hash>> Settle(
    const absl::optional<std::vector<Hash>>& a, const absl::optional<std::vector<Hash>>& b,
    const std::function<bool(absl::Span<const Hash>)>& passes) {
  if (a.has_value() && passes(*a)) return a;
  if (b.has_value() && passes(*b)) return b;
  if (!a.has_value() || !b.has_value()) return absl::nullopt;
  std::vector<size_t> differing;
  for (size_t i = 0; i < a->size(); ++i) {
    if ((*a)[i] != (*b)[i]) differing.push_back(i);
  }
  if (differing.size() < 2 || differing.size() > kDoubtfulPlacesMax) return absl::nullopt;
  for (uint32_t mask = 1; mask + 1 < (1u << differing.size()); ++mask) {
    std::vector<Hash> mixed = *a;
    for (size_t i = 0; i < differing.size(); ++i) {
      if ((mask >> i & 1) != 0) mixed[differing[i]] = (*b)[differing[i]];
    }
    if (passes(mixed)) return mixed;
  }
  return absl::nullopt;
}

void ComputedTree::Add(const Hash& tile_root) {
  Hash hash = tile_root;
  for (size_t level = 1;; ++level) {
    if (levels.size() <= level) levels.resize(level + 1);
    levels[level].push_back(hash);
    if (levels[level].size() % kTileWidth != 0) return;
    hash = SubtreeRoot(absl::MakeConstSpan(levels[level]).last(kTileWidth));
  }
}

TreeJudge::TreeJudge(LogReader& log, const ComputedTree& computed, LogReport* report)
    : log_(log), computed_(computed), report_(report), size_(report->checkpoint.size) {
  while (TilesAt(static_cast<int>(doubtful_.size()), size_) > 0) doubtful_.emplace_back();
  if (!doubtful_.empty()) doubtful_[0] = computed.doubtful;
}

absl::Status TreeJudge::Run() {
  if (size_ == TreeSize(0)) {
    if (report_->checkpoint.root != EmptyRoot()) {
      report_->Add({.kind = DamageKind::kRoot,
                    .what = "The checkpoint is of no entries, and its root is not that of none."});
    }
    return absl::OkStatus();
  }
  if (computed_.complete) {
    SCRUTINY_RETURN_IF_ERROR(CompareLevels());
    const bool clean = std::all_of(doubtful_.begin(), doubtful_.end(),
                                   [](const std::set<uint64_t>& level) { return level.empty(); });
    if (clean && RootOfEdge(size_, ComputedEdge()) == report_->checkpoint.root) {
      return absl::OkStatus();
    }
  }
  const uint64_t before = report_->damages_total;
  SCRUTINY_RETURN_IF_ERROR(JudgeEdge());
  if (report_->damages_total == before) {
    report_->Add({.kind = DamageKind::kRoot,
                  .what = "The root that was signed is not that of these entries."});
  }
  return absl::OkStatus();
}

absl::Status TreeJudge::CompareLevels() {
  for (int level = 1; level < Levels(); ++level) {
    for (uint64_t index = 0; index < TilesAt(level, size_); ++index) {
      const TileId id{static_cast<uint8_t>(level), index};
      SCRUTINY_ASSIGN_OR_RETURN(const Accounts accounts, Read(id));
      if (!Same(accounts.stored, accounts.computed)) doubtful_[level].insert(index);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<TreeJudge::Accounts> TreeJudge::Read(TileId id) {
  Accounts accounts{.id = id, .width = TileWidthAt(id, size_)};
  absl::StatusOr<Hashes> stored = ReadTile(log_, id, accounts.width);
  accounts.stored_status = stored.status();
  if (stored.ok()) {
    accounts.stored = *std::move(stored);
  } else if (!IsDamage(stored.status())) {
    return stored.status();
  }
  if (id.level == 0) {
    SCRUTINY_RETURN_IF_ERROR(ReadBundle(&accounts));
  } else if (id.level < computed_.levels.size()) {
    const Hashes& level = computed_.levels[id.level];
    const uint64_t begin = id.index * kTileWidth;
    if (begin + accounts.width <= level.size()) {
      accounts.computed.emplace(
          level.begin() + static_cast<std::ptrdiff_t>(begin),
          level.begin() + static_cast<std::ptrdiff_t>(begin + accounts.width));
    }
  }
  return accounts;
}

absl::Status TreeJudge::ReadBundle(Accounts* accounts) {
  absl::StatusOr<std::string> bundle = log_.Bundle(accounts->id.index, accounts->width);
  accounts->bundle_status = bundle.status();
  if (!bundle.ok()) return IsDamage(bundle.status()) ? absl::OkStatus() : bundle.status();
  accounts->bundle = *std::move(bundle);
  accounts->cut = Cut(accounts->bundle, accounts->width);
  if (accounts->cut.entries.size() < accounts->width) return absl::OkStatus();
  Hashes leaves;
  leaves.reserve(accounts->width);
  for (const EntrySlice& entry : accounts->cut.entries) {
    leaves.push_back(
        LeafHash(absl::string_view(accounts->bundle).substr(entry.offset, entry.size)));
  }
  accounts->computed = std::move(leaves);
  return absl::OkStatus();
}

TreeEdge TreeJudge::ComputedEdge() const {
  TreeEdge edge(Levels());
  edge[0] = computed_.last_leaves;
  for (int level = 1; level < Levels(); ++level) {
    const Hashes& all = computed_.levels[level];
    edge[level].assign(all.end() - static_cast<std::ptrdiff_t>(all.size() % kTileWidth), all.end());
  }
  return edge;
}

// The partial tiles together make the root, so they are settled together, highest first.
absl::Status TreeJudge::JudgeEdge() {
  std::vector<Accounts> edge;
  Hashes stored;
  Hashes computed;
  bool have_stored = true;
  bool have_computed = true;
  for (int level = Levels(); level-- > 0;) {
    const TileId id{static_cast<uint8_t>(level), size_.value() >> (kTileHeight * level) >> 8};
    if (TileWidthAt(id, size_) == 0) continue;
    SCRUTINY_ASSIGN_OR_RETURN(Accounts accounts, Read(id));
    // Where one account is missing the other stands in for it.
    const absl::optional<Hashes>& a = accounts.stored ? accounts.stored : accounts.computed;
    const absl::optional<Hashes>& b = accounts.computed ? accounts.computed : accounts.stored;
    have_stored = have_stored && a.has_value();
    have_computed = have_computed && b.has_value();
    if (a.has_value()) stored.insert(stored.end(), a->begin(), a->end());
    if (b.has_value()) computed.insert(computed.end(), b->begin(), b->end());
    edge.push_back(std::move(accounts));
  }
  const auto is_root = [&](absl::Span<const Hash> hashes) {
    TreeEdge parts(Levels());
    for (const Accounts& accounts : edge) {
      parts[accounts.id.level].assign(hashes.begin(), hashes.begin() + accounts.width);
      hashes.remove_prefix(accounts.width);
    }
    return RootOfEdge(size_, parts) == report_->checkpoint.root;
  };
  const absl::optional<Hashes> right =
      Settle(have_stored ? absl::make_optional(stored) : absl::nullopt,
             have_computed ? absl::make_optional(computed) : absl::nullopt, is_root);
  absl::Span<const Hash> rest;
  if (right.has_value()) rest = *right;
  for (const Accounts& accounts : edge) {
    absl::optional<Hashes> own;
    if (right.has_value()) {
      own.emplace(rest.begin(), rest.begin() + accounts.width);
      rest.remove_prefix(accounts.width);
    }
    JudgeTile(accounts, own);
    SCRUTINY_RETURN_IF_ERROR(JudgeBelow(accounts, own));
  }
  return absl::OkStatus();
}

absl::Status TreeJudge::Descend(TileId id, const absl::optional<Hash>& expected) {
  SCRUTINY_ASSIGN_OR_RETURN(const Accounts accounts, Read(id));
  absl::optional<Hashes> right;
  if (expected.has_value()) {
    right = Settle(accounts.stored, accounts.computed,
                   [&](absl::Span<const Hash> hashes) { return SubtreeRoot(hashes) == *expected; });
  }
  if (expected.has_value() && !right.has_value() && Same(accounts.stored, accounts.computed)) {
    const uint64_t entries = uint64_t{1} << (kTileHeight * (id.level + 1));
    const Sequence first(id.index * entries);
    report_->Add(
        {.kind = DamageKind::kRoot,
         .what = absl::StrCat("Entries ", first.value(), " to ", first.value() + entries - 1,
                              " and ", TilePath(id, accounts.width),
                              " go together, but not with the hashes above them: they "
                              "were changed together."),
         .entry = first,
         .file = TilePath(id, accounts.width)});
    NoteBadEntry(first);
    return absl::OkStatus();
  }
  JudgeTile(accounts, right);
  return JudgeBelow(accounts, right);
}

absl::Status TreeJudge::JudgeBelow(const Accounts& accounts, const absl::optional<Hashes>& right) {
  if (accounts.id.level == 0) return absl::OkStatus();
  const auto below = static_cast<uint8_t>(accounts.id.level - 1);
  for (uint32_t i = 0; i < accounts.width; ++i) {
    const TileId child{below, accounts.id.index * kTileWidth + i};
    const bool other = right.has_value() && accounts.computed.has_value() &&
                       (*accounts.computed)[i] != (*right)[i];
    if (!other && !DoubtfulBelow(child)) continue;
    SCRUTINY_RETURN_IF_ERROR(
        Descend(child, right.has_value() ? absl::make_optional((*right)[i]) : absl::nullopt));
  }
  return absl::OkStatus();
}

bool TreeJudge::DoubtfulBelow(TileId id) const {
  for (int level = id.level; level >= 0; --level) {
    const int shift = kTileHeight * (id.level - level);
    const auto from = doubtful_[level].lower_bound(id.index << shift);
    if (from != doubtful_[level].end() && *from >> shift == id.index) return true;
  }
  return false;
}

void TreeJudge::JudgeTile(const Accounts& accounts, const absl::optional<Hashes>& right) {
  const std::string path = TilePath(accounts.id, accounts.width);
  if (!accounts.stored.has_value()) {
    const bool missing = ReasonOf(accounts.stored_status) == Reason::kNotFound;
    report_->Add({.kind = DamageKind::kTile,
                  .what = missing ? absl::StrCat(path, " is missing.")
                                  : std::string(accounts.stored_status.message()),
                  .file = path});
  }
  // Against the right hashes; against the other account where nothing is known to be right.
  const absl::optional<Hashes>& against = right.has_value() ? right : accounts.computed;
  if (accounts.stored.has_value() && against.has_value() &&
      (accounts.id.level > 0 || right.has_value())) {
    for (size_t begin = 0; begin < accounts.width;) {
      size_t end = begin;
      while (end < accounts.width && (*accounts.stored)[end] != (*against)[end]) ++end;
      if (end > begin) {
        SayTile(accounts, begin, end,
                right.has_value() ? "is not the one that goes with the signed root"
                                  : "does not follow from what lies below");
      }
      begin = std::max(end, begin + 1);
    }
  }
  if (accounts.id.level == 0) JudgeBundle(accounts, right);
}

void TreeJudge::JudgeBundle(const Accounts& accounts, const absl::optional<Hashes>& right) {
  const std::string path = BundlePath(accounts.id.index, accounts.width);
  if (!accounts.bundle_status.ok()) {
    const bool missing = ReasonOf(accounts.bundle_status) == Reason::kNotFound;
    const Sequence first(accounts.id.index * kTileWidth);
    report_->Add({.kind = DamageKind::kBundle,
                  .what = absl::StrCat(missing ? absl::StrCat(path, " is missing.")
                                               : std::string(accounts.bundle_status.message()),
                                       " Entries ", first.value(), " to ",
                                       first.value() + accounts.width - 1, " stand in it."),
                  .entry = first,
                  .file = path});
    NoteBadEntry(first);
    return;
  }
  const absl::optional<Hashes>& against = right.has_value() ? right : accounts.stored;
  const std::vector<EntrySlice>& entries = accounts.cut.entries;
  const absl::string_view bundle = accounts.bundle;
  const auto is_bad = [&](size_t i) {
    return i >= entries.size() ||
           (against.has_value() &&
            LeafHash(bundle.substr(entries[i].offset, entries[i].size)) != (*against)[i]);
  };
  for (size_t i = 0; i < accounts.width; ++i) {
    if (!is_bad(i)) continue;
    size_t end = i + 1;
    while (end < accounts.width && is_bad(end)) ++end;
    if (i < entries.size()) SayEntry(accounts, i, right.has_value());
    const size_t rest = i < entries.size() ? i + 1 : i;
    if (rest < end) SayEntries(accounts, rest, end);
    i = end;
  }
  if (entries.size() == accounts.width && !accounts.cut.whole) {
    const size_t end = entries.back().offset + entries.back().size;
    report_->Add({.kind = DamageKind::kBundle,
                  .what = absl::StrCat(path, " goes on behind its last entry, at byte ", end, "."),
                  .file = path,
                  .begin = end,
                  .end = bundle.size()});
  }
}

void TreeJudge::SayTile(const Accounts& accounts, size_t begin, size_t end, absl::string_view why) {
  const std::string path = TilePath(accounts.id, accounts.width);
  const uint64_t first = accounts.id.index * kTileWidth + begin;
  std::string of;
  if (end - begin == 1 && accounts.id.level == 0) {
    of = absl::StrCat(", of entry ", first, ",");
  } else if (end - begin == 1) {
    const auto below = static_cast<uint8_t>(accounts.id.level - 1);
    of = absl::StrCat(", of ", TilePath({below, first}, kTileWidth), ",");
  }
  report_->Add(
      {.kind = DamageKind::kTile,
       .what = absl::StrCat(path, ": the hash at ", Places(begin, end), of, " (bytes ",
                            begin * sizeof(Hash), " to ", end * sizeof(Hash) - 1, ") ", why, "."),
       .file = path,
       .begin = begin * sizeof(Hash),
       .end = end * sizeof(Hash)});
}

void TreeJudge::SayEntry(const Accounts& accounts, size_t place, bool certain) {
  const EntrySlice& slice = accounts.cut.entries[place];
  const absl::string_view bytes =
      absl::string_view(accounts.bundle).substr(slice.offset, slice.size);
  const Sequence sequence(accounts.id.index * kTileWidth + place);
  const std::string path = BundlePath(accounts.id.index, accounts.width);
  const std::string tile = TilePath(accounts.id, accounts.width);
  report_->Add({.kind = DamageKind::kEntry,
                .what = absl::StrCat(
                    NameOfEntry(sequence, bytes), ", bytes ", slice.offset, " to ",
                    slice.offset + slice.size, " of ", path, ": its hash is not the one in ", tile,
                    " at place ", place,
                    certain ? ", which goes with the signed root: the entry was changed."
                            : "; which of the two is wrong cannot be told, for neither goes with "
                              "the hashes above."),
                .entry = sequence,
                .record = RecordOf(bytes),
                .file = path,
                .begin = slice.offset,
                .end = slice.offset + slice.size});
  NoteBadEntry(sequence);
}

void TreeJudge::SayEntries(const Accounts& accounts, size_t begin, size_t end) {
  const std::string path = BundlePath(accounts.id.index, accounts.width);
  const std::vector<EntrySlice>& entries = accounts.cut.entries;
  const size_t from = begin == 0 ? 0 : entries[begin - 1].offset + entries[begin - 1].size;
  const Sequence first(accounts.id.index * kTileWidth + begin);
  report_->Add({.kind = DamageKind::kBundle,
                .what = absl::StrCat(path, ": from byte ", from, " on it does not hold entries ",
                                     first.value(), " to ", first.value() + (end - begin) - 1,
                                     " as they were signed for."),
                .entry = first,
                .file = path,
                .begin = from,
                .end = accounts.bundle.size()});
  NoteBadEntry(first);
}

void TreeJudge::NoteBadEntry(Sequence sequence) {
  if (!first_bad_entry_.has_value() || sequence < *first_bad_entry_) first_bad_entry_ = sequence;
}

}  // namespace scrutiny::ledger
