// Goal: the registers say what the papers say.
//
// Method: a real server and the real command line; the papers of tools/demo/derbyshire are
// imported and each register's JSON is compared with a golden written by hand from the papers
// (tests/golden/papers/README.md says how they are read).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/support/server_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny {
namespace {

using nlohmann::json;
using testing::ProgramResult;
using testing::RunProgram;

const std::string kSource = SCRUTINY_SOURCE_DIR;

std::vector<std::string> PaperFiles() {
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(kSource + "/tools/demo/derbyshire")) {
    if (file.path().extension() == ".jsonl") files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// One server with the papers, for all tests of this file.
class Papers {
 public:
  static Papers& Get() {
    static Papers* const papers = new Papers;
    return *papers;
  }
  static void Stop() { Get().server_.Kill(); }

  ProgramResult Scrutiny(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {testing::ProgramPath("scrutiny"), "--server",
                                     server_.address()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return RunProgram(argv);
  }
  json Rows(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const ProgramResult result = Scrutiny(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }

 private:
  Papers() : server_(dir_.path()) {
    const absl::Status started = server_.Start();
    SCRUTINY_CHECK(started.ok()) << started.ToString();
    std::vector<std::string> import = {"import"};
    for (const std::string& file : PaperFiles()) import.push_back(file);
    const ProgramResult result = Scrutiny(import);
    SCRUTINY_CHECK(result.exit_code == 0) << result.err;
  }

  testing::TempDir dir_;
  testing::ServerProcess server_;
};

class StopServerAtTheEnd : public ::testing::Environment {
 public:
  void TearDown() override { Papers::Stop(); }
};
const ::testing::Environment* const kStop =
    ::testing::AddGlobalTestEnvironment(new StopServerAtTheEnd);

// Proto3 JSON leaves defaults out.
bool IsDefault(const json& value) {
  if (value.is_string() && absl::EndsWith(value.get<std::string>(), "_UNSPECIFIED")) return true;
  return value.is_null() || value == false || value == 0 || value == "" || value == "0" ||
         (value.is_structured() && value.empty());
}

// Every field of the golden must be there; what it does not name is not compared.
void Compare(const json& golden, const json& actual, const std::string& where) {
  if (golden.is_object()) {
    ASSERT_TRUE(actual.is_object() || actual.is_null()) << where;
    for (const auto& [name, value] : golden.items()) {
      const json found = actual.is_object() && actual.contains(name) ? actual[name] : json();
      if (found.is_null()) {
        EXPECT_TRUE(IsDefault(value)) << where << "." << name << " is missing; wanted " << value;
      } else {
        Compare(value, found, absl::StrCat(where, ".", name));
      }
    }
  } else if (golden.is_array()) {
    ASSERT_EQ(golden.size(), actual.is_null() ? 0 : actual.size()) << where << ": " << actual;
    for (size_t i = 0; i < golden.size(); ++i) {
      Compare(golden[i], actual[i], absl::StrCat(where, "[", i, "]"));
    }
  } else {
    EXPECT_EQ(golden, actual) << where;
  }
}

json Golden(const std::string& file) {
  std::ifstream in(kSource + "/tests/golden/papers/" + file);
  return json::parse(in);
}

struct Register {
  std::string golden;
  std::vector<std::string> query;
};

void PrintTo(const Register& one, std::ostream* out) { *out << one.golden; }

class RegisterTest : public ::testing::TestWithParam<Register> {};

TEST_P(RegisterTest, SaysWhatThePapersSay) {
  Compare(Golden(GetParam().golden), Papers::Get().Rows(GetParam().query), GetParam().golden);
}

INSTANTIATE_TEST_SUITE_P(
    Papers, RegisterTest,
    ::testing::Values(
        Register{"decisions-2019.json", {"decisions", "--year", "2019"}},
        Register{"decisions-unreported-spab.json", {"decisions", "--unreported", "forums/spab"}},
        Register{"forward-plan.json", {"forward-plan", "--forum", "forums/spab"}},
        Register{"actions-all-known-2019-03-17.json",
                 {"actions", "--state", "all", "--known-to", "forums/spab", "--on", "2019-03-17"}},
        Register{"actions-all-known-2019-03-18.json",
                 {"actions", "--state", "all", "--known-to", "forums/spab", "--on", "2019-03-18"}},
        Register{"actions-all-known-2019-05-20.json",
                 {"actions", "--state", "all", "--known-to", "forums/spab", "--on", "2019-05-20"}},
        Register{"actions-not-on-review-2019-05-20.json",
                 {"actions", "--not-on-review", "meetings/spab/2019-05-20"}},
        Register{"resolutions-2019-03-18.json",
                 {"resolutions", "--meeting", "meetings/spab/2019-03-18"}},
        Register{"assurance.json", {"assurance"}}, Register{"inspections.json", {"inspections"}},
        Register{"judgements.json", {"judgements"}}, Register{"audits.json", {"audits"}},
        Register{"returns.json", {"returns"}}, Register{"casework.json", {"casework"}},
        Register{"complaint-review-counts.json", {"complaint-review-counts"}},
        Register{"programmes.json", {"programmes"}},
        Register{"grant-totals.json", {"grant-totals"}},
        Register{"plan-variations.json", {"plan-variations"}}),
    [](const auto& info) {
      std::string name = info.param.golden.substr(0, info.param.golden.find('.'));
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

// A meeting's JSON is one object that holds its items, attendance and notes.
TEST(PapersTest, TheMayAgendaIsInItsOrder) {
  const json meeting = Papers::Get().Rows({"meeting", "meetings/spab/2019-05-20"});
  ASSERT_EQ(meeting.size(), 1u);
  Compare(Golden("meeting-2019-05-20-agenda.json"), meeting[0]["items"], "items");
}

// The document that the facts make, item by item against what the board's own paper prints.
TEST(PapersTest, TheRenderedMinutesSayWhatThePaperSays) {
  const ProgramResult result = Papers::Get().Scrutiny(
      {"minutes", "render", "meetings/spab/2019-03-18", "--format", "markdown"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string document = absl::StrReplaceAll(result.out, {{"\\", ""}});
  const std::vector<std::string> parts = absl::StrSplit(document, "\n### ");
  const json golden = Golden("minutes-2019-03-18.json");
  ASSERT_EQ(parts.size(), golden.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string item = golden[i]["item"];
    if (!item.empty()) {
      EXPECT_EQ(parts[i].substr(0, parts[i].find('\n')), item);
    }
    size_t at = 0;
    for (const std::string words : golden[i]["says"]) {
      const size_t found = parts[i].find(words, at);
      EXPECT_NE(found, std::string::npos) << item << " does not say, or not here: " << words;
      if (found != std::string::npos) at = found;
    }
  }
}

TEST(PapersTest, ImportingAgainIsANoOp) {
  const json before = Papers::Get().Rows({"replay"});
  std::vector<std::string> import = {"import"};
  for (const std::string& file : PaperFiles()) import.push_back(file);
  EXPECT_EQ(Papers::Get().Scrutiny(import).exit_code, 0);
  EXPECT_EQ(Papers::Get().Rows({"replay"}).size(), before.size());
}

TEST(PapersTest, EveryFactCitesItsPaper) {
  for (const json& entry : Papers::Get().Rows({"replay"})) {
    if (entry["proposed"].contains("ledger_started")) continue;
    EXPECT_FALSE(entry["proposed"].value("sources", json::array()).empty()) << entry;
  }
}

TEST(PapersTest, NoPanelFindingIsInThePapers) {
  EXPECT_TRUE(Papers::Get().Rows({"findings"}).empty());
}

TEST(PapersTest, RebuiltRegistersSayTheSame) {
  const json before = Papers::Get().Rows({"actions", "--state", "all"});
  EXPECT_EQ(Papers::Get().Scrutiny({"rebuild"}).exit_code, 0);
  EXPECT_EQ(Papers::Get().Rows({"actions", "--state", "all"}), before);
}

}  // namespace
}  // namespace scrutiny
