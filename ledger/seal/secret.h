// ledger/seal/secret.h
// Bytes that are wiped when they are no longer needed: keys, salts, what was sealed.
//
// Guarantees:  the bytes are overwritten before their memory is given back; moving leaves nothing
//              behind; copying is only ever on purpose (Copy).
// Threads:     thread-compatible.
// Limits:      wipes its own memory alone: a message parsed from it, or a string made of it, is the
//              user's to look after.
// Tests:       tests/ledger/seal/secret_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_SECRET_H_
#define SCRUTINY_LEDGER_SEAL_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

class Secret {
 public:
  Secret() = default;
  // So many zero bytes, to be filled.
  explicit Secret(size_t size);
  // A copy of the bytes.
  explicit Secret(absl::string_view bytes);
  ~Secret() { Wipe(); }

  Secret(Secret&& other) noexcept
      : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  Secret Copy() const { return Secret(view()); }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  absl::string_view view() const { return absl::string_view(bytes_.get(), size_); }
  // For a RandomSource.
  std::span<uint8_t> span() {
    return std::span<uint8_t>(reinterpret_cast<uint8_t*>(bytes_.get()), size_);
  }

  // Overwrites the bytes and lets go of them.
  void Wipe();

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
};

// Whether both are the same, in a time that does not tell where they differ.
bool SameSecret(absl::string_view a, absl::string_view b);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_SECRET_H_
