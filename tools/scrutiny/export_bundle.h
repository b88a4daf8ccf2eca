// tools/scrutiny/export_bundle.h
// Writes an export: the whole ledger under its newest signed checkpoint, or chosen records with a
// proof of each entry. Whoever has the file and the ledger's public key needs no server any more.
//
// Guarantees:  the entries are the bytes that the server has stored; everything else is computed
//              here from them. A file stands only if the signed root follows from its entries, or
//              each entry's proof leads to it. Nothing sealed is in it.
// Threads:     confined to one thread.
// Errors:      kCorrupt where the server's entries, proofs or signature do not go together;
//              kNotFound where a record asked for has no entry.
// Limits:      memory: a byte for each entry of a whole ledger, 400 for each chosen one.
// Cost:        a whole ledger is read twice, as the hashes stand before the entries.
// Format:      ledger/FORMAT.md, "Export bundles".   Tests: tests/tools/scrutiny/export_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_EXPORT_BUNDLE_H_
#define SCRUTINY_TOOLS_SCRUTINY_EXPORT_BUNDLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "ledger/note/checkpoint.h"
#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

struct ExportWish {
  std::string file;
  bool replace = false;
  // Both empty: the whole ledger.
  std::vector<std::string> records;   // exactly these
  std::vector<std::string> prefixes;  // all under these whole segments
};

struct Exported {
  ledger::Checkpoint checkpoint;
  uint64_t entries = 0;
  uint64_t bytes = 0;  // of the file
};

absl::StatusOr<Exported> Export(const ExportWish& wish, Context& context);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_EXPORT_BUNDLE_H_
