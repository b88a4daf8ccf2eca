// Chunks as stored: one that parses is one that the builder writes, and its damage is told by the
// entry. Whatever the input, it is tried again with its checksum put right.
#include <algorithm>
#include <string>
#include <vector>
#include <xxhash.h>

#include "ledger/format/chunk.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kChecksumBytes = 8;

void CheckParsed(const Chunk& chunk) {
  SCRUTINY_CHECK(chunk.count() >= 1 && chunk.count() <= kChunkEntriesMax);
  ChunkBuilder builder(chunk.first());
  for (size_t i = 0; i < chunk.count(); ++i) {
    Hash hash{};
    const absl::string_view leaf = chunk.leaf_hash(i);
    std::copy(leaf.begin(), leaf.end(), hash.begin());
    builder.Add(chunk.entry(i), hash, chunk.type(i));
    SCRUTINY_CHECK(chunk.VerifyEntry(i).ok() == (LeafHash(chunk.entry(i)) == hash));
    const absl::string_view record = chunk.record(i);
    SCRUTINY_CHECK(record.empty() || (record.data() >= chunk.entry(i).data() &&
                                      record.end() <= chunk.entry(i).end()));
  }
  const std::vector<ChunkPtr> built = builder.Build();
  SCRUTINY_CHECK(!built.empty() && built.back()->end() == chunk.end());
  if (built.size() == 1) SCRUTINY_CHECK(built[0]->value() == chunk.value());
}

// Whether it parsed.
bool CheckChunk(std::string value) {
  const absl::optional<ChunkExtent> extent = ReadChunkExtent(value);
  const Sequence first = extent.has_value() ? extent->first : Sequence(0);
  const absl::StatusOr<ChunkPtr> chunk = Chunk::Parse(first, value);
  if (!chunk.ok()) {
    fuzz::CheckRefusal(chunk.status());
    return false;
  }
  SCRUTINY_CHECK(extent.has_value() && extent->bytes == value.size() &&
                 extent->count == (*chunk)->count());
  CheckParsed(**chunk);
  SCRUTINY_CHECK(!Chunk::Parse(first + 1, value).ok());
  return true;
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  std::string value(scrutiny::fuzz::AsView(data, size));
  if (CheckChunk(value) || size < kChecksumBytes) return 0;
  const size_t body = size - kChecksumBytes;
  StoreBigEndian(uint64_t{XXH3_64bits(value.data(), body)}, value.data() + body);
  CheckChunk(value);
  return 0;
}
