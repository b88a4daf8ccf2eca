#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/limits.h"
#include "services/grpc/read_stream.h"
#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

using ::testing::ElementsAre;

std::vector<uint64_t> Range(uint64_t from, uint64_t to) {
  std::vector<uint64_t> range;
  for (uint64_t i = from; i <= to; ++i) range.push_back(i);
  return range;
}

class ReadTest : public GrpcTest {
 protected:
  grpc::Status ReadStatus(const api::ReadRequest& request) {
    grpc::Status status;
    ReadAll(request, &status);
    return status;
  }
};

TEST_F(ReadTest, GivesEveryEntryInBoundedBatches) {
  AppendActions(3000, 300);
  std::vector<api::ReadResponse> batches;
  const std::vector<std::string> entries = ReadAll(api::ReadRequest(), nullptr, &batches);
  EXPECT_EQ(SequencesOf(entries), Range(0, 3000));
  EXPECT_GT(batches.size(), 3u);
  for (const api::ReadResponse& batch : batches) {
    EXPECT_LE(batch.entries_size(), static_cast<int>(ledger::kReadBatchEntriesMax));
    EXPECT_LE(batch.ByteSizeLong(), ledger::kReadBatchBytesMax + 1024);
    EXPECT_EQ(batch.head_sequence(), 3000u);
  }
}

TEST_F(ReadTest, GivesARangeEitherWay) {
  AppendActions(1000, 100);
  api::ReadRequest request;
  request.set_from_sequence(100);
  request.set_to_sequence(900);
  EXPECT_EQ(SequencesOf(ReadAll(request)), Range(100, 900));
  request.set_direction(api::DIRECTION_BACKWARDS);
  std::vector<uint64_t> backwards = Range(100, 900);
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(SequencesOf(ReadAll(request)), backwards);
  request.set_limit(3);
  EXPECT_THAT(SequencesOf(ReadAll(request)), ElementsAre(900, 899, 898));
}

TEST_F(ReadTest, FiltersByTypeAndRecord) {
  AppendActions(50, 10, "actions/spab");
  AppendActions(50, 10, "actions/spab2");
  ASSERT_TRUE(Append(RequestOf("u", {ActionUpdated("actions/spab/7", "x"),
                                     ActionUpdated("actions/spab2/7", "x")}))
                  .ok());
  api::ReadRequest request;
  request.mutable_filter()->add_record_prefixes("actions/spab");
  EXPECT_EQ(ReadAll(request).size(), 51u);
  request.mutable_filter()->add_fact_types(event::v1::Proposed::kActionUpdatedFieldNumber);
  EXPECT_THAT(SequencesOf(ReadAll(request)), ElementsAre(101));
  request.mutable_filter()->add_record_prefixes("actions/spab2");
  request.set_direction(api::DIRECTION_BACKWARDS);
  EXPECT_THAT(SequencesOf(ReadAll(request)), ElementsAre(102, 101));
  request.mutable_filter()->clear_record_prefixes();
  request.mutable_filter()->add_record_prefixes("actions/nobody");
  EXPECT_TRUE(ReadAll(request).empty());
}

TEST_F(ReadTest, CursorGoesOnWithoutGapOrRepeat) {
  AppendActions(500, 100);
  for (const api::Direction direction : {api::DIRECTION_FORWARDS, api::DIRECTION_BACKWARDS}) {
    api::ReadRequest request;
    request.set_direction(direction);
    request.set_limit(70);
    std::vector<uint64_t> all;
    for (;;) {
      std::vector<api::ReadResponse> batches;
      const std::vector<uint64_t> page = SequencesOf(ReadAll(request, nullptr, &batches));
      if (page.empty()) break;
      all.insert(all.end(), page.begin(), page.end());
      *request.mutable_cursor() = batches.back().next();
    }
    if (direction == api::DIRECTION_BACKWARDS) std::reverse(all.begin(), all.end());
    EXPECT_EQ(all, Range(0, 500));
  }
}

TEST_F(ReadTest, TimeBoundsTheRange) {
  AppendActions(3);
  std::vector<int64_t> recorded;
  for (const std::string& bytes : ReadAll(api::ReadRequest())) {
    event::v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(bytes));
    recorded.push_back(entry.assigned().recorded_at_us());
  }
  api::ReadRequest request;
  request.set_from_recorded_at_us(recorded[2]);
  EXPECT_THAT(SequencesOf(ReadAll(request)), ElementsAre(2, 3));
  request.set_to_recorded_at_us(recorded[2]);
  EXPECT_THAT(SequencesOf(ReadAll(request)), ElementsAre(2));
  request.set_from_recorded_at_us(recorded[3] + 1);
  request.clear_to_recorded_at_us();
  EXPECT_TRUE(ReadAll(request).empty());
}

TEST_F(ReadTest, RefusesWhatCannotBe) {
  api::ReadRequest beyond;
  beyond.set_from_sequence(1);
  EXPECT_EQ(ReadStatus(beyond).error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_THAT(ReadStatus(beyond), IsRefusedFor(api::ERROR_REASON_BEYOND_HEAD));
  api::ReadRequest reversed;
  reversed.set_from_sequence(2);
  reversed.set_to_sequence(1);
  EXPECT_THAT(ReadStatus(reversed), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  api::ReadRequest prefix;
  prefix.mutable_filter()->add_record_prefixes("Not A Name");
  EXPECT_THAT(ReadStatus(prefix), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  api::ReadRequest many;
  for (size_t i = 0; i <= ledger::kFilterTermsMax; ++i) many.mutable_filter()->add_fact_types(i);
  EXPECT_THAT(ReadStatus(many), IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  api::ReadRequest sideways;
  sideways.set_direction(static_cast<api::Direction>(99));
  EXPECT_THAT(ReadStatus(sideways), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  api::ReadRequest tampered;
  tampered.mutable_cursor()->set_token("AAAA");
  EXPECT_EQ(ReadStatus(tampered).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReadTest, CursorOfAnotherLedgerOrRequestIsRefused) {
  AppendActions(10);
  std::vector<api::ReadResponse> batches;
  api::ReadRequest request;
  request.set_limit(5);
  ReadAll(request, nullptr, &batches);
  *request.mutable_cursor() = batches.back().next();
  EXPECT_TRUE(ReadStatus(request).ok());
  api::ReadRequest other = request;
  other.mutable_filter()->add_fact_types(280);
  EXPECT_THAT(ReadStatus(other), IsRefusedFor(api::ERROR_REASON_MALFORMED));

  Stop();
  std::filesystem::remove_all(dir_.File("data"));
  Start();
  AppendActions(10);
  EXPECT_EQ(ReadStatus(request).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(ReadStatus(request), IsRefusedFor(api::ERROR_REASON_LEDGER_CHANGED));
}

TEST_F(ReadTest, AReaderThatGoesAwayHarmsNobody) {
  AppendActions(3000, 300);
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    const auto reader = stub_->Read(&context, api::ReadRequest());
    api::ReadResponse response;
    if (i % 2 == 0) reader->Read(&response);
    context.TryCancel();
    EXPECT_FALSE(reader->Finish().ok());
  }
  EXPECT_EQ(ReadAll(api::ReadRequest()).size(), 3001u);
}

// Method: clients ask for more than the connection takes, and read nothing.
TEST_F(ReadTest, ReadsAtOnceAreBounded) {
  ASSERT_TRUE(Append(RequestOf("raised", {ActionRaised("actions/a", "A")}), nullptr).ok());
  const std::vector<event::v1::Proposed> updates(
      200, ActionUpdated("actions/a", std::string(3900, 'x')));
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(Append(RequestOf(absl::StrCat("updates-", i), updates), nullptr).ok());
  }
  std::deque<grpc::ClientContext> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<api::ReadResponse>>> idle;
  api::ReadRequest one;
  one.set_limit(1);
  // The transport may take the whole of a read off the server's hands, so a few more are opened
  // than the server holds at once.
  grpc::Status refused;
  while (refused.ok() && idle.size() < 4 * services::kReadsMax) {
    for (int i = 0; i < services::kReadsMax / 8; ++i) {
      idle.push_back(stub_->Read(&contexts.emplace_back(), api::ReadRequest()));
    }
    refused = ReadStatus(one);
  }
  EXPECT_GE(idle.size(), static_cast<size_t>(services::kReadsMax));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused, IsRefusedFor(api::ERROR_REASON_QUEUE_FULL));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (auto& reader : idle) reader->Finish().ok();
  // The last of them may leave a moment after its client has.
  for (int i = 0; i < 1000 && !ReadStatus(api::ReadRequest()).ok(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(ReadAll(api::ReadRequest()).size(), 6002u);
}

}  // namespace
}  // namespace scrutiny::testing
