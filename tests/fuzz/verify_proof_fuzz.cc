// The checker's proofs as files. An input is a proof file and an entry behind their lengths: only
// entries of the log are proven, each at its place.
#include <string>
#include <vector>

#include "ledger/note/lines.h"
#include "ledger/verify/verify_proof.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::ledger {
namespace {

const testing::TestLog& Log() {
  static const auto& log = *[] {
    auto* made = new testing::TestLog();
    made->FillTo(12);
    return made;
  }();
  return log;
}

void CheckProof(absl::string_view proof, absl::string_view entry) {
  static const auto& trust = *new Trust(Log().trust());
  const absl::StatusOr<ProvenEntry> proven = VerifyProof(proof, entry, trust);
  if (!proven.ok()) return fuzz::CheckRefusal(proven.status());
  const uint64_t index = proven->index.value();
  SCRUTINY_CHECK(index < Log().size() && entry == Log().entry(index));
}

void CheckConsistencyFile(absl::string_view text) {
  const absl::StatusOr<std::vector<Hash>> hashes = ParseConsistencyProof(text);
  if (!hashes.ok()) return fuzz::CheckRefusal(hashes.status());
  std::string again;
  for (const Hash& hash : *hashes) again += FormatHash(hash) + "\n";
  SCRUTINY_CHECK(again == text);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  CheckConsistencyFile(scrutiny::fuzz::AsView(data, size));
  scrutiny::fuzz::Input input(data, size);
  const absl::string_view proof = input.Part();
  const absl::string_view entry = input.Part();
  CheckProof(proof, entry);
  // Each of the log's entries under the same proof.
  for (uint64_t i = 0; i < Log().size(); ++i) CheckProof(proof, Log().entry(i));
  return 0;
}
