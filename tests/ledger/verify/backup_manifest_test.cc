#include "ledger/verify/backup_manifest.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/verify/files.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::scrutiny::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The permanent text; ledger/FORMAT.md shows the same.
constexpr char kText[] =
    "scrutiny-backup-v1\n"
    "scrutiny.example.org\n"
    "000102030405060708090a0b0c0d0e0f\n"
    "300\n"
    "2026-03-03T02:00:00Z\n"
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 checkpoint\n"
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 5 log/000004.sst\n";

TEST(BackupManifestTest, TheTextIsThatOfTheFormat) {
  BackupManifest manifest;
  manifest.origin = "scrutiny.example.org";
  for (char byte = 0; byte < 16; ++byte) manifest.ledger_id.push_back(byte);
  manifest.size = TreeSize(300);
  manifest.created_at = 1'772'503'200;
  manifest.files = {{.sha256 = Sha256Of("abc"), .bytes = 3, .path = "checkpoint"},
                    {.sha256 = Sha256Of("hello"), .bytes = 5, .path = "log/000004.sst"}};
  EXPECT_EQ(FormatBackupManifest(manifest), kText);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const BackupManifest parsed, ParseBackupManifest(kText));
  EXPECT_EQ(parsed, manifest);
}

// Goal: a manifest has one written form. Method: whatever the parser takes, it writes again.
TEST(BackupManifestTest, EveryChangedByteIsRefusedOrMeansSomethingElse) {
  const BackupManifest good = *ParseBackupManifest(kText);
  const std::string text = kText;
  for (size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string bad = text;
      if (bad[at] == static_cast<char>(byte)) continue;
      bad[at] = static_cast<char>(byte);
      const absl::StatusOr<BackupManifest> parsed = ParseBackupManifest(bad);
      if (!parsed.ok()) continue;
      ASSERT_FALSE(*parsed == good) << at;
      ASSERT_EQ(FormatBackupManifest(*parsed), bad) << at;
    }
  }
}

TEST(BackupManifestTest, WhatIsNotWrittenSoIsRefused) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"scrutiny-backup-v1", "scrutiny-backup-v2"},
           {"scrutiny.example.org", ""},
           {"0f\n", "0F\n"},
           {"0f\n", "\n"},
           {"\n300\n", "\n0300\n"},
           {"02:00:00Z", "02:00:00+00:00"},
           {"02:00:00Z", "02:00:00.0Z"},
           {"2026-03-03", "2026-02-30"},
           {" 3 checkpoint", " 3  checkpoint"},
           {" 3 checkpoint", " 03 checkpoint"},
           {" 3 checkpoint", " 3 ../checkpoint"},
           {" 3 checkpoint", " 3 /checkpoint"},
           {" 3 checkpoint", " 3 MANIFEST"},
           {"log/000004.sst", "checkpoint"},
           {"log/000004.sst", "a/000004.sst"},
           {".sst\n", ".sst"},
           {".sst\n", ".sst\n\n"},
       }) {
    EXPECT_THAT(ParseBackupManifest(absl::StrReplaceAll(kText, {{from, to}})),
                FailsWith(Reason::kMalformed))
        << to;
  }
}

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() {
    log_.FillTo(20);
    WriteFile(dir_.File("checkpoint"), log_.Checkpoint(20));
    WriteFile(dir_.File("log/CURRENT"), "MANIFEST-000005\n");
    WriteFile(dir_.File("log/MANIFEST-000005"), "a manifest of RocksDB's own");
    WriteFile(dir_.File("log/000004.sst"), std::string(3'000'000, 's'));
    WriteFile(dir_.File("log/000007.log"), "");
    Sign(20);
  }

  // Writes the manifest of what lies there now.
  void Sign(uint64_t size) {
    BackupManifest manifest{.origin = testing::kTestOrigin,
                            .ledger_id = std::string(16, 'L'),
                            .size = TreeSize(size),
                            .created_at = 1'772'503'200};
    manifest.files = *ListBackup(dir_.path(), 2, nullptr);
    SignedNote note;
    note.text = FormatBackupManifest(manifest);
    note.signatures.push_back(SignNote(note.text, log_.signer()));
    WriteFile(dir_.File("MANIFEST"), Format(note));
  }

  std::vector<std::string> Told() {
    const absl::StatusOr<BackupReport> report = CheckBackup(dir_.path(), log_.trust(), 2);
    if (!report.ok()) return {report.status().ToString()};
    std::vector<std::string> told;
    for (const Damage& damage : report->damages) told.push_back(damage.what);
    return told;
  }

  TempDir dir_;
  TestLog log_;
};

TEST_F(BackupTest, AWholeBackupVerifies) {
  uint64_t last = 0;
  const absl::StatusOr<BackupReport> report =
      CheckBackup(dir_.path(), log_.trust(), 2, [&](uint64_t done, uint64_t total) {
        EXPECT_LE(done, total);
        last = done;
        return true;
      });
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->damages.empty()) << ::testing::PrintToString(Told());
  EXPECT_EQ(report->manifest.files.size(), 5u);
  EXPECT_EQ(report->manifest.size, TreeSize(20));
  ASSERT_TRUE(report->checkpoint.has_value());
  EXPECT_EQ(report->checkpoint->checkpoint.size, TreeSize(20));
  EXPECT_GT(last, 3'000'000u);
}

TEST_F(BackupTest, EachDamagedFileIsNamed) {
  WriteFile(dir_.File("log/000004.sst"), std::string(2'999'999, 's') + "t");
  WriteFile(dir_.File("log/000007.log"), "x");
  WriteFile(dir_.File("log/000009.log"), "added");
  WriteFile(dir_.File("zz"), "added");
  std::filesystem::remove(dir_.File("log/CURRENT"));
  EXPECT_THAT(Told(), ElementsAre("log/000004.sst was changed: its SHA-256 is another.",
                                  "log/000007.log has 1 bytes; it had 0.",
                                  "log/000009.log is in the folder and not in its manifest.",
                                  "log/CURRENT is missing.",
                                  "zz is in the folder and not in its manifest."));
}

TEST_F(BackupTest, WhatIsNeitherFileNorFolderIsRefused) {
  std::filesystem::create_symlink("CURRENT", dir_.File("log/link"));
  EXPECT_THAT(CheckBackup(dir_.path(), log_.trust()), FailsWith(Reason::kMalformed));
}

TEST_F(BackupTest, AnotherKeySignedNothing) {
  Trust trust;
  trust.log_keys = {TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier()};
  EXPECT_THAT(CheckBackup(dir_.path(), trust), FailsWith(Reason::kNotFound));
  // A genuine key of another ledger does not vouch for this one's backup.
  const Signer other = TestSigner("other.example", KeyType::kEd25519, 9);
  SignedNote note = *ParseNote(*ReadWholeFile(dir_.File("MANIFEST"), kNoteBytesMax));
  note.signatures = {SignNote(note.text, other)};
  WriteFile(dir_.File("MANIFEST"), Format(note));
  trust.log_keys = {other.verifier()};
  EXPECT_THAT(CheckBackup(dir_.path(), trust), FailsWith(Reason::kNotFound));
}

TEST_F(BackupTest, EveryChangedByteOfTheSignedManifestIsNoticed) {
  const std::string good = *ReadWholeFile(dir_.File("MANIFEST"), kNoteBytesMax);
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(OpenBackupManifest(bad, log_.trust(), nullptr).ok()) << at;
  }
  std::filesystem::remove(dir_.File("MANIFEST"));
  EXPECT_THAT(CheckBackup(dir_.path(), log_.trust()), FailsWith(Reason::kNotFound));
}

TEST_F(BackupTest, TheCheckpointIsOfExactlyWhatTheBackupHolds) {
  Sign(17);
  EXPECT_THAT(Told(), ElementsAre("checkpoint is of 20 entries, and the backup has 17."));
  Sign(21);
  EXPECT_THAT(Told(), ElementsAre("checkpoint is of 20 entries, and the backup has 21."));
}

TEST_F(BackupTest, ACheckpointThatDoesNotVerifyIsNamed) {
  WriteFile(dir_.File("checkpoint"), "none");
  Sign(20);
  EXPECT_THAT(Told(), ElementsAre(HasSubstr("checkpoint does not verify")));
  std::filesystem::remove(dir_.File("checkpoint"));
  Sign(20);
  EXPECT_THAT(Told(), ElementsAre(HasSubstr("checkpoint cannot be read")));
}

}  // namespace
}  // namespace scrutiny::ledger
