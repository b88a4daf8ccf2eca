// Every register against a plain fold of the same entries, on all three clocks, and against itself
// followed, caught up with, restarted, rebuilt and on a second server.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/base/date.h"
#include "ledger/base/names.h"
#include "projections/engine/engine.h"
#include "projections/engine/fact.h"
#include "projections/engine/row_bytes.h"
#include "projections/engine/upcast.h"
#include "projections/queries/all_registers.h"
#include "scrutiny/event/v1/options.pb.h"
#include "tests/ledger/format/random_fact.h"
#include "tests/projections/support/memory_ledger.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::projections {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using ledger::Day;
using ledger::Sequence;
using testing::MemoryLedger;
using testing::TempDir;

// Rows by record and key.
using AllRows = std::map<std::pair<std::string, std::string>, std::string>;

constexpr int kRecordsOfAKind = 2;
constexpr int kPool = 6000;

uint64_t Seed() {
  const char* given = std::getenv("SCRUTINY_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "SCRUTINY_SEED=" << seed << "\n";
  return seed;
}

// Writes entries of every type on a few records of every kind, late, undated, corrected, withdrawn.
class Clerk {
 public:
  Clerk(uint64_t seed, std::vector<MemoryLedger*> ledgers)
      : random_(seed), ledgers_(std::move(ledgers)) {
    for (int i = 0; i < kPool; ++i) {
      Proposed fact = testing::RandomFact(random_());
      by_type_[static_cast<uint32_t>(fact.fact_case())].push_back(std::move(fact));
    }
    for (const auto& [type, facts] : by_type_) types_.push_back(type);
  }

  uint64_t Below(uint64_t limit) { return random_() % limit; }
  std::string AnyDay() {
    return (*Day::Parse("2019-01-01") + static_cast<int32_t>(Below(365))).ToString();
  }
  const std::vector<Entry>& entries() const { return entries_; }
  // The last entry of a random append.
  Sequence AnyEnd() { return Sequence(ends_[Below(ends_.size())]); }

  void Append() {
    std::vector<Proposed> facts;
    for (uint64_t i = 0, count = 1 + Below(3); i < count; ++i) facts.push_back(Next());
    for (MemoryLedger* ledger : ledgers_) ledger->AppendProposed(facts);
    // As they are read: with what was assigned, older shapes as those of today.
    while (entries_.size() < ledgers_[0]->size().value()) {
      const Sequence next(entries_.size());
      const ledger::ChunkPtr chunk = ledgers_[0]->Chunks(next, 1).value()[0];
      Entry& entry = entries_.emplace_back();
      const absl::string_view bytes = chunk->entry(next - chunk->first());
      SCRUTINY_CHECK(ReadEntry(bytes, &entry));
    }
    ends_.push_back(entries_.size() - 1);
  }

 private:
  Proposed Of(uint32_t type) {
    const std::vector<Proposed>& facts = by_type_.at(type);
    Proposed fact = facts[Below(facts.size())];
    fact.clear_occurred();
    fact.clear_corrects();
    fact.clear_put_before();
    if (Below(8) > 0) fact.mutable_occurred()->set_on(AnyDay());
    if (Below(2) == 0) fact.add_put_before(absl::StrCat("meetings/m", Below(3)));
    return fact;
  }

  Proposed Next() {
    if (!entries_.empty() && Below(5) == 0) {
      const Proposed& was = entries_[Below(entries_.size())].proposed();
      if (!was.has_withdrawn()) return Amend(was);
    }
    Proposed fact = Of(types_[Below(types_.size())]);
    const std::string kind(ledger::RecordKind(fact.record()));
    fact.set_record(absl::StrCat(kind, "/r", Below(kRecordsOfAKind)));
    return fact;
  }

  Proposed Amend(const Proposed& was) {
    Proposed fact = Of(static_cast<uint32_t>(was.fact_case()));
    if (Below(3) == 0) fact.mutable_withdrawn()->set_reason("a slip");
    fact.set_record(was.record());
    for (const Entry& entry : entries_) {
      if (&entry.proposed() == &was) fact.set_corrects(entry.assigned().sequence());
    }
    return fact;
  }

  std::mt19937_64 random_;
  const std::vector<MemoryLedger*> ledgers_;
  std::map<uint32_t, std::vector<Proposed>> by_type_;
  std::vector<uint32_t> types_;
  std::vector<Entry> entries_;
  std::vector<uint64_t> ends_;
};

class Collect final : public RowSink {
 public:
  Collect(std::string record, AllRows* rows) : record_(std::move(record)), rows_(rows) {}
  void Row(absl::string_view key, const google::protobuf::Message& row) override {
    std::string bytes;
    if (SerialiseRow(row, &bytes)) (*rows_)[{record_, std::string(key)}] = bytes;
  }

 private:
  const std::string record_;
  AllRows* const rows_;
};

// The register's rows in a view, folded from the entries at hand.
AllRows Refold(const Register& reg, const MemoryLedger& ledger, const std::vector<Entry>& entries,
               const ReadView& view) {
  std::map<std::string, std::vector<LoggedEntry>> logs;
  for (const Entry& entry : entries) {
    const auto type = static_cast<uint32_t>(entry.proposed().fact_case());
    const bool wanted =
        entry.proposed().has_withdrawn() ||
        std::find(reg.fact_types.begin(), reg.fact_types.end(), type) != reg.fact_types.end();
    const std::string& record = entry.proposed().record();
    if (!wanted || ledger::RecordKind(record) != reg.kind) continue;
    if (Sequence(entry.assigned().sequence()) > *view.last) break;
    logs[record].push_back({Sequence(entry.assigned().sequence()), &entry});
  }
  AllRows rows;
  for (const auto& [record, log] : logs) {
    const std::vector<Fact> facts = StateOf(log, view.filter());
    if (facts.empty()) continue;
    const std::unique_ptr<Fold> fold = reg.new_fold(record);
    for (const Fact& fact : facts) SCRUTINY_CHECK_OK(fold->Apply(fact));
    Collect sink(record, &rows);
    fold->Rows(/*only_changed=*/false, sink);
  }
  return rows;
}

class Server {
 public:
  explicit Server(MemoryLedger& ledger) : ledger_(ledger) { Open(); }

  void Open() {
    EngineOptions options;
    options.store.path = dir_.File("registers");
    auto opened = Engine::Open(ledger_, AllRegisters(), options);
    SCRUTINY_CHECK(opened.ok()) << opened.status();
    engine_ = *std::move(opened);
  }
  void Close() { engine_.reset(); }
  void Level() { SCRUTINY_CHECK(engine_->WaitFor({}, ledger_.size(), 120'000'000)); }
  Engine& engine() { return *engine_; }
  Reader ReaderOf(const Register& reg) { return engine_->LookAt({reg.name}).value()[0].reader; }

 private:
  MemoryLedger& ledger_;
  TempDir dir_;
  std::unique_ptr<Engine> engine_;
};

// What the register gives in a view.
AllRows RowsOf(Server& server, const Register& reg, const ReadView& view) {
  AllRows rows;
  SCRUTINY_CHECK_OK(server.ReaderOf(reg).Rows(
      view, [&rows](absl::string_view record, absl::string_view key, absl::string_view bytes) {
        rows[{std::string(record), std::string(key)}] = std::string(bytes);
        return true;
      }));
  return rows;
}

class EveryRegisterTest : public ::testing::Test {
 protected:
  void Compare(Server& server, int times) {
    for (int i = 0; i < times; ++i) {
      ReadView view;
      view.last = clerk_.AnyEnd();
      Knowledge knowledge;
      const uint64_t clock = clerk_.Below(3);
      if (clock == 1) view.true_on = *Day::Parse(clerk_.AnyDay());
      if (clock == 2) {
        knowledge.meetings.insert(absl::StrCat("meetings/m", clerk_.Below(3)));
        knowledge.on = *Day::Parse(clerk_.AnyDay());
        view.known_to = &knowledge;
      }
      for (const Register* reg : AllRegisters()) {
        const AllRows given = RowsOf(server, *reg, view);
        const AllRows folded = Refold(*reg, ledger_, clerk_.entries(), view);
        const std::string difference = Difference(*reg, given, folded);
        EXPECT_EQ(difference, "") << reg->name << " recorded by " << view.last->value()
                                  << ", clock " << clock;
      }
    }
  }

  // The first row that is not the same in both.
  static std::string Difference(const Register& reg, const AllRows& given, const AllRows& folded) {
    const auto at = [](const AllRows::key_type& key) {
      return absl::StrCat(key.first, " '", key.second, "'");
    };
    for (const auto& [key, bytes] : folded) {
      const auto row = given.find(key);
      if (row == given.end()) return absl::StrCat("not given: ", at(key));
      if (row->second == bytes) continue;
      return absl::StrCat(at(key), "\n  given: ", Text(reg, key.second, row->second),
                          "\n  folded: ", Text(reg, key.second, bytes));
    }
    for (const auto& [key, bytes] : given) {
      if (!folded.contains(key)) return absl::StrCat("given, and not folded: ", at(key));
    }
    return "";
  }

  void ExpectSameDigests(Server& a, Server& b) {
    for (const Register* reg : AllRegisters()) {
      for (int i = 0; i < 5; ++i) {
        const Sequence end = clerk_.AnyEnd();
        EXPECT_EQ(a.ReaderOf(*reg).DigestAt(end).value(), b.ReaderOf(*reg).DigestAt(end).value())
            << reg->name << " at " << end.value();
      }
    }
  }

  static std::string Text(const Register& reg, const std::string& key, const std::string& bytes) {
    const std::unique_ptr<google::protobuf::Message> row(reg.row_of(key).New());
    SCRUTINY_CHECK(row->ParseFromString(bytes)) << reg.name;
    return row->ShortDebugString();
  }

  const uint64_t seed_ = Seed();
  MemoryLedger ledger_;
  MemoryLedger second_ledger_;
  Clerk clerk_{seed_, {&ledger_, &second_ledger_}};
};

TEST_F(EveryRegisterTest, AgreesWithAPlainFoldAndWithItself) {
  SCOPED_TRACE(absl::StrCat("SCRUTINY_SEED=", seed_));
  Server followed(ledger_);
  for (int round = 0; round < 4; ++round) {
    const bool closed = round == 2;
    if (closed) followed.Close();
    for (int i = 0; i < 250; ++i) {
      clerk_.Append();
      if (!closed && clerk_.Below(4) == 0) followed.Level();
    }
    if (closed) followed.Open();
    followed.Level();
    for (const RegisterState& state : followed.engine().States()) {
      ASSERT_TRUE(state.stalled.ok()) << state.definition->name << ": " << state.stalled;
    }
    Compare(followed, 4);
    if (HasFailure()) return;
  }
  // Another server fed the same entries, all at once.
  Server second(second_ledger_);
  second.Level();
  ExpectSameDigests(followed, second);
  // Built again beside what is served.
  const auto rebuilt = followed.engine().Command(Engine::Order::kBuildFresh, {},
                                                 [](uint64_t, uint64_t) { return true; });
  SCRUTINY_ASSERT_OK(rebuilt.status());
  for (const RegisterState& state : *rebuilt) {
    EXPECT_EQ(state.build.end, BuildEnd::kSwitched) << state.definition->name;
    EXPECT_EQ(state.build.served_digest, state.build.built_digest) << state.definition->name;
  }
  ExpectSameDigests(followed, second);
  Compare(followed, 4);
}

}  // namespace
}  // namespace scrutiny::projections
