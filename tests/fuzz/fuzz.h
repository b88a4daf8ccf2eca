// tests/fuzz/fuzz.h
// What fuzz targets share. A target is a file NAME_fuzz.cc that defines LLVMFuzzerTestOneInput;
// what must hold it says with SCRUTINY_CHECK. tests/fuzz/README.md says how targets are run.
//
// Threads:  thread-compatible.
#ifndef SCRUTINY_TESTS_FUZZ_FUZZ_H_
#define SCRUTINY_TESTS_FUZZ_FUZZ_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace scrutiny::fuzz {

inline absl::string_view AsView(const uint8_t* data, size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

// Takes values off the front of an input; what is not there any more is zero or empty, so that
// every input means something.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(AsView(data, size)) {}

  bool empty() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }

  uint8_t Byte() {
    const absl::string_view byte = Take(1);
    return byte.empty() ? 0 : static_cast<uint8_t>(byte[0]);
  }
  uint16_t Short() {
    const uint8_t high = Byte();
    return static_cast<uint16_t>(high << 8 | Byte());
  }
  uint64_t Number() {
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | Byte();
    return value;
  }
  // Numbers as they matter: small ones, those about powers of two, and any.
  uint64_t AnySize() {
    const uint8_t how = Byte();
    if (how < 128) return how;
    if (how < 192) return (uint64_t{1} << (how & 63)) + Byte() % 5 - 2;
    return Number() >> (how & 63);
  }
  absl::string_view Take(size_t bytes) {
    const absl::string_view taken = rest_.substr(0, std::min(bytes, rest_.size()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // Bytes behind their length, as AppendPart writes them.
  absl::string_view Part() { return Take(Short()); }

 private:
  absl::string_view rest_;
};

inline void AppendPart(absl::string_view part, std::string* out) {
  ledger::AppendBigEndian(static_cast<uint16_t>(part.size()), out);
  out->append(part.data(), part.size());
}

// Every refusal says something to its reader, and has a reason programs know.
inline void CheckRefusal(const absl::Status& status) {
  SCRUTINY_CHECK(!status.ok());
  SCRUTINY_CHECK(!status.message().empty());
  SCRUTINY_CHECK(ledger::ReasonOf(status) != ledger::Reason::kUnspecified) << status.ToString();
}

}  // namespace scrutiny::fuzz

#endif  // SCRUTINY_TESTS_FUZZ_FUZZ_H_
