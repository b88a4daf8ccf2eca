// Cursors and page tokens as clients send them back: what is taken is what was given out.
#include <string>

#include "ledger/feed/entry_source.h"
#include "projections/queries/page.h"
#include "services/grpc/token.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny {
namespace {

ledger::LedgerIdentity Identity() {
  ledger::LedgerIdentity identity;
  identity.ledger_id = std::string(16, 'L');
  identity.incarnation = 1;
  return identity;
}

void CheckCursor(absl::string_view text) {
  const absl::StatusOr<services::Place> place = services::DecodeToken(Identity(), text, "cursor");
  if (!place.ok()) return fuzz::CheckRefusal(place.status());
  SCRUTINY_CHECK(
      services::DecodeToken(Identity(), services::EncodeToken(Identity(), *place), "cursor").ok());
}

void CheckPage(absl::string_view text) {
  const std::string fingerprint(projections::kFingerprintBytes, 'f');
  const absl::StatusOr<projections::PageToken> token =
      projections::DecodePageToken(text, Identity(), 1, fingerprint);
  if (!token.ok()) return fuzz::CheckRefusal(token.status());
  const absl::StatusOr<projections::PageToken> again = projections::DecodePageToken(
      projections::EncodePageToken(*token), Identity(), 1, fingerprint);
  SCRUTINY_CHECK_OK(again.status());
  SCRUTINY_CHECK(again->last == token->last && again->judged_on == token->judged_on &&
                 again->after == token->after);
}

// Any place comes back as it was.
void CheckMade(fuzz::Input input) {
  services::Place place;
  place.kind = static_cast<services::TokenKind>(1 + input.Byte() % 4);
  place.next = input.AnySize();
  place.scope = input.Number();
  if (place.kind == services::TokenKind::kRecords) place.after = std::string(input.rest());
  const absl::StatusOr<services::Place> decoded =
      services::DecodeToken(Identity(), services::EncodeToken(Identity(), place), "cursor");
  SCRUTINY_CHECK_OK(decoded.status());
  SCRUTINY_CHECK(decoded->kind == place.kind && decoded->next == place.next &&
                 decoded->scope == place.scope && decoded->after == place.after);
}

}  // namespace
}  // namespace scrutiny

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = scrutiny::fuzz::AsView(data, size);
  scrutiny::CheckCursor(text);
  scrutiny::CheckPage(text);
  scrutiny::CheckMade(scrutiny::fuzz::Input(data, size));
  return 0;
}
