// Goal: whatever moment the server is killed at, nothing acknowledged is missing, nothing is
// doubled, sequences stay dense and no append is seen in part.
//
// Method: clients append under load to a real server process; it is killed (SIGKILL) at a random
// moment, again and again over the same folder. An oracle in this process, which survives, knows
// what was acknowledged and what was left unknown. After each restart the whole ledger is read and
// held against it, and every unknown request is sent again with its id. The seed is printed.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"

#include "ledger/base/mutex.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "tests/support/facts.h"
#include "tests/support/server_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny {
namespace {

using event::v1::Entry;
using ledger::v1::AppendRequest;
using ledger::v1::AppendResponse;
using ledger::v1::LedgerService;

constexpr int kClients = 4;
constexpr int kMaxFacts = 6;
constexpr int kUnderWay = 64;  // appends of one stream

// What is known of one request.
struct Sent {
  AppendRequest request;
  bool acknowledged = false;
  uint64_t first = 0;
};

// Survives every crash.
class Oracle {
 public:
  void Send(const AppendRequest& request) {
    ledger::MutexLock lock(mutex_);
    sent_[request.request_id()].request = request;
  }
  void Acknowledge(const std::string& id, uint64_t first) {
    ledger::MutexLock lock(mutex_);
    Sent& sent = sent_[id];
    EXPECT_TRUE(!sent.acknowledged || sent.first == first) << id << " has two receipts";
    sent.acknowledged = true;
    sent.first = first;
  }
  std::map<std::string, Sent> All() {
    ledger::MutexLock lock(mutex_);
    return sent_;
  }

 private:
  ledger::Mutex mutex_;
  std::map<std::string, Sent> sent_ ABSL_GUARDED_BY(mutex_);
};

std::unique_ptr<LedgerService::Stub> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return LedgerService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

AppendRequest MakeRequest(const std::string& id, std::mt19937_64& random) {
  AppendRequest request;
  request.set_request_id(id);
  const int facts = 1 + static_cast<int>(random() % kMaxFacts);
  const std::string record = absl::StrCat("actions/crash/", id);
  for (int i = 0; i < facts; ++i) {
    const std::string text = absl::StrCat(id, " ", i, " ", std::string(random() % 300, 'x'));
    *request.add_facts()->mutable_proposed() =
        i == 0 ? testing::ActionRaised(record, text) : testing::ActionUpdated(record, text);
  }
  return request;
}

// Appends one request after another until the server is gone.
void LoadUnary(const std::string& address, const std::string& prefix, uint64_t seed,
               Oracle& oracle) {
  std::mt19937_64 random(seed);
  const auto stub = Connect(address);
  for (int i = 0;; ++i) {
    const AppendRequest request = MakeRequest(absl::StrCat(prefix, "-", i), random);
    oracle.Send(request);
    grpc::ClientContext context;
    AppendResponse response;
    if (!stub->Append(&context, request, &response).ok()) return;
    oracle.Acknowledge(request.request_id(), response.receipt().first_sequence());
  }
}

// Appends over one stream, several under way at a time, until the server is gone.
void LoadStream(const std::string& address, const std::string& prefix, uint64_t seed,
                Oracle& oracle) {
  std::mt19937_64 random(seed);
  const auto stub = Connect(address);
  grpc::ClientContext context;
  auto stream = stub->AppendStream(&context);
  std::atomic<int> answered{0};
  std::atomic<bool> gone{false};
  std::thread reader([&] {
    ledger::v1::AppendStreamResponse response;
    while (stream->Read(&response)) {
      ASSERT_TRUE(response.has_appended()) << response.DebugString();
      const auto& receipt = response.appended().receipt();
      oracle.Acknowledge(receipt.request_id(), receipt.first_sequence());
      ++answered;
    }
    gone = true;
  });
  for (int i = 0;; ++i) {
    while (i - answered >= kUnderWay && !gone) std::this_thread::yield();
    ledger::v1::AppendStreamRequest message;
    *message.mutable_append() = MakeRequest(absl::StrCat(prefix, "-", i), random);
    oracle.Send(message.append());
    if (!stream->Write(message)) break;
  }
  reader.join();
  stream->Finish();
}

std::vector<Entry> ReadAll(const std::string& address) {
  const auto stub = Connect(address);
  grpc::ClientContext context;
  const auto reader = stub->Read(&context, ledger::v1::ReadRequest());
  std::vector<Entry> entries;
  ledger::v1::ReadResponse response;
  while (reader->Read(&response)) {
    for (const std::string& bytes : response.entries()) {
      EXPECT_TRUE(entries.emplace_back().ParseFromString(bytes));
    }
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return entries;
}

// Holds what the ledger has against what the oracle knows.
void Verify(const std::vector<Entry>& entries, const std::map<std::string, Sent>& sent) {
  std::map<std::string, uint64_t> first_of;
  for (size_t i = 0; i < entries.size(); ++i) {
    const event::v1::Assigned& assigned = entries[i].assigned();
    ASSERT_EQ(assigned.sequence(), i);
    const uint64_t first = assigned.append_first();
    ASSERT_LE(first, i);
    // An append is there whole: its last entry is within what is read.
    ASSERT_LE(first + assigned.append_count(), entries.size()) << "a part of an append at " << i;
    if (first == i) {
      ASSERT_TRUE(first_of.emplace(assigned.request_id(), first).second)
          << assigned.request_id() << " is recorded twice";
    }
    if (assigned.request_id() == "genesis") continue;
    const auto known = sent.find(assigned.request_id());
    ASSERT_NE(known, sent.end()) << assigned.request_id() << " was never sent";
    const AppendRequest& request = known->second.request;
    ASSERT_EQ(assigned.append_count(), static_cast<uint32_t>(request.facts_size()));
    ASSERT_EQ(entries[i].proposed().SerializeAsString(),
              request.facts(static_cast<int>(i - first)).proposed().SerializeAsString());
  }
  for (const auto& [id, request] : sent) {
    if (!request.acknowledged) continue;
    const auto recorded = first_of.find(id);
    ASSERT_NE(recorded, first_of.end()) << id << " was acknowledged and is missing";
    ASSERT_EQ(recorded->second, request.first) << id;
  }
}

// Sends every request again whose outcome is unknown, and some whose outcome is known.
void Retry(const std::string& address, Oracle& oracle) {
  const auto stub = Connect(address);
  int known = 0;
  for (const auto& [id, sent] : oracle.All()) {
    if (sent.acknowledged && ++known % 400 != 0) continue;
    grpc::ClientContext context;
    AppendResponse response;
    const grpc::Status status = stub->Append(&context, sent.request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    if (sent.acknowledged) {
      ASSERT_TRUE(response.already_recorded());
      ASSERT_EQ(response.receipt().first_sequence(), sent.first);
    }
    oracle.Acknowledge(id, response.receipt().first_sequence());
  }
}

TEST(CrashTest, NothingAcknowledgedIsLostWhenTheServerIsKilledUnderLoad) {
  int rounds = 50;
  if (const char* wanted = std::getenv("SCRUTINY_CRASH_ROUNDS")) {
    ASSERT_TRUE(absl::SimpleAtoi(wanted, &rounds));
  }
  uint64_t seed = std::random_device()();
  if (const char* wanted = std::getenv("SCRUTINY_SEED")) {
    ASSERT_TRUE(absl::SimpleAtoi(wanted, &seed));
  }
  std::printf("SCRUTINY_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);

  const testing::TempDir dir;
  testing::ServerProcess server(dir.path());
  Oracle oracle;
  size_t entries_seen = 0;
  for (int round = 0; round <= rounds; ++round) {
    SCRUTINY_ASSERT_OK(server.Start());
    const std::vector<Entry> entries = ReadAll(server.address());
    ASSERT_NO_FATAL_FAILURE(Verify(entries, oracle.All())) << "round " << round;
    ASSERT_GE(entries.size(), entries_seen) << "entries that were readable are gone";
    entries_seen = entries.size();
    ASSERT_NO_FATAL_FAILURE(Retry(server.address(), oracle)) << "round " << round;
    if (round == rounds) break;

    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      const std::string prefix = absl::StrCat("r", round, "c", c);
      clients.emplace_back(c == 0 ? LoadStream : LoadUnary, server.address(), prefix, random(),
                           std::ref(oracle));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 80));
    server.Kill();
    for (std::thread& client : clients) client.join();
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int exit_code, server.Stop());
  EXPECT_EQ(exit_code, 0) << server.Log();
  std::printf("%d rounds, %zu entries\n", rounds, entries_seen);
}

}  // namespace
}  // namespace scrutiny
