// The canonical tar: what the reader accepts, the writer writes again byte for byte.
#include <algorithm>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/format/tar.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

class Text : public TarSource {
 public:
  explicit Text(absl::string_view bytes) : bytes_(bytes) {}
  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t count) const override {
    if (offset >= bytes_.size()) return std::string();
    return std::string(bytes_.substr(static_cast<size_t>(offset), count));
  }

 private:
  const absl::string_view bytes_;
};

TarWriter WriterTo(std::string* out) {
  return TarWriter([out](absl::string_view bytes) {
    out->append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
}

// Whether it was accepted.
bool CheckTar(absl::string_view bytes) {
  const Text source(bytes);
  TarReader reader(source);
  std::string again;
  TarWriter writer = WriterTo(&again);
  while (true) {
    const absl::StatusOr<absl::optional<TarMember>> member = reader.Next();
    if (!member.ok()) {
      fuzz::CheckRefusal(member.status());
      SCRUTINY_CHECK(reader.Next().status() == member.status());
      return false;
    }
    if (!member->has_value()) break;
    const TarMember& found = **member;
    // A member that is longer than the file is found out where the next one should begin.
    if (found.offset + found.size > bytes.size()) {
      SCRUTINY_CHECK(!reader.Next().ok());
      return false;
    }
    SCRUTINY_CHECK_OK(writer.Add(found.name, bytes.substr(static_cast<size_t>(found.offset),
                                                          static_cast<size_t>(found.size))));
  }
  SCRUTINY_CHECK_OK(writer.Finish());
  SCRUTINY_CHECK(again == bytes);
  return true;
}

// A file of the input's members, with one byte of it changed.
void CheckMade(fuzz::Input input) {
  const uint16_t place = input.Short();
  const uint8_t change = input.Byte();
  std::string made;
  TarWriter writer = WriterTo(&made);
  while (!input.empty() && made.size() < 64 * 1024) {
    const absl::string_view name = input.Part();
    const absl::string_view content = input.Part();
    const absl::Status added = writer.Add(name, content);
    SCRUTINY_CHECK(added.ok() == ValidateTarName(name).ok());
  }
  SCRUTINY_CHECK_OK(writer.Finish());
  SCRUTINY_CHECK(CheckTar(made));
  made[place % made.size()] ^= static_cast<char>(change);
  CheckTar(made);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckTar(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckMade(scrutiny::fuzz::Input(data, size));
  return 0;
}
