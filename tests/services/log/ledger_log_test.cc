#include "services/log/ledger_log.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"
#include "ledger/note/checkpoint.h"
#include "ledger/verify/folder_log.h"
#include "ledger/verify/verify_log.h"
#include "services/log/static_log.h"
#include "tests/services/log/signed_ledger.h"

namespace scrutiny::services {
namespace {

namespace fs = std::filesystem;
using ledger::TileId;
using ledger::TreeSize;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LedgerLogTest : public SignedLedgerTest {
 protected:
  void SetUp() override {
    Open();
    log_ = std::make_unique<LedgerLog>(*ledger_, *checkpointer_, clock_);
  }

  HttpResponse Get(const std::string& path) {
    HttpRequest request;
    request.method = "GET";
    request.target = path;
    return ServeStaticLog(*log_, request);
  }
  ledger::Checkpoint OpenServed(std::string* note = nullptr) {
    const HttpResponse response = Get("/log/checkpoint");
    EXPECT_EQ(response.status, 200);
    if (note != nullptr) *note = response.body;
    const auto checkpoint = ledger::OpenCheckpoint(response.body, {&log_key_, 1});
    EXPECT_THAT(checkpoint, testing::IsOk());
    return checkpoint.ok() ? *checkpoint : ledger::Checkpoint();
  }
  // Fetches everything that a checkpoint covers into a folder; every file must be there.
  void Mirror(const std::string& note, TreeSize size, const std::string& folder) {
    const auto fetch = [&](const std::string& path) {
      const HttpResponse response = Get(absl::StrCat("/log/", path));
      ASSERT_EQ(response.status, 200) << path << ": " << response.body;
      fs::create_directories(fs::path(absl::StrCat(folder, "/", path)).parent_path());
      std::ofstream(absl::StrCat(folder, "/", path), std::ios::binary) << response.body;
    };
    fs::create_directories(folder);
    std::ofstream(absl::StrCat(folder, "/checkpoint"), std::ios::binary) << note;
    for (uint8_t level = 0; ledger::TileWidthAt({level, 0}, size) > 0; ++level) {
      for (uint64_t index = 0;; ++index) {
        const TileId id{level, index};
        const uint32_t width = ledger::TileWidthAt(id, size);
        if (width == 0) break;
        ASSERT_NO_FATAL_FAILURE(fetch(ledger::TilePath(id, width)));
        if (level > 0) continue;
        ASSERT_NO_FATAL_FAILURE(fetch(ledger::BundlePath(index, width)));
      }
    }
  }
  void VerifyFolder(const std::string& folder, TreeSize size) {
    ledger::FolderLog copy(folder);
    ledger::VerifyOptions options;
    options.trust.log_keys = {log_key_};
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::LogReport report, VerifyLog(copy, options));
    EXPECT_THAT(report.damages, IsEmpty());
    EXPECT_EQ(report.checkpoint.size, size);
    EXPECT_EQ(report.entries, size.value());
  }

  std::unique_ptr<LedgerLog> log_;
};

TEST_F(LedgerLogTest, WhatIsServedIsAWholeLogThatVerifies) {
  // Genesis is there; each step ends at one of these sizes.
  for (const int size : {1, 2, 255, 256, 257, 511, 512, 700}) {
    AppendActions(size - static_cast<int>(ledger_->size().value()));
    std::string note;
    const ledger::Checkpoint checkpoint = OpenServed(&note);
    ASSERT_EQ(checkpoint.size.value(), static_cast<uint64_t>(size));
    const std::string folder = dir_.File(absl::StrCat("mirror-", size));
    ASSERT_NO_FATAL_FAILURE(Mirror(note, checkpoint.size, folder));
    VerifyFolder(folder, checkpoint.size);
  }
}

TEST_F(LedgerLogTest, ALogOfManyTilesVerifiesAfterARestartToo) {
  AppendActions(66'000);
  log_.reset();
  Close();
  Open();
  log_ = std::make_unique<LedgerLog>(*ledger_, *checkpointer_, clock_);
  std::string note;
  const ledger::Checkpoint checkpoint = OpenServed(&note);
  ASSERT_EQ(checkpoint.size.value(), 66'001u);
  ASSERT_NO_FATAL_FAILURE(Mirror(note, checkpoint.size, dir_.File("mirror")));
  VerifyFolder(dir_.File("mirror"), checkpoint.size);
}

TEST_F(LedgerLogTest, EveryWidthOfATileIsTheFrontOfTheWhole) {
  AppendActions(299);
  const std::string full = Get("/log/tile/0/000").body;
  ASSERT_EQ(full.size(), 8192u);
  const std::string entries = Get("/log/tile/entries/000").body;
  for (uint32_t width = 1; width < 256; ++width) {
    ASSERT_EQ(Get(absl::StrCat("/log/tile/0/000.p/", width)).body, full.substr(0, width * 32));
    const std::string part = Get(absl::StrCat("/log/tile/entries/000.p/", width)).body;
    ASSERT_EQ(part, entries.substr(0, part.size()));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto parsed, ledger::ParseBundle(part));
    ASSERT_THAT(parsed, SizeIs(width));
  }
}

TEST_F(LedgerLogTest, NothingBeyondTheCheckpointIsServed) {
  AppendActions(299);
  EXPECT_EQ(Get("/log/tile/0/001.p/44").status, 200);
  EXPECT_EQ(Get("/log/tile/0/001.p/45").status, 404);
  EXPECT_EQ(Get("/log/tile/0/001").status, 404);
  EXPECT_EQ(Get("/log/tile/0/002.p/1").status, 404);
  EXPECT_EQ(Get("/log/tile/1/000.p/1").status, 200);
  EXPECT_EQ(Get("/log/tile/1/000.p/2").status, 404);
  EXPECT_EQ(Get("/log/tile/2/000.p/1").status, 404);
  EXPECT_EQ(Get("/log/tile/63/000.p/1").status, 404);
  EXPECT_EQ(Get("/log/tile/entries/001.p/44").status, 200);
  EXPECT_EQ(Get("/log/tile/entries/001.p/45").status, 404);
  EXPECT_EQ(Get("/log/tile/entries/x018/x446/x744/x073/x709/x551/615").status, 404);
  EXPECT_EQ(Get("/log/tile/0/x018/x446/x744/x073/x709/x551/615").status, 404);
}

// Whoever reads a checkpoint finds everything it covers, however fast the ledger grows.
TEST_F(LedgerLogTest, TilesAreThereBeforeTheirCheckpoint) {
  std::atomic<bool> stop{false};
  std::thread writer([this, &stop] {
    while (!stop) AppendActions(37);
  });
  for (int round = 0; round < 20; ++round) {
    std::string note;
    const ledger::Checkpoint checkpoint = OpenServed(&note);
    const std::string folder = dir_.File(absl::StrCat("round-", round));
    Mirror(note, checkpoint.size, folder);
    if (HasFatalFailure()) break;
    VerifyFolder(folder, checkpoint.size);
    fs::remove_all(folder);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace scrutiny::services
