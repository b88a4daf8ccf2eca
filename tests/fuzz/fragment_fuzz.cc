// Parts of facts taken out and merged back: nothing is lost, nothing else comes in. An input is a
// path, a Proposed and a fragment, each as bytes behind its length.
#include <string>

#include "ledger/base/random.h"
#include "ledger/seal/fragment.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

class NoRandom : public RandomSource {
 public:
  void Fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes) byte = 7;
  }
};

void CheckTake(absl::string_view path, const Proposed& proposed) {
  const std::string before = proposed.SerializeAsString();
  Proposed rest = proposed;
  const absl::StatusOr<Secret> taken = TakeFragment(path, &rest);
  if (!taken.ok()) {
    fuzz::CheckRefusal(taken.status());
    SCRUTINY_CHECK(rest.SerializeAsString() == before) << "changed by a refusal";
    return;
  }
  SCRUTINY_CHECK_OK(CheckSealPaths(proposed, {path}));
  SCRUTINY_CHECK(!CheckSealPaths(rest, {path}).ok());
  SCRUTINY_CHECK_OK(MergeFragment(path, taken->view(), &rest));
  SCRUTINY_CHECK(rest.SerializeAsString() == before);
  // A second time it does not go in.
  SCRUTINY_CHECK(!MergeFragment(path, taken->view(), &rest).ok());
}

void CheckWhole(const Proposed& proposed) {
  NoRandom random;
  Proposed rest = proposed;
  const Secret whole = TakeWhole(random, &rest);
  SCRUTINY_CHECK(rest.has_sealed_fact());
  const absl::Status merged = MergeFragment("", whole.view(), &rest);
  if (merged.ok()) {
    SCRUTINY_CHECK(rest.SerializeAsString() == proposed.SerializeAsString());
  } else {
    fuzz::CheckRefusal(merged);
  }
}

void CheckMerge(absl::string_view path, absl::string_view fragment, Proposed proposed) {
  const std::string before = proposed.SerializeAsString();
  const absl::Status merged = MergeFragment(path, fragment, &proposed);
  if (!merged.ok()) {
    fuzz::CheckRefusal(merged);
    SCRUTINY_CHECK(proposed.SerializeAsString() == before) << "changed by a refusal";
    return;
  }
  if (path.empty()) return;
  // Taking it out again gives what was merged, and leaves what there was.
  Proposed alone;
  SCRUTINY_CHECK(alone.ParseFromArray(fragment.data(), static_cast<int>(fragment.size())));
  const absl::StatusOr<Secret> taken = TakeFragment(path, &proposed);
  SCRUTINY_CHECK_OK(taken.status());
  SCRUTINY_CHECK(taken->view() == alone.SerializeAsString());
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::fuzz::Input input(data, size);
  const absl::string_view path = input.Part();
  const absl::string_view bytes = input.Part();
  scrutiny::event::v1::Proposed proposed;
  if (!proposed.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return 0;
  scrutiny::ledger::CheckTake(path, proposed);
  scrutiny::ledger::CheckWhole(proposed);
  scrutiny::ledger::CheckMerge(path, input.Part(), proposed);
  return 0;
}
