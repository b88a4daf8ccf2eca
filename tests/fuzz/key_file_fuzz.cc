// Files of private keys: what is read is what writing them gives, and no error quotes a key.
#include <set>
#include <string>
#include <vector>

#include "ledger/note/key_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scratch_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  const scrutiny::fuzz::ScratchFile file(bytes);
  const absl::StatusOr<std::vector<Signer>> signers = ReadKeyFile(file.path());
  if (!signers.ok()) {
    scrutiny::fuzz::CheckRefusal(signers.status());
    return 0;
  }
  SCRUTINY_CHECK(!signers->empty());
  std::set<std::pair<std::string, uint32_t>> ids;
  std::string again;
  for (const Signer& signer : *signers) {
    SCRUTINY_CHECK(ids.insert({signer.name(), signer.id()}).second) << "the same key twice";
    again += ToString(signer) + "\n";
  }
  SCRUTINY_CHECK(again == bytes);
  return 0;
}
