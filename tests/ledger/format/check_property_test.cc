// Goal:   whatever is within the limits of the proto options passes, and one thing that is not is
//         refused by its path, for every type of fact and every field.
// Method: facts are made from the descriptors by a reading of the options of their own
//         (random_fact.cc), and then broken in one place.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/check.h"
#include "ledger/format/derive.h"
#include "ledger/format/fact_types.h"
#include "tests/ledger/format/random_fact.h"

namespace scrutiny::ledger {
namespace {

RC_GTEST_PROP(CheckPropertyTest, FactsWithinLimitsPass, (uint64_t seed)) {
  const event::v1::Proposed fact = testing::RandomFact(seed);
  const absl::Status status = CheckProposed(fact);
  if (!status.ok()) RC_FAIL(status.ToString() + "\n" + fact.DebugString());
}

RC_GTEST_PROP(CheckPropertyTest, OneBrokenFieldIsRefusedByItsPath, (uint64_t seed, uint64_t way)) {
  event::v1::Proposed fact = testing::RandomFact(seed);
  const testing::Breakage breakage = testing::BreakFact(way, &fact);
  const absl::Status status = CheckProposed(fact);
  if (status.ok() || InfoOf(status).field != breakage.path) {
    RC_FAIL(breakage.path + ": " + breakage.what + ", but " + status.ToString() + " [" +
            InfoOf(status).field + "]\n" + fact.DebugString());
  }
}

// Refused in the clear, each by its path; taken where exactly these are to be sealed.
RC_GTEST_PROP(CheckPropertyTest, PrivateFieldsPassOnlyToBeSealed, (uint64_t seed)) {
  const event::v1::Proposed fact = testing::RandomFact(seed, testing::Private::kSome);
  const std::vector<std::string> paths = testing::PrivatePaths(fact);
  CheckOptions options;
  RC_ASSERT(CheckProposed(fact, options).ok() == paths.empty());
  std::vector<absl::string_view> to_be_sealed(paths.begin(), paths.end());
  for (size_t kept = paths.size(); kept > 0; --kept) {
    options.to_be_sealed = absl::MakeConstSpan(to_be_sealed).subspan(0, kept - 1);
    RC_ASSERT(InfoOf(CheckProposed(fact, options)).field == paths[kept - 1]);
  }
  options.to_be_sealed = to_be_sealed;
  const absl::Status status = CheckProposed(fact, options);
  if (!status.ok()) RC_FAIL(status.ToString() + "\n" + fact.DebugString());
}

RC_GTEST_PROP(CheckPropertyTest, WhatPassesHasBoundedClaims, (uint64_t seed)) {
  const Derived derived = DeriveFrom(testing::RandomFact(seed), {});
  RC_ASSERT(derived.claims.size() <= kAliasesPerEntryMax);
  const std::set<std::string> cites(derived.cites.begin(), derived.cites.end());
  RC_ASSERT(cites.size() == derived.cites.size());
}

// The generator reaches every type, or the properties above would say less than they seem to.
TEST(CheckPropertyTest, EveryTypeOfFactIsTried) {
  std::set<uint32_t> tried;
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    tried.insert(TypeOf(testing::RandomFact(seed)).value());
  }
  for (const FactTypeInfo& info : AllFactTypes()) {
    if (info.by_server || info.name == "SealedFact") continue;
    EXPECT_EQ(tried.count(info.type.value()), 1u) << info.name;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
