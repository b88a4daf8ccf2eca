#include "ledger/format/entry_codec.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;

event::v1::Proposed SomeProposed(size_t text_bytes) {
  event::v1::Proposed proposed;
  proposed.set_record("actions/spab/1");
  proposed.set_effective_from("2019-07-01");
  proposed.mutable_clock_confirmed()->set_reason(std::string(text_bytes, 'x'));
  return proposed;
}

event::v1::Assigned SomeAssigned() {
  event::v1::Assigned assigned;
  assigned.set_sequence(12345678);
  assigned.set_entry_id(std::string(16, '\x7f'));
  assigned.set_revision(3);
  assigned.set_previous(0);
  assigned.set_fact_type(68);
  assigned.set_recorded_at_us(1552903200000000);
  assigned.mutable_principal()->set_id("p1");
  assigned.set_request_id("r-1");
  return assigned;
}

// Lengths on both sides of where a varint grows by a byte.
TEST(EntryCodecTest, TheBytesAreThoseProtobufWrites) {
  for (const size_t text_bytes : {0u, 1u, 90u, 127u, 128u, 16300u, 16384u, 59000u}) {
    event::v1::Entry entry;
    *entry.mutable_proposed() = SomeProposed(text_bytes);
    *entry.mutable_assigned() = SomeAssigned();
    std::string bytes;
    AppendEntry(&bytes, entry.proposed().SerializeAsString(), entry.assigned());
    EXPECT_EQ(bytes, entry.SerializeAsString()) << text_bytes;
  }
}

TEST(EntryCodecTest, EmptyPartsAreWrittenAsPresent) {
  event::v1::Entry entry;
  entry.mutable_proposed();
  entry.mutable_assigned();
  std::string bytes;
  AppendEntry(&bytes, "", entry.assigned());
  EXPECT_EQ(bytes, entry.SerializeAsString());
}

TEST(EntryCodecTest, AnEntryIsAddedBehindWhatStandsThere) {
  std::string out = "before";
  AppendEntry(&out, SomeProposed(3).SerializeAsString(), SomeAssigned());
  EXPECT_EQ(out.substr(0, 6), "before");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const event::v1::Entry entry, ParseEntry(out.substr(6)));
  EXPECT_EQ(entry.proposed().record(), "actions/spab/1");
  EXPECT_EQ(entry.assigned().sequence(), 12345678u);
}

TEST(EntryCodecTest, FieldsOfALaterVersionPassThroughUnchanged) {
  std::string proposed = SomeProposed(3).SerializeAsString();
  proposed += "\xf2\x7f\x02hi";  // field 2046, which no version has, holding "hi"
  std::string bytes;
  AppendEntry(&bytes, proposed, SomeAssigned());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const event::v1::Entry entry, ParseEntry(bytes));
  EXPECT_EQ(entry.SerializeAsString(), bytes);
}

TEST(EntryCodecTest, BytesThatAreNoEntryAreRefused) {
  EXPECT_THAT(ParseEntry("\x0a\x05zu"), FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
