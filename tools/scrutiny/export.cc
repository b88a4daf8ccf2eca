// `scrutiny export --all FILE`, `--records NAME,… FILE`, `--record-prefix PREFIX FILE`
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/export_bundle.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

absl::StatusOr<ExportWish> ReadWish(const Args& args, Client& client) {
  ExportWish wish;
  wish.file = args.Get("FILE");
  wish.replace = args.Has("force");
  for (const std::string& names : args.All("records")) {
    for (const absl::string_view name : absl::StrSplit(names, ',', absl::SkipWhitespace())) {
      SCRUTINY_ASSIGN_OR_RETURN(wish.records.emplace_back(),
                                ResolveName(client, absl::StripAsciiWhitespace(name), ""));
    }
  }
  wish.prefixes = args.All("record-prefix");
  for (const std::string& prefix : wish.prefixes) {
    const absl::Status valid = ledger::ValidateRecordPrefix(prefix, "record");
    if (!valid.ok()) return UsageError(absl::StrCat("--record-prefix: ", valid.message()));
  }
  const bool chosen = !wish.records.empty() || !wish.prefixes.empty();
  if (args.Has("all") && chosen) {
    return UsageError(
        "--all is the whole ledger, --records and --record-prefix are some records of it; not "
        "both");
  }
  if (!args.Has("all") && !chosen) {
    return UsageError(
        "say what to export: --all for the whole ledger, or --records NAME,… and --record-prefix "
        "PREFIX for some records");
  }
  if (wish.records.size() + wish.prefixes.size() > ledger::kFilterTermsMax) {
    return UsageError(absl::StrCat("--records and --record-prefix name more than ",
                                   ledger::kFilterTermsMax, "; export them in parts"));
  }
  return wish;
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const ExportWish wish, ReadWish(args, context.client));
  const absl::StatusOr<Exported> exported = Export(wish, context);
  if (absl::IsAlreadyExists(exported.status())) {
    return absl::AlreadyExistsError(absl::StrCat(
        "the file ", wish.file, " is there already; name another, or replace it with --force"));
  }
  SCRUTINY_RETURN_IF_ERROR(exported.status());
  context.out << "Exported " << Count(exported->entries, "entry", "entries") << " of "
              << exported->checkpoint.origin << ", under its checkpoint of "
              << Count(exported->checkpoint.size.value(), "entry", "entries") << ", to "
              << wish.file << " (" << SizeInWords(exported->bytes) << ").\n"
              << "To check it:\n  scrutiny-verify bundle " << wish.file << " --vkey KEY\n"
              << kAboutKey;
  return absl::OkStatus();
}

}  // namespace

Command ExportCommand() {
  return {
      .name = "export",
      .summary = "The ledger, or some of its records, as one file that proves itself",
      .group = kForAuditors,
      .details =
          "A .tar with the signed checkpoint, the entries as stored, all hashes or a proof of\n"
          "each entry, and the description of the formats; nothing that is sealed. Computed\n"
          "here from the entries, and written only if it goes with the signed checkpoint.\n"
          "Examples:\n"
          "  scrutiny export --all ledger.tar\n"
          "  scrutiny export --records decisions/derbyshire/hr,meetings/spab/2019-03-18 hr.tar\n"
          "  scrutiny export --record-prefix actions/spab spab.tar",
      .options = {{.name = "FILE",
                   .help = "The file; not replaced if it is there",
                   .kind = Option::Kind::kArgument,
                   .value = "",
                   .required = true},
                  {.name = "all", .help = "The whole ledger", .kind = Option::Kind::kSwitch},
                  {.name = "records",
                   .help = "Only these records: names, numbers or names they go by",
                   .kind = Option::Kind::kValues,
                   .value = "NAME,…"},
                  {.name = "record-prefix",
                   .help = "Only records under this beginning of whole segments",
                   .kind = Option::Kind::kValues,
                   .value = "PREFIX"},
                  {.name = "force",
                   .help = "Replace the file if it is there",
                   .kind = Option::Kind::kSwitch}},
      .run = Run};
}

}  // namespace scrutiny::tools
