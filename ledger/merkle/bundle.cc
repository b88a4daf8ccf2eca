#include "ledger/merkle/bundle.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/merkle/tile.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kLengthBytes = 2;
static_assert(kEntryBytesMax == 0xffff, "the length of an entry has 16 bits");

absl::Status Malformed(size_t entry, absl::string_view what) {
  return Error(Reason::kMalformed,
               absl::StrCat("The bundle is damaged at its entry ", entry, ": ", what, "."))
      .Value(absl::StrCat(entry))
      .Next("Fetch the bundle again, or from another copy of the log.");
}

}  // namespace

void AppendBundleEntry(absl::string_view entry, std::string* out) {
  SCRUTINY_CHECK(entry.size() <= kEntryBytesMax) << "an entry of " << entry.size() << " bytes";
  out->push_back(static_cast<char>(entry.size() >> 8));
  out->push_back(static_cast<char>(entry.size() & 0xff));
  out->append(entry.data(), entry.size());
}

absl::StatusOr<std::vector<absl::string_view>> ParseBundle(absl::string_view bytes) {
  std::vector<absl::string_view> entries;
  while (!bytes.empty()) {
    if (entries.size() == kTileWidth) {
      return Malformed(entries.size(), "a bundle has at most 256 entries");
    }
    if (bytes.size() < kLengthBytes) return Malformed(entries.size(), "its length is cut short");
    const size_t length =
        static_cast<size_t>(static_cast<uint8_t>(bytes[0])) << 8 | static_cast<uint8_t>(bytes[1]);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) {
      return Malformed(entries.size(), absl::StrCat("it should have ", length, " bytes, but ",
                                                    bytes.size(), " are left"));
    }
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return entries;
}

}  // namespace scrutiny::ledger
