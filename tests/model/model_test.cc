// Goal: the ledger does what a simple model of it says, for random requests, across reopening.
//
// Method: an oracle that keeps everything in ordinary containers predicts the outcome of each
// request: a receipt, the same receipt again, or which refusal. One client at a time is predicted
// exactly; several at once are checked afterwards, by replaying what was recorded in its order.
// The seed is printed; SCRUTINY_SEED repeats it.
#include <atomic>
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
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/mutex.h"
#include "ledger/format/entry_codec.h"
#include "tests/support/facts.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using ledger::Guard;
using ledger::Ledger;
using ledger::NewAppend;
using ledger::Reason;
using ledger::Receipt;
using ledger::Revision;
using ledger::Sequence;

uint64_t Seed() {
  uint64_t seed = std::random_device()();
  if (const char* wanted = std::getenv("SCRUTINY_SEED")) {
    SCRUTINY_CHECK(absl::SimpleAtoi(wanted, &seed)) << wanted;
  }
  std::printf("SCRUTINY_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

// What an action is, to the model.
struct ModelAction {
  uint64_t revision = 0;
  bool raised = false;
  bool completed = false;
};

struct ModelRequest {
  std::vector<std::string> facts;  // serialised
  uint64_t first = 0;
};

// The ledger in ordinary containers. Facts are all of one day, so that lifecycle follows the order
// in which they are recorded.
class Oracle {
 public:
  explicit Oracle(uint64_t size) : size_(size) {}

  // The outcome the model expects; on kUnspecified the append is recorded, and applied to the
  // model.
  Reason Apply(const NewAppend& append, uint64_t& first) {
    std::vector<std::string> facts;
    for (const auto& fact : append.facts) facts.push_back(fact.proposed.SerializeAsString());
    if (const auto it = requests_.find(append.request_id); it != requests_.end()) {
      first = it->second.first;
      return it->second.facts == facts ? Reason::kUnspecified : Reason::kRequestIdReused;
    }
    for (const auto& fact : append.facts) {
      if (fact.expected_revision &&
          fact.expected_revision->value() != actions_[fact.proposed.record()].revision) {
        return Reason::kWrongRevision;
      }
    }
    for (const Guard& guard : append.guards) {
      if (guard.revision.value() != actions_[guard.record].revision) return Reason::kGuardNotMet;
    }
    std::map<std::string, ModelAction> after = actions_;
    for (const auto& fact : append.facts) {
      if (!ApplyFact(fact.proposed, after[fact.proposed.record()])) return Reason::kRuleRefused;
    }
    actions_ = std::move(after);
    first = size_;
    size_ += facts.size();
    requests_[append.request_id] = {std::move(facts), first};
    return Reason::kUnspecified;
  }

  uint64_t size() const { return size_; }
  uint64_t revision(const std::string& record) { return actions_[record].revision; }

 private:
  static bool ApplyFact(const Proposed& fact, ModelAction& action) {
    if (fact.has_action_raised()) {
      if (action.raised) return false;
      action.raised = true;
    } else if (!action.raised) {
      return false;
    } else if (fact.has_action_completed()) {
      if (action.completed) return false;
      action.completed = true;
    } else if (fact.has_action_reopened()) {
      if (!action.completed) return false;
      action.completed = false;
    }
    ++action.revision;
    return true;
  }

  uint64_t size_;
  std::map<std::string, ModelAction> actions_;
  std::map<std::string, ModelRequest> requests_;
};

Proposed RandomFact(std::mt19937_64& random, int actions) {
  const std::string record = testing::ActionName(random() % actions);
  switch (random() % 4) {
    case 0:
      return testing::ActionRaised(record, "An action");
    case 1:
      return testing::ActionUpdated(record, absl::StrCat("Progress ", random() % 3));
    case 2:
      return testing::ActionCompleted(record);
    default: {
      Proposed fact;
      fact.set_record(record);
      fact.mutable_occurred()->set_on("2019-03-18");
      fact.mutable_action_reopened()->set_reason("Not done after all.");
      return fact;
    }
  }
}

NewAppend RandomAppend(std::mt19937_64& random, const std::string& id, int actions,
                       Oracle* oracle) {
  std::vector<Proposed> facts;
  for (uint64_t n = 1 + random() % 3; n > 0; --n) facts.push_back(RandomFact(random, actions));
  NewAppend append = testing::AppendOf(id, std::move(facts));
  if (oracle != nullptr && random() % 3 == 0) {
    const std::string& record = append.facts[0].proposed.record();
    append.facts[0].expected_revision = Revision(oracle->revision(record) + (random() % 4 == 0));
  }
  if (oracle != nullptr && random() % 4 == 0) {
    const std::string record = testing::ActionName(random() % actions);
    append.guards.push_back({record, Revision(oracle->revision(record) + (random() % 4 == 0))});
  }
  return append;
}

class ModelTest : public ::testing::Test {
 protected:
  void Open() {
    ledger_ = nullptr;
    ledger::LedgerOptions options;
    options.data = dir_.path();
    options.clock = &clock_;
    auto opened = Ledger::Open(options);
    SCRUTINY_ASSERT_OK(opened);
    ledger_ = *std::move(opened);
  }
  std::vector<Entry> Entries() {
    std::vector<Entry> entries;
    for (Sequence next(0); next < ledger::NextSequence(ledger_->size());) {
      const auto chunks = ledger_->Chunks(next, ledger::kReadBatchBytesMax);
      SCRUTINY_CHECK(chunks.ok()) << chunks.status().ToString();
      for (const ledger::ChunkPtr& chunk : *chunks) {
        for (size_t i = next - chunk->first(); i < chunk->count(); ++i, ++next) {
          entries.push_back(ledger::ParseEntry(chunk->entry(i)).value());
        }
      }
    }
    return entries;
  }

  testing::TempDir dir_;
  testing::ManualClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(ModelTest, OneClientsRequestsHaveTheOutcomesOfTheModel) {
  std::mt19937_64 random(Seed());
  Open();
  Oracle oracle(ledger_->size().value());
  std::vector<NewAppend> earlier;
  std::map<Reason, int> seen;
  for (int i = 0; i < 3000; ++i) {
    if (random() % 300 == 0) Open();
    clock_.Advance(1'000);
    NewAppend append;
    if (!earlier.empty() && random() % 8 == 0) {
      append = earlier[random() % earlier.size()];
      if (random() % 4 == 0) append.facts[0].proposed = RandomFact(random, 12);
    } else {
      append = RandomAppend(random, absl::StrCat("r", i), 12, &oracle);
    }
    earlier.push_back(append);
    uint64_t first = 0;
    const Reason expected = oracle.Apply(append, first);
    ++seen[expected];
    const absl::StatusOr<Receipt> actual = ledger_->AppendAndWait(append);
    if (expected == Reason::kUnspecified) {
      SCRUTINY_ASSERT_OK(actual) << "request " << i;
      ASSERT_EQ(actual->first, Sequence(first)) << "request " << i;
      ASSERT_EQ(actual->entries.size(), append.facts.size());
    } else {
      ASSERT_THAT(actual, testing::FailsWith(expected)) << "request " << i;
    }
    ASSERT_EQ(ledger_->size(), ledger::TreeSize(oracle.size()));
  }
  // A run that never met one of the outcomes would prove nothing of it.
  for (const Reason reason : {Reason::kUnspecified, Reason::kRequestIdReused, Reason::kRuleRefused,
                              Reason::kWrongRevision, Reason::kGuardNotMet}) {
    EXPECT_GT(seen[reason], 0) << ledger::ReasonName(reason);
  }
}

TEST_F(ModelTest, SeveralClientsRequestsAreRecordedAsIfOneByOne) {
  const uint64_t seed = Seed();
  Open();
  struct Answer {
    NewAppend append;
    uint64_t first;
  };
  ledger::Mutex mutex;
  std::map<std::string, Answer> recorded;
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c) {
    clients.emplace_back([&, c] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(c));
      for (int i = 0; i < 400; ++i) {
        // Few ids and records, so that clients meet.
        const std::string id = absl::StrCat("r", random() % 900);
        const NewAppend append = RandomAppend(random, id, 40, nullptr);
        const absl::StatusOr<Receipt> receipt = ledger_->AppendAndWait(append);
        if (!receipt.ok()) {
          const Reason reason = ledger::ReasonOf(receipt.status());
          EXPECT_TRUE(reason == Reason::kRuleRefused || reason == Reason::kRequestIdReused)
              << receipt.status().ToString();
          ++refused;
          continue;
        }
        ledger::MutexLock lock(mutex);
        const auto [it, added] = recorded.emplace(id, Answer{append, receipt->first.value()});
        EXPECT_EQ(it->second.first, receipt->first.value()) << id << " has two receipts";
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_GT(refused, 0);

  // In the order recorded, the model accepts every one of them at the same place.
  std::map<uint64_t, NewAppend> in_order;
  for (const auto& [id, answer] : recorded) in_order.emplace(answer.first, answer.append);
  Oracle oracle(1);
  for (const auto& [first, append] : in_order) {
    uint64_t expected = 0;
    ASSERT_EQ(oracle.Apply(append, expected), Reason::kUnspecified) << append.request_id;
    ASSERT_EQ(expected, first) << append.request_id;
  }
  Open();
  const std::vector<Entry> entries = Entries();
  ASSERT_EQ(entries.size(), oracle.size());
  for (size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(entries[i].assigned().sequence(), i);
}

}  // namespace
}  // namespace scrutiny
