#include "projections/queries/recorded_by.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::projections {
namespace {

using ledger::Sequence;

absl::StatusOr<event::v1::Assigned> AssignedOf(ledger::EntrySource& source, Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::ChunkPtr> chunks, source.Chunks(sequence, 1));
  for (const ledger::ChunkPtr& chunk : chunks) {
    if (!chunk->Contains(sequence)) continue;
    const absl::string_view bytes = chunk->entry(sequence - chunk->first());
    event::v1::Entry entry;
    if (entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return std::move(*entry.mutable_assigned());
    }
  }
  return ledger::Error(ledger::Reason::kCorrupt,
                       absl::StrCat("Entry ", sequence.value(), " cannot be read."))
      .Value(absl::StrCat(sequence.value()));
}

}  // namespace

absl::StatusOr<RecordedBy> RecordedBySequence(ledger::EntrySource& source, Sequence sequence) {
  const ledger::TreeSize size = source.size();
  if (sequence.value() >= size.value()) {
    return ledger::Error(ledger::Reason::kBeyondHead,
                         absl::StrCat("The ledger has no entry ", sequence.value(),
                                      " yet; its last is ", size.value() - 1, "."))
        .Field("view.sequence")
        .Value(absl::StrCat(sequence.value()));
  }
  SCRUTINY_ASSIGN_OR_RETURN(event::v1::Assigned assigned, AssignedOf(source, sequence));
  RecordedBy found;
  const uint64_t end = assigned.append_first() + assigned.append_count();
  if (end > sequence.value() + 1) {
    found.rounded = true;
    if (assigned.append_first() == 0) return found;
    sequence = Sequence(assigned.append_first() - 1);
    SCRUTINY_ASSIGN_OR_RETURN(assigned, AssignedOf(source, sequence));
  }
  found.last = sequence;
  found.recorded_at_us = assigned.recorded_at_us();
  return found;
}

absl::StatusOr<RecordedBy> RecordedByTime(ledger::EntrySource& source, int64_t time_us) {
  uint64_t low = 0;  // entries before it were recorded by then
  uint64_t high = source.size().value();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Assigned assigned,
                              AssignedOf(source, Sequence(middle)));
    if (assigned.recorded_at_us() <= time_us) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return RecordedBy();
  return RecordedBySequence(source, Sequence(low - 1));
}

absl::StatusOr<int64_t> RecordedAt(ledger::EntrySource& source, Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Assigned assigned, AssignedOf(source, sequence));
  return assigned.recorded_at_us();
}

}  // namespace scrutiny::projections
