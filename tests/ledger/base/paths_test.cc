#include "ledger/base/paths.h"

#include <filesystem>

#include "gtest/gtest.h"

#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;

TEST(PathsTest, AFolderIsWithinItselfAndThoseAbove) {
  const testing::TempDir dir;
  const std::string own = dir.File("data");
  fs::create_directories(own + "/log");
  for (const char* inside : {"", "/log", "/log/not/there", "/log/../log", "/.", "/"}) {
    EXPECT_TRUE(IsWithin(own + inside, own)) << inside;
  }
  for (const char* outside : {"-2", "/..", "/../data-2", "/../data.keys"}) {
    EXPECT_FALSE(IsWithin(own + outside, own)) << outside;
  }
}

TEST(PathsTest, ANameFromHereIsOneFromTheRoot) {
  EXPECT_TRUE(IsWithin("data/backup", fs::current_path() / "data/"));
  EXPECT_TRUE(IsWithin(fs::current_path() / "data", "data"));
  EXPECT_FALSE(IsWithin("data-2", fs::current_path() / "data"));
}

TEST(PathsTest, ALinkLeadsWhereItLeads) {
  const testing::TempDir dir;
  fs::create_directories(dir.File("data"));
  fs::create_directory_symlink(dir.File("data"), dir.File("link"));
  EXPECT_TRUE(IsWithin(dir.File("link/backup"), dir.File("data")));
  EXPECT_TRUE(IsWithin(dir.File("data/backup"), dir.File("link")));
}

}  // namespace
}  // namespace scrutiny::ledger
