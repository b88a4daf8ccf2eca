// The static log over HTTP, as the program serves it.
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/tools/scrutinyd/daemon_test.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class HttpTest : public DaemonTest {};

TEST_F(HttpTest, TheCheckpointIsTheSameByBothWays) {
  SCRUTINY_ASSERT_OK(server_.Start());
  ASSERT_TRUE(Append("a", 300).ok());
  const ledger::Checkpoint newest = CheckpointOfAll();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const services::HttpResponse response, Get("/log/checkpoint"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, GetCheckpoint().checkpoint());
  EXPECT_EQ(newest.size.value(), 301u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const services::HttpResponse tile, Get("/log/tile/0/000"));
  EXPECT_EQ(tile.body.size(), 8192u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const services::HttpResponse none, Get("/log/tile/0/002.p/1"));
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(Status().log_url(), absl::StrCat("http://", server_.http_address(), "/log"));
}

TEST_F(HttpTest, NothingCanBeSentToIt) {
  SCRUTINY_ASSERT_OK(server_.Start());
  services::HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const services::HttpResponse response,
      client.Post(absl::StrCat("http://", server_.http_address(), "/log/checkpoint"), "text/plain",
                  "x"));
  EXPECT_EQ(response.status, 405);
}

TEST_F(HttpTest, OffServesNone) {
  SCRUTINY_ASSERT_OK(server_.Start({"--http", "off"}));
  EXPECT_THAT(ReadPortFile(), MatchesRegex("grpc=127\\.0\\.0\\.1:[0-9]+\n"));
  EXPECT_THAT(server_.http_address(), IsEmpty());
  EXPECT_THAT(Status().log_url(), IsEmpty());
  EXPECT_TRUE(Append("a", 1).ok());
  EXPECT_EQ(CheckpointOfAll().size.value(), 2u) << "checkpoints are signed all the same";
}

TEST_F(HttpTest, AnAddressOthersCanReachIsRefusedBeforeALedgerIsMade) {
  for (const std::string address :
       {"0.0.0.0:0", "[::]:0", "192.0.2.1:8080", "nonsense", "", "8080"}) {
    const ProgramResult result =
        RunServer({"--data", dir_.File("d"), "--listen", "127.0.0.1:0", "--http", address});
    EXPECT_EQ(result.exit_code, 1) << address;
    EXPECT_FALSE(fs::exists(dir_.File("d"))) << address;
    EXPECT_FALSE(fs::exists(dir_.File("d.identity"))) << address;
  }
  EXPECT_THAT(
      RunServer({"--data", dir_.File("d"), "--listen", "127.0.0.1:0", "--http", "0.0.0.0:0"}).err,
      HasSubstr("Will not listen on 0.0.0.0:0"));
}

TEST_F(HttpTest, ATakenPortIsRefusedAndTheLedgerIsLeftWhole) {
  SCRUTINY_ASSERT_OK(server_.Start());
  for (const std::string& taken : {server_.http_address(), server_.address()}) {
    const ProgramResult second =
        RunServer({"--data", dir_.File("other"), "--listen", "127.0.0.1:0", "--http", taken});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, HasSubstr(taken));
  }
  ServerProcess other(dir_.path() + "/second");
  fs::create_directories(dir_.File("second"));
  fs::rename(dir_.File("other"), other.data());
  fs::rename(dir_.File("other.identity"), other.identity());
  fs::rename(dir_.File("other.keys"), other.keys());
  SCRUTINY_EXPECT_OK(other.Start());
}

TEST_F(HttpTest, ItEndsWithTheServer) {
  SCRUTINY_ASSERT_OK(server_.Start());
  SCRUTINY_ASSERT_OK(Get("/log/checkpoint"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server_.Stop());
  EXPECT_EQ(exit_code, 0);
  EXPECT_FALSE(Get("/log/checkpoint").ok());
}

}  // namespace
}  // namespace scrutiny::testing
