#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/generic/generic_stub.h"

#include "ledger/base/limits.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"
#include "tests/support/fault_fs.h"

namespace scrutiny::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAppend[] = "/scrutiny.ledger.v1.LedgerService/Append";
constexpr char kAppendStream[] = "/scrutiny.ledger.v1.LedgerService/AppendStream";

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

void AddUnknown(google::protobuf::Message* message) {
  message->GetReflection()->MutableUnknownFields(message)->AddVarint(900, 1);
}

// Sends bytes that no generated client would, as they are.
class BadInputTest : public GrpcTest {
 protected:
  grpc::Status SendBytes(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::ByteBuffer answer;
    grpc::CompletionQueue queue;
    grpc::Status status;
    const auto call = stub.PrepareUnaryCall(&context, method, BufferOf(bytes), &queue);
    call->StartCall();
    call->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
  }

  // The answers to messages of one AppendStream, some of them not what they should be.
  std::vector<api::AppendStreamResponse> SendStream(const std::vector<std::string>& messages) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    void* tag = nullptr;
    bool ok = false;
    const auto call = stub.PrepareCall(&context, kAppendStream, &queue);
    call->StartCall(nullptr);
    queue.Next(&tag, &ok);
    for (const std::string& message : messages) {
      call->Write(BufferOf(message), nullptr);
      queue.Next(&tag, &ok);
    }
    call->WritesDone(nullptr);
    queue.Next(&tag, &ok);
    std::vector<api::AppendStreamResponse> answers;
    for (;;) {
      grpc::ByteBuffer answer;
      call->Read(&answer, nullptr);
      if (!queue.Next(&tag, &ok) || !ok) break;
      grpc::Slice slice;
      EXPECT_TRUE(answer.DumpToSingleSlice(&slice).ok());
      EXPECT_TRUE(
          answers.emplace_back().ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
    }
    grpc::Status status;
    call->Finish(&status, nullptr);
    queue.Next(&tag, &ok);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answers;
  }

  static std::string Good(const std::string& id, bool stop) {
    api::AppendStreamRequest request;
    *request.mutable_append() = RequestOf(id, {ActionRaised("actions/" + id, "One")});
    request.set_stop_at_refusal(stop);
    return request.SerializeAsString();
  }

  // A fact of 4,000 bytes so often that they are more than an append holds.
  static api::AppendRequest TooLarge() {
    api::AppendRequest request = RequestOf("large", {ActionRaised("actions/a", "One")});
    request.mutable_facts(0)->mutable_proposed()->mutable_action_raised()->set_detail(
        std::string(3'900, 'd'));
    while (request.facts_size() < 300) *request.add_facts() = request.facts(0);
    return request;
  }

  void ExpectUntouched() {
    EXPECT_EQ(ledger_->size().value(), 1u);
    EXPECT_TRUE(Append(RequestOf("after", {ActionRaised("actions/after", "One")})).ok());
  }
};

// A newer client may ask for what this server does not know of, say another kind of guard: to
// append without it would be to do something else than was asked.
TEST_F(BadInputTest, UnknownFieldsBesideTheFactsAreRefused) {
  const api::AppendRequest good = RequestOf("r", {ActionRaised("actions/a", "One")});
  api::AppendRequest request = good;
  AddUnknown(&request);
  grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
  EXPECT_EQ(DetailOf(status).value(), "900");
  EXPECT_THAT(status.error_message(), AllOf(HasSubstr("900"), HasSubstr("AppendRequest")));

  request = good;
  AddUnknown(request.mutable_facts(0));
  status = Append(request);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
  EXPECT_EQ(DetailOf(status).field(), "facts[0]");

  request = good;
  request.add_guards()->set_record("actions/b");
  AddUnknown(request.mutable_guards(0));
  status = Append(request);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
  EXPECT_EQ(DetailOf(status).field(), "guards[0]");
  ExpectUntouched();
}

TEST_F(BadInputTest, UnknownFieldsInAStreamAreRefusedEachForItself) {
  api::AppendStreamRequest request;
  ASSERT_TRUE(request.ParseFromString(Good("a", false)));
  AddUnknown(&request);
  const auto answers = SendStream({request.SerializeAsString(), Good("b", false)});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(DetailOf(answers[0].refused()).reason(), api::ERROR_REASON_MALFORMED);
  EXPECT_TRUE(answers[1].has_appended());
}

// Two bytes name an empty fact, so a message of the largest size has two million of them: they are
// refused by their number, and none of them is looked at.
TEST_F(BadInputTest, VeryManyEmptyFactsAreRefused) {
  std::string bytes = "\x0a\x01r";
  for (int i = 0; i < 400'000; ++i) bytes += std::string("\x12\0", 2);
  const grpc::Status many = SendBytes(kAppend, bytes);
  EXPECT_EQ(many.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(many, IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  EXPECT_EQ(DetailOf(many).value(), "400000");

  for (int i = 0; i < 1'500'000; ++i) bytes += std::string("\x12\0", 2);
  const grpc::Status large = SendBytes(kAppend, bytes);
  EXPECT_THAT(large, IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  EXPECT_THAT(large.error_message(), HasSubstr("at most 900 KiB"));
  ExpectUntouched();
}

// What the largest append may hold still fits into the request that carries it.
TEST_F(BadInputTest, TheLargestAppendPasses) {
  std::vector<event::v1::Proposed> facts;
  for (size_t i = 0; i < ledger::kAppendFactsMax; ++i) {
    facts.push_back(ActionRaised(ActionName(static_cast<int>(i)), "One"));
    facts.back().mutable_action_raised()->set_detail(std::string(860, 'd'));
  }
  api::AppendRequest request = RequestOf(std::string(64, 'r'), std::move(facts));
  for (api::NewFact& fact : *request.mutable_facts()) fact.set_expected_revision(0);
  for (size_t i = 0; i < ledger::kGuardsMax; ++i) {
    request.add_guards()->set_record(absl::StrCat("actions/", std::string(190, 'g')));
  }
  const grpc::Status status = Append(request);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(BadInputTest, BytesThatAreNoMessageAreRefused) {
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff\xff\xff", 6), std::string("\x12\x7f", 2),
        std::string("\x0b\x0b\x0b", 3), std::string(50'000, '\x12'), std::string(2, '\0')}) {
    const grpc::Status status = SendBytes(kAppend, bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
  }
  ExpectUntouched();
}

TEST_F(BadInputTest, MessagesNestedWithoutEndAreRefused) {
  std::string deep;
  for (int i = 0; i < 400; ++i) {
    std::string outer;
    google::protobuf::io::StringOutputStream stream(&outer);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.WriteVarint32(2 << 3 | 2);
    out.WriteVarint32(static_cast<uint32_t>(deep.size()));
    out.WriteString(deep);
    out.Trim();
    deep = outer;
  }
  const grpc::Status status = SendBytes(kAppend, deep);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ExpectUntouched();
}

// The first request is too large to be looked into, and yet what it asks of the stream holds.
TEST_F(BadInputTest, StopAtRefusalHoldsThoughTheFirstRequestIsTooLarge) {
  api::AppendStreamRequest large;
  *large.mutable_append() = TooLarge();
  large.set_stop_at_refusal(true);
  auto answers = SendStream({large.SerializeAsString(), Good("b", true)});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(DetailOf(answers[0].refused()).reason(), api::ERROR_REASON_OVER_LIMIT);
  EXPECT_EQ(DetailOf(answers[1].refused()).reason(), api::ERROR_REASON_AFTER_REFUSAL);

  large.set_stop_at_refusal(false);
  answers = SendStream({large.SerializeAsString(), Good("c", false)});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(DetailOf(answers[0].refused()).reason(), api::ERROR_REASON_OVER_LIMIT);
  EXPECT_TRUE(answers[1].has_appended());
}

TEST_F(BadInputTest, AFactOverItsLimitIsRefusedByItsBytes) {
  // Every field keeps its own limit; together they are too much.
  event::v1::Proposed fact = ActionRaised("actions/a", "One");
  fact.mutable_action_raised()->set_detail(std::string(3'900, 'd'));
  for (int i = 0; i < 50; ++i) {
    event::v1::Source& source = *fact.add_sources();
    source.set_paper("papers/a");
    source.set_item(std::string(100, 'i'));
    source.set_paragraph(std::string(100, 'p'));
    source.set_note(std::string(1'000, 'n'));
  }
  const grpc::Status status = Append(RequestOf("r", {fact}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  EXPECT_EQ(DetailOf(status).field(), "facts[0]");
  EXPECT_EQ(DetailOf(status).value(), absl::StrCat(fact.ByteSizeLong()));
  EXPECT_THAT(status.error_message(), HasSubstr("at most 60000"));
  ExpectUntouched();
}

event::v1::Proposed FactOf(const std::string& text) {
  event::v1::Proposed fact;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &fact)) << text;
  return fact;
}

// A slip as a clerk makes it: what stands already, what is said then, and what the refusal says.
struct Slip {
  const char* name;
  std::vector<std::string> before;
  std::string fact;
  const char* rule;
  const char* words;
};

class SlipTest : public BadInputTest, public ::testing::WithParamInterface<Slip> {};

TEST_P(SlipTest, IsRefusedInASentenceThatSaysHowToGoOn) {
  std::vector<event::v1::Proposed> before;
  for (const std::string& text : GetParam().before) before.push_back(FactOf(text));
  ASSERT_TRUE(Append(RequestOf("before", before)).ok());
  const uint64_t size = ledger_->size().value();
  const grpc::Status status = Append(RequestOf("slip", {FactOf(GetParam().fact)}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_RULE_REFUSED));
  EXPECT_EQ(DetailOf(status).rule(), GetParam().rule);
  EXPECT_EQ(DetailOf(status).fact_index(), 0u);
  EXPECT_THAT(status.error_message(),
              AllOf(HasSubstr(GetParam().words), HasSubstr("add --despite with a reason")));
  EXPECT_EQ(ledger_->size().value(), size);
}

INSTANTIATE_TEST_SUITE_P(
    All, SlipTest,
    ::testing::Values(
        Slip{
            "AnActionCompletedTwice",
            {R"(record: "actions/a" action_raised { title: "One" })",
             R"(record: "actions/a" occurred { on: "2019-03-18" } action_completed { text: "D" })"},
            R"(record: "actions/a" occurred { on: "2019-05-20" } action_completed { text: "D" })",
            "action-already-completed",
            "already completed on 18 March 2019 (entry 2)"},
        Slip{"AResolutionOnAnItemNotOnTheAgenda",
             {R"(record: "meetings/m" meeting_scheduled { forum: "forums/f" date: "2019-03-18" })",
              R"(record: "meetings/m" agenda_item_placed { item: "9a" title: "Video" })"},
             R"(record: "meetings/m" resolution_passed {
                  key: "9b" item: "9b" decider { kind: DECIDER_KIND_OFFICE_HOLDER post: "PCC" } limbs { key: "1" verb: RESOLUTION_VERB_NOTE subject: "S" } })",
             "item-not-on-agenda",
             "9b"},
        Slip{"ADecisionNumberTakenAlready",
             {R"(record: "decisions/a" decision_taken {
                  title: "A" number { kind: "decisions" year: 2019 number: 13 } })"},
             R"(record: "decisions/b" decision_taken {
                  title: "B" number { kind: "decisions" year: 2019 number: 13 } })",
             "number-taken",
             "2019/13"}),
    [](const auto& info) { return info.param.name; });

// The disk fails under the server: the writer is told that the outcome is unknown, later ones that
// nothing is written until a restart; whoever reads notices nothing.
class FailingDiskTest : public BadInputTest, public ::testing::WithParamInterface<Fault> {
 protected:
  void SetUp() override {
    ledger_options_.file_system = disk_;
    Start();
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown(5'000'000);
    stub_.reset();
    server_.reset();
    registers_.reset();
    // Closing says once more that the last write failed.
    if (ledger_ != nullptr) {
      EXPECT_THAT(ledger_->Close(), Not(IsOk()));
    }
    ledger_.reset();
  }

  const std::shared_ptr<FaultFs> disk_ = std::make_shared<FaultFs>();
};

TEST_P(FailingDiskTest, TheWriterIsToldAndReadersGoOn) {
  AppendActions(3);
  Fault fault = GetParam();
  fault.path_part = dir_.File("data/log");
  disk_->Inject(fault);
  const grpc::Status failed = Append(RequestOf("r", {ActionRaised("actions/a", "One")}));
  EXPECT_EQ(failed.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(failed, IsRefusedFor(api::ERROR_REASON_OUTCOME_UNKNOWN));
  EXPECT_THAT(DetailOf(failed).next(), HasSubstr("same request id"));
  disk_->ClearFaults();
  const grpc::Status later = Append(RequestOf("s", {ActionRaised("actions/b", "One")}));
  EXPECT_EQ(later.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(later, IsRefusedFor(api::ERROR_REASON_READ_ONLY));
  EXPECT_FALSE(DetailOf(later).next().empty());

  EXPECT_EQ(ReadAll(api::ReadRequest()).size(), 4u);
  grpc::ClientContext context;
  api::GetStatusResponse status;
  ASSERT_TRUE(stub_->GetStatus(&context, api::GetStatusRequest(), &status).ok());
  EXPECT_FALSE(status.read_only_because().empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, FailingDiskTest,
    ::testing::Values(Fault{.call = FsCall::kSync, .onwards = true},
                      Fault{.call = FsCall::kAppend, .onwards = true, .effect = Effect::kNoSpace}),
    [](const auto& info) { return info.param.effect == Effect::kNoSpace ? "Full" : "FailedSync"; });

// One bit of entry 21 changes on the disk. Reading says so when it comes there; the entries before
// it and behind it are served.
TEST_F(BadInputTest, ADamagedEntryIsNamedToItsReader) {
  constexpr char kMark[] = "to be found on the disk";
  for (int i = 1; i <= 40; ++i) {
    event::v1::Proposed fact = ActionRaised(ActionName(i), absl::StrCat(kMark, i, "."));
    fact.mutable_action_raised()->set_detail(std::string(3'000, 'd'));
    ASSERT_TRUE(Append(RequestOf(absl::StrCat("r", i), {fact})).ok());
  }
  Stop();
  int flipped = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir_.File("data/log"))) {
    if (file.path().extension() != ".sst") continue;
    std::fstream table(file.path(), std::ios::binary | std::ios::in | std::ios::out);
    std::string bytes((std::istreambuf_iterator<char>(table)), {});
    const size_t at = bytes.find(absl::StrCat(kMark, "21."));
    if (at == std::string::npos) continue;
    table.clear();
    table.seekp(static_cast<std::streamoff>(at));
    table.put(static_cast<char>(bytes[at] ^ 1));
    ++flipped;
  }
  ASSERT_EQ(flipped, 1);
  Start();
  grpc::Status status;
  const std::vector<std::string> read = ReadAll(api::ReadRequest(), &status);
  EXPECT_LE(read.size(), 21u);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_CORRUPT));
  EXPECT_THAT(status.error_message(), HasSubstr("21"));
  api::ReadRequest behind;
  behind.set_from_sequence(22);
  EXPECT_EQ(ReadAll(behind).size(), 19u);
  EXPECT_TRUE(Append(RequestOf("after", {ActionRaised("actions/after", "One")})).ok());
}

}  // namespace
}  // namespace scrutiny::testing
