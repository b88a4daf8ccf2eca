// ledger/base/ids.h
// The ledger's numbers as types of their own, so that a revision is never passed for a sequence.
//
// Guarantees:  no implicit conversion in or out; arithmetic only with plain counts.
// Threads:     values; thread-compatible.
// Tests:       tests/ledger/base/ids_test.cc
#ifndef SCRUTINY_LEDGER_BASE_IDS_H_
#define SCRUTINY_LEDGER_BASE_IDS_H_

#include <compare>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

namespace scrutiny::ledger {

// An unsigned number that means one thing only. Overflow is the caller's: 2^64 entries never come.
template <typename Tag, typename Rep>
class StrongNumber {
 public:
  using rep = Rep;

  constexpr StrongNumber() = default;
  constexpr explicit StrongNumber(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }
  std::string ToString() const { return std::to_string(value_); }

  friend constexpr bool operator==(StrongNumber a, StrongNumber b) = default;
  friend constexpr auto operator<=>(StrongNumber a, StrongNumber b) = default;

  constexpr StrongNumber& operator++() {
    ++value_;
    return *this;
  }
  constexpr StrongNumber& operator+=(Rep n) {
    value_ += n;
    return *this;
  }
  friend constexpr StrongNumber operator+(StrongNumber a, Rep n) {
    return StrongNumber(a.value_ + n);
  }
  friend constexpr StrongNumber operator-(StrongNumber a, Rep n) {
    return StrongNumber(a.value_ - n);
  }
  // The distance from b to a; a must not be less than b.
  friend constexpr Rep operator-(StrongNumber a, StrongNumber b) { return a.value_ - b.value_; }

  template <typename H>
  friend H AbslHashValue(H h, StrongNumber n) {
    return H::combine(std::move(h), n.value_);
  }
  friend std::ostream& operator<<(std::ostream& out, StrongNumber n) { return out << n.value_; }

 private:
  Rep value_ = 0;
};

// An entry's place in the ledger, dense from 0; also its leaf index in the tree.
using Sequence = StrongNumber<struct SequenceTag, uint64_t>;

// An entry's place in its record, dense from 1; 0 is a record without entries.
using Revision = StrongNumber<struct RevisionTag, uint64_t>;

// How many entries a ledger holds: one more than its last sequence, 0 when it is empty.
using TreeSize = StrongNumber<struct TreeSizeTag, uint64_t>;

// An entry's place among the entries of its fact type, dense from 1.
using Ordinal = StrongNumber<struct OrdinalTag, uint64_t>;

// Which fact an entry holds: the field's number in the event's oneof.
using FactType = StrongNumber<struct FactTypeTag, uint32_t>;

// The sequence that the next entry of a ledger of this size gets.
constexpr Sequence NextSequence(TreeSize size) { return Sequence(size.value()); }

// The size of a ledger whose last entry is this one.
constexpr TreeSize SizeThrough(Sequence last) { return TreeSize(last.value() + 1); }

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_IDS_H_
