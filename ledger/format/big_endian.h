// ledger/format/big_endian.h
// Numbers in stored bytes and keys: big-endian, so that keys sort as the numbers do.
//
// Threads:  pure functions.
// Format:   ledger/FORMAT.md, "Notation".   Tests: tests/ledger/format/big_endian_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_BIG_ENDIAN_H_
#define SCRUTINY_LEDGER_FORMAT_BIG_ENDIAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// Writes the number at `out`, which has sizeof(T) bytes of room.
template <typename T>
inline void StoreBigEndian(T value, char* out) {
  static_assert(std::is_unsigned_v<T>);
  for (size_t i = sizeof(T); i-- > 0;) {
    out[i] = static_cast<char>(value & 0xff);
    value = static_cast<T>(uint64_t{value} >> 8);
  }
}

template <typename T>
inline void AppendBigEndian(T value, std::string* out) {
  char bytes[sizeof(T)];
  StoreBigEndian(value, bytes);
  out->append(bytes, sizeof(T));
}

// Reads a number from sizeof(T) bytes.
template <typename T>
inline T LoadBigEndian(const char* bytes) {
  static_assert(std::is_unsigned_v<T>);
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return static_cast<T>(value);
}

// Takes a number off the front; false if there are too few bytes.
template <typename T>
inline bool TakeBigEndian(absl::string_view* bytes, T* value) {
  if (bytes->size() < sizeof(T)) return false;
  *value = LoadBigEndian<T>(bytes->data());
  bytes->remove_prefix(sizeof(T));
  return true;
}

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_BIG_ENDIAN_H_
