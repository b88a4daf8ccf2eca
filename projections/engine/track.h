// projections/engine/track.h
// A table of a register on its way to the head of the ledger: what is served, or what is being
// built beside it.
//
// Guarantees:  as a Folder; what stands before an append that cannot be folded is folded.
// Threads:     confined to the thread that brings it on.
// Errors:      of a fold or the table, naming the entry.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_TRACK_H_
#define SCRUTINY_PROJECTIONS_ENGINE_TRACK_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"

#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"
#include "projections/engine/folder.h"
#include "projections/engine/register.h"
#include "projections/engine/run.h"
#include "projections/engine/table.h"

namespace scrutiny::projections {

class Track {
 public:
  // `definition` must outlive this.
  Track(const Register& definition, std::shared_ptr<Table> table, const TableHead& head);

  // Folds what the run has for it; `folded`, if given, grows by the entries folded.
  absl::Status Take(const Run& run, bool write_behind, size_t* folded);
  // Reads on and folds until it holds everything before `size`, which must be committed, and all of
  // it is in the table.
  absl::Status CatchUp(ledger::EntrySource& source, ledger::TreeSize size, Run& run);

  const Register& definition() const { return definition_; }
  Folder& folder() { return folder_; }
  ledger::TreeSize applied() const { return folder_.head().applied; }
  const std::shared_ptr<Table>& table() const { return folder_.table(); }
  // Adds the types of fact it wants.
  void AddWanted(TypeSet* wanted) const;

 private:
  bool Wants(uint32_t type, absl::string_view record) const;

  const Register& definition_;
  TypeSet wanted_;
  Folder folder_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_TRACK_H_
