// Goal: a data folder of the release before checkpoints opens, keeps every entry, gets its index,
// its tree and its key, and is verified from then on as any other. Method: the folders beside this,
// which that release wrote (README.md).
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/error.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/format/entry_codec.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/store/entry_log.h"
#include "ledger/verify/folder_log.h"
#include "ledger/verify/verify_log.h"
#include "tests/ledger/checkpoint/exports.h"
#include "tests/ledger/checkpoint/signed_ledger.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::ActionCompleted;
using ::scrutiny::testing::ActionRaised;
using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::CopyFolder;
using ::scrutiny::testing::DecisionNumbered;
using ::scrutiny::testing::DecisionToNumber;
using ::scrutiny::testing::ExportFolder;
using ::scrutiny::testing::LocalPrincipal;
using ::scrutiny::testing::SignedLedgerTest;
using ::testing::IsEmpty;

constexpr char kFolder[] = SCRUTINY_SOURCE_DIR "/tests/golden/ledger-1/";
constexpr char kOldOrigin[] = "example.org/spab";
constexpr char kLedgerId[] = "2ea65a0d8864c940422655fe41571179";

// The leaf hashes, as that release computed them.
constexpr const char* kLeaves[] = {
    "014453e776825315440b604dd57e8187fcf825e1f35bcfa7ddf209c3e5fca6fd",
    "c90b6dd7447506cd5c265ce06c5895b11b330938aec878e7bf5a1f263d9c16cf",
    "5d11188fc50845b295feb5826c209220ca34d2b568de6fda068eb84ea637611c",
    "2654066af56719be14cb9104935075265a767a4ed19a95ef9b347557d87cda2a",
    "f02d035ed320bc32e55f482a24f4bcd4b450b6bac04fcd5cfe7235ac47a8f678",
    "02700fcf5fe622f6691d3177957a63ca6343f709b14c18303d3bd2224a3983cd",
    "c1f16d19f137a9eb70ae812ffe26fb851af803b7fa8ff5e9d40b5eba4cc02ae1",
    "e79554c4fbe87b2394f56c4d919c771df45e6f030130b389e98ccdeeb7f0dcdb",
    "9d0bfbcfc2305173e0908dc1f6d9071d7d8adf80f0703a8fc0f7ad7829b7f7d9",
    "c6b8d7199662334d8e139e91dd91822e42c0436c398082e3fb5a319a4ce0da5a",
    "19a2427003c5c72064a930851b57dace1fda39a6ee216af1679f30aad733ca5c",
    "2df99a76905a3b61b1c9a0f95840d9679f36ba90e8fe0e891f07f9ca78ac08c3",
};

std::vector<Hash> Leaves() {
  std::vector<Hash> leaves;
  for (const char* hex : kLeaves) {
    const std::string bytes = absl::HexStringToBytes(hex);
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(leaves.emplace_back().data()));
  }
  return leaves;
}

// MTH of RFC 6962, word for word.
Hash RootOf(const std::vector<Hash>& leaves, size_t begin, size_t end) {
  if (end - begin == 1) return leaves[begin];
  size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return NodeHash(RootOf(leaves, begin, begin + split), RootOf(leaves, begin + split, end));
}

class Ledger1Test : public SignedLedgerTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    CopyFolder(absl::StrCat(kFolder, GetParam()), data());
    clock_.Advance(int64_t{3600} * 1'000'000);  // It was written in the hour before.
  }

  void ExpectOldEntries(Ledger& ledger) {
    const std::vector<Hash> leaves = Leaves();
    for (size_t i = 0; i < leaves.size(); ++i) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger.EntryBytes(Sequence(i)));
      EXPECT_EQ(LeafHash(bytes), leaves[i]) << i;
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const event::v1::Entry entry, ParseEntry(bytes));
      EXPECT_EQ(entry.assigned().sequence(), i);
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Folders, Ledger1Test, ::testing::Values("closed", "unclosed"),
                         [](const auto& folder) { return std::string(folder.param); });

TEST_P(Ledger1Test, OpensWithEveryEntryAsItWas) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(data()));
  EXPECT_EQ(ledger->size(), TreeSize(12));
  EXPECT_EQ(ToHex(ledger->identity().ledger_id), kLedgerId);
  EXPECT_EQ(ledger->identity().origin, kOldOrigin);
  EXPECT_EQ(ledger->identity().incarnation, 1u);
  EXPECT_EQ(ledger->identity().log_key, "");
  ExpectOldEntries(*ledger);
}

TEST_P(Ledger1Test, ItsTreeCoversTheOldEntries) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(data()));
  const std::vector<Hash> leaves = Leaves();
  Tree& tree = ledger->tree();
  ASSERT_EQ(tree.size(), TreeSize(12));
  for (size_t size = 1; size <= leaves.size(); ++size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, tree.Root(TreeSize(size)));
    EXPECT_EQ(root, RootOf(leaves, 0, size));
    for (size_t i = 0; i < size; ++i) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, tree.Inclusion(Sequence(i), TreeSize(size)));
      SCRUTINY_EXPECT_OK(VerifyInclusion(Sequence(i), TreeSize(size), leaves[i], path, root));
    }
  }
}

// The index of that release has no tiles; it is emptied and made again.
TEST_P(Ledger1Test, ItsIndexIsMadeAnew) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(data()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHistory history,
                                ledger->GetRecord("actions/spab/2019-03-18-1", Revision(1), 10));
  EXPECT_EQ(history.head.revision, Revision(3));
  EXPECT_EQ(history.entries.size(), 3u);
  // What was recorded is not recorded again.
  const size_t size = ledger->size().value();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Receipt again,
      ledger->AppendAndWait(
          AppendOf("golden-1", {DecisionToNumber("decisions/pcc/2019-03-18-a", 2019),
                                DecisionNumbered("decisions/pcc/2019-03-18-b", 2019, 7)})));
  EXPECT_TRUE(again.already_recorded);
  EXPECT_EQ(again.first, Sequence(1));
  EXPECT_EQ(again.entries[0].numbers[0].number(), 1u);
  EXPECT_EQ(ledger->size().value(), size);
  // Numbers and revisions go on from there.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Receipt next, ledger->AppendAndWait(AppendOf(
                              "next", {DecisionToNumber("decisions/pcc/2019-03-18-d", 2019)})));
  EXPECT_EQ(next.entries[0].numbers[0].number(), 3u);
  const auto completed =
      ledger->AppendAndWait(AppendOf("rule", {ActionCompleted("actions/spab/2019-03-18-1")}));
  EXPECT_THAT(completed, testing::FailsWith(Reason::kRuleRefused));
}

TEST_P(Ledger1Test, ItsFirstKeyIsNamedInAnEntryAndItIsSignedFromThenOn) {
  Open();
  ASSERT_EQ(log().size(), TreeSize(13));
  ExpectOldEntries(log());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, log().EntryBytes(Sequence(12)));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const event::v1::Entry entry, ParseEntry(bytes));
  const event::v1::LogKeyRotated& named = entry.proposed().log_key_rotated();
  EXPECT_EQ(named.new_key(), log().identity().log_key);
  EXPECT_EQ(named.old_key(), "");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Checkpoint checkpoint,
      OpenCheckpoint(checkpointer().newest()->note, {{KeyOf(named.new_key())}}));
  EXPECT_EQ(checkpoint.origin, kOldOrigin);
  EXPECT_EQ(checkpoint.size, TreeSize(13));
  // Once: opened again, it has its key.
  Close();
  Open();
  EXPECT_EQ(log().size(), TreeSize(13));
  EXPECT_EQ(log().identity().log_key, named.new_key());
}

// Nothing can be recorded then, its first key neither; the server has to run all the same, for
// somebody to confirm its clock.
TEST_P(Ledger1Test, ItsFirstKeyWaitsForAnUnconfirmedClock) {
  clock_.JumpWall(-int64_t{30} * 24 * 3600 * 1'000'000);
  Open();
  EXPECT_EQ(log().size(), TreeSize(12));
  EXPECT_EQ(checkpointer().newest(), nullptr);
  EXPECT_THAT(checkpointer().status().problem, ::testing::HasSubstr("clock"));
  EXPECT_THAT(checkpointer().status().verifier_keys, IsEmpty());
  EXPECT_FALSE(checkpointer().SignAt(TreeSize(12)).ok());
  EXPECT_FALSE(checkpointer().SignText("text\n").ok());
  EXPECT_FALSE(checkpointer().RotateKey(LocalPrincipal(), "rotate", "To be sure.").ok());
  SCRUTINY_ASSERT_OK(log().ConfirmClock(LocalPrincipal(), "confirm", "The clock is right."));
  ASSERT_TRUE(testing::Eventually([&] {
    clock_.Advance(kCheckpointEveryMicros);
    return checkpointer().newest() != nullptr;
  }));
  EXPECT_EQ(checkpointer().newest()->checkpoint.size, TreeSize(14));
  EXPECT_EQ(checkpointer().status().problem, "");
  SCRUTINY_EXPECT_OK(checkpointer().RotateKey(LocalPrincipal(), "rotate", "To be sure."));
}

TEST_P(Ledger1Test, TheWholeLogVerifies) {
  Open();
  Append(300);
  const TreeSize size = log().size();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string note, checkpointer().SignAt(size));
  SCRUTINY_ASSERT_OK(ExportFolder(log(), size, note, dir_.File("export")));
  FolderLog exported(dir_.File("export"));
  VerifyOptions options;
  options.trust.log_keys = {KeyOf(log().identity().log_key)};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const LogReport report, VerifyLog(exported, options));
  EXPECT_THAT(report.damages, IsEmpty());
  EXPECT_EQ(report.checkpoint.size, size);
}

TEST_P(Ledger1Test, IsOfTodaysFormatOnceSomethingWasAppended) {
  Open();
  Append(2);
  Close();
  EntryLogOptions options;
  options.path = data() + "/log";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, EntryLog::Open(options));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto edge, store->Edge());
  ASSERT_TRUE(edge.has_value());
  EXPECT_EQ(edge->size(), TreeSize(15));
  SCRUTINY_ASSERT_OK(store->Close());
  Open();
  ExpectOldEntries(log());
}

}  // namespace
}  // namespace scrutiny::ledger
