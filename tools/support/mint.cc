#include "tools/support/mint.h"

#include <array>

#include "absl/strings/str_cat.h"

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/base/status.h"
#include "ledger/format/hash.h"

namespace scrutiny::tools {
namespace {

// Crockford's alphabet: no letter that looks like a digit.
constexpr absl::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string UlidOf(int64_t unix_millis, absl::string_view ten_bytes) {
  SCRUTINY_CHECK(ten_bytes.size() == 10) << "a ULID has 80 random bits";
  std::string ulid;
  for (int shift = 45; shift >= 0; shift -= 5) ulid += kDigits[(unix_millis >> shift) & 31];
  uint32_t bits = 0;
  int held = 0;
  for (const char c : ten_bytes) {
    bits = (bits << 8) | static_cast<uint8_t>(c);
    for (held += 8; held >= 5; held -= 5) ulid += kDigits[(bits >> (held - 5)) & 31];
  }
  return ulid;
}

std::string MintUlid() {
  ledger::SystemClock clock;
  ledger::SystemRandom random;
  std::array<uint8_t, 10> bytes;
  random.Fill(bytes);
  return UlidOf(clock.WallMicros() / 1000,
                absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::string MintRequestId() { return absl::StrCat("cli/", MintUlid()); }

std::string DerivedId(absl::string_view prefix, absl::string_view text) {
  return absl::StrCat(prefix, "/",
                      ledger::ToHex(ledger::AsBytes(ledger::Sha256Of(text))).substr(0, 32));
}

}  // namespace scrutiny::tools
