// ledger/format/hash.h
// SHA-256 of stored bytes: leaves, request digests.
//
// Threads:  functions are thread-safe; Sha256 is confined to its user.
// Cost:     one digest context a thread, reused; see ledger/FORMAT.md for what is hashed.
// Format:   leaf hash = SHA-256(00 || entry), RFC 6962 §2.1.
// Tests:    tests/ledger/format/hash_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_HASH_H_
#define SCRUTINY_LEDGER_FORMAT_HASH_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

using Hash = std::array<uint8_t, 32>;

inline absl::string_view AsBytes(const Hash& hash) {
  return absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size());
}

// An incremental SHA-256; reusable after Finish.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(absl::string_view bytes);
  Hash Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// SHA-256 of the bytes.
Hash Sha256Of(absl::string_view bytes);

// The leaf hash of an entry: SHA-256(00 || entry).
Hash LeafHash(absl::string_view entry);

// Lower-case hexadecimal.
std::string ToHex(absl::string_view bytes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_HASH_H_
