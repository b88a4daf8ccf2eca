#include "tools/support/output_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

class OutputFileTest : public ::testing::Test {
 protected:
  static std::string Content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  size_t Files() const {
    const std::filesystem::directory_iterator files(dir_.path());
    return static_cast<size_t>(std::distance(begin(files), end(files)));
  }

  TempDir dir_;
  const std::string file_ = dir_.File("f");
};

TEST_F(OutputFileTest, AFileStandsWhenItIsCommitted) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto out, OutputFile::Create(file_, false));
  SCRUTINY_ASSERT_OK(out->Write("one "));
  SCRUTINY_ASSERT_OK(out->Write(std::string(1'000'000, 'x')));
  EXPECT_FALSE(std::filesystem::exists(file_));
  SCRUTINY_ASSERT_OK(out->Commit());
  EXPECT_EQ(Content(file_), "one " + std::string(1'000'000, 'x'));
  EXPECT_EQ(out->bytes(), 1'000'004u);
  EXPECT_EQ(Files(), 1u);
}

TEST_F(OutputFileTest, AFileThatIsNotCommittedLeavesNothing) {
  SCRUTINY_ASSERT_OK(WriteFile(file_, "before", false));
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto out, OutputFile::Create(file_, true));
    SCRUTINY_ASSERT_OK(out->Write(std::string(1'000'000, 'x')));
  }
  EXPECT_EQ(Content(file_), "before");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(OutputFileTest, AFileIsReplacedOnlyWhereThatIsAsked) {
  SCRUTINY_ASSERT_OK(WriteFile(file_, "one", false));
  const absl::Status status = WriteFile(file_, "two", false);
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(std::string(status.message()), HasSubstr(file_));
  EXPECT_EQ(Content(file_), "one");
  SCRUTINY_ASSERT_OK(WriteFile(file_, "two", true));
  EXPECT_EQ(Content(file_), "two");
}

TEST_F(OutputFileTest, AFileThatCameInBetweenIsNotReplaced) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto out, OutputFile::Create(file_, false));
  SCRUTINY_ASSERT_OK(out->Write("ours"));
  std::ofstream(file_) << "theirs";
  EXPECT_THAT(out->Commit(), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Content(file_), "theirs");
}

// What is said names the file that was asked for, not the one it is first written as.
TEST_F(OutputFileTest, AFileThatCannotBeMadeIsNamed) {
  const absl::Status status = WriteFile(dir_.File("no/such"), "x", false);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the file " + dir_.File("no/such") + " "));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(HasSubstr(".part")));
}

TEST_F(OutputFileTest, AFolderIsNotOfferedToBeReplaced) {
  for (const bool replace : {false, true}) {
    const absl::Status status = WriteFile(dir_.path(), "x", replace);
    EXPECT_THAT(status, FailsWith(Reason::kMalformed));
    EXPECT_THAT(std::string(status.message()), HasSubstr("is a folder"));
  }
}

TEST_F(OutputFileTest, WhatIsNoFileIsRefused) {
  EXPECT_THAT(WriteFile(dir_.File("no/such"), "x", true), FailsWith(Reason::kMalformed));
  EXPECT_THAT(WriteFile(dir_.path(), "x", true), FailsWith(Reason::kMalformed));
  EXPECT_THAT(WriteFile("/dev/null", "x", true), FailsWith(Reason::kMalformed));
  EXPECT_TRUE(std::filesystem::exists("/dev/null"));
}

}  // namespace
}  // namespace scrutiny::tools
