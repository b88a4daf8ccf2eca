#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/mount.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/append/ledger.h"
#include "tests/support/facts.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {
namespace {

using ledger::Ledger;
using ledger::LedgerOptions;

std::unique_ptr<Ledger> OpenLedger(const std::string& folder) {
  LedgerOptions options;
  options.data = folder;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(options);
  EXPECT_THAT(ledger, IsOk());
  return ledger.ok() ? *std::move(ledger) : nullptr;
}

// RocksDB's own journal would abort the program once the disk is full (ledger/store/no_journal.h).
TEST(FullDiskTest, TheStoresKeepNoJournalOfRocksDb) {
  const TempDir dir;
  const std::unique_ptr<Ledger> ledger = OpenLedger(dir.File("data"));
  ASSERT_NE(ledger, nullptr);
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir.File("data"))) {
    EXPECT_NE(file.path().filename().string().rfind("LOG", 0), 0u) << file.path();
  }
  EXPECT_THAT(ledger->Close(), IsOk());
}

// A disk of its own, so small that it fills; the machine must let us mount one.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=8m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  bool Grow() const { return mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, "size=32m") == 0; }

 private:
  std::string path_;
  bool mounted_ = false;
};

// Appends until the disk is full; how many appends were acknowledged.
int Fill(Ledger& ledger) {
  for (int i = 0;; ++i) {
    std::vector<event::v1::Proposed> facts;
    for (int j = 0; j < 100; ++j) {
      facts.push_back(ActionRaised(absl::StrCat("actions/a", i, "-", j), "T"));
      facts.back().mutable_action_raised()->set_detail(std::string(3000, 'd'));
    }
    const auto receipt = ledger.AppendAndWait(AppendOf(absl::StrCat("fill-", i), std::move(facts)));
    if (!receipt.ok()) return i;
  }
}

TEST(FullDiskTest, NothingAbortsAndNothingAcknowledgedIsLost) {
  const TempDir dir;
  const SmallDisk disk(dir.File("disk"));
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a small disk: " << std::strerror(errno);
  const std::string data = dir.File("disk/data");
  std::unique_ptr<Ledger> ledger = OpenLedger(data);
  ASSERT_NE(ledger, nullptr);
  const int acknowledged = Fill(*ledger);
  EXPECT_GT(acknowledged, 0);
  EXPECT_FALSE(ledger->status().read_only_because.empty());
  EXPECT_FALSE(ledger->Close().ok());
  ledger.reset();
  {
    LedgerOptions options;
    options.data = data;
    const absl::StatusOr<std::unique_ptr<Ledger>> full = Ledger::Open(options);
    if (!full.ok()) {
      EXPECT_FALSE(full.status().message().empty());
    }
  }
  ASSERT_TRUE(disk.Grow());
  ledger = OpenLedger(data);
  ASSERT_NE(ledger, nullptr);
  EXPECT_GE(ledger->size().value(), 1u + 100u * static_cast<unsigned>(acknowledged));
  EXPECT_EQ((ledger->size().value() - 1) % 100, 0u);
  EXPECT_THAT(ledger->AppendAndWait(AppendOf("after", {ActionRaised("actions/after", "T")})),
              IsOk());
  EXPECT_THAT(ledger->Close(), IsOk());
}

}  // namespace
}  // namespace scrutiny::testing
