// What `open`, `subject` and `erase` ask and say.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/support/status_matchers.h"
#include "tests/tools/fake_ledger.h"
#include "tests/tools/scrutiny/run_command.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::testing::FakeLedger;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::Ran;
using ::scrutiny::testing::RunCommand;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SubjectTest : public ::testing::Test {
 protected:
  Ran Run(const std::vector<std::string>& words, const std::string& typed = "") {
    return RunCommand(server_.address(), words, typed);
  }

  static void Hold(uint64_t sequence, uint32_t index, const std::string& path,
                   google::protobuf::RepeatedPtrField<ledger::v1::HeldSeal>* held) {
    ledger::v1::HeldSeal* seal = held->Add();
    seal->set_sequence(sequence);
    seal->set_index(index);
    seal->set_record("findings/custody/1");
    seal->set_field_path(path);
    seal->set_fact_type(event::v1::Proposed::kFindingRecordedFieldNumber);
    seal->set_bytes(92);
  }

  FakeLedger server_;
};

// --- open.

class OpenTest : public SubjectTest {
 protected:
  OpenTest() {
    server_.seals.on_open = [](const ledger::v1::OpenSealedRequest& request,
                               ledger::v1::OpenSealedResponse* response) {
      EXPECT_EQ(request.sequence(), 212u);
      event::v1::Entry entry;
      entry.mutable_assigned()->set_sequence(212);
      event::v1::Proposed& proposed = *entry.mutable_proposed();
      proposed.set_record("findings/custody/1");
      proposed.mutable_occurred()->set_on("2019-05-02");
      proposed.mutable_finding_recorded()->set_title("Meals were late");
      response->set_entry(entry.SerializeAsString());
      *response->mutable_opened() = proposed;
      response->mutable_opened()->mutable_finding_recorded()->set_personal_detail("Ann Smith");
      event::v1::Proposed payload;
      payload.mutable_finding_recorded()->set_personal_detail("Ann Smith");
      ledger::v1::SealedPart* part = response->add_parts();
      part->set_field_path("finding_recorded.personal_detail");
      part->set_state(ledger::v1::SEAL_STATE_OPENED);
      part->set_sealed_for("persons/ann");
      part->set_payload(payload.SerializeAsString());
      part = response->add_parts();
      part->set_field_path("finding_recorded.restricted_detail");
      part->set_state(ledger::v1::SEAL_STATE_ERASED);
      part->set_erased_by(300);
      part = response->add_parts();
      part->set_field_path("finding_recorded.observation");
      part->set_state(ledger::v1::SEAL_STATE_NO_CIPHERTEXT);
      return grpc::Status::OK;
    };
  }
};

TEST_F(OpenTest, EachPartSaysWhatBecameOfIt) {
  const Ran ran = Run({"open", "212"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("Entry 212, recorded "));
  EXPECT_THAT(ran.out, HasSubstr("2 May 2019. Finding"));
  EXPECT_THAT(ran.out, HasSubstr("Ann Smith"));
  EXPECT_THAT(ran.out, HasSubstr("persons/ann"));
  EXPECT_THAT(ran.out, HasSubstr("erased, by entry 300"));
  EXPECT_THAT(ran.out, HasSubstr("not here, and no erasure names it"));
}

TEST_F(OpenTest, JsonIsTheAnswer) {
  const auto json = nlohmann::json::parse(Run({"open", "212", "--format", "json"}).out);
  ASSERT_EQ(json.size(), 1u);
  EXPECT_EQ(json[0]["opened"]["finding_recorded"]["personal_detail"], "Ann Smith");
  EXPECT_EQ(json[0]["parts"][1]["state"], "SEAL_STATE_ERASED");
}

TEST_F(OpenTest, WithoutAKeyStoreItIsAnError) {
  server_.seals.on_open = nullptr;
  EXPECT_THAT(Run({"open", "212"}).status, HasCode(absl::StatusCode::kUnimplemented));
  EXPECT_TRUE(IsUsageError(Run({"open", "x"}).status));
}

// --- subject.

class ListTest : public SubjectTest {
 protected:
  ListTest() {
    server_.seals.on_list = [](const ledger::v1::ListSubjectRequest& request,
                               ledger::v1::ListSubjectResponse* response) {
      EXPECT_EQ(request.subject(), "persons/ann");
      response->set_erasures(1);
      if (request.page_token().empty()) {
        Hold(12, 0, "finding_recorded.personal_detail", response->mutable_held());
        Hold(12, 1, "finding_recorded.restricted_detail", response->mutable_held());
        response->set_next_page_token("more");
      } else {
        Hold(40, 0, "", response->mutable_held());
      }
      return grpc::Status::OK;
    };
  }
};

TEST_F(ListTest, AllPagesAreListedAndCounted) {
  const Ran ran = Run({"subject", "persons/ann"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("personal detail"));
  EXPECT_THAT(ran.out, HasSubstr("the whole fact"));
  EXPECT_THAT(ran.out, HasSubstr("Finding recorded"));
  EXPECT_THAT(ran.out, HasSubstr("3 sealed parts in 2 entries, held for persons/ann."));
  EXPECT_THAT(ran.out, HasSubstr("Erased before: 1 time."));
}

TEST_F(ListTest, JsonAndCsvHaveARowAPart) {
  const auto json = nlohmann::json::parse(Run({"subject", "persons/ann", "--format", "json"}).out);
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(json[2]["sequence"], "40");
  EXPECT_THAT(Run({"subject", "persons/ann", "--format", "csv"}).out,
              HasSubstr("12,1,findings/custody/1,finding_recorded.restricted_detail,"
                        "FindingRecorded,"));
}

TEST_F(ListTest, NothingHeldIsSaid) {
  server_.seals.on_list = [](const auto&, auto*) { return grpc::Status::OK; };
  EXPECT_EQ(Run({"subject", "office"}).out, "Nothing is held sealed for office.\n");
  EXPECT_EQ(Run({"subject", "office", "--format", "json"}).out, "[]\n");
}

// --- erase.

class EraseTest : public SubjectTest {
 protected:
  EraseTest() {
    server_.seals.on_erase = [](const ledger::v1::EraseSubjectRequest& request,
                                ledger::v1::EraseSubjectResponse* response) {
      response->set_seals(2);
      response->set_entries(1);
      Hold(12, 0, "finding_recorded.personal_detail", response->mutable_held());
      Hold(12, 1, "finding_recorded.restricted_detail", response->mutable_held());
      response->set_previewed(request.preview());
      if (request.preview()) return grpc::Status::OK;
      response->set_sequence(300);
      response->set_erased_at_us(1'800'000'000'000'000);
      response->set_unrecoverable_by_us(1'802'592'000'000'000);
      response->set_survivors(5);
      return grpc::Status::OK;
    };
  }
  // Whether anything was really erased.
  bool Erased() const {
    for (const auto& request : server_.seals.erasures) {
      if (!request.preview()) return true;
    }
    return false;
  }

  const std::vector<std::string> erase_ = {"erase",   "persons/ann", "--reason",
                                           "Article", "--authority", "DPO"};
};

TEST_F(EraseTest, TheNameTypedAtTheTerminalErases) {
  const Ran ran = Run(erase_, "persons/ann\n");
  SCRUTINY_ASSERT_OK(ran.status);
  ASSERT_THAT(server_.seals.erasures, SizeIs(2));
  EXPECT_TRUE(server_.seals.erasures[0].preview());
  EXPECT_FALSE(server_.seals.erasures[1].preview());
  EXPECT_EQ(server_.seals.erasures[1].reason(), "Article");
  EXPECT_EQ(server_.seals.erasures[1].authority(), "DPO");
  EXPECT_THAT(ran.out, HasSubstr("would make 2 sealed parts in 1 entry unreadable here for ever"));
  EXPECT_THAT(ran.out, HasSubstr("Erased persons/ann: 2 sealed parts in 1 entry, recorded as entry "
                                 "300"));
  EXPECT_THAT(ran.out, HasSubstr("Erased at:"));
  EXPECT_THAT(ran.out, HasSubstr("Unrecoverable by:"));
  EXPECT_THAT(ran.out, HasSubstr("5 keys wrapped anew"));
}

TEST_F(EraseTest, AnythingElseTypedErasesNothing) {
  for (const char* typed : {"yes\n", "\n", "persons/an\n", "persons/ann x\n"}) {
    const absl::Status status = Run(erase_, typed).status;
    EXPECT_FALSE(status.ok()) << typed;
    EXPECT_THAT(std::string(status.message()), HasSubstr("nothing was erased"));
  }
  EXPECT_FALSE(Erased());
}

TEST_F(EraseTest, WithoutATerminalItMustBeConfirmedByAFlag) {
  const Ran ran = Run(erase_);
  EXPECT_TRUE(IsUsageError(ran.status));
  EXPECT_THAT(std::string(ran.status.message()), HasSubstr("add --yes"));
  EXPECT_THAT(ran.out, HasSubstr("would make 2 sealed parts"));
  EXPECT_FALSE(Erased());
  std::vector<std::string> words = erase_;
  words.push_back("--yes");
  SCRUTINY_ASSERT_OK(Run(words).status);
  EXPECT_TRUE(Erased());
}

TEST_F(EraseTest, APreviewOnlyShows) {
  const Ran ran = Run({"erase", "persons/ann", "--preview"}, "persons/ann\n");
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("restricted detail"));
  EXPECT_FALSE(Erased());
  const auto json =
      nlohmann::json::parse(Run({"erase", "persons/ann", "--preview", "--format", "json"}).out);
  EXPECT_EQ(json[0]["previewed"], true);
}

TEST_F(EraseTest, ReasonAndAuthorityAreNeeded) {
  EXPECT_TRUE(IsUsageError(Run({"erase", "persons/ann", "--yes"}).status));
  EXPECT_TRUE(IsUsageError(Run({"erase", "persons/ann", "--yes", "--reason", "x"}).status));
  EXPECT_THAT(server_.seals.erasures, IsEmpty());
}

TEST_F(EraseTest, WithNothingHeldThereIsNothingToConfirm) {
  server_.seals.on_erase = [](const auto& request, auto* response) {
    EXPECT_TRUE(request.preview());
    return grpc::Status::OK;
  };
  const Ran ran = Run(erase_, "persons/ann\n");
  SCRUTINY_EXPECT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("Nothing is held sealed for persons/ann here."));
  EXPECT_THAT(ran.err, Not(HasSubstr("type its name")));
}

// A key without ciphertext opens copies elsewhere: it is destroyed as any other.
TEST_F(EraseTest, AKeyAloneIsErasedToo) {
  server_.seals.on_erase = [](const auto& request, auto* response) {
    response->set_previewed(request.preview());
    response->set_has_key(request.preview());
    return grpc::Status::OK;
  };
  const Ran ran = Run(erase_, "persons/ann\n");
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("Its key is here all the same, and opens what copies elsewhere"));
  EXPECT_THAT(ran.err, HasSubstr("type its name"));
  EXPECT_TRUE(Erased());
}

TEST_F(EraseTest, ThePreviewSaysWhatThePublicWillLearn) {
  server_.seals.on_erase = [](const auto& request, auto* response) {
    response->set_seals(2);
    response->set_entries(2);
    Hold(2, 0, "finding_recorded.personal_detail", response->mutable_held());
    Hold(12, 0, "finding_recorded.personal_detail", response->mutable_held());
    response->mutable_held(0)->set_record("persons/ann");
    response->set_previewed(true);
    return grpc::Status::OK;
  };
  const Ran ran = Run({"erase", "persons/ann", "--preview"});
  EXPECT_THAT(ran.out, HasSubstr("will be named together in public"));
  EXPECT_THAT(ran.out, HasSubstr("Entry 2 is on persons/ann itself"));
}

TEST_F(EraseTest, TheOfficeIsErasedOnlyIfThatIsMeant) {
  std::vector<std::string> words = {"erase",       "office", "--reason", "Article",
                                    "--authority", "DPO",    "--yes"};
  const absl::Status status = Run(words).status;
  EXPECT_TRUE(IsUsageError(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("add --office"));
  EXPECT_FALSE(Erased());
  SCRUTINY_EXPECT_OK(Run({"erase", "office", "--preview"}).status);
  words.push_back("--office");
  SCRUTINY_ASSERT_OK(Run(words).status);
  EXPECT_TRUE(Erased());
}

TEST_F(EraseTest, AnAnswerFromTheEntriesSaysNothingOfKeys) {
  server_.seals.on_erase = [](const auto& request, auto* response) {
    response->set_seals(2);
    response->set_entries(1);
    response->set_sequence(300);
    response->set_repeated(true);
    return grpc::Status::OK;
  };
  std::vector<std::string> words = erase_;
  words.push_back("--yes");
  const Ran ran = Run(words);
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out,
              HasSubstr("Erased before: 2 sealed parts in 1 entry, recorded as entry 300"));
  EXPECT_THAT(ran.out, Not(HasSubstr("Keys of others")));
}

TEST_F(EraseTest, JsonIsAloneOnStandardOutput) {
  std::vector<std::string> words = erase_;
  words.insert(words.end(), {"--format", "json"});
  const Ran ran = Run(words, "persons/ann\n");
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_EQ(nlohmann::json::parse(ran.out)[0]["sequence"], "300");
}

}  // namespace
}  // namespace scrutiny::tools
