#include "ledger/verify/verify_bundle.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/bundle_file.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Members = std::vector<std::pair<std::string, std::string>>;

class VerifyBundleTest : public ::testing::Test {
 protected:
  absl::StatusOr<BundleReport> Verify(const std::string& bytes) {
    const std::string path = dir_.File("x.tar");
    WriteFile(path, bytes);
    return VerifyFile(path);
  }
  absl::StatusOr<BundleReport> VerifyFile(const std::string& path) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<BundleLog> bundle, BundleLog::Open(path));
    VerifyOptions options;
    options.trust = log_.trust();
    options.threads = 2;
    return VerifyBundle(*bundle, options);
  }
  // Whether it is refused, in whichever way.
  bool Refuses(const std::string& bytes) {
    const absl::StatusOr<BundleReport> report = Verify(bytes);
    return !report.ok() || !report->log.verified();
  }
  std::vector<std::string> Told(const std::string& bytes) {
    const absl::StatusOr<BundleReport> report = Verify(bytes);
    if (!report.ok()) return {report.status().ToString()};
    std::vector<std::string> told;
    for (const Damage& damage : report->log.damages) told.push_back(damage.what);
    return told;
  }

  // The members of a bundle without its checksums.
  Members Take(const std::string& bytes) {
    WriteFile(dir_.File("taken.tar"), bytes);
    const std::unique_ptr<OpenFile> file = *OpenFile::Open(dir_.File("taken.tar"));
    TarReader reader(*file);
    Members members;
    while (true) {
      const absl::optional<TarMember> member = *reader.Next();
      if (!member.has_value()) break;
      members.emplace_back(member->name, *file->ReadAt(member->offset, member->size));
    }
    members.pop_back();
    return members;
  }
  // A bundle of these, with the checksums that belong to them.
  static std::string Put(const Members& members) {
    std::string out;
    BundleWriter writer([&](absl::string_view bytes) {
      out.append(bytes.data(), bytes.size());
      return absl::OkStatus();
    });
    for (const auto& [name, content] : members) SCRUTINY_CHECK_OK(writer.Add(name, content));
    SCRUTINY_CHECK_OK(writer.Finish());
    return out;
  }

  TempDir dir_;
  TestLog log_;
};

TEST_F(VerifyBundleTest, AWholeLogVerifies) {
  for (const uint64_t size : {0u, 1u, 255u, 256u, 257u, 700u}) {
    if (size > 0) log_.FillTo(size);
    const absl::StatusOr<BundleReport> report = Verify(log_.Bundle());
    ASSERT_THAT(report, IsOk());
    EXPECT_TRUE(report->whole_log);
    EXPECT_TRUE(report->log.verified()) << ::testing::PrintToString(Told(log_.Bundle()));
    EXPECT_EQ(report->log.entries, size);
  }
}

TEST_F(VerifyBundleTest, ChosenRecordsVerify) {
  log_.FillTo(300);
  const absl::StatusOr<BundleReport> report =
      Verify(log_.ChosenBundle({"actions/spab/3", "actions/spab/5"}));
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->whole_log);
  EXPECT_TRUE(report->log.verified());
  EXPECT_THAT(report->asked_for, ElementsAre("actions/spab/3", "actions/spab/5"));
  EXPECT_EQ(report->log.records, 2u);
  EXPECT_GT(report->log.entries, 2u);
}

TEST_F(VerifyBundleTest, ARecordThatTheLedgerDoesNotHaveGivesNoEntries) {
  log_.FillTo(10);
  const absl::StatusOr<BundleReport> report = Verify(log_.ChosenBundle({"actions/nothing"}));
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->log.verified());
  EXPECT_EQ(report->log.entries, 0u);
}

// Goal: every byte of an export is accounted for. Method: each byte of a small one, in two ways,
// changed where it lies.
TEST_F(VerifyBundleTest, EveryChangedByteOfEitherLayoutIsNoticed) {
  log_.FillTo(4);
  const std::string path = dir_.File("changed.tar");
  for (const std::string& good : {log_.Bundle(), log_.ChosenBundle({"actions/spab/0"})}) {
    WriteFile(path, good);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const auto put = [&](size_t at, char byte) {
      file.seekp(static_cast<std::streamoff>(at)).put(byte).flush();
    };
    for (size_t at = 0; at < good.size(); ++at) {
      put(at, static_cast<char>(good[at] ^ (at % 2 == 0 ? '\x01' : '\x80')));
      const absl::StatusOr<BundleReport> report = VerifyFile(path);
      ASSERT_FALSE(report.ok() && report->log.verified()) << "byte " << at;
      put(at, good[at]);
    }
    const absl::StatusOr<BundleReport> report = VerifyFile(path);
    ASSERT_THAT(report, IsOk());
    EXPECT_TRUE(report->log.verified());
  }
}

TEST_F(VerifyBundleTest, EveryTruncationIsNoticed) {
  log_.FillTo(3);
  const std::string path = dir_.File("cut.tar");
  for (const std::string& good : {log_.Bundle(), log_.ChosenBundle({"actions"})}) {
    WriteFile(path, good);
    for (size_t size = good.size(); size-- > 0;) {
      std::filesystem::resize_file(path, size);
      const absl::StatusOr<BundleReport> report = VerifyFile(path);
      ASSERT_FALSE(report.ok() && report->log.verified()) << size;
    }
    EXPECT_TRUE(Refuses(good + std::string(512, '\0')));
  }
}

// Checksums that were made anew do not help: the signed root decides.
TEST_F(VerifyBundleTest, AChangeWithNewChecksumsIsNoticed) {
  log_.FillTo(300);
  const Members members = Take(log_.Bundle());
  for (size_t i = 0; i < members.size(); ++i) {
    const std::string& name = members[i].first;
    if (name == "keys" || name == "proto/scrutiny.binpb") continue;  // nothing relies on them
    Members changed = members;
    std::string& content = changed[i].second;
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    EXPECT_TRUE(Refuses(Put(changed))) << name;
  }
}

TEST_F(VerifyBundleTest, MembersThatAreMissingOrTooManyOrElsewhereAreNamed) {
  log_.FillTo(300);
  const Members members = Take(log_.Bundle());
  for (size_t i = 0; i < members.size(); ++i) {
    Members fewer = members;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(Verify(Put(fewer)), FailsWith(Reason::kCorrupt)) << members[i].first;
    Members more = members;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), {"more", "x"});
    EXPECT_THAT(Verify(Put(more)), FailsWith(Reason::kCorrupt)) << i;
    Members twice = members;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), members[i]);
    EXPECT_THAT(Verify(Put(twice)), FailsWith(Reason::kCorrupt)) << i;
    if (i == 0) continue;
    Members swapped = members;
    std::swap(swapped[i - 1], swapped[i]);
    EXPECT_THAT(Verify(Put(swapped)), FailsWith(Reason::kCorrupt)) << i;
  }
  Members fewer = members;
  fewer.erase(fewer.begin() + 4);
  EXPECT_THAT(Told(Put(fewer)),
              ElementsAre(HasSubstr("tile/1/000.p/1 stands where tile/0/001.p/44 must be")));
}

TEST_F(VerifyBundleTest, ChecksumsThatDoNotFitTheirMembersAreNamed) {
  log_.FillTo(3);
  std::string bytes = log_.Bundle();
  const size_t at = bytes.find("  keys\n");
  bytes[at - 1] = bytes[at - 1] == '0' ? '1' : '0';
  EXPECT_THAT(Told(bytes),
              ElementsAre("keys does not have the SHA-256 that stands in SHA256SUMS."));
}

// --- Chosen records.

TEST_F(VerifyBundleTest, AnEntryLeftOutBetweenOthersIsNoticed) {
  log_.FillTo(300);
  const Members members = Take(log_.ChosenBundle({"actions/spab/3"}));
  ASSERT_GT(members.size(), 10u);
  Members fewer = members;
  fewer.erase(fewer.begin() + 6, fewer.begin() + 8);
  EXPECT_THAT(Told(Put(fewer)),
              ElementsAre(HasSubstr("its revision is 3, and 2 is the next of its record here: "
                                    "entries of it are missing")));
}

TEST_F(VerifyBundleTest, AnEntryOfAnotherRecordIsNoticed) {
  log_.FillTo(30);
  Members members = Take(log_.ChosenBundle({"actions/spab/0"}));
  members[3].second = "actions/spab/1\n";
  for (const std::string& what : Told(Put(members))) {
    EXPECT_THAT(what, HasSubstr("its record was not asked for"));
  }
}

TEST_F(VerifyBundleTest, ThePartsOfAnEntryBelongTogether) {
  log_.FillTo(30);
  const Members good = Take(log_.ChosenBundle({"actions/spab/0"}));
  ASSERT_GE(good.size(), 8u);
  const std::vector<std::pair<std::function<void(Members&)>, std::string>> slips = {
      {[](Members& m) { std::swap(m[4].second, m[6].second); }, "These bytes are not entry"},
      {[](Members& m) { std::swap(m[5].second, m[7].second); }, "its proof is of another entry"},
      {[&](Members& m) {
         m[5].second = absl::StrReplaceAll(m[5].second, {{log_.Checkpoint(), log_.Checkpoint(29)}});
       },
       "under another checkpoint than the export's"},
      {[](Members& m) { m[5].second += "x"; }, "Entry "},
      {[](Members& m) { m[3].second = "actions/spab/0"; }, "its last line does not end"},
      {[](Members& m) { m[3].second = ""; }, "its last line does not end"},
      {[](Members& m) { m[3].second = "actions/spab/0\n\n"; }, "line 2 is neither a record nor"},
      {[](Members& m) { m[3].second = "actions/spab/0\nactions\n"; },
       "line 2 does not stand in its order"},
  };
  for (const auto& [change, what] : slips) {
    Members members = good;
    change(members);
    const std::vector<std::string> told = Told(Put(members));
    ASSERT_FALSE(told.empty()) << what;
    EXPECT_THAT(told[0], HasSubstr(what));
  }
}

TEST_F(VerifyBundleTest, EntriesAreCountedByWhatWasAskedFor) {
  log_.FillTo(300);
  const absl::StatusOr<BundleReport> report =
      Verify(log_.ChosenBundle({"actions/none", "actions/spab", "actions/spab/3"}));
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->log.verified());
  ASSERT_EQ(report->found.size(), 3u);
  EXPECT_EQ(report->found[0], 0u);
  EXPECT_EQ(report->found[1], 299u);
  EXPECT_GT(report->found[2], 0u);
  EXPECT_LT(report->found[2], 299u);
}

TEST_F(VerifyBundleTest, ALineThatAProofOfOursHasNotIsRefused) {
  log_.FillTo(30);
  Members members = Take(log_.ChosenBundle({"actions/spab/0"}));
  members[5].second = absl::StrReplaceAll(members[5].second, {{"\nindex", "\nextra AAAA\nindex"}});
  EXPECT_THAT(Told(Put(members)), ElementsAre(HasSubstr("has a line of something else (extra)")));
}

// What stands in an export is not to be trusted; what is plainly another's is not to be there.
TEST_F(VerifyBundleTest, KeysOfAnotherAreRefused) {
  log_.FillTo(30);
  const std::string own = ToString(log_.signer().verifier());
  const std::string other =
      ToString(testing::TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier());
  for (const std::string& bundle : {log_.Bundle(), log_.ChosenBundle({"actions/spab/0"})}) {
    Members members = Take(bundle);
    for (const std::string& keys : {std::string(), std::string("no key\n"), other + "\n"}) {
      members[1].second = keys;
      EXPECT_THAT(Told(Put(members)),
                  ElementsAre("keys: none of the keys in it signed the checkpoint of the export."));
    }
    members[1].second = absl::StrCat(other, "\n", own, "\n");
    EXPECT_THAT(Told(Put(members)), IsEmpty());
    EXPECT_THAT(Verify(Put(members))->log.notices,
                ::testing::Contains(HasSubstr("take no key from there")));
  }
}

TEST_F(VerifyBundleTest, EntriesStandInTheirOrderAndWithTheirProofs) {
  log_.FillTo(30);
  const Members good = Take(log_.ChosenBundle({"actions/spab/0"}));
  Members members = good;
  std::swap(members[4], members[6]);
  std::swap(members[5], members[7]);
  EXPECT_THAT(Told(Put(members)), ElementsAre(HasSubstr("does not stand in its order")));
  members = good;
  members.erase(members.begin() + 5);
  EXPECT_THAT(Told(Put(members)), ElementsAre(HasSubstr("stands where entries/")));
  members = good;
  members[4].first = "entries/007.entry";
  EXPECT_THAT(Verify(Put(members)), FailsWith(Reason::kCorrupt));
}

TEST_F(VerifyBundleTest, AChosenBundleHasNoLog) {
  log_.FillTo(30);
  WriteFile(dir_.File("x.tar"), log_.ChosenBundle({"actions/spab/0"}));
  const std::unique_ptr<BundleLog> bundle = *BundleLog::Open(dir_.File("x.tar"));
  EXPECT_FALSE(bundle->whole_log());
  EXPECT_THAT(bundle->Tile({0, 0}, 30), FailsWith(Reason::kNotFound));
  EXPECT_THAT(bundle->Bundle(0, 30), FailsWith(Reason::kNotFound));
}

// A checkpoint that claims more than there is must not make the reader reserve memory for it.
TEST_F(VerifyBundleTest, AClaimOfManyEntriesCostsNothing) {
  log_.FillTo(3);
  Members members = Take(log_.Bundle());
  SignedNote note;
  note.text = Format(Checkpoint{testing::kTestOrigin, TreeSize(uint64_t{1} << 62), Hash{}, {}});
  note.signatures.push_back(SignNote(note.text, log_.signer()));
  members[0].second = Format(note);
  EXPECT_THAT(Verify(Put(members)), FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
