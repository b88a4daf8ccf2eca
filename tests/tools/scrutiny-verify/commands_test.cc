#include "tools/scrutiny-verify/commands.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Error.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "ledger/merkle/proof.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/lines.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"
#include "ledger/verify/backup_manifest.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/scrutiny-verify/log_server.h"

namespace scrutiny::tools::verify {
namespace {

using ::scrutiny::testing::LogFiles;
using ::scrutiny::testing::LogServer;
using ::scrutiny::testing::TempDir;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::scrutiny::testing::WriteFile;
using ::scrutiny::testing::WriteFiles;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Result {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// What main does, with its output kept.
Result Execute(std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  CLI::App app("Checks.", "scrutiny-verify");
  Chosen chosen;
  AddCommands(&app, &chosen);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    const int code = app.exit(error, out, err);
    return {code == 0 ? 0 : 2, out.str(), err.str()};
  }
  const Console console{.out = out, .err = err};
  const int code = RunChosen(chosen, console);
  return {code, out.str(), err.str()};
}

std::string WitnessKey(const std::string& name, uint8_t seed) {
  return ledger::ToString(TestSigner(name, ledger::KeyType::kCosignature, seed).verifier());
}

// What starts a ledger or goes on with it as another.
template <typename Identity>
void SetIdentity(uint32_t incarnation, const std::string& origin, const std::string& key,
                 Identity* identity) {
  identity->set_ledger_id(std::string(16, 'L'));
  identity->set_incarnation(incarnation);
  identity->set_origin(origin);
  identity->set_format_version(1);
  identity->set_hash_algorithm("sha256");
  identity->set_log_key(key);
}

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() : vkey_(ledger::ToString(log_.signer().verifier())) {
    log_.FillTo(300);
    WriteFiles(log_.Files(), Path("folder"));
    WriteFile(Path("whole.tar"), log_.Bundle());
    WriteFile(Path("chosen.tar"), log_.ChosenBundle({"actions/spab/3"}));
    WriteFile(Path("old"), log_.Checkpoint(100));
    WriteFile(Path("new"), log_.Checkpoint(300));
    WriteFile(Path("7.tlog-proof"), log_.Proof(7));
    WriteFile(Path("7.entry"), log_.entry(7));
  }

  std::string Path(const std::string& name) const { return dir_.File(name); }
  // Runs with the ledger's key.
  Result Check(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--vkey", vkey_});
    return Execute(std::move(arguments));
  }

  TempDir dir_;
  TestLog log_;
  const std::string vkey_;
};

TEST_F(CommandsTest, EveryCommandExplainsItselfWithAnExample) {
  EXPECT_EQ(Execute({"--help"}).exit_code, 0);
  for (const char* command :
       {"log", "proof", "consistency", "complete", "bundle", "backup", "witness"}) {
    const Result help = Execute({command, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("Example"));
    EXPECT_THAT(help.out, HasSubstr(absl::StrCat("scrutiny-verify ", command)));
    EXPECT_THAT(help.out, HasSubstr("--vkey"));
  }
}

TEST_F(CommandsTest, WithoutAKeyItSaysWhereToGetOneAndWhyNotFromTheServer) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"log", Path("folder")},
           {"proof", Path("7.tlog-proof"), Path("7.entry")},
           {"consistency", Path("old"), Path("new")},
           {"complete", "actions", Path("folder")},
           {"bundle", Path("whole.tar")},
           {"backup", Path("folder")},
           {"witness", "--state", Path("state")},
       }) {
    const Result result = Execute(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("Give the ledger's verifier key with --vkey"));
    EXPECT_THAT(result.err, HasSubstr("Do not take it from the server"));
  }
}

TEST_F(CommandsTest, MistakesInTheCommandLineAreSentences) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes = {
      {{}, "subcommand"},
      {{"nonsense"}, "subcommand"},
      {{"log"}, "LOG"},
      {{"log", Path("nowhere"), "--vkey", vkey_}, "There is no file or folder"},
      {{"log", Path("folder"), "--vkey", "nonsense"}, "What follows --vkey is no verifier key"},
      {{"log", Path("folder"), "--vkey", vkey_, "--witness", vkey_}, "is no witness's"},
      {{"log", Path("folder"), "--vkey", vkey_, "--witnesses-required", "2"},
       "2 witnesses are required, and keys of 0 are given"},
      {{"log", Path("folder"), "--vkey", vkey_, "--witnesses-required", "-1"},
       "--witnesses-required is -1. Say how many witnesses"},
      {{"log", "/dev/zero", "--vkey", vkey_}, "is no file"},
      {{"bundle", "/dev/zero", "--vkey", vkey_}, "is no file"},
      {{"complete", "actions", "/dev/zero", "--vkey", vkey_}, "is no file"},
      {{"log", Path("folder"), "--vkey", vkey_, "--witness", WitnessKey("one", 3), "--witness",
        WitnessKey("two", 3)},
       "The witnesses one and two have the same key"},
      {{"log", Path("chosen.tar"), "--vkey", vkey_}, "holds chosen records"},
      {{"bundle", Path("nowhere"), "--vkey", vkey_}, "there is no such file"},
      {{"backup", Path("nowhere"), "--vkey", vkey_}, "There is no folder"},
      {{"proof", Path("nowhere"), Path("7.entry"), "--vkey", vkey_}, "there is no such file"},
      {{"consistency", Path("old"), Path("new"), "--vkey", vkey_}, "--proof FILE"},
      {{"complete", "actions", "--vkey", vkey_}, "Two things are needed"},
      {{"complete", "Actions", Path("folder"), "--vkey", vkey_}, "Record name"},
      {{"complete", "--type", "Nonsense", Path("folder"), "--vkey", vkey_}, "No fact is of type"},
      {{"complete", "--type", "Withdrawn", "actions", Path("folder"), "--vkey", vkey_},
       "With --type, the ledger alone"},
  };
  for (const auto& [arguments, what] : mistakes) {
    const Result result = Execute(arguments);
    EXPECT_EQ(result.exit_code, 2) << what;
    EXPECT_THAT(result.err, HasSubstr(what));
  }
}

// --- log

TEST_F(CommandsTest, ALogVerifiesFromAFolderAFileAndAnAddress) {
  const LogServer server(log_.Files());
  for (const std::string& where : {Path("folder"), Path("whole.tar"), server.url()}) {
    const Result result = Check({"log", where});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_THAT(result.out, StartsWith("VERIFIED. All 300 entries of the ledger "
                                       "scrutiny.example.org are exactly those its key signed"));
    const nlohmann::json json = nlohmann::json::parse(Check({"log", where, "--json"}).out);
    EXPECT_EQ(json["verified"], true);
    EXPECT_EQ(json["entries"], 300);
    EXPECT_EQ(json["size"], 300);
    EXPECT_EQ(json["origin"], "scrutiny.example.org");
    EXPECT_EQ(json["signatures"][0]["key"], vkey_);
  }
}

TEST_F(CommandsTest, ADamagedLogIsRefusedWithThePlace) {
  LogFiles files = log_.Files();
  std::string& bundle = files["tile/entries/000"];
  bundle[bundle.find("reason of actions")] ^= 1;
  WriteFiles(files, Path("damaged"));
  const Result result = Check({"log", Path("damaged")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, StartsWith("NOT VERIFIED. The ledger scrutiny.example.org is not what "
                                     "its key signed, or contradicts itself, in 1 place:"));
  EXPECT_THAT(result.out, HasSubstr("  1. Entry 1 (actions/spab/0), bytes"));
  const nlohmann::json json = nlohmann::json::parse(Check({"log", Path("damaged"), "--json"}).out);
  EXPECT_EQ(json["verified"], false);
  EXPECT_EQ(json["damages"][0]["kind"], "entry");
}

TEST_F(CommandsTest, AnotherKeyDoesNotVerify) {
  const std::string other =
      ledger::ToString(TestSigner(testing::kTestOrigin, ledger::KeyType::kEd25519, 8).verifier());
  const Result result = Execute({"log", Path("folder"), "--vkey", other});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, StartsWith("NOT VERIFIED. No key you gave signed the checkpoint"));
  EXPECT_EQ(Execute({"log", Path("folder"), "--vkey", other, "--vkey", vkey_}).exit_code, 0);
}

TEST_F(CommandsTest, WitnessesAreAskedForAndShown) {
  const ledger::Signer witness = TestSigner("witness.example", ledger::KeyType::kCosignature, 3);
  const std::string key = ledger::ToString(witness.verifier());
  EXPECT_EQ(Check({"log", Path("folder"), "--witness", key}).exit_code, 0);
  EXPECT_EQ(Check({"log", Path("folder"), "--witness", key, "--witnesses-required", "1"}).exit_code,
            1);
  ledger::SignedNote note = *ledger::ParseNote(log_.Checkpoint());
  note.signatures.push_back(ledger::Cosign(note.text, witness, 1'767'139'200));
  WriteFile(Path("folder/checkpoint"), ledger::Format(note));
  const Result result =
      Check({"log", Path("folder"), "--witness", key, "--witnesses-required", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr(absl::StrCat(key, " on 31 December 2025 at 00:00:00 UTC")));
}

TEST_F(CommandsTest, AServerThatDoesNotAnswerIsNotCalledWrong) {
  std::string url;
  {
    const LogServer server({});
    url = server.url();
    const Result result = Check({"log", url});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("checkpoint is not there"));
  }
  const Result result = Check({"log", url});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, StartsWith("NOT CHECKED. "));
}

// A ledger that was started anew after it lost what it had signed: nothing says that all is there.
TEST_F(CommandsTest, ALedgerThatLostEntriesIsNotCalledWhole) {
  constexpr char kOld[] = "old.example.org";
  const ledger::Signer old_key = TestSigner(kOld, ledger::KeyType::kEd25519, 5);
  TestLog log;
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  SetIdentity(1, kOld, ledger::ToString(old_key.verifier()), proposed.mutable_ledger_started());
  log.AppendFact(proposed);
  while (log.size() < 10) log.Append({"actions/spab/1"});
  ledger::SignedNote note;
  note.text = ledger::Format(ledger::Checkpoint{kOld, ledger::TreeSize(15), ledger::Hash{}, {}});
  note.signatures.push_back(ledger::SignNote(note.text, old_key));
  SetIdentity(2, testing::kTestOrigin, vkey_, proposed.mutable_incarnation_started());
  proposed.mutable_incarnation_started()->set_previous_checkpoint(ledger::Format(note));
  proposed.mutable_incarnation_started()->set_reason("the disk was lost\x1b[2J");
  log.AppendFact(proposed);
  WriteFiles(log.Files(), Path("anew"));
  WriteFile(Path("anew.tar"), log.Bundle());
  const std::string lost = "5 entries that were signed under old.example.org are not in it";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"log", Path("anew")},
                                             {"bundle", Path("anew.tar")},
                                             {"complete", "actions/spab/1", Path("anew")},
                                             {"complete", "actions/none", Path("anew")}}) {
    const Result result = Check(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    const std::string verdict = result.out.substr(0, result.out.find('\n'));
    EXPECT_THAT(verdict, HasSubstr(lost));
    EXPECT_THAT(verdict, Not(HasSubstr("none is missing")));
    EXPECT_THAT(result.out, HasSubstr("Entries 10 to 14 were signed under old.example.org and are "
                                      "not in this ledger."));
    EXPECT_THAT(result.out, HasSubstr("The reason given: \"the disk was lost\\x1b[2J\"."));
  }
  const nlohmann::json json = nlohmann::json::parse(Check({"log", Path("anew"), "--json"}).out);
  EXPECT_EQ(json["earlier_incarnations"][0]["lost"], 5);
  EXPECT_EQ(json["earlier_incarnations"][0]["origin"], kOld);

  WriteFile(Path("before"), ledger::Format(note));
  const Result consistency = Check({"consistency", Path("before"), Path("anew/checkpoint"), "--log",
                                    Path("anew"), "--vkey", ledger::ToString(old_key.verifier())});
  EXPECT_EQ(consistency.exit_code, 1);
  EXPECT_THAT(consistency.out, HasSubstr("run `scrutiny-verify log` on it"));
}

// --- proof

TEST_F(CommandsTest, AProofVerifies) {
  const Result result = Check({"proof", Path("7.tlog-proof"), Path("7.entry")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, StartsWith("VERIFIED. These bytes are entry 7 of the ledger "
                                     "scrutiny.example.org, on actions/spab/"));
  const nlohmann::json json =
      nlohmann::json::parse(Check({"proof", Path("7.tlog-proof"), Path("7.entry"), "--json"}).out);
  EXPECT_EQ(json["entry"], 7);
  EXPECT_EQ(json["fact_type"], 68);
}

TEST_F(CommandsTest, AProofOfAnotherEntryDoesNot) {
  WriteFile(Path("8.entry"), log_.entry(8));
  const Result result = Check({"proof", Path("7.tlog-proof"), Path("8.entry")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, StartsWith("NOT VERIFIED. These bytes are not entry 7"));
  const nlohmann::json json =
      nlohmann::json::parse(Check({"proof", Path("7.tlog-proof"), Path("8.entry"), "--json"}).out);
  EXPECT_EQ(json["verified"], false);
  EXPECT_EQ(json["reason"], "CORRUPT");
}

// --- consistency

TEST_F(CommandsTest, ConsistencyIsProvenFromAProofOrALog) {
  const std::vector<ledger::Hash> hashes =
      *ledger::ConsistencyProof(log_, ledger::TreeSize(100), ledger::TreeSize(300));
  std::string proof;
  for (const ledger::Hash& hash : hashes) {
    absl::StrAppend(&proof, ledger::FormatHash(hash), "\n");
  }
  WriteFile(Path("proof"), proof);
  const LogServer server(log_.Files());
  for (const std::vector<std::string>& with : {std::vector<std::string>{"--proof", Path("proof")},
                                               {"--log", Path("folder")},
                                               {"--log", Path("whole.tar")},
                                               {"--log", server.url()}}) {
    const Result result = Check({"consistency", Path("old"), Path("new"), with[0], with[1]});
    EXPECT_EQ(result.exit_code, 0) << with[0] << with[1] << result.out << result.err;
    EXPECT_THAT(result.out, StartsWith("VERIFIED. The ledger scrutiny.example.org only grew: its "
                                       "first 100 entries are what they were, and 200 entries were "
                                       "added."));
  }
  EXPECT_EQ(Check({"consistency", Path("new"), Path("old"), "--log", Path("folder")}).exit_code, 1);
  const Result same = Check({"consistency", Path("old"), Path("old")});
  EXPECT_EQ(same.exit_code, 0);
  EXPECT_THAT(same.out, StartsWith("VERIFIED. Both checkpoints are of the same 100 entries"));
}

TEST_F(CommandsTest, AForkIsNotConsistent) {
  TestLog fork;
  fork.FillTo(50);
  while (fork.size() < 300) fork.Append({"actions/other"});
  WriteFile(Path("fork"), fork.Checkpoint());
  WriteFiles(fork.Files(), Path("forked"));
  for (const char* log : {"folder", "forked"}) {
    const Result result = Check({"consistency", Path("old"), Path("fork"), "--log", Path(log)});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, StartsWith("NOT VERIFIED. It is not proven that"));
  }
  const Result same = Check({"consistency", Path("new"), Path("fork")});
  EXPECT_EQ(same.exit_code, 1);
  EXPECT_THAT(same.out, HasSubstr("two different histories of 300 entries"));
}

// --- complete

TEST_F(CommandsTest, AllEntriesOfARecordAreListed) {
  const Result result = Check({"complete", "actions/spab/3", Path("whole.tar")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  size_t entries = 0;
  for (uint64_t i = 0; i < log_.size(); ++i) {
    if (absl::StrContains(log_.entry(i), "actions/spab/3.")) ++entries;
  }
  EXPECT_THAT(result.out,
              StartsWith(absl::StrCat("VERIFIED. The ledger scrutiny.example.org holds ", entries,
                                      " entries on actions/spab/3 among all 300 up to this "
                                      "checkpoint; these are all of them, and none is missing.")));
  EXPECT_THAT(result.out, HasSubstr("revision 1    Withdrawn  18 March 2019"));
  EXPECT_THAT(result.out, Not(HasSubstr("actions/spab/30 ")));
  const nlohmann::json json =
      nlohmann::json::parse(Check({"complete", "actions/spab/3", Path("folder"), "--json"}).out);
  EXPECT_EQ(json["matching"], entries);
  ASSERT_EQ(json["list"].size(), entries);
  EXPECT_EQ(json["list"][0]["revision"], 1);
}

TEST_F(CommandsTest, AllEntriesOfATypeAreListed) {
  const Result result = Check({"complete", "--type", "ledger-started", Path("folder")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("holds 1 entry of type LedgerStarted among all 300 up to this "
                                    "checkpoint; it is the only one."));
  EXPECT_EQ(Check({"complete", "--type", "65", Path("folder")}).out.substr(0, 60),
            result.out.substr(0, 60));
}

TEST_F(CommandsTest, NoEntryIsNotCalledAllOfThem) {
  const Result result = Check({"complete", "actions/none", Path("folder")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, StartsWith("VERIFIED. The ledger scrutiny.example.org holds no entry on "
                                     "actions/none among all 300 up to this checkpoint.\n"));
}

// Signed as it is: a ledger may also contradict itself.
TEST_F(CommandsTest, NothingIsCalledCompleteInALogThatContradictsItself) {
  log_.Append({"actions/other"}, [](auto& e) { e.mutable_assigned()->set_revision(9); });
  WriteFiles(log_.Files(), Path("wrong"));
  const Result result = Check({"complete", "actions/spab/3", Path("wrong")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("cannot be said. The ledger scrutiny.example.org is not what "
                                    "its key signed, or contradicts itself, in 1 place:"));
}

TEST_F(CommandsTest, NothingIsCalledCompleteInADamagedLog) {
  std::filesystem::remove(Path("folder/tile/entries/001.p/44"));
  const Result result = Check({"complete", "actions/spab/3", Path("folder")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, StartsWith("NOT VERIFIED. Whether these are all entries on "
                                     "actions/spab/3 cannot be said"));
}

// --- bundle

TEST_F(CommandsTest, BothLayoutsOfAnExportVerify) {
  const Result whole = Check({"bundle", Path("whole.tar")});
  EXPECT_EQ(whole.exit_code, 0) << whole.out << whole.err;
  EXPECT_THAT(whole.out, StartsWith("VERIFIED. The file holds the whole ledger"));
  const Result chosen = Check({"bundle", Path("chosen.tar")});
  EXPECT_EQ(chosen.exit_code, 0) << chosen.out << chosen.err;
  EXPECT_THAT(chosen.out, HasSubstr("each as its key signed it, and every byte"));
  EXPECT_THAT(chosen.out, HasSubstr("Note: That each record has no further entries"));
  const nlohmann::json json =
      nlohmann::json::parse(Check({"bundle", Path("chosen.tar"), "--json"}).out);
  EXPECT_EQ(json["whole_ledger"], false);
  EXPECT_EQ(json["asked_for"][0], "actions/spab/3");
}

TEST_F(CommandsTest, WhatWasAskedForAndIsNotThereIsNamed) {
  WriteFile(Path("more.tar"), log_.ChosenBundle({"actions/none", "actions/spab/3"}));
  const Result result = Check({"bundle", Path("more.tar")});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("actions/none (0 entries), actions/spab/3 ("));
  EXPECT_THAT(result.out, HasSubstr("The file holds no entry on actions/none."));
  EXPECT_THAT(result.out, HasSubstr("no record of those asked for is left out as a whole"));
  EXPECT_THAT(result.out, HasSubstr("take no key from there"));
}

TEST_F(CommandsTest, ADamagedExportIsRefused) {
  std::string bytes = log_.Bundle();
  bytes[bytes.find("a description")] = 'A';
  WriteFile(Path("damaged.tar"), bytes);
  for (const char* command : {"bundle", "log"}) {
    const Result result = Check({command, Path("damaged.tar")});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("proto/scrutiny.binpb does not have the SHA-256"));
  }
  WriteFile(Path("damaged.tar"), "no export");
  EXPECT_EQ(Check({"bundle", Path("damaged.tar")}).exit_code, 1);
}

// --- backup

TEST_F(CommandsTest, ABackupVerifiesAndADamagedOneDoesNot) {
  WriteFile(Path("backup/checkpoint"), log_.Checkpoint());
  WriteFile(Path("backup/log/000004.sst"), "bytes");
  ledger::BackupManifest manifest{.origin = testing::kTestOrigin,
                                  .ledger_id = std::string(16, 'L'),
                                  .size = ledger::TreeSize(300),
                                  .created_at = 1'772'503'200};
  manifest.files = *ledger::ListBackup(Path("backup"), 1, nullptr);
  ledger::SignedNote note;
  note.text = ledger::FormatBackupManifest(manifest);
  note.signatures.push_back(ledger::SignNote(note.text, log_.signer()));
  WriteFile(Path("backup/MANIFEST"), ledger::Format(note));

  const Result good = Check({"backup", Path("backup")});
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_THAT(good.out, StartsWith("VERIFIED. The backup of scrutiny.example.org, made on 3 March "
                                   "2026 at 02:00:00 UTC, has all its 2 files"));
  WriteFile(Path("backup/log/000004.sst"), "BYTES");
  const Result bad = Check({"backup", Path("backup")});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.out, HasSubstr("  1. log/000004.sst was changed: its SHA-256 is another."));
}

}  // namespace
}  // namespace scrutiny::tools::verify
