// tests/ledger/checkpoint/signed_ledger.h
// A ledger on disk with its identity and its checkpointer, as the server opens them: opened,
// closed, rolled back, copied.
#ifndef SCRUTINY_TESTS_LEDGER_CHECKPOINT_SIGNED_LEDGER_H_
#define SCRUTINY_TESTS_LEDGER_CHECKPOINT_SIGNED_LEDGER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/append/tree.h"
#include "ledger/base/random.h"
#include "ledger/base/status.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/vkey.h"
#include "tests/ledger/checkpoint/files.h"
#include "tests/support/facts.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

inline constexpr char kTestOrigin[] = "example.org/ledger";

// True as soon as it holds, at most ten seconds from now.
inline bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 10'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

// Real time, so that a thread that would do something wrongly gets to do it. A test that waits so
// for nothing to happen can only pass too easily, never fail by chance.
inline void GiveOthersTime() { std::this_thread::sleep_for(std::chrono::milliseconds(15)); }

// One open ledger with everything that signs; what borrows stands behind what it borrows.
struct SignedLedger {
  std::unique_ptr<ledger::Identity> identity;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<ledger::Checkpointer> checkpointer;
};

class SignedLedgerTest : public ::testing::Test {
 protected:
  std::string data() const { return dir_.File("data"); }
  std::string identity() const { return dir_.File("identity"); }

  // The ledger alone, as one that signs nothing.
  absl::StatusOr<std::unique_ptr<ledger::Ledger>> OpenLedgerAlone(const std::string& data,
                                                                  ledger::MakeKey make_key = {}) {
    ledger::LedgerOptions options;
    options.data = data;
    options.clock = &clock_;
    options.make_key = std::move(make_key);
    if (!std::filesystem::exists(data)) options.origin = kTestOrigin;
    return ledger::Ledger::Open(options);
  }
  // As the server does it.
  absl::StatusOr<SignedLedger> TryOpen(
      const std::string& data, const std::string& identity,
      absl::optional<ledger::NewIncarnation> new_incarnation = absl::nullopt) {
    SignedLedger opened;
    SCRUTINY_ASSIGN_OR_RETURN(opened.identity, ledger::Identity::Open(identity));
    ledger::Identity& keys = *opened.identity;
    ledger::LedgerOptions options;
    options.data = data;
    options.clock = &clock_;
    if (!std::filesystem::exists(data)) options.origin = kTestOrigin;
    options.make_key = [&](absl::string_view origin) { return keys.MakeKey(origin, random_); };
    if (new_incarnation) {
      new_incarnation->make_key = [&](absl::string_view origin) {
        return keys.MakeNextKey(origin, random_);
      };
      options.new_incarnation = std::move(new_incarnation);
    }
    SCRUTINY_ASSIGN_OR_RETURN(opened.ledger, ledger::Ledger::Open(options));
    SCRUTINY_ASSIGN_OR_RETURN(opened.checkpointer,
                              ledger::Checkpointer::Open({*opened.ledger, keys, clock_, random_}));
    return opened;
  }
  absl::StatusOr<SignedLedger> TryOpen() { return TryOpen(data(), identity()); }
  void Open() {
    opened_.reset();
    absl::StatusOr<SignedLedger> opened = TryOpen();
    SCRUTINY_ASSERT_OK(opened);
    opened_ = std::make_unique<SignedLedger>(*std::move(opened));
  }
  void Close() { opened_.reset(); }

  ledger::Ledger& log() { return *opened_->ledger; }
  ledger::Checkpointer& checkpointer() { return *opened_->checkpointer; }
  const ledger::Identity& keys() const { return *opened_->identity; }

  // One append of so many facts.
  void AppendTo(ledger::Ledger& ledger, size_t facts, const std::string& title = "A") {
    const uint64_t size = ledger.size().value();
    std::vector<event::v1::Proposed> proposed;
    for (size_t i = 0; i < facts; ++i)
      proposed.push_back(ActionRaised(ActionName(size + i), title));
    SCRUTINY_ASSERT_OK(ledger.AppendAndWait(AppendOf(absl::StrCat("r", size), proposed)));
  }
  void Append(size_t facts = 1) { AppendTo(log(), facts); }
  // Lets the clock run until all there is now is signed.
  void LetSign() {
    const ledger::TreeSize size = log().size();
    // What was being signed meanwhile may not cover it, and puts off what does.
    for (int i = 0; i < 100 && checkpointer().newest()->checkpoint.size < size; ++i) {
      clock_.Advance(ledger::kCheckpointEveryMicros);
      for (int k = 0; k < 100 && checkpointer().newest()->checkpoint.size < size; ++k) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
    ASSERT_GE(checkpointer().newest()->checkpoint.size, size);
  }
  void AppendSigned(size_t facts = 1) {
    Append(facts);
    LetSign();
  }

  // What the log in the identity folder ends with.
  ledger::Checkpoint NewestLogged(const ledger::Identity& identity) {
    const absl::StatusOr<ledger::SignedNote> note =
        ledger::ParseNote(identity.NewestCheckpoint().value());
    SCRUTINY_EXPECT_OK(note);
    const auto checkpoint = ledger::ParseCheckpoint(note.ok() ? note->text : "");
    SCRUTINY_EXPECT_OK(checkpoint);
    return checkpoint.value_or(ledger::Checkpoint());
  }
  static ledger::VerifierKey KeyOf(const std::string& vkey) {
    const absl::StatusOr<ledger::VerifierKey> key = ledger::ParseVerifierKey(vkey);
    SCRUTINY_EXPECT_OK(key);
    return key.value_or(ledger::VerifierKey());
  }
  // The keys in the folder, whatever the ledger says of them.
  static std::vector<ledger::VerifierKey> KeysOf(const ledger::Identity& identity) {
    std::vector<ledger::VerifierKey> keys;
    const auto signers = identity.ReadKeys();
    SCRUTINY_EXPECT_OK(signers);
    if (!signers.ok()) return keys;
    for (const ledger::Signer& signer : *signers) keys.push_back(signer.verifier());
    return keys;
  }

  TempDir dir_;
  ManualClock clock_;
  ledger::SystemRandom random_;
  std::unique_ptr<SignedLedger> opened_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_CHECKPOINT_SIGNED_LEDGER_H_
