// The benchmark as a program, on a small scale: it starts a server, measures everything, reports.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

#include "tests/support/server_process.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;

TEST(BenchTest, MeasuresEverythingAgainstItsOwnServer) {
  const TempDir dir;
  const ProgramResult result =
      RunProgram({ProgramPath("scrutiny-bench"), "--entries", "2000", "--seconds", "1", "--rounds",
                  "1", "--clients", "1,4", "--folder", dir.path(), "--json", dir.File("json")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("append-bulk, 100 an append"));
  std::ifstream in(dir.File("json"));
  const nlohmann::json json = nlohmann::json::parse(in);
  std::vector<std::string> names;
  for (const nlohmann::json& measured : json["results"]) {
    names.push_back(measured["name"]);
    EXPECT_GT(measured["value"].get<double>(), 0) << measured["name"];
  }
  EXPECT_EQ(names.size(), 15u);
  // Nothing is left behind but the figures.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()),
                          std::filesystem::directory_iterator()),
            1);
}

TEST(BenchTest, SaysWhatIsWrong) {
  EXPECT_EQ(RunProgram({ProgramPath("scrutiny-bench"), "nonsense"}).exit_code, 2);
  const ProgramResult missing =
      RunProgram({ProgramPath("scrutiny-bench"), "read", "--program", "/nowhere/scrutinyd"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("/nowhere/scrutinyd"));
}

}  // namespace
}  // namespace scrutiny::testing
