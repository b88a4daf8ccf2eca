#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

#include "ledger/verify/verify_bundle.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/fake_ledger.h"
#include "tests/tools/scrutiny/run_command.h"
#include "tools/scrutiny/descriptors.h"
#include "tools/scrutiny/export_bundle.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::ContentOf;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FakeLedger;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::Ran;
using ::scrutiny::testing::RunCommand;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Entries as a server makes them, so that the verifier has nothing to say against them.
class ExportTest : public ::testing::Test {
 protected:
  ExportTest() {
    server_.batch_entries = 512;
    event::v1::Entry genesis;
    event::v1::LedgerStarted& started = *genesis.mutable_proposed()->mutable_ledger_started();
    started.set_ledger_id(std::string(16, 'l'));
    started.set_incarnation(1);
    started.set_origin(testing::FakeLog::kOrigin);
    started.set_format_version(1);
    started.set_hash_algorithm("sha256");
    started.set_log_key(server_.log.vkey());
    Add("ledger/identity", std::move(genesis));
  }

  void Add(const std::string& record, event::v1::Entry entry = {}) {
    event::v1::Assigned& assigned = *entry.mutable_assigned();
    const uint64_t sequence = server_.log.entries().size();
    assigned.set_entry_id(absl::StrCat("entry id ", absl::Dec(sequence, absl::kZeroPad7)));
    assigned.set_recorded_at_us(static_cast<int64_t>(1'000'000 + sequence));
    assigned.mutable_principal()->set_id("clerk");
    assigned.mutable_principal()->set_authentication(event::v1::AUTHENTICATION_NONE);
    assigned.set_request_id(absl::StrCat("r", sequence));
    assigned.set_append_first(sequence);
    assigned.set_append_count(1);
    assigned.set_type_ordinal(sequence == 0 ? 1 : sequence);
    server_.log.Add(record, std::move(entry));
  }
  void Fill(size_t entries) {
    while (server_.log.entries().size() < entries) {
      Add(absl::StrCat("actions/", server_.log.entries().size() % 3 == 0 ? "spab" : "jarb", "/",
                       server_.log.entries().size() % 5));
    }
  }
  Ran Run(std::vector<std::string> words) {
    words.insert(words.begin(), "export");
    return RunCommand(server_.address(), std::move(words));
  }
  // What the verifier, which shares nothing with the writer, makes of the file.
  ledger::BundleReport Verified(const std::string& file) {
    auto bundle = ledger::BundleLog::Open(file);
    EXPECT_THAT(bundle, testing::IsOk());
    if (!bundle.ok()) return {};
    ledger::VerifyOptions options;
    options.trust.log_keys.push_back(*ledger::ParseVerifierKey(server_.log.vkey()));
    auto report = ledger::VerifyBundle(**bundle, options);
    EXPECT_THAT(report, testing::IsOk());
    if (!report.ok()) return {};
    EXPECT_TRUE(report->log.verified());
    for (const ledger::Damage& damage : report->log.damages) ADD_FAILURE() << damage.what;
    return *std::move(report);
  }

  FakeLedger server_;
  TempDir dir_;
  const std::string file_ = dir_.File("ledger.tar");
};

// Around every width of a tile, and into the second and third level.
TEST_F(ExportTest, TheWholeLedgerVerifiesAtEverySize) {
  for (const size_t size : {1, 2, 255, 256, 257, 511, 512, 513, 1000, 65536, 65793}) {
    Fill(size);
    const Ran ran = Run({"--all", "--force", file_});
    SCRUTINY_ASSERT_OK(ran.status);
    EXPECT_THAT(ran.out, HasSubstr("scrutiny-verify bundle " + file_));
    const ledger::BundleReport report = Verified(file_);
    EXPECT_TRUE(report.whole_log);
    EXPECT_EQ(report.log.entries, size);
    EXPECT_FALSE(std::filesystem::exists(file_ + ".part"));
  }
}

TEST_F(ExportTest, EntriesBeyondTheCheckpointAreLeftOut) {
  Fill(300);
  server_.log.signed_size = 260;
  SCRUTINY_ASSERT_OK(Run({"--all", file_}).status);
  EXPECT_EQ(Verified(file_).log.entries, 260u);
}

TEST_F(ExportTest, ChosenRecordsVerifyWithAProofOfEach) {
  Fill(40);
  SCRUTINY_ASSERT_OK(Run({"--records", "actions/spab/1,actions/jarb/2", file_}).status);
  const ledger::BundleReport report = Verified(file_);
  EXPECT_FALSE(report.whole_log);
  EXPECT_THAT(report.asked_for, ElementsAre("actions/jarb/2", "actions/spab/1"));
  EXPECT_EQ(report.log.records, 2u);
  EXPECT_EQ(report.log.entries, server_.log.History("actions/spab/1").size() +
                                    server_.log.History("actions/jarb/2").size());
}

TEST_F(ExportTest, ARecordIsNotTheOnesBelowItAndAPrefixIs) {
  Add("actions/a");
  Add("actions/a/b");
  Add("actions/ab");
  SCRUTINY_ASSERT_OK(Run({"--records", "actions/a", file_}).status);
  EXPECT_EQ(Verified(file_).log.entries, 1u);
  SCRUTINY_ASSERT_OK(Run({"--record-prefix", "actions/a", "--force", file_}).status);
  EXPECT_EQ(Verified(file_).log.entries, 2u);
}

// The server signs a newer checkpoint while the records are read: the proofs it sends along are
// then of another size, and those of the right one are asked for.
TEST_F(ExportTest, ChosenRecordsStandUnderOneCheckpoint) {
  Fill(20);
  server_.batch_entries = 2;
  server_.log.signed_size = 18;
  server_.change_batch = [&](ledger::v1::ReadResponse*) { server_.log.signed_size = 20; };
  SCRUTINY_ASSERT_OK(Run({"--record-prefix", "actions", file_}).status);
  EXPECT_EQ(Verified(file_).log.checkpoint.size, ledger::TreeSize(18));
}

TEST_F(ExportTest, ARecordThatIsNotThereIsNamed) {
  Fill(20);
  const Ran ran = Run({"--records", "actions/spab/1,actions/none", file_});
  EXPECT_THAT(ran.status, FailsWith(Reason::kNotFound));
  EXPECT_THAT(std::string(ran.status.message()), HasSubstr("no entry of actions/none"));
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(ExportTest, AFileIsReplacedOnlyByForce) {
  Fill(3);
  SCRUTINY_ASSERT_OK(Run({"--all", file_}).status);
  const std::string before = ContentOf(file_);
  Fill(9);
  const Ran refused = Run({"--all", file_});
  EXPECT_THAT(refused.status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("--force"));
  EXPECT_EQ(ContentOf(file_), before);
  SCRUTINY_ASSERT_OK(Run({"--all", "--force", file_}).status);
  EXPECT_EQ(Verified(file_).log.entries, 9u);
}

TEST_F(ExportTest, AFolderIsNotOfferedToBeReplaced) {
  Fill(3);
  const absl::Status status = Run({"--all", dir_.path()}).status;
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("is a folder"));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(HasSubstr("--force")));
}

TEST_F(ExportTest, EntriesThatAreNotTheSignedOnesLeaveNoFile) {
  Fill(300);
  const auto refused = [&] {
    const absl::Status status = Run({"--all", file_}).status;
    EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
    return status;
  };
  // One byte of one entry.
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_entries(7)->back() ^= 1;
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  // The same the second time it is read.
  int batches = 0;
  server_.change_batch = [&](ledger::v1::ReadResponse* batch) {
    if (++batches == 2) batch->mutable_entries(7)->back() ^= 1;
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  // One entry too few.
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_entries()->RemoveLast();
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  // Two that changed places.
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_entries()->SwapElements(3, 4);
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
}

TEST_F(ExportTest, AnUnsignedCheckpointIsRefused) {
  Fill(5);
  server_.log.change_checkpoint = [](ledger::v1::GetCheckpointResponse* response) {
    std::string& note = *response->mutable_checkpoint();
    note.replace(note.find("\n5\n"), 3, "\n4\n");
  };
  EXPECT_FALSE(Run({"--all", file_}).status.ok());
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(ExportTest, AProofThatDoesNotHoldIsRefused) {
  Fill(20);
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_proofs()->mutable_entries(1)->mutable_inclusion_path(0)->front() ^= 1;
  };
  EXPECT_THAT(Run({"--record-prefix", "actions", file_}).status, FailsWith(Reason::kCorrupt));
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(ExportTest, WhatToExportMustBeSaid) {
  EXPECT_TRUE(IsUsageError(Run({file_}).status));
  const absl::Status both = Run({"--all", "--records", "actions/a", file_}).status;
  EXPECT_TRUE(IsUsageError(both));
  EXPECT_THAT(std::string(both.message()), HasSubstr("not both"));
  EXPECT_TRUE(IsUsageError(Run({"--record-prefix", "Actions", file_}).status));
}

TEST_F(ExportTest, TheFormatsAreDescribedInTheFile) {
  google::protobuf::FileDescriptorSet set;
  const absl::string_view bytes = DescriptorSet();
  ASSERT_TRUE(set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  bool entry = false;
  for (const auto& file : set.file()) entry |= file.name() == "scrutiny/event/v1/entry.proto";
  EXPECT_TRUE(entry);
  EXPECT_EQ(bytes, ContentOf(std::string(SCRUTINY_BUILD_DIR) + "/gen/scrutiny.binpb"));
}

}  // namespace
}  // namespace scrutiny::tools
