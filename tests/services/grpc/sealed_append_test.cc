// Appends with parts to be sealed: what is recorded of them, repeats, refusals.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/limits.h"
#include "ledger/seal/cipher.h"
#include "tests/services/grpc/sealed.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kSecret[] = "Ann Smith of cell three";

class SealedAppendTest : public SealTest {
 protected:
  event::v1::Entry EntryAt(uint64_t sequence) {
    event::v1::Entry entry;
    const auto bytes = ledger_->EntryBytes(ledger::Sequence(sequence));
    EXPECT_THAT(bytes, IsOk());
    EXPECT_TRUE(entry.ParseFromString(*bytes));
    return entry;
  }

  SyncGate gate_;  // of the tests that hold the disk
};

TEST_F(SealedAppendTest, TheEntryHoldsNothingOfWhatIsSealed) {
  const uint64_t sequence = Record(SealedFinding("r-1", "findings/a", kSecret, "persons/ann"));
  const event::v1::Entry entry = EntryAt(sequence);
  EXPECT_THAT(entry.SerializeAsString(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(entry.SerializeAsString(), Not(HasSubstr("persons/ann")));
  EXPECT_THAT(entry.proposed().finding_recorded().personal_detail(), IsEmpty());
  EXPECT_EQ(entry.proposed().finding_recorded().title(), "Meals were late");
  ASSERT_THAT(entry.seals(), SizeIs(1));
  EXPECT_EQ(entry.seals(0).field_path(), kPersonalPath);
}

TEST_F(SealedAppendTest, AnAuditorChecksAnOpenedPartWithoutAKey) {
  const uint64_t sequence = Record(SealedFinding("r-1", "findings/a", kSecret, "persons/ann"));
  const api::OpenSealedResponse opened = Open(sequence);
  EXPECT_EQ(opened.opened().finding_recorded().personal_detail(), kSecret);
  EXPECT_EQ(opened.opened().finding_recorded().title(), "Meals were late");
  ASSERT_THAT(opened.parts(), SizeIs(1));
  const api::SealedPart& part = opened.parts(0);
  EXPECT_EQ(part.state(), api::SEAL_STATE_OPENED);
  EXPECT_EQ(part.sealed_for(), "persons/ann");
  EXPECT_FALSE(part.has_erased_by());
  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(opened.entry()));
  const std::string& id = entry.assigned().entry_id();
  const ledger::SealContext context({reinterpret_cast<const uint8_t*>(id.data()), id.size()}, 0);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto seal_id, ledger::SealIdOf(entry.seals(0)));
  ledger::Hash commitment{};
  const std::string& committed = entry.seals(0).commitment();
  ASSERT_EQ(committed.size(), commitment.size());
  std::copy(committed.begin(), committed.end(), commitment.begin());
  EXPECT_TRUE(
      ledger::CommitmentHolds(context.view(), seal_id, part.salt(), part.payload(), commitment));
  EXPECT_FALSE(ledger::CommitmentHolds(context.view(), seal_id, part.salt(), part.payload() + "x",
                                       commitment));
}

TEST_F(SealedAppendTest, SeveralPartsAreForSeveralPeople) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  request.mutable_facts(0)->mutable_proposed()->mutable_finding_recorded()->set_restricted_detail(
      "the kitchen");
  AddSeal(request.mutable_facts(0), kRestrictedPath, "office");
  const api::OpenSealedResponse opened = Open(Record(request));
  EXPECT_EQ(opened.opened().finding_recorded().personal_detail(), kSecret);
  EXPECT_EQ(opened.opened().finding_recorded().restricted_detail(), "the kitchen");
  ASSERT_THAT(opened.parts(), SizeIs(2));
  EXPECT_EQ(opened.parts(1).sealed_for(), "office");
}

TEST_F(SealedAppendTest, AWholeFactShowsAnOpaqueNameAlone) {
  api::AppendRequest request = RequestOf("r-1", {Finding("findings/secret-place")});
  AddSeal(request.mutable_facts(0), "", "office");
  const uint64_t sequence = Record(request);
  const event::v1::Entry entry = EntryAt(sequence);
  EXPECT_TRUE(entry.proposed().has_sealed_fact());
  EXPECT_THAT(entry.SerializeAsString(), Not(HasSubstr("secret-place")));
  EXPECT_THAT(entry.proposed().record(), HasSubstr("sealed/"));
  EXPECT_EQ(Open(sequence).opened().record(), "findings/secret-place");
  // The same request again finds it, under the same name.
  api::AppendResponse again;
  ASSERT_TRUE(Append(request, &again).ok());
  EXPECT_TRUE(again.already_recorded());
  EXPECT_EQ(again.receipt().first_sequence(), sequence);
}

// --- Repeats.

TEST_F(SealedAppendTest, ARepeatedRequestGetsTheFirstReceipt) {
  const api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  const uint64_t sequence = Record(request);
  for (int restart = 0; restart < 2; ++restart) {
    api::AppendResponse again;
    ASSERT_TRUE(Append(request, &again).ok());
    EXPECT_TRUE(again.already_recorded());
    EXPECT_EQ(again.receipt().first_sequence(), sequence);
    Restart();
  }
}

TEST_F(SealedAppendTest, TheSameIdWithOtherSealedPartsIsRefused) {
  const api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  Record(request);
  const uint64_t size = ledger_->size().value();
  std::vector<api::AppendRequest> others(4, request);
  event::v1::Proposed& other = *others[0].mutable_facts(0)->mutable_proposed();
  other.mutable_finding_recorded()->set_personal_detail("Ann Smith of cell four");
  others[1].mutable_facts(0)->mutable_seals(0)->set_sealed_for("persons/bob");
  event::v1::Proposed& more = *others[2].mutable_facts(0)->mutable_proposed();
  more.mutable_finding_recorded()->set_restricted_detail("the kitchen");
  AddSeal(others[2].mutable_facts(0), kRestrictedPath, "office");
  others[3] = RequestOf("r-1", {Finding("findings/a")});
  for (size_t i = 0; i < others.size(); ++i) {
    const grpc::Status status = Append(others[i]);
    EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED)) << i;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS) << i;
    EXPECT_THAT(status.error_message(), Not(HasSubstr("Smith"))) << i;
    EXPECT_THAT(DetailOf(status).ShortDebugString(), Not(HasSubstr("Smith"))) << i;
  }
  EXPECT_EQ(ledger_->size().value(), size);
}

// Requests with one id at once, so that several fall into one group: those that are the same have
// one receipt, the others are refused, and one is recorded.
TEST_F(SealedAppendTest, RepeatsWithinOneGroupAreOpenedAndCompared) {
  constexpr int kClients = 16;
  for (int round = 0; round < 10; ++round) {
    const uint64_t before = ledger_->size().value();
    std::vector<api::AppendResponse> responses(kClients);
    std::vector<grpc::Status> statuses(kClients);
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        statuses[i] =
            Append(SealedFinding(absl::StrCat("r-", round), absl::StrCat("findings/a", round),
                                 i % 2 == 0 ? "even" : "odd", "persons/ann"),
                   &responses[i]);
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(ledger_->size().value(), before + 1);
    int recorded = 0;
    for (int i = 0; i < kClients; ++i) {
      if (statuses[i].ok()) {
        EXPECT_EQ(responses[i].receipt().first_sequence(), before);
        ++recorded;
      } else {
        EXPECT_THAT(statuses[i], IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED));
      }
    }
    EXPECT_EQ(recorded, kClients / 2) << "all that are as the one recorded, and no others";
  }
}

// What is refused only once it is opened and compared stops a stream like any other refusal, also
// where both requests and those behind them are decided together.
TEST_F(SealedAppendTest, AStreamStopsAtARepeatWithOtherSealedParts) {
  ledger_options_.file_system = GatedFileSystem(gate_);
  Restart();
  const uint64_t before = ledger_->size().value();
  gate_.Close();
  // Holds the sequencer while everything of the stream is queued behind it.
  std::thread holds([this] { Record(RequestOf("holds", {ActionRaised("actions/h", "One")})); });
  gate_.AwaitSomebody();
  grpc::ClientContext context;
  const auto stream = stub_->AppendStream(&context);
  const std::vector<api::AppendRequest> requests = {
      SealedFinding("x", "findings/x", "one", "persons/ann"),
      SealedFinding("x", "findings/x", "two", "persons/ann"),
      RequestOf("y", {ActionRaised("actions/y", "One")}),
      RequestOf("z", {ActionRaised("actions/z", "One")})};
  for (const api::AppendRequest& append : requests) {
    api::AppendStreamRequest request;
    *request.mutable_append() = append;
    request.set_stop_at_refusal(true);
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  while (ledger_->status().queued_appends < requests.size()) std::this_thread::yield();
  gate_.Open();
  holds.join();
  std::vector<api::AppendStreamResponse> answers;
  api::AppendStreamResponse answer;
  while (stream->Read(&answer)) answers.push_back(answer);
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_THAT(answers, SizeIs(4));
  EXPECT_TRUE(answers[0].has_appended());
  EXPECT_EQ(DetailOf(answers[1].refused()).reason(), api::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(DetailOf(answers[2].refused()).reason(), api::ERROR_REASON_AFTER_REFUSAL);
  EXPECT_EQ(DetailOf(answers[3].refused()).reason(), api::ERROR_REASON_AFTER_REFUSAL);
  EXPECT_EQ(ledger_->size().value(), before + 2) << "nothing after the refusal is recorded";
}

TEST_F(SealedAppendTest, AfterAnErasureTheRequestIdSuffices) {
  const api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  const uint64_t sequence = Record(request);
  api::EraseSubjectResponse erased;
  ASSERT_TRUE(Erase(Erasure("e-1", "persons/ann"), &erased).ok());
  api::AppendResponse again;
  const grpc::Status status = Append(request, &again);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(again.already_recorded());
  EXPECT_EQ(again.receipt().first_sequence(), sequence);
  EXPECT_EQ(Open(sequence).parts(0).state(), api::SEAL_STATE_ERASED);
}

TEST_F(SealedAppendTest, ValidatingRecordsNothingAndSealsNothing) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  request.set_validate_only(true);
  api::AppendResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_TRUE(response.validated_only());
  EXPECT_EQ(ledger_->size().value(), 1u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool sealed, ledger_->HoldsSealed());
  EXPECT_FALSE(sealed);
}

// --- Refusals.

TEST_F(SealedAppendTest, WhatIsPrivateIsRefusedInTheClear) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  request.mutable_facts(0)->clear_seals();
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(DetailOf(status).field(), HasSubstr("personal_detail"));
  EXPECT_THAT(status.error_message(), Not(HasSubstr("Smith")));
  EXPECT_THAT(DetailOf(status).ShortDebugString(), Not(HasSubstr("Smith")));
  // Another part being sealed does not help.
  request.mutable_facts(0)->mutable_proposed()->mutable_finding_recorded()->set_restricted_detail(
      "the kitchen");
  AddSeal(request.mutable_facts(0), kRestrictedPath, "office");
  EXPECT_EQ(Append(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ledger_->size().value(), 1u);
}

struct BadSeals {
  const char* name;
  void (*change)(api::NewFact*);
  api::ErrorReason reason = api::ERROR_REASON_MALFORMED;
};

std::ostream& operator<<(std::ostream& out, const BadSeals& bad) { return out << bad.name; }

class BadSealsTest : public SealedAppendTest, public ::testing::WithParamInterface<BadSeals> {};

TEST_P(BadSealsTest, IsRefusedAndNothingIsRecorded) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  GetParam().change(request.mutable_facts(0));
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_THAT(status, IsRefusedFor(GetParam().reason));
  EXPECT_EQ(DetailOf(status).fact_index(), 0u);
  EXPECT_TRUE(DetailOf(status).has_fact_index());
  EXPECT_THAT(status.error_message(), Not(HasSubstr("Smith")));
  EXPECT_THAT(DetailOf(status).ShortDebugString(), Not(HasSubstr("Smith")));
  EXPECT_EQ(ledger_->size().value(), 1u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool sealed, ledger_->HoldsSealed());
  EXPECT_FALSE(sealed);
  // The server is none the worse for it.
  Record(SealedFinding("r-1", "findings/a", kSecret, "persons/ann"));
}

INSTANTIATE_TEST_SUITE_P(
    Requests, BadSealsTest,
    ::testing::Values(
        BadSeals{"UnknownPath",
                 [](api::NewFact* fact) {
                   AddSeal(fact, "finding_recorded.nonsense", "persons/ann");
                 }},
        BadSeals{"PathOfAnotherFact",
                 [](api::NewFact* fact) { AddSeal(fact, "action_raised.title", "office"); }},
        BadSeals{"PathBelowAText",
                 [](api::NewFact* fact) {
                   AddSeal(fact, "finding_recorded.title.more", "persons/ann");
                 }},
        BadSeals{"PathTwice",
                 [](api::NewFact* fact) { AddSeal(fact, kPersonalPath, "persons/ann"); }},
        BadSeals{"PathTwiceForTwoPeople",
                 [](api::NewFact* fact) { AddSeal(fact, kPersonalPath, "persons/bob"); }},
        BadSeals{"PathWithinAnother",
                 [](api::NewFact* fact) {
                   fact->mutable_proposed()
                       ->mutable_finding_recorded()
                       ->mutable_response_due()
                       ->set_date("2019-06-01");
                   AddSeal(fact, "finding_recorded.response_due", "office");
                   AddSeal(fact, "finding_recorded.response_due.date", "office");
                 }},
        BadSeals{"UnsetField",
                 [](api::NewFact* fact) { AddSeal(fact, kRestrictedPath, "office"); }},
        BadSeals{"FieldOfAnUnsetMessage",
                 [](api::NewFact* fact) {
                   AddSeal(fact, "finding_recorded.response_due.date", "office");
                 }},
        BadSeals{"WithinAList",
                 [](api::NewFact* fact) {
                   fact->mutable_proposed()->add_sources()->set_paper("papers/a");
                   AddSeal(fact, "sources.paper", "office");
                 }},
        BadSeals{"Envelope", [](api::NewFact* fact) { AddSeal(fact, "record", "office"); }},
        BadSeals{"Date", [](api::NewFact* fact) { AddSeal(fact, "occurred.on", "office"); }},
        BadSeals{"FactItself",
                 [](api::NewFact* fact) { AddSeal(fact, "finding_recorded", "office"); }},
        BadSeals{"WholeAndPart", [](api::NewFact* fact) { AddSeal(fact, "", "office"); }},
        BadSeals{"WholeTwice",
                 [](api::NewFact* fact) {
                   fact->clear_seals();
                   AddSeal(fact, "", "office");
                   AddSeal(fact, "", "office");
                 }},
        BadSeals{"LeadingDot",
                 [](api::NewFact* fact) {
                   AddSeal(fact, ".finding_recorded.title", "office");
                 }},
        BadSeals{"TrailingDot",
                 [](api::NewFact* fact) { AddSeal(fact, "finding_recorded.title.", "office"); }},
        BadSeals{"VeryLongPath",
                 [](api::NewFact* fact) { AddSeal(fact, std::string(50'000, 'a'), "office"); }},
        BadSeals{"ForNobody",
                 [](api::NewFact* fact) { fact->mutable_seals(0)->clear_sealed_for(); }},
        BadSeals{"ForARecordThatIsNoPerson",
                 [](api::NewFact* fact) { fact->mutable_seals(0)->set_sealed_for("forums/spab"); }},
        BadSeals{"ForNoRecordName",
                 [](api::NewFact* fact) {
                   fact->mutable_seals(0)->set_sealed_for("Persons/Ann Lee");
                 }},
        BadSeals{"ThirtyThree",
                 [](api::NewFact* fact) {
                   fact->clear_seals();
                   for (int i = 0; i < 33; ++i) AddSeal(fact, kPersonalPath, "persons/ann");
                 },
                 api::ERROR_REASON_OVER_LIMIT},
        BadSeals{"TwentyThousand",
                 [](api::NewFact* fact) {
                   for (int i = 0; i < 20'000; ++i) AddSeal(fact, "a", "office");
                 },
                 api::ERROR_REASON_OVER_LIMIT}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(SealedAppendTest, TheServersOwnFactsAreNotTakenFromClients) {
  event::v1::Proposed erased;
  erased.set_record("ledger/erasures");
  erased.mutable_seals_erased()->set_erasure_id(std::string(16, 'x'));
  erased.mutable_seals_erased()->set_reason("Because");
  erased.mutable_seals_erased()->set_authority("Me");
  event::v1::Proposed sealed;
  sealed.set_record("sealed/00112233445566778899aabbccddeeff");
  sealed.mutable_sealed_fact();
  event::v1::Proposed rotated;
  rotated.set_record("ledger/identity");
  rotated.mutable_log_key_rotated()->set_new_key("x+00000000+AAAA");
  rotated.mutable_log_key_rotated()->set_reason("Because");
  for (const event::v1::Proposed& forged : {erased, sealed, rotated}) {
    api::AppendRequest request = RequestOf("r-1", {forged});
    EXPECT_FALSE(Append(request).ok()) << forged.ShortDebugString();
    // Nor behind a seal.
    AddSeal(request.mutable_facts(0), "", "office");
    EXPECT_FALSE(Append(request).ok()) << forged.ShortDebugString();
  }
  EXPECT_EQ(ledger_->size().value(), 1u);
}

TEST_F(SealedAppendTest, AllOfAnAppendOrNothing) {
  api::AppendRequest request = SealedFinding("r-1", "findings/a", kSecret, "persons/ann");
  *request.add_facts() = request.facts(0);
  request.mutable_facts(1)->mutable_proposed()->set_record("findings/b");
  request.mutable_facts(1)->mutable_seals(0)->set_field_path("finding_recorded.nonsense");
  const grpc::Status status = Append(request);
  EXPECT_EQ(DetailOf(status).fact_index(), 1u);
  EXPECT_EQ(ledger_->size().value(), 1u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool sealed, ledger_->HoldsSealed());
  EXPECT_FALSE(sealed);
}

TEST_F(SealedAppendTest, ManySealedFactsGoInOneAppend) {
  api::AppendRequest request;
  request.set_request_id("r-1");
  for (int i = 0; i < 500; ++i) {
    *request.add_facts() =
        SealedFinding("", absl::StrCat("findings/", i), absl::StrCat(kSecret, " ", i),
                      absl::StrCat("persons/p-", i % 50))
            .facts(0);
  }
  const uint64_t first = Record(request);
  EXPECT_EQ(Open(first + 499).opened().finding_recorded().personal_detail(),
            absl::StrCat(kSecret, " 499"));
}

// --- Without a key store.

TEST_F(GrpcTest, WithoutAKeyStoreNothingIsSealedAndEverythingElseServes) {
  const grpc::Status status =
      Append(SealedFinding("r-1", "findings/a", "Ann Smith", "persons/ann"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_SEALS_UNAVAILABLE));
  EXPECT_THAT(DetailOf(status).ShortDebugString(), Not(HasSubstr("Smith")));
  EXPECT_EQ(ledger_->size().value(), 1u);
  AppendActions(3);
  EXPECT_EQ(ledger_->size().value(), 4u);
  const auto seals = api::SealService::NewStub(channel_);
  const auto is_unimplemented = [](const grpc::Status& answered) {
    EXPECT_EQ(answered.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_THAT(answered, IsRefusedFor(api::ERROR_REASON_SEALS_UNAVAILABLE));
  };
  {
    grpc::ClientContext context;
    api::OpenSealedResponse response;
    is_unimplemented(seals->OpenSealed(&context, api::OpenSealedRequest(), &response));
  }
  {
    grpc::ClientContext context;
    api::ListSubjectResponse response;
    is_unimplemented(seals->ListSubject(&context, api::ListSubjectRequest(), &response));
  }
  {
    grpc::ClientContext context;
    api::EraseSubjectResponse response;
    is_unimplemented(seals->EraseSubject(&context, api::EraseSubjectRequest(), &response));
  }
  {
    grpc::ClientContext context;
    api::BackupKeysResponse response;
    is_unimplemented(seals->BackupKeys(&context, api::BackupKeysRequest(), &response));
  }
}

}  // namespace
}  // namespace scrutiny::testing
