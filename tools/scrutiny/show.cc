// `scrutiny show RECORD|ALIAS`
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/entry_printer.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

// `decision 2019/13` is one argument or two; the kind may be said in the singular.
absl::StatusOr<std::string> RecordOf(const Args& args, Client& client) {
  std::vector<std::string> words = args.All("RECORD");
  static const auto* const kKinds = new std::set<std::string>{
      "actions", "decisions", "findings", "forums",  "meetings", "offices",
      "papers",  "persons",   "plans",    "schemes", "sessions", "plan-items"};
  const std::string kind = words[0] + "s";
  if (words.size() > 1 && kKinds->count(kind) > 0) {
    words.erase(words.begin());
    return ResolveName(client, absl::StrJoin(words, " "), kind);
  }
  return ResolveName(client, absl::StrJoin(words, " "), "");
}

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::GetRecordRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_record(), RecordOf(args, context.client));
  const Format format = FormatOf(args);
  EntryPrinter printer(format, context, /*records=*/false);
  std::string cited_by;
  bool first = true;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const auto page, context.client.Call(request));
    if (first && format == Format::kTable) {
      context.out << page.record() << "\n"
                  << (page.state() == ledger::v1::RECORD_STATE_CITED_NOT_HELD
                          ? "Cited by other records, not held itself."
                          : absl::StrCat(Count(page.revision(), "entry", "entries"),
                                         ", the oldest first:"))
                  << "\n\n";
      cited_by = absl::StrJoin(page.cited_by(), ", ");
    }
    first = false;
    SCRUTINY_RETURN_IF_ERROR(printer.PrintAll(page.entries()));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  printer.Finish("");
  if (!cited_by.empty()) context.out << "\nCited by entries " << cited_by << ".\n";
  return absl::OkStatus();
}

}  // namespace

Command ShowCommand() {
  return {.name = "show",
          .summary = "The history of one record, in plain English",
          .group = kForEverybody,
          .details =
              "Examples:\n"
              "  scrutiny show actions/spab/hate-crime-profile\n"
              "  scrutiny show decision 2019/13\n"
              "  scrutiny show \"SPA Board\"",
          .options = {{.name = "RECORD",
                       .help = "A record's name, its number, or a name it goes by",
                       .kind = Option::Kind::kArguments,
                       .value = "",
                       .required = true},
                      FormatOption({"table", "json", "jsonl", "csv"})},
          .run = Run};
}

}  // namespace scrutiny::tools
