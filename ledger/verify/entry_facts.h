// ledger/verify/entry_facts.h
// What the checker needs to know of one entry, read out of its bytes, and what can be said against
// the entry taken alone.
//
// Threads:     an EntryReader is confined to one thread.
// Errors:      none: an entry that is wrong gives a `problem`, a sentence's end.
// Limits:      kSealsMax seals an entry.
// Cost:        the whole entry is parsed, so that one who reads it later will not be the first.
// Format:      ledger/FORMAT.md, "The entry".   Tests: tests/ledger/verify/entry_facts_test.cc
#ifndef SCRUTINY_LEDGER_VERIFY_ENTRY_FACTS_H_
#define SCRUTINY_LEDGER_VERIFY_ENTRY_FACTS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"

namespace scrutiny::event::v1 {
class Entry;
class Seal;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// The front of the SHA-256 of a record's name: as good as the name for telling records apart, and
// of one size.
using RecordKey = std::array<uint8_t, 16>;
RecordKey KeyOfRecord(absl::string_view record);

using SealId = std::array<uint8_t, 16>;

struct EntryFacts {
  // Whether the bytes are an entry at all; if not, only `problem` means anything.
  bool parsed = false;
  // What is wrong with it: "its fact is of type 5 and is said to be of type 6"; empty if nothing.
  std::string problem;

  RecordKey record{};
  Sequence sequence;
  Revision revision;
  absl::optional<Sequence> previous;
  FactType type;
  Ordinal ordinal;
  int64_t recorded_at_us = 0;
  Sequence append_first;
  uint32_t append_count = 0;
  // Stands for principal and request id, within this process.
  uint64_t request = 0;
  // What the caller chose entries by said yes.
  bool selected = false;

  // None where it has more than an entry may have: of what nobody signed, little is kept.
  std::vector<SealId> seals;
  // Whether the fact says something of the ledger itself: identity, keys, clock, erasures.
  bool about_ledger = false;
  // Whether its type is one that this version does not know.
  bool unknown_type = false;
};

class EntryReader {
 public:
  // Says of an entry whether the caller wants it.
  using Selector = std::function<bool(const event::v1::Entry&)>;

  // `select` may be empty; it is called on whichever thread reads.
  explicit EntryReader(Selector select);
  ~EntryReader();
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;

  EntryFacts Read(absl::string_view bytes);

 private:
  const Selector select_;
  // One message, filled again and again.
  const std::unique_ptr<event::v1::Entry> entry_;
  std::string again_;  // the message as protobuf writes it
};

// "Entry 123 (actions/spab/7)", the record as the bytes say it, where they say one.
std::string NameOfEntry(Sequence sequence, absl::string_view bytes);

// The record that an entry's bytes name: as the message has it, or, where they are none any more,
// as their front says; empty where they name none that could be one.
std::string RecordOf(absl::string_view bytes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_VERIFY_ENTRY_FACTS_H_
