// Bundles of entries: every byte is accounted for, and their fronts are bundles too.
#include <string>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"
#include "ledger/verify/folder_log.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

void CheckBundle(absl::string_view bytes) {
  const absl::StatusOr<std::vector<absl::string_view>> entries = ParseBundle(bytes);
  if (!entries.ok()) return fuzz::CheckRefusal(entries.status());
  SCRUTINY_CHECK(entries->size() <= kTileWidth);
  std::string again;
  for (const absl::string_view entry : *entries) {
    SCRUTINY_CHECK(entry.size() <= kEntryBytesMax);
    AppendBundleEntry(entry, &again);
  }
  SCRUTINY_CHECK(again == bytes);
}

// The checker cuts a partial bundle or tile from a longer one.
void CheckFront(absl::string_view bytes, uint32_t width) {
  if (width == 0) return;
  const absl::StatusOr<std::string> front = FrontOfBundle(std::string(bytes), width);
  if (front.ok()) {
    const absl::StatusOr<std::vector<absl::string_view>> entries = ParseBundle(*front);
    SCRUTINY_CHECK(entries.ok() && entries->size() == width);
    SCRUTINY_CHECK(bytes.substr(0, front->size()) == *front);
  } else {
    fuzz::CheckRefusal(front.status());
  }
  const absl::StatusOr<std::string> hashes = FrontOfTile(std::string(bytes), width);
  if (hashes.ok()) {
    SCRUTINY_CHECK(*hashes == bytes.substr(0, size_t{width} * sizeof(Hash)) &&
                   hashes->size() == size_t{width} * sizeof(Hash));
  } else {
    fuzz::CheckRefusal(hashes.status());
  }
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckBundle(bytes);
  const uint32_t width = size == 0 ? 0 : data[size - 1];
  scrutiny::ledger::CheckFront(bytes.substr(0, size == 0 ? 0 : size - 1), width);
  return 0;
}
