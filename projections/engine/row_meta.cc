#include "projections/engine/row_meta.h"

#include <algorithm>

namespace scrutiny::projections {

bool IsInferred(const Fact& fact) {
  const auto& sources = fact.proposed().sources();
  return std::any_of(sources.begin(), sources.end(), [](const event::v1::Source& source) {
    return source.basis() == event::v1::BASIS_INFERRED;
  });
}

void MetaBuilder::Add(const Fact& fact) {
  AddSequence(fact.sequence.value());
  if (fact.corrected()) {
    AddSequence(fact.current->assigned().sequence());
    corrected_ = true;
  }
  date_not_known_ |= fact.day == ledger::Day::Max();
  despite_ |= fact.proposed().recorded_despite_size() > 0;
  inferred_ |= IsInferred(fact);
}

void MetaBuilder::AddSequence(uint64_t sequence) {
  ++count_;
  if (entries_.size() == kRowEntriesMax) {
    if (sequence < entries_.front()) return;
    entries_.erase(entries_.begin());
  }
  entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), sequence), sequence);
}

void MetaBuilder::WriteTo(register_::v1::RowMeta* meta) const {
  meta->mutable_entries()->Assign(entries_.begin(), entries_.end());
  meta->set_entry_count(count_);
  meta->set_date_not_known(date_not_known_);
  meta->set_despite(despite_);
  meta->set_inferred(inferred_);
  meta->set_corrected(corrected_);
}

}  // namespace scrutiny::projections
