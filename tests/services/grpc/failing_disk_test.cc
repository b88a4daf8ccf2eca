// The disk fails under proofs, seals and erasures: what was acknowledged stands, what was begun is
// finished at the next start, and nothing is ever in between.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/services/grpc/receipts.h"
#include "tests/services/grpc/sealed.h"
#include "tests/support/facts.h"
#include "tests/support/fault_fs.h"

namespace scrutiny::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

class SealedDiskTest : public SealTest {
 protected:
  void SetUp() override {
    ledger_options_.file_system = disk_;
    SealTest::SetUp();
  }

  const std::shared_ptr<FaultFs> disk_ = std::make_shared<FaultFs>();
};

// The n-th sync of the ledger's store fails, and all after it, for every n there is: the erasure is
// refused before anything is destroyed, or its key is gone and the next start finishes it.
TEST_F(SealedDiskTest, AnErasureThatTheDiskCutsOffIsFinishedByTheNextStart) {
  int cut_off = 0;
  bool done = false;
  for (int n = 1; !done && n < 40; ++n) {
    SCOPED_TRACE(absl::StrCat("sync ", n));
    const std::string person = absl::StrCat("persons/p-", n);
    std::vector<uint64_t> sequences;
    for (int i = 0; i < 3; ++i) {
      const std::string id = absl::StrCat("f-", n, "-", i);
      sequences.push_back(Record(SealedFinding(id, "findings/" + id, "Ann Smith", person)));
    }
    const Fault fault{.call = FsCall::kSync,
                      .nth = static_cast<uint64_t>(n),
                      .onwards = true,
                      .path_part = data() + "/log"};
    disk_->Inject(fault);
    const api::EraseSubjectRequest request = Erasure(absl::StrCat("e-", n), person);
    api::EraseSubjectResponse erased;
    const grpc::Status status = Erase(request, &erased);
    done = status.ok();
    if (!done) {
      ++cut_off;
      // Its key is gone by now, or nothing was touched; either way nothing says it was erased yet.
      for (const uint64_t sequence : sequences) {
        api::OpenSealedResponse opened;
        if (!Open(sequence, &opened).ok()) continue;
        if (opened.parts(0).state() == api::SEAL_STATE_OPENED) continue;
        EXPECT_THAT(opened.opened().finding_recorded().personal_detail(), IsEmpty());
      }
    }
    disk_->ClearFaults();
    stub_of_seals_.reset();
    Stop(false);
    StartAll();
    EXPECT_EQ(ledger_->status().read_only_because, "");
    api::EraseSubjectResponse again;
    const grpc::Status finished = Erase(request, &again);
    ASSERT_TRUE(finished.ok()) << finished.error_message();
    EXPECT_EQ(again.seals(), 3u);
    for (const uint64_t sequence : sequences) {
      const api::OpenSealedResponse opened = Open(sequence);
      EXPECT_EQ(opened.parts(0).state(), api::SEAL_STATE_ERASED) << sequence;
      EXPECT_EQ(opened.parts(0).erased_by(), again.sequence());
    }
  }
  EXPECT_TRUE(done) << "an erasure has an end";
  EXPECT_GT(cut_off, 2);
}

// An append with sealed parts fails: neither entry nor ciphertext is there, or both are.
TEST_F(SealedDiskTest, ASealedAppendIsThereWholeOrNotAtAll) {
  const uint64_t before = ledger_->size().value();
  const Fault fault{.call = FsCall::kSync, .onwards = true, .path_part = data() + "/log"};
  disk_->Inject(fault);
  api::AppendRequest request = SealedFinding("r-1", "findings/a", "Ann Smith", "persons/ann");
  request.set_with_proof(true);
  const grpc::Status failed = Append(request);
  EXPECT_THAT(failed, IsRefusedFor(api::ERROR_REASON_OUTCOME_UNKNOWN));
  EXPECT_THAT(failed.error_message(), Not(::testing::HasSubstr("Smith")));
  EXPECT_EQ(ledger_->size().value(), before);
  disk_->ClearFaults();
  stub_of_seals_.reset();
  Stop(false);
  StartAll();
  const bool is_there = ledger_->size().value() > before;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool sealed, ledger_->HoldsSealed());
  EXPECT_EQ(sealed, is_there);
  api::AppendResponse again;
  const grpc::Status status = Append(request, &again);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(again.already_recorded(), is_there);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys,
                                KeysOf(std::vector<std::string>{ledger_->identity().log_key}));
  SCRUTINY_EXPECT_OK(CheckProofs(again.receipt(), keys));
  EXPECT_EQ(Open(again.receipt().first_sequence()).opened().finding_recorded().personal_detail(),
            "Ann Smith");
}

}  // namespace
}  // namespace scrutiny::testing
