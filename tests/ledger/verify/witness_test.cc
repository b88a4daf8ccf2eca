#include "ledger/verify/witness.h"

#include <atomic>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/signed_note.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::scrutiny::testing::WriteFile;
using ::testing::HasSubstr;

constexpr char kSizeType[] = "text/x.tlog.size";

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() {
    log_.FillTo(400);
    // Another history from entry 10 on, signed with the same key.
    fork_.FillTo(10);
    while (fork_.size() < 400) fork_.Append({"actions/other"});
    Start();
  }

  void Start() {
    witness_.reset();
    absl::StatusOr<std::unique_ptr<Witness>> witness = Witness::Open(options_, clock_, random_);
    ASSERT_THAT(witness, IsOk());
    witness_ = *std::move(witness);
  }

  static std::string Request(TestLog& log, uint64_t old_size, uint64_t size) {
    AddCheckpoint request;
    request.old_size = TreeSize(old_size);
    if (old_size > 0 && old_size < size) {
      request.proof = *ConsistencyProof(log, TreeSize(old_size), TreeSize(size));
    }
    request.checkpoint = log.Checkpoint(size);
    return Format(request);
  }
  WitnessAnswer Add(uint64_t old_size, uint64_t size) {
    return witness_->Add(Request(log_, old_size, size));
  }
  WitnessAnswer Latest() { return witness_->Latest(OriginHash(testing::kTestOrigin)); }
  // The size that it keeps.
  uint64_t Kept() {
    const WitnessAnswer latest = Latest();
    return latest.status == 200 ? ParseCheckpoint(ParseNote(latest.body)->text)->size.value() : 0;
  }

  TempDir dir_;
  TestLog log_;
  TestLog fork_;
  testing::ManualClock clock_{1'767'139'200'000'000};
  testing::SeededRandom random_{1};
  Witness::Options options_{.folder = dir_.File("state"),
                            .name = "witness.example.org",
                            .log_keys = {log_.signer().verifier()}};
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, ALogThatGrowsIsCosignedStepByStep) {
  uint64_t last = 0;
  for (const uint64_t size : {1u, 2u, 255u, 256u, 257u, 400u}) {
    const WitnessAnswer answer = Add(last, size);
    ASSERT_EQ(answer.status, 200) << answer.body;
    last = size;
    // The answer verifies under the checkpoint it was made for, with the time of the clock.
    SignedNote note = *ParseNote(log_.Checkpoint(size));
    const absl::StatusOr<std::vector<NoteSignature>> lines = ParseSignatureLines(answer.body);
    ASSERT_THAT(lines, IsOk());
    ASSERT_EQ(lines->size(), 1u);
    note.signatures.push_back(lines->front());
    Trust trust = log_.trust();
    trust.witness_keys = {witness_->verifier()};
    trust.witnesses_required = 1;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedCheckpoint opened,
                                  OpenSignedCheckpoint(Format(note), trust));
    EXPECT_EQ(opened.signatures.back().cosigned_at, 1'767'139'200u);
    // And stands under the checkpoint that others read.
    EXPECT_EQ(Latest().body, Format(note));
  }
}

TEST_F(WitnessTest, AnEmptyLogIsCosignedToo) {
  EXPECT_EQ(Add(0, 0).status, 200);
  EXPECT_EQ(Add(0, 5).status, 200);
}

TEST_F(WitnessTest, TheSameCheckpointIsCosignedAgainWithANewTime) {
  const WitnessAnswer first = Add(0, 5);
  clock_.Advance(60'000'000);
  const WitnessAnswer again = Add(5, 5);
  EXPECT_EQ(again.status, 200);
  EXPECT_NE(again.body, first.body);
}

TEST_F(WitnessTest, AForkIsRefused) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const std::string kept = Latest().body;
  // The same size, another root.
  EXPECT_EQ(witness_->Add(Request(fork_, 20, 20)).status, 422);
  // A larger one, with the proof that the fork can give.
  EXPECT_EQ(witness_->Add(Request(fork_, 20, 30)).status, 422);
  // As if nothing had been cosigned.
  const WitnessAnswer anew = witness_->Add(Request(fork_, 0, 30));
  EXPECT_EQ(anew.status, 409);
  EXPECT_EQ(anew.content_type, kSizeType);
  EXPECT_EQ(anew.body, "20\n");
  EXPECT_EQ(Latest().body, kept);
}

TEST_F(WitnessTest, EveryRefusalHasItsStatus) {
  ASSERT_EQ(Add(0, 20).status, 200);
  // 400: no request, or old above new.
  EXPECT_EQ(witness_->Add("").status, 400);
  EXPECT_EQ(witness_->Add("old 20\n\nno checkpoint").status, 400);
  EXPECT_EQ(Add(30, 20).status, 400);
  // 403: another key of that name, or a signature that is wrong.
  SignedNote note = *ParseNote(log_.Checkpoint(30));
  AddCheckpoint request{.old_size = TreeSize(20),
                        .proof = *ConsistencyProof(log_, TreeSize(20), TreeSize(30))};
  note.signatures = {SignNote(note.text, TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8))};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 403);
  note.signatures = {SignNote(note.text + "x\n", log_.signer())};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 403);
  // 404: a log that is not watched.
  const Signer other = TestSigner("other.example", KeyType::kEd25519, 9);
  note.text = Format(Checkpoint{"other.example", TreeSize(30), log_.Root(30), {}});
  note.signatures = {SignNote(note.text, other)};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 404);
  // 409: the old size is another than the one that was cosigned.
  for (const uint64_t old_size : {0u, 19u, 21u}) {
    const WitnessAnswer answer = Add(old_size, 30);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.content_type, kSizeType);
    EXPECT_EQ(answer.body, "20\n");
  }
  // 422: the proof is wrong, missing, or there where none is due.
  request.checkpoint = log_.Checkpoint(30);
  request.proof[0][0] ^= 1;
  EXPECT_EQ(witness_->Add(Format(request)).status, 422);
  request.proof.clear();
  EXPECT_EQ(witness_->Add(Format(request)).status, 422);
  request.proof = {Hash{}};
  request.checkpoint = log_.Checkpoint(20);
  EXPECT_EQ(witness_->Add(Format(request)).status, 422);
  EXPECT_EQ(Kept(), 20u);
}

TEST_F(WitnessTest, AProofFromNothingIsRefused) {
  AddCheckpoint request{.old_size = TreeSize(0), .proof = {Hash{}}};
  request.checkpoint = log_.Checkpoint(5);
  EXPECT_EQ(witness_->Add(Format(request)).status, 422);
  // A tree of no entries has one root.
  SignedNote note;
  note.text = Format(Checkpoint{testing::kTestOrigin, TreeSize(0), LeafHash(""), {}});
  note.signatures = {SignNote(note.text, log_.signer())};
  request.checkpoint = Format(note);
  request.proof.clear();
  EXPECT_EQ(witness_->Add(Format(request)).status, 422);
}

TEST_F(WitnessTest, ATreeThatCannotBeIsRefused) {
  SignedNote note;
  note.text =
      Format(Checkpoint{testing::kTestOrigin, TreeSize(uint64_t{1} << 63), log_.Root(5), {}});
  note.signatures = {SignNote(note.text, log_.signer())};
  AddCheckpoint request{.old_size = TreeSize(0)};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 400);
}

// Anybody can repeat a line of a checkpoint that is public.
TEST_F(WitnessTest, ALineThatIsRepeatedIsKeptOnce) {
  const SignedNote once = *ParseNote(log_.Checkpoint(5));
  for (const size_t times : {size_t{1}, kNoteSignaturesMax - 1, kNoteSignaturesMax}) {
    SignedNote note = once;
    note.signatures.assign(times, once.signatures.front());
    AddCheckpoint request{.old_size = TreeSize(Kept())};
    request.checkpoint = Format(note);
    const WitnessAnswer answer = witness_->Add(Format(request));
    ASSERT_EQ(answer.status, 200) << times << ": " << answer.body;
    const SignedNote kept = *ParseNote(Latest().body);
    ASSERT_EQ(kept.signatures.size(), 2u);
    EXPECT_EQ(kept.signatures[0], once.signatures[0]);
    EXPECT_EQ(kept.signatures[1].name, "witness.example.org");
  }
}

TEST_F(WitnessTest, MoreKeysOfALogThanANoteHasRoomForAreRefused) {
  options_.log_keys.clear();
  SignedNote note;
  note.text = ParseNote(log_.Checkpoint(5))->text;
  for (uint8_t seed = 0; seed < kNoteSignaturesMax; ++seed) {
    // Names are short, so that the note is not too long.
    const Signer signer = TestSigner(testing::kTestOrigin, KeyType::kEd25519, seed);
    options_.log_keys.push_back(signer.verifier());
    note.signatures.push_back(SignNote(note.text, signer));
  }
  Start();
  AddCheckpoint request{.old_size = TreeSize(0)};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 400);
  note.signatures.pop_back();
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 200);
  EXPECT_EQ(ParseNote(Latest().body)->signatures.size(), kNoteSignaturesMax);
  Start();
  EXPECT_EQ(Kept(), 5u);
}

// One log must not make a file that the witness cannot read again: it would lock out all others.
TEST_F(WitnessTest, ANoteThatIsTooLongIsRefusedBeforeItIsCosigned) {
  const auto post = [this](size_t bytes) {
    SignedNote note;
    note.text = ParseNote(log_.Checkpoint(5))->text;
    note.signatures = {SignNote(note.text + "x\n", log_.signer())};
    note.text += std::string(bytes - Format(note).size() - 1, 'x') + "\n";
    note.signatures = {SignNote(note.text, log_.signer())};
    AddCheckpoint request{.old_size = TreeSize(Kept())};
    request.checkpoint = Format(note);
    EXPECT_EQ(request.checkpoint.size(), bytes);
    return witness_->Add(Format(request)).status;
  };
  EXPECT_EQ(post(kNoteBytesMax), 400);
  EXPECT_EQ(post(kWitnessedNoteBytesMax + 1), 400);
  EXPECT_EQ(Kept(), 0u);
  EXPECT_EQ(post(kWitnessedNoteBytesMax), 200);
  Start();
  EXPECT_EQ(Kept(), 5u);
}

TEST_F(WitnessTest, NoChangedByteOfARequestIsCosigned) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const std::string good = Request(log_, 20, 37);
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    ASSERT_NE(witness_->Add(bad).status, 200) << at;
  }
  EXPECT_EQ(witness_->Add(good).status, 200);
}

TEST_F(WitnessTest, ItRemembersAcrossRestarts) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const std::string kept = Latest().body;
  const VerifierKey key = witness_->verifier();
  options_.name.clear();
  Start();
  EXPECT_EQ(witness_->verifier(), key);
  EXPECT_EQ(Latest().body, kept);
  EXPECT_EQ(witness_->Add(Request(fork_, 0, 30)).status, 409);
  EXPECT_EQ(witness_->Add(Request(fork_, 20, 30)).status, 422);
  EXPECT_EQ(Add(20, 30).status, 200);
}

// The log's key was changed and the old one is no longer trusted: what was cosigned still stands.
TEST_F(WitnessTest, ItRemembersWhenTheLogsKeyIsAnother) {
  ASSERT_EQ(Add(0, 20).status, 200);
  options_.log_keys = {TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier()};
  Start();
  EXPECT_EQ(Kept(), 20u);
  EXPECT_EQ(Add(20, 30).status, 403);
}

TEST_F(WitnessTest, ASecondWitnessMayNotHaveTheFolder) {
  EXPECT_THAT(Witness::Open(options_, clock_, random_), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(WitnessTest, ItsKeyIsItsOwnersAlone) {
  struct stat found {};
  ASSERT_EQ(stat((options_.folder + "/key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(WitnessTest, AnotherNameIsRefused) {
  witness_.reset();
  options_.name = "other.example.org";
  EXPECT_THAT(Witness::Open(options_, clock_, random_), FailsWith(Reason::kMalformed));
}

TEST_F(WitnessTest, AWitnessWithoutItsKeyDoesNotGoOn) {
  ASSERT_EQ(Add(0, 20).status, 200);
  witness_.reset();
  std::filesystem::remove(options_.folder + "/key");
  EXPECT_THAT(Witness::Open(options_, clock_, random_), FailsWith(Reason::kCorrupt));
}

TEST_F(WitnessTest, WhatItKeepsCannotBeChangedUnderIt) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const std::string path =
      absl::StrCat(options_.folder, "/", OriginHash(testing::kTestOrigin), ".checkpoint");
  const std::string good = Latest().body;
  witness_.reset();
  // The log's own line may go: only the witness's vouches for what it keeps.
  const size_t own_line = good.rfind("\xe2\x80\x94");
  const size_t log_line = good.find("\xe2\x80\x94");
  for (size_t at = 0; at < good.size(); ++at) {
    if (at >= log_line && at < own_line) continue;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    WriteFile(path, bad);
    ASSERT_THAT(Witness::Open(options_, clock_, random_), FailsWith(Reason::kCorrupt)) << at;
  }
  WriteFile(path, log_.Checkpoint(5));
  EXPECT_THAT(Witness::Open(options_, clock_, random_), FailsWith(Reason::kCorrupt));
  WriteFile(path, good);
  EXPECT_THAT(Witness::Open(options_, clock_, random_), IsOk());
}

// A write that was cut off leaves the file before it as it was.
TEST_F(WitnessTest, AnUnfinishedFileIsNotTakenForTheLatest) {
  ASSERT_EQ(Add(0, 20).status, 200);
  witness_.reset();
  WriteFile(absl::StrCat(options_.folder, "/", OriginHash(testing::kTestOrigin), ".checkpoint.new"),
            "scrutiny.example.org\n30\n");
  Start();
  EXPECT_EQ(Kept(), 20u);
  EXPECT_EQ(Add(20, 30).status, 200);
}

// After a write that failed nobody knows what is on the disk: nothing more is cosigned.
TEST_F(WitnessTest, AFailedWriteStopsItUntilItIsStartedAnew) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const std::string unfinished =
      absl::StrCat(options_.folder, "/", OriginHash(testing::kTestOrigin), ".checkpoint.new");
  std::filesystem::create_directory(unfinished);  // so that it cannot be opened for writing
  EXPECT_EQ(Add(20, 30).status, 500);
  std::filesystem::remove(unfinished);
  EXPECT_EQ(Add(20, 30).status, 500);
  EXPECT_EQ(Kept(), 20u);
  Start();
  EXPECT_EQ(Add(20, 30).status, 200);
}

// Goal: of two histories that race, at most one is ever cosigned. Method: threads submit both from
// the same size, over and over.
TEST_F(WitnessTest, OfTwoHistoriesThatRaceOneIsCosigned) {
  for (uint64_t round = 0; round < 20; ++round) {
    options_.folder = dir_.File(absl::StrCat("race-", round));
    Start();
    ASSERT_EQ(Add(0, 10).status, 200);
    std::atomic<int> honest = 0;
    std::atomic<int> forked = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      const bool fork = i % 2 == 0;
      // Proofs are made before the threads run: a TestLog is not for sharing.
      threads.emplace_back(
          [&, body = Request(fork ? fork_ : log_, 10, 20 + static_cast<uint64_t>(i)), fork] {
            if (witness_->Add(body).status == 200) ++(fork ? forked : honest);
          });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(honest + forked, 1);
  }
}

TEST_F(WitnessTest, SeveralLogsAreKeptApart) {
  const Signer other = TestSigner("other.example", KeyType::kEd25519, 9);
  options_.log_keys.push_back(other.verifier());
  Start();
  ASSERT_EQ(Add(0, 20).status, 200);
  SignedNote note;
  note.text = Format(Checkpoint{"other.example", TreeSize(7), fork_.Root(7), {}});
  note.signatures = {SignNote(note.text, other)};
  AddCheckpoint request{.old_size = TreeSize(0)};
  request.checkpoint = Format(note);
  EXPECT_EQ(witness_->Add(Format(request)).status, 200);
  EXPECT_EQ(Kept(), 20u);
  EXPECT_EQ(witness_->Latest(OriginHash("other.example")).status, 200);
  EXPECT_EQ(witness_->Latest(OriginHash("third.example")).status, 404);
  EXPECT_EQ(witness_->Latest("").status, 404);
  const std::string words = witness_->Describe().body;
  EXPECT_THAT(words, HasSubstr(ToString(witness_->verifier())));
  EXPECT_THAT(words, HasSubstr("scrutiny.example.org, 20 entries"));
  EXPECT_THAT(words, HasSubstr("other.example, 7 entries"));
}

TEST_F(WitnessTest, ANameIsMadeUpWhereNoneIsGiven) {
  options_.folder = dir_.File("nameless");
  options_.name.clear();
  Start();
  EXPECT_THAT(witness_->verifier().name, HasSubstr("witness.invalid/"));
}

}  // namespace
}  // namespace scrutiny::ledger
