#include "ledger/seal/fragment.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/check.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::SeededRandom;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

Proposed Fact(const std::string& text) {
  Proposed proposed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return proposed;
}

Proposed Finding() {
  return Fact(R"(
    record: "findings/icv/1" occurred { on: "2019-03-18" }
    finding_recorded {
      scheme: "schemes/icv" title: "Cell temperature" grade: FINDING_GRADE_CONCERN
      observation: "Cold at 3 AM" response_due { date: "2019-04-15" printed: "28 days" }
      personal_detail: "A. B., cell 4" restricted_detail: "Camera 7 is blind" })");
}

MATCHER_P(SameAs, expected, "") {
  *result_listener << arg.DebugString();
  return google::protobuf::util::MessageDifferencer::Equals(arg, expected) &&
         arg.SerializeAsString() == expected.SerializeAsString();
}

MATCHER_P2(Refuses, field, sentence, "") {
  const ErrorInfo info = InfoOf(arg);
  *result_listener << arg.ToString() << " field " << info.field;
  return info.field == field &&
         absl::string_view(arg.message()).find(sentence) != absl::string_view::npos;
}

// Takes a path out and gives back the error, or OK.
absl::Status Take(absl::string_view path, Proposed proposed = Finding()) {
  return TakeFragment(path, &proposed).status();
}

// --- Taking out.

TEST(FragmentTest, AFieldIsTakenOutAloneAndPutBack) {
  const Proposed whole = Finding();
  Proposed proposed = whole;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret fragment,
                                TakeFragment("finding_recorded.personal_detail", &proposed));
  Proposed alone;
  ASSERT_TRUE(alone.ParseFromString(std::string(fragment.view())));
  EXPECT_THAT(alone, SameAs(Fact(R"(finding_recorded { personal_detail: "A. B., cell 4" })")));
  Proposed rest = whole;
  rest.mutable_finding_recorded()->clear_personal_detail();
  EXPECT_THAT(proposed, SameAs(rest));
  EXPECT_FALSE(absl::StrContains(proposed.SerializeAsString(), "cell 4"));
  SCRUTINY_EXPECT_OK(MergeFragment("finding_recorded.personal_detail", fragment.view(), &proposed));
  EXPECT_THAT(proposed, SameAs(whole));
}

// Every field of every fact, one level and two levels down.
void FillAll(Message* message, int depth) {
  const auto& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (field->real_containing_oneof() != nullptr && depth == 0) continue;
    const bool list = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        list ? reflection.AddString(message, field, "text")
             : reflection.SetString(message, field, "text");
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 3) break;
        FillAll(list ? reflection.AddMessage(message, field)
                     : reflection.MutableMessage(message, field),
                depth + 1);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        list ? reflection.AddEnumValue(message, field, 1)
             : reflection.SetEnumValue(message, field, 1);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(message, field, true);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        list ? reflection.AddUInt32(message, field, 7) : reflection.SetUInt32(message, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        list ? reflection.AddUInt64(message, field, 7) : reflection.SetUInt64(message, field, 7);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        list ? reflection.AddInt64(message, field, 7) : reflection.SetInt64(message, field, 7);
        break;
      default:
        FAIL() << "a type of field that this test does not know: " << field->full_name();
    }
  }
}

void CollectPaths(const Message& message, const std::string& path,
                  std::vector<std::string>* paths) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const std::string here = absl::StrCat(path, ".", field->name());
    paths->push_back(here);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      CollectPaths(message.GetReflection()->GetMessage(message, field), here, paths);
    }
  }
}

TEST(FragmentTest, EveryFieldOfEveryFactIsTakenOutAndPutBack) {
  size_t tried = 0;
  for (const FactTypeInfo& info : AllFactTypes()) {
    if (info.by_server || info.name == "SealedFact") continue;
    Proposed whole = Fact(R"(record: "kind/x")");
    Message* fact = whole.GetReflection()->MutableMessage(&whole, info.descriptor);
    FillAll(fact, 1);
    std::vector<std::string> paths;
    CollectPaths(*fact, info.field, &paths);
    for (const std::string& path : paths) {
      ++tried;
      Proposed proposed = whole;
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Secret fragment, TakeFragment(path, &proposed));
      EXPECT_LT(proposed.ByteSizeLong(), whole.ByteSizeLong()) << path;
      EXPECT_EQ(Take(path, proposed).message(),
                absl::StrCat("\"", path, "\" cannot be sealed: the fact says nothing there."));
      SCRUTINY_EXPECT_OK(MergeFragment(path, fragment.view(), &proposed)) << path;
      EXPECT_THAT(proposed, SameAs(whole)) << path;
    }
  }
  EXPECT_GT(tried, 300u);
}

TEST(FragmentTest, SeveralAreTakenOutAndPutBackInAnyOrder) {
  const Proposed whole = Finding();
  std::vector<std::string> paths = {"finding_recorded.observation",
                                    "finding_recorded.response_due.printed",
                                    "finding_recorded.restricted_detail"};
  do {
    Proposed proposed = whole;
    std::vector<Secret> fragments;
    for (const std::string& path : paths) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(Secret fragment, TakeFragment(path, &proposed));
      fragments.push_back(std::move(fragment));
    }
    for (size_t i = 0; i < paths.size(); ++i) {
      SCRUTINY_EXPECT_OK(MergeFragment(paths[i], fragments[i].view(), &proposed));
    }
    EXPECT_THAT(proposed, SameAs(whole));
  } while (std::next_permutation(paths.begin(), paths.end()));
}

TEST(FragmentTest, AMessageWhoseLastFieldIsTakenOutStays) {
  Proposed proposed = Fact(R"(record: "findings/1" finding_recorded { observation: "x" })");
  SCRUTINY_EXPECT_OK(TakeFragment("finding_recorded.observation", &proposed));
  EXPECT_TRUE(proposed.has_finding_recorded());
}

// --- Paths that cannot be sealed.

TEST(FragmentTest, AnUnknownFieldIsNamed) {
  EXPECT_THAT(Take("finding_recorded.persnal_detail"),
              Refuses("finding_recorded.persnal_detail",
                      "FindingRecorded has no field \"persnal_detail\""));
  EXPECT_THAT(Take("finding_recorded.persnal_detail"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(Take("finding.personal_detail"), Refuses("finding.personal_detail", "no field"));
  EXPECT_THAT(Take("FindingRecorded.personal_detail"), FailsWith(Reason::kMalformed));
  for (const absl::string_view path :
       {".", "finding_recorded.", ".finding_recorded", "finding_recorded..observation",
        "finding_recorded.observation.", " finding_recorded.observation", "finding_recorded/title",
        "finding_recorded.response_due.date.day", "finding_recorded.observation[0]"}) {
    EXPECT_THAT(Take(path), FailsWith(Reason::kMalformed)) << path;
  }
}

TEST(FragmentTest, TheEnvelopeIsOnlySealedWithTheWholeFact) {
  for (const absl::string_view path : {"record", "occurred", "occurred.on", "sources", "corrects",
                                       "plan_version.plan", "recorded_despite"}) {
    EXPECT_THAT(Take(path), Refuses(path, "only sealed with the whole fact")) << path;
  }
  EXPECT_THAT(Take("finding_recorded"), Refuses("finding_recorded", "only sealed with the whole"));
}

TEST(FragmentTest, NoPathAtAllIsNoField) {
  event::v1::Proposed proposed;
  EXPECT_FALSE(TakeFragment("", &proposed).ok());
  EXPECT_FALSE(TakeFragment(absl::string_view(), &proposed).ok());
}

TEST(FragmentTest, WithinAListNothingIsSealedSingly) {
  const Proposed action = Fact(R"(record: "actions/a" action_raised {
      title: "x" owners { post: "PCC" } })");
  EXPECT_THAT(Take("action_raised.owners.post", action),
              Refuses("action_raised.owners.post", "owners is a list"));
  SCRUTINY_EXPECT_OK(Take("action_raised.owners", action));
}

TEST(FragmentTest, WhatTheServerWritesIsNotSealed) {
  EXPECT_THAT(Take("clock_confirmed.reason",
                   Fact(R"(record: "ledger/identity" clock_confirmed { reason: "x" })")),
              FailsWith(Reason::kMalformed));
}

TEST(FragmentTest, WhatIsNotSetIsNotSealed) {
  EXPECT_THAT(Take("finding_recorded.case_reference"),
              Refuses("finding_recorded.case_reference", "says nothing there"));
  EXPECT_THAT(Take("action_raised.title"), Refuses("action_raised.title", "says nothing there"));
  EXPECT_THAT(Take("finding_recorded.response_due.meeting"), FailsWith(Reason::kMalformed));
}

TEST(FragmentTest, ARefusalLeavesTheFactAsItWas) {
  Proposed proposed = Finding();
  EXPECT_FALSE(TakeFragment("finding_recorded.response_due.meeting", &proposed).ok());
  EXPECT_FALSE(TakeFragment("action_raised.title", &proposed).ok());
  EXPECT_THAT(proposed, SameAs(Finding()));
}

// --- Several paths.

absl::Status Check(const std::vector<absl::string_view>& paths) {
  return CheckSealPaths(Finding(), paths);
}

TEST(FragmentTest, EachPartIsSealedOnce) {
  SCRUTINY_EXPECT_OK(Check({}));
  SCRUTINY_EXPECT_OK(Check({"finding_recorded.observation", "finding_recorded.personal_detail"}));
  SCRUTINY_EXPECT_OK(
      Check({"finding_recorded.response_due.date", "finding_recorded.response_due.printed"}));
  EXPECT_THAT(Check({"finding_recorded.title", "finding_recorded.title"}),
              Refuses("finding_recorded.title", "sealed already"));
  EXPECT_THAT(Check({"finding_recorded.response_due", "finding_recorded.response_due.date"}),
              Refuses("finding_recorded.response_due.date", "sealed already"));
  EXPECT_THAT(Check({"finding_recorded.response_due.date", "finding_recorded.response_due"}),
              Refuses("finding_recorded.response_due", "sealed already"));
  EXPECT_THAT(Check({"finding_recorded.title", "finding_recorded.nothing"}),
              Refuses("finding_recorded.nothing", "no field"));
}

TEST(FragmentTest, TheWholeFactIsSealedAlone) {
  SCRUTINY_EXPECT_OK(Check({""}));
  EXPECT_THAT(Check({"", "finding_recorded.title"}), FailsWith(Reason::kMalformed));
  EXPECT_THAT(Check({"finding_recorded.title", ""}), FailsWith(Reason::kMalformed));
  EXPECT_THAT(Check({"", ""}), FailsWith(Reason::kMalformed));
}

TEST(FragmentTest, ThereIsALimit) {
  EXPECT_THAT(Check(std::vector<absl::string_view>(kSealsMax + 1, "finding_recorded.title")),
              FailsWith(Reason::kOverLimit));
}

// --- The whole fact.

TEST(FragmentTest, TheWholeFactLeavesAnOpaqueRecordAndIsPutBack) {
  SeededRandom random(1);
  const Proposed whole = Finding();
  Proposed proposed = whole;
  const Secret fragment = TakeWhole(random, &proposed);
  EXPECT_THAT(proposed.record(), MatchesRegex("sealed/[0-9a-f]{32}"));
  EXPECT_TRUE(proposed.has_sealed_fact());
  SCRUTINY_EXPECT_OK(CheckProposed(proposed, Author::kServer));
  Proposed another = whole;
  TakeWhole(random, &another);
  EXPECT_NE(proposed.record(), another.record());
  SCRUTINY_EXPECT_OK(MergeFragment("", fragment.view(), &proposed));
  EXPECT_THAT(proposed, SameAs(whole));
}

TEST(FragmentTest, AWholeFactIsPutBackInASealedEntryAlone) {
  SeededRandom random(1);
  Proposed proposed = Finding();
  EXPECT_THAT(MergeFragment("", Finding().SerializeAsString(), &proposed),
              FailsWith(Reason::kCorrupt));
  Proposed sealed = Finding();
  TakeWhole(random, &sealed);
  const std::string sealed_twice = sealed.SerializeAsString();
  EXPECT_THAT(MergeFragment("", sealed_twice, &sealed), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(MergeFragment("", Fact(R"(record: "a/b")").SerializeAsString(), &sealed),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(MergeFragment("", "", &sealed), FailsWith(Reason::kCorrupt));
}

// --- Fragments that hold something else.

absl::Status Merge(const Proposed& fragment) {
  Proposed proposed = Finding();
  proposed.mutable_finding_recorded()->clear_personal_detail();
  const Proposed before = proposed;
  const absl::Status status =
      MergeFragment("finding_recorded.personal_detail", fragment.SerializeAsString(), &proposed);
  EXPECT_TRUE(status.ok() || proposed.SerializeAsString() == before.SerializeAsString());
  return status;
}

TEST(FragmentTest, AFragmentHoldsItsPathAlone) {
  SCRUTINY_EXPECT_OK(Merge(Fact(R"(finding_recorded { personal_detail: "x" })")));
  EXPECT_THAT(Merge(Fact("")), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Merge(Fact("finding_recorded { }")), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Merge(Fact(R"(finding_recorded { personal_detail: "x" title: "y" })")),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Merge(Fact(R"(record: "a/b" finding_recorded { personal_detail: "x" })")),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Merge(Fact(R"(finding_recorded { restricted_detail: "x" })")),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Merge(Fact(R"(force_response_recorded { personal_detail: "x" })")),
              FailsWith(Reason::kCorrupt));
  Proposed unknown = Fact(R"(finding_recorded { personal_detail: "x" })");
  unknown.GetReflection()->MutableUnknownFields(&unknown)->AddVarint(900, 1);
  EXPECT_THAT(Merge(unknown), FailsWith(Reason::kCorrupt));
  Proposed below = Fact(R"(finding_recorded { personal_detail: "x" })");
  Message* finding = below.mutable_finding_recorded();
  finding->GetReflection()->MutableUnknownFields(finding)->AddVarint(900, 1);
  EXPECT_THAT(Merge(below), FailsWith(Reason::kCorrupt));
}

TEST(FragmentTest, AFragmentIsNotMergedOverWhatStandsThere) {
  Proposed proposed = Finding();
  const std::string fragment =
      Fact(R"(finding_recorded { personal_detail: "x" })").SerializeAsString();
  EXPECT_THAT(MergeFragment("finding_recorded.personal_detail", fragment, &proposed),
              FailsWith(Reason::kCorrupt));
  Proposed other = Fact(R"(record: "actions/a" action_raised { title: "x" })");
  EXPECT_THAT(MergeFragment("finding_recorded.personal_detail", fragment, &other),
              FailsWith(Reason::kCorrupt));
  EXPECT_TRUE(other.has_action_raised());
}

TEST(FragmentTest, BytesThatAreNoFactAreRefused) {
  Proposed proposed = Finding();
  proposed.mutable_finding_recorded()->clear_personal_detail();
  EXPECT_THAT(MergeFragment("finding_recorded.personal_detail", "\xff\xff", &proposed),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(MergeFragment("finding_recorded.of_a_later_version", "", &proposed),
              FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
