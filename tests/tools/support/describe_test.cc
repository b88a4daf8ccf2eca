#include "tools/support/describe.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tools/support/field_path.h"
#include "tools/support/sentences.h"

namespace scrutiny::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Said(const std::string& text) {
  event::v1::Proposed proposed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return Describe(proposed);
}

TEST(DescribeTest, AnActionIsSaidAsAClerkWouldSayIt) {
  EXPECT_EQ(Said(R"(action_raised {
              title: "Update report" meeting: "meetings/spab/2019-03-18" item: "3a"
              owners { organisation: "Constabulary" printed: "Constabulary" }
              owners { post: "Chief Executive" organisation: "OPCC" }
              due { date: "2019-05-20" printed: "May" } })"),
            "Action raised: Update report; owners Constabulary and Chief Executive, OPCC; due 20 "
            "May 2019 (May); at meetings/spab/2019-03-18, item 3a");
  EXPECT_EQ(Said(R"(action_raised { title: "Update report" })"), "Action raised: Update report");
}

TEST(DescribeTest, ConditionalPartsFollowTheirField) {
  EXPECT_EQ(Said(R"(attendance_recorded { person: "persons/p" late: true late_reason: "train" })"),
            "Attended: persons/p; arrived late (train)");
  EXPECT_EQ(Said(R"(attendance_recorded { person: "persons/p" })"), "Attended: persons/p");
  EXPECT_EQ(Said(R"(assurance_gained { assurance { item: "8a" area: "Cyber" direct: true } })"),
            "Direct assurance gained, item 8a: Cyber");
}

TEST(DescribeTest, ResolutionsListTheirLimbs) {
  EXPECT_EQ(Said(R"(resolution_passed {
              item: "12a" decider { kind: DECIDER_KIND_OFFICE_HOLDER post: "Commissioner" }
              limbs { key: "1" verb: RESOLUTION_VERB_APPROVE subject: "the awards" }
              limbs { key: "2" verb: RESOLUTION_VERB_NOTE subject: "the funds" } })"),
            "Resolved, item 12a: approve the awards; note the funds; decided by Commissioner");
}

TEST(DescribeTest, AmountsReadAsMoney) {
  event::v1::Amount amount;
  amount.set_pence(15796120);
  EXPECT_EQ(InWords(amount), "£157,961.20");
  amount.set_pence(19500000);
  amount.set_rounded(true);
  amount.set_kind(event::v1::AMOUNT_KIND_SAVING);
  amount.set_basis(event::v1::AMOUNT_BASIS_YEARLY);
  EXPECT_EQ(InWords(amount), "about £195,000 saving yearly");
}

TEST(DescribeTest, UndatedAndInferredDatesAreSaid) {
  event::v1::Occurred occurred;
  EXPECT_EQ(InWords(occurred), "not dated");
  occurred.set_latest("2019-03-18");
  occurred.set_inferred(true);
  EXPECT_EQ(InWords(occurred), "by 18 Mar 2019 (inferred)");
}

TEST(DescribeTest, CorrectionsWithdrawalsAndDespiteAreSaid) {
  EXPECT_EQ(Said(R"(corrects: 12 withdrawn { reason: "Twice" })"), "Entry 12 withdrawn: Twice");
  EXPECT_EQ(Said(R"(corrects: 12 action_updated { text: "x" }
                    recorded_despite { rule: "some-rule" reason: "it did" })"),
            "Correction of entry 12. Action updated: x [despite some-rule: it did]");
  EXPECT_EQ(Said(""), "A fact of a type this program does not know");
}

TEST(DescribeTest, WhatTheServerRecordsOfItselfIsSaid) {
  EXPECT_EQ(Said("sealed_fact {}"), "A sealed fact");
  EXPECT_EQ(
      Said(R"(ledger_started { origin: "l.example" incarnation: 1 log_key: "l.example+1+A" })"),
      "Ledger started: l.example, incarnation 1; signed by l.example+1+A");
  EXPECT_EQ(Said(R"(incarnation_started { origin: "l.example" incarnation: 2 log_key: "K"
                      reason: "restored from the backup of 3 March" })"),
            "Incarnation 2 started: l.example; restored from the backup of 3 March; signed by K");
  EXPECT_EQ(Said(R"(log_key_rotated { new_key: "NEW" })"),
            "Signing key changed: NEW signs from now on");
  const std::string rotated = Said(R"(log_key_rotated { new_key: "NEW" old_key: "OLD"
      both_sign_until_us: 1800000000000000 reason: "the year is over" })");
  EXPECT_THAT(rotated, HasSubstr("NEW signs from now on; the one before, OLD, signs too until "));
  EXPECT_THAT(rotated, HasSubstr("; the year is over"));
  const std::string erased = Said(R"(seals_erased {
      seals { sequence: 12 index: 0 } seals { sequence: 12 index: 1 } seals { sequence: 40 }
      reason: "request under Article 17" authority: "Data Protection Officer"
      erased_at_us: 1800000000000000 unrecoverable_by_us: 1802592000000000 })");
  EXPECT_THAT(erased, HasSubstr("Erased: 3 sealed parts in 2 entries (12, 40); request under"));
  EXPECT_THAT(erased, HasSubstr("; on the authority of Data Protection Officer; key destroyed "));
  EXPECT_THAT(erased, HasSubstr("; unrecoverable by "));
}

// Every sentence must speak of a fact and of fields that there are.
TEST(DescribeTest, SentencesNameFieldsThatExist) {
  std::set<std::string> seen;
  for (const Sentence& sentence : kSentences) {
    EXPECT_TRUE(seen.insert(std::string(sentence.fact)).second) << sentence.fact << " twice";
    const ledger::FactTypeInfo* type = ledger::FindFactType(sentence.fact);
    ASSERT_NE(type, nullptr) << sentence.fact;
    absl::string_view rest = sentence.text;
    while (true) {
      const size_t open = rest.find('{');
      if (open == absl::string_view::npos) break;
      const size_t close = rest.find('}');
      const absl::string_view path = rest.substr(open + 1, close - open - 1);
      EXPECT_TRUE(FindField(type->descriptor->message_type(), path).ok())
          << sentence.fact << ": " << path;
      rest.remove_prefix(close + 1);
    }
  }
}

// Sets every field of a message, so that printing it meets every kind of field.
void FillAll(google::protobuf::Message* message, int depth) {
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const auto* field = message->GetDescriptor()->field(i);
    if (field->message_type() != nullptr) {
      if (depth == 0) continue;
      FillAll(field->is_repeated() ? reflection->AddMessage(message, field)
                                   : reflection->MutableMessage(message, field),
              depth - 1);
    } else {
      const FieldPlace place{message, field, -1};
      const bool number = field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING;
      const std::string text =
          field->enum_type() != nullptr ? field->enum_type()->value(1)->name()
          : field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL ? "yes"
          : number                                                               ? "7"
                                                                                 : "ab";
      EXPECT_TRUE(SetScalar(place, text).ok()) << field->full_name();
    }
  }
}

TEST(DescribeTest, NoFactIsUnprintable) {
  for (const ledger::FactTypeInfo& type : ledger::AllFactTypes()) {
    event::v1::Proposed proposed;
    auto* fact = proposed.GetReflection()->MutableMessage(&proposed, type.descriptor);
    EXPECT_FALSE(Describe(proposed).empty()) << type.name;
    FillAll(fact, 3);
    const std::string text = Describe(proposed);
    EXPECT_THAT(text, Not(HasSubstr("{"))) << type.name;
    EXPECT_THAT(text, Not(HasSubstr("["))) << type.name;
  }
}

}  // namespace
}  // namespace scrutiny::tools
