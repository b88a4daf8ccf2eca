#include "ledger/verify/tree_judge.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/bundle.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/verify_log.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::LogFiles;
using ::scrutiny::testing::MemoryLog;
using ::scrutiny::testing::TestLog;
using ::testing::HasSubstr;

// A log of some size and what is found after some damage to its files.
class Damaged {
 public:
  explicit Damaged(uint64_t entries) {
    log_.FillTo(entries);
    files_ = log_.Files();
  }

  const TestLog& log() const { return log_; }
  LogFiles& files() { return files_; }
  std::string& file(const std::string& path) {
    SCRUTINY_CHECK(files_.count(path) == 1) << path;
    return files_[path];
  }
  void Flip(const std::string& path, size_t at, char change = '\x01') {
    file(path)[at] = static_cast<char>(file(path)[at] ^ change);
  }

  absl::StatusOr<LogReport> Verify() const {
    MemoryLog log(files_);
    VerifyOptions options;
    options.trust = log_.trust();
    options.threads = 2;
    return VerifyLog(log, options);
  }
  // All damages, a line each.
  std::string Told() const {
    const absl::StatusOr<LogReport> report = Verify();
    if (!report.ok()) return report.status().ToString();
    std::string told;
    for (const Damage& damage : report->damages) {
      absl::StrAppend(&told, DamageKindName(damage.kind), ": ", damage.what, "\n");
    }
    return told;
  }
  // The only damage.
  Damage Only() const {
    const absl::StatusOr<LogReport> report = Verify();
    EXPECT_THAT(report, IsOk());
    EXPECT_EQ(report->damages.size(), 1u) << Told();
    return report->damages.empty() ? Damage{} : report->damages.front();
  }
  // Where the entry's bytes stand in its bundle.
  size_t OffsetOf(uint64_t entry) const {
    size_t offset = 2;
    for (uint64_t i = entry / 256 * 256; i < entry; ++i) offset += 2 + log_.entry(i).size();
    return offset;
  }

 private:
  TestLog log_;
  LogFiles files_;
};

TEST(TreeJudgeTest, AChangedEntryIsNamedWithItsRecordAndPlace) {
  Damaged log(300);
  const size_t at = log.OffsetOf(123);
  log.Flip("tile/entries/000", at + 40);
  const Damage damage = log.Only();
  EXPECT_EQ(damage.kind, DamageKind::kEntry);
  EXPECT_EQ(damage.entry, Sequence(123));
  EXPECT_EQ(damage.file, "tile/entries/000");
  EXPECT_EQ(damage.begin, at);
  EXPECT_EQ(damage.end, at + log.log().entry(123).size());
  EXPECT_TRUE(absl::StartsWith(damage.record, "actions/spab/")) << damage.record;
  EXPECT_THAT(damage.what, HasSubstr(absl::StrCat("Entry 123 (", damage.record, "), bytes ", at)));
  EXPECT_THAT(damage.what,
              HasSubstr("its hash is not the one in tile/0/000 at place 123, which goes with the "
                        "signed root: the entry was changed"));
}

TEST(TreeJudgeTest, AChangedTileIsNotBlamedOnItsEntries) {
  Damaged log(300);
  log.Flip("tile/0/000", 123 * 32 + 5);
  const Damage damage = log.Only();
  EXPECT_EQ(damage.kind, DamageKind::kTile);
  EXPECT_EQ(damage.file, "tile/0/000");
  EXPECT_EQ(damage.begin, 123u * 32);
  EXPECT_EQ(damage.end, 124u * 32);
  EXPECT_THAT(damage.what, HasSubstr("of entry 123"));
}

TEST(TreeJudgeTest, APartialTileAndItsEntriesAreToldApartByTheRoot) {
  Damaged tile(300);
  tile.Flip("tile/0/001.p/44", 3 * 32);
  EXPECT_EQ(tile.Only().kind, DamageKind::kTile);
  Damaged entry(300);
  entry.Flip("tile/entries/001.p/44", entry.OffsetOf(259) + 30);
  EXPECT_EQ(entry.Only().kind, DamageKind::kEntry);
  EXPECT_EQ(entry.Only().entry, Sequence(259));
}

TEST(TreeJudgeTest, AChangedTileOfAHigherLevelIsNamed) {
  Damaged log(65536 + 300);
  log.Flip("tile/1/000", 7 * 32);
  Damage damage = log.Only();
  EXPECT_EQ(damage.kind, DamageKind::kTile);
  EXPECT_EQ(damage.file, "tile/1/000");
  EXPECT_THAT(damage.what, HasSubstr("place 7, of tile/0/007"));
  log.Flip("tile/1/000", 7 * 32);
  log.Flip("tile/2/000.p/1", 31);
  damage = log.Only();
  EXPECT_EQ(damage.kind, DamageKind::kTile);
  EXPECT_EQ(damage.file, "tile/2/000.p/1");
}

TEST(TreeJudgeTest, SeveralDamagesAreEachFound) {
  Damaged log(1000);
  log.Flip("tile/0/002", 9 * 32);
  log.Flip("tile/1/000.p/3", 32);
  log.Flip("tile/entries/000", log.OffsetOf(17) + 20);
  log.Flip("tile/entries/003.p/232", log.OffsetOf(900) + 20);
  const std::string told = log.Told();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 4) << told;
  EXPECT_THAT(told, HasSubstr("tile: tile/0/002: the hash at place 9"));
  EXPECT_THAT(told, HasSubstr("tile: tile/1/000.p/3: the hash at place 1"));
  EXPECT_THAT(told, HasSubstr("entry: Entry 17 ("));
  EXPECT_THAT(told, HasSubstr("entry: Entry 900 ("));
}

// An entry and its hash were changed together, and no tile above: the level above still knows.
TEST(TreeJudgeTest, AnEntryChangedTogetherWithItsHashIsFound) {
  for (const bool partial : {false, true}) {
    Damaged log(300);
    const uint64_t entry = partial ? 270 : 100;
    const std::string bundle = partial ? "tile/entries/001.p/44" : "tile/entries/000";
    const std::string tile = partial ? "tile/0/001.p/44" : "tile/0/000";
    log.Flip(bundle, log.OffsetOf(entry) + 30);
    const std::string bytes =
        log.file(bundle).substr(log.OffsetOf(entry), log.log().entry(entry).size());
    log.file(tile).replace(entry % 256 * 32, 32, std::string(AsBytes(LeafHash(bytes))));
    const absl::StatusOr<LogReport> report = log.Verify();
    ASSERT_THAT(report, IsOk());
    ASSERT_FALSE(report->verified());
    EXPECT_EQ(report->damages[0].kind, DamageKind::kRoot) << log.Told();
    if (!partial) {
      EXPECT_THAT(log.Told(), HasSubstr("Entries 0 to 255 and tile/0/000 go together, but not"));
    }
  }
}

// Everything was made anew over other entries: all goes together but the root.
TEST(TreeJudgeTest, ALogRewrittenUnderAnOldCheckpointIsRefused) {
  for (const uint64_t size : {5u, 256u, 300u, 512u}) {
    Damaged log(size);
    TestLog other;
    other.Start("another ledger");
    other.FillTo(size);
    const std::string checkpoint = log.files()["checkpoint"];
    log.files() = other.Files();
    log.files()["checkpoint"] = checkpoint;
    const absl::StatusOr<LogReport> report = log.Verify();
    ASSERT_THAT(report, IsOk());
    EXPECT_FALSE(report->verified());
    EXPECT_EQ(report->damages[0].kind, DamageKind::kRoot) << log.Told();
  }
}

TEST(TreeJudgeTest, MissingFilesAreNamed) {
  for (const char* path : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}) {
    Damaged log(300);
    log.files().erase(path);
    const Damage damage = log.Only();
    EXPECT_EQ(damage.kind, DamageKind::kTile);
    EXPECT_EQ(damage.what, absl::StrCat(path, " is missing."));
  }
  for (const char* path : {"tile/entries/000", "tile/entries/001.p/44"}) {
    Damaged log(300);
    log.files().erase(path);
    const Damage damage = log.Only();
    EXPECT_EQ(damage.kind, DamageKind::kBundle);
    EXPECT_THAT(damage.what, HasSubstr(absl::StrCat(path, " is missing. Entries ")));
  }
}

TEST(TreeJudgeTest, ATileAndItsBundleMissingTogetherAreNamed) {
  Damaged log(600);
  log.files().erase("tile/0/001");
  log.files().erase("tile/entries/001");
  EXPECT_THAT(log.Told(), HasSubstr("tile/0/001 is missing."));
  EXPECT_THAT(log.Told(), HasSubstr("tile/entries/001 is missing. Entries 256 to 511"));
}

TEST(TreeJudgeTest, AFileThatIsCutShortIsNamed) {
  for (const char* path : {"tile/0/000", "tile/1/000.p/1", "tile/0/001.p/44"}) {
    Damaged log(300);
    log.file(path).pop_back();
    EXPECT_EQ(log.Only().kind, DamageKind::kTile) << path;
  }
  Damaged log(300);
  std::string& bundle = log.file("tile/entries/001.p/44");
  bundle.resize(log.OffsetOf(290) + 10);
  const std::string told = log.Told();
  EXPECT_THAT(told, HasSubstr("on it does not hold entries 290 to 299"));
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
}

// A changed length makes all entries behind it unreadable: the first is named, the rest is one
// line.
TEST(TreeJudgeTest, AChangedLengthIsOneDamageAndNotHundreds) {
  Damaged log(300);
  log.Flip("tile/entries/000", log.OffsetOf(50) - 1);
  const absl::StatusOr<LogReport> report = log.Verify();
  ASSERT_THAT(report, IsOk());
  EXPECT_LE(report->damages.size(), 2u) << log.Told();
  EXPECT_EQ(report->damages[0].entry, Sequence(50));
}

TEST(TreeJudgeTest, BytesBehindTheLastEntryAreDamage) {
  Damaged log(300);
  log.file("tile/entries/000") += '\0';
  const Damage damage = log.Only();
  EXPECT_EQ(damage.kind, DamageKind::kBundle);
  EXPECT_THAT(damage.what, HasSubstr("goes on behind its last entry"));
}

TEST(TreeJudgeTest, TwoEntriesThatChangedPlacesAreBothNamed) {
  Damaged log(20);
  std::string bundle;
  for (uint64_t i = 0; i < 20; ++i) {
    AppendBundleEntry(log.log().entry(i == 4 ? 9 : i == 9 ? 4 : i), &bundle);
  }
  log.file("tile/entries/000.p/20") = bundle;
  const std::string told = log.Told();
  EXPECT_THAT(told, HasSubstr("entry: Entry 4 ("));
  EXPECT_THAT(told, HasSubstr("entry: Entry 9 ("));
}

TEST(TreeJudgeTest, ALogThatIsWrongThroughoutEndsEarly) {
  Damaged log(40'000);
  for (auto& [path, bytes] : log.files()) {
    if (absl::StartsWith(path, "tile/0/")) bytes.assign(bytes.size(), '\0');
  }
  const absl::StatusOr<LogReport> report = log.Verify();
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->verified());
  ASSERT_FALSE(report->notices.empty());
  EXPECT_THAT(report->notices[0], HasSubstr("The check stopped at entry"));
}

// Goal: no byte of any file can change unnoticed, and the file at fault is the one that is named.
// Method: each byte of a small log, one after the other, in three ways.
TEST(TreeJudgeTest, EveryChangedByteIsFoundInTheFileItIsIn) {
  Damaged log(6);
  for (const auto& [path, good] : LogFiles(log.files())) {
    for (size_t at = 0; at < good.size(); ++at) {
      for (const char change : {'\x01', '\x20', '\x80'}) {
        log.Flip(path, at, change);
        const absl::StatusOr<LogReport> report = log.Verify();
        if (path == "checkpoint") {
          ASSERT_FALSE(report.ok()) << at;
        } else {
          ASSERT_THAT(report, IsOk());
          ASSERT_FALSE(report->verified()) << path << " " << at;
          for (const Damage& damage : report->damages) ASSERT_EQ(damage.file, path) << log.Told();
        }
        log.Flip(path, at, change);
      }
    }
  }
  EXPECT_TRUE(log.Verify()->verified());
}

// The same with full tiles and two levels, at places spread over the files.
TEST(TreeJudgeTest, ChangedBytesOfFullTilesAreFoundInTheFileTheyAreIn) {
  Damaged log(258);
  for (const auto& [path, good] : LogFiles(log.files())) {
    if (path == "checkpoint") continue;
    const size_t step = good.size() < 1000 ? 1 : 41;
    for (size_t at = 0; at < good.size(); at += step) {
      log.Flip(path, at, '\x10');
      const absl::StatusOr<LogReport> report = log.Verify();
      ASSERT_THAT(report, IsOk());
      ASSERT_FALSE(report->verified()) << path << " " << at;
      for (const Damage& damage : report->damages) ASSERT_EQ(damage.file, path) << log.Told();
      log.Flip(path, at, '\x10');
    }
  }
}

TEST(TreeJudgeTest, EveryTruncatedFileIsFound) {
  Damaged log(6);
  for (const auto& [path, good] : LogFiles(log.files())) {
    for (size_t size = 0; size < good.size(); ++size) {
      log.file(path) = good.substr(0, size);
      const absl::StatusOr<LogReport> report = log.Verify();
      ASSERT_FALSE(report.ok() && report->verified()) << path << " " << size;
    }
    log.file(path) = good;
  }
}

Hash HashOf(int i) { return LeafHash(absl::StrCat(i)); }

TEST(SettleTest, EitherAccountOrAMixtureMayBeRight) {
  const std::vector<Hash> right = {HashOf(1), HashOf(2), HashOf(3), HashOf(4)};
  const auto is_right = [&](absl::Span<const Hash> hashes) {
    return std::vector<Hash>(hashes.begin(), hashes.end()) == right;
  };
  std::vector<Hash> a = right;
  a[0] = HashOf(9);
  std::vector<Hash> b = right;
  b[3] = HashOf(9);
  EXPECT_EQ(Settle(right, b, is_right), right);
  EXPECT_EQ(Settle(a, right, is_right), right);
  EXPECT_EQ(Settle(a, b, is_right), right);
  EXPECT_EQ(Settle(absl::nullopt, right, is_right), right);
  EXPECT_EQ(Settle(right, absl::nullopt, is_right), right);
  EXPECT_EQ(Settle(a, absl::nullopt, is_right), absl::nullopt);
  EXPECT_EQ(Settle(a, a, is_right), absl::nullopt);
  EXPECT_EQ(Settle(absl::nullopt, absl::nullopt, is_right), absl::nullopt);
  a[3] = HashOf(8);  // wrong in both
  EXPECT_EQ(Settle(a, b, is_right), absl::nullopt);
}

TEST(SettleTest, TooManyDoubtsAreNotTried) {
  std::vector<Hash> a;
  std::vector<Hash> b;
  for (size_t i = 0; i <= kDoubtfulPlacesMax; ++i) {
    a.push_back(HashOf(static_cast<int>(i)));
    b.push_back(HashOf(1000 + static_cast<int>(i)));
  }
  size_t tried = 0;
  EXPECT_EQ(Settle(a, b,
                   [&](absl::Span<const Hash>) {
                     ++tried;
                     return false;
                   }),
            absl::nullopt);
  EXPECT_EQ(tried, 2u);
}

}  // namespace
}  // namespace scrutiny::ledger
