// tools/scrutiny/entry_printer.h
// Prints entries as they come: a line or two each, one JSON array, JSON Lines or CSV.
//
// Threads:  confined to one thread.
// Errors:   kCorrupt for bytes that are no entry.
// Tests:    tests/tools/scrutiny/entry_printer_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_ENTRY_PRINTER_H_
#define SCRUTINY_TOOLS_SCRUTINY_ENTRY_PRINTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

class EntryPrinter {
 public:
  // Without `records`, as where all are of one record, the record is not repeated on each line.
  EntryPrinter(Format format, Context& context, bool records = true);

  // Entries as stored.
  template <typename Batch>
  absl::Status PrintAll(const Batch& entries) {
    for (const std::string& bytes : entries) {
      const absl::Status status = Print(bytes);
      if (!status.ok()) return status;
    }
    context_.out << std::flush;
    return absl::OkStatus();
  }
  // The batch with the proof of each entry, as JSON.
  absl::Status PrintProved(const ledger::v1::ReadResponse& batch);
  absl::Status Print(const std::string& bytes);
  // Closes the array; `empty` is said where there was no entry.
  void Finish(absl::string_view empty);

  uint64_t printed() const { return printed_; }

 private:
  void PrintJson(absl::string_view json);
  void PrintLines(const event::v1::Entry& entry);
  void PrintCsv(const event::v1::Entry& entry);

  const Format format_;
  Context& context_;
  const bool records_;
  uint64_t printed_ = 0;
};

// --type and --record as a filter.
std::vector<Option> FilterOptions();
absl::StatusOr<ledger::v1::EntryFilter> ReadFilter(const Args& args);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_ENTRY_PRINTER_H_
