#include "tools/scrutiny/proofs.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "ledger/note/base64.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/verify/verify_proof.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/fake_ledger.h"
#include "tests/tools/scrutiny/run_command.h"
#include "tools/support/output_file.h"

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
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ProofsTest : public ::testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) { return RunCommand(server_.address(), words); }
  void Fill(int entries) {
    for (int i = 0; i < entries; ++i) server_.log.Add("actions/spab/1");
  }
  ledger::Trust Trust() const {
    ledger::Trust trust;
    trust.log_keys.push_back(*ledger::ParseVerifierKey(server_.log.vkey()));
    return trust;
  }

  FakeLedger server_;
  TempDir dir_;
};

TEST_F(ProofsTest, TheKeyIsOneLineThatNeedsNoQuotes) {
  Fill(1);
  const Ran key = Run({"key"});
  SCRUTINY_ASSERT_OK(key.status);
  EXPECT_EQ(key.out, server_.log.vkey() + "\n");
  EXPECT_EQ(key.out.find(' '), std::string::npos);
}

TEST_F(ProofsTest, ARotatedKeyIsTheOnePrintedAndAllShowsBoth) {
  Fill(1);
  const std::string old_key = server_.log.vkey();
  const Ran rotated = Run({"key", "rotate", "--reason", "the year is over"});
  SCRUTINY_ASSERT_OK(rotated.status);
  EXPECT_THAT(rotated.out, HasSubstr(server_.log.vkey()));
  EXPECT_THAT(rotated.out, HasSubstr("The one before signs too until "));
  EXPECT_EQ(server_.log.rotations[0].reason(), "the year is over");
  EXPECT_THAT(server_.log.rotations[0].request_id(), StartsWith("cli/"));
  EXPECT_EQ(Run({"key"}).out, server_.log.vkey() + "\n");
  EXPECT_EQ(Run({"key", "--all"}).out, server_.log.vkey() + "\n" + old_key + "\n");
}

TEST_F(ProofsTest, TheCheckpointComesAsItWasSigned) {
  Fill(5);
  EXPECT_EQ(Run({"checkpoint"}).out, server_.log.Checkpoint(5));
  const std::string file = dir_.File("c");
  SCRUTINY_ASSERT_OK(Run({"checkpoint", "--out", file}).status);
  EXPECT_EQ(ContentOf(file), server_.log.Checkpoint(5));
  server_.log.change_checkpoint = [](auto* response) { response->set_checkpoint("garbage"); };
  EXPECT_FALSE(Run({"checkpoint"}).status.ok());
}

// Every entry of a log, judged by the verifier that knows nothing of this program.
TEST_F(ProofsTest, AReceiptVerifiesWithTheEntrysBytesAlone) {
  Fill(9);
  for (int i = 0; i < 9; ++i) {
    const std::string proof = dir_.File("p");
    const std::string entry = dir_.File("e");
    const Ran ran = Run({"receipt", absl::StrCat(i), "--out", proof, "--entry", entry});
    SCRUTINY_ASSERT_OK(ran.status);
    EXPECT_THAT(ran.out, HasSubstr("scrutiny-verify"));
    EXPECT_EQ(ContentOf(entry), server_.log.entries()[i]);
    SCRUTINY_EXPECT_OK(ledger::VerifyProof(ContentOf(proof), ContentOf(entry), Trust()).status());
  }
}

TEST_F(ProofsTest, AReceiptOnStandardOutputIsTheFileAndNothingElse) {
  Fill(3);
  SCRUTINY_EXPECT_OK(ledger::ParseTlogProof(Run({"receipt", "1"}).out).status());
}

TEST_F(ProofsTest, AReceiptThatDoesNotHoldIsNotPassedOn) {
  Fill(9);
  const std::string out = dir_.File("p");
  const auto refused = [&] { return Run({"receipt", "4", "--out", out}).status; };
  server_.log.change_proof = [](auto* response) { response->mutable_entry()->back() ^= 1; };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  server_.log.change_proof = [&](auto* response) {
    std::string& file = *response->mutable_tlog_proof();
    file.replace(file.find("index 4"), 7, "index 5");
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  server_.log.change_proof = [](auto* response) { response->clear_tlog_proof(); };
  EXPECT_THAT(refused(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_TRUE(IsUsageError(Run({"receipt", "four"}).status));
}

TEST_F(ProofsTest, ConsistencyIsTheLinesThatVerifiersTake) {
  Fill(13);
  for (uint64_t old_size : {1, 6, 8, 12, 13}) {
    const Ran ran = Run({"consistency", absl::StrCat(old_size), "13"});
    SCRUTINY_ASSERT_OK(ran.status);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto proof, ledger::ParseConsistencyProof(ran.out));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto older,
                                  ReadCheckpoint(server_.log.Checkpoint(old_size)));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto newer, ReadCheckpoint(server_.log.Checkpoint(13)));
    SCRUTINY_EXPECT_OK(ledger::VerifyCheckpoints(older, newer, proof));
  }
  for (const std::vector<std::string>& from_none :
       {std::vector<std::string>{"consistency", "0"}, {"consistency", "0", "7"}}) {
    const Ran ran = Run(from_none);
    SCRUTINY_EXPECT_OK(ran.status);
    EXPECT_EQ(ran.out, "");
  }
  const absl::Status beyond = Run({"consistency", "400"}).status;
  EXPECT_THAT(beyond, FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(std::string(beyond.message()), HasSubstr("no checkpoint of 400 entries"));
  EXPECT_THAT(std::string(beyond.message()), HasSubstr("yet"));
  EXPECT_EQ(Run({"consistency", "5"}).out, Run({"consistency", "5", "13"}).out);
  EXPECT_TRUE(IsUsageError(Run({"consistency", "7", "6"}).status));
  EXPECT_TRUE(IsUsageError(Run({"consistency", "many"}).status));
  EXPECT_THAT(Run({"consistency", "5", "99"}).status, HasCode(absl::StatusCode::kOutOfRange));
  server_.log.change_consistency = [](auto* response) {
    response->mutable_new_root()->front() ^= 1;
  };
  EXPECT_THAT(Run({"consistency", "5"}).status, FailsWith(Reason::kCorrupt));
  server_.log.change_consistency = [](auto* response) {
    response->add_consistency_path(std::string(32, 'x'));
  };
  EXPECT_THAT(Run({"consistency", "0"}).status, FailsWith(Reason::kCorrupt));
  server_.log.change_consistency = [](auto* response) { response->set_old_size(4); };
  EXPECT_THAT(Run({"consistency", "5"}).status, FailsWith(Reason::kCorrupt));
}

const std::vector<std::string> kRecord = {"record", "update", "actions/spab/1", "--text",
                                          "Done",   "--on",   "2019-03-18"};

TEST_F(ProofsTest, RecordingWithAReceiptWaitsForAProofAndWritesIt) {
  const std::string file = dir_.File("april.tlog-proof");
  std::vector<std::string> words = kRecord;
  words.insert(words.end(), {"--receipt", file});
  const Ran ran = Run(words);
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_TRUE(server_.appends[0].with_proof());
  EXPECT_THAT(ran.out, HasSubstr("Recorded as entry 100"));
  EXPECT_THAT(ran.out, HasSubstr("Receipt of entry 100: " + file));
  EXPECT_THAT(ran.out, HasSubstr("scrutiny receipt 100 --entry 100.entry\n"))
      << "the receipt itself is not written over";
  SCRUTINY_EXPECT_OK(
      ledger::VerifyProof(ContentOf(file), server_.log.entries()[100], Trust()).status());
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
}

TEST_F(ProofsTest, AReceiptThatIsThereIsReplacedOnlyByForce) {
  const std::string file = dir_.File("r.tlog-proof");
  SCRUTINY_ASSERT_OK(WriteFile(file, "another entry's", true));
  std::vector<std::string> words = kRecord;
  words.insert(words.end(), {"--receipt", file});
  const absl::Status refused = Run(words).status;
  EXPECT_TRUE(IsUsageError(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--force"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("nothing was recorded"));
  EXPECT_TRUE(server_.appends.empty());
  EXPECT_EQ(ContentOf(file), "another entry's");
  words.push_back("--force");
  SCRUTINY_ASSERT_OK(Run(words).status);
  SCRUTINY_EXPECT_OK(ledger::ParseTlogProof(ContentOf(file)).status());
}

// `record office --force` is about a police force.
TEST_F(ProofsTest, AnOfficesForceReplacesNothing) {
  const std::string file = dir_.File("r.tlog-proof");
  SCRUTINY_ASSERT_OK(WriteFile(file, "another entry's", true));
  EXPECT_TRUE(IsUsageError(
      Run({"record", "office", "--name", "OPCC", "--force", "Derbyshire", "--receipt", file})
          .status));
  EXPECT_EQ(ContentOf(file), "another entry's");
}

TEST_F(ProofsTest, TheEntryAloneCanBeFetched) {
  Fill(5);
  const std::string entry = dir_.File("e");
  const std::string proof = dir_.File("p");
  const Ran alone = Run({"receipt", "2", "--entry", entry});
  SCRUTINY_ASSERT_OK(alone.status);
  EXPECT_EQ(alone.out, "The entry is written to " + entry + ".\n");
  EXPECT_EQ(ContentOf(entry), server_.log.entries()[2]);
  const Ran both = Run({"receipt", "2", "--out", proof, "--entry", entry});
  SCRUTINY_ASSERT_OK(both.status);
  EXPECT_THAT(both.out,
              StartsWith("The proof is written to " + proof + ", the entry to " + entry + ".\n"));
  EXPECT_THAT(Run({"receipt", "2", "--out", proof}).out,
              StartsWith("The proof is written to " + proof + ".\n"));
  EXPECT_TRUE(IsUsageError(Run({"receipt", "2", "--out", proof, "--entry", proof}).status));
}

TEST_F(ProofsTest, WithJsonTheAnswerStandsAlone) {
  std::vector<std::string> words = kRecord;
  words.insert(words.end(), {"--receipt", dir_.File("r"), "--format", "json"});
  const Ran ran = Run(words);
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_TRUE(nlohmann::json::parse(ran.out).contains("receipt"));
  EXPECT_THAT(ran.err, HasSubstr("Receipt of entry 100"));
}

TEST_F(ProofsTest, WithoutReceiptNoProofIsAskedFor) {
  SCRUTINY_ASSERT_OK(Run(kRecord).status);
  EXPECT_FALSE(server_.appends[0].with_proof());
}

TEST_F(ProofsTest, AReceiptThatCannotBeWrittenStopsTheRecording) {
  std::vector<std::string> words = kRecord;
  words.insert(words.end(), {"--receipt", dir_.File("no/such/folder")});
  const absl::Status status = Run(words).status;
  EXPECT_TRUE(IsUsageError(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("nothing was recorded"));
  words = kRecord;
  words.insert(words.end(), {"--receipt", dir_.File("r"), "--dry-run"});
  EXPECT_TRUE(IsUsageError(Run(words).status));
  EXPECT_TRUE(server_.appends.empty());
}

TEST_F(ProofsTest, ARecordedFactWithoutProofSaysThatItIsRecorded) {
  std::vector<std::string> words = kRecord;
  words.insert(words.end(), {"--receipt", dir_.File("r")});
  server_.change_receipt = [](ledger::v1::Receipt* receipt) { receipt->clear_checkpoint(); };
  const Ran none = Run(words);
  EXPECT_FALSE(none.status.ok());
  EXPECT_THAT(std::string(none.status.message()), StartsWith("It is recorded, but"));
  EXPECT_THAT(none.out, HasSubstr("Recorded as entry 100"));
  server_.change_receipt = [](ledger::v1::Receipt* receipt) {
    receipt->mutable_entries(0)->mutable_inclusion_path(0)->front() ^= 1;
  };
  EXPECT_THAT(Run(words).status, FailsWith(Reason::kCorrupt));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("r")));
}

TEST_F(ProofsTest, SeveralReceiptsBearTheirSequence) {
  EXPECT_EQ(ReceiptFile("a/april.tlog-proof", 212, false), "a/april.tlog-proof");
  EXPECT_EQ(ReceiptFile("a/april.tlog-proof", 212, true), "a/april.212.tlog-proof");
  EXPECT_EQ(ReceiptFile("a/april", 212, true), "a/april.212");
  const std::string csv = dir_.File("a.csv");
  SCRUTINY_ASSERT_OK(WriteFile(csv, "title\nOne\nTwo\n", true));
  const Ran ran = Run({"record", "action", "--from", csv, "--receipt", dir_.File("r.tlog-proof")});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_EQ(ran.out.find("To check it"), ran.out.rfind("To check it")) << "said once is enough";
  int receipts = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir_.path())) {
    if (file.path().extension() != ".tlog-proof") continue;
    ++receipts;
    const auto proof = ledger::ParseTlogProof(ContentOf(file.path()));
    SCRUTINY_ASSERT_OK(proof.status());
    EXPECT_EQ(file.path().filename(), absl::StrCat("r.", proof->index.value(), ".tlog-proof"));
  }
  EXPECT_EQ(receipts, 2);
}

// As when a spreadsheet is recorded again after it broke off: all rows are come to.
TEST_F(ProofsTest, OneOfSeveralReceiptsThatIsThereStays) {
  const std::string csv = dir_.File("a.csv");
  SCRUTINY_ASSERT_OK(WriteFile(csv, "title\nOne\nTwo\n", true));
  // Checking the rows took 100 and 101 of the made-up server.
  SCRUTINY_ASSERT_OK(WriteFile(dir_.File("r.102"), "a receipt", true));
  const Ran ran = Run({"record", "action", "--from", csv, "--receipt", dir_.File("r")});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("r.102 is there already and was left as it is"));
  EXPECT_EQ(ContentOf(dir_.File("r.102")), "a receipt");
  SCRUTINY_EXPECT_OK(ledger::ParseTlogProof(ContentOf(dir_.File("r.103"))).status());
}

TEST_F(ProofsTest, ReplayWithProofsCanBeCheckedFromItsJsonAlone) {
  Fill(7);
  server_.batch_entries = 3;
  const Ran ran = Run({"replay", "--with-proofs", "--format", "json"});
  SCRUTINY_ASSERT_OK(ran.status);
  const auto rows = nlohmann::json::parse(ran.out);
  ASSERT_EQ(rows.size(), 7u);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i]["proofs"]["entries"][0].value("sequence", "0"), absl::StrCat(i));
    const auto stored = ledger::DecodeBase64(rows[i]["stored"].get<std::string>());
    ASSERT_TRUE(stored.has_value());
    const auto& proof = rows[i]["proofs"]["entries"][0];
    ledger::TlogProof file;
    file.index = ledger::Sequence(i);
    for (const auto& hash : proof["inclusion_path"]) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(file.path.emplace_back(),
                                    ReadHash(*ledger::DecodeBase64(hash.get<std::string>())));
    }
    file.checkpoint = *ledger::DecodeBase64(rows[i]["proofs"]["checkpoint"].get<std::string>());
    SCRUTINY_EXPECT_OK(ledger::VerifyProof(ledger::Format(file), *stored, Trust()).status());
  }
}

TEST_F(ProofsTest, ProofsNeedAFormatThatHasAPlaceForThem) {
  EXPECT_TRUE(IsUsageError(Run({"replay", "--with-proofs"}).status));
  EXPECT_TRUE(IsUsageError(Run({"actions", "--with-proofs", "--format", "csv"}).status));
}

TEST_F(ProofsTest, ABatchWhoseProofsDoNotHoldIsRefused) {
  Fill(7);
  const auto refused = [&] { return Run({"replay", "--with-proofs", "--format", "json"}).status; };
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_proofs()->mutable_entries()->RemoveLast();
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    batch->mutable_proofs()->mutable_entries(2)->mutable_inclusion_path(0)->front() ^= 1;
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
  // Another entry's bytes than those that are proved.
  server_.change_batch = [](ledger::v1::ReadResponse* batch) {
    event::v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(batch->entries(2)));
    entry.mutable_proposed()->mutable_action_raised()->set_title("another");
    batch->set_entries(2, entry.SerializeAsString());
  };
  EXPECT_THAT(refused(), FailsWith(Reason::kCorrupt));
}

TEST_F(ProofsTest, RowsOfARegisterBearTheProofsOfTheirEntries) {
  Fill(6);
  server_.registers.on_actions = [&](const register_::v1::ListActionsRequest& request,
                                     register_::v1::ListActionsResponse* response) {
    EXPECT_TRUE(request.view().with_proofs());
    const bool first = request.page().token().empty();
    register_::v1::ActionRow* row = response->add_rows();
    row->set_title(first ? "first" : "second");
    for (const uint64_t sequence : {first ? 1 : 2, 4}) row->mutable_meta()->add_entries(sequence);
    if (first) response->set_next_page_token("more");
    ledger::v1::Proofs* proofs = response->mutable_basis()->mutable_proofs();
    // A newer checkpoint for the second page.
    const uint64_t size = first ? 5 : 6;
    proofs->set_checkpoint(server_.log.Checkpoint(size));
    for (const uint64_t sequence : row->meta().entries()) {
      *proofs->add_entries() = server_.log.Proof(sequence, size);
    }
    return grpc::Status::OK;
  };
  const Ran ran = Run({"actions", "--state", "all", "--format", "json", "--with-proofs"});
  SCRUTINY_ASSERT_OK(ran.status);
  const auto rows = nlohmann::json::parse(ran.out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1]["title"], "second");
  EXPECT_EQ(rows[1]["proofs"]["entries"].size(), 2u);
  EXPECT_EQ(rows[1]["proofs"]["entries"][1]["sequence"], "4");
  EXPECT_EQ(*ledger::DecodeBase64(rows[0]["proofs"]["checkpoint"].get<std::string>()),
            server_.log.Checkpoint(5));
  EXPECT_EQ(*ledger::DecodeBase64(rows[1]["proofs"]["checkpoint"].get<std::string>()),
            server_.log.Checkpoint(6));
}

TEST_F(ProofsTest, ARowWithoutItsProofIsRefused) {
  Fill(6);
  server_.registers.on_actions = [&](const register_::v1::ListActionsRequest&,
                                     register_::v1::ListActionsResponse* response) {
    response->add_rows()->mutable_meta()->add_entries(3);
    return grpc::Status::OK;
  };
  EXPECT_THAT(Run({"actions", "--format", "json", "--with-proofs"}).status,
              FailsWith(Reason::kCorrupt));
}

TEST_F(ProofsTest, ABackupSaysWhatItHoldsAndWhere) {
  Fill(3);
  const Ran ran = Run({"backup", "here"});
  SCRUTINY_ASSERT_OK(ran.status);
  const std::string folder = (std::filesystem::current_path() / "here").string();
  EXPECT_EQ(server_.log.backups[0].directory(), folder) << "from the root, for the server";
  EXPECT_THAT(ran.out, HasSubstr("Backed up 3 entries in 12 files, 20 KiB"));
  EXPECT_THAT(ran.out, HasSubstr(folder));
  EXPECT_EQ(ran.err, "") << "no bar where nobody looks";
  server_.log.backup_breaks_off = true;
  EXPECT_THAT(Run({"backup", "/srv/b"}).status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server_.log.backups[1].directory(), "/srv/b");
}

TEST_F(ProofsTest, ABackupOfKeysWarns) {
  server_.seals.on_backup_keys = [](const ledger::v1::BackupKeysRequest& request,
                                    ledger::v1::BackupKeysResponse* response) {
    EXPECT_EQ(request.directory(), "/media/safe");
    response->set_keys(17);
    response->set_epoch(3);
    return grpc::Status::OK;
  };
  const Ran ran = Run({"backup-keys", "/media/safe"});
  SCRUTINY_ASSERT_OK(ran.status);
  EXPECT_THAT(ran.out, HasSubstr("17 keys of epoch 3"));
  EXPECT_THAT(ran.out, HasSubstr("Whoever has the copy can open what is sealed"));
}

TEST_F(ProofsTest, StatusTellsOfCheckpointsWitnessesAndSeals) {
  server_.status.set_server_time_us(100'000'000);
  EXPECT_THAT(Run({"status"}).out, HasSubstr("none is signed yet"));
  EXPECT_THAT(Run({"status"}).out, HasSubstr("can be made and opened"));
  server_.status.set_checkpoint_size(1204);
  server_.status.set_checkpoint_at_us(88'000'000);
  server_.status.set_log_url("http://127.0.0.1:8080/log");
  server_.status.set_seals_problem("the key store is not mounted");
  ledger::v1::WitnessStatus* good = server_.status.add_witnesses();
  good->set_name("witness.example.org");
  good->set_url("https://witness.example.org/");
  good->set_cosigned_size(1200);
  good->set_cosigned_at_us(40'000'000);
  ledger::v1::WitnessStatus* bad = server_.status.add_witnesses();
  bad->set_name("other.example.org");
  bad->set_problem("it does not answer");
  const std::string text = Run({"status"}).out;
  EXPECT_THAT(text, HasSubstr("of 1,204 entries, signed 12 seconds ago"));
  EXPECT_THAT(text, HasSubstr("http://127.0.0.1:8080/log"));
  EXPECT_THAT(text, HasSubstr("TROUBLE: the key store is not mounted"));
  EXPECT_THAT(text, HasSubstr("1,200 entries"));
  EXPECT_THAT(text, HasSubstr("60 seconds ago"));
  EXPECT_THAT(text, HasSubstr("it does not answer"));
  server_.status.set_checkpoint_problem("the key cannot be read");
  EXPECT_THAT(Run({"status"}).out, HasSubstr("NO NEW ONE can be signed: the key cannot be read"));
  EXPECT_EQ(nlohmann::json::parse(Run({"status", "--format", "json"}).out)[0]["ledger"]["witnesses"]
                .size(),
            2u);
}

}  // namespace
}  // namespace scrutiny::tools
