#include "ledger/format/hash.h"

#include <cstddef>

#include "openssl/evp.h"

#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

// Fetched once a process: looking an algorithm up costs more than hashing a small entry.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = [] {
    const EVP_MD* fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    SCRUTINY_CHECK(fetched != nullptr) << "OpenSSL offers no SHA-256";
    return fetched;
  }();
  return algorithm;
}

// A digest context of OpenSSL. With a fetched algorithm and memory at hand its calls cannot fail.
class DigestContext {
 public:
  DigestContext() : context_(EVP_MD_CTX_new()) {
    SCRUTINY_CHECK(context_ != nullptr) << "out of memory";
  }
  ~DigestContext() { EVP_MD_CTX_free(context_); }
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;

  void Start() { SCRUTINY_CHECK(EVP_DigestInit_ex2(context_, Sha256Algorithm(), nullptr) == 1); }
  void Update(absl::string_view bytes) {
    SCRUTINY_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  }
  Hash Finish() {
    Hash hash;
    SCRUTINY_CHECK(EVP_DigestFinal_ex(context_, hash.data(), nullptr) == 1);
    return hash;
  }

 private:
  EVP_MD_CTX* const context_;
};

// One a thread, reused, for hashes made in one go.
DigestContext& ThreadContext() {
  thread_local DigestContext context;
  return context;
}

}  // namespace

struct Sha256::Context {
  DigestContext digest;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) { context_->digest.Start(); }

Sha256::~Sha256() = default;

void Sha256::Update(absl::string_view bytes) { context_->digest.Update(bytes); }

Hash Sha256::Finish() {
  const Hash hash = context_->digest.Finish();
  context_->digest.Start();
  return hash;
}

Hash Sha256Of(absl::string_view bytes) {
  DigestContext& context = ThreadContext();
  context.Start();
  context.Update(bytes);
  return context.Finish();
}

Hash LeafHash(absl::string_view entry) {
  // The prefix keeps leaves and nodes of the tree apart.
  constexpr absl::string_view kLeafPrefix("\0", 1);
  DigestContext& context = ThreadContext();
  context.Start();
  context.Update(kLeafPrefix);
  context.Update(entry);
  return context.Finish();
}

std::string ToHex(absl::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(bytes.size() * 2, '0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    hex[2 * i] = kDigits[byte >> 4];
    hex[2 * i + 1] = kDigits[byte & 0x0f];
  }
  return hex;
}

}  // namespace scrutiny::ledger
