#include "ledger/verify/bundle_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/bundle_file.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/lines.h"
#include "ledger/note/tlog_proof.h"

namespace scrutiny::ledger {
namespace {

// Members in front of tiles or entries.
constexpr uint64_t kHeadMembers = 3;
constexpr size_t kPieceBytes = 256 * kKiB;

absl::Status Broken(absl::string_view what) {
  return Error(Reason::kCorrupt, absl::StrCat("The export is damaged: ", what, "."))
      .Next("Get the file anew from where it came from; nothing in it may be relied on.");
}

absl::Status Unexpected(const absl::optional<TarMember>& found, absl::string_view expected) {
  if (!found.has_value()) return Broken(absl::StrCat("it ends, and ", expected, " is missing"));
  return Broken(absl::StrCat(found->name, " stands where ", expected, " must be"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<BundleLog>> BundleLog::Open(const std::string& path) {
  SCRUTINY_ASSIGN_OR_RETURN(std::unique_ptr<OpenFile> file, OpenFile::Open(path));
  std::unique_ptr<BundleLog> bundle(new BundleLog(std::move(file)));
  SCRUTINY_RETURN_IF_ERROR(bundle->Index());
  return bundle;
}

absl::Status BundleLog::Index() {
  TarReader members(*file_);
  for (const char* name : {kBundleCheckpointName, kBundleKeysName, kBundleProtoName}) {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<TarMember> member, members.Next());
    if (!member.has_value() || member->name != name) return Unexpected(member, name);
    members_.push_back({member->offset, member->size});
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::string note, Checkpoint());
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return Broken("its checkpoint is none");
  const absl::StatusOr<ledger::Checkpoint> checkpoint = ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return Broken("its checkpoint is none");
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(checkpoint->size));
  size_ = checkpoint->size;

  SCRUTINY_ASSIGN_OR_RETURN(absl::optional<TarMember> next, members.Next());
  if (!next.has_value() || next->name != kBundleRecordsName) {
    return IndexTiles(&members, std::move(next));
  }
  whole_log_ = false;
  members_.push_back({next->offset, next->size});
  return IndexEntries(&members);
}

absl::Status BundleLog::IndexTiles(TarReader* members, absl::optional<TarMember> next) {
  layout_ = TileLayout(size_);
  for (uint64_t place = 0; place < layout_.count(); ++place) {
    const std::string expected = PathOf(layout_.At(place));
    if (!next.has_value() || next->name != expected) return Unexpected(next, expected);
    members_.push_back({next->offset, next->size});
    SCRUTINY_ASSIGN_OR_RETURN(next, members->Next());
  }
  return CheckLast(members, next);
}

absl::Status BundleLog::IndexEntries(TarReader* members) {
  while (true) {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<TarMember> entry, members->Next());
    if (!entry.has_value() || entry->name == kBundleSumsName) return CheckLast(members, entry);
    absl::string_view number = entry->name;
    const absl::optional<uint64_t> sequence =
        absl::ConsumePrefix(&number, "entries/") && absl::ConsumeSuffix(&number, ".entry")
            ? ParseDecimal(number)
            : absl::nullopt;
    if (!sequence.has_value()) return Unexpected(entry, kBundleSumsName);
    if (!entries_.empty() && *sequence <= entries_.back().value()) {
      return Broken(absl::StrCat(entry->name, " does not stand in its order"));
    }
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<TarMember> proof, members->Next());
    const std::string expected = BundleProofName(Sequence(*sequence));
    if (!proof.has_value() || proof->name != expected) return Unexpected(proof, expected);
    members_.push_back({entry->offset, entry->size});
    members_.push_back({proof->offset, proof->size});
    entries_.emplace_back(*sequence);
  }
}

absl::Status BundleLog::CheckLast(TarReader* members, const absl::optional<TarMember>& last) {
  if (!last.has_value() || last->name != kBundleSumsName) return Unexpected(last, kBundleSumsName);
  members_.push_back({last->offset, last->size});
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<TarMember> end, members->Next());
  if (end.has_value()) return Unexpected(end, "the end");
  return absl::OkStatus();
}

absl::StatusOr<std::string> BundleLog::Checkpoint() { return Read(0, kNoteBytesMax); }

absl::StatusOr<std::string> BundleLog::Tile(TileId id, uint32_t width) {
  return ReadPath({.entries = false, .id = id, .width = width}, kTileWidth * sizeof(Hash));
}

absl::StatusOr<std::string> BundleLog::Bundle(uint64_t index, uint32_t width) {
  return ReadPath({.entries = true, .id = {0, index}, .width = width}, kBundleBytesMax);
}

absl::StatusOr<std::string> BundleLog::Records() const {
  SCRUTINY_CHECK(!whole_log_);
  return Read(kHeadMembers, kBundleTextBytesMax);
}

absl::StatusOr<std::string> BundleLog::Entry(size_t i) const {
  return Read(kHeadMembers + 1 + 2 * i, kEntryBytesMax);
}

absl::StatusOr<std::string> BundleLog::Proof(size_t i) const {
  return Read(kHeadMembers + 2 + 2 * i, kTlogProofBytesMax);
}

std::string BundleLog::MemberName(uint64_t place) const {
  constexpr const char* kHead[] = {kBundleCheckpointName, kBundleKeysName, kBundleProtoName};
  if (place < kHeadMembers) return kHead[place];
  place -= kHeadMembers;
  if (whole_log_) return PathOf(layout_.At(place));
  if (place == 0) return kBundleRecordsName;
  const Sequence sequence = entries_[(place - 1) / 2];
  return place % 2 == 1 ? BundleEntryName(sequence) : BundleProofName(sequence);
}

absl::Status BundleLog::ReadMember(uint64_t place,
                                   const std::function<void(absl::string_view)>& take) const {
  const Place& member = members_[place];
  for (uint64_t at = 0; at < member.size;) {
    const auto count = static_cast<size_t>(std::min<uint64_t>(kPieceBytes, member.size - at));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string piece, file_->ReadAt(member.offset + at, count));
    if (piece.size() != count) return Broken("it became shorter while it was read");
    take(piece);
    at += count;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> BundleLog::Sums() const {
  // A line for each member: a hash, two spaces, a name, a newline.
  constexpr size_t kLineBytesMax = 64 + 2 + kTarNameBytesMax + 1;
  return Read(members(), static_cast<size_t>(members()) * kLineBytesMax);
}

absl::StatusOr<std::string> BundleLog::Read(uint64_t place, size_t bytes_max) const {
  const Place& member = members_[place];
  if (member.size > bytes_max) {
    return Broken(absl::StrCat("member ", place, " has ", member.size,
                               " bytes; what must stand there has at most ", bytes_max));
  }
  SCRUTINY_ASSIGN_OR_RETURN(std::string bytes,
                            file_->ReadAt(member.offset, static_cast<size_t>(member.size)));
  if (bytes.size() != member.size) return Broken("it became shorter while it was read");
  return bytes;
}

absl::StatusOr<std::string> BundleLog::ReadPath(const TileRequest& request,
                                                size_t bytes_max) const {
  const uint64_t place = whole_log_ ? layout_.PlaceOf(request) : layout_.count();
  if (place == layout_.count()) {
    return Error(Reason::kNotFound, absl::StrCat("The export holds no ", PathOf(request), "."))
        .Next("Use an export of the whole ledger, of this size.");
  }
  return Read(kHeadMembers + place, bytes_max);
}

}  // namespace scrutiny::ledger
