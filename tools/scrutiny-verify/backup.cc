// scrutiny-verify backup: a backup's folder against its signed manifest.
#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "ledger/note/vkey.h"
#include "ledger/verify/backup_manifest.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"
#include "tools/scrutiny-verify/progress.h"

namespace scrutiny::tools::verify {
namespace {

struct Flags {
  TrustFlags trust;
  std::string folder;
};

absl::StatusOr<Verdict> CheckFolder(const Flags& flags, const Console& console) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Trust trust, flags.trust.Read());
  SCRUTINY_RETURN_IF_ERROR(CheckFolderIsThere(flags.folder));
  ProgressBar bar(console.err, console.err_is_terminal, "Checking bytes");
  SCRUTINY_ASSIGN_OR_RETURN(
      const ledger::BackupReport report,
      ledger::CheckBackup(flags.folder, trust, 0, [&bar](uint64_t done, uint64_t total) {
        bar.Show(done, total);
        return true;
      }));
  const ledger::BackupManifest& manifest = report.manifest;
  Verdict verdict;
  if (report.checkpoint.has_value()) Describe(*report.checkpoint, &verdict);
  uint64_t bytes = 0;
  for (const ledger::BackupFile& file : manifest.files) bytes += file.bytes;
  verdict.verified = report.damages.empty();
  verdict.damages = report.damages;
  verdict.damages_total = report.damages.size();
  const std::string made = TimeInWords(manifest.created_at * 1'000'000);
  verdict.sentence =
      verdict.verified
          ? absl::StrCat("The backup of ", manifest.origin, ", made on ", made, ", has all its ",
                         Counted(manifest.files.size(), "file", "files"),
                         ", as the ledger signed them, and no others.")
          : absl::StrCat("The backup of ", manifest.origin, ", made on ", made,
                         ", is not as the ledger signed it, in ",
                         Counted(report.damages.size(), "place", "places"), ":");
  verdict.details.emplace_back(
      "Backup", absl::StrCat(Counted(manifest.size.value(), "entry", "entries"), ", ",
                             Counted(bytes, "byte", "bytes")));
  verdict.facts["origin"] = manifest.origin;
  verdict.facts["ledger_id"] = ledger::ToHex(manifest.ledger_id);
  verdict.facts["backup_size"] = manifest.size.value();
  verdict.facts["created_at"] = manifest.created_at;
  verdict.facts["files"] = manifest.files.size();
  verdict.facts["bytes"] = bytes;
  verdict.notices.push_back(
      "This shows that the files are those the ledger copied. That its entries are what was "
      "signed, "
      "`scrutiny-verify log` shows from a server that runs on a copy of them.");
  return verdict;
}

}  // namespace

void AddBackup(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app->add_subcommand("backup", "Check a backup: every file there, none changed, none added");
  command->add_option("FOLDER", flags->folder, "the backup's folder")->required()->type_name("");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Example:\n"
      "  scrutiny-verify backup /srv/backup/2026-03-03 --vkey "
      "'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback([flags, chosen] {
    chosen->work = [flags](const Console& console) { return CheckFolder(*flags, console); };
  });
}

}  // namespace scrutiny::tools::verify
