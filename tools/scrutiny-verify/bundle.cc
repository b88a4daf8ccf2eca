// scrutiny-verify bundle: an export in one file, to the byte.
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/status.h"
#include "ledger/verify/verify_bundle.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"
#include "tools/scrutiny-verify/progress.h"

namespace scrutiny::tools::verify {
namespace {

struct Flags {
  TrustFlags trust;
  std::string file;
};

std::string SentenceOf(const ledger::BundleReport& report) {
  const ledger::LogReport& log = report.log;
  const std::string& origin = log.checkpoint.origin;
  if (!log.verified()) {
    return absl::StrCat("The export of ", origin, " is not whole, or not what its key signed, in ",
                        Counted(log.damages_total, "place", "places"), ":");
  }
  const std::string reservation = Reservation(log);
  const std::string entries = Counted(log.entries, "entry", "entries");
  if (report.whole_log) {
    return absl::StrCat("The file holds the whole ledger ", origin, ", all ", entries,
                        " as its key signed them, and every byte of it is accounted for.",
                        reservation.empty() ? "" : " The ledger was started anew: ", reservation);
  }
  return absl::StrCat("The file holds ", entries, " of the ledger ", origin, ", on ",
                      Counted(log.records, "record", "records"),
                      ", each as its key signed it, and every byte of it is accounted for.");
}

// What was asked for, and how much of it is there.
void TellAskedFor(const ledger::BundleReport& report, Verdict* verdict) {
  std::string counts;
  std::vector<std::string> none;
  for (size_t i = 0; i < report.asked_for.size(); ++i) {
    absl::StrAppend(&counts, i == 0 ? "" : ", ", report.asked_for[i], " (",
                    Counted(report.found[i], "entry", "entries"), ")");
    if (report.found[i] == 0) none.push_back(report.asked_for[i]);
  }
  verdict->details.emplace_back("Asked for", counts);
  verdict->facts["asked_for"] = report.asked_for;
  verdict->facts["found"] = report.found;
  if (!none.empty()) {
    verdict->notices.push_back(
        absl::StrCat("The file holds no entry on ", absl::StrJoin(none, ", "), "."));
  }
  verdict->notices.push_back(
      "That each record has no further entries up to this checkpoint, and that no record of those "
      "asked for is left out as a whole, this file cannot show; `scrutiny-verify complete` shows "
      "it from the whole ledger.");
}

absl::StatusOr<Verdict> CheckBundle(const Flags& flags, const Console& console) {
  ledger::VerifyOptions options;
  SCRUTINY_ASSIGN_OR_RETURN(options.trust, flags.trust.Read());
  SCRUTINY_RETURN_IF_ERROR(UsageError(ledger::OpenFile::Open(flags.file).status()));
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::BundleLog> bundle,
                            ledger::BundleLog::Open(flags.file));
  ProgressBar bar(console.err, console.err_is_terminal, "Checking");
  options.progress = [&bar](uint64_t done, uint64_t total) { bar.Show(done, total); };
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::BundleReport report,
                            ledger::VerifyBundle(*bundle, options));
  Verdict verdict;
  Describe(report.log, &verdict);
  verdict.sentence = SentenceOf(report);
  verdict.facts["whole_ledger"] = report.whole_log;
  if (!report.whole_log) {
    TellAskedFor(report, &verdict);
  }
  return verdict;
}

}  // namespace

void AddBundle(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app->add_subcommand("bundle", "Check an export in one file, whole ledger or chosen records");
  command->add_option("FILE", flags->file, "the export, a .tar file")->required()->type_name("");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Every byte is held to the checksums and the canonical form of the file, every entry to the\n"
      "signed root.\n"
      "\n"
      "Example:\n"
      "  scrutiny-verify bundle ledger.tar --vkey 'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback([flags, chosen] {
    chosen->work = [flags](const Console& console) { return CheckBundle(*flags, console); };
  });
}

}  // namespace scrutiny::tools::verify
