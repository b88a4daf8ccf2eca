#include "ledger/format/chunk.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/entry_codec.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;

void AddTo(ChunkBuilder& builder, const std::string& entry, uint32_t type = 68) {
  builder.Add(entry, LeafHash(entry), FactType(type));
}

std::string Value(const Chunk& chunk) { return std::string(chunk.value()); }

// The permanent bytes of version 1; ledger/FORMAT.md explains the same example.
TEST(ChunkTest, TheBytesAreThoseOfTheFormat) {
  ChunkBuilder builder(Sequence(7));
  AddTo(builder, "one", 65);
  AddTo(builder, "two!", 280);
  const std::vector<ChunkPtr> chunks = builder.Build();
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(ToHex(chunks[0]->value()),
            "01"                // version
            "0002"              // entries
            "0000000000000007"  // first sequence
            "00000003"
            "00000041"  // three bytes, type 65
            "00000004"
            "00000118"  // four bytes, type 280
            "d0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9"
            "80bef82afdc66707c8e7be5ff9c4bb2a8fbe5209cda9bd183a67fc1f43532ea5"
            "6f6e65"
            "74776f21"
            "15b97eb3e9c4a45f");
}

TEST(ChunkTest, WhatIsBuiltIsParsedBack) {
  ChunkBuilder builder(Sequence(1000));
  for (int i = 0; i < 5; ++i) AddTo(builder, absl::StrCat("entry ", i), 100 + i);
  const std::vector<ChunkPtr> built = builder.Build();
  ASSERT_EQ(built.size(), 1u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ChunkPtr chunk,
                                Chunk::Parse(Sequence(1000), Value(*built[0])));
  ASSERT_EQ(chunk->count(), 5u);
  EXPECT_EQ(chunk->first(), Sequence(1000));
  EXPECT_EQ(chunk->end(), TreeSize(1005));
  EXPECT_EQ(chunk->bytes(), chunk->value().size());
  EXPECT_TRUE(chunk->Contains(Sequence(1000)));
  EXPECT_TRUE(chunk->Contains(Sequence(1004)));
  EXPECT_FALSE(chunk->Contains(Sequence(999)));
  EXPECT_FALSE(chunk->Contains(Sequence(1005)));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(chunk->entry(i), absl::StrCat("entry ", i));
    EXPECT_EQ(chunk->leaf_hash(i), AsBytes(LeafHash(chunk->entry(i))));
    EXPECT_EQ(chunk->type(i), FactType(100 + i));
    SCRUTINY_EXPECT_OK(chunk->VerifyEntry(i));
    EXPECT_EQ(built[0]->entry(i), chunk->entry(i));
  }
}

TEST(ChunkTest, TheRecordIsReadFromTheEntrysFirstBytes) {
  event::v1::Proposed proposed;
  proposed.set_record("actions/spab/" + std::string(180, 'a'));
  proposed.mutable_clock_confirmed()->set_reason(std::string(20000, 'x'));
  std::string entry;
  AppendEntry(&entry, proposed.SerializeAsString(), event::v1::Assigned());
  ChunkBuilder builder(Sequence(0));
  AddTo(builder, entry);
  EXPECT_EQ(builder.Build()[0]->record(0), proposed.record());
}

TEST(ChunkTest, TheRecordOfBytesThatAreNoEntryIsEmpty) {
  const std::vector<std::string> strange = {"", "\x0a", "\x0a\x05", "\x0a\x05hi",
                                            "\x0a\x02\x12\x00", "\x12\x01x", "\x0a\x03\x0a\x05xyz",
                                            "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                            // The record would reach beyond the proposed part.
                                            std::string("\x0a\x02\x0a\x03", 4) + "abc"};
  ChunkBuilder builder(Sequence(0));
  for (const std::string& entry : strange) AddTo(builder, entry);
  const std::vector<ChunkPtr> chunks = builder.Build();
  for (size_t i = 0; i < strange.size(); ++i) {
    EXPECT_EQ(chunks[0]->record(i), "") << absl::BytesToHexString(strange[i]);
  }
}

// Goal: no single damaged byte goes unnoticed. Method: each bit of a whole chunk in turn.
TEST(ChunkTest, EveryFlippedBitIsNoticed) {
  ChunkBuilder builder(Sequence(3));
  for (int i = 0; i < 3; ++i) AddTo(builder, absl::StrCat("entry ", i));
  const std::string value = Value(*builder.Build()[0]);
  for (size_t bit = 0; bit < value.size() * 8; ++bit) {
    std::string damaged = value;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(Chunk::Parse(Sequence(3), damaged), FailsWith(Reason::kCorrupt)) << "bit " << bit;
  }
}

TEST(ChunkTest, EveryShorterOrLongerValueIsNoticed) {
  ChunkBuilder builder(Sequence(3));
  for (int i = 0; i < 3; ++i) AddTo(builder, absl::StrCat("entry ", i));
  const std::string value = Value(*builder.Build()[0]);
  for (size_t size = 0; size < value.size(); ++size) {
    EXPECT_THAT(Chunk::Parse(Sequence(3), value.substr(0, size)), FailsWith(Reason::kCorrupt));
  }
  EXPECT_THAT(Chunk::Parse(Sequence(3), value + "x"), FailsWith(Reason::kCorrupt));
}

TEST(ChunkTest, ADamagedEntryIsNamed) {
  ChunkBuilder builder(Sequence(40));
  for (int i = 0; i < 3; ++i) AddTo(builder, absl::StrCat("entry number ", i));
  std::string value = Value(*builder.Build()[0]);
  value[value.find("number 2")] = 'N';
  const auto parsed = Chunk::Parse(Sequence(40), value);
  EXPECT_THAT(parsed, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("Entry 42"));
}

TEST(ChunkTest, AChunkInTheWrongPlaceIsNoticed) {
  ChunkBuilder builder(Sequence(3));
  AddTo(builder, "entry");
  const auto parsed = Chunk::Parse(Sequence(4), Value(*builder.Build()[0]));
  EXPECT_THAT(parsed, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("from entry 4"));
}

TEST(ChunkBuilderTest, AChunkHoldsAtMostATilesEntries) {
  ChunkBuilder builder(Sequence(0));
  for (int i = 0; i < 600; ++i) AddTo(builder, "x");
  const std::vector<ChunkPtr> chunks = builder.Build();
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[0]->count(), kChunkEntriesMax);
  EXPECT_EQ(chunks[1]->count(), kChunkEntriesMax);
  EXPECT_EQ(chunks[2]->count(), 600 - 2 * kChunkEntriesMax);
  EXPECT_EQ(chunks[2]->end(), TreeSize(600));
}

TEST(ChunkBuilderTest, AChunksEntriesStayWithinTheTarget) {
  ChunkBuilder builder(Sequence(0));
  const std::string half(kChunkBytesTarget / 2, 'h');
  AddTo(builder, half);
  AddTo(builder, half);
  AddTo(builder, "small");
  AddTo(builder, std::string(65'535, 'l'));
  AddTo(builder, "last");
  const std::vector<ChunkPtr> chunks = builder.Build();
  std::vector<size_t> counts;
  for (const ChunkPtr& chunk : chunks) counts.push_back(chunk->count());
  EXPECT_THAT(counts, ::testing::ElementsAre(2, 1, 1, 1));
}

TEST(ChunkBuilderTest, AnAppendRefusedHalfWayLeavesNothingBehind) {
  ChunkBuilder builder(Sequence(10));
  AddTo(builder, "ten");
  AddTo(builder, "eleven");
  AddTo(builder, "twelve");
  builder.Truncate(Sequence(11));
  ASSERT_EQ(builder.count(), 1u);
  EXPECT_EQ(builder.bytes(), 3u);
  AddTo(builder, "other");
  EXPECT_EQ(builder.entry(1), "other");
  EXPECT_EQ(builder.leaf_hash(1), LeafHash("other"));
  const std::vector<ChunkPtr> chunks = builder.Build();
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0]->count(), 2u);
  EXPECT_EQ(chunks[0]->entry(1), "other");

  AddTo(builder, "twelve");
  builder.Truncate(Sequence(12));
  EXPECT_EQ(builder.count(), 0u);
  EXPECT_EQ(builder.bytes(), 0u);
  builder.Truncate(Sequence(12));
  EXPECT_TRUE(builder.Build().empty());
}

TEST(ChunkBuilderTest, BuildingGoesOnWhereItStopped) {
  ChunkBuilder builder(Sequence(0));
  AddTo(builder, "zero");
  EXPECT_EQ(builder.Build()[0]->first(), Sequence(0));
  AddTo(builder, "one");
  EXPECT_EQ(builder.entry(0), "one");
  EXPECT_EQ(builder.Build()[0]->first(), Sequence(1));
}

}  // namespace
}  // namespace scrutiny::ledger
