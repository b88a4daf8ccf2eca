// projections/engine/row_meta.h
// Gathers what stands behind a row: its entries, and what is to be said of them.
//
// Threads:  thread-compatible.
// Limits:   the latest kRowEntriesMax sequences; the count goes on.
// Tests:    tests/projections/engine/row_fit_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ROW_META_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ROW_META_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "projections/engine/fact.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// As RowMeta.entries says.
inline constexpr size_t kRowEntriesMax = 100;

class MetaBuilder {
 public:
  void Add(const Fact& fact);
  void WriteTo(register_::v1::RowMeta* meta) const;

 private:
  void AddSequence(uint64_t sequence);

  std::vector<uint64_t> entries_;  // rising
  uint32_t count_ = 0;
  bool date_not_known_ = false;
  bool despite_ = false;
  bool inferred_ = false;
  bool corrected_ = false;
};

// Whether the fact was inferred, not printed: some source says so.
bool IsInferred(const Fact& fact);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ROW_META_H_
