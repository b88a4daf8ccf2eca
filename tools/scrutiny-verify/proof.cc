// scrutiny-verify proof: one entry against its proof.
#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"

#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/verify/verify_proof.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"

namespace scrutiny::tools::verify {
namespace {

struct Flags {
  TrustFlags trust;
  std::string proof;
  std::string entry;
};

absl::StatusOr<Verdict> CheckProof(const Flags& flags) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Trust trust, flags.trust.Read());
  SCRUTINY_ASSIGN_OR_RETURN(const std::string proof,
                            ReadGivenFile(flags.proof, ledger::kTlogProofBytesMax));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string entry,
                            ReadGivenFile(flags.entry, ledger::kEntryBytesMax));
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::ProvenEntry proven,
                            ledger::VerifyProof(proof, entry, trust));
  Verdict verdict;
  verdict.verified = true;
  verdict.sentence = absl::StrCat("These bytes are entry ", proven.index.value(), " of the ledger ",
                                  proven.signed_by.checkpoint.origin, ", on ", proven.record,
                                  ", as recorded on ", TimeInWords(proven.recorded_at_us), ".");
  Describe(proven.signed_by, &verdict);
  verdict.details.emplace_back("Record",
                               absl::StrCat(proven.record, ", revision ", proven.revision));
  verdict.facts["entry"] = proven.index.value();
  verdict.facts["record"] = proven.record;
  verdict.facts["revision"] = proven.revision;
  verdict.facts["fact_type"] = proven.fact_type;
  verdict.facts["recorded_at_us"] = proven.recorded_at_us;
  return verdict;
}

}  // namespace

void AddProof(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app->add_subcommand("proof", "Check that an entry is in the ledger, from its proof alone");
  command->add_option("PROOF", flags->proof, "the proof, a .tlog-proof file")
      ->required()
      ->type_name("");
  command->add_option("ENTRY", flags->entry, "the entry's bytes, a .entry file")
      ->required()
      ->type_name("");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Needs no server and no network: the proof holds the signed checkpoint.\n"
      "\n"
      "Example:\n"
      "  scrutiny-verify proof 12.tlog-proof 12.entry --vkey "
      "'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback(
      [flags, chosen] { chosen->work = [flags](const Console&) { return CheckProof(*flags); }; });
}

}  // namespace scrutiny::tools::verify
