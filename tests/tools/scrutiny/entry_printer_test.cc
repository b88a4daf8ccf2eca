#include "tools/scrutiny/entry_printer.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string EntryBytes(uint64_t sequence) {
  event::v1::Entry entry;
  entry.mutable_proposed()->set_record("actions/spab/1");
  entry.mutable_proposed()->mutable_occurred()->set_on("2019-03-18");
  entry.mutable_proposed()->mutable_action_raised()->set_title("Report, \"in full\"");
  entry.mutable_assigned()->set_sequence(sequence);
  entry.mutable_assigned()->set_fact_type(280);
  return entry.SerializeAsString();
}

class EntryPrinterTest : public ::testing::Test {
 protected:
  std::string PrintedOne(Format format, const event::v1::Entry& entry) {
    Client client("127.0.0.1:1");
    std::ostringstream out;
    Context context{.client = client, .out = out, .err = out, .width = 80};
    EXPECT_TRUE(EntryPrinter(format, context).Print(entry.SerializeAsString()).ok());
    return out.str();
  }
  std::string Printed(Format format, int entries) {
    Client client("127.0.0.1:1");
    std::ostringstream out;
    Context context{.client = client, .out = out, .err = out, .width = 80};
    EntryPrinter printer(format, context);
    for (int i = 0; i < entries; ++i) EXPECT_TRUE(printer.Print(EntryBytes(i)).ok());
    printer.Finish("Nothing.");
    return out.str();
  }
};

TEST_F(EntryPrinterTest, JsonIsOneArray) {
  EXPECT_EQ(nlohmann::json::parse(Printed(Format::kJson, 0)).size(), 0u);
  const auto two = nlohmann::json::parse(Printed(Format::kJson, 2));
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[1]["assigned"]["sequence"], "1");
  EXPECT_EQ(two[1]["proposed"]["action_raised"]["title"], "Report, \"in full\"");
}

TEST_F(EntryPrinterTest, JsonLinesAreOneEntryEach) {
  const std::string text = Printed(Format::kJsonLines, 2);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(Printed(Format::kJsonLines, 0), "");
}

TEST_F(EntryPrinterTest, CsvQuotesAndHasAHeader) {
  const std::string text = Printed(Format::kCsv, 1);
  EXPECT_THAT(text, StartsWith("sequence,recorded_at,date,record"));
  EXPECT_THAT(text, HasSubstr("\"Action raised: Report, \"\"in full\"\"\""));
}

TEST_F(EntryPrinterTest, PeopleReadSentences) {
  EXPECT_THAT(Printed(Format::kTable, 1), HasSubstr("18 Mar 2019  actions/spab/1"));
  EXPECT_THAT(Printed(Format::kTable, 1), HasSubstr("Action raised: Report"));
  EXPECT_EQ(Printed(Format::kTable, 0), "Nothing.\n");
}

TEST_F(EntryPrinterTest, SealedPartsAreMarked) {
  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(EntryBytes(3)));
  entry.add_seals()->set_field_path("action_raised.detail");
  EXPECT_THAT(PrintedOne(Format::kTable, entry), HasSubstr("[sealed: detail]"));
  EXPECT_THAT(PrintedOne(Format::kCsv, entry), HasSubstr("[sealed: detail]"));
}

TEST_F(EntryPrinterTest, ASealedFactShowsNothingButThatItIsThere) {
  event::v1::Entry entry;
  entry.mutable_proposed()->set_record("sealed/00112233445566778899aabbccddeeff");
  entry.mutable_proposed()->mutable_sealed_fact();
  entry.add_seals()->set_seal_id("id");
  const std::string text = PrintedOne(Format::kTable, entry);
  EXPECT_THAT(text, HasSubstr("A sealed fact\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("not dated"))) << "its date is sealed, not unknown";
}

TEST_F(EntryPrinterTest, BytesThatAreNoEntryAreRefused) {
  Client client("127.0.0.1:1");
  std::ostringstream out;
  Context context{.client = client, .out = out, .err = out};
  EXPECT_THAT(EntryPrinter(Format::kJson, context).Print("\xFF\xFF"), FailsWith(Reason::kCorrupt));
}

TEST(FilterTest, TypesAreNamedAnyWayAndWrongOnesHelp) {
  Args args;
  args.Set("type", {"ActionRaised", "action-completed", "decision_taken"});
  args.Set("record", {"actions/spab"});
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto filter, ReadFilter(args));
  EXPECT_THAT(filter.fact_types(), ::testing::ElementsAre(280, 286, 260));
  args.Set("type", {"completed"});
  const absl::Status wrong = ReadFilter(args).status();
  EXPECT_TRUE(IsUsageError(wrong));
  EXPECT_THAT(std::string(wrong.message()), HasSubstr("ActionCompleted"));
  args.Set("type", {});
  args.Set("record", {"Actions/spab"});
  EXPECT_TRUE(IsUsageError(ReadFilter(args).status()));
}

TEST(FilterTest, SeveralTypesMayStandBehindOneFlag) {
  Args args;
  args.Set("type", {"ActionRaised, ActionCompleted", "decision-taken"});
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto filter, ReadFilter(args));
  EXPECT_THAT(filter.fact_types(), ::testing::ElementsAre(280u, 286u, 260u));
  args.Set("type", {"ActionRaised,"});
  EXPECT_TRUE(IsUsageError(ReadFilter(args).status()));
}

}  // namespace
}  // namespace scrutiny::tools
