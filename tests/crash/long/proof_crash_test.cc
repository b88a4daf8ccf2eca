// Many rounds of proof_rounds.h; SCRUTINY_CRASH_ROUNDS says how many.
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"

#include "tests/crash/proof_rounds.h"

namespace scrutiny::crash {
namespace {

TEST(ProofCrashLongTest, EveryProofHoldsAndEveryErasureIsFinishedAfterAKill) {
  int rounds = 100;
  if (const char* wanted = std::getenv("SCRUTINY_CRASH_ROUNDS")) {
    ASSERT_TRUE(absl::SimpleAtoi(wanted, &rounds));
  }
  ProofRounds(rounds).Run();
}

}  // namespace
}  // namespace scrutiny::crash
