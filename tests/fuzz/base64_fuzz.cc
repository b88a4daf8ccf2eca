// Strict base 64: what decodes is what encoding gives, and what is encoded decodes.
#include "ledger/note/base64.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using scrutiny::ledger::DecodeBase64;
  using scrutiny::ledger::EncodeBase64;
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  const absl::optional<std::string> decoded = DecodeBase64(bytes);
  SCRUTINY_CHECK(!decoded.has_value() || EncodeBase64(*decoded) == bytes);
  const std::string encoded = EncodeBase64(bytes);
  SCRUTINY_CHECK(encoded.size() == (bytes.size() + 2) / 3 * 4);
  SCRUTINY_CHECK(DecodeBase64(encoded) == std::string(bytes));
  return 0;
}
