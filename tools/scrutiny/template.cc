// `scrutiny template actions|forward-plan|attendance|decisions|persons|findings`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/record_csv.h"

namespace scrutiny::tools {

Command TemplateCommand() {
  Command command{
      .name = "template",
      .summary = "The columns of a spreadsheet for `record … --from FILE.csv`",
      .group = kForSecretaries,
      .details =
          "The first row is the headings; a row that begins with # and a space is an example\n"
          "and is left out when the file is read. Columns may be left out or change places;\n"
          "every flag of the verb may be a column. Lists (owner, amount, …) are separated by ;.\n"
          "The column sealed_for says for whom what is personal or restricted in a row is sealed.\n"
          "Example:\n"
          "  scrutiny template actions > actions.csv\n"
          "  scrutiny record action --from actions.csv --dry-run",
      .run = [](const Args& args, Context& context) {
        for (const CsvTemplate& csv : CsvTemplates()) {
          if (csv.name == args.Get("NAME")) context.out << TemplateText(csv);
        }
        return absl::OkStatus();
      }};
  Option name{.name = "NAME",
              .help = "Of what",
              .kind = Option::Kind::kArgument,
              .value = "",
              .required = true};
  for (const CsvTemplate& csv : CsvTemplates()) name.choices.push_back(csv.name);
  command.options.push_back(std::move(name));
  return command;
}

}  // namespace scrutiny::tools
