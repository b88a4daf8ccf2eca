#include "ledger/format/fact_types.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FactTypesTest, HoldsEveryFactOfTheOneofByRisingNumber) {
  const google::protobuf::OneofDescriptor* fact = Proposed::descriptor()->FindOneofByName("fact");
  ASSERT_EQ(AllFactTypes().size(), static_cast<size_t>(fact->field_count()));
  FactType before{63};
  for (const FactTypeInfo& info : AllFactTypes()) {
    EXPECT_GT(info.type, before) << info.name;
    before = info.type;
    EXPECT_EQ(info.descriptor->number(), static_cast<int>(info.type.value()));
    EXPECT_EQ(info.descriptor->message_type()->name(), info.name);
  }
}

TEST(FactTypesTest, FindsATypeByNumberAndByEachFormOfItsName) {
  const FactTypeInfo* raised = FindFactType(FactType(Proposed::kActionRaisedFieldNumber));
  ASSERT_NE(raised, nullptr);
  EXPECT_EQ(raised->name, "ActionRaised");
  EXPECT_EQ(raised->field, "action_raised");
  EXPECT_EQ(FindFactType("ActionRaised"), raised);
  EXPECT_EQ(FindFactType("action_raised"), raised);
  EXPECT_EQ(FindFactType("action-raised"), raised);
}

TEST(FactTypesTest, KnowsNoOtherNumberOrName) {
  EXPECT_EQ(FindFactType(FactType(0)), nullptr);
  EXPECT_EQ(FindFactType(FactType(63)), nullptr);
  EXPECT_EQ(FindFactType(FactType(400'000)), nullptr);
  EXPECT_EQ(FindFactType("ACTIONRAISED"), nullptr);
  EXPECT_EQ(FindFactType(""), nullptr);
}

TEST(FactTypesTest, KindsAndFoundingComeFromTheProtoOptions) {
  EXPECT_THAT(FindFactType("ActionRaised")->kinds, ElementsAre("actions"));
  EXPECT_TRUE(FindFactType("ActionRaised")->founds);
  EXPECT_FALSE(FindFactType("ActionUpdated")->founds);
  EXPECT_THAT(FindFactType("Withdrawn")->kinds, IsEmpty());
}

// Only a withdrawal and a sealed fact go with any kind; a fact without kinds would else be a
// forgotten option.
TEST(FactTypesTest, EveryOtherTypeSaysItsKinds) {
  std::set<std::string> any_kind;
  for (const FactTypeInfo& info : AllFactTypes()) {
    if (info.kinds.empty()) any_kind.insert(info.name);
  }
  EXPECT_THAT(any_kind, ElementsAre("SealedFact", "Withdrawn"));
}

TEST(FactTypesTest, TheServerAloneWritesWhatOnlyItKnows) {
  std::set<std::string> by_server;
  for (const FactTypeInfo& info : AllFactTypes()) {
    if (info.by_server) by_server.insert(info.name);
  }
  EXPECT_THAT(by_server, ElementsAre("ClockConfirmed", "IncarnationStarted", "LedgerStarted",
                                     "LogKeyRotated", "SealsErased"));
}

TEST(FactTypesTest, TheFactOfAProposedIsFound) {
  Proposed proposed;
  EXPECT_EQ(TypeOf(proposed), FactType(0));
  EXPECT_EQ(FactOf(proposed), nullptr);
  proposed.mutable_action_updated()->set_text("On the agenda");
  EXPECT_EQ(TypeOf(proposed), FactType(Proposed::kActionUpdatedFieldNumber));
  EXPECT_EQ(FactOf(proposed), &proposed.action_updated());
}

}  // namespace
}  // namespace scrutiny::ledger
