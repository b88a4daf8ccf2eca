// tools/scrutiny/commands.h
// Every command of the program; each has a file of its own.
#ifndef SCRUTINY_TOOLS_SCRUTINY_COMMANDS_H_
#define SCRUTINY_TOOLS_SCRUTINY_COMMANDS_H_

#include "tools/scrutiny/command_line.h"
#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

// Headings of `scrutiny --help`, by who comes for what.
inline constexpr char kForSecretaries[] = "Record (board secretary)";
inline constexpr char kForEverybody[] = "Look up (everybody)";
inline constexpr char kForAuditors[] = "Replay and follow (auditor, reporting service)";
inline constexpr char kForOperators[] = "Run (operator)";

Command RootCommand();

Command ActionsCommand();
Command AppendCommand();
Command AssuranceCommand();
Command AssuranceMapCommand();
Command BackupCommand();
Command BackupKeysCommand();
Command CheckpointCommand();
Command CompletionCommand();
Command ConfirmClockCommand();
Command ConsistencyCommand();
Command CorrectCommand();
Command DecisionsCommand();
Command DiffCommand();
Command EraseCommand();
Command ExplainCommand();
Command ExportCommand();
Command FindingsCommand();
Command ForwardPlanCommand();
Command ImportCommand();
Command KeyCommand();
Command MeetingCommand();
Command MeetingsCommand();
Command MinutesCommand();
Command OpenCommand();
Command PaperCommand();
Command RebuildCommand();
Command ReceiptCommand();
Command RecordCommand();
Command RecordsCommand();
Command ReplayCommand();
Command RegistersCommand();
Command ResolutionsCommand();
Command SchemesCommand();
Command SessionsCommand();
Command ShowCommand();
Command StatusCommand();
Command SubjectCommand();
Command TemplateCommand();
Command WatchCommand();
Command WithdrawCommand();

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_COMMANDS_H_
