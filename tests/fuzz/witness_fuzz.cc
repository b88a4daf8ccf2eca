// A witness under any sequence of requests, against a model: it cosigns a checkpoint exactly if
// that continues the one before, and never both sides of a fork. Each step of an input is a size, a
// side of the fork, the old size that is claimed, and what is done to the proof.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/witness_request.h"
#include "ledger/verify/witness.h"
#include "ledger/verify/witness_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::ledger {
namespace {

constexpr uint64_t kEntries = 20;
constexpr uint64_t kForkAt = 5;
constexpr int kStepsMax = 8;

testing::TestLog& Side(int side) {
  static auto& sides = *[] {
    auto* made = new std::vector<testing::TestLog>(2);
    for (testing::TestLog& log : *made) log.FillTo(kForkAt);
    (*made)[0].FillTo(kEntries);
    while ((*made)[1].size() < kEntries) (*made)[1].Append({"actions/fork/1"});
    return made;
  }();
  return sides[side];
}

// A folder in memory, where there is one, that goes with the input.
class Folder {
 public:
  Folder() {
    std::string path =
        std::filesystem::is_directory("/dev/shm") ? "/dev/shm/fuzz-XXXXXX" : "/tmp/fuzz-XXXXXX";
    SCRUTINY_CHECK(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<Witness> OpenWitness(const std::string& folder) {
  static SystemClock clock;
  static SystemRandom random;
  absl::StatusOr<std::unique_ptr<Witness>> witness = Witness::Open(
      {.folder = folder, .name = "witness.example.org", .log_keys = {Side(0).signer().verifier()}},
      clock, random);
  SCRUTINY_CHECK_OK(witness.status());
  return *std::move(witness);
}

// What was cosigned last.
struct Model {
  bool any = false;
  uint64_t size = 0;
  Hash root = EmptyRoot();
};

struct Step {
  uint64_t size = 0;
  int side = 0;
  uint64_t old_size = 0;
  AddCheckpoint request;
  bool right = false;  // whether the proof is the one for these sizes
};

Step TakeStep(fuzz::Input* input, const Model& model) {
  Step step;
  const uint8_t how = input->Byte();
  step.side = how & 1;
  step.size = input->Byte() % (kEntries + 1);
  // Mostly what the witness has, or nothing would ever be right.
  step.old_size = (how & 2) != 0 ? input->Byte() % (kEntries + 2) : model.size;
  testing::TestLog& log = Side(step.side);
  step.request.old_size = TreeSize(step.old_size);
  step.request.checkpoint = log.Checkpoint(step.size);
  if (step.old_size > 0 && step.old_size < step.size) {
    const auto made = ConsistencyProof(log, TreeSize(step.old_size), TreeSize(step.size));
    SCRUTINY_CHECK_OK(made.status());
    step.request.proof = *made;
  }
  const std::vector<Hash> made = step.request.proof;
  if ((how & 4) != 0) {
    if ((how & 8) != 0 && !made.empty()) step.request.proof.pop_back();
    if ((how & 16) != 0) step.request.proof.push_back(Hash{});
    if ((how & 32) != 0 && !made.empty()) step.request.proof[0] = Hash{};
  }
  step.right = step.request.proof == made;
  return step;
}

bool Continues(const Step& step, const Model& model) {
  if (step.old_size != model.size || step.old_size > step.size || !step.right) return false;
  return Side(step.side).Root(model.size) == model.root;
}

void CheckLatest(Witness& witness, const Model& model) {
  const WitnessAnswer latest = witness.Latest(OriginHash(testing::kTestOrigin));
  SCRUTINY_CHECK(latest.status == (model.any ? 200 : 404)) << latest.status;
  if (!model.any) return;
  std::vector<VerifiedSignature> verified;
  const absl::StatusOr<Checkpoint> opened =
      OpenCheckpoint(latest.body, {Side(0).signer().verifier(), witness.verifier()}, &verified);
  SCRUTINY_CHECK_OK(opened.status());
  SCRUTINY_CHECK(opened->size == TreeSize(model.size) && opened->root == model.root);
  SCRUTINY_CHECK(verified.size() == 2) << "the log and the witness";
}

void CheckSteps(fuzz::Input input) {
  const Folder folder;
  std::unique_ptr<Witness> witness = OpenWitness(folder.path());
  Model model;
  for (int steps = 0; steps < kStepsMax && !input.empty(); ++steps) {
    const Step step = TakeStep(&input, model);
    const WitnessAnswer answer = witness->Add(Format(step.request));
    SCRUTINY_CHECK(answer.status == 200 || answer.status == 400 || answer.status == 409 ||
                   answer.status == 422)
        << answer.status;
    SCRUTINY_CHECK((answer.status == 200) == Continues(step, model))
        << answer.status << " for " << step.old_size << " to " << step.size << " after "
        << model.size << ": " << answer.body;
    if (answer.status == 409) {
      SCRUTINY_CHECK(answer.body == absl::StrCat(model.size, "\n"));
    }
    if (answer.status == 200) model = {true, step.size, Side(step.side).Root(step.size)};
    CheckLatest(*witness, model);
  }
  witness.reset();
  CheckLatest(*OpenWitness(folder.path()), model);
}

// The input as a request by itself: nothing in it can be signed by the log but what is known.
void CheckRaw(absl::string_view bytes) {
  static const auto& folder = *new Folder();
  static auto& witness = *OpenWitness(folder.path()).release();
  const WitnessAnswer answer = witness.Add(bytes);
  SCRUTINY_CHECK(answer.status == 200 || answer.status == 400 || answer.status == 403 ||
                 answer.status == 404 || answer.status == 409 || answer.status == 413 ||
                 answer.status == 422)
      << answer.status;
  const WitnessAnswer latest = witness.Latest(bytes);
  SCRUTINY_CHECK(latest.status == 200 || latest.status == 404) << latest.status;
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::ledger::CheckRaw(scrutiny::fuzz::AsView(data, size));
  scrutiny::ledger::CheckSteps(scrutiny::fuzz::Input(data, size));
  return 0;
}
