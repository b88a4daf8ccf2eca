// The key store's file: of arbitrary bytes nothing opens; of an arbitrary body under the right key
// what opens is written again as the same body.
#include <string>

#include "ledger/seal/aead.h"
#include "ledger/seal/keys_file.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

class NoRandom : public RandomSource {
 public:
  void Fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes) byte = 7;
  }
};

Secret FileKey() { return Secret(std::string(kAeadKeyBytes, 'k')); }

void CheckFile(absl::string_view file) {
  const absl::StatusOr<KeysHeader> header = ParseKeysHeader(file);
  if (header.ok()) {
    const std::string front = KeysFileContext(header->ledger_id, header->epoch);
    SCRUTINY_CHECK(file.substr(0, front.size()) == front);
  } else {
    fuzz::CheckRefusal(header.status());
  }
  const absl::StatusOr<KeysContent> content = OpenKeysFile(file, FileKey());
  SCRUTINY_CHECK(!content.ok() || header.ok());
  if (!content.ok()) fuzz::CheckRefusal(content.status());
}

// The file's bytes around a body, as EncodeKeysFile frames one.
std::string Framed(const KeysHeader& header, absl::string_view body) {
  std::string file = KeysFileContext(header.ledger_id, header.epoch);
  AppendBigEndian(static_cast<uint16_t>(header.wrapped_file_key.size()), &file);
  file += header.wrapped_file_key;
  file += AeadSeal(FileKey().view(), std::string(kAeadNonceBytes, '\7'), file, body);
  return file;
}

void CheckBody(absl::string_view body) {
  const KeysHeader header{std::string(16, 'L'), 3, std::string(kWrappedKeyBytes, 'w')};
  const std::string file = Framed(header, body);
  const absl::StatusOr<KeysContent> content = OpenKeysFile(file, FileKey());
  if (!content.ok()) return fuzz::CheckRefusal(content.status());
  for (size_t i = 1; i < content->keys.size(); ++i) {
    SCRUTINY_CHECK(content->keys[i - 1]->id < content->keys[i]->id);
  }
  NoRandom random;
  SCRUTINY_CHECK(EncodeKeysFile(header, FileKey(), *content, random) == file);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  scrutiny::ledger::CheckFile(bytes);
  scrutiny::ledger::CheckBody(bytes);
  return 0;
}
