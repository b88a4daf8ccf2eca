#include "ledger/note/ed25519.h"

#include <algorithm>
#include <utility>

#include "openssl/crypto.h"
#include "openssl/err.h"
#include "openssl/evp.h"

#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;

constexpr char kAlgorithm[] = "ED25519";

ContextPtr NewContext() {
  ContextPtr context(EVP_MD_CTX_new());
  SCRUTINY_CHECK(context != nullptr) << "out of memory";
  return context;
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct SigningKey::Key {
  KeyPtr pkey;
};

SigningKey::SigningKey() = default;

SigningKey SigningKey::FromSeed(std::span<const uint8_t, kSeedBytes> seed) {
  SigningKey key;
  std::copy(seed.begin(), seed.end(), key.seed_.begin());
  key.key_ = std::make_unique<Key>();
  key.key_->pkey.reset(
      EVP_PKEY_new_raw_private_key_ex(nullptr, kAlgorithm, nullptr, seed.data(), seed.size()));
  // Any 32 bytes are a seed: only a library without the algorithm fails here.
  SCRUTINY_CHECK(key.key_->pkey != nullptr) << "OpenSSL offers no Ed25519";
  size_t size = key.public_key_.size();
  SCRUTINY_CHECK(EVP_PKEY_get_raw_public_key(key.key_->pkey.get(), key.public_key_.data(), &size) ==
                     1 &&
                 size == key.public_key_.size());
  return key;
}

SigningKey SigningKey::Generate(RandomSource& random) {
  Seed seed;
  random.Fill(seed);
  SigningKey key = FromSeed(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return key;
}

SigningKey::SigningKey(SigningKey&& other) noexcept
    : seed_(other.seed_), public_key_(other.public_key_), key_(std::move(other.key_)) {
  other.Wipe();
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  if (this == &other) return *this;
  seed_ = other.seed_;
  public_key_ = other.public_key_;
  key_ = std::move(other.key_);
  other.Wipe();
  return *this;
}

SigningKey::~SigningKey() { Wipe(); }

void SigningKey::Wipe() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Signature SigningKey::Sign(absl::string_view message) const {
  SCRUTINY_CHECK(key_ != nullptr) << "signing with a key that was moved away";
  const ContextPtr context = NewContext();
  Signature signature;
  size_t size = signature.size();
  SCRUTINY_CHECK(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                       key_->pkey.get(), nullptr) == 1);
  SCRUTINY_CHECK(
      EVP_DigestSign(context.get(), signature.data(), &size, Bytes(message), message.size()) == 1 &&
      size == signature.size());
  return signature;
}

bool VerifySignature(const PublicKey& key, absl::string_view message, absl::string_view signature) {
  if (signature.size() != kSignatureBytes) return false;
  const KeyPtr pkey(
      EVP_PKEY_new_raw_public_key_ex(nullptr, kAlgorithm, nullptr, key.data(), key.size()));
  SCRUTINY_CHECK(pkey != nullptr) << "OpenSSL offers no Ed25519";
  const ContextPtr context = NewContext();
  SCRUTINY_CHECK(EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                         pkey.get(), nullptr) == 1);
  const bool verifies = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                         Bytes(message), message.size()) == 1;
  if (!verifies) ERR_clear_error();  // What a refusal queues would be taken for a later call's.
  return verifies;
}

}  // namespace scrutiny::ledger
