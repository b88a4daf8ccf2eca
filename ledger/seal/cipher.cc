#include "ledger/seal/cipher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "openssl/core_names.h"
#include "openssl/evp.h"
#include "openssl/params.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kSealLabel = "ledger-seal-v1\n";
constexpr absl::string_view kCommitLabel = "ledger-commit-v1\n";
// Before the payload: salt and length.
constexpr size_t kHeadBytes = kSealSaltBytes + sizeof(uint32_t);

// HMAC-SHA256. One context a thread, with its algorithms looked up once.
class Hmac {
 public:
  Hmac() {
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    SCRUTINY_CHECK(mac != nullptr) << "OpenSSL offers no HMAC";
    context_ = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    SCRUTINY_CHECK(context_ != nullptr) << "out of memory";
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    SCRUTINY_CHECK(EVP_MAC_CTX_set_params(context_, params) == 1);
  }
  ~Hmac() { EVP_MAC_CTX_free(context_); }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;

  void Start(absl::string_view key) {
    SCRUTINY_CHECK(EVP_MAC_init(context_, reinterpret_cast<const uint8_t*>(key.data()), key.size(),
                                nullptr) == 1);
  }
  void Update(absl::string_view bytes) {
    SCRUTINY_CHECK(EVP_MAC_update(context_, reinterpret_cast<const uint8_t*>(bytes.data()),
                                  bytes.size()) == 1);
  }
  Hash Finish() {
    constexpr absl::string_view kNoKey("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    Hash hash;
    size_t written = 0;
    SCRUTINY_CHECK(EVP_MAC_final(context_, hash.data(), &written, hash.size()) == 1);
    // The context stays with the thread; what follows from the key must not.
    Start(kNoKey);
    return hash;
  }

 private:
  EVP_MAC_CTX* context_ = nullptr;
};

Hmac& ThreadHmac() {
  thread_local Hmac hmac;
  return hmac;
}

Hash CommitmentWith(const Hash& context_hash, const SealId& seal_id, absl::string_view salt,
                    absl::string_view payload) {
  Hmac& hmac = ThreadHmac();
  hmac.Start(salt);
  hmac.Update(kCommitLabel);
  hmac.Update(AsBytes(context_hash));
  hmac.Update(AsBytes(seal_id));
  hmac.Update(payload);
  return hmac.Finish();
}

std::string AadOf(const Hash& context_hash, const SealId& seal_id) {
  return absl::StrCat(kSealLabel, AsBytes(context_hash), AsBytes(seal_id));
}

size_t PaddedBytes(size_t payload_bytes) {
  const size_t bytes = kHeadBytes + payload_bytes;
  return (bytes + kSealPaddingBytes - 1) / kSealPaddingBytes * kSealPaddingBytes;
}

Error Damaged(absl::string_view sentence) {
  return Error(Reason::kCorrupt, sentence)
      .Next("Restore the ledger's store from a backup; the entry itself is not touched.");
}

}  // namespace

SealContext::SealContext(absl::Span<const uint8_t> entry_id, uint8_t index) {
  SCRUTINY_CHECK(entry_id.size() == kSealEntryIdBytes);
  std::copy(entry_id.begin(), entry_id.end(), bytes_.begin());
  bytes_.back() = index;
}

SealedPayload SealPayload(absl::string_view context, absl::string_view payload,
                          RandomSource& random) {
  // One call: the system's randomness costs by the call.
  Secret fresh(kAeadKeyBytes + kAeadNonceBytes + kSealSaltBytes + kSealIdBytes);
  random.Fill(fresh.span());
  absl::string_view rest = fresh.view();
  const auto take = [&rest](size_t bytes) {
    const absl::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  };
  Secret key(take(kAeadKeyBytes));
  const absl::string_view nonce = take(kAeadNonceBytes);
  const absl::string_view salt = take(kSealSaltBytes);
  SealId seal_id;
  take(kSealIdBytes).copy(reinterpret_cast<char*>(seal_id.data()), kSealIdBytes);
  return SealPayloadWith(context, payload, std::move(key), nonce, salt, seal_id);
}

SealedPayload SealPayloadWith(absl::string_view context, absl::string_view payload, Secret key,
                              absl::string_view nonce, absl::string_view salt,
                              const SealId& seal_id) {
  SCRUTINY_CHECK(payload.size() <= kFactBytesMax && salt.size() == kSealSaltBytes);
  const Hash context_hash = Sha256Of(context);
  Secret padded(PaddedBytes(payload.size()));
  salt.copy(padded.data(), salt.size());
  StoreBigEndian(static_cast<uint32_t>(payload.size()), padded.data() + kSealSaltBytes);
  payload.copy(padded.data() + kHeadBytes, payload.size());

  SealedPayload result;
  result.seal_id = seal_id;
  result.commitment = CommitmentWith(context_hash, seal_id, salt, payload);
  result.sealed = AeadSeal(key.view(), nonce, AadOf(context_hash, seal_id), padded.view());
  result.key = std::move(key);
  return result;
}

absl::StatusOr<OpenedSeal> OpenPayload(const Secret& key, absl::string_view context,
                                       const SealId& seal_id, absl::string_view sealed) {
  if (key.size() != kAeadKeyBytes) return Damaged("The key of a sealed part has a wrong length.");
  SCRUTINY_ASSIGN_OR_RETURN(const Secret padded,
                            AeadOpen(key.view(), AadOf(Sha256Of(context), seal_id), sealed,
                                     "The ciphertext of a sealed part"));
  absl::string_view rest = padded.view();
  if (rest.size() < kHeadBytes) return Damaged("A sealed part is too short to hold anything.");
  OpenedSeal opened;
  opened.salt = Secret(rest.substr(0, kSealSaltBytes));
  rest.remove_prefix(kSealSaltBytes);
  uint32_t length = 0;
  TakeBigEndian(&rest, &length);
  if (length > rest.size() || PaddedBytes(length) != padded.size()) {
    return Damaged("A sealed part says a length that it does not have.");
  }
  const absl::string_view padding = rest.substr(length);
  if (padding.find_first_not_of('\0') != absl::string_view::npos) {
    return Damaged("A sealed part is not padded with zeros.");
  }
  opened.payload = Secret(rest.substr(0, length));
  return opened;
}

absl::StatusOr<OpenedSeal> OpenSeal(const Secret& key, absl::string_view context,
                                    const event::v1::Seal& seal, absl::string_view sealed) {
  SCRUTINY_ASSIGN_OR_RETURN(const SealId seal_id, SealIdOf(seal));
  Hash commitment;
  if (seal.commitment().size() != commitment.size()) {
    return Damaged("The commitment of a sealed part has not 32 bytes.");
  }
  std::copy(seal.commitment().begin(), seal.commitment().end(), commitment.begin());
  if (sealed.size() != seal.ciphertext_bytes()) {
    return Damaged(absl::StrCat("The ciphertext of a sealed part has ", sealed.size(),
                                " bytes; its entry says ", seal.ciphertext_bytes(), "."));
  }
  if (AsBytes(Sha256Of(sealed)) != seal.ciphertext_sha256()) {
    return Damaged("The ciphertext of a sealed part is not the one its entry names.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(OpenedSeal opened, OpenPayload(key, context, seal_id, sealed));
  if (!CommitmentHolds(context, seal_id, opened.salt.view(), opened.payload.view(), commitment)) {
    return Error(Reason::kCorrupt, "A sealed part opens to something its entry did not commit to.")
        .Next("Somebody made this ciphertext with intent: keep the store and call the auditor.");
  }
  return opened;
}

Hash CommitmentTo(absl::string_view context, const SealId& seal_id, absl::string_view salt,
                  absl::string_view payload) {
  return CommitmentWith(Sha256Of(context), seal_id, salt, payload);
}

bool CommitmentHolds(absl::string_view context, const SealId& seal_id, absl::string_view salt,
                     absl::string_view payload, const Hash& commitment) {
  if (salt.size() != kSealSaltBytes) return false;
  return SameSecret(AsBytes(CommitmentTo(context, seal_id, salt, payload)), AsBytes(commitment));
}

size_t SealedBytes(size_t payload_bytes) { return kAeadOverheadBytes + PaddedBytes(payload_bytes); }

absl::StatusOr<SealId> SealIdOf(const event::v1::Seal& seal) {
  SealId id;
  if (seal.seal_id().size() != id.size()) {
    return Damaged("The id of a sealed part has not 16 bytes.");
  }
  std::copy(seal.seal_id().begin(), seal.seal_id().end(), id.begin());
  return id;
}

}  // namespace scrutiny::ledger
