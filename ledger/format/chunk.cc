#include "ledger/format/chunk.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <xxhash.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"

namespace scrutiny::ledger {
namespace {

constexpr uint8_t kChunkVersion = 1;

// Where things stand in a chunk: header, table, leaf hashes, entries, checksum.
constexpr size_t kVersionAt = 0;
constexpr size_t kCountAt = 1;
constexpr size_t kFirstAt = 3;
constexpr size_t kHeaderBytes = 11;
constexpr size_t kTableRowBytes = 8;
constexpr size_t kHashBytes = 32;
constexpr size_t kChecksumBytes = 8;

constexpr size_t TableAt(size_t i) { return kHeaderBytes + i * kTableRowBytes; }
constexpr size_t HashAt(size_t count, size_t i) { return TableAt(count) + i * kHashBytes; }
constexpr size_t EntriesAt(size_t count) { return HashAt(count, count); }

uint64_t Checksum(absl::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

absl::Status Damaged(Sequence first, absl::string_view what) {
  return Error(Reason::kCorrupt, absl::StrCat("The stored entries from entry ", first.value(),
                                              " on are damaged: ", what, "."))
      .Value(absl::StrCat(first.value()))
      .Next("Nothing was changed. Restore the ledger from a copy and verify it.");
}

// Takes a protobuf length-delimited field of this tag off the front; false if it is not there.
bool TakeField(absl::string_view* bytes, char tag, absl::string_view* value) {
  if (bytes->empty() || bytes->front() != tag) return false;
  uint64_t length = 0;
  size_t at = 1;
  for (int shift = 0;; shift += 7, ++at) {
    if (at >= bytes->size() || shift > 28) return false;
    const auto byte = static_cast<uint8_t>((*bytes)[at]);
    length |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  ++at;
  if (length > bytes->size() - at) return false;
  *value = bytes->substr(at, length);
  bytes->remove_prefix(at + length);
  return true;
}

}  // namespace

absl::optional<ChunkExtent> ReadChunkExtent(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes || static_cast<uint8_t>(bytes[kVersionAt]) != kChunkVersion) {
    return absl::nullopt;
  }
  ChunkExtent extent;
  extent.count = LoadBigEndian<uint16_t>(&bytes[kCountAt]);
  extent.first = Sequence(LoadBigEndian<uint64_t>(&bytes[kFirstAt]));
  if (extent.count == 0 || extent.count > kChunkEntriesMax ||
      bytes.size() < TableAt(extent.count)) {
    return absl::nullopt;
  }
  extent.bytes = EntriesAt(extent.count) + kChecksumBytes;
  for (size_t i = 0; i < extent.count; ++i) {
    extent.bytes += LoadBigEndian<uint32_t>(&bytes[TableAt(i)]);
  }
  return extent;
}

std::vector<Hash> ReadChunkHashes(const ChunkExtent& extent, absl::string_view bytes) {
  std::vector<Hash> hashes(extent.count);
  for (size_t i = 0; i < extent.count; ++i) {
    bytes.copy(reinterpret_cast<char*>(hashes[i].data()), kHashBytes, HashAt(extent.count, i));
  }
  return hashes;
}

absl::StatusOr<std::shared_ptr<const Chunk>> Chunk::Parse(Sequence first, std::string value) {
  if (value.size() < kHeaderBytes + kChecksumBytes) return Damaged(first, "they are cut short");
  const auto version = static_cast<uint8_t>(value[kVersionAt]);
  if (version != kChunkVersion) {
    return Damaged(first, absl::StrCat("they are of version ", version,
                                       ", and this program reads version ", kChunkVersion));
  }
  const size_t count = LoadBigEndian<uint16_t>(&value[kCountAt]);
  if (count == 0 || count > kChunkEntriesMax) {
    return Damaged(first, absl::StrCat("their number is given as ", count));
  }
  const size_t body = value.size() - kChecksumBytes;
  if (EntriesAt(count) > body) return Damaged(first, "they are cut short");
  if (LoadBigEndian<uint64_t>(&value[kFirstAt]) != first.value()) {
    return Damaged(first, absl::StrCat("entry ", LoadBigEndian<uint64_t>(&value[kFirstAt]),
                                       " stands in their place"));
  }

  std::shared_ptr<Chunk> chunk(new Chunk(first, std::move(value)));
  chunk->count_ = static_cast<uint32_t>(count);
  if (!chunk->ReadTable()) return Damaged(first, "their lengths do not add up");
  const absl::string_view stored = chunk->value();
  if (Checksum(stored.substr(0, body)) != LoadBigEndian<uint64_t>(&stored[body])) {
    // Which entry it is can be told as long as the table is whole: it was just found consistent.
    for (size_t i = 0; i < count; ++i) SCRUTINY_RETURN_IF_ERROR(chunk->VerifyEntry(i));
    return Damaged(first, "their checksum does not match");
  }
  return chunk;
}

bool Chunk::ReadTable() {
  const size_t body = value_.size() - kChecksumBytes;
  size_t at = EntriesAt(count_);
  offsets_.reserve(count_ + 1);
  offsets_.push_back(static_cast<uint32_t>(at));
  for (size_t i = 0; i < count_; ++i) {
    at += LoadBigEndian<uint32_t>(&value_[TableAt(i)]);
    if (at > body) return false;
    offsets_.push_back(static_cast<uint32_t>(at));
  }
  return at == body;
}

absl::string_view Chunk::entry(size_t i) const {
  return absl::string_view(value_.data() + offsets_[i], offsets_[i + 1] - offsets_[i]);
}

absl::string_view Chunk::leaf_hash(size_t i) const {
  return absl::string_view(value_.data() + HashAt(count_, i), kHashBytes);
}

FactType Chunk::type(size_t i) const {
  return FactType(LoadBigEndian<uint32_t>(&value_[TableAt(i) + 4]));
}

absl::string_view Chunk::record(size_t i) const {
  constexpr char kFirstFieldTag = 0x0a;  // field 1, length-delimited
  absl::string_view bytes = entry(i);
  absl::string_view proposed;
  absl::string_view record;
  if (!TakeField(&bytes, kFirstFieldTag, &proposed)) return {};
  if (!TakeField(&proposed, kFirstFieldTag, &record)) return {};
  return record;
}

absl::Status Chunk::VerifyEntry(size_t i) const {
  if (AsBytes(LeafHash(entry(i))) == leaf_hash(i)) return absl::OkStatus();
  const Sequence sequence = first_ + i;
  return Error(Reason::kCorrupt, absl::StrCat("Entry ", sequence.value(),
                                              " is damaged: its bytes do not match their hash."))
      .Value(absl::StrCat(sequence.value()))
      .Next("Nothing was changed. Restore the ledger from a copy and verify it.");
}

void ChunkBuilder::Add(absl::string_view entry, const Hash& leaf_hash, FactType type) {
  entries_.append(entry.data(), entry.size());
  ends_.push_back(static_cast<uint32_t>(entries_.size()));
  hashes_.push_back(leaf_hash);
  types_.push_back(type);
}

void ChunkBuilder::Truncate(Sequence from) {
  SCRUTINY_CHECK(from >= first_) << "the entries before " << first_ << " are built already";
  const size_t keep = from - first_;
  if (keep >= count()) return;
  ends_.resize(keep);
  hashes_.resize(keep);
  types_.resize(keep);
  entries_.resize(keep == 0 ? 0 : ends_.back());
}

absl::string_view ChunkBuilder::entry(size_t i) const {
  const size_t begin = EntryBegin(i);
  return absl::string_view(entries_.data() + begin, ends_[i] - begin);
}

std::vector<ChunkPtr> ChunkBuilder::Build() {
  std::vector<ChunkPtr> chunks;
  for (size_t begin = 0; begin < count();) {
    const size_t most = std::min(count(), begin + kChunkEntriesMax);
    size_t end = begin + 1;
    while (end < most && ends_[end] - EntryBegin(begin) <= kChunkBytesTarget) ++end;
    chunks.push_back(Frame(begin, end));
    begin = end;
  }
  first_ += count();
  entries_.clear();  // Clearing keeps the memory for the next group.
  ends_.clear();
  hashes_.clear();
  types_.clear();
  return chunks;
}

ChunkPtr ChunkBuilder::Frame(size_t begin, size_t end) const {
  const size_t count = end - begin;
  const size_t entries_begin = EntryBegin(begin);
  const size_t entries_bytes = ends_[end - 1] - entries_begin;
  const size_t body = EntriesAt(count) + entries_bytes;

  std::string value;
  value.reserve(body + kChecksumBytes);
  value.push_back(static_cast<char>(kChunkVersion));
  AppendBigEndian(static_cast<uint16_t>(count), &value);
  AppendBigEndian((first_ + begin).value(), &value);
  for (size_t i = begin; i < end; ++i) {
    AppendBigEndian(static_cast<uint32_t>(ends_[i] - EntryBegin(i)), &value);
    AppendBigEndian(types_[i].value(), &value);
  }
  value.append(reinterpret_cast<const char*>(hashes_[begin].data()), count * kHashBytes);
  value.append(entries_, entries_begin, entries_bytes);
  AppendBigEndian(uint64_t{Checksum(value)}, &value);

  std::shared_ptr<Chunk> chunk(new Chunk(first_ + begin, std::move(value)));
  chunk->count_ = static_cast<uint32_t>(count);
  SCRUTINY_CHECK(chunk->ReadTable()) << "chunk of entry " << first_ + begin;
  return chunk;
}

}  // namespace scrutiny::ledger
