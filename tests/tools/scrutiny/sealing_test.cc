#include "tools/scrutiny/sealing.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/fake_ledger.h"
#include "tests/tools/scrutiny/run_command.h"
#include "tools/scrutiny/record_csv.h"
#include "tools/scrutiny/verb.h"
#include "tools/support/output_file.h"
#include "tools/support/seals.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::testing::FakeLedger;
using ::scrutiny::testing::Ran;
using ::scrutiny::testing::RunCommand;
using ::scrutiny::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class SealingTest : public ::testing::Test {
 protected:
  Ran Run(const std::vector<std::string>& words) { return RunCommand(server_.address(), words); }
  Ran Record(std::vector<std::string> words) {
    words.insert(words.begin(), "record");
    words.insert(words.end(), {"--on", "2019-05-02"});
    return Run(words);
  }
  const ledger::v1::NewFact& Sent() const { return server_.appends.back().facts(0); }

  FakeLedger server_;
  TempDir dir_;
};

TEST_F(SealingTest, WhatIsPersonalIsSealedForThePersonNamed) {
  const Ran ran = Record({"finding", "--scheme", "schemes/custody", "--title", "Meals were late",
                          "--grade", "concern", "--personal-detail", "Ann Smith of cell 3",
                          "--restricted-detail", "the kitchen", "--sealed-for", "persons/ann"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_EQ(Sent().proposed().finding_recorded().personal_detail(), "Ann Smith of cell 3");
  ASSERT_THAT(Sent().seals(), SizeIs(2));
  EXPECT_EQ(Sent().seals(0).field_path(), "finding_recorded.personal_detail");
  EXPECT_EQ(Sent().seals(0).sealed_for(), "persons/ann");
  EXPECT_EQ(Sent().seals(1).field_path(), "finding_recorded.restricted_detail");
  EXPECT_THAT(ran.out, HasSubstr("sealed for persons/ann: personal detail and restricted detail"));
  EXPECT_THAT(ran.out, Not(HasSubstr("Ann"))) << "not even on the screen";
}

TEST_F(SealingTest, WhatIsRestrictedMayGoElsewhereThanWhatIsPersonal) {
  const std::vector<std::string> words = {
      "finding",         "--scheme", "schemes/custody",   "--title",      "Meals were late",
      "--grade",         "concern",  "--personal-detail", "Ann Smith",    "--restricted-detail",
      "the kitchen",     "--on",     "2019-05-02",        "--sealed-for", "persons/ann",
      "--restricted-for"};
  for (const std::string subject : {"office", "persons/bob"}) {
    std::vector<std::string> all = words;
    all.insert(all.begin(), "record");
    all.push_back(subject);
    const Ran ran = Run(all);
    SCRUTINY_ASSERT_OK(ran.status);
    ASSERT_THAT(Sent().seals(), SizeIs(2));
    EXPECT_EQ(Sent().seals(0).sealed_for(), "persons/ann");
    EXPECT_EQ(Sent().seals(1).sealed_for(), subject);
  }
  SCRUTINY_ASSERT_OK(Record({"finding", "--scheme", "schemes/custody", "--title", "x", "--grade",
                             "concern", "--restricted-detail", "y", "--restricted-for", "office"})
                         .status);
  ASSERT_THAT(Sent().seals(), SizeIs(1));
  EXPECT_EQ(Sent().seals(0).sealed_for(), "office");
}

// Else the person's own request would not reach it.
TEST_F(SealingTest, WhatIsPersonalIsNotSealedForTheOffice) {
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--sealed-for", "office"},
                                             {"--sealed-for", "office", "--seal-whole"},
                                             {"--restricted-for", "office"}}) {
    std::vector<std::string> words = {"interest",   "--meeting",   "meetings/spab/2019-05-20",
                                      "--person",   "persons/ann", "--personal-detail",
                                      "her brother"};
    words.insert(words.end(), flags.begin(), flags.end());
    const absl::Status status = Record(words).status;
    EXPECT_TRUE(IsUsageError(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr("--personal-detail is personal"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("--sealed-for persons/…"));
  }
  EXPECT_THAT(server_.appends, IsEmpty());
}

TEST_F(SealingTest, RestrictedPartsMayBeSealedForTheOffice) {
  SCRUTINY_ASSERT_OK(
      Record({"response", "findings/custody/1", "--text", "Noted", "--stance", "accepted",
              "--restricted-detail", "the rota", "--sealed-for", "office"})
          .status);
  ASSERT_THAT(Sent().seals(), SizeIs(1));
  EXPECT_EQ(Sent().seals(0).sealed_for(), "office");
}

TEST_F(SealingTest, APersonsOwnRecordIsSealedForItself) {
  SCRUTINY_ASSERT_OK(
      Record({"person", "--post", "Custody visitor", "--personal-name", "Ann Smith", "--contact",
              "ann@example.org", "--personal-note", "vetted", "--sealed-for", "itself"})
          .status);
  ASSERT_THAT(Sent().seals(), SizeIs(3));
  EXPECT_THAT(Sent().proposed().record(), StartsWith("persons/"));
  for (const auto& seal : Sent().seals()) {
    EXPECT_EQ(seal.sealed_for(), Sent().proposed().record());
  }
  const absl::Status other =
      Record({"session", "--kind", "session", "--scheme", "schemes/custody", "--outcome",
              "nothing-to-report", "--personal-rota", "Ann Smith", "--sealed-for", "itself"})
          .status;
  EXPECT_TRUE(IsUsageError(other));
  EXPECT_THAT(std::string(other.message()), HasSubstr("is for facts on a person's record"));
}

TEST_F(SealingTest, WithoutASubjectNothingPersonalIsSent) {
  const absl::Status personal =
      Record({"interest", "--meeting", "meetings/spab/2019-05-20", "--person", "persons/ann",
              "--personal-detail", "her brother"})
          .status;
  EXPECT_TRUE(IsUsageError(personal));
  EXPECT_THAT(std::string(personal.message()),
              HasSubstr("--personal-detail is personal and is only recorded sealed"));
  const absl::Status restricted = Record({"finding", "--scheme", "schemes/custody", "--title", "x",
                                          "--grade", "concern", "--restricted-detail", "y"})
                                      .status;
  EXPECT_THAT(std::string(restricted.message()), HasSubstr("--restricted-detail is restricted"));
  EXPECT_THAT(std::string(restricted.message()), HasSubstr("--sealed-for office"));
  EXPECT_THAT(server_.appends, IsEmpty());
}

TEST_F(SealingTest, ASubjectWithNothingToSealIsAMistake) {
  const absl::Status status = Record({"action", "--title", "x", "--sealed-for", "office"}).status;
  EXPECT_TRUE(IsUsageError(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--seal-whole"));
  EXPECT_TRUE(IsUsageError(Record({"action", "--title", "x", "--seal-whole"}).status));
  EXPECT_THAT(server_.appends, IsEmpty());
}

TEST_F(SealingTest, AWholeFactMayBeSealed) {
  const Ran ran =
      Record({"action", "--title", "A secret", "--seal-whole", "--sealed-for", "office"});
  SCRUTINY_ASSERT_OK(ran.status);
  ASSERT_THAT(Sent().seals(), SizeIs(1));
  EXPECT_EQ(Sent().seals(0).field_path(), "");
  EXPECT_THAT(ran.out, HasSubstr("A sealed fact [sealed for the office: the whole fact]"));
  EXPECT_THAT(ran.out, Not(HasSubstr("secret")));
  EXPECT_THAT(ran.out, Not(HasSubstr("2019"))) << "its date is sealed too";
}

// Every field that the protos mark can be recorded by a flag, and the flag says that it is sealed.
TEST_F(SealingTest, EveryMarkedFieldHasAFlagThatSaysSo) {
  for (const Verb& verb : AllVerbs()) {
    const auto* fact = event::v1::Proposed::descriptor()->FindFieldByName(verb.fact);
    ASSERT_NE(fact, nullptr);
    for (int i = 0; i < fact->message_type()->field_count(); ++i) {
      const auto* field = fact->message_type()->field(i);
      const bool marked = PrivacyOf(field) != event::v1::PRIVACY_UNSPECIFIED;
      bool flag_is_sealed = false;
      for (const Flag& flag : verb.flags) {
        if (flag.path == field->name()) flag_is_sealed |= IsSealedFlag(verb, flag);
      }
      EXPECT_EQ(flag_is_sealed, marked) << verb.name << " " << field->name();
      if (!marked) continue;
      bool said = false;
      for (const Option& option : OptionsOf(verb)) {
        said |= option.group == kSealedGroup && absl::StrContains(option.help, "sealed; needs");
      }
      EXPECT_TRUE(said) << verb.name << " " << field->name();
    }
  }
}

// --- Spreadsheets.

TEST_F(SealingTest, ARowSaysForWhomItIsSealed) {
  const std::string csv = dir_.File("p.csv");
  SCRUTINY_ASSERT_OK(WriteFile(csv,
                               "as,post,personal_name,sealed_for\n"
                               "persons/v-1,Visitor,Ann Smith,itself\n"
                               "persons/v-2,Visitor,Bob Jones,persons/v-2\n"
                               "persons/v-3,Clerk,,\n",
                               true));
  const Ran ran = Run({"record", "person", "--from", csv});
  SCRUTINY_ASSERT_OK(ran.status);
  // Each row is checked, then recorded.
  ASSERT_THAT(server_.appends, SizeIs(6));
  EXPECT_EQ(server_.appends[3].facts(0).seals(0).sealed_for(), "persons/v-1");
  EXPECT_EQ(server_.appends[4].facts(0).seals(0).sealed_for(), "persons/v-2");
  EXPECT_THAT(server_.appends[5].facts(0).seals(), IsEmpty());
  EXPECT_THAT(ran.out, Not(HasSubstr("Ann")));
}

absl::StatusOr<std::vector<CsvRequest>> ReadPersons(const std::string& text) {
  FillSources sources;
  sources.resolve = [](absl::string_view name, absl::string_view) {
    return absl::StatusOr<std::string>(std::string(name));
  };
  sources.mint = [] { return std::string("minted"); };
  for (const Verb& verb : AllVerbs()) {
    if (verb.name == "person") return ReadCsvFacts(verb, "p.csv", text, Args(), sources);
  }
  return absl::NotFoundError("person");
}

// Ids and names are made from what a row says; whoever reads the ledger could try out names until
// one gives the id that stands there.
TEST_F(SealingTest, NothingSealedGoesIntoIdsOrNames) {
  const std::string heading = "as,post,personal_name,sealed_for,on\n";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto ann, ReadPersons(heading + "persons/v-1,Visitor,Ann Smith,itself,2019-05-02\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto bob,
      ReadPersons(heading + "persons/v-1,Visitor,Bob Jones,persons/b,2019-05-02\n"));
  EXPECT_EQ(ann[0].request.request_id(), bob[0].request.request_id());
  EXPECT_EQ(ann[0].request.facts(0).proposed().record(),
            bob[0].request.facts(0).proposed().record());
}

TEST_F(SealingTest, RowsThatOnlyWhatIsSealedTellsApartAreRefused) {
  const auto requests = ReadPersons(
      "as,post,personal_name,sealed_for\npersons/v-1,Visitor,Ann Smith,persons/a\n"
      "persons/v-1,Visitor,Bob Jones,persons/b\n");
  EXPECT_THAT(std::string(requests.status().message()),
              AllOf(HasSubstr("p.csv, row 3, its "), HasSubstr("of an earlier row")));
}

TEST_F(SealingTest, ARowWithSomethingPersonalNeedsASubject) {
  const auto requests = ReadPersons("post,personal_name\nVisitor,Ann Smith\n");
  EXPECT_THAT(std::string(requests.status().message()),
              HasSubstr("row 2, column personal-name is personal"));
}

TEST_F(SealingTest, RowsAreNotSealedAsAWhole) {
  const std::string csv = dir_.File("a.csv");
  SCRUTINY_ASSERT_OK(WriteFile(csv, "title\nx\n", true));
  EXPECT_TRUE(IsUsageError(
      Run({"record", "action", "--from", csv, "--seal-whole", "--sealed-for", "office"}).status));
}

// --- Lines of JSON.

TEST_F(SealingTest, ALineWithSealsNeedsAnIdOfItsOwn) {
  const std::string file = dir_.File("l.jsonl");
  const auto line = [&](const std::string& id, const std::string& seals) {
    return absl::StrCat("{", id, R"("facts":[{"proposed":{"record":"persons/v-1",)",
                        R"("person_registered":{"personal_name":"Ann Smith"}})", seals, "}]}\n");
  };
  const std::string seals =
      R"(,"seals":[{"fieldPath":"person_registered.personal_name","sealedFor":"persons/v-1"}])";
  const auto import = [&](const std::string& text) {
    EXPECT_THAT(WriteFile(file, text, true), testing::IsOk());
    return Run({"import", file}).status;
  };
  EXPECT_THAT(std::string(import(line("", seals)).message()), HasSubstr("request_id"));
  EXPECT_THAT(std::string(import(line("", "")).message()), HasSubstr("personal_name"));
  EXPECT_THAT(server_.appends, IsEmpty());
  SCRUTINY_ASSERT_OK(import(line(R"("request_id":"r1",)", seals)));
  EXPECT_EQ(Sent().seals(0).sealed_for(), "persons/v-1");
}

// --- Corrections.

class SealedCorrectionTest : public SealingTest {
 protected:
  SealedCorrectionTest() {
    server_.log.Add("ledger/identity");
    event::v1::Entry entry;
    event::v1::Proposed& proposed = *entry.mutable_proposed();
    proposed.mutable_occurred()->set_on("2019-05-02");
    proposed.mutable_finding_recorded()->set_scheme("schemes/custody");
    proposed.mutable_finding_recorded()->set_title("Meals were late");
    proposed.mutable_finding_recorded()->set_grade(event::v1::FINDING_GRADE_CONCERN);
    entry.add_seals()->set_field_path("finding_recorded.personal_detail");
    entry.add_seals()->set_field_path("finding_recorded.restricted_detail");
    server_.log.Add("findings/custody/1", entry);
    server_.seals.on_open = [this](const ledger::v1::OpenSealedRequest& request,
                                   ledger::v1::OpenSealedResponse* response) {
      EXPECT_EQ(request.sequence(), 1u);
      event::v1::Entry stored;
      EXPECT_TRUE(stored.ParseFromString(server_.log.entries()[1]));
      *response->mutable_opened() = stored.proposed();
      response->mutable_opened()->mutable_finding_recorded()->set_personal_detail("Ann Smith");
      ledger::v1::SealedPart* part = response->add_parts();
      part->set_field_path("finding_recorded.personal_detail");
      part->set_state(ledger::v1::SEAL_STATE_OPENED);
      part->set_sealed_for("persons/ann");
      part = response->add_parts();
      part->set_field_path("finding_recorded.restricted_detail");
      part->set_state(second_part_);
      return grpc::Status::OK;
    };
  }
  Ran Correct(std::vector<std::string> words) {
    words.insert(words.begin(), {"correct", "1", "--reason", "misread"});
    return Run(words);
  }

  ledger::v1::SealState second_part_ = ledger::v1::SEAL_STATE_ERASED;
};

TEST_F(SealedCorrectionTest, WhatWasSealedIsSealedAnewForTheSame) {
  const Ran ran = Correct({"--set", "title=Meals were cold"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_EQ(Sent().proposed().finding_recorded().personal_detail(), "Ann Smith");
  ASSERT_THAT(Sent().seals(), SizeIs(1));
  EXPECT_EQ(Sent().seals(0).sealed_for(), "persons/ann");
  EXPECT_THAT(ran.err, HasSubstr("Its restricted detail was erased; the correction is without"));
  EXPECT_THAT(ran.out, HasSubstr("title: \"Meals were late\" becomes \"Meals were cold\""));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("Ann")));
}

TEST_F(SealedCorrectionTest, ASealedFieldMayBeSetAndIsNotShown) {
  const Ran ran = Correct({"--set", "personal_detail=Bob Jones"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_EQ(Sent().proposed().finding_recorded().personal_detail(), "Bob Jones");
  EXPECT_THAT(ran.out, HasSubstr("personal detail: [sealed] becomes [sealed]"));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("Bob")));
}

TEST_F(SealedCorrectionTest, ASealedFieldMayBeTakenAway) {
  SCRUTINY_ASSERT_OK(Correct({"--set", "personal_detail="}).status);
  EXPECT_THAT(Sent().seals(), IsEmpty());
}

TEST_F(SealedCorrectionTest, ANewSealedFieldNeedsASubject) {
  EXPECT_TRUE(IsUsageError(Correct({"--set", "restricted_detail=the kitchen"}).status));
  SCRUTINY_ASSERT_OK(
      Correct({"--set", "restricted_detail=the kitchen", "--sealed-for", "office"}).status);
  ASSERT_THAT(Sent().seals(), SizeIs(2));
  EXPECT_EQ(Sent().seals(0).sealed_for(), "persons/ann");
  EXPECT_EQ(Sent().seals(1).sealed_for(), "office");
}

TEST_F(SealedCorrectionTest, WhatCannotBeOpenedIsNotSilentlyLost) {
  second_part_ = ledger::v1::SEAL_STATE_NO_KEY;
  EXPECT_THAT(Correct({"--set", "title=x"}).err, HasSubstr("cannot be opened here"));
  server_.seals.on_open = nullptr;
  server_.appends.clear();
  EXPECT_FALSE(Correct({"--set", "title=x"}).status.ok());
  EXPECT_THAT(server_.appends, IsEmpty());
}

}  // namespace
}  // namespace scrutiny::tools
