// Whether a ledger continues what was signed before: the same history, the same or grown, and
// nothing else.
#include "ledger/checkpoint/fork_guard.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/base/error.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/support/facts.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::ActionName;
using ::scrutiny::testing::ActionRaised;
using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

constexpr char kOrigin[] = "example.org/ledger";

class ForkGuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    LedgerOptions options;
    options.data = dir_.path();
    options.origin = kOrigin;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(ledger_, Ledger::Open(options));
    // What was signed at every size.
    Note();
    for (int i = 0; i < 12; ++i) {
      std::vector<event::v1::Proposed> facts;
      for (int k = 0; k <= i * 4; ++k) facts.push_back(ActionRaised(ActionName(100 * i + k), "A"));
      SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(AppendOf(absl::StrCat("r", i), facts)));
      Note();
    }
  }
  void Note() { signed_.push_back({kOrigin, ledger_->size(), ledger_->tree().edge().Root()}); }
  absl::Status Check(const Checkpoint& known) {
    return CheckContinues(ledger_->tree(), known, "its checkpoint log in /srv/identity");
  }

  TempDir dir_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<Checkpoint> signed_;
};

TEST_F(ForkGuardTest, ALedgerContinuesEveryCheckpointThatItSigned) {
  ASSERT_GT(ledger_->size(), TreeSize(256)) << "beyond one tile";
  for (const Checkpoint& known : signed_) {
    SCRUTINY_EXPECT_OK(Check(known)) << known.size.value();
  }
  SCRUTINY_EXPECT_OK(Check({kOrigin, TreeSize(0), EmptyRoot()}));
}

TEST_F(ForkGuardTest, ALedgerOlderThanWhatWasSignedIsRefusedWithBothSizes) {
  const uint64_t size = ledger_->size().value();
  for (const uint64_t more : {size + 1, size + 1000, ~uint64_t{0}}) {
    Checkpoint known = signed_.back();
    known.size = TreeSize(more);
    const absl::Status status = Check(known);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(status.message()), HasSubstr("older than what was signed"));
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("it has ", size)));
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("a checkpoint of ", more)));
    EXPECT_THAT(std::string(status.message()), HasSubstr("/srv/identity"));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("--new-incarnation"));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("--restore"));
  }
}

TEST_F(ForkGuardTest, AnotherHistoryIsRefusedAtEverySize) {
  for (Checkpoint known : signed_) {
    known.root[31] ^= 1;
    const absl::Status status = Check(known);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(status.message()), HasSubstr("Somebody wrote another history"));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("--new-incarnation"));
  }
  EXPECT_THAT(Check({kOrigin, TreeSize(0), signed_[0].root}), FailsWith(Reason::kCorrupt));
}

TEST_F(ForkGuardTest, ARootOfAnotherSizeIsRefused) {
  Checkpoint known = signed_.back();
  known.size = TreeSize(known.size.value() - 1);
  EXPECT_THAT(Check(known), FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
