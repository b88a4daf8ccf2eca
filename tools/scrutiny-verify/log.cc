// scrutiny-verify log: a whole log against its signed checkpoint.
#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/verify/verify_bundle.h"
#include "ledger/verify/verify_log.h"
#include "tools/scrutiny-verify/check_log.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"

namespace scrutiny::tools::verify {
namespace {

struct Flags {
  TrustFlags trust;
  std::string where;
};

std::string SentenceOf(const ledger::LogReport& report) {
  if (!report.verified()) return Contradicted(report);
  const std::string reservation = Reservation(report);
  return absl::StrCat(
      "All ", Counted(report.entries, "entry", "entries"), " of the ledger ",
      report.checkpoint.origin, " are exactly those its key signed; ",
      reservation.empty()
          ? "none is missing, changed or out of place."
          : absl::StrCat("none is changed or out of place. The ledger was started anew: ",
                         reservation));
}

absl::StatusOr<Verdict> CheckLog(const Flags& flags, const Console& console) {
  ledger::VerifyOptions options;
  SCRUTINY_ASSIGN_OR_RETURN(options.trust, flags.trust.Read());
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::LogReport report,
                            VerifySource(flags.where, options, console));
  Verdict verdict;
  Describe(report, &verdict);
  verdict.sentence = SentenceOf(report);
  return verdict;
}

}  // namespace

void AddLog(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app->add_subcommand("log",
                                          "Check a whole ledger: nothing changed, nothing "
                                          "missing");
  command->add_option("LOG", flags->where, kSourceHelp)->required()->type_name("");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Reads every entry, computes the tree over them anew and compares it with every file of\n"
      "hashes and with the signed root; then checks that the entries follow from one another.\n"
      "\n"
      "Example:\n"
      "  scrutiny-verify log http://127.0.0.1:8080/log --vkey "
      "'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback([flags, chosen] {
    chosen->work = [flags](const Console& console) { return CheckLog(*flags, console); };
  });
}

}  // namespace scrutiny::tools::verify
