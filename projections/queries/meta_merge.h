// projections/queries/meta_merge.h
// What stands behind a row that is made of other rows: their entries together.
//
// Threads:  thread-compatible.
// Limits:   the latest kRowEntriesMax sequences; the count goes on.
#ifndef SCRUTINY_PROJECTIONS_QUERIES_META_MERGE_H_
#define SCRUTINY_PROJECTIONS_QUERIES_META_MERGE_H_

#include <cstdint>
#include <set>

#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// Rows that are added have no entry in common.
class MetaMerge {
 public:
  void Add(const register_::v1::RowMeta& meta) {
    for (const uint64_t sequence : meta.entries()) {
      entries_.insert(sequence);
      if (entries_.size() > kRowEntriesMax) entries_.erase(entries_.begin());
    }
    all_.set_entry_count(all_.entry_count() + meta.entry_count());
    all_.set_date_not_known(all_.date_not_known() || meta.date_not_known());
    all_.set_despite(all_.despite() || meta.despite());
    all_.set_inferred(all_.inferred() || meta.inferred());
    all_.set_corrected(all_.corrected() || meta.corrected());
  }

  void WriteTo(register_::v1::RowMeta* meta) const {
    *meta = all_;
    for (const uint64_t sequence : entries_) meta->add_entries(sequence);
  }

 private:
  std::set<uint64_t> entries_;
  register_::v1::RowMeta all_;  // but the entries
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_META_MERGE_H_
