// Goal: the tree keeps the rules of the house. Method: read every source file of the rooms; compare
// the test sources there are with the list that CMake wrote of those it builds.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/arch/rules.h"

namespace scrutiny::arch {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// The paths, from the root, of every C++ file in the rooms.
std::vector<std::string> Sources() {
  const fs::path root(SCRUTINY_SOURCE_DIR);
  std::vector<std::string> sources;
  for (const char* room : {"ledger", "projections", "services", "tools", "tests"}) {
    for (auto it = fs::recursive_directory_iterator(root / room);
         it != fs::recursive_directory_iterator(); ++it) {
      if (it->path().filename() == "node_modules") it.disable_recursion_pending();
      const std::string extension = it->path().extension().string();
      if (it->is_regular_file() && (extension == ".cc" || extension == ".h")) {
        sources.push_back(fs::relative(it->path(), root).string());
      }
    }
  }
  std::sort(sources.begin(), sources.end());
  return sources;
}

TEST(HouseTest, EveryFileKeepsTheRules) {
  const std::vector<std::string> sources = Sources();
  ASSERT_GT(sources.size(), 10u) << "the walk found next to nothing in " << SCRUTINY_SOURCE_DIR;
  std::vector<Breach> breaches;
  for (const std::string& path : sources) {
    const std::string text = ReadAll(fs::path(SCRUTINY_SOURCE_DIR) / path);
    const std::vector<Breach> found = BreachesOf(path, text);
    breaches.insert(breaches.end(), found.begin(), found.end());
  }
  std::ostringstream report;
  for (const Breach& breach : breaches) report << breach << "\n";
  EXPECT_TRUE(breaches.empty()) << report.str();
}

TEST(HouseTest, EveryTestSourceIsRegistered) {
  std::ifstream list(std::string(SCRUTINY_BUILD_DIR) + "/tests/registered_sources.txt");
  const std::set<std::string> registered{std::istream_iterator<std::string>(list),
                                         std::istream_iterator<std::string>()};
  ASSERT_THAT(registered, ::testing::Contains("tests/arch/house_test.cc"));
  for (const std::string& path : Sources()) {
    if (path.size() > 8 && path.compare(path.size() - 8, 8, "_test.cc") == 0) {
      EXPECT_TRUE(registered.count(path) == 1)
          << path << " is built by no test program; tests live under tests/, see "
          << "tests/CMakeLists.txt";
    }
  }
}

}  // namespace
}  // namespace scrutiny::arch
