#include "projections/engine/upcast.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace scrutiny::projections {
namespace {

event::v1::Entry Read(const std::string& text) {
  event::v1::Entry written;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &written)) << text;
  event::v1::Entry read;
  EXPECT_TRUE(ReadEntry(written.SerializeAsString(), &read));
  return read;
}

TEST(UpcastTest, OptionsInWordsAloneBecomeOptionsConsidered) {
  const event::v1::Entry entry = Read(
      "proposed { record: 'decisions/buxton' decision_taken { title: 'Closure' options: 'Keep' "
      "options: 'Close' } }");
  const event::v1::DecisionTaken& taken = entry.proposed().decision_taken();
  EXPECT_EQ(taken.options_size(), 0);
  ASSERT_EQ(taken.considered_size(), 2);
  EXPECT_EQ(taken.considered(0).key(), "1");
  EXPECT_EQ(taken.considered(1).key(), "2");
  EXPECT_EQ(taken.considered(1).text(), "Close");
}

TEST(UpcastTest, AFactOfTodaysShapeStaysAsItIs) {
  const event::v1::Entry entry = Read(
      "proposed { record: 'decisions/buxton' decision_taken { title: 'Closure' considered { key: "
      "'three' text: 'Close' preferred: true } } }");
  const event::v1::DecisionTaken& taken = entry.proposed().decision_taken();
  ASSERT_EQ(taken.considered_size(), 1);
  EXPECT_EQ(taken.considered(0).key(), "three");
  EXPECT_TRUE(taken.considered(0).preferred());
}

TEST(UpcastTest, BytesThatAreNoEntryAreToldApart) {
  event::v1::Entry entry;
  EXPECT_FALSE(ReadEntry("\xff\xff\xff", &entry));
}

}  // namespace
}  // namespace scrutiny::projections
