// The checkpoint log: whatever lies in its file, it opens at the last whole note or refuses; no
// damage but to its very end makes it forget a note that was acknowledged.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

#include "ledger/checkpoint/checkpoint_log.h"
#include "ledger/format/hash.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scratch_file.h"

namespace scrutiny::ledger {
namespace {

using LogOr = absl::StatusOr<std::unique_ptr<CheckpointLog>>;

std::string FrameOf(absl::string_view note) {
  constexpr size_t kSumBytes = 8;
  std::string frame;
  AppendBigEndian(static_cast<uint32_t>(note.size()), &frame);
  frame.append(note.data(), note.size());
  frame.append(AsBytes(Sha256Of(note)).data(), kSumBytes);
  return frame;
}

void CheckFile(absl::string_view bytes) {
  const fuzz::ScratchFile file(bytes);
  const LogOr log = CheckpointLog::Open(file.path());
  SCRUTINY_CHECK(file.bytes() == bytes) << "changed by opening it";
  if (!log.ok()) return fuzz::CheckRefusal(log.status());
  // It goes on behind the front that was whole, as if nothing had happened.
  SCRUTINY_CHECK_OK((*log)->Append("the next\n"));
  const LogOr again = CheckpointLog::Open(file.path());
  SCRUTINY_CHECK_OK(again.status());
  SCRUTINY_CHECK((*again)->newest() == "the next\n");
  const std::string frame = FrameOf("the next\n");
  const std::string after = file.bytes();
  SCRUTINY_CHECK(absl::EndsWith(after, frame));
  const std::string kept = after.substr(0, after.size() - frame.size());
  SCRUTINY_CHECK(bytes.substr(0, kept.size()) == kept);
}

// A log of the input's notes, with one byte changed or its end cut off.
void CheckDamage(fuzz::Input input) {
  const uint16_t place = input.Short();
  const uint8_t change = input.Byte();
  std::vector<std::string> notes;
  std::string whole;
  std::vector<size_t> ends{0};
  while (!input.empty() && notes.size() < 20) {
    // Notes are text: no frame, with the zero its length begins with, can stand within one.
    notes.push_back(absl::StrReplaceAll(input.Part(), {{absl::string_view("\0", 1), " "}}));
    whole += FrameOf(notes.back());
    ends.push_back(whole.size());
  }
  if (notes.empty()) return;
  std::string damaged = whole;
  const size_t at = place % whole.size();
  size_t held = 0;  // notes in front of the damage
  while (ends[held + 1] <= at) ++held;
  if (change == 0) {
    damaged.resize(at);
  } else {
    damaged[at] ^= static_cast<char>(change);
  }
  const fuzz::ScratchFile file(damaged);
  const LogOr log = CheckpointLog::Open(file.path());
  if (!log.ok()) {
    SCRUTINY_CHECK(change != 0) << "an end that is cut off is no damage: " << log.status();
    return;
  }
  SCRUTINY_CHECK((*log)->newest() == (held == 0 ? "" : notes[held - 1]));
  SCRUTINY_CHECK(change == 0 || held + 1 == notes.size())
      << notes.size() - held - 1 << " notes behind the damage were forgotten";
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckFile(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckDamage(scrutiny::fuzz::Input(data, size));
  return 0;
}
