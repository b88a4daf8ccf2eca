// The log of signed checkpoints: what was appended is there, a write that never finished leaves
// nothing, and what was damaged is never taken for the end.
#include "ledger/checkpoint/checkpoint_log.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/checkpoint/files.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::ReadFile;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::WriteFile;
using ::testing::HasSubstr;

// Files cannot grow beyond so many bytes while this is there: a full disk, without one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(uint64_t bytes) {
    before_signal_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_ = {};
  void (*before_signal_)(int) = nullptr;
};

std::string Note(int i) {
  return absl::StrCat("example.org/log\n", i, "\n", std::string(static_cast<size_t>(10 + i), 'r'),
                      "=\n\n— example.org/log signature-", i, "\n");
}

class CheckpointLogTest : public ::testing::Test {
 protected:
  void SetUp() override { SCRUTINY_ASSERT_OK(CheckpointLog::Create(path())); }

  std::string path() const { return dir_.File("checkpoints"); }

  std::unique_ptr<CheckpointLog> Open() const {
    absl::StatusOr<std::unique_ptr<CheckpointLog>> log = CheckpointLog::Open(path());
    SCRUTINY_EXPECT_OK(log);
    return log.ok() ? *std::move(log) : nullptr;
  }
  std::string NewestInFile() const {
    const std::unique_ptr<CheckpointLog> log = Open();
    return log == nullptr ? "not opened" : log->newest();
  }
  // A log of so many notes; returns where each ends in the file.
  std::vector<size_t> Fill(int notes) const {
    const std::unique_ptr<CheckpointLog> log = Open();
    std::vector<size_t> ends;
    for (int i = 0; i < notes; ++i) {
      SCRUTINY_EXPECT_OK(log->Append(Note(i)));
      ends.push_back(fs::file_size(path()));
    }
    return ends;
  }
  void ExpectDamaged() const {
    const std::string bytes = ReadFile(path());
    EXPECT_THAT(CheckpointLog::Open(path()), FailsWith(Reason::kCorrupt));
    EXPECT_EQ(ReadFile(path()), bytes) << "what is refused stays as it was";
  }

  TempDir dir_;
};

TEST_F(CheckpointLogTest, ANewOneIsEmpty) {
  EXPECT_EQ(NewestInFile(), "");
  EXPECT_EQ(fs::file_size(path()), 0u);
}

TEST_F(CheckpointLogTest, OneThatIsNotThereIsNotMadeByOpening) {
  const auto opened = CheckpointLog::Open(dir_.File("another"));
  EXPECT_THAT(opened, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(InfoOf(opened.status()).value, dir_.File("another"));
  EXPECT_FALSE(fs::exists(dir_.File("another")));
}

TEST_F(CheckpointLogTest, CreatingItAgainLeavesItsContents) {
  Fill(2);
  SCRUTINY_ASSERT_OK(CheckpointLog::Create(path()));
  EXPECT_EQ(NewestInFile(), Note(1));
}

TEST_F(CheckpointLogTest, InAFolderThatIsNotThereItCannotBeMade) {
  EXPECT_THAT(CheckpointLog::Create(dir_.File("no/checkpoints")),
              HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(CheckpointLogTest, WhatWasAppendedLastIsTheNewest) {
  {
    const std::unique_ptr<CheckpointLog> log = Open();
    for (int i = 0; i < 5; ++i) {
      SCRUTINY_ASSERT_OK(log->Append(Note(i)));
      EXPECT_EQ(log->newest(), Note(i));
      EXPECT_EQ(NewestInFile(), Note(i)) << "in the file when Append returns";
    }
  }
  EXPECT_EQ(NewestInFile(), Note(4));
}

TEST_F(CheckpointLogTest, GoesOnBehindWhatWasThere) {
  Fill(2);
  const std::string before = ReadFile(path());
  SCRUTINY_ASSERT_OK(Open()->Append(Note(7)));
  EXPECT_EQ(NewestInFile(), Note(7));
  EXPECT_EQ(ReadFile(path()).substr(0, before.size()), before) << "every checkpoint is kept";
}

TEST_F(CheckpointLogTest, NotesOfAnyBytesComeBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  for (const std::string& note : {bytes, std::string(100'000, '\0'), std::string("x")}) {
    SCRUTINY_ASSERT_OK(Open()->Append(note));
    EXPECT_EQ(NewestInFile(), note);
  }
}

TEST_F(CheckpointLogTest, ANoteThatCouldNotBeReadBackIsNotWritten) {
  Fill(1);
  const std::string before = ReadFile(path());
  const std::unique_ptr<CheckpointLog> log = Open();
  EXPECT_THAT(log->Append(std::string(kMiB + 1, 'x')), FailsWith(Reason::kOverLimit));
  EXPECT_EQ(ReadFile(path()), before);
  SCRUTINY_ASSERT_OK(log->Append(std::string(kMiB, 'x')));
  EXPECT_EQ(NewestInFile(), std::string(kMiB, 'x'));
}

// --- Torn ends.

// Goal: wherever a write stopped, the log opens with what was whole before, without changing the
// file, and goes on. Method: the file cut at every byte.
TEST_F(CheckpointLogTest, ATornEndIsCutOffAtEveryByte) {
  const std::vector<size_t> ends = Fill(3);
  const std::string bytes = ReadFile(path());
  ASSERT_EQ(ends.back(), bytes.size());
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    WriteFile(path(), bytes.substr(0, cut));
    size_t whole = 0;
    while (whole < ends.size() && ends[whole] <= cut) ++whole;
    ASSERT_EQ(NewestInFile(), whole == 0 ? "" : Note(static_cast<int>(whole) - 1)) << cut;
    ASSERT_EQ(fs::file_size(path()), cut);
    if (cut % 7 != 0) continue;
    SCRUTINY_ASSERT_OK(Open()->Append(Note(9)));
    ASSERT_EQ(NewestInFile(), Note(9)) << cut;
    ASSERT_EQ(ReadFile(path()).substr(0, whole == 0 ? 0 : ends[whole - 1]),
              bytes.substr(0, whole == 0 ? 0 : ends[whole - 1]));
  }
}

// A file system may make the file longer before its bytes are there.
TEST_F(CheckpointLogTest, AnEndOfZerosIsATornOne) {
  const std::vector<size_t> ends = Fill(2);
  const std::string bytes = ReadFile(path());
  for (size_t written = ends[0]; written < ends[1]; ++written) {
    std::string torn = bytes.substr(0, written);
    torn.resize(ends[1]);
    WriteFile(path(), torn);
    ASSERT_EQ(NewestInFile(), Note(0)) << written;
    ASSERT_EQ(ReadFile(path()), torn) << written;
    SCRUTINY_ASSERT_OK(Open()->Append(Note(1)));
    ASSERT_EQ(ReadFile(path()), bytes) << written;
  }
}

// Of a frame over two pages the later one may come to the disk first.
TEST_F(CheckpointLogTest, AFrameWhoseFrontIsZerosIsATornOne) {
  const std::vector<size_t> ends = Fill(2);
  const std::string bytes = ReadFile(path());
  for (size_t zeros = 4; zeros < ends[1] - ends[0]; zeros += 7) {
    std::string torn = bytes;
    std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(ends[0]), zeros, '\0');
    WriteFile(path(), torn);
    ASSERT_EQ(NewestInFile(), Note(0)) << zeros;
  }
}

// --- Damage.

// Goal: a checkpoint that was signed is never lost in silence because a byte before it changed.
// Method: every byte of every frame but the last, changed in several ways; then of the last, which
// alone looks like a write that never finished.
TEST_F(CheckpointLogTest, AChangedByteInFrontOfTheLastFrameIsRefused) {
  const std::vector<size_t> ends = Fill(4);
  const std::string bytes = ReadFile(path());
  for (size_t at = 0; at < ends[2]; ++at) {
    for (const unsigned char flip : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
      WriteFile(path(), damaged);
      ASSERT_NO_FATAL_FAILURE(ExpectDamaged()) << "byte " << at << " ^ " << int{flip};
    }
  }
  WriteFile(path(), bytes);
  EXPECT_EQ(NewestInFile(), Note(3));
}

TEST_F(CheckpointLogTest, AChangedByteInTheLastFrameLeavesTheOneBeforeIt) {
  const std::vector<size_t> ends = Fill(3);
  const std::string bytes = ReadFile(path());
  for (size_t at = ends[1]; at < ends[2]; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x04);
    WriteFile(path(), damaged);
    const absl::StatusOr<std::unique_ptr<CheckpointLog>> log = CheckpointLog::Open(path());
    if (log.ok()) {
      EXPECT_EQ((*log)->newest(), Note(1)) << at;
    } else {
      EXPECT_THAT(log, FailsWith(Reason::kCorrupt)) << at;
    }
  }
}

TEST_F(CheckpointLogTest, DamageIsNamedWithItsPlaceAndWhatCanBeDone) {
  const std::vector<size_t> ends = Fill(3);
  std::string bytes = ReadFile(path());
  bytes[ends[0] + 20] ^= 1;
  WriteFile(path(), bytes);
  const absl::Status status = CheckpointLog::Open(path()).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("damaged at byte ", ends[0])));
  EXPECT_THAT(InfoOf(status).next, HasSubstr("--new-incarnation"));
}

TEST_F(CheckpointLogTest, SomethingElseBehindTheFramesIsRefused) {
  Fill(2);
  const std::string bytes = ReadFile(path());
  for (const std::string& more : {std::string(2 * kMiB, '\0'), std::string("not a frame at all"),
                                  std::string("\0\0\0\x02", 4) + std::string(20, 'x')}) {
    WriteFile(path(), bytes + more);
    ExpectDamaged();
  }
}

TEST_F(CheckpointLogTest, AFileOfSomethingElseIsRefused) {
  WriteFile(path(), "PRIVATE+KEY+example.org/log+00000000+AAAA\n");
  ExpectDamaged();
}

// --- A disk that does not take it.

// Goal: on a full disk nothing is added and nothing lost, and once there is room it goes on.
// Method: a limit on the file's size at every byte of the frame.
TEST_F(CheckpointLogTest, AFullDiskAddsNothingAndMayBeTriedAgain) {
  const std::vector<size_t> ends = Fill(3);
  WriteFile(path(), ReadFile(path()).substr(0, ends[1]));
  const std::string before = ReadFile(path());
  const std::unique_ptr<CheckpointLog> log = Open();
  for (size_t room = ends[1]; room < ends[2]; ++room) {
    absl::Status status;
    {
      const FileSizeLimit limit(room);
      status = log->Append(Note(2));
    }
    ASSERT_THAT(status, HasCode(absl::StatusCode::kUnavailable)) << room;
    ASSERT_THAT(status, FailsWith(Reason::kInternal)) << room;
    ASSERT_EQ(log->newest(), Note(1)) << room;
    ASSERT_EQ(ReadFile(path()), before) << room;
  }
  SCRUTINY_ASSERT_OK(log->Append(Note(2)));
  EXPECT_EQ(fs::file_size(path()), ends[2]);
  EXPECT_EQ(NewestInFile(), Note(2));
}

// /dev/null takes writes and cannot be synced.
TEST_F(CheckpointLogTest, AfterAFailedSyncNothingIsAppendedAnyMore) {
  const std::string link = dir_.File("unsyncable");
  fs::create_symlink("/dev/null", link);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<CheckpointLog> log,
                                CheckpointLog::Open(link));
  const absl::Status first = log->Append(Note(0));
  EXPECT_THAT(first, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(first.message()), HasSubstr("cannot be synced"));
  EXPECT_EQ(log->newest(), "");
  EXPECT_EQ(log->Append(Note(1)), first);
}

// /dev/full takes nothing and cannot be cut.
TEST_F(CheckpointLogTest, WhereAPartOfAWriteMayStandNothingIsAppendedAnyMore) {
  const std::string link = dir_.File("uncuttable");
  fs::create_symlink("/dev/full", link);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<CheckpointLog> log,
                                CheckpointLog::Open(link));
  const absl::Status first = log->Append(Note(0));
  EXPECT_THAT(std::string(first.message()), HasSubstr("No space left"));
  EXPECT_EQ(log->Append(Note(0)), first);
}

// --- Beginning anew.

class CheckpointLogLimitTest : public CheckpointLogTest {
 protected:
  // Notes as large as they may be, so that few fill the file.
  static std::string Large(int i) { return absl::StrCat("note ", i, std::string(kMiB - 100, '.')); }

  // A log that is begun anew by the next append.
  void FillToLimit() {
    CheckpointLogTest::SetUp();
    const std::unique_ptr<CheckpointLog> log = Open();
    for (count_ = 0; fs::file_size(path()) < kCheckpointLogBytesMax; ++count_) {
      SCRUTINY_ASSERT_OK(log->Append(Large(count_)));
    }
  }
  void SetUp() override { FillToLimit(); }

  std::string before() const { return path() + ".before"; }
  std::string fresh() const { return path() + ".new"; }

  int count_ = 0;
};

TEST_F(CheckpointLogLimitTest, AtItsLimitTheFileIsBegunAnewWithTheNewestCheckpoint) {
  const uint64_t large = fs::file_size(path());
  const std::unique_ptr<CheckpointLog> log = Open();
  SCRUTINY_ASSERT_OK(log->Append(Note(1)));
  EXPECT_EQ(fs::file_size(before()), large);
  EXPECT_LT(fs::file_size(path()), 2 * kMiB);
  EXPECT_FALSE(fs::exists(fresh()));
  EXPECT_EQ(NewestInFile(), Note(1));
  // The new file begins with what was newest: cut back to that, nothing signed is forgotten.
  const std::string bytes = ReadFile(path());
  WriteFile(path(), bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(NewestInFile(), Large(count_ - 1));
}

TEST_F(CheckpointLogLimitTest, TheFileBeforeIsKeptWhole) {
  const std::string bytes = ReadFile(path());
  SCRUTINY_ASSERT_OK(Open()->Append(Note(1)));
  EXPECT_EQ(ReadFile(before()), bytes);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, CheckpointLog::Open(before()));
  EXPECT_EQ(log->newest(), Large(count_ - 1));
}

TEST_F(CheckpointLogLimitTest, GoesOnInTheNewFile) {
  const std::unique_ptr<CheckpointLog> log = Open();
  SCRUTINY_ASSERT_OK(log->Append(Note(1)));
  const uint64_t size = fs::file_size(path());
  SCRUTINY_ASSERT_OK(log->Append(Note(2)));
  EXPECT_EQ(log->newest(), Note(2));
  EXPECT_GT(fs::file_size(path()), size);
  EXPECT_EQ(NewestInFile(), Note(2));
}

TEST_F(CheckpointLogLimitTest, WithoutRoomForTheNewFileTheOldOneStandsAndItMayBeTriedAgain) {
  const uint64_t large = fs::file_size(path());
  const std::unique_ptr<CheckpointLog> log = Open();
  for (const uint64_t room : {uint64_t{0}, uint64_t{1}, uint64_t{100'000}}) {
    const FileSizeLimit limit(room);
    EXPECT_THAT(log->Append(Note(1)), HasCode(absl::StatusCode::kUnavailable)) << room;
    EXPECT_EQ(log->newest(), Large(count_ - 1));
    EXPECT_FALSE(fs::exists(before()));
  }
  EXPECT_EQ(fs::file_size(path()), large);
  EXPECT_EQ(NewestInFile(), Large(count_ - 1));
  SCRUTINY_ASSERT_OK(log->Append(Note(1)));
  EXPECT_EQ(NewestInFile(), Note(1));
}

// Goal: interrupted anywhere, the log is there with its newest checkpoint, and begins anew the next
// time. Method: the folder as each step leaves it.
TEST_F(CheckpointLogLimitTest, InterruptedAtAnyStepItIsDoneNextTime) {
  // A part of the new file; the whole of it; the old one linked under its new name.
  WriteFile(fresh(), "part");
  EXPECT_EQ(NewestInFile(), Large(count_ - 1));
  fs::create_hard_link(path(), before());
  EXPECT_EQ(NewestInFile(), Large(count_ - 1));
  SCRUTINY_ASSERT_OK(Open()->Append(Note(1)));
  EXPECT_EQ(NewestInFile(), Note(1));
  EXPECT_LT(fs::file_size(path()), 2 * kMiB);
  EXPECT_FALSE(fs::exists(fresh()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, CheckpointLog::Open(before()));
  EXPECT_EQ(log->newest(), Large(count_ - 1));
}

}  // namespace
}  // namespace scrutiny::ledger
