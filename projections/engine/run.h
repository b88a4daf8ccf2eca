// projections/engine/run.h
// A run of whole appends read from the ledger, each entry parsed once for all registers.
//
// Threads:  confined to its user.
// Errors:   those of the source.
// Limits:   kRegisterBatchEntriesMax entries, more only to end with an append.
// Tests:    tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_RUN_H_
#define SCRUTINY_PROJECTIONS_ENGINE_RUN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"

#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"
#include "projections/engine/folder.h"

namespace scrutiny::projections {

// Types of fact, by number.
class TypeSet {
 public:
  void Add(uint32_t type) {
    if (type >= has_.size()) has_.resize(type + 1);
    has_[type] = true;
  }
  bool Has(uint32_t type) const { return type < has_.size() && has_[type]; }

 private:
  std::vector<bool> has_;
};

class Run {
 public:
  Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Reads on from `from`, which must be committed. Entries of other types are left out.
  absl::Status Read(ledger::EntrySource& source, ledger::Sequence from, const TypeSet& wanted);

  const std::vector<IncomingEntry>& entries() const { return entries_; }
  // The type of each, 0 if it could not be read.
  const std::vector<uint32_t>& types() const { return types_; }
  // Everything before this was read: the end of a whole append.
  ledger::TreeSize next() const { return next_; }

 private:
  // False once enough was read.
  bool Add(const ledger::Chunk& chunk, size_t i, const TypeSet& wanted);
  void Clear();

  event::v1::Entry* NextMessage();

  // Messages are used again from run to run, with the memory they have.
  std::vector<std::unique_ptr<event::v1::Entry>> messages_;
  size_t messages_used_ = 0;
  std::vector<ledger::ChunkPtr> chunks_;
  std::vector<IncomingEntry> entries_;
  std::vector<uint32_t> types_;
  size_t read_ = 0;                // entries, wanted or not
  ledger::Sequence append_first_;  // of the append being read
  ledger::Sequence append_last_;
  bool in_append_ = false;
  size_t whole_ = 0;  // entries_ up to the last whole append
  ledger::TreeSize next_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_RUN_H_
