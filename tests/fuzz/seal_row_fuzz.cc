// Rows of sealed parts: what parses is what encoding writes; the head has a checksum, so each input
// is also tried as the parts of a row that is whole.
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"

#include "ledger/base/limits.h"
#include "ledger/seal/sealer.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

void CheckRow(absl::string_view bytes) {
  const absl::StatusOr<SealRow> row = ParseSealRow(bytes);
  if (!row.ok()) return fuzz::CheckRefusal(row.status());
  SCRUTINY_CHECK(EncodeSealRow(*row) == bytes);
  SCRUTINY_CHECK(bytes.size() <= row->sealed.size() + kSealRowOverheadMax);
}

void CheckMade(fuzz::Input input) {
  const uint16_t place = input.Short();
  const uint8_t change = input.Byte();
  SealRow row;
  const absl::string_view id = input.Take(row.key_id.size());
  std::copy(id.begin(), id.end(), row.key_id.begin());
  row.wrapped_key = std::string(input.Take(kWrappedKeyBytes));
  row.wrapped_key.resize(kWrappedKeyBytes);
  row.subject = std::string(input.Part().substr(0, kRecordNameBytesMax));
  row.sealed = std::string(input.rest());

  std::string bytes = EncodeSealRow(row);
  const absl::StatusOr<SealRow> parsed = ParseSealRow(bytes);
  SCRUTINY_CHECK(parsed.ok() && *parsed == row);
  if (change == 0) return;
  // A changed head is found out; the ciphertext has its hash elsewhere.
  const size_t head = bytes.size() - row.sealed.size();
  bytes[place % head] ^= static_cast<char>(change);
  SCRUTINY_CHECK(!ParseSealRow(bytes).ok());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckRow(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckMade(scrutiny::fuzz::Input(data, size));
  return 0;
}
