// Goal: the tree answers for every size from the moment an entry is acknowledged, whatever the
// index lags behind, and after every way of opening. Method: entries of a ledger on disk against an
// independent recomputation from the leaf hashes of its chunks.
#include "ledger/append/tree.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/support/facts.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using testing::FailsWith;
using testing::TempDir;

// MTH of RFC 6962 §2.1, word for word.
Hash NaiveRoot(const std::vector<Hash>& leaves, size_t begin, size_t end) {
  if (begin == end) return EmptyRoot();
  if (end - begin == 1) return leaves[begin];
  size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return NodeHash(NaiveRoot(leaves, begin, begin + split), NaiveRoot(leaves, begin + split, end));
}

class TreeTest : public ::testing::Test {
 protected:
  std::unique_ptr<Ledger> Open() {
    LedgerOptions options;
    options.data = dir_.File("ledger");
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(options);
    SCRUTINY_EXPECT_OK(ledger);
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }

  void Append(Ledger& ledger, size_t facts) {
    NewAppend append;
    append.principal.set_id("test");
    append.request_id = absl::StrCat("r", ledger.size().value());
    for (size_t i = 0; i < facts; ++i) {
      append.facts.emplace_back().proposed = testing::ActionRaised(
          absl::StrCat("actions/spab/", ledger.size().value(), "-", i), "To be done", "2019-03-18");
    }
    absl::StatusOr<Receipt> receipt = ledger.AppendAndWait(std::move(append));
    SCRUTINY_ASSERT_OK(receipt);
    // Covered at once: the proof is there as the receipt is.
    const TreeSize size = SizeThrough(receipt->entries.back().sequence);
    for (const EntryReceipt& entry : {receipt->entries.front(), receipt->entries.back()}) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    ledger.tree().Inclusion(entry.sequence, size));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, ledger.tree().Root(size));
      SCRUTINY_EXPECT_OK(VerifyInclusion(entry.sequence, size, entry.leaf_hash, path, root));
    }
  }

  std::vector<Hash> Leaves(Ledger& ledger) {
    std::vector<Hash> leaves;
    while (leaves.size() < ledger.size().value()) {
      const auto chunks = ledger.Chunks(Sequence(leaves.size()), 1 << 20);
      SCRUTINY_EXPECT_OK(chunks);
      if (!chunks.ok()) break;
      for (const ChunkPtr& chunk : *chunks) {
        for (size_t i = leaves.size() - chunk->first().value(); i < chunk->count(); ++i) {
          leaves.push_back(LeafHash(chunk->entry(i)));
        }
      }
    }
    return leaves;
  }

  void CheckAll(Ledger& ledger) {
    const std::vector<Hash> leaves = Leaves(ledger);
    ASSERT_EQ(leaves.size(), ledger.tree().size().value());
    for (size_t size = 0; size <= leaves.size(); size += size < 10 ? 1 : 83) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, ledger.tree().Root(TreeSize(size)));
      EXPECT_EQ(root, NaiveRoot(leaves, 0, size)) << size;
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash head, ledger.tree().Root(ledger.size()));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                    ledger.tree().Consistency(TreeSize(size), ledger.size()));
      if (size == 0) {
        EXPECT_TRUE(path.empty());
      } else {
        SCRUTINY_EXPECT_OK(VerifyConsistency(TreeSize(size), ledger.size(), path, root, head));
      }
      if (size == 0) continue;
      const Sequence at(size * 7919 % size);
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> inclusion,
                                    ledger.tree().Inclusion(at, TreeSize(size)));
      SCRUTINY_EXPECT_OK(VerifyInclusion(at, TreeSize(size), leaves[at.value()], inclusion, root));
    }
  }

  TempDir dir_;
};

TEST_F(TreeTest, CoversEveryEntryWhenItIsAcknowledged) {
  const std::unique_ptr<Ledger> ledger = Open();
  for (size_t facts : {1, 1, 253, 1, 1, 255, 1, 300, 1000, 7}) Append(*ledger, facts);
  CheckAll(*ledger);
}

TEST_F(TreeTest, IsTheSameAfterReopeningAndWithTheIndexMadeAgain) {
  std::unique_ptr<Ledger> ledger = Open();
  for (size_t facts : {300, 1, 1000, 9}) Append(*ledger, facts);
  const Hash root = ledger->tree().edge().Root();
  for (const bool without_index : {false, true}) {
    SCRUTINY_ASSERT_OK(ledger->Close());
    if (without_index) std::filesystem::remove_all(dir_.File("ledger/index"));
    ledger = Open();
    ASSERT_NE(ledger, nullptr);
    EXPECT_EQ(ledger->tree().edge().Root(), root);
    CheckAll(*ledger);
  }
  Append(*ledger, 260);
  CheckAll(*ledger);
}

TEST_F(TreeTest, RefusesWhatIsNotCommittedYet) {
  const std::unique_ptr<Ledger> ledger = Open();
  Append(*ledger, 3);
  Tree& tree = ledger->tree();
  EXPECT_THAT(tree.Root(TreeSize(5)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Root(TreeSize(uint64_t{1} << 63)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Inclusion(Sequence(4), TreeSize(4)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Consistency(TreeSize(4), TreeSize(3)), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Tile({0, 0}, 5), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Tile({0, 1}, 1), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(tree.Tile({63, ~uint64_t{0}}, 256), FailsWith(Reason::kBeyondHead));
}

}  // namespace
}  // namespace scrutiny::ledger
