// Goal: the registers say of the Derbyshire papers what the papers say.
// Method: the demo's facts go into a ledger in memory as they stand, and each answer is compared
// with the rows written by hand in tests/golden/papers (see its README for how a row is read).

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using nlohmann::json;
using testing::Ask;
using testing::MemoryLedger;
using testing::OpenRegisters;

const char kSource[] = SCRUTINY_SOURCE_DIR;

// What the golden says of the value must hold of it.
void Compare(const json& golden, const json& value, const std::string& where) {
  if (golden.is_object()) {
    ASSERT_TRUE(value.is_object()) << where;
    for (const auto& [field, expected] : golden.items()) {
      const bool unset = !value.contains(field);
      if (expected.is_null()) {
        EXPECT_TRUE(unset) << where << "." << field;
      } else if (unset) {
        ADD_FAILURE() << where << "." << field << " is not set, not " << expected.dump();
      } else {
        Compare(expected, value[field], where + "." + field);
      }
    }
  } else if (golden.is_array()) {
    ASSERT_EQ(value.size(), golden.size()) << where << ": " << value.dump();
    for (size_t i = 0; i < golden.size(); ++i) {
      Compare(golden[i], value[i], where + "[" + std::to_string(i) + "]");
    }
  } else {
    EXPECT_EQ(value, golden) << where;
  }
}

template <typename Rows>
void ExpectGolden(const std::string& name, const Rows& rows) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  json all = json::array();
  for (const auto& row : rows) {
    std::string text;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(row, &text, options).ok());
    all.push_back(json::parse(text));
  }
  std::ifstream file(std::string(kSource) + "/tests/golden/papers/" + name + ".json");
  ASSERT_TRUE(file.good()) << name;
  Compare(json::parse(file), all, name);
}

// The facts of the demo, in the order in which they are imported.
void Import(MemoryLedger& ledger) {
  std::vector<std::string> files;
  const std::string folder = std::string(kSource) + "/tools/demo/derbyshire";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".jsonl") files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& name : files) {
    std::ifstream file(name);
    for (std::string line; std::getline(file, line);) {
      std::vector<event::v1::Proposed> facts;
      const json request = json::parse(line);
      for (const json& fact : request["facts"]) {
        const auto parsed = google::protobuf::util::JsonStringToMessage(fact["proposed"].dump(),
                                                                        &facts.emplace_back());
        ASSERT_TRUE(parsed.ok()) << name << ": " << parsed.ToString();
      }
      ledger.AppendProposed(std::move(facts));
    }
  }
}

class PapersTest : public ::testing::Test {
 protected:
  PapersTest() { Import(ledger_); }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
  const QueryContext today_ = OpenRegisters::Today();
};

TEST_F(PapersTest, Decisions) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto all, registers_->Answer<register_::v1::ListDecisionsResponse>(
                          Ask<register_::v1::ListDecisionsRequest>("year: 2019"), today_));
  ExpectGolden("decisions-2019", all.rows());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto unreported,
      registers_->Answer<register_::v1::ListDecisionsResponse>(
          Ask<register_::v1::ListDecisionsRequest>("unreported_forum: 'forums/spab'"), today_));
  ExpectGolden("decisions-unreported-spab", unreported.rows());
}

TEST_F(PapersTest, ActionsAsKnownToTheBoard) {
  for (const std::string day : {"2019-03-17", "2019-03-18", "2019-05-20"}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const auto known,
        registers_->Answer<register_::v1::ListActionsResponse>(
            Ask<register_::v1::ListActionsRequest>("state: ACTION_FILTER_ALL view { known_to { "
                                                   "forum: 'forums/spab' on: '" +
                                                   day + "' } }"),
            today_));
    ExpectGolden("actions-all-known-" + day, known.rows());
  }
}

TEST_F(PapersTest, ActionsNotOnTheMayReview) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto left_out,
      registers_->Answer<register_::v1::ListActionsResponse>(
          Ask<register_::v1::ListActionsRequest>("not_on_review: 'meetings/spab/2019-05-20'"),
          today_));
  ExpectGolden("actions-not-on-review-2019-05-20", left_out.rows());
}

TEST_F(PapersTest, ForwardPlan) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto plan, registers_->Answer<register_::v1::ListForwardPlanResponse>(
                           Ask<register_::v1::ListForwardPlanRequest>("forum: 'SPAB'"), today_));
  ExpectGolden("forward-plan", plan.rows());
}

TEST_F(PapersTest, ResolutionsAndAssurance) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto resolutions,
      registers_->Answer<register_::v1::ListResolutionsResponse>(
          Ask<register_::v1::ListResolutionsRequest>("meeting: 'meetings/spab/2019-03-18'"),
          today_));
  ExpectGolden("resolutions-2019-03-18", resolutions.rows());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto assurance,
                                registers_->Answer<register_::v1::ListAssuranceResponse>(
                                    register_::v1::ListAssuranceRequest(), today_));
  ExpectGolden("assurance", assurance.rows());
}

TEST_F(PapersTest, AgendaOfTheMayMeeting) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto meeting,
      registers_->Answer<register_::v1::GetMeetingResponse>(
          Ask<register_::v1::GetMeetingRequest>("meeting: 'meetings/spab/2019-05-20'"), today_));
  ExpectGolden("meeting-2019-05-20-agenda", meeting.items());
}

}  // namespace
}  // namespace scrutiny::projections
