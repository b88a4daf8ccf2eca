// The folder that says which log this is: keys are never lost or left open to others, whatever
// interrupts, and an old folder is never taken for a new one.
#include "ledger/checkpoint/identity.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/note/key_file.h"
#include "ledger/note/vkey.h"
#include "tests/ledger/checkpoint/files.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FilesBelow;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::ReadFile;
using ::scrutiny::testing::SeededRandom;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOrigin[] = "example.org/ledger";

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777u;
}

class IdentityTest : public ::testing::Test {
 protected:
  std::string folder() const { return dir_.File("identity"); }
  std::string File(const std::string& name) const { return folder() + "/" + name; }

  std::unique_ptr<Identity> Open() const {
    absl::StatusOr<std::unique_ptr<Identity>> identity = Identity::Open(folder());
    SCRUTINY_EXPECT_OK(identity);
    return identity.ok() ? *std::move(identity) : nullptr;
  }
  // The folder of a ledger that has signed one checkpoint; returns its verifier key.
  std::string Begin(Identity& identity) {
    const absl::StatusOr<std::string> key = identity.MakeKey(kOrigin, random_);
    SCRUTINY_EXPECT_OK(key);
    Log(identity, "the first checkpoint");
    return key.value_or("");
  }
  static void Log(const Identity& identity, const std::string& note) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, identity.OpenLog());
    SCRUTINY_ASSERT_OK(log->Append(note));
  }
  static std::vector<std::string> Keys(const Identity& identity) {
    const absl::StatusOr<std::vector<Signer>> keys = identity.ReadKeys();
    SCRUTINY_EXPECT_OK(keys);
    std::vector<std::string> texts;
    if (!keys.ok()) return texts;
    for (const Signer& key : *keys) texts.push_back(ToString(key.verifier()));
    return texts;
  }
  // The verifier keys in a key file of any name.
  static std::vector<std::string> KeysIn(const std::string& path) {
    const absl::StatusOr<std::vector<Signer>> keys = ReadKeyFile(path);
    SCRUTINY_EXPECT_OK(keys);
    std::vector<std::string> texts;
    if (!keys.ok()) return texts;
    for (const Signer& key : *keys) texts.push_back(ToString(key.verifier()));
    return texts;
  }
  std::vector<std::string> FilesNamed(absl::string_view beginning) const {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : FilesBelow(folder())) {
      if (absl::StartsWith(name, beginning)) names.push_back(name);
    }
    return names;
  }

  TempDir dir_;
  SeededRandom random_{11};
};

// --- The folder.

TEST_F(IdentityTest, ANewFolderIsMadeForItsOwnerAlone) {
  const std::string deep = dir_.File("a/b/identity");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto identity, Identity::Open(deep));
  EXPECT_EQ(identity->folder(), deep);
  EXPECT_EQ(ModeOf(deep), 0700u);
  EXPECT_THAT(Keys(*identity), IsEmpty());
  EXPECT_EQ(identity->NewestCheckpoint().value(), "");
}

TEST_F(IdentityTest, OneServerAtATimeHasTheFolder) {
  std::unique_ptr<Identity> first = Open();
  const auto second = Identity::Open(folder());
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another server is using it"));
  EXPECT_THAT(InfoOf(second.status()).next, HasSubstr("--identity"));
  first = nullptr;
  SCRUTINY_EXPECT_OK(Identity::Open(folder()));
}

TEST_F(IdentityTest, WhereNoFolderCanBeItIsRefused) {
  WriteFile(dir_.File("file"), "");
  for (const std::string& path : {dir_.File("file"), dir_.File("file/identity")}) {
    EXPECT_THAT(Identity::Open(path), HasCode(absl::StatusCode::kFailedPrecondition)) << path;
  }
}

// --- The first key.

TEST_F(IdentityTest, ANewLedgersKeyIsOnTheDiskForItsOwnerAlone) {
  const std::unique_ptr<Identity> identity = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string key, identity->MakeKey(kOrigin, random_));
  EXPECT_EQ(ModeOf(File("key")), 0600u);
  EXPECT_THAT(Keys(*identity), ElementsAre(key));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const VerifierKey parsed, ParseVerifierKey(key));
  EXPECT_EQ(parsed.name, kOrigin);
  EXPECT_EQ(parsed.type, KeyType::kEd25519);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, identity->OpenLog());
  EXPECT_EQ(log->newest(), "");
}

TEST_F(IdentityTest, AKeyThatNothingWasSignedWithIsTakenAgain) {
  std::string first;
  {
    const std::unique_ptr<Identity> identity = Open();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(first, identity->MakeKey(kOrigin, random_));
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string again, Open()->MakeKey(kOrigin, random_));
  EXPECT_EQ(again, first);
  EXPECT_THAT(FilesNamed("key"), ElementsAre("key"));
}

TEST_F(IdentityTest, AKeyOfAnotherOriginIsKeptAside) {
  const std::unique_ptr<Identity> identity = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string other,
                                identity->MakeKey("example.org/other", random_));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string key, identity->MakeKey(kOrigin, random_));
  EXPECT_THAT(Keys(*identity), ElementsAre(key));
  const std::vector<std::string> unused = FilesNamed("key.unused.");
  ASSERT_THAT(unused, SizeIs(1));
  EXPECT_THAT(KeysIn(File(unused[0])), ElementsAre(other));
  SCRUTINY_EXPECT_OK(identity->OpenLog());
}

// An attempt cut short between the key and the log.
TEST_F(IdentityTest, AKeyWithoutACheckpointLogIsKeptAsideToo) {
  const std::unique_ptr<Identity> identity = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string first, identity->MakeKey(kOrigin, random_));
  fs::remove(File("checkpoints"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string second, identity->MakeKey(kOrigin, random_));
  EXPECT_NE(first, second);
  const std::vector<std::string> unused = FilesNamed("key.unused.");
  ASSERT_THAT(unused, SizeIs(1));
  EXPECT_THAT(KeysIn(File(unused[0])), ElementsAre(first));
  SCRUTINY_EXPECT_OK(identity->OpenLog());
}

TEST_F(IdentityTest, AFolderThatHasSignedMakesNoNewLedgersKey) {
  const std::unique_ptr<Identity> identity = Open();
  const std::string key = Begin(*identity);
  for (const char* origin : {kOrigin, "example.org/other"}) {
    const absl::Status status = identity->MakeKey(origin, random_).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(status.message()), HasSubstr("restore it from a backup"));
  }
  EXPECT_THAT(Keys(*identity), ElementsAre(key));
  EXPECT_THAT(FilesNamed("key"), ElementsAre("key"));
}

TEST_F(IdentityTest, ADamagedCheckpointLogIsNotTakenForAnEmptyOne) {
  const std::unique_ptr<Identity> identity = Open();
  const std::string key = Begin(*identity);
  Log(*identity, "the second checkpoint");
  std::string bytes = ReadFile(File("checkpoints"));
  bytes[6] ^= 1;
  WriteFile(File("checkpoints"), bytes);
  EXPECT_THAT(identity->MakeKey("example.org/other", random_), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(identity->NewestCheckpoint(), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Keys(*identity), ElementsAre(key));
  EXPECT_THAT(FilesNamed("key"), ElementsAre("key"));
}

TEST_F(IdentityTest, AnOriginThatIsNoKeyNameIsRefusedAndNothingMade) {
  const std::unique_ptr<Identity> identity = Open();
  for (const char* origin : {"", "two words", "a+b"}) {
    EXPECT_FALSE(identity->MakeKey(origin, random_).ok()) << origin;
  }
  EXPECT_THAT(FilesBelow(folder()), IsEmpty());
}

// --- Keys that others could read.

TEST_F(IdentityTest, AKeyFileOpenToOthersIsRefusedWithWhatToDo) {
  const std::unique_ptr<Identity> identity = Open();
  Begin(*identity);
  for (const mode_t mode : {0644u, 0640u, 0604u, 0660u, 0601u}) {
    ASSERT_EQ(chmod(File("key").c_str(), mode), 0);
    const absl::Status status = identity->ReadKeys().status();
    EXPECT_THAT(status, FailsWith(Reason::kNotAuthorised)) << mode;
    EXPECT_THAT(std::string(status.message()), HasSubstr("open to others than its owner"));
    EXPECT_EQ(InfoOf(status).next,
              absl::StrCat("If nobody has read the key: chmod 600 ", File("key")));
    // Nor is another made in its place.
    EXPECT_THAT(identity->MakeKey("example.org/other", random_), FailsWith(Reason::kNotAuthorised));
    EXPECT_THAT(identity->MakeRotatedKey(kOrigin, {}, random_), FailsWith(Reason::kNotAuthorised));
  }
  ASSERT_EQ(chmod(File("key").c_str(), 0400), 0);
  SCRUTINY_EXPECT_OK(identity->ReadKeys());
}

TEST_F(IdentityTest, ADamagedKeyFileIsRefusedAndNotReplaced) {
  const std::unique_ptr<Identity> identity = Open();
  Begin(*identity);
  const std::string bytes = ReadFile(File("key"));
  WriteFile(File("key"), bytes.substr(0, bytes.size() - 5));
  EXPECT_THAT(identity->ReadKeys(), FailsWith(Reason::kMalformed));
  EXPECT_FALSE(identity->MakeKey("example.org/other", random_).ok());
  EXPECT_FALSE(identity->MakeRotatedKey(kOrigin, {}, random_).ok());
  EXPECT_EQ(ReadFile(File("key")), bytes.substr(0, bytes.size() - 5));
}

// --- The checkpoint log.

TEST_F(IdentityTest, AMissingCheckpointLogIsRefusedWithWhatToDo) {
  const std::unique_ptr<Identity> identity = Open();
  Begin(*identity);
  fs::remove(File("checkpoints"));
  const absl::Status status = identity->OpenLog().status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--new-incarnation"));
  EXPECT_FALSE(fs::exists(File("checkpoints"))) << "looking does not make one";
  EXPECT_EQ(identity->NewestCheckpoint().value(), "");
}

TEST_F(IdentityTest, TheNewestCheckpointIsTheOneAppendedLast) {
  const std::unique_ptr<Identity> identity = Open();
  Begin(*identity);
  Log(*identity, "the second checkpoint");
  EXPECT_EQ(identity->NewestCheckpoint().value(), "the second checkpoint");
}

// --- Rotation.

TEST_F(IdentityTest, ARotatedKeyStandsInFrontOfTheOthers) {
  const std::unique_ptr<Identity> identity = Open();
  const std::string first = Begin(*identity);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string second,
                                identity->MakeRotatedKey(kOrigin, Keys(*identity), random_));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string third,
                                identity->MakeRotatedKey(kOrigin, Keys(*identity), random_));
  EXPECT_THAT(Keys(*identity), ElementsAre(third, second, first));
  EXPECT_EQ(ModeOf(File("key")), 0600u);
  EXPECT_EQ(identity->NewestCheckpoint().value(), "the first checkpoint");
}

// A change of keys that was not recorded in the ledger: the key is there, and nothing names it.
TEST_F(IdentityTest, ARotatedKeyThatIsNotInUseIsTakenAgain) {
  const std::unique_ptr<Identity> identity = Open();
  const std::string first = Begin(*identity);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string made,
                                identity->MakeRotatedKey(kOrigin, {{first}}, random_));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string again,
                                identity->MakeRotatedKey(kOrigin, {{first}}, random_));
  EXPECT_EQ(again, made);
  EXPECT_THAT(Keys(*identity), ElementsAre(made, first));
}

// --- New incarnations.

TEST_F(IdentityTest, ANextKeyLiesBesideTheOneInUse) {
  const std::unique_ptr<Identity> identity = Open();
  const std::string first = Begin(*identity);
  EXPECT_EQ(identity->next_key().value(), "");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string next,
                                identity->MakeNextKey("example.org/ledger/2", random_));
  EXPECT_EQ(identity->next_key().value(), next);
  EXPECT_THAT(Keys(*identity), ElementsAre(first)) << "until it is adopted";
  EXPECT_EQ(ModeOf(File("key.next")), 0600u);
}

// Goal: the change to the next key is complete whatever interrupts it, and loses no key and no
// checkpoint. Method: the folder as each step leaves it, then the change again.
TEST_F(IdentityTest, AdoptingTheNextKeyMayBeInterruptedAnywhere) {
  const std::vector<std::function<void()>> steps = {
      [] {},
      [this] { fs::rename(File("key"), File("key.1")); },
      [this] { fs::rename(File("checkpoints"), File("checkpoints.1")); },
      [this] { SCRUTINY_EXPECT_OK(CheckpointLog::Create(File("checkpoints"))); },
  };
  for (size_t done = 1; done <= steps.size(); ++done) {
    fs::remove_all(folder());
    const std::unique_ptr<Identity> identity = Open();
    const std::string first = Begin(*identity);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string next,
                                  identity->MakeNextKey("example.org/ledger/2", random_));
    for (size_t i = 0; i < done; ++i) steps[i]();
    EXPECT_EQ(identity->next_key().value(), next) << done;
    SCRUTINY_ASSERT_OK(identity->AdoptNext(1)) << done;
    EXPECT_THAT(Keys(*identity), ElementsAre(next)) << done;
    EXPECT_THAT(KeysIn(File("key.1")), ElementsAre(first)) << done;
    EXPECT_EQ(identity->NewestCheckpoint().value(), "") << done;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto old, CheckpointLog::Open(File("checkpoints.1")));
    EXPECT_EQ(old->newest(), "the first checkpoint") << done;
    EXPECT_EQ(identity->next_key().value(), "") << done;
    EXPECT_THAT(FilesBelow(folder()), SizeIs(4)) << done;
  }
}

TEST_F(IdentityTest, AdoptingWorksWhereTheOldKeyAndLogAreLost) {
  const std::unique_ptr<Identity> identity = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string next,
                                identity->MakeNextKey("example.org/ledger/2", random_));
  SCRUTINY_ASSERT_OK(identity->AdoptNext(1));
  EXPECT_THAT(Keys(*identity), ElementsAre(next));
  SCRUTINY_EXPECT_OK(identity->OpenLog());
}

// One that the ledger may name already, interrupted before it was adopted.
TEST_F(IdentityTest, ANextKeyThatWasNotAdoptedIsKeptAside) {
  const std::unique_ptr<Identity> identity = Open();
  Begin(*identity);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string left,
                                identity->MakeNextKey("example.org/ledger/2", random_));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string next,
                                identity->MakeNextKey("example.org/ledger/3", random_));
  EXPECT_EQ(identity->next_key().value(), next);
  const std::vector<std::string> unused = FilesNamed("key.unused.");
  ASSERT_THAT(unused, SizeIs(1));
  EXPECT_THAT(KeysIn(File(unused[0])), ElementsAre(left));
}

TEST_F(IdentityTest, WithoutANextKeyThereIsNothingToAdopt) {
  const std::unique_ptr<Identity> identity = Open();
  EXPECT_THAT(identity->AdoptNext(1), HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(IdentityTest, TheLastIncarnationIsKnownByWhatWasMovedAside) {
  const std::unique_ptr<Identity> identity = Open();
  EXPECT_EQ(identity->LastKnownIncarnation().value(), 0u);
  Begin(*identity);
  EXPECT_EQ(identity->LastKnownIncarnation().value(), 0u);
  const std::vector<std::pair<uint32_t, uint32_t>> steps = {{1, 2}, {2, 3}, {1, 3}};
  for (const auto& [before, last] : steps) {
    SCRUTINY_ASSERT_OK(identity->MakeNextKey("example.org/ledger/x", random_));
    SCRUTINY_ASSERT_OK(identity->AdoptNext(before));
    EXPECT_EQ(identity->LastKnownIncarnation().value(), last);
  }
}

// Data restored from before an incarnation, and begun again: the number comes a second time.
TEST_F(IdentityTest, NoKeyAndNoCheckpointIsLostWhenANumberComesAgain) {
  const std::unique_ptr<Identity> identity = Open();
  std::vector<std::string> keys = {Begin(*identity)};
  for (int i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(keys.emplace_back(),
                                  identity->MakeNextKey("example.org/ledger/2", random_));
    SCRUTINY_ASSERT_OK(identity->AdoptNext(1));
    EXPECT_THAT(Keys(*identity), ElementsAre(keys.back()));
    EXPECT_EQ(identity->NewestCheckpoint().value(), "");
    Log(*identity, absl::StrCat("checkpoint of ", i));
  }
  EXPECT_THAT(KeysIn(File("key.1")), ElementsAre(keys[0]));
  EXPECT_THAT(KeysIn(File("key.1.2")), ElementsAre(keys[1]));
  EXPECT_THAT(KeysIn(File("key.1.3")), ElementsAre(keys[2]));
  const std::vector<std::string> newest = {"the first checkpoint", "checkpoint of 0",
                                           "checkpoint of 1"};
  for (size_t i = 0; i < newest.size(); ++i) {
    const std::string name = i == 0 ? "checkpoints.1" : absl::StrCat("checkpoints.1.", i + 1);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, CheckpointLog::Open(File(name)));
    EXPECT_EQ(log->newest(), newest[i]) << name;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
