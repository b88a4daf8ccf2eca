// Completion as a shell does it.
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/scrutiny/run_command.h"
#include "tools/support/output_file.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::testing::RunCommand;
using ::scrutiny::testing::TempDir;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class CompletionTest : public ::testing::Test {
 protected:
  CompletionTest() {
    const auto bash = RunCommand("127.0.0.1:1", {"completion", "bash"});
    EXPECT_THAT(bash.status, testing::IsOk());
    EXPECT_THAT(WriteFile(script_, bash.out, true), testing::IsOk());
  }

  // What bash offers for the last of the words.
  std::vector<std::string> Offered(const std::vector<std::string>& words) {
    const std::string command = absl::StrCat(
        "bash -c 'source ", script_, "; COMP_WORDS=(\"", absl::StrJoin(words, "\" \""),
        "\"); COMP_CWORD=", words.size() - 1, "; _scrutiny; echo \"${COMPREPLY[@]}\"'");
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    std::string text;
    char buffer[4096];
    while (fgets(buffer, sizeof(buffer), pipe) != nullptr) text += buffer;
    pclose(pipe);
    return absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  }

  TempDir dir_;
  const std::string script_ = dir_.File("completion");
};

TEST_F(CompletionTest, CommandsAreOffered) {
  EXPECT_THAT(Offered({"scrutiny", ""}),
              IsSupersetOf({"record", "key", "checkpoint", "receipt", "consistency", "export",
                            "backup", "backup-keys", "open", "subject", "erase"}));
  EXPECT_THAT(Offered({"scrutiny", "check"}), UnorderedElementsAre("checkpoint"));
}

TEST_F(CompletionTest, ACommandsOwnFlagsAreOffered) {
  EXPECT_THAT(Offered({"scrutiny", "export", "--re"}),
              UnorderedElementsAre("--records", "--record-prefix"));
  EXPECT_THAT(Offered({"scrutiny", "erase", "persons/ann", "--pre"}),
              UnorderedElementsAre("--preview"));
  EXPECT_THAT(Offered({"scrutiny", "record", "finding", "--seal"}),
              UnorderedElementsAre("--sealed-for", "--seal-whole"));
  EXPECT_THAT(Offered({"scrutiny", "record", "finding", "--restricted"}),
              UnorderedElementsAre("--restricted-detail", "--restricted-for"));
  EXPECT_THAT(Offered({"scrutiny", "actions", "--with"}), UnorderedElementsAre("--with-proofs"));
}

TEST_F(CompletionTest, ACommandMayHaveFlagsAndCommandsOfItsOwn) {
  EXPECT_THAT(Offered({"scrutiny", "key", ""}), IsSupersetOf({"rotate", "--all"}));
  const auto rotate = Offered({"scrutiny", "key", "rotate", "--"});
  EXPECT_THAT(rotate, Contains("--reason"));
  EXPECT_THAT(rotate, Not(Contains("--all")));
}

TEST_F(CompletionTest, WordsOfAFlagAreOffered) {
  EXPECT_THAT(Offered({"scrutiny", "open", "12", "--format", ""}),
              UnorderedElementsAre("table", "json"));
}

TEST_F(CompletionTest, WordsOfAnArgumentAreOffered) {
  EXPECT_THAT(Offered({"scrutiny", "completion", ""}), IsSupersetOf({"bash", "zsh", "fish"}));
  EXPECT_THAT(Offered({"scrutiny", "completion", "z"}), UnorderedElementsAre("zsh"));
  EXPECT_THAT(RunCommand("127.0.0.1:1", {"completion", "fish"}).out,
              HasSubstr(" -a 'bash zsh fish' "));
}

TEST_F(CompletionTest, FishIsToldOfEveryCommand) {
  const std::string fish = RunCommand("127.0.0.1:1", {"completion", "fish"}).out;
  const Command root = RootCommand();
  for (const Command& command : root.commands) {
    EXPECT_THAT(fish, HasSubstr(absl::StrCat(" -a ", command.name, " -d "))) << command.name;
  }
  EXPECT_THAT(fish, HasSubstr(" -a rotate "));
  EXPECT_THAT(fish, HasSubstr(" -l sealed-for "));
}

}  // namespace
}  // namespace scrutiny::tools
