#include "ledger/seal/key_store.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::ManualClock;
using ::scrutiny::testing::TempDir;

class KeyStoreTest : public ::testing::Test {
 protected:
  KeyStoreOptions Options() {
    KeyStoreOptions options;
    options.dir = dir_.File("keys.d");
    options.ledger_id = std::string(16, 'L');
    options.clock = &clock_;
    options.random = &random_;
    return options;
  }
  std::unique_ptr<KeyStore> Open() {
    auto store = KeyStore::Open(Options());
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  TempDir dir_;
  ManualClock clock_;
  SystemRandom random_;
};

TEST_F(KeyStoreTest, AKeyIsTheSameEveryTimeAndAfterReopening) {
  auto store = Open();
  ASSERT_NE(store, nullptr);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey key, store->KeyFor("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey again, store->KeyFor("persons/a"));
  EXPECT_EQ(key.id, again.id);
  EXPECT_EQ(key.key.view(), again.key.view());
  store.reset();
  store = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret found, store->Find(key.id));
  EXPECT_EQ(found.view(), key.key.view());
}

TEST_F(KeyStoreTest, AnErasedKeyIsGoneAndTheOthersAreThere) {
  auto store = Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey a, store->KeyFor("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey b, store->KeyFor("persons/b"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const PendingErasure erasure,
                                store->BeginErasure({"persons/a", "Article 17", "DPO", "r-1", ""}));
  EXPECT_THAT(store->Find(a.id), FailsWith(Reason::kNotFound));
  SCRUTINY_EXPECT_OK(store->Find(b.id));
  store.reset();
  store = Open();
  EXPECT_THAT(store->Find(a.id), FailsWith(Reason::kNotFound));
  SCRUTINY_EXPECT_OK(store->Find(b.id));
  EXPECT_THAT(store->pending(), ::testing::ElementsAre(erasure));
  EXPECT_EQ(store->stats().epoch, 2u);
  SCRUTINY_EXPECT_OK(store->FinishErasure(erasure.erasure_id));
  EXPECT_THAT(store->pending(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace scrutiny::ledger
