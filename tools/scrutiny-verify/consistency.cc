// scrutiny-verify consistency: that a later ledger only adds to an earlier one.
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/note/signed_note.h"
#include "ledger/verify/verify_proof.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"

namespace scrutiny::tools::verify {
namespace {

struct Flags {
  TrustFlags trust;
  std::string older;
  std::string newer;
  std::string proof;
  std::string log;
};

absl::StatusOr<ledger::SignedCheckpoint> Open(const std::string& path, const ledger::Trust& trust) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string note, ReadGivenFile(path, ledger::kNoteBytesMax));
  absl::StatusOr<ledger::SignedCheckpoint> opened = ledger::OpenSignedCheckpoint(note, trust);
  if (opened.ok()) return opened;
  return ledger::Error(ledger::ReasonOf(opened.status()),
                       absl::StrCat(path, ": ", opened.status().message()))
      .Next(ledger::InfoOf(opened.status()).next);
}

// The proof from the file or the log that was named; empty where none is needed.
absl::StatusOr<std::vector<ledger::Hash>> ProofFor(const Flags& flags,
                                                   const ledger::Checkpoint& older,
                                                   const ledger::Checkpoint& newer) {
  if (!flags.proof.empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string text,
                              ReadGivenFile(flags.proof, 64 * ledger::kKiB));
    return ledger::ParseConsistencyProof(text);
  }
  if (older.size >= newer.size || older.size == ledger::TreeSize(0)) {
    return std::vector<ledger::Hash>();
  }
  if (flags.log.empty()) {
    return UsageError(
        ledger::Error(ledger::Reason::kMalformed, "There is nothing to prove it with.")
            .Next("Give the proof with --proof FILE, or the ledger with --log, out of which it is "
                  "made."));
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Source source, OpenSource(flags.log));
  return ledger::ConsistencyFromLog(*source.log, older.size, newer.size);
}

absl::StatusOr<Verdict> CheckConsistency(const Flags& flags) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Trust trust, flags.trust.Read());
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::SignedCheckpoint older, Open(flags.older, trust));
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::SignedCheckpoint newer, Open(flags.newer, trust));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> proof,
                            ProofFor(flags, older.checkpoint, newer.checkpoint));
  SCRUTINY_RETURN_IF_ERROR(ledger::VerifyCheckpoints(older.checkpoint, newer.checkpoint, proof));
  Verdict verdict;
  verdict.verified = true;
  const uint64_t old_size = older.checkpoint.size.value();
  const uint64_t added = newer.checkpoint.size.value() - old_size;
  verdict.sentence =
      added == 0
          ? absl::StrCat("Both checkpoints are of the same ", Counted(old_size, "entry", "entries"),
                         " of the ledger ", newer.checkpoint.origin, ".")
          : absl::StrCat("The ledger ", newer.checkpoint.origin, " only grew: its first ",
                         Counted(old_size, "entry is", "entries are"), " what they were, and ",
                         Counted(added, "entry was", "entries were"), " added.");
  Describe(newer, &verdict);
  verdict.details.emplace_back("Hashes in the proof", absl::StrCat(proof.size()));
  verdict.facts["old_size"] = old_size;
  verdict.facts["added"] = added;
  return verdict;
}

}  // namespace

void AddConsistency(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app->add_subcommand("consistency", "Check that a ledger only grew between two checkpoints");
  command->add_option("OLD", flags->older, "the older checkpoint, a file")
      ->required()
      ->type_name("");
  command->add_option("NEW", flags->newer, "the newer checkpoint, a file")
      ->required()
      ->type_name("");
  command->add_option("--proof", flags->proof, "the consistency proof, one hash in base64 a line")
      ->type_name("FILE");
  command->add_option("--log", flags->log, absl::StrCat("or ", kSourceHelp))->type_name("LOG");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Keep a copy of <address>/checkpoint today; this shows next year that nothing of what it\n"
      "covered was changed or taken out.\n"
      "\n"
      "Example:\n"
      "  scrutiny-verify consistency checkpoint-2026 checkpoint-2027 \\\n"
      "      --log http://127.0.0.1:8080/log --vkey 'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback([flags, chosen] {
    chosen->work = [flags](const Console&) { return CheckConsistency(*flags); };
  });
}

}  // namespace scrutiny::tools::verify
