// Exports: whatever is done to one, what verifies has the entries that were signed, and says so of
// the whole log only if every tile and entry is as it was. An input is either a file, or changes of
// a good one's members, after which the file's own checksums are put right: so that nothing but the
// signed root stands against them.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "ledger/format/bundle_file.h"
#include "ledger/format/tar.h"
#include "ledger/verify/bundle_log.h"
#include "ledger/verify/verify_bundle.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scratch_file.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::ledger {
namespace {

struct Member {
  std::string name;
  std::string content;

  friend bool operator==(const Member&, const Member&) = default;
};
using Members = std::vector<Member>;

const testing::TestLog& SmallLog() {
  static const auto& log = *[] {
    auto* made = new testing::TestLog();
    made->FillTo(12);
    return made;
  }();
  return log;
}

// More than one tile.
const testing::TestLog& LargerLog() {
  static const auto& log = *[] {
    auto* made = new testing::TestLog();
    made->FillTo(259);
    return made;
  }();
  return log;
}

// The members of a good export, its checksums left out.
Members MembersOf(const std::string& bundle) {
  const fuzz::ScratchFile file(bundle);
  const absl::StatusOr<std::unique_ptr<OpenFile>> open = OpenFile::Open(file.path());
  SCRUTINY_CHECK_OK(open.status());
  TarReader reader(**open);
  Members members;
  while (true) {
    const absl::StatusOr<absl::optional<TarMember>> next = reader.Next();
    SCRUTINY_CHECK_OK(next.status());
    if (!next->has_value() || (*next)->name == kBundleSumsName) return members;
    members.push_back({(*next)->name, bundle.substr((*next)->offset, (*next)->size)});
  }
}

// Packs the members that the writer takes, and lets go of the others, such as one without a name.
std::string Packed(Members* members) {
  std::string out;
  BundleWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  const auto is_refused = [&](const Member& member) {
    return !writer.Add(member.name, member.content).ok();
  };
  members->erase(std::remove_if(members->begin(), members->end(), is_refused), members->end());
  SCRUTINY_CHECK_OK(writer.Finish());
  return out;
}

void ChangeMembers(fuzz::Input* input, Members* members) {
  for (uint8_t changes = 1 + input->Byte() % 3; changes > 0 && !members->empty(); --changes) {
    const uint8_t how = input->Byte();
    const auto at = members->begin() + static_cast<long>(input->Byte() % members->size());
    const auto other = members->begin() + static_cast<long>(input->Byte() % members->size());
    const uint16_t place = input->Short();
    std::string& content = at->content;
    switch (how % 8) {
      case 0:
        if (!content.empty()) content[place % content.size()] ^= static_cast<char>(input->Byte());
        break;
      case 1:
        content.insert(place % (content.size() + 1), std::string(input->Part()));
        break;
      case 2:
        content.erase(place % (content.size() + 1), input->Byte());
        break;
      case 3:
        content = other->content;
        break;
      case 4:
        std::swap(*at, *other);
        break;
      case 5:
        members->erase(at);
        break;
      case 6:
        members->insert(at, Member(*other));
        break;
      default:
        at->name = std::string(input->Part());
    }
  }
}

// Whether it verifies. If so, every entry in it is the log's.
bool Verifies(const std::string& bytes, const testing::TestLog& log) {
  const fuzz::ScratchFile file(bytes);
  absl::StatusOr<std::unique_ptr<BundleLog>> bundle = BundleLog::Open(file.path());
  if (!bundle.ok()) {
    fuzz::CheckRefusal(bundle.status());
    return false;
  }
  std::vector<std::pair<Sequence, std::string>> read;
  VerifyOptions options;
  options.trust = log.trust();
  options.threads = 1;
  options.select = [](const event::v1::Entry&) { return true; };
  options.on_selected = [&](Sequence sequence, absl::string_view entry) {
    read.emplace_back(sequence, std::string(entry));
  };
  const absl::StatusOr<BundleReport> report = VerifyBundle(**bundle, options);
  if (!report.ok()) {
    fuzz::CheckRefusal(report.status());
    return false;
  }
  for (const Damage& damage : report->log.damages) {
    SCRUTINY_CHECK(!damage.what.empty() && damage.begin <= damage.end) << damage.what;
  }
  SCRUTINY_CHECK(report->log.verified() == report->log.damages.empty());
  if (!report->log.verified()) return false;
  SCRUTINY_CHECK(report->log.checkpoint.size == TreeSize(log.size()));
  SCRUTINY_CHECK(report->log.entries == read.size());
  for (const auto& [sequence, entry] : read) {
    SCRUTINY_CHECK(sequence.value() < log.size() && entry == log.entry(sequence.value()));
  }
  SCRUTINY_CHECK(!report->whole_log || read.size() == log.size());
  return true;
}

// The members that nothing but the file's own checksums speaks for.
bool IsSigned(const std::string& name) {
  return name != kBundleKeysName && name != kBundleProtoName;
}

Members Signed(const Members& members) {
  Members result;
  for (const Member& member : members) {
    result.push_back(IsSigned(member.name) ? member : Member{member.name, ""});
  }
  return result;
}

void CheckChanged(fuzz::Input input, const testing::TestLog& log, const std::string& bundle) {
  Members members = MembersOf(bundle);
  ChangeMembers(&input, &members);
  const bool verifies = Verifies(Packed(&members), log);
  const bool same = Signed(members) == Signed(MembersOf(bundle));
  // Of keys, one that signed must be among them; which others are is nobody's business.
  const bool has_keys = std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return member.name == kBundleKeysName && member.content == MembersOf(bundle)[1].content;
  });
  // Of chosen records, fewer or others of the log's entries may be asked for.
  const bool chosen = members.size() > 3 && members[3].name == kBundleRecordsName;
  SCRUTINY_CHECK(!same || !has_keys || verifies);
  SCRUTINY_CHECK(!verifies || same || chosen);
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  static const auto& whole = *new std::string(SmallLog().Bundle());
  static const auto& chosen =
      *new std::string(SmallLog().ChosenBundle({"actions/spab/0", "actions/spab/3"}));
  static const auto& larger = *new std::string(LargerLog().Bundle());
  scrutiny::fuzz::Input input(data, size);
  switch (input.Byte()) {
    case 1:
      CheckChanged(input, SmallLog(), whole);
      break;
    case 2:
      CheckChanged(input, SmallLog(), chosen);
      break;
    case 3:
      CheckChanged(input, LargerLog(), larger);
      break;
    default: {
      const std::string bytes(scrutiny::fuzz::AsView(data, size));
      const bool verifies = Verifies(bytes, SmallLog());
      SCRUTINY_CHECK(!verifies || bytes == whole || bytes == chosen ||
                     absl::StrContains(bytes, kBundleRecordsName));
    }
  }
  return 0;
}
