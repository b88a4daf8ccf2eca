#include "projections/engine/track.h"

#include <utility>
#include <vector>

#include "ledger/base/names.h"
#include "ledger/base/status.h"

namespace scrutiny::projections {

using ledger::Sequence;
using ledger::TreeSize;

Track::Track(const Register& definition, std::shared_ptr<Table> table, const TableHead& head)
    : definition_(definition), folder_(definition, std::move(table), head) {
  for (const uint32_t type : definition.fact_types) wanted_.Add(type);
}

bool Track::Wants(uint32_t type, absl::string_view record) const {
  if (type != event::v1::Proposed::kWithdrawn && !wanted_.Has(type)) return false;
  // Some facts stand on records of several kinds; each register takes those of its own. Of an entry
  // that cannot be read nobody knows the record: it stops every register that it might concern.
  return record.empty() || ledger::RecordKind(record) == definition_.kind;
}

void Track::AddWanted(TypeSet* wanted) const {
  wanted->Add(event::v1::Proposed::kWithdrawn);
  for (const uint32_t type : definition_.fact_types) wanted->Add(type);
}

absl::Status Track::Take(const Run& run, bool write_behind, size_t* folded) {
  const TreeSize before = applied();
  if (run.next() <= before) return absl::OkStatus();
  std::vector<const IncomingEntry*> entries;
  for (size_t i = 0; i < run.entries().size(); ++i) {
    const IncomingEntry& entry = run.entries()[i];
    if (entry.sequence.value() >= before.value() && Wants(run.types()[i], entry.record)) {
      entries.push_back(&entry);
    }
  }
  if (folded != nullptr) *folded += entries.size();
  absl::Status taken = folder_.Take(entries, run.next(), write_behind);
  if (taken.ok()) return taken;
  const absl::Status failure = taken;
  // As far as it goes: what stands before the append at fault. Not if it was an earlier run that
  // could not be written: then the folder is back before it.
  while (!taken.ok() && applied() == before && folder_.failed_append().value() > before.value()) {
    const Sequence end = folder_.failed_append();
    while (!entries.empty() && entries.back()->sequence >= end) entries.pop_back();
    taken = folder_.Take(entries, TreeSize(end.value()));
  }
  ledger::IgnoreError(folder_.Settle(), "the register stops anyway, and says why it failed first");
  return failure;
}

absl::Status Track::CatchUp(ledger::EntrySource& source, TreeSize size, Run& run) {
  TypeSet wanted;
  AddWanted(&wanted);
  while (applied() < size) {
    SCRUTINY_RETURN_IF_ERROR(run.Read(source, ledger::NextSequence(applied()), wanted));
    SCRUTINY_RETURN_IF_ERROR(Take(run, /*write_behind=*/false, nullptr));
  }
  return folder_.Settle();
}

}  // namespace scrutiny::projections
