// The server as a program: what it says on the command line, how it starts, refuses to, and ends.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

#include "tests/tools/scrutinyd/daemon_test.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class ScrutinydTest : public DaemonTest {};

TEST_F(ScrutinydTest, SaysWhatItIs) {
  const ProgramResult version = RunServer({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, MatchesRegex("scrutinyd [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const ProgramResult help = RunServer({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--port-file"));
}

TEST_F(ScrutinydTest, WrongUsageEndsWithTwo) {
  EXPECT_EQ(RunServer({}).exit_code, 2);
  EXPECT_EQ(RunServer({"--data", dir_.File("d"), "--unknown"}).exit_code, 2);
  EXPECT_EQ(RunServer({"--data", dir_.File("d"), "--log-level", "loud"}).exit_code, 2);
}

TEST_F(ScrutinydTest, AnAddressOthersCanReachIsRefusedBeforeALedgerIsMade) {
  const ProgramResult result = RunServer({"--data", dir_.File("d"), "--listen", "0.0.0.0:7443"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("Will not listen on 0.0.0.0:7443"));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("d")));
}

TEST_F(ScrutinydTest, PortFileIsThereWhileItServes) {
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_THAT(ReadPortFile(),
              MatchesRegex("grpc=127\\.0\\.0\\.1:[0-9]+ http=127\\.0\\.0\\.1:[0-9]+\n"));
  EXPECT_EQ(Size(), 1u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
  EXPECT_EQ(exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(dir_.File("port")));
}

TEST_F(ScrutinydTest, KeepsWhatItAcknowledged) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("a", 50).ok());
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Size(), 51u);
  server_.Kill();
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Size(), 51u);
}

TEST_F(ScrutinydTest, ASecondServerOnTheSameDataIsRefused) {
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_THAT(Refusal({"--data", server_.data()}), HasSubstr("another server is using it"));
  EXPECT_THAT(Refusal({"--data", server_.data(), "--identity", dir_.File("other")}),
              HasSubstr("Another server has this ledger open"));
  EXPECT_TRUE(Append("a", 1).ok());
}

TEST_F(ScrutinydTest, ATakenPortIsRefused) {
  SCRUTINY_ASSERT_OK(server_.Start());
  const ProgramResult second =
      RunServer({"--data", dir_.File("other"), "--listen", server_.address(), "--http", "off"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr(absl::StrCat("Cannot listen on ", server_.address())));
}

TEST_F(ScrutinydTest, TheOriginIsFixed) {
  SCRUTINY_ASSERT_OK(server_.Start({"--origin", "derbyshire.example/ledger"}));
  SCRUTINY_ASSERT_OK(server_.Stop());
  SCRUTINY_ASSERT_OK(server_.Start({"--origin", "derbyshire.example/ledger"}));
  SCRUTINY_ASSERT_OK(server_.Stop());
  EXPECT_THAT(Refusal({"--data", server_.data(), "--origin", "elsewhere.example"}),
              HasSubstr("derbyshire.example/ledger"));
}

TEST_F(ScrutinydTest, JsonLogIsALineAMessage) {
  SCRUTINY_ASSERT_OK(server_.Start({"--log-format", "json"}));
  SCRUTINY_ASSERT_OK(server_.Stop());
  std::istringstream log(server_.Log());
  std::string line;
  int lines = 0;
  while (std::getline(log, line)) {
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << line;
    EXPECT_THAT(json.value("time", ""), MatchesRegex("[0-9-]+T[0-9:.]+Z"));
    EXPECT_EQ(json.value("level", ""), "info");
    EXPECT_NE(json.value("message", ""), "");
    ++lines;
  }
  EXPECT_GE(lines, 4);
}

// A subscriber that does not read keeps the server draining; a second signal ends it at once, and
// what was acknowledged is there afterwards.
TEST_F(ScrutinydTest, ASecondSignalEndsItAtOnce) {
  SCRUTINY_ASSERT_OK(server_.Start());
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(Append(absl::StrCat("big-", i), 200, 3900).ok());
  }
  const auto stub = Stub();
  grpc::ClientContext context;
  const auto reader = stub->Subscribe(&context, api::SubscribeRequest());
  reader->WaitForInitialMetadata();
  kill(server_.pid(), SIGTERM);
  for (int i = 0; i < 800 && !absl::StrContains(server_.Log(), "draining"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_THAT(server_.Log(), HasSubstr("draining"));
  const auto start = std::chrono::steady_clock::now();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
  EXPECT_EQ(exit_code, 128 + SIGTERM);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(8));
  context.TryCancel();
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(Size(), 1u + 40 * 200);
}

TEST_F(ScrutinydTest, ADamagedFolderIsRefusedInASentence) {
  std::filesystem::create_directories(dir_.File("d/log"));
  std::ofstream(dir_.File("d/log/CURRENT")) << "MANIFEST-000099\n";
  Refusal({"--data", dir_.File("d")});
}

}  // namespace
}  // namespace scrutiny::testing
