#include "services/grpc/seal_service.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/limits.h"
#include "tests/services/grpc/receipts.h"
#include "tests/services/grpc/sealed.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SealServiceTest : public SealTest {
 protected:
  // So many findings, sealed for one person and each for the office too.
  std::vector<uint64_t> RecordFindings(int count, const std::string& person) {
    std::vector<uint64_t> sequences;
    for (int i = 0; i < count; ++i) {
      const std::string name = absl::StrCat("findings/", person.substr(8), "/", i);
      api::AppendRequest request = SealedFinding(name, name, absl::StrCat("detail ", i), person);
      event::v1::Proposed& proposed = *request.mutable_facts(0)->mutable_proposed();
      proposed.mutable_finding_recorded()->set_restricted_detail("the kitchen");
      AddSeal(request.mutable_facts(0), kRestrictedPath, "office");
      sequences.push_back(Record(request));
    }
    return sequences;
  }
};

// --- Opening.

TEST_F(SealServiceTest, AnEntryWithoutSealsOpensAsItIs) {
  const uint64_t sequence = Record(RequestOf("r-1", {ActionRaised("actions/a", "One")}));
  const api::OpenSealedResponse opened = Open(sequence);
  EXPECT_THAT(opened.parts(), IsEmpty());
  EXPECT_EQ(opened.opened().action_raised().title(), "One");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes,
                                ledger_->EntryBytes(ledger::Sequence(sequence)));
  EXPECT_EQ(opened.entry(), bytes);
}

TEST_F(SealServiceTest, WhatIsBeyondTheHeadIsOutOfRange) {
  api::OpenSealedResponse opened;
  for (const uint64_t sequence :
       {uint64_t{1}, uint64_t{1} << 32, uint64_t{1} << 63, ~uint64_t{0}}) {
    EXPECT_EQ(Open(sequence, &opened).error_code(), grpc::StatusCode::OUT_OF_RANGE) << sequence;
  }
}

TEST_F(SealServiceTest, WhatWasSealedOpensAfterARestart) {
  const uint64_t sequence = Record(SealedFinding("r-1", "findings/a", "Ann", "persons/ann"));
  Restart();
  EXPECT_EQ(Open(sequence).opened().finding_recorded().personal_detail(), "Ann");
}

// --- What is held.

TEST_F(SealServiceTest, WhatIsHeldComesInPages) {
  const std::vector<uint64_t> sequences = RecordFindings(25, "persons/ann");
  RecordFindings(3, "persons/bob");
  for (const uint32_t page : {1u, 7u, 25u, 1000u, 0u}) {
    api::ListSubjectRequest request;
    request.set_subject("persons/ann");
    request.set_page_size(page);
    std::vector<uint64_t> held;
    do {
      api::ListSubjectResponse response;
      const grpc::Status status = List(request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      if (page > 0) {
        ASSERT_LE(response.held_size(), static_cast<int>(page));
      }
      for (const api::HeldSeal& seal : response.held()) {
        held.push_back(seal.sequence());
        EXPECT_EQ(seal.index(), 0u);
        EXPECT_EQ(seal.field_path(), kPersonalPath);
        EXPECT_EQ(seal.fact_type(), 324u);
        EXPECT_GT(seal.bytes(), 64u);
        EXPECT_THAT(seal.record(), HasSubstr("findings/ann/"));
        EXPECT_GT(seal.recorded_at_us(), 0);
      }
      EXPECT_EQ(response.erasures(), 0u);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(held, sequences) << "in pages of " << page;
  }
}

TEST_F(SealServiceTest, PagesEndWithinAnEntryToo) {
  api::AppendRequest append = SealedFinding("r-1", "findings/a", "Ann", "persons/ann");
  append.mutable_facts(0)->mutable_proposed()->mutable_finding_recorded()->set_restricted_detail(
      "the kitchen");
  AddSeal(append.mutable_facts(0), kRestrictedPath, "persons/ann");
  AddSeal(append.mutable_facts(0), "finding_recorded.title", "persons/ann");
  Record(append);
  api::ListSubjectRequest request;
  request.set_subject("persons/ann");
  request.set_page_size(1);
  std::vector<uint32_t> indexes;
  do {
    api::ListSubjectResponse response;
    ASSERT_TRUE(List(request, &response).ok());
    for (const api::HeldSeal& seal : response.held()) indexes.push_back(seal.index());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(indexes, (std::vector<uint32_t>{0, 1, 2}));
}

TEST_F(SealServiceTest, APageTokenIsGoodForItsOwnListAlone) {
  RecordFindings(3, "persons/ann");
  api::ListSubjectRequest request;
  request.set_subject("persons/ann");
  request.set_page_size(1);
  api::ListSubjectResponse response;
  ASSERT_TRUE(List(request, &response).ok());
  const std::string token = response.next_page_token();
  request.set_subject("office");
  request.set_page_token(token);
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_subject("persons/ann");
  request.set_page_token(token.substr(1));
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  // One of a record's history, whose request looks the same on the wire.
  Record(RequestOf("p-1", {ActionRaised("actions/a", "1"), ActionUpdated("actions/a", "2"),
                           ActionUpdated("actions/a", "3")}));
  event::v1::Proposed person;
  person.set_record("persons/ann");
  person.mutable_person_registered()->set_post("Visitor");
  event::v1::Proposed assumed;
  assumed.set_record("persons/ann");
  assumed.mutable_office_assumed()->set_post("Chair");
  Record(RequestOf("p-2", {person, assumed}));
  grpc::ClientContext context;
  api::GetRecordRequest history;
  history.set_record("persons/ann");
  history.set_page_size(1);
  api::GetRecordResponse page;
  ASSERT_TRUE(stub_->GetRecord(&context, history, &page).ok());
  ASSERT_THAT(page.next_page_token(), Not(IsEmpty()));
  request.set_page_token(page.next_page_token());
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SealServiceTest, ListsOfNobodyAndOfTooMuchAreRefused) {
  api::ListSubjectResponse response;
  EXPECT_THAT(ListFor("persons/nobody", &response), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
  for (const std::string subject : {"", "forums/spab", "Persons/Ann", "persons", "persons/"}) {
    EXPECT_EQ(ListFor(subject, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << subject;
  }
  RecordFindings(1, "persons/ann");
  api::ListSubjectRequest request;
  request.set_subject("persons/ann");
  request.set_page_size(1001);
  EXPECT_THAT(List(request, &response), IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
}

// --- Erasing.

TEST_F(SealServiceTest, APreviewTellsWhatAnErasureWouldTouchAndTouchesNothing) {
  const std::vector<uint64_t> sequences = RecordFindings(5, "persons/ann");
  RecordFindings(2, "persons/bob");
  const uint64_t size = ledger_->size().value();
  api::EraseSubjectResponse preview;
  const grpc::Status status = Preview("persons/ann", &preview);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(preview.previewed());
  EXPECT_EQ(preview.seals(), 5u);
  EXPECT_EQ(preview.entries(), 5u);
  EXPECT_GT(preview.bytes(), 5 * 64u);
  EXPECT_THAT(preview.held(), SizeIs(5));
  EXPECT_EQ(preview.survivors(), 2u) << "bob and the office";
  EXPECT_EQ(preview.erased_at_us(), 0);
  EXPECT_EQ(ledger_->size().value(), size);
  EXPECT_EQ(Open(sequences[0]).parts(0).state(), api::SEAL_STATE_OPENED);
}

TEST_F(SealServiceTest, AnErasureErasesOnePersonAndLeavesTheOthers) {
  const std::vector<uint64_t> ann = RecordFindings(5, "persons/ann");
  const std::vector<uint64_t> bob = RecordFindings(2, "persons/bob");
  api::EraseSubjectResponse preview;
  ASSERT_TRUE(Preview("persons/ann", &preview).ok());
  api::EraseSubjectResponse erased;
  const grpc::Status status = Erase(Erasure("e-1", "persons/ann"), &erased);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(erased.previewed());
  EXPECT_EQ(erased.seals(), preview.seals());
  EXPECT_EQ(erased.entries(), preview.entries());
  EXPECT_EQ(erased.bytes(), preview.bytes());
  EXPECT_EQ(erased.survivors(), preview.survivors());
  EXPECT_GT(erased.erased_at_us(), 0);
  EXPECT_EQ(erased.unrecoverable_by_us() - erased.erased_at_us(),
            key_backup_days_ * 24 * 3600 * 1'000'000);
  for (int restart = 0; restart < 2; ++restart) {
    for (const uint64_t sequence : ann) {
      const api::OpenSealedResponse opened = Open(sequence);
      EXPECT_EQ(opened.parts(0).state(), api::SEAL_STATE_ERASED);
      EXPECT_EQ(opened.parts(0).erased_by(), erased.sequence());
      EXPECT_THAT(opened.parts(0).payload(), IsEmpty());
      EXPECT_THAT(opened.parts(0).salt(), IsEmpty());
      EXPECT_THAT(opened.opened().finding_recorded().personal_detail(), IsEmpty());
      EXPECT_EQ(opened.parts(1).state(), api::SEAL_STATE_OPENED) << "the office's part stays";
    }
    for (const uint64_t sequence : bob) {
      EXPECT_EQ(Open(sequence).parts(0).state(), api::SEAL_STATE_OPENED);
    }
    api::ListSubjectResponse held;
    ASSERT_TRUE(ListFor("persons/ann", &held).ok());
    EXPECT_THAT(held.held(), IsEmpty());
    EXPECT_EQ(held.erasures(), 1u);
    Restart();
  }
}

TEST_F(SealServiceTest, TheLedgerSaysWhatWasErasedAndNotWhose) {
  const std::vector<uint64_t> ann = RecordFindings(3, "persons/ann");
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes,
                                ledger_->EntryBytes(ledger::Sequence(erased.sequence())));
  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(bytes));
  const event::v1::SealsErased& says = entry.proposed().seals_erased();
  EXPECT_EQ(says.reason(), "Asked for by the person.");
  EXPECT_EQ(says.authority(), "Data protection officer");
  EXPECT_EQ(says.erased_at_us(), erased.erased_at_us());
  EXPECT_EQ(says.unrecoverable_by_us(), erased.unrecoverable_by_us());
  ASSERT_THAT(says.seals(), SizeIs(3));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(says.seals(i).sequence(), ann[i]);
  EXPECT_THAT(bytes, Not(HasSubstr("persons/ann")));
}

// An erasure leaves every proof as it was: the leaf never held what is erased.
TEST_F(SealServiceTest, ProofsFromBeforeAnErasureStillHold) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", "Ann", "persons/ann");
  request.set_with_proof(true);
  api::AppendResponse before;
  ASSERT_TRUE(Append(request, &before).ok());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys,
                                KeysOf(std::vector<std::string>{ledger_->identity().log_key}));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                                CheckProofs(before.receipt(), keys));
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Hash root, ledger_->tree().Root(checkpoint.size));
  EXPECT_EQ(root, checkpoint.root);
  const api::OpenSealedResponse opened = Open(before.receipt().first_sequence());
  EXPECT_EQ(ledger::AsBytes(ledger::LeafHash(opened.entry())),
            before.receipt().entries(0).leaf_hash());
}

TEST_F(SealServiceTest, TheSameErasureAgainIsTheSame) {
  RecordFindings(3, "persons/ann");
  api::EraseSubjectResponse first;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &first).ok());
  const uint64_t size = ledger_->size().value();
  for (int restart = 0; restart < 2; ++restart) {
    api::EraseSubjectResponse again;
    const grpc::Status status = Erase(Erasure("e-1", "persons/ann"), &again);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(again.sequence(), first.sequence());
    EXPECT_EQ(again.seals(), first.seals());
    EXPECT_EQ(again.entries(), first.entries());
    EXPECT_EQ(again.bytes(), first.bytes());
    EXPECT_EQ(again.erased_at_us(), first.erased_at_us());
    EXPECT_EQ(again.unrecoverable_by_us(), first.unrecoverable_by_us());
    EXPECT_EQ(ledger_->size().value(), size);
    Restart();
  }
}

// The id of an erasure that was for somebody else must not pass for this one's: the caller would
// believe that it happened.
TEST_F(SealServiceTest, AnErasuresIdIsGoodForItsPersonAlone) {
  RecordFindings(2, "persons/ann");
  const std::vector<uint64_t> bob = RecordFindings(2, "persons/bob");
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  const grpc::Status status = Erase(Erasure("e-1", "persons/bob"), &erased);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS) << status.error_message();
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED));
  EXPECT_EQ(Open(bob[0]).parts(0).state(), api::SEAL_STATE_OPENED);
  EXPECT_TRUE(Erase(Erasure("e-2", "persons/bob"), &erased).ok());
  EXPECT_EQ(Open(bob[0]).parts(0).state(), api::SEAL_STATE_ERASED);
}

TEST_F(SealServiceTest, APersonErasedOnceCanBeSealedForAndErasedAgain) {
  const uint64_t first = RecordFindings(1, "persons/ann")[0];
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  const uint64_t second = Record(SealedFinding("r-2", "findings/b", "Again", "persons/ann"));
  EXPECT_EQ(Open(second).opened().finding_recorded().personal_detail(), "Again");
  EXPECT_EQ(Open(first).parts(0).state(), api::SEAL_STATE_ERASED);
  api::EraseSubjectResponse again;
  ASSERT_TRUE(Erase(Erasure("e-2", "persons/ann"), &again).ok());
  EXPECT_EQ(again.seals(), 1u);
  EXPECT_NE(again.sequence(), erased.sequence());
  EXPECT_EQ(Open(second).parts(0).erased_by(), again.sequence());
  EXPECT_EQ(Open(first).parts(0).erased_by(), erased.sequence());
  api::ListSubjectResponse held;
  ASSERT_TRUE(ListFor("persons/ann", &held).ok());
  EXPECT_EQ(held.erasures(), 2u);
}

TEST_F(SealServiceTest, ErasuresThatAreNotWellAskedForAreRefused) {
  const uint64_t sequence = RecordFindings(1, "persons/ann")[0];
  api::EraseSubjectResponse erased;
  EXPECT_THAT(Erase(Erasure("e-1", "persons/nobody"), &erased),
              IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
  EXPECT_THAT(Preview("persons/nobody", &erased), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
  std::vector<api::EraseSubjectRequest> bad(7, Erasure("e-1", "persons/ann"));
  bad[0].clear_reason();
  bad[1].clear_authority();
  bad[2].clear_request_id();
  bad[3].set_request_id("a b");
  bad[4].set_reason(std::string(1001, 'x'));
  bad[5].set_authority(std::string(401, 'x'));
  bad[6].set_reason("With a \x1b[31mcontrol");
  for (size_t i = 0; i < bad.size(); ++i) {
    const grpc::Status status = Erase(bad[i], &erased);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << i << status.error_message();
  }
  for (const std::string subject : {"", "forums/spab", "Persons/Ann", "persons"}) {
    EXPECT_EQ(Erase(Erasure("e-1", subject), &erased).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << subject;
    EXPECT_EQ(Preview(subject, &erased).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(Open(sequence).parts(0).state(), api::SEAL_STATE_OPENED);
}

// Writers seal for somebody who is erased again and again: whatever was acknowledged is afterwards
// either readable or said to be erased, never without a key.
TEST_F(SealServiceTest, NothingFallsBetweenSealingAndErasing) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> records{0};
  std::vector<std::vector<uint64_t>> recorded(4);
  std::vector<std::thread> writers;
  for (size_t w = 0; w < recorded.size(); ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; !stop; ++i) {
        const std::string name = absl::StrCat("findings/w", w, "/", i);
        recorded[w].push_back(Record(SealedFinding(name, name, "Ann", "persons/ann")));
        ++records;
      }
    });
  }
  std::set<uint64_t> erasures;
  for (int i = 0; i < 12; ++i) {
    // Each has something to erase.
    const uint64_t before = records;
    while (records < before + writers.size() + 1) std::this_thread::yield();
    api::EraseSubjectResponse erased;
    const grpc::Status status = Erase(Erasure(absl::StrCat("e-", i), "persons/ann"), &erased);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    erasures.insert(erased.sequence());
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  size_t erased = 0;
  size_t opened = 0;
  for (int restart = 0; restart < 2; ++restart) {
    for (const std::vector<uint64_t>& sequences : recorded) {
      for (const uint64_t sequence : sequences) {
        const api::OpenSealedResponse response = Open(sequence);
        const api::SealedPart& part = response.parts(0);
        if (part.state() == api::SEAL_STATE_ERASED) {
          EXPECT_EQ(erasures.count(part.erased_by()), 1u);
          ++erased;
        } else {
          ASSERT_EQ(part.state(), api::SEAL_STATE_OPENED) << sequence;
          ++opened;
        }
      }
    }
    Restart();
  }
  EXPECT_GT(erased, 0u);
  std::printf("%zu erased, %zu open\n", erased, opened);
}

// --- Copies of the keys.

TEST_F(SealServiceTest, ACopyOfTheKeysOpensWhatTheyOpen) {
  const uint64_t sequence = RecordFindings(1, "persons/ann")[0];
  api::BackupKeysResponse copied;
  const grpc::Status status = BackupKeys(dir_.File("copy"), &copied);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(copied.keys(), 2u);
  for (const auto& file : fs::directory_iterator(dir_.File("copy"))) {
    EXPECT_EQ(fs::status(file).permissions() & fs::perms(077), fs::perms::none) << file.path();
  }
  EXPECT_EQ(fs::status(dir_.File("copy")).permissions() & fs::perms(077), fs::perms::none);
  Stop();
  fs::remove_all(keys_folder());
  fs::rename(dir_.File("copy"), keys_folder());
  StartAll();
  EXPECT_EQ(Open(sequence).opened().finding_recorded().personal_detail(), "detail 0");
}

// Keys from before an erasure: the ledger knows of it, and they are destroyed anew.
TEST_F(SealServiceTest, AnOlderCopyOfTheKeysUndoesNoErasure) {
  const uint64_t sequence = RecordFindings(1, "persons/ann")[0];
  api::BackupKeysResponse copied;
  ASSERT_TRUE(BackupKeys(dir_.File("copy"), &copied).ok());
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  Stop();
  fs::remove_all(keys_folder());
  fs::rename(dir_.File("copy"), keys_folder());
  StartAll();
  EXPECT_EQ(Open(sequence).parts(0).state(), api::SEAL_STATE_ERASED);
  EXPECT_FALSE(keys_->HasKey("persons/ann"));
  EXPECT_EQ(Open(sequence).parts(1).state(), api::SEAL_STATE_OPENED);
}

TEST_F(SealServiceTest, KeysAreCopiedOnlyToAFolderOfTheirOwn) {
  RecordFindings(1, "persons/ann");
  fs::create_directories(dir_.File("full"));
  std::ofstream(dir_.File("full/file")) << "x";
  std::ofstream(dir_.File("file")) << "x";
  fs::create_directory_symlink(keys_folder(), dir_.File("link"));
  for (const std::string& folder :
       {std::string(), std::string("relative/folder"), std::string("../keys"), dir_.File("full"),
        dir_.File("file"), keys_folder(), keys_folder() + "/copy", keys_folder() + "/",
        dir_.File("full/../keys/copy"), dir_.File("link/copy"), data() + "/copy",
        data() + "/log/copy"}) {
    api::BackupKeysResponse copied;
    EXPECT_FALSE(BackupKeys(folder, &copied).ok()) << folder;
  }
  EXPECT_FALSE(fs::exists(data() + "/copy"));
  EXPECT_FALSE(fs::exists(data() + "/log/copy"));
  EXPECT_FALSE(fs::exists(keys_folder() + "/copy"));
  Restart();
}

}  // namespace
}  // namespace scrutiny::testing
