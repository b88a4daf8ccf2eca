// ledger/merkle/bundle.h
// Bundles: the entries of a tile's leaves as one file, each behind its length. A partial bundle is
// the front of the full one.
//
// Guarantees:  for each list of entries exactly one byte string; the parser uses all of it.
// Threads:     pure functions, thread-safe.
// Lifetime:    what ParseBundle returns points into its argument.
// Errors:      kMalformed where the lengths do not add up or there are more than kTileWidth
// entries. Limits:      kTileWidth entries of at most kEntryBytesMax bytes (ledger/base/limits.h).
// Format:      C2SP tlog-tiles: repeated { uint16 big-endian length || entry }.
// Tests:       tests/ledger/merkle/bundle_test.cc
#ifndef SCRUTINY_LEDGER_MERKLE_BUNDLE_H_
#define SCRUTINY_LEDGER_MERKLE_BUNDLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scrutiny::ledger {

// Appends one entry; it must not be longer than kEntryBytesMax.
void AppendBundleEntry(absl::string_view entry, std::string* out);

// The entries of a bundle. How many there must be, the caller knows from the path.
absl::StatusOr<std::vector<absl::string_view>> ParseBundle(absl::string_view bytes);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_MERKLE_BUNDLE_H_
