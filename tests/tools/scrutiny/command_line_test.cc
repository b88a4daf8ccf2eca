#include "tools/scrutiny/command_line.h"

#include <string>
#include <vector>

#include "CLI/Error.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tools/scrutiny/commands.h"

namespace scrutiny::tools {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<CommandLine> Parsed(std::vector<std::string> words) {
  words.insert(words.begin(), "scrutiny");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  auto line = std::make_unique<CommandLine>(RootCommand());
  line->Parse(static_cast<int>(argv.size()), argv.data());
  return line;
}

TEST(CommandLineTest, OptionsOfTheProgramMayStandBehindTheCommand) {
  const auto line = Parsed({"actions", "--state", "all", "--server", "h:1", "--verbose"});
  EXPECT_EQ(line->command().name, "actions");
  EXPECT_EQ(line->args().Get("state"), "all");
  EXPECT_EQ(line->args().Get("server"), "h:1");
  EXPECT_TRUE(line->args().Has("verbose"));
  EXPECT_FALSE(line->args().Has("forum"));
}

TEST(CommandLineTest, AListTakesOneValueEachTime) {
  const auto line =
      Parsed({"record", "complete", "--evidence", "a", "actions/x", "--evidence", "b"});
  EXPECT_EQ(line->command().name, "complete");
  EXPECT_THAT(line->args().All("evidence"), ElementsAre("a", "b"));
  EXPECT_EQ(line->args().Get("RECORD"), "actions/x");
}

TEST(CommandLineTest, SecondNamesAreTheSameFlag) {
  EXPECT_EQ(Parsed({"decisions", "--as-of", "12"})->args().Get("recorded-by"), "12");
  EXPECT_EQ(Parsed({"decisions", "--as-at", "2019"})->args().Get("true-on"), "2019");
}

TEST(CommandLineTest, SeveralArgumentsAreKeptInOrder) {
  EXPECT_THAT(Parsed({"import", "a", "-", "b"})->args().All("FILE"), ElementsAre("a", "-", "b"));
  EXPECT_THAT(Parsed({"show", "decision", "2019/13"})->args().All("RECORD"),
              ElementsAre("decision", "2019/13"));
}

TEST(CommandLineTest, MistakesAreExitCodeTwoAndHelpIsNone) {
  const CommandLine line(RootCommand());
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"nonsense"},
                                             {"actions", "--state", "loud"},
                                             {"import"},
                                             {"correct", "1"},
                                             {"actions", "--nonsense"},
                                             {"actions", "--state", "all", "--state", "open"}}) {
    try {
      Parsed(words);
      ADD_FAILURE() << ::testing::PrintToString(words);
    } catch (const CLI::Error& error) {
      EXPECT_NE(error.get_exit_code(), 0) << ::testing::PrintToString(words);
    }
  }
  try {
    Parsed({"actions", "--help"});
    ADD_FAILURE();
  } catch (const CLI::Error& error) {
    EXPECT_EQ(error.get_exit_code(), 0);
  }
}

std::string Explained(std::vector<std::string> words) {
  words.insert(words.begin(), "scrutiny");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  CommandLine line(RootCommand());
  ::testing::internal::CaptureStderr();
  try {
    line.Parse(static_cast<int>(argv.size()), argv.data());
  } catch (const CLI::Error& error) {
    EXPECT_EQ(line.Explain(error), 2);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(CommandLineTest, AMisspeltCommandIsNamed) {
  EXPECT_EQ(Explained({"acions", "--format", "json"}),
            "There is no command \"acions\"; scrutiny --help lists them all.\n");
  EXPECT_EQ(Explained({"record", "acton"}),
            "There is no command \"acton\"; scrutiny record --help lists them all.\n");
  EXPECT_EQ(Explained({}), "Name a command; scrutiny --help lists them all.\n");
  EXPECT_THAT(Explained({"withdraw", "3"}), ::testing::HasSubstr("--reason is required"));
}

void CheckCommand(const Command& command) {
  EXPECT_FALSE(command.summary.empty()) << command.name;
  EXPECT_TRUE(command.run != nullptr || !command.commands.empty()) << command.name;
  for (const Option& option : command.options) EXPECT_FALSE(option.help.empty()) << option.name;
  for (const Command& sub : command.commands) CheckCommand(sub);
}

// What is done seldom, by auditors and operators, is done after the example.
TEST(CommandLineTest, CommandsOfProofsAndSealsHaveAnExample) {
  const Command root = RootCommand();
  for (const std::string name : {"key", "checkpoint", "receipt", "consistency", "export", "backup",
                                 "backup-keys", "open", "subject", "erase", "status"}) {
    bool found = false;
    for (const Command& command : root.commands) {
      if (command.name != name) continue;
      found = true;
      EXPECT_THAT(command.details, ::testing::HasSubstr("  scrutiny " + name)) << name;
    }
    EXPECT_TRUE(found) << name;
  }
}

TEST(CommandLineTest, EveryCommandSaysWhatItDoes) { CheckCommand(RootCommand()); }

}  // namespace
}  // namespace scrutiny::tools
