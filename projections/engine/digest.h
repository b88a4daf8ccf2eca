// projections/engine/digest.h
// The digest of a register: what its rows went through, in 32 bytes, at every position. Two servers
// that were fed the same entries have the same digests, and so has a register that was rebuilt.
//
//   digest at a position = SHA-256(digest before || position || each changed row)
//   changed row          = length of record || record || length of key || key || length of row ||
//   row
//
// The digest before the first change is 32 zero bytes; the position is that of the last entry of
// the append that changed the rows; numbers are 8 bytes (position) and 4 bytes (lengths),
// big-endian; changed rows come by record, then by key, in the order of their bytes; a row that is
// no more has length 0. Where an append changes no row the digest stays.
//
// Guarantees:  depends on the rows in all their versions and on nothing else.
// Threads:     thread-compatible.
// Tests:       tests/projections/engine/digest_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_DIGEST_H_
#define SCRUTINY_PROJECTIONS_ENGINE_DIGEST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"

namespace scrutiny::projections {

// Rows that changed, gathered in any order.
class RowChanges {
 public:
  // `row` is empty if there is none any more. A row changes once at a position.
  void Add(ledger::Sequence position, absl::string_view record, absl::string_view key,
           absl::string_view row);
  void Clear();

  // Calls `each` with every position at which rows changed, in order, and the digest there; returns
  // the last one, `before` if nothing changed.
  ledger::Hash Chain(const ledger::Hash& before,
                     absl::FunctionRef<void(ledger::Sequence, const ledger::Hash&)> each);

 private:
  struct Change {
    ledger::Sequence position;
    size_t at;  // in bytes_
    size_t record_bytes;
    size_t key_bytes;
    size_t row_bytes;
  };
  absl::string_view RecordOf(const Change& change) const;
  absl::string_view KeyOf(const Change& change) const;
  absl::string_view RowOf(const Change& change) const;

  std::string bytes_;
  std::vector<Change> changes_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_DIGEST_H_
