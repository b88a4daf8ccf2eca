#include "tools/scrutiny-verify/commands.h"

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"

namespace scrutiny::tools::verify {

void AddCommands(CLI::App* app, Chosen* chosen) {
  app->require_subcommand(1);
  app->get_formatter()->column_width(34);
  app->set_help_flag("--help,-h", "What this does");
  app->footer(
      "The keys that are believed are the ones you give, and no others. Get the ledger's from its\n"
      "office, in print or on its own pages, not from the server that is to be checked.\n"
      "\n"
      "Exit code: 0 verified, 1 not verified, 2 called in a wrong way.");
  for (const auto add :
       {AddLog, AddProof, AddConsistency, AddComplete, AddBundle, AddBackup, AddWitness}) {
    add(app, chosen);
  }
  for (CLI::App* command : app->get_subcommands(nullptr)) {
    command->set_help_flag("--help,-h", "What this command does");
  }
}

int RunChosen(const Chosen& chosen, const Console& console) {
  const absl::StatusOr<Verdict> verdict = chosen.work(console);
  if (!verdict.ok() && IsUsageError(verdict.status())) {
    console.err << InWords(verdict.status()) << "\n";
    return 2;
  }
  if (!verdict.ok() && chosen.serves) {
    console.err << InWords(verdict.status()) << "\n";
    return 1;
  }
  if (!verdict.ok()) {
    PrintError(verdict.status(), chosen.json, console.out);
  } else if (!verdict->told) {
    Print(*verdict, chosen.json, console.out);
  }
  console.out.flush();
  if (!console.out) {
    console.err << "The verdict could not be written.\n";
    return 1;
  }
  return verdict.ok() && verdict->verified ? 0 : 1;
}

}  // namespace scrutiny::tools::verify
