#include "ledger/seal/epoch_keys.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/seal/crash_disk.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::CrashDisk;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::SeededRandom;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EpochKeysTest : public ::testing::Test {
 protected:
  EpochKeysTest() { SCRUTINY_CHECK_OK(disk_.MakeFolder("/k")); }

  std::vector<uint64_t> Epochs() {
    const absl::StatusOr<std::vector<uint64_t>> epochs = keys_.Epochs();
    return epochs.ok() ? *epochs : std::vector<uint64_t>{999};
  }

  CrashDisk disk_;
  SeededRandom random_{5};
  FileEpochKeys keys_{"/k", disk_, random_};
  const Secret key_{std::string(32, 'f')};
};

TEST_F(EpochKeysTest, WhatOneEpochWrapsItAloneUnwraps) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t one, keys_.Advance(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t two, keys_.Advance(one));
  EXPECT_THAT(Epochs(), ElementsAre(1, 2));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string wrapped, keys_.Wrap(one, "context", key_));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret unwrapped, keys_.Unwrap(one, "context", wrapped));
  EXPECT_EQ(unwrapped.view(), key_.view());
  EXPECT_THAT(keys_.Unwrap(two, "context", wrapped), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(keys_.Unwrap(one, "another", wrapped), FailsWith(Reason::kCorrupt));
}

TEST_F(EpochKeysTest, NumbersGoOnlyUp) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t eight, keys_.Advance(7));
  EXPECT_EQ(eight, 8u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t nine, keys_.Advance(3));
  EXPECT_EQ(nine, 9u);
  SCRUTINY_EXPECT_OK(keys_.Destroy(8));
  EXPECT_THAT(Epochs(), ElementsAre(9));
}

TEST_F(EpochKeysTest, ADestroyedKeyIsOverwrittenAndGone) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t one, keys_.Advance(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string wrapped, keys_.Wrap(one, "context", key_));
  const std::string file = disk_.Bytes("/k/epoch-1.key");
  SCRUTINY_EXPECT_OK(keys_.Destroy(one));
  EXPECT_THAT(Epochs(), IsEmpty());
  EXPECT_EQ(disk_.traces().count(file), 0u);
  EXPECT_THAT(keys_.Unwrap(one, "context", wrapped), FailsWith(Reason::kCorrupt));
  SCRUTINY_EXPECT_OK(keys_.Destroy(one));
}

TEST_F(EpochKeysTest, ADamagedKeyIsNamed) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t one, keys_.Advance(0));
  const std::string file = disk_.Bytes("/k/epoch-1.key");
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string altered = file;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    disk_.SetBytes("/k/epoch-1.key", altered);
    EXPECT_THAT(keys_.Wrap(one, "context", key_), FailsWith(Reason::kCorrupt)) << bit;
  }
  for (const std::string& altered : {file.substr(1), file + "x", std::string()}) {
    disk_.SetBytes("/k/epoch-1.key", altered);
    EXPECT_THAT(keys_.Wrap(one, "context", key_), FailsWith(Reason::kCorrupt));
  }
  // A whole one under another number.
  disk_.SetBytes("/k/epoch-2.key", file);
  EXPECT_THAT(keys_.Wrap(2, "context", key_), FailsWith(Reason::kCorrupt));
}

TEST_F(EpochKeysTest, AKeyThatOthersCanReadIsRefused) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t one, keys_.Advance(0));
  for (const uint32_t mode : {0640u, 0604u, 0620u, 0601u}) {
    disk_.SetMode("/k/epoch-1.key", mode);
    EXPECT_THAT(keys_.Wrap(one, "context", key_), FailsWith(Reason::kNotAuthorised));
  }
  disk_.SetMode("/k/epoch-1.key", 0400);
  SCRUTINY_EXPECT_OK(keys_.Wrap(one, "context", key_));
}

TEST_F(EpochKeysTest, OtherFilesAreNoEpochs) {
  for (const std::string name :
       {"epoch-01.key", "epoch-.key", "epoch-x.key", "epoch-3.key.old", "epoch--1.key",
        "epoch-+1.key", "keys", "epoch-3", "epoch-99999999999999999999.key"}) {
    disk_.SetBytes("/k/" + name, "x");
  }
  EXPECT_THAT(Epochs(), IsEmpty());
}

TEST_F(EpochKeysTest, ABackedUpKeyUnwraps) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const uint64_t one, keys_.Advance(0));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string wrapped, keys_.Wrap(one, "context", key_));
  SCRUTINY_ASSERT_OK(disk_.MakeFolder("/backup"));
  SCRUTINY_EXPECT_OK(keys_.BackupTo(one, "/backup"));
  FileEpochKeys backup("/backup", disk_, random_);
  SCRUTINY_EXPECT_OK(backup.Unwrap(one, "context", wrapped));
}

}  // namespace
}  // namespace scrutiny::ledger
