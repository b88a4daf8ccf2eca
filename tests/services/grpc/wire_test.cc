#include "services/grpc/wire.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/support/byte_buffer.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;

// A request whose second fact has `title`, with the bytes of the title replaced after serialising:
// the library would refuse to write what is not UTF-8.
std::string RequestWithTitle(const std::string& title) {
  api::AppendRequest request;
  request.set_request_id("r");
  request.add_facts()->mutable_proposed()->set_record("actions/a");
  std::string marker(title.size(), 'X');
  request.add_facts()->mutable_proposed()->mutable_action_raised()->set_title(marker);
  std::string bytes = request.SerializeAsString();
  bytes.replace(bytes.find(marker), marker.size(), title);
  return bytes;
}

TEST(WireTest, ReadsAMessage) {
  api::AppendRequest request;
  EXPECT_THAT(ParseRequest(ToBuffer(RequestWithTitle("Fr\xC3\xBCh")), &request), IsOk());
  EXPECT_EQ(request.facts(1).proposed().action_raised().title(), "Fr\xC3\xBCh");
}

TEST(WireTest, ReadsAnEmptyMessage) {
  api::GetStatusRequest request;
  EXPECT_THAT(ParseRequest(ToBuffer(std::string()), &request), IsOk());
}

TEST(WireTest, NamesTheFieldThatIsNotUtf8) {
  api::AppendRequest request;
  const absl::Status status = ParseRequest(ToBuffer(RequestWithTitle("ab\xFFzz")), &request);
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  EXPECT_EQ(info.field, "facts[1].proposed.action_raised.title");
  EXPECT_EQ(info.value, "") << "it may be personal";
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("from its byte 2 on"));
}

TEST(WireTest, SaysWhereATextStopsBeingUtf8) {
  const std::vector<std::pair<std::string, int>> texts = {{"\xFF", 0},
                                                          {"Fr\xC3\xBChling \xC3", 10},
                                                          {"\xE2\x82\xAC\xE2\x82", 3},
                                                          {"a\x80", 1},
                                                          {"\xF0\x9F\x98\x80\xED\xA0\x80", 4}};
  for (const auto& [text, at] : texts) {
    api::AppendRequest request;
    const absl::Status status = ParseRequest(ToBuffer(RequestWithTitle(text)), &request);
    EXPECT_THAT(std::string(status.message()),
                ::testing::HasSubstr(absl::StrCat("from its byte ", at, " on")));
  }
}

TEST(WireTest, RefusesBytesThatAreNoMessage) {
  const std::string whole = RequestWithTitle("Crime data");
  int refused = 0;
  for (size_t cut = 1; cut < whole.size(); ++cut) {
    api::AppendRequest request;
    const absl::Status status = ParseRequest(ToBuffer(whole.substr(0, cut)), &request);
    if (status.ok()) continue;  // cut between two fields
    EXPECT_THAT(status, FailsWith(Reason::kMalformed));
    ++refused;
  }
  EXPECT_GT(refused, 20);
  api::AppendRequest request;
  EXPECT_THAT(ParseRequest(ToBuffer(std::string(40, '\xFF')), &request),
              FailsWith(Reason::kMalformed));
}

}  // namespace
}  // namespace scrutiny::services
