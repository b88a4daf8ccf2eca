// Goal: entries written today have the same bytes for ever.
//
// Method: a handful of appends with fixed ids and times go through the core; what it writes is
// compared, byte by byte and with its leaf hash, with entries-v1.txt, which was written by the
// first version and is never changed. Each line there is: sequence, leaf hash, entry, in
// hexadecimal.
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

#include "ledger/append/core.h"
#include "ledger/append/prepared.h"
#include "ledger/format/entry_codec.h"
#include "tests/support/facts.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

constexpr int64_t kRecordedAt = int64_t{1'552'903'200} * 1'000'000;

// Gives the bytes 0, 1, 2, …: ids that anyone can write down.
class CountingRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes) byte = next_++;
  }

 private:
  uint8_t next_ = 0;
};

event::v1::Proposed Genesis() {
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
  started.set_ledger_id("0123456789abcdef");
  started.set_incarnation(1);
  started.set_origin("example.org/ledger");
  started.set_format_version(1);
  started.set_hash_algorithm("sha256");
  return proposed;
}

// One fact with nearly every field of the envelope.
event::v1::Proposed FullEnvelope() {
  event::v1::Proposed proposed;
  proposed.set_record("decisions/example/closure");
  proposed.mutable_occurred()->set_earliest("2019-03");
  proposed.mutable_occurred()->set_latest("2019-03-18");
  proposed.mutable_occurred()->set_printed("March 2019");
  proposed.mutable_occurred()->set_inferred(true);
  proposed.set_effective_from("2019-07-01");
  proposed.add_put_before("meetings/example/2019-03-18");
  event::v1::Source& source = *proposed.add_sources();
  source.set_paper("papers/example/1");
  source.set_sha256(std::string(32, '\x11'));
  source.set_item("9A");
  source.set_paragraph("1.32");
  source.set_basis(event::v1::BASIS_PRINTED);
  proposed.mutable_plan_version()->set_plan("plans/example");
  proposed.mutable_plan_version()->set_version("2018");
  event::v1::DecisionTaken& taken = *proposed.mutable_decision_taken();
  taken.set_title("Closure \u2013 a decision");
  taken.mutable_decider()->set_kind(event::v1::DECIDER_KIND_UNCLEAR);
  taken.mutable_decider()->set_note("One concurred with the other.");
  taken.mutable_assign()->set_year(2019);
  event::v1::Amount& saving = *taken.add_amounts();
  saving.set_pence(19'500'000);
  saving.set_printed("\u00a3195k");
  saving.set_rounded(true);
  saving.set_kind(event::v1::AMOUNT_KIND_SAVING);
  saving.set_basis(event::v1::AMOUNT_BASIS_YEARLY);
  taken.add_priorities()->set_number(3);
  return proposed;
}

event::v1::Proposed Correction() {
  event::v1::Proposed proposed = testing::ActionRaised("actions/example/1", "Corrected title");
  proposed.set_corrects(2);
  return proposed;
}

event::v1::Proposed Withdrawal() {
  event::v1::Proposed proposed;
  proposed.set_record("actions/example/1");
  proposed.set_corrects(4);
  proposed.mutable_withdrawn()->set_reason("Entered twice.");
  return proposed;
}

class EntryBytesTest : public ::testing::Test {
 protected:
  void Append(NewAppend append, Author author) {
    auto prepared = Prepare(std::move(append), author, random_);
    SCRUTINY_ASSERT_OK(prepared);
    for (const std::string& series : core_.UnknownSeries(**prepared)) core_.KnowSeries(series, {});
    SCRUTINY_ASSERT_OK(core_.Admit(**prepared, kRecordedAt));
  }

  CountingRandom random_;
  Core core_{CoreState()};
};

TEST_F(EntryBytesTest, AreThoseOfTheFirstVersion) {
  NewAppend genesis = testing::AppendOf("genesis", {Genesis()});
  genesis.principal.set_id("scrutinyd");
  genesis.principal.set_authentication(event::v1::AUTHENTICATION_SERVER);
  Append(std::move(genesis), Author::kServer);
  Append(testing::AppendOf("r/1",
                           {FullEnvelope(), testing::ActionRaised("actions/example/1", "A title")}),
         Author::kClient);
  Append(testing::AppendOf("r/2", {testing::ActionCompleted("actions/example/1")}),
         Author::kClient);
  Append(testing::AppendOf("r/3", {Correction()}), Author::kClient);
  Append(testing::AppendOf("r/4", {Withdrawal()}), Author::kClient);

  std::vector<std::string> lines;
  for (const ChunkPtr& chunk : core_.TakeGroup().chunks) {
    for (size_t i = 0; i < chunk->count(); ++i) {
      lines.push_back(absl::StrCat((chunk->first() + i).value(), " ", ToHex(chunk->leaf_hash(i)),
                                   " ", ToHex(chunk->entry(i))));
    }
  }
  std::ifstream file(std::string(SCRUTINY_SOURCE_DIR) + "/tests/golden/format/entries-v1.txt");
  std::vector<std::string> golden;
  for (std::string line; std::getline(file, line);) golden.push_back(line);
  ASSERT_FALSE(golden.empty());
  EXPECT_EQ(lines, golden);
}

TEST_F(EntryBytesTest, OfTheFirstVersionAreStillRead) {
  std::ifstream file(std::string(SCRUTINY_SOURCE_DIR) + "/tests/golden/format/entries-v1.txt");
  size_t read = 0;
  for (std::string line; std::getline(file, line); ++read) {
    const std::vector<std::string> fields = absl::StrSplit(line, ' ');
    ASSERT_EQ(fields.size(), 3u);
    std::string bytes;
    for (size_t i = 0; i < fields[2].size(); i += 2) {
      bytes.push_back(static_cast<char>(std::stoi(fields[2].substr(i, 2), nullptr, 16)));
    }
    EXPECT_EQ(ToHex(AsBytes(LeafHash(bytes))), fields[1]);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const event::v1::Entry entry, ParseEntry(bytes));
    EXPECT_EQ(absl::StrCat(entry.assigned().sequence()), fields[0]);
    EXPECT_EQ(entry.SerializeAsString(), bytes);
  }
  EXPECT_EQ(read, 6u);
}

}  // namespace
}  // namespace scrutiny::ledger
