#include "ledger/format/entry_codec.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
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

// The worked example of ledger/FORMAT.md: these bytes are permanent.
TEST(EntryCodecTest, TheFirstEntrysBytesAreThoseOfTheFormat) {
  std::string ids;
  for (char byte = 0; byte < 32; ++byte) ids.push_back(byte);
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
  started.set_ledger_id(ids.substr(0, 16));
  started.set_incarnation(1);
  started.set_origin("scrutiny.example.org");
  started.set_format_version(1);
  started.set_hash_algorithm("sha256");
  event::v1::Assigned assigned;
  assigned.set_entry_id(ids.substr(16));
  assigned.set_revision(1);
  assigned.set_fact_type(65);
  assigned.set_type_ordinal(1);
  assigned.set_recorded_at_us(1552903200000000);
  assigned.mutable_principal()->set_id("server");
  assigned.mutable_principal()->set_authentication(event::v1::AUTHENTICATION_SERVER);
  assigned.set_request_id("genesis");
  assigned.set_append_count(1);

  std::string bytes;
  AppendEntry(&bytes, proposed.SerializeAsString(), assigned);
  EXPECT_EQ(ToHex(bytes),
            "0a48"
            "0a0f6c65646765722f6964656e74697479"
            "8a0434"
            "0a10000102030405060708090a0b0c0d0e0f"
            "1001"
            "1a147363727574696e792e6578616d706c652e6f7267"
            "2001"
            "2a06736861323536"
            "1238"
            "1210101112131415161718191a1b1c1d1e1f"
            "1801"
            "2841"
            "3001"
            "388090ed9cb78be102"
            "420a"
            "0a06736572766572"
            "1802"
            "4a0767656e65736973"
            "5801");
  EXPECT_EQ(ToHex(AsBytes(LeafHash(bytes))),
            "e1c9d9b521ec5f7e770450a39098980f496bb97e12790df2bff0c1d1f0a738a6");
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
