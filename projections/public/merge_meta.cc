#include "projections/public/merge_meta.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "projections/engine/row_meta.h"

namespace scrutiny::projections {

void MergeMeta(const register_::v1::RowMeta& from, register_::v1::RowMeta* to) {
  std::vector<uint64_t> all;
  std::set_union(from.entries().begin(), from.entries().end(), to->entries().begin(),
                 to->entries().end(), std::back_inserter(all));
  const size_t listed = static_cast<size_t>(from.entries_size() + to->entries_size());
  const uint32_t twice = static_cast<uint32_t>(listed - all.size());
  to->set_entry_count(to->entry_count() + from.entry_count() - twice);
  const size_t first = all.size() > kRowEntriesMax ? all.size() - kRowEntriesMax : 0;
  to->mutable_entries()->Assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
  to->set_date_not_known(to->date_not_known() || from.date_not_known());
  to->set_despite(to->despite() || from.despite());
  to->set_inferred(to->inferred() || from.inferred());
  to->set_corrected(to->corrected() || from.corrected());
}

}  // namespace scrutiny::projections
