// `scrutiny records [PREFIX]`
#include "nlohmann/json.hpp"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/csv.h"

namespace scrutiny::tools {
namespace {

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::ListRecordsRequest request;
  request.set_prefix(args.Get("PREFIX"));
  const Format format = FormatOf(args);
  nlohmann::json rows = nlohmann::json::array();
  if (format == Format::kCsv) context.out << WriteCsvRow({"record"});
  bool any = false;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const auto page, context.client.Call(request));
    for (const std::string& record : page.records()) {
      any = true;
      if (format == Format::kJson) {
        rows.push_back({{"record", record}});
      } else {
        context.out << (format == Format::kCsv ? WriteCsvRow({record}) : record + "\n");
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (format == Format::kJson) context.out << rows.dump(1) << "\n";
  if (!any && format == Format::kTable) context.out << "No record's name begins so.\n";
  return absl::OkStatus();
}

}  // namespace

Command RecordsCommand() {
  return {.name = "records",
          .summary = "Names of records, by how they begin",
          .group = kForEverybody,
          .details = "Example:\n  scrutiny records actions/spab",
          .options = {{.name = "PREFIX",
                       .help = "How the name begins; all if not given",
                       .kind = Option::Kind::kArgument,
                       .value = ""},
                      FormatOption()},
          .run = Run};
}

}  // namespace scrutiny::tools
