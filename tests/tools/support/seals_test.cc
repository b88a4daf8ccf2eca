#include "tools/support/seals.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/support/status_matchers.h"
#include "tools/support/describe.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::InfoOf;
using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ledger::v1::NewFact Finding() {
  ledger::v1::NewFact fact;
  event::v1::Proposed& proposed = *fact.mutable_proposed();
  proposed.set_record("findings/custody/1");
  proposed.mutable_occurred()->set_on("2019-05-02");
  event::v1::FindingRecorded& finding = *proposed.mutable_finding_recorded();
  finding.set_scheme("schemes/custody");
  finding.set_title("Meals were late");
  finding.set_grade(event::v1::FINDING_GRADE_CONCERN);
  finding.set_personal_detail("Ann Smith of cell 3");
  finding.set_restricted_detail("the kitchen of suite 2");
  return fact;
}

void Seal(const std::string& path, const std::string& sealed_for, ledger::v1::NewFact* fact) {
  ledger::v1::SealRequest* seal = fact->add_seals();
  seal->set_field_path(path);
  seal->set_sealed_for(sealed_for);
}

ledger::v1::NewFact SealedFinding() {
  ledger::v1::NewFact fact = Finding();
  Seal("finding_recorded.personal_detail", "persons/ann", &fact);
  Seal("finding_recorded.restricted_detail", "office", &fact);
  return fact;
}

TEST(SealsTest, MarkedFieldsThatAreSetAreFound) {
  EXPECT_THAT(
      MarkedFields(Finding().proposed()),
      ElementsAre("finding_recorded.personal_detail", "finding_recorded.restricted_detail"));
  event::v1::Proposed action;
  action.mutable_action_raised()->set_title("x");
  EXPECT_THAT(MarkedFields(action), IsEmpty());
  EXPECT_THAT(MarkedFields(event::v1::Proposed()), IsEmpty());
}

TEST(SealsTest, TheProtosMarkWhatIsPersonalAndWhatIsRestricted) {
  const auto* finding = event::v1::FindingRecorded::descriptor();
  EXPECT_EQ(PrivacyOf(finding->FindFieldByName("personal_detail")), event::v1::PRIVACY_PERSONAL);
  EXPECT_EQ(PrivacyOf(finding->FindFieldByName("restricted_detail")),
            event::v1::PRIVACY_RESTRICTED);
  EXPECT_EQ(PrivacyOf(finding->FindFieldByName("title")), event::v1::PRIVACY_UNSPECIFIED);
}

TEST(SealsTest, ThePublicPartHoldsNothingThatIsSealed) {
  const event::v1::Proposed open = PublicPart(SealedFinding());
  EXPECT_EQ(open.finding_recorded().title(), "Meals were late");
  EXPECT_THAT(open.SerializeAsString(), Not(HasSubstr("Ann")));
  EXPECT_THAT(open.SerializeAsString(), Not(HasSubstr("kitchen")));
  ledger::v1::NewFact whole = Finding();
  Seal("", "office", &whole);
  EXPECT_TRUE(PublicPart(whole).has_sealed_fact());
  EXPECT_EQ(PublicPart(whole).record(), "");
}

TEST(SealsTest, WhatMustBeSealedIsRefusedInTheClear) {
  const absl::Status status = CheckNewFact(Finding());
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  EXPECT_EQ(InfoOf(status).field, "finding_recorded.personal_detail");
  SCRUTINY_EXPECT_OK(CheckNewFact(SealedFinding()));
  ledger::v1::NewFact half = Finding();
  Seal("finding_recorded.personal_detail", "persons/ann", &half);
  EXPECT_EQ(InfoOf(CheckNewFact(half)).field, "finding_recorded.restricted_detail");
  ledger::v1::NewFact whole = Finding();
  Seal("", "office", &whole);
  SCRUTINY_EXPECT_OK(CheckNewFact(whole));
}

TEST(SealsTest, TheRestOfASealedFactIsCheckedAllTheSame) {
  ledger::v1::NewFact fact = SealedFinding();
  fact.mutable_proposed()->mutable_finding_recorded()->clear_title();
  EXPECT_EQ(InfoOf(CheckNewFact(fact)).field, "finding_recorded.title");
}

TEST(SealsTest, AnEntryMarksItsSealedParts) {
  event::v1::Entry entry;
  *entry.mutable_proposed() = PublicPart(SealedFinding());
  const std::string plain = Describe(entry.proposed());
  EXPECT_EQ(Describe(entry), plain);
  entry.add_seals()->set_field_path("finding_recorded.personal_detail");
  EXPECT_EQ(Describe(entry), plain + " [sealed: personal detail]");
  entry.add_seals()->set_field_path("finding_recorded.restricted_detail");
  EXPECT_EQ(Describe(entry), plain + " [sealed: personal detail and restricted detail]");
}

TEST(SealsTest, AWhollySealedEntryIsASealedFact) {
  event::v1::Entry entry;
  entry.mutable_proposed()->set_record("sealed/0123");
  entry.mutable_proposed()->mutable_sealed_fact();
  entry.add_seals()->set_seal_id("x");
  EXPECT_EQ(Describe(entry), "A sealed fact");
}

TEST(SealsTest, WhatIsToBeSealedIsNamedAndNotSaid) {
  const std::string text = Describe(SealedFinding());
  EXPECT_THAT(text, HasSubstr("Meals were late"));
  EXPECT_THAT(text, HasSubstr("[sealed for persons/ann: personal detail]"));
  EXPECT_THAT(text, HasSubstr("[sealed for the office: restricted detail]"));
  EXPECT_THAT(text, Not(HasSubstr("Ann")));
  EXPECT_THAT(text, Not(HasSubstr("kitchen")));
  ledger::v1::NewFact whole = Finding();
  Seal("", "office", &whole);
  EXPECT_EQ(Describe(whole), "A sealed fact [sealed for the office: the whole fact]");
}

TEST(SealsTest, PartsAreNamedWithoutTheirFact) {
  EXPECT_EQ(PartInWords("finding_recorded.personal_detail"), "personal detail");
  EXPECT_EQ(PartInWords("finding_recorded.response_due.printed"), "response due, printed");
  EXPECT_EQ(PartInWords("put_before"), "put before");
  EXPECT_EQ(PartInWords(""), "the whole fact");
}

}  // namespace
}  // namespace scrutiny::tools
