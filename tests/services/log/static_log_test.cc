#include "services/log/static_log.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"
#include "services/http/client.h"
#include "services/http/server.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ledger::TileId;
using ledger::TreeSize;

constexpr const char* kNote = "example.com/log\n70000\nAAAA\n\n\xe2\x80\x94 example.com/log BBBB\n";

// A log whose hashes say what they are, so that no tree need be made: hash i of a tile is that of
// "level index i".
class MadeUpLog : public StaticLog {
 public:
  explicit MadeUpLog(uint64_t size) : size_(size) {}

  absl::optional<std::string> Checkpoint() override {
    if (size_ == 0) return absl::nullopt;
    return std::string(kNote);
  }
  TreeSize CheckpointSize() override { return TreeSize(size_); }
  absl::StatusOr<std::string> Tile(TileId id, uint32_t width) override {
    EXPECT_GE(TileWidthAt(id, TreeSize(size_)), width) << "asked beyond the checkpoint";
    if (!failure.ok()) return failure;
    return TileBytes(id, width).substr(cut);
  }
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override {
    EXPECT_GE(TileWidthAt({0, index}, TreeSize(size_)), width) << "asked beyond the checkpoint";
    if (!failure.ok()) return failure;
    return BundleBytes(index, width);
  }

  static std::string TileBytes(TileId id, uint32_t width) {
    std::string bytes;
    for (uint32_t i = 0; i < width; ++i) {
      const ledger::Hash hash =
          ledger::Sha256Of(absl::StrCat(int{id.level}, " ", id.index, " ", i));
      bytes.append(reinterpret_cast<const char*>(hash.data()), hash.size());
    }
    return bytes;
  }
  static std::string BundleBytes(uint64_t index, uint32_t width) {
    std::string bytes;
    for (uint32_t i = 0; i < width; ++i) {
      ledger::AppendBundleEntry(absl::StrCat("record ", index * 256 + i), &bytes);
    }
    return bytes;
  }

  absl::Status failure;
  size_t cut = 0;

 private:
  const uint64_t size_;
};

HttpResponse Get(StaticLog& log, const std::string& target, const std::string& method = "GET") {
  HttpRequest request;
  request.method = method;
  request.target = target;
  return ServeStaticLog(log, request);
}

void ExpectError(const HttpResponse& response, int status) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.header("cache-control"), "no-store") << "no cache may keep it";
  EXPECT_EQ(response.header("content-encoding"), "");
  EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.header("access-control-allow-origin"), "*");
}

TEST(StaticLogTest, TheCheckpointIsANoteThatNobodyKeeps) {
  MadeUpLog log(70000);
  const HttpResponse response = Get(log, "/log/checkpoint");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, kNote);
  EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.header("cache-control"), "no-store");
  EXPECT_EQ(response.header("access-control-allow-origin"), "*");
}

TEST(StaticLogTest, BeforeTheFirstCheckpointThereIsNothing) {
  MadeUpLog log(0);
  ExpectError(Get(log, "/log/checkpoint"), 404);
  ExpectError(Get(log, "/log/tile/0/000"), 404);
  ExpectError(Get(log, "/log/tile/0/000.p/1"), 404);
  ExpectError(Get(log, "/log/tile/entries/000.p/1"), 404);
}

TEST(StaticLogTest, TilesAndBundlesAreBytesThatNeverChange) {
  MadeUpLog log(70000);
  const std::pair<const char*, std::string> cases[] = {
      {"/log/tile/0/000", MadeUpLog::TileBytes({0, 0}, 256)},
      {"/log/tile/0/272", MadeUpLog::TileBytes({0, 272}, 256)},
      {"/log/tile/0/273.p/112", MadeUpLog::TileBytes({0, 273}, 112)},
      {"/log/tile/1/000", MadeUpLog::TileBytes({1, 0}, 256)},
      {"/log/tile/1/001.p/17", MadeUpLog::TileBytes({1, 1}, 17)},
      {"/log/tile/2/000.p/1", MadeUpLog::TileBytes({2, 0}, 1)},
      {"/log/tile/entries/000", MadeUpLog::BundleBytes(0, 256)},
      {"/log/tile/entries/273.p/112", MadeUpLog::BundleBytes(273, 112)},
  };
  for (const auto& [path, bytes] : cases) {
    const HttpResponse response = Get(log, path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, bytes) << path;
    EXPECT_EQ(response.header("content-type"), "application/octet-stream");
    EXPECT_EQ(response.header("cache-control"), "public, max-age=604800, immutable");
    EXPECT_EQ(response.header("access-control-allow-origin"), "*");
    EXPECT_EQ(response.header("content-encoding"), "");
  }
}

TEST(StaticLogTest, EveryWidthTheCheckpointCoversIsThere) {
  // 200 in the first bundle alone; 300: the first has filled, the second has 44.
  for (const uint64_t size : {uint64_t{200}, uint64_t{300}}) {
    MadeUpLog log(size);
    for (uint64_t index = 0; index < 3; ++index) {
      const uint32_t covered = ledger::TileWidthAt({0, index}, TreeSize(size));
      for (uint32_t width = 1; width <= 256; ++width) {
        const HttpResponse tile = Get(log, "/log/" + ledger::TilePath({0, index}, width));
        const HttpResponse bundle = Get(log, "/log/" + ledger::BundlePath(index, width));
        if (width > covered) {
          ExpectError(tile, 404);
          ExpectError(bundle, 404);
          continue;
        }
        EXPECT_EQ(tile.status, 200);
        EXPECT_EQ(tile.body, MadeUpLog::TileBytes({0, index}, width));
        EXPECT_EQ(bundle.status, 200);
        EXPECT_EQ(bundle.body, MadeUpLog::BundleBytes(index, width));
      }
    }
  }
}

TEST(StaticLogTest, NothingBeyondTheCheckpointIsThere) {
  MadeUpLog log(70000);
  for (const char* const path :
       {"/log/tile/0/273", "/log/tile/0/273.p/113", "/log/tile/0/274.p/1", "/log/tile/0/274",
        "/log/tile/1/001", "/log/tile/1/001.p/18", "/log/tile/1/002.p/1", "/log/tile/2/000",
        "/log/tile/2/000.p/2", "/log/tile/3/000.p/1", "/log/tile/7/000.p/1", "/log/tile/8/000.p/1",
        "/log/tile/63/000.p/1", "/log/tile/63/000", "/log/tile/entries/273",
        "/log/tile/entries/273.p/113", "/log/tile/entries/274.p/1",
        "/log/tile/0/x018/x446/x744/x073/x709/x551/615",
        "/log/tile/entries/x018/x446/x744/x073/x709/x551/615.p/1"}) {
    ExpectError(Get(log, path), 404);
  }
}

TEST(StaticLogTest, AWholeTileOfALevelAboveFillsOnlyWithFullTiles) {
  MadeUpLog log(256);
  EXPECT_EQ(Get(log, "/log/tile/1/000.p/1").status, 200);
  ExpectError(Get(log, "/log/tile/1/000.p/2"), 404);
  MadeUpLog less(255);
  ExpectError(Get(less, "/log/tile/1/000.p/1"), 404);
}

TEST(StaticLogTest, EverythingMalformedIsNotThere) {
  MadeUpLog log(uint64_t{1} << 40);
  for (const char* const path : {"",
                                 "*",
                                 "log/checkpoint",
                                 "//",
                                 "/lo",
                                 "/logs",
                                 "/Log/checkpoint",
                                 "//log/checkpoint",
                                 "/log//checkpoint",
                                 "/log/checkpoint/",
                                 "/log/checkpoint2",
                                 "/log/Checkpoint",
                                 "/log/check%70oint",
                                 "/%6Cog/checkpoint",
                                 "/log/./checkpoint",
                                 "/log/../log/checkpoint",
                                 "/checkpoint",
                                 "/tile/0/000",
                                 "/log/tile",
                                 "/log/tile/",
                                 "/log/tile/0",
                                 "/log/tile/0/",
                                 "/log/tile/0/0",
                                 "/log/tile/0/00",
                                 "/log/tile/0/0000",
                                 "/log/tile/0/x001",
                                 "/log/tile/0/x001/",
                                 "/log/tile/0/x001/x234",
                                 "/log/tile/0/001/002",
                                 "/log/tile/0/x001/0002",
                                 "/log/tile/0/x001/-002",
                                 "/log/tile/0/x000/001",
                                 "/log/tile/0/X001/000",
                                 "/log/tile/0/000.p",
                                 "/log/tile/0/000.p/",
                                 "/log/tile/0/000.p/0",
                                 "/log/tile/0/000.p/00",
                                 "/log/tile/0/000.p/01",
                                 "/log/tile/0/000.p/+1",
                                 "/log/tile/0/000.p/1/",
                                 "/log/tile/0/000.p/1x",
                                 "/log/tile/0/000.p/256",
                                 "/log/tile/0/000.p/257",
                                 "/log/tile/0/000.p/999999999999999999999",
                                 "/log/tile/0/000.P/1",
                                 "/log/tile/0/000/1",
                                 "/log/tile/0/000/",
                                 "/log/tile/0//000",
                                 "/log/tile//0/000",
                                 "/log//tile/0/000",
                                 "/log/tile/00/000",
                                 "/log/tile/01/000",
                                 "/log/tile/64/000",
                                 "/log/tile/-1/000",
                                 "/log/tile/+1/000",
                                 "/log/tile/256/000",
                                 "/log/tile/a/000",
                                 "/log/tile/0/%30%30%30",
                                 "/log/tile/0/000%2Ep/1",
                                 "/log/tile/0/000 ",
                                 "/log/tile/0/x018/x446/x744/x073/x709/x551/616",
                                 "/log/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                                 "/log/tile/entries",
                                 "/log/tile/entries/",
                                 "/log/tile/entries/0",
                                 "/log/tile/entries/x001",
                                 "/log/tile/entries/000.p/256",
                                 "/log/tile/Entries/000",
                                 "/log/tile/0/entries/000",
                                 "/log/tile/entries/0/000",
                                 "/log/tile/data/000",
                                 "/log/tile/names/000",
                                 "/favicon.ico",
                                 "/.well-known/x"}) {
    SCOPED_TRACE(path);
    ExpectError(Get(log, path), 404);
  }
}

TEST(StaticLogTest, NothingHasAQuery) {
  MadeUpLog log(300);
  for (const char* const target :
       {"/log/tile/0/001.p/44", "/log/tile/entries/000", "/log/checkpoint", "/log/", "/"}) {
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    EXPECT_EQ(ServeStaticLog(log, request).status, 200) << target;
    request.has_query = true;  // `?` alone
    ExpectError(ServeStaticLog(log, request), 404);
    request.query = "v=1&x=/../";
    ExpectError(ServeStaticLog(log, request), 404);
  }
}

TEST(StaticLogTest, TheRootSaysWhatIsWhere) {
  MadeUpLog log(300);
  for (const char* const path : {"/", "/log", "/log/"}) {
    const HttpResponse response = Get(log, path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
    EXPECT_THAT(response.body, ::testing::HasSubstr("/log/checkpoint"));
    EXPECT_THAT(response.body, ::testing::HasSubstr("/log/tile/entries/"));
  }
}

TEST(StaticLogTest, OtherOriginsAreToldThatTheyMayRead) {
  MadeUpLog log(300);
  const HttpResponse response = Get(log, "/log/checkpoint", "OPTIONS");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.header("access-control-allow-origin"), "*");
  EXPECT_EQ(response.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
}

TEST(StaticLogTest, ItIsOnlyRead) {
  MadeUpLog log(300);
  for (const char* const method : {"POST", "PUT", "DELETE", "PATCH", "get", ""}) {
    const HttpResponse response = Get(log, "/log/checkpoint", method);
    ExpectError(response, 405);
    EXPECT_EQ(response.header("allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(Get(log, "/log/checkpoint", "HEAD").status, 200);
}

TEST(StaticLogTest, ALogAtFaultIsNotAMissingTile) {
  MadeUpLog log(300);
  for (const char* const path : {"/log/tile/0/000", "/log/tile/entries/000"}) {
    log.failure = ledger::Error(ledger::Reason::kCorrupt, "secret /path");
    ExpectError(Get(log, path), 500);
    EXPECT_THAT(Get(log, path).body, ::testing::Not(::testing::HasSubstr("secret")));
    log.failure = ledger::Error(ledger::Reason::kNotFound, "gone");
    ExpectError(Get(log, path), 500);
    log.failure = absl::UnavailableError("later");
    ExpectError(Get(log, path), 503);
    EXPECT_EQ(Get(log, path).header("retry-after"), "1");
  }
  log.failure = absl::OkStatus();
  log.cut = 1;
  ExpectError(Get(log, "/log/tile/0/000"), 500);
}

// Whoever runs the server learns of damage; whoever asks cannot fill the disk with it.
TEST(StaticLogTest, DamageIsToldInTheProgramsLog) {
  MadeUpLog log(300);
  std::ostringstream lines;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)));
  // Another test may have had this second's line.
  log.failure = ledger::Error(ledger::Reason::kCorrupt, "block 7 of entries.log is damaged");
  for (int i = 0; i < 400 && lines.str().empty(); ++i) {
    Get(log, "/log/tile/entries/000");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (int i = 0; i < 5; ++i) Get(log, "/log/tile/entries/000");
  spdlog::set_default_logger(before);
  EXPECT_THAT(lines.str(), ::testing::HasSubstr("error"));
  EXPECT_THAT(lines.str(), ::testing::HasSubstr("tile/entries/000"));
  EXPECT_THAT(lines.str(), ::testing::HasSubstr("block 7 of entries.log is damaged"));
  const std::string told = lines.str();
  EXPECT_LE(std::count(told.begin(), told.end(), '\n'), 2) << "one a second, of six";
}

// Goal: whatever the path, it is one of the log's own or 404; what is 200 is exactly what that path
// names. Method: paths put together from parts that paths are made of, and any bytes.
RC_GTEST_PROP(StaticLogTest, AnyPathIsTheLogsOwnOrNotThere, ()) {
  static const auto& parts = *new std::vector<std::string>{
      "/",   "/log",  "/log/", "tile/",      "tile/0/", "tile/1/", "entries/", "000",
      "001", "x000/", "x001/", "x234/",      "067",     ".p/",     ".p",       "1",
      "44",  "255",   "256",   "checkpoint", "%30",     "//",      "..",       "?",
      "0",   "63",    "64",    "\xff",       " "};
  const auto part = rc::gen::oneOf(rc::gen::elementOf(parts), rc::gen::elementOf(parts),
                                   rc::gen::elementOf(parts), rc::gen::string<std::string>());
  std::string path = *rc::gen::elementOf(std::vector<std::string>{"", "/log/tile/", "/log/"});
  for (const std::string& one : *rc::gen::container<std::vector<std::string>>(part)) path += one;

  constexpr uint64_t kSize = 300;
  MadeUpLog log(kSize);
  const HttpResponse response = Get(log, path);
  RC_ASSERT(response.status == 200 || response.status == 404);
  if (response.status == 404 || response.header("content-type") != "application/octet-stream") {
    return;
  }
  bool named = false;
  for (uint8_t level = 0; level < 2; ++level) {
    for (uint64_t index = 0; index < 2; ++index) {
      const uint32_t covered = ledger::TileWidthAt({level, index}, TreeSize(kSize));
      for (uint32_t width = 1; width <= covered; ++width) {
        named = named || (path == "/log/" + ledger::TilePath({level, index}, width) &&
                          response.body == MadeUpLog::TileBytes({level, index}, width));
        named = named || (level == 0 && path == "/log/" + ledger::BundlePath(index, width) &&
                          response.body == MadeUpLog::BundleBytes(index, width));
      }
    }
  }
  RC_ASSERT(named);
}

TEST(StaticLogTest, IsServedOverHttp) {
  MadeUpLog log(300);
  HttpServerOptions options;
  options.listen = "127.0.0.1:0";
  options.methods = {"GET", "OPTIONS"};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<HttpServer> server,
                                HttpServer::Start(options, [&](const HttpRequest& request) {
                                  return ServeStaticLog(log, request);
                                }));
  const std::string base = absl::StrCat("http://", server->address(), "/log");
  HttpClient client;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse note, client.Get(base + "/checkpoint"));
  EXPECT_EQ(note.body, kNote);
  EXPECT_EQ(note.header("cache-control"), "no-store");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse tile, client.Get(base + "/tile/0/001.p/44"));
  EXPECT_EQ(tile.body, MadeUpLog::TileBytes({0, 1}, 44));
  EXPECT_EQ(tile.header("content-length"), absl::StrCat(44 * 32));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse bundle, client.Get(base + "/tile/entries/000"));
  EXPECT_EQ(bundle.body, MadeUpLog::BundleBytes(0, 256));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse beyond, client.Get(base + "/tile/0/001"));
  EXPECT_EQ(beyond.status, 404);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse odd, client.Get(base + "/tile/0/%30%30%30"));
  EXPECT_EQ(odd.status, 404);
  for (const char* const query : {"?", "?a=b", "??", "?/../"}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse queried,
                                  client.Get(base + "/tile/0/001.p/44" + query));
    ExpectError(queried, 404);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse note_queried,
                                  client.Get(base + "/checkpoint" + query));
    ExpectError(note_queried, 404);
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const HttpResponse posted,
                                client.Post(base + "/checkpoint", "text/plain", "a"));
  EXPECT_EQ(posted.status, 405);
}

}  // namespace
}  // namespace scrutiny::services
