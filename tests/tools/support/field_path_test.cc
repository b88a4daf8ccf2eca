#include "tools/support/field_path.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FieldPathTest, ScalarsEnumsAndNestedFieldsAreSet) {
  event::v1::Proposed p;
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.title", "Report"));
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.due.date", "2019-05-20"));
  SCRUTINY_EXPECT_OK(SetField(&p, "occurred.inferred", "yes"));
  SCRUTINY_EXPECT_OK(SetField(&p, "corrects", "12"));
  EXPECT_EQ(p.action_raised().title(), "Report");
  EXPECT_EQ(p.action_raised().due().date(), "2019-05-20");
  EXPECT_TRUE(p.occurred().inferred());
  EXPECT_EQ(p.corrects(), 12u);
  SCRUTINY_EXPECT_OK(SetField(&p, "agenda_item_placed.class", "to note"));
  SCRUTINY_EXPECT_OK(SetField(&p, "agenda_item_placed.order", "1,204"));
  EXPECT_EQ(p.agenda_item_placed().class_(), event::v1::ITEM_CLASS_TO_NOTE);
  EXPECT_EQ(p.agenda_item_placed().order(), 1204u);
}

TEST(FieldPathTest, ElementsOfListsAreSetAndAdded) {
  event::v1::Proposed p;
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.owners[0].post", "Chief Executive"));
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.owners[1].organisation", "Constabulary"));
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.owners[0].post", "Treasurer"));
  ASSERT_EQ(p.action_raised().owners_size(), 2);
  EXPECT_EQ(p.action_raised().owners(0).post(), "Treasurer");
  EXPECT_THAT(SetField(&p, "action_raised.owners[3].post", "x"), FailsWith(Reason::kMalformed));

  SCRUTINY_EXPECT_OK(SetField(&p, "put_before", "meetings/a; meetings/b"));
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/a", "meetings/b"));
  SCRUTINY_EXPECT_OK(SetField(&p, "put_before[1]", "meetings/c"));
  SCRUTINY_EXPECT_OK(SetField(&p, "put_before[2]", "meetings/d"));
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/a", "meetings/c", "meetings/d"));
}

TEST(FieldPathTest, MessagesAndListsAreReadAsJson) {
  event::v1::Proposed p;
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.due", R"({"date":"2019-05","printed":"May"})"));
  EXPECT_EQ(p.action_raised().due().printed(), "May");
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.owners", R"([{"post":"A"},{"post":"B"}])"));
  EXPECT_EQ(p.action_raised().owners_size(), 2);
  SCRUTINY_EXPECT_OK(SetField(&p, "put_before", R"(["meetings/a"])"));
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/a"));
  EXPECT_THAT(SetField(&p, "action_raised.due", "soon"), FailsWith(Reason::kMalformed));
}

TEST(FieldPathTest, AnEmptyValueClears) {
  event::v1::Proposed p;
  p.mutable_action_raised()->mutable_due()->set_date("2019");
  p.mutable_action_raised()->add_owners();
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.due", ""));
  SCRUTINY_EXPECT_OK(SetField(&p, "action_raised.owners", " "));
  EXPECT_FALSE(p.action_raised().has_due());
  EXPECT_EQ(p.action_raised().owners_size(), 0);
}

TEST(FieldPathTest, WrongPathsAndValuesSayWhatWouldBeRight) {
  event::v1::Proposed p;
  const absl::Status none = SetField(&p, "action_raised.titel", "x");
  EXPECT_THAT(none, FailsWith(Reason::kMalformed));
  EXPECT_THAT(std::string(none.message()), HasSubstr("title"));
  const absl::Status word = SetField(&p, "agenda_item_placed.class", "loud");
  EXPECT_THAT(std::string(word.message()), HasSubstr("to-note"));
  for (const char* path : {"", "action_raised.title.x", "action_raised.title[0]", "owners[",
                           "put_before[-1]", "put_before[1001]", "action_raised.owners.post"}) {
    EXPECT_THAT(SetField(&p, path, "x"), FailsWith(Reason::kMalformed)) << path;
  }
  EXPECT_THAT(SetField(&p, "agenda_item_placed.order", "two"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(SetField(&p, "occurred.inferred", "perhaps"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(SetField(&p, "sources[0].sha256", "xyz"), FailsWith(Reason::kMalformed));
}

}  // namespace
}  // namespace scrutiny::tools
