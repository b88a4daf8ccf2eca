#include "ledger/seal/aead.h"

#include <array>
#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "openssl/evp.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

struct FreeContext {
  // Wipes the key schedule too.
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once a process: looking an algorithm up costs more than encrypting a fact.
const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = [] {
    const EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    SCRUTINY_CHECK(fetched != nullptr) << "OpenSSL offers no AES-256-GCM";
    return fetched;
  }();
  return algorithm;
}

const uint8_t* Bytes(absl::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

Context NewContext() {
  Context context(EVP_CIPHER_CTX_new());
  SCRUTINY_CHECK(context != nullptr) << "out of memory";
  return context;
}

}  // namespace

std::string AeadSeal(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                     absl::string_view plain) {
  SCRUTINY_CHECK(key.size() == kAeadKeyBytes && nonce.size() == kAeadNonceBytes);
  std::string sealed(kAeadOverheadBytes + plain.size(), '\0');
  nonce.copy(sealed.data(), nonce.size());
  auto* out = reinterpret_cast<uint8_t*>(sealed.data()) + kAeadNonceBytes;
  const Context context = NewContext();
  int written = 0;
  SCRUTINY_CHECK(
      EVP_EncryptInit_ex2(context.get(), Algorithm(), Bytes(key), Bytes(nonce), nullptr) == 1);
  SCRUTINY_CHECK(EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(aad),
                                   static_cast<int>(aad.size())) == 1);
  SCRUTINY_CHECK(EVP_EncryptUpdate(context.get(), out, &written, Bytes(plain),
                                   static_cast<int>(plain.size())) == 1);
  SCRUTINY_CHECK(EVP_EncryptFinal_ex(context.get(), out + plain.size(), &written) == 1);
  SCRUTINY_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes,
                                     out + plain.size()) == 1);
  return sealed;
}

absl::StatusOr<Secret> AeadOpen(absl::string_view key, absl::string_view aad,
                                absl::string_view sealed, absl::string_view what) {
  SCRUTINY_CHECK(key.size() == kAeadKeyBytes);
  if (sealed.size() < kAeadOverheadBytes) {
    return Error(Reason::kCorrupt,
                 absl::StrCat(what, " is cut short: it has ", sealed.size(), " bytes."));
  }
  const absl::string_view nonce = sealed.substr(0, kAeadNonceBytes);
  const absl::string_view cipher =
      sealed.substr(kAeadNonceBytes, sealed.size() - kAeadOverheadBytes);
  std::array<uint8_t, kAeadTagBytes> tag;
  sealed.substr(sealed.size() - kAeadTagBytes)
      .copy(reinterpret_cast<char*>(tag.data()), kAeadTagBytes);

  Secret plain(cipher.size());
  uint8_t nothing = 0;
  uint8_t* out = plain.empty() ? &nothing : plain.span().data();
  const Context context = NewContext();
  int written = 0;
  SCRUTINY_CHECK(
      EVP_DecryptInit_ex2(context.get(), Algorithm(), Bytes(key), Bytes(nonce), nullptr) == 1);
  SCRUTINY_CHECK(
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, tag.data()) == 1);
  SCRUTINY_CHECK(EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(aad),
                                   static_cast<int>(aad.size())) == 1);
  SCRUTINY_CHECK(EVP_DecryptUpdate(context.get(), out, &written, Bytes(cipher),
                                   static_cast<int>(cipher.size())) == 1);
  if (EVP_DecryptFinal_ex(context.get(), out + cipher.size(), &written) != 1) {
    return Error(Reason::kCorrupt,
                 absl::StrCat(what, " does not open: it was altered, or the key is another."));
  }
  return plain;
}

std::string WrapKey(const Secret& under, absl::string_view context, const Secret& key,
                    RandomSource& random) {
  SCRUTINY_CHECK(key.size() == kAeadKeyBytes);
  std::array<uint8_t, kAeadNonceBytes> nonce;
  random.Fill(nonce);
  return AeadSeal(under.view(),
                  absl::string_view(reinterpret_cast<const char*>(nonce.data()), nonce.size()),
                  context, key.view());
}

absl::StatusOr<Secret> UnwrapKey(const Secret& under, absl::string_view context,
                                 absl::string_view wrapped, absl::string_view what) {
  if (wrapped.size() != kWrappedKeyBytes) {
    return Error(Reason::kCorrupt, absl::StrCat(what, " has ", wrapped.size(), " bytes, not ",
                                                kWrappedKeyBytes, "."));
  }
  return AeadOpen(under.view(), context, wrapped, what);
}

}  // namespace scrutiny::ledger
