// tests/services/log/signed_ledger.h
// A ledger of its own for each test, whose checkpoints are signed, and facts to put into it.
#ifndef SCRUTINY_TESTS_SERVICES_LOG_SIGNED_LEDGER_H_
#define SCRUTINY_TESTS_SERVICES_LOG_SIGNED_LEDGER_H_

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/note/vkey.h"
#include "tests/support/facts.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::services {

class SignedLedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override { Close(); }

  void Open() {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(identity_, ledger::Identity::Open(dir_.File("identity")));
    ledger::LedgerOptions options;
    options.data = dir_.File("data");
    options.make_key = [this](absl::string_view origin) {
      return identity_->MakeKey(origin, random_);
    };
    SCRUTINY_ASSERT_OK_AND_ASSIGN(ledger_, ledger::Ledger::Open(options));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        checkpointer_, ledger::Checkpointer::Open({*ledger_, *identity_, clock_, random_}));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(log_key_, ledger::ParseVerifierKey(ledger_->identity().log_key));
  }
  void Close() {
    checkpointer_.reset();
    if (ledger_ != nullptr) {
      SCRUTINY_EXPECT_OK(ledger_->Close());
    }
    ledger_.reset();
    identity_.reset();
  }

  // Appends so many actions and waits for the checkpoint that covers them.
  void AppendActions(int count) {
    for (int made = 0; made < count;) {
      ledger::NewAppend append;
      append.principal = testing::LocalPrincipal();
      append.request_id = absl::StrCat("r-", appended_);
      for (; made < count && append.facts.size() < 500; ++made) {
        append.facts.push_back(
            {testing::ActionRaised(testing::ActionName(appended_++), "Do it."), {}, {}});
      }
      SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(std::move(append)));
    }
    SCRUTINY_ASSERT_OK(checkpointer_->WaitCovered(ledger_->size()));
  }

  testing::TempDir dir_;
  ledger::SystemClock clock_;
  ledger::SystemRandom random_;
  std::unique_ptr<ledger::Identity> identity_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Checkpointer> checkpointer_;
  ledger::VerifierKey log_key_;
  int appended_ = 0;
};

// Waits until something is so; false if it is not within so many seconds.
inline bool Eventually(const std::function<bool()>& is_so, int seconds = 10) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace scrutiny::services

#endif  // SCRUTINY_TESTS_SERVICES_LOG_SIGNED_LEDGER_H_
