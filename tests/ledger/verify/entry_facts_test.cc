#include "ledger/verify/entry_facts.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/event/v1/entry.pb.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::TestLog;
using ::testing::HasSubstr;

using Change = std::function<void(event::v1::Entry&)>;

EntryFacts FactsOf(const Change& change) {
  TestLog log;
  log.Start();
  log.Append({"actions/spab/7"});
  log.Append({"actions/spab/7"}, change);
  return EntryReader(nullptr).Read(log.entry(2));
}

event::v1::Seal* AddSeal(event::v1::Entry& entry) {
  event::v1::Seal* seal = entry.add_seals();
  seal->set_seal_id(std::string(16, 's'));
  seal->set_commitment(std::string(32, 'c'));
  seal->set_ciphertext_sha256(std::string(32, 'h'));
  seal->set_ciphertext_bytes(92);
  return seal;
}

TEST(EntryFactsTest, WhatTheServerAssignedIsRead) {
  const EntryFacts facts = FactsOf(nullptr);
  EXPECT_TRUE(facts.parsed);
  EXPECT_EQ(facts.problem, "");
  EXPECT_EQ(facts.record, KeyOfRecord("actions/spab/7"));
  EXPECT_EQ(facts.sequence, Sequence(2));
  EXPECT_EQ(facts.revision, Revision(2));
  EXPECT_EQ(facts.previous, Sequence(1));
  EXPECT_EQ(facts.type, FactType(68));
  EXPECT_EQ(facts.ordinal, Ordinal(2));
  EXPECT_EQ(facts.append_first, Sequence(2));
  EXPECT_EQ(facts.append_count, 1u);
  EXPECT_FALSE(facts.about_ledger);
  EXPECT_FALSE(facts.selected);
}

TEST(EntryFactsTest, WhatIsWrongWithAnEntryAloneIsNamed) {
  const std::vector<std::pair<Change, std::string>> slips = {
      {[](auto& e) { e.clear_proposed(); }, "it lacks what the client said"},
      {[](auto& e) { e.clear_assigned(); }, "it lacks what the client said"},
      {[](auto& e) { e.mutable_proposed()->set_record("Actions/7"); }, "whose name is none"},
      {[](auto& e) { e.mutable_proposed()->clear_record(); }, "whose name is none"},
      {[](auto& e) { e.mutable_assigned()->set_fact_type(69); },
       "its fact is of type 68 and is said to be of type 69"},
      {[](auto& e) {
         e.mutable_assigned()->set_fact_type(0);
         e.mutable_proposed()->clear_withdrawn();
       },
       "it has no fact"},
      {[](auto& e) { e.mutable_assigned()->set_entry_id("short"); }, "its id is not of 16 bytes"},
      {[](auto& e) { e.mutable_assigned()->set_append_count(0); }, "said to have 0 entries"},
      {[](auto& e) { e.mutable_assigned()->set_append_count(1001); }, "said to have 1001 entries"},
      {[](auto& e) {
         for (int i = 0; i < 33; ++i) AddSeal(e);
       },
       "it has 33 seals"},
      {[](auto& e) { AddSeal(e)->set_seal_id("x"); }, "seal 0 has an id"},
      {[](auto& e) { AddSeal(e)->set_commitment("x"); }, "seal 0 has a commitment"},
      {[](auto& e) { AddSeal(e)->set_ciphertext_sha256("x"); }, "seal 0 has a hash"},
      {[](auto& e) { AddSeal(e)->set_ciphertext_bytes(28); }, "a length that no seal has"},
      {[](auto& e) { AddSeal(e)->set_ciphertext_bytes(93); }, "a length that no seal has"},
      {[](auto& e) { AddSeal(e)->set_ciphertext_bytes(0); }, "a length that no seal has"},
  };
  for (const auto& [change, problem] : slips) {
    EXPECT_THAT(FactsOf(change).problem, HasSubstr(problem));
  }
  EXPECT_EQ(FactsOf([](auto& e) { AddSeal(e); }).problem, "");
  EXPECT_EQ(FactsOf([](auto& e) { AddSeal(e)->set_ciphertext_bytes(28 + 64 * 937); }).problem, "");
}

// Only a fact that this version cannot know may be where it sees none.
TEST(EntryFactsTest, AFactThatIsNotThereHasNoTypeThatIsKnown) {
  for (const uint32_t type : {1u, 63u, 65u, 280u}) {
    EXPECT_THAT(FactsOf([type](auto& e) {
                  e.mutable_proposed()->clear_withdrawn();
                  e.mutable_assigned()->set_fact_type(type);
                }).problem,
                HasSubstr(absl::StrCat("it has no fact and is said to be of type ", type)));
  }
  // Of a later version, by its number, and not there.
  EXPECT_THAT(FactsOf([](auto& e) {
                e.mutable_proposed()->clear_withdrawn();
                e.mutable_proposed()->MergeFromString(std::string("\xca\x3e\x01x", 4));  // 1001
                e.mutable_assigned()->set_fact_type(1000);
              }).problem,
              HasSubstr("it has no fact and is said to be of type 1000"));
}

// A second record or fact in front of the one that counts would let two readers read two things.
TEST(EntryFactsTest, BytesThatNoServerWritesAreFound) {
  TestLog log;
  log.Start();
  log.Append({"actions/spab/7"});
  event::v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(log.entry(1)));
  event::v1::Entry first;
  first.mutable_proposed()->set_record("actions/spab/9");
  const std::string two_records = first.SerializeAsString() + log.entry(1);
  event::v1::Entry other;
  other.mutable_proposed()->mutable_sealed_fact();
  const std::string two_facts = other.SerializeAsString() + log.entry(1);
  event::v1::Entry assigned;
  *assigned.mutable_assigned() = entry.assigned();
  entry.clear_assigned();
  const std::string out_of_order = assigned.SerializeAsString() + entry.SerializeAsString();
  EntryReader reader(nullptr);
  for (const std::string& bytes : {two_records, two_facts, out_of_order}) {
    EXPECT_EQ(reader.Read(bytes).problem,
              "its bytes are not those that a server writes for what they say");
    // The name is the one that counts.
    EXPECT_EQ(RecordOf(bytes), "actions/spab/7");
    EXPECT_EQ(reader.Read(bytes).record, KeyOfRecord("actions/spab/7"));
  }
  EXPECT_EQ(reader.Read(log.entry(1)).problem, "");
}

TEST(EntryFactsTest, OfTooManySealsNoneIsKept) {
  EXPECT_EQ(FactsOf([](auto& e) {
              for (int i = 0; i < 32; ++i) AddSeal(e);
            }).seals.size(),
            32u);
  EXPECT_EQ(FactsOf([](auto& e) {
              for (int i = 0; i < 33; ++i) e.add_seals();
            }).seals.capacity(),
            0u);
}

TEST(EntryFactsTest, AFactOfALaterVersionIsNoProblem) {
  const EntryFacts facts = FactsOf([](event::v1::Entry& entry) {
    entry.mutable_proposed()->clear_withdrawn();
    // Field 1000, which no version has yet, as bytes.
    entry.mutable_proposed()->MergeFromString(std::string("\xc2\x3e\x01x", 4));
    entry.mutable_assigned()->set_fact_type(1000);
  });
  EXPECT_TRUE(facts.parsed);
  EXPECT_EQ(facts.problem, "");
  EXPECT_EQ(facts.type, FactType(1000));
  EXPECT_TRUE(facts.unknown_type);
}

TEST(EntryFactsTest, WhatIsNoEntryIsSaidToBeNone) {
  const EntryFacts facts = EntryReader(nullptr).Read("no entry");
  EXPECT_FALSE(facts.parsed);
  EXPECT_EQ(facts.problem, "its bytes are no entry");
}

TEST(EntryFactsTest, TheSelectorDecides) {
  TestLog log;
  log.FillTo(3);
  EntryReader reader(
      [](const event::v1::Entry& entry) { return entry.proposed().has_ledger_started(); });
  EXPECT_TRUE(reader.Read(log.entry(0)).selected);
  EXPECT_FALSE(reader.Read(log.entry(1)).selected);
  EXPECT_TRUE(reader.Read(log.entry(0)).about_ledger);
}

TEST(EntryFactsTest, ARecordIsReadFromDamagedBytesToo) {
  TestLog log;
  log.Start();
  log.Append({"actions/spab/7"});
  const std::string& bytes = log.entry(1);
  EXPECT_EQ(RecordOf(bytes), "actions/spab/7");
  EXPECT_EQ(RecordOf(bytes.substr(0, 20)), "actions/spab/7");
  EXPECT_EQ(NameOfEntry(Sequence(1), bytes), "Entry 1 (actions/spab/7)");
  for (const char* none : {"", "\x0a", "\x0a\x05", "\x0a\x05\x0a\x09xx", "\x0a\xff\xff\xff\xff\xff",
                           "\x0a\x05\x0a\x02\x01\x02", "text"}) {
    EXPECT_EQ(RecordOf(none), "") << none;
  }
  EXPECT_EQ(NameOfEntry(Sequence(1), "text"), "Entry 1");
}

}  // namespace
}  // namespace scrutiny::ledger
