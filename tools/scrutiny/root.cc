// The program as a whole.
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

Command RootCommand() {
  Command root{
      .name = "scrutiny",
      .summary =
          "Records, looks up and follows what an office that holds a service to account does.",
      .details =
          "Each command explains itself: scrutiny record --help\n"
          "Exit codes: 0 done, 1 refused or failed, 2 called in a wrong way.",
      .options =
          {
              {.name = "server",
               .help = "The server; else $SCRUTINY_SERVER, else 127.0.0.1:7443",
               .value = "HOST:PORT"},
              {.name = "verbose",
               .help = "With an error also its code, reason and particulars",
               .kind = Option::Kind::kSwitch},
          },
      .commands =
          {
              RecordCommand(),      TemplateCommand(),   ImportCommand(),       AppendCommand(),
              CorrectCommand(),     WithdrawCommand(),   OpenCommand(),         SubjectCommand(),
              EraseCommand(),       ActionsCommand(),    ForwardPlanCommand(),  DecisionsCommand(),
              ResolutionsCommand(), AssuranceCommand(),  FindingsCommand(),     SessionsCommand(),
              SchemesCommand(),     MeetingsCommand(),   MeetingCommand(),      MinutesCommand(),
              ShowCommand(),        RecordsCommand(),    ExplainCommand(),      DiffCommand(),
              RegistersCommand(),   ReplayCommand(),     WatchCommand(),        KeyCommand(),
              CheckpointCommand(),  ReceiptCommand(),    ConsistencyCommand(),  ExportCommand(),
              StatusCommand(),      RebuildCommand(),    ConfirmClockCommand(), BackupCommand(),
              BackupKeysCommand(),  CompletionCommand(), PaperCommand(),
          },
  };
  for (const ListedRegister& listed : ListedRegisters()) {
    root.commands.push_back(ListCommand(listed));
  }
  return root;
}

}  // namespace scrutiny::tools
