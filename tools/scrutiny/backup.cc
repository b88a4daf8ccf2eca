// `scrutiny backup DIR` and `scrutiny backup-keys DIR`
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

// The folder as the server must hear it: from the root.
absl::StatusOr<std::string> ReadDirectory(const Args& args) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(args.Get("DIR"), error);
  if (error || args.Get("DIR").empty()) {
    return UsageError(absl::StrCat("DIR: \"", args.Get("DIR"), "\" is no folder"));
  }
  return path.lexically_normal().string();
}

absl::Status Backup(const Args& args, Context& context) {
  ledger::v1::BackupRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_directory(), ReadDirectory(args));
  Progress progress(context.err, context.err_is_terminal, "Backing up");
  ledger::v1::BackupResponse last;
  const absl::Status status =
      context.client.Backup(request, [&](const ledger::v1::BackupResponse& response) {
        last = response;
        progress.Show(last.bytes_done(), last.bytes_total(), SizeInWords(last.bytes_done()));
        return absl::OkStatus();
      });
  progress.Clear();
  SCRUTINY_RETURN_IF_ERROR(status);
  if (!last.done()) {
    return absl::UnavailableError(
        absl::StrCat("the server ended the backup before it was finished; what stands in ",
                     request.directory(), " is of no use"));
  }
  context.out << "Backed up " << Count(last.size(), "entry", "entries") << " in "
              << Count(last.files(), "file", "files") << ", " << SizeInWords(last.bytes_total())
              << ", on the server's machine in " << request.directory() << ".\n"
              << "To check it there: scrutiny-verify backup " << request.directory()
              << " --vkey KEY\n"
              << "Keys are not in it: `scrutiny backup-keys` copies those of what is sealed.\n";
  return absl::OkStatus();
}

absl::Status BackupKeys(const Args& args, Context& context) {
  ledger::v1::BackupKeysRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_directory(), ReadDirectory(args));
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  context.out << "Copied " << Count(response.keys(), "key", "keys") << " of epoch "
              << response.epoch() << ", on the server's machine, to " << request.directory()
              << ".\n"
              << "Whoever has the copy can open what is sealed. Keep it apart from backups of the "
                 "ledger,\nand destroy it in time: an erasure holds only once no copy from before "
                 "it is left.\n";
  return absl::OkStatus();
}

Option DirectoryArgument() {
  return {.name = "DIR",
          .help =
              "A folder on the server's machine, from the current one if not from the root; "
              "made if it is not there, else it must be empty",
          .kind = Option::Kind::kArgument,
          .value = "",
          .required = true};
}

}  // namespace

Command BackupCommand() {
  return {.name = "backup",
          .summary = "Copy the ledger into a folder, while it serves",
          .group = kForOperators,
          .details =
              "The copy has a signed manifest with the size and SHA-256 of every file. Keys are\n"
              "not in it.\n"
              "Example:\n"
              "  scrutiny backup /srv/backups/2026-11-24",
          .options = {DirectoryArgument()},
          .run = Backup};
}

Command BackupKeysCommand() {
  return {.name = "backup-keys",
          .summary = "Copy the keys of what is sealed into a folder",
          .group = kForOperators,
          .details =
              "Keep it apart from the backups of the ledger: together they open what is sealed,\n"
              "also what was erased after both were made.\n"
              "Example:\n"
              "  scrutiny backup-keys /media/safe/keys-2026-11-24",
          .options = {DirectoryArgument()},
          .run = BackupKeys};
}

}  // namespace scrutiny::tools
