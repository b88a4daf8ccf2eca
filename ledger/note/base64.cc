#include "ledger/note/base64.h"

#include "absl/strings/escaping.h"
#include "openssl/crypto.h"

namespace scrutiny::ledger {

std::string EncodeBase64(absl::string_view bytes) {
  std::string text;
  absl::Base64Escape(bytes, &text);
  return text;
}

absl::optional<std::string> DecodeBase64(absl::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes)) return absl::nullopt;
  // Abseil takes white space, missing padding and stray bits; only the one form passes this.
  std::string again = EncodeBase64(bytes);
  const bool canonical = again == text;
  OPENSSL_cleanse(again.data(), again.size());  // It may be a private key.
  if (!canonical) return absl::nullopt;
  return bytes;
}

}  // namespace scrutiny::ledger
