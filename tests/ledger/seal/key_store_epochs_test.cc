#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/random.h"
#include "ledger/seal/aead.h"
#include "ledger/seal/key_store.h"
#include "tests/ledger/seal/key_store_support.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::KeyStoreOnDisk;
using ::scrutiny::testing::SeededRandom;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- Epoch keys that somebody else holds.

// A key management service that other stores use too.
class Service final : public EpochKeys {
 public:
  absl::StatusOr<std::vector<uint64_t>> Epochs() override {
    std::vector<uint64_t> epochs;
    for (const auto& [epoch, key] : keys_) epochs.push_back(epoch);
    return epochs;
  }
  absl::StatusOr<uint64_t> Advance(uint64_t after) override {
    if (down) return absl::UnavailableError("the service does not answer");
    const uint64_t epoch = std::max(after, keys_.empty() ? 0 : keys_.rbegin()->first) + 1;
    Secret key(kAeadKeyBytes);
    random_.Fill(key.span());
    keys_[epoch] = std::string(key.view());
    return epoch;
  }
  absl::StatusOr<std::string> Wrap(uint64_t epoch, absl::string_view context,
                                   const Secret& key) override {
    if (down) return absl::UnavailableError("the service does not answer");
    return WrapKey(Secret(keys_.at(epoch)), context, key, random_);
  }
  absl::StatusOr<Secret> Unwrap(uint64_t epoch, absl::string_view context,
                                absl::string_view wrapped) override {
    if (keys_.count(epoch) == 0) return Error(Reason::kCorrupt, "No such epoch.");
    return UnwrapKey(Secret(keys_.at(epoch)), context, wrapped, "The file key");
  }
  absl::Status Destroy(uint64_t epoch) override {
    if (down) return absl::UnavailableError("the service does not answer");
    keys_.erase(epoch);
    return absl::OkStatus();
  }
  absl::Status BackupTo(uint64_t, const std::string&) override { return absl::OkStatus(); }

  bool down = false;
  SeededRandom random_{9};
  std::map<uint64_t, std::string> keys_;
};

class KeyStoreWithServiceTest : public KeyStoreOnDisk {
 protected:
  absl::Status Open() {
    store_.reset();
    KeyStoreOptions options = Options();
    options.epoch_keys = &service_;
    auto opened = KeyStore::Open(options);
    if (opened.ok()) store_ = *std::move(opened);
    return opened.status();
  }

  Service service_;
};

TEST_F(KeyStoreWithServiceTest, ItsEpochsAreUsedAndDestroyedAndNoOthers) {
  service_.keys_[3] = std::string(kAeadKeyBytes, 'o');  // of another store
  SCRUTINY_ASSERT_OK(Open());
  EXPECT_EQ(store_->stats().epoch, 4u);
  const SubjectKey a = KeyFor("persons/a");
  const SubjectKey b = KeyFor("persons/b");
  Erase("persons/a");
  EXPECT_THAT(*service_.Epochs(), ElementsAre(3, 5));
  EXPECT_THAT(EpochFiles(), IsEmpty());
  service_.keys_[4] = std::string(kAeadKeyBytes, 'x');  // as if the destruction had been cut off
  service_.keys_[6] = std::string(kAeadKeyBytes, 'x');  // as if an erasure had never come to be
  SCRUTINY_ASSERT_OK(Open());
  EXPECT_THAT(*service_.Epochs(), ElementsAre(3, 5, 6));
  EXPECT_TRUE(Holds(b));
  Erase("persons/b", "r-2");
  EXPECT_THAT(*service_.Epochs(), ElementsAre(3, 7));
}

TEST_F(KeyStoreWithServiceTest, WhileItIsDownKnownKeysAreThereAndNothingChanges) {
  SCRUTINY_ASSERT_OK(Open());
  const SubjectKey a = KeyFor("persons/a");
  service_.down = true;
  EXPECT_TRUE(Holds(a));
  EXPECT_EQ(KeyFor("persons/a").id, a.id);
  EXPECT_THAT(store_->KeyFor("persons/new"), FailsWith(Reason::kSealsUnavailable));
  EXPECT_THAT(store_->BeginErasure(Request("persons/a")), FailsWith(Reason::kSealsUnavailable));
  EXPECT_TRUE(Holds(a));
  service_.down = false;
  SCRUTINY_EXPECT_OK(store_->KeyFor("persons/new"));
  Erase("persons/a");
}

TEST_F(KeyStoreWithServiceTest, WithoutItsEpochTheStoreDoesNotOpen) {
  SCRUTINY_ASSERT_OK(Open());
  KeyFor("persons/a");
  service_.keys_.clear();
  EXPECT_THAT(Open(), FailsWith(Reason::kCorrupt));
  EXPECT_TRUE(disk_.Exists(kKeys));
}

// --- On a real disk.

TEST(KeyStoreOnRealDiskTest, ItLivesThroughEverything) {
  TempDir dir;
  testing::ManualClock clock;
  SystemRandom random;
  KeyStoreOptions options;
  options.dir = dir.File("ledger.keys");
  options.ledger_id = std::string(16, 'L');
  options.clock = &clock;
  options.random = &random;
  auto store = KeyStore::Open(options);
  SCRUTINY_ASSERT_OK(store);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey a, (*store)->KeyFor("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey b, (*store)->KeyFor("persons/b"));
  SCRUTINY_ASSERT_OK((*store)->BeginErasure({"persons/a", "why", "who", "r-1", "clerk"}));
  EXPECT_THAT(KeyStore::Open(options), FailsWith(Reason::kSealsUnavailable));
  SCRUTINY_EXPECT_OK((*store)->BackupTo(dir.File("backup")));
  store->reset();
  for (const std::string name : {"ledger.keys", "backup"}) {
    options.dir = dir.File(name);
    store = KeyStore::Open(options);
    SCRUTINY_ASSERT_OK(store);
    EXPECT_THAT((*store)->Find(a.id), FailsWith(Reason::kNotFound));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret found, (*store)->Find(b.id));
    EXPECT_EQ(found.view(), b.key.view());
    EXPECT_EQ((*store)->pending().size(), 1u);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<std::string> names,
                                  SystemFiles().List(options.dir));
    EXPECT_THAT(names, ElementsAre("epoch-2.key", "keys"));
  }
}

}  // namespace
}  // namespace scrutiny::ledger
