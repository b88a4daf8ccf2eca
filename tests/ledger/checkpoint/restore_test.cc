// A ledger out of a copy: the same bytes and the same root, or a refusal before anything is
// written.
#include "ledger/checkpoint/restore.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"

#include "ledger/append/sealed_parts.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/checkpoint/backup.h"
#include "ledger/format/big_endian.h"
#include "ledger/seal/key_store.h"
#include "ledger/verify/backup_manifest.h"
#include "tests/ledger/checkpoint/exports.h"
#include "tests/ledger/checkpoint/signed_ledger.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::ActionRaised;
using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::CopyFolder;
using ::scrutiny::testing::ExportFile;
using ::scrutiny::testing::ExportFolder;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FilesBelow;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::LocalPrincipal;
using ::scrutiny::testing::ReadFile;
using ::scrutiny::testing::ReplaceFolder;
using ::scrutiny::testing::SignedLedger;
using ::scrutiny::testing::SignedLedgerTest;
using ::scrutiny::testing::WriteFile;
using ::testing::HasSubstr;

class RestoreTest : public SignedLedgerTest {
 protected:
  void SetUp() override {
    Open();
    Append(3);
    Append(300);
    key_ = KeyOf(log().identity().log_key);
  }

  std::string restored() const { return dir_.File("restored"); }
  absl::StatusOr<TreeSize> Restore(const std::string& from, const std::string& data) {
    RestoreOptions options;
    options.from = from;
    options.data = data;
    options.keys = {key_};
    SCRUTINY_ASSIGN_OR_RETURN(const Restored restored, ledger::Restore(options));
    // What it says of the copy is a checkpoint of what there is now, or was there before.
    SCRUTINY_ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                              OpenCheckpoint(restored.checkpoint, options.keys));
    EXPECT_EQ(checkpoint.size, restored.size);
    return restored.size;
  }
  absl::StatusOr<TreeSize> Restore(const std::string& from) { return Restore(from, restored()); }
  void Backup(const std::string& folder) {
    LetSign();
    SCRUTINY_ASSERT_OK(MakeBackup(log(), checkpointer(), clock_, folder, nullptr));
  }
  // An export of the first `size` entries, in a file or, where the name says so, a folder.
  void Export(const std::string& path, TreeSize size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string note, checkpointer().SignAt(size));
    if (path.find(".tar") == std::string::npos) {
      SCRUTINY_ASSERT_OK(ExportFolder(log(), size, note, path));
    } else {
      SCRUTINY_ASSERT_OK(ExportFile(log(), size, note, path));
    }
  }
  void Export(const std::string& path) { Export(path, log().size()); }
  // A ledger that has exactly the entries of the open one, with the same root, and takes more.
  void ExpectSameLedger(const std::string& data) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto other, OpenLedgerAlone(data));
    ASSERT_EQ(other->size(), log().size());
    EXPECT_TRUE(other->tree().edge() == log().tree().edge());
    for (uint64_t i = 0; i < log().size().value(); i += i < 10 ? 1 : 37) {
      EXPECT_EQ(other->EntryBytes(Sequence(i)).value(), log().EntryBytes(Sequence(i)).value()) << i;
    }
    EXPECT_TRUE(other->identity() == log().identity());
    EXPECT_EQ(other->identity().log_key, log().identity().log_key);
    const uint64_t size = other->size().value();
    // What was recorded is not recorded again, and what is new is.
    std::vector<event::v1::Proposed> again;
    for (int i = 0; i < 3; ++i) {
      again.push_back(ActionRaised(testing::ActionName(static_cast<uint64_t>(1 + i)), "A"));
    }
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt,
                                  other->AppendAndWait(AppendOf("r1", again)));
    EXPECT_TRUE(receipt.already_recorded);
    EXPECT_EQ(receipt.first, Sequence(1));
    AppendTo(*other, 2);
    EXPECT_EQ(other->size(), TreeSize(size + 2));
  }
  void ExpectNothingWritten() {
    EXPECT_FALSE(fs::exists(restored() + "/log")) << "nothing is restored";
    EXPECT_FALSE(fs::exists(restored() + "/log.restoring")) << "nothing is begun";
  }
  // A ledger of its own, without any key, with other entries.
  void MakeOther(const std::string& data, size_t facts) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto other, OpenLedgerAlone(data));
    AppendTo(*other, facts, "Other");
    SCRUTINY_ASSERT_OK(other->Close());
  }

  VerifierKey key_;
};

// --- Backups.

TEST_F(RestoreTest, ABackupComesBackWithTheSameBytesAndRoot) {
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize size, Restore(dir_.File("backup")));
  EXPECT_EQ(size, log().size());
  EXPECT_FALSE(fs::exists(restored() + "/log.restoring"));
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, ARestoredBackupGoesOnBeingSigned) {
  Backup(dir_.File("backup"));
  Close();
  fs::remove_all(data());
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup"), data()));
  Open();
  ASSERT_NE(opened_, nullptr);
  AppendSigned(2);
}

TEST_F(RestoreTest, ABackupOlderThanWhatWasSignedIsRestoredAndThenRefused) {
  Backup(dir_.File("backup"));
  AppendSigned(2);
  Close();
  fs::remove_all(data());
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup"), data()));
  EXPECT_THAT(TryOpen(), FailsWith(Reason::kCorrupt));
}

// Goal: a backup of which one byte is another is refused before anything is written. Method: every
// file of it, at its first, its last and some bytes between.
TEST_F(RestoreTest, ABackupWithAChangedByteIsRefused) {
  Backup(dir_.File("backup"));
  const auto files = FilesBelow(dir_.File("backup"));
  ASSERT_GT(files.size(), 6u);
  for (const auto& [name, bytes] : files) {
    if (bytes.empty()) continue;
    const std::string path = dir_.File("backup/" + name);
    const size_t last = bytes.size() - 1;
    for (const size_t at : std::set<size_t>{0, last / 3, last / 2, last}) {
      // Written anew: the ledger may share the file.
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 0x20);
      fs::remove(path);
      WriteFile(path, changed);
      EXPECT_FALSE(Restore(dir_.File("backup")).ok()) << name << " at byte " << at;
      ExpectNothingWritten();
    }
    fs::remove(path);
    WriteFile(path, bytes);
  }
  SCRUTINY_EXPECT_OK(Restore(dir_.File("backup")));
}

TEST_F(RestoreTest, ABackupThatLacksAFileIsRefused) {
  Backup(dir_.File("backup"));
  for (const auto& [name, bytes] : FilesBelow(dir_.File("backup"))) {
    const std::string path = dir_.File("backup/" + name);
    fs::rename(path, dir_.File("aside"));
    EXPECT_FALSE(Restore(dir_.File("backup")).ok()) << name;
    ExpectNothingWritten();
    fs::rename(dir_.File("aside"), path);
  }
  SCRUTINY_EXPECT_OK(Restore(dir_.File("backup")));
}

TEST_F(RestoreTest, ABackupWithAFileMoreIsRefusedAndTheFileNamed) {
  Backup(dir_.File("backup"));
  for (const char* name : {"log/999999.sst", "more", "log/deep/file"}) {
    const std::string path = dir_.File(absl::StrCat("backup/", name));
    fs::create_directories(fs::path(path).parent_path());
    WriteFile(path, "");
    const absl::Status status = Restore(dir_.File("backup")).status();
    EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("Nothing was written"));
    ExpectNothingWritten();
    fs::remove(path);
  }
}

TEST_F(RestoreTest, ALinkInABackupIsRefused) {
  Backup(dir_.File("backup"));
  fs::create_symlink("/etc/hostname", dir_.File("backup/log/link"));
  EXPECT_FALSE(Restore(dir_.File("backup")).ok());
  ExpectNothingWritten();
}

TEST_F(RestoreTest, ABackupThatIsNotSignedWithAKnownKeyIsRefused) {
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger other,
                                TryOpen(dir_.File("other"), dir_.File("other-identity")));
  RestoreOptions options;
  options.from = dir_.File("backup");
  options.data = restored();
  options.keys = {KeyOf(other.ledger->identity().log_key)};
  EXPECT_FALSE(ledger::Restore(options).ok());
  ExpectNothingWritten();
}

TEST_F(RestoreTest, WithoutAnyKeyNothingIsRestored) {
  Backup(dir_.File("backup"));
  RestoreOptions options;
  options.from = dir_.File("backup");
  options.data = restored();
  const absl::Status status = ledger::Restore(options).status();
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  EXPECT_THAT(InfoOf(status).next, HasSubstr("--vkey"));
  ExpectNothingWritten();
}

// A list that the ledger signed, of another backup of its own.
TEST_F(RestoreTest, AListOfAnotherBackupIsRefused) {
  Backup(dir_.File("first"));
  Append(2);
  Backup(dir_.File("second"));
  fs::remove(dir_.File("first/MANIFEST"));
  fs::copy_file(dir_.File("second/MANIFEST"), dir_.File("first/MANIFEST"));
  EXPECT_THAT(Restore(dir_.File("first")), FailsWith(Reason::kCorrupt));
  ExpectNothingWritten();
}

TEST_F(RestoreTest, ABackupIsNeverRestoredOverALedger) {
  Backup(dir_.File("backup"));
  MakeOther(restored(), 2);
  const auto before = FilesBelow(restored());
  const absl::Status status = Restore(dir_.File("backup")).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(InfoOf(status).next, HasSubstr("--data"));
  EXPECT_TRUE(FilesBelow(restored()) == before);
}

TEST_F(RestoreTest, ARestoreCutShortIsNoLedgerAndCanBeDoneAgain) {
  Backup(dir_.File("backup"));
  // As it is left in the middle of copying.
  fs::create_directories(restored());
  CopyFolder(dir_.File("backup/log"), restored() + "/log.restoring");
  for (const char* name : {"CURRENT", "IDENTITY"}) {
    fs::remove(restored() + "/log.restoring/" + name);
  }
  WriteFile(restored() + "/log.restoring/stray", "x");
  EXPECT_FALSE(fs::exists(restored() + "/log"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  EXPECT_FALSE(fs::exists(restored() + "/log/stray"));
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AFolderThatIsNoBackupIsRefused) {
  fs::create_directories(dir_.File("empty"));
  for (const std::string& from : {dir_.File("empty"), dir_.File("nothing"), data()}) {
    EXPECT_FALSE(Restore(from).ok()) << from;
    ExpectNothingWritten();
  }
}

// One that was never finished: its list comes last.
TEST_F(RestoreTest, AnUnfinishedBackupIsRefused) {
  Backup(dir_.File("backup"));
  fs::remove(dir_.File("backup/MANIFEST"));
  EXPECT_FALSE(Restore(dir_.File("backup")).ok());
  ExpectNothingWritten();
}

// --- Exports.

TEST_F(RestoreTest, AnExportComesBackWithTheSameBytesAndRoot) {
  for (const char* name : {"export.tar", "export"}) {
    SCOPED_TRACE(name);
    Export(dir_.File(name));
    const std::string to = dir_.File(absl::StrCat("from-", name));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize size, Restore(dir_.File(name), to));
    EXPECT_EQ(size, log().size());
    EXPECT_FALSE(fs::exists(to + "/log.restoring"));
    ExpectSameLedger(to);
  }
}

TEST_F(RestoreTest, ALargeExportComesBackInManyChunks) {
  for (int i = 0; i < 6; ++i) Append(1000);
  Export(dir_.File("export.tar"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar")));
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AnExportWithAChangedByteIsRefused) {
  Export(dir_.File("export"));
  for (const auto& [name, bytes] : FilesBelow(dir_.File("export"))) {
    for (const size_t at : {size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 0x01);
      WriteFile(dir_.File("export/" + name), changed);
      EXPECT_FALSE(Restore(dir_.File("export")).ok()) << name << " at byte " << at;
      ExpectNothingWritten();
    }
    WriteFile(dir_.File("export/" + name), bytes);
  }
  SCRUTINY_EXPECT_OK(Restore(dir_.File("export")));
}

TEST_F(RestoreTest, AnExportFileWithAChangedByteIsRefused) {
  Close();
  Open();
  Export(dir_.File("export.tar"), TreeSize(5));
  const std::string bytes = ReadFile(dir_.File("export.tar"));
  for (size_t at = 0; at < bytes.size(); at += 97) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    WriteFile(dir_.File("export.tar"), changed);
    // What no key signs is for who reads it by hand: the keys and the description.
    if (const auto size = Restore(dir_.File("export.tar")); size.ok()) {
      EXPECT_EQ(*size, TreeSize(5)) << at;
      fs::remove_all(restored());
    }
    ExpectNothingWritten();
  }
}

TEST_F(RestoreTest, AnExportThatLacksAFileIsRefused) {
  Export(dir_.File("export"));
  for (const auto& [name, bytes] : FilesBelow(dir_.File("export"))) {
    fs::remove(dir_.File("export/" + name));
    EXPECT_FALSE(Restore(dir_.File("export")).ok()) << name;
    ExpectNothingWritten();
    WriteFile(dir_.File("export/" + name), bytes);
  }
}

TEST_F(RestoreTest, AnExportSignedByAnotherKeyIsRefused) {
  Export(dir_.File("export"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger other,
                                TryOpen(dir_.File("other"), dir_.File("other-identity")));
  key_ = KeyOf(other.ledger->identity().log_key);
  EXPECT_FALSE(Restore(dir_.File("export")).ok());
  ExpectNothingWritten();
}

TEST_F(RestoreTest, AnExportAddsWhatIsMissing) {
  Backup(dir_.File("backup"));
  for (const size_t facts : {1, 200, 700, 5}) Append(facts);
  Export(dir_.File("export.tar"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize before, Restore(dir_.File("backup")));
  EXPECT_EQ(before, TreeSize(304));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize after, Restore(dir_.File("export.tar")));
  EXPECT_EQ(after, log().size());
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AnExportOfWhatIsThereChangesNothing) {
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  Export(dir_.File("export.tar"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const TreeSize size, Restore(dir_.File("export.tar")));
  EXPECT_EQ(size, log().size());
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AnOlderExportIsRefusedAndTheLedgerLeftAlone) {
  Export(dir_.File("export.tar"), TreeSize(4));
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  const absl::Status status = Restore(dir_.File("export.tar")).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(std::string(status.message()), HasSubstr("more than the 4 of the export"));
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AnExportIsNotPutOnAnotherLedger) {
  Export(dir_.File("export.tar"));
  for (const size_t facts : {1, 100}) {
    const std::string other = dir_.File(absl::StrCat("other", facts));
    MakeOther(other, facts);
    const absl::Status status = Restore(dir_.File("export.tar"), other).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("--data"));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(other));
    EXPECT_EQ(ledger->size(), TreeSize(facts + 1)) << "left alone";
  }
}

// A store of format 1 keeps no edge to compare with: then its entries are compared.
TEST_F(RestoreTest, AnExportIsNotPutOnAnotherLedgerOfFormat1Either) {
  const auto take_edge = [](const std::string& path) {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(
                    {}, path, {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                    &handles, &opened)
                    .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    std::string format;
    AppendBigEndian(uint32_t{1}, &format);
    AppendBigEndian(uint32_t{1}, &format);
    ASSERT_TRUE(db->Put({}, handles[0], "format", format).ok());
    ASSERT_TRUE(db->Delete({}, handles[0], "edge").ok());
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    ASSERT_TRUE(db->Close().ok());
  };
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  take_edge(restored() + "/log");
  MakeOther(dir_.File("other"), 2);
  take_edge(dir_.File("other/log"));
  Append(5);
  Export(dir_.File("export.tar"));
  EXPECT_THAT(Restore(dir_.File("export.tar"), dir_.File("other")),
              HasCode(absl::StatusCode::kAlreadyExists));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar")));
  ExpectSameLedger(restored());
}

TEST_F(RestoreTest, AnExportCutShortIsNoLedgerAndCanBeRestoredAgain) {
  Export(dir_.File("export.tar"));
  // As it is left in the middle: a store of the first entries, under its own name.
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar"), dir_.File("other")));
  fs::create_directories(restored());
  fs::rename(dir_.File("other/log"), restored() + "/log.restoring");
  EXPECT_FALSE(fs::exists(restored() + "/log"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar")));
  ExpectSameLedger(restored());
}

// --- What is sealed.

class RestoreSealedTest : public RestoreTest {
 protected:
  void SetUp() override {
    RestoreTest::SetUp();
    OpenKeys(dir_.File("keys"));
    AttachTo(log());
    Seal("persons/a", "Ermintrude Quillfeather");
    Seal("persons/b", "Barnaby Thistlewick");
  }
  void TearDown() override {
    Close();
    keys_.reset();
  }
  void OpenKeys(const std::string& folder) {
    keys_.reset();
    KeyStoreOptions options;
    options.dir = folder;
    options.ledger_id = log().identity().ledger_id;
    options.clock = &clock_;
    options.random = &random_;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(keys_, KeyStore::Open(options));
  }
  void AttachTo(Ledger& ledger) { SCRUTINY_ASSERT_OK(ledger.AttachKeys(*keys_, 0)); }
  void Seal(const std::string& person, const std::string& name) {
    event::v1::Proposed proposed;
    proposed.set_record(person);
    proposed.mutable_person_registered()->set_personal_name(name);
    NewAppend append = AppendOf(person, {proposed});
    append.facts[0].seals.push_back({"person_registered.personal_name", person});
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, log().AppendAndWait(std::move(append)));
    places_.push_back(receipt.first);
  }
  static SealedParts::State StateOf(Ledger& ledger, Sequence sequence) {
    const auto opened = ledger.seals()->Open(sequence);
    SCRUTINY_EXPECT_OK(opened);
    return opened.ok() ? opened->parts.at(0).state : SealedParts::State::kNoKey;
  }

  std::unique_ptr<KeyStore> keys_;
  std::vector<Sequence> places_;
};

TEST_F(RestoreSealedTest, ABackupBringsCiphertextsBackWhichTheKeysOpen) {
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto restored_ledger, OpenLedgerAlone(restored()));
  AttachTo(*restored_ledger);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened,
                                restored_ledger->seals()->Open(places_[0]));
  EXPECT_EQ(opened.merged.person_registered().personal_name(), "Ermintrude Quillfeather");
}

TEST_F(RestoreSealedTest, WhatWasErasedAfterTheBackupStaysErased) {
  Backup(dir_.File("backup"));
  SCRUTINY_ASSERT_OK(
      log().seals()->Erase({"persons/a", "request under Article 17", "DPO", "erase-a", "local"}));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto restored_ledger, OpenLedgerAlone(restored()));
  AttachTo(*restored_ledger);
  EXPECT_EQ(StateOf(*restored_ledger, places_[0]), SealedParts::State::kErased);
  EXPECT_EQ(StateOf(*restored_ledger, places_[1]), SealedParts::State::kOpened);
}

TEST_F(RestoreSealedTest, AnExportBringsNoCiphertexts) {
  Export(dir_.File("export.tar"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar")));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto restored_ledger, OpenLedgerAlone(restored()));
  EXPECT_FALSE(restored_ledger->HoldsSealed().value());
  AttachTo(*restored_ledger);
  EXPECT_EQ(StateOf(*restored_ledger, places_[0]), SealedParts::State::kNoCiphertext);
}

TEST_F(RestoreSealedTest, AnExportOnTopOfABackupKeepsItsCiphertexts) {
  Backup(dir_.File("backup"));
  Seal("persons/c", "Clementine Fothergill");
  Export(dir_.File("export.tar"));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("backup")));
  SCRUTINY_ASSERT_OK(Restore(dir_.File("export.tar")));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto restored_ledger, OpenLedgerAlone(restored()));
  AttachTo(*restored_ledger);
  EXPECT_EQ(StateOf(*restored_ledger, places_[0]), SealedParts::State::kOpened);
  EXPECT_EQ(StateOf(*restored_ledger, places_[2]), SealedParts::State::kNoCiphertext);
}

}  // namespace
}  // namespace scrutiny::ledger
