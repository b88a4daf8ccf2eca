#include "tools/support/proto_json.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::InfoOf;
using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;

TEST(ProtoJsonTest, FieldNamesAreThoseOfTheProto) {
  ledger::v1::AppendRequest request;
  request.set_request_id("r");
  request.add_facts()->set_expected_revision(3);
  EXPECT_EQ(ToJson(request), R"({"request_id":"r","facts":[{"expected_revision":"3"}]})");
  ledger::v1::AppendRequest read;
  SCRUTINY_ASSERT_OK(FromJson(ToJson(request), &read));
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
}

// Each text that cannot be read names the field at fault and the value.
TEST(ProtoJsonTest, ErrorsNameTheFieldAndTheValue) {
  const struct {
    const char* json;
    const char* field;
    const char* value;
  } cases[] = {
      {R"({"facts":[{"proposed":{"action_raised":{"titel":"x"}}}]})",
       "facts[0].proposed.action_raised.titel", "titel"},
      {R"({"facts":[{"proposed":{"record":5}}]})", "facts[0].proposed.record", "5"},
      {R"({"facts":[{"proposed":{"agenda_item_placed":{"class":"FOO"}}}]})",
       "facts[0].proposed.agenda_item_placed.class", "FOO"},
      {R"({"facts":[{"proposed":{"agenda_item_placed":{"order":-1}}}]})",
       "facts[0].proposed.agenda_item_placed.order", "-1"},
      {R"({"facts":[{"proposed":{"sources":[{"sha256":"zz!"}]}}]})",
       "facts[0].proposed.sources[0].sha256", "zz!"},
      {R"({"request_ids":"x"})", "request_ids", "request_ids"},
  };
  for (const auto& c : cases) {
    ledger::v1::AppendRequest request;
    const absl::Status status = FromJson(c.json, &request);
    EXPECT_THAT(status, FailsWith(Reason::kMalformed)) << c.json;
    EXPECT_EQ(InfoOf(status).field, c.field) << c.json;
    EXPECT_EQ(InfoOf(status).value, c.value) << c.json;
  }
}

TEST(ProtoJsonTest, WhatIsNoJsonObjectIsRefused) {
  for (const char* json :
       {"hello", "[]", "5", "null", "\"x\"", "", "{", R"({"request_id":"a" "facts":[]})",
        R"({"request_id":"a"} x})", "{\"request_id\":\"\xFF\xFE\"}",
        R"({"facts":[{"proposed":{"action_raised":{},"action_closed":{}}}]})"}) {
    ledger::v1::AppendRequest request;
    EXPECT_THAT(FromJson(json, &request), FailsWith(Reason::kMalformed)) << json;
  }
}

}  // namespace
}  // namespace scrutiny::tools
