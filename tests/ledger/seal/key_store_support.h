// tests/ledger/seal/key_store_support.h
// A key store on a disk in memory, and what tests ask of it.
#ifndef SCRUTINY_TESTS_LEDGER_SEAL_KEY_STORE_SUPPORT_H_
#define SCRUTINY_TESTS_LEDGER_SEAL_KEY_STORE_SUPPORT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

#include "ledger/seal/key_store.h"
#include "tests/ledger/seal/crash_disk.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::testing {

class KeyStoreOnDisk : public ::testing::Test {
 protected:
  static constexpr char kDir[] = "/keys.d";
  static constexpr char kKeys[] = "/keys.d/keys";

  ledger::KeyStoreOptions Options() {
    ledger::KeyStoreOptions options;
    options.dir = kDir;
    options.ledger_id = std::string(16, 'L');
    options.clock = &clock_;
    options.random = &random_;
    options.files = &disk_;
    return options;
  }

  // Closes the store and opens it again.
  absl::Status Reopen() {
    store_.reset();
    absl::StatusOr<std::unique_ptr<ledger::KeyStore>> opened = ledger::KeyStore::Open(Options());
    if (opened.ok()) store_ = *std::move(opened);
    return opened.status();
  }

  ledger::SubjectKey KeyFor(const std::string& subject) {
    absl::StatusOr<ledger::SubjectKey> key = store_->KeyFor(subject);
    EXPECT_THAT(key, IsOk());
    return key.ok() ? *std::move(key) : ledger::SubjectKey{};
  }

  static ledger::ErasureRequest Request(const std::string& subject,
                                        const std::string& request_id = "r-1") {
    return ledger::ErasureRequest{subject, "request under Article 17", "DPO, IG/24/118", request_id,
                                  "clerk"};
  }

  ledger::PendingErasure Erase(const std::string& subject, const std::string& request_id = "r-1") {
    absl::StatusOr<ledger::PendingErasure> erasure =
        store_->BeginErasure(Request(subject, request_id));
    EXPECT_THAT(erasure, IsOk());
    return erasure.ok() ? *std::move(erasure) : ledger::PendingErasure{};
  }

  bool Holds(const ledger::SubjectKey& key) const {
    const absl::StatusOr<ledger::Secret> found = store_->Find(key.id);
    return found.ok() && found->view() == key.key.view();
  }

  std::vector<std::string> EpochFiles() const {
    std::vector<std::string> files;
    for (const std::string& file : disk_.Files()) {
      if (absl::StartsWith(file, "/keys.d/epoch-")) files.push_back(file.substr(8));
    }
    return files;
  }

  CrashDisk disk_;
  ManualClock clock_;
  SeededRandom random_{7};
  std::unique_ptr<ledger::KeyStore> store_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_SEAL_KEY_STORE_SUPPORT_H_
