#include "services/grpc/token.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/feed/entry_source.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

using ledger::LedgerIdentity;
using ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;

LedgerIdentity Here() {
  LedgerIdentity identity;
  identity.ledger_id = "0123456789abcdef";
  identity.incarnation = 1;
  return identity;
}

TEST(TokenTest, ReadsBackWhatWasWritten) {
  Place place;
  place.kind = TokenKind::kRecords;
  place.next = 123'456'789'012;
  place.scope = 42;
  place.after = "actions/spab/1";
  const absl::StatusOr<Place> back = DecodeToken(Here(), EncodeToken(Here(), place), "page_token");
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->kind, place.kind);
  EXPECT_EQ(back->next, place.next);
  EXPECT_EQ(back->scope, place.scope);
  EXPECT_EQ(back->after, place.after);
}

TEST(TokenTest, OfAnotherLedgerOrIncarnationIsRefused) {
  const std::string token = EncodeToken(Here(), Place());
  LedgerIdentity other = Here();
  other.ledger_id[3] = 'x';
  EXPECT_THAT(DecodeToken(other, token, "cursor"), FailsWith(Reason::kLedgerChanged));
  LedgerIdentity restored = Here();
  restored.incarnation = 2;
  EXPECT_THAT(DecodeToken(restored, token, "cursor"), FailsWith(Reason::kLedgerChanged));
}

TEST(TokenTest, AnyChangeIsNoticed) {
  Place place;
  place.next = 7;
  const std::string token = EncodeToken(Here(), place);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const absl::StatusOr<Place> decoded = DecodeToken(Here(), changed, "cursor");
    // The last character may hold unused bits.
    if (decoded.ok()) {
      EXPECT_EQ(i, token.size() - 1);
      EXPECT_EQ(decoded->next, place.next);
    } else {
      EXPECT_THAT(decoded, FailsWith(Reason::kMalformed));
    }
  }
  for (const std::string& wrong : {std::string(), std::string("?"), token.substr(0, 20)}) {
    EXPECT_THAT(DecodeToken(Here(), wrong, "cursor"), FailsWith(Reason::kMalformed));
  }
}

TEST(TokenTest, GoesOnlyWithItsRequest) {
  ::scrutiny::ledger::v1::ReadRequest one;
  ::scrutiny::ledger::v1::ReadRequest two;
  two.set_from_sequence(1);
  Place place;
  place.scope = ScopeOf(one);
  EXPECT_THAT(CheckScope(place, ScopeOf(one), "cursor"), IsOk());
  EXPECT_THAT(CheckScope(place, ScopeOf(two), "cursor"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(CheckScope(Place(), ScopeOf(two), "cursor"), IsOk());
}

TEST(TokenTest, APlaceBeyondTheEndMeansTheLedgerChanged) {
  Place place;
  place.next = 8;
  EXPECT_THAT(CheckNotAhead(place, 8, "cursor"), IsOk());
  EXPECT_THAT(CheckNotAhead(place, 7, "cursor"), FailsWith(Reason::kLedgerChanged));
}

}  // namespace
}  // namespace scrutiny::services
