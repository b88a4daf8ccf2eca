// ledger/store/index_families.h
// The index's column families: their names, and the handles of an open database.
#ifndef SCRUTINY_LEDGER_STORE_INDEX_FAMILIES_H_
#define SCRUTINY_LEDGER_STORE_INDEX_FAMILIES_H_

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "rocksdb/db.h"

namespace scrutiny::ledger {

// In the order in which they are opened; the first is RocksDB's default one.
enum class IndexFamily : size_t { kMeta, kRecords, kClaims, kCitations, kTypes, kRequests, kTiles };
inline constexpr size_t kIndexFamilies = 7;
inline constexpr std::array<absl::string_view, kIndexFamilies> kIndexFamilyNames = {
    "default", "records", "claims", "citations", "types", "requests", "tiles"};

// The key in the first family of how much is indexed, 8 bytes big-endian.
inline constexpr char kIndexPositionKey[] = "position";

// What a person does about a damaged index.
inline constexpr absl::string_view kRebuildIndex =
    "Stop the server and delete the folder of the index: it is made again from the entries.";

struct IndexFamilies {
  std::array<rocksdb::ColumnFamilyHandle*, kIndexFamilies> handles = {};

  rocksdb::ColumnFamilyHandle* operator[](IndexFamily family) const {
    return handles[static_cast<size_t>(family)];
  }
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_STORE_INDEX_FAMILIES_H_
