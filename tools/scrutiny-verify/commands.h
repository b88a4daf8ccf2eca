// tools/scrutiny-verify/commands.h
// The commands of scrutiny-verify; one file each. A command adds itself to the command line and,
// once it was chosen and its flags are read, leaves behind the work to do.
//
// Threads:  confined to the main thread.
// Tests:    tests/tools/scrutiny-verify/commands_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_COMMANDS_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_COMMANDS_H_

#include <functional>
#include <ostream>

#include "absl/status/statusor.h"

#include "tools/scrutiny-verify/verdict.h"

namespace CLI {
class App;
}  // namespace CLI

namespace scrutiny::tools::verify {

// Where a command may write while it works; its verdict is printed by the caller.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

using Work = std::function<absl::StatusOr<Verdict>(const Console&)>;

// What the command line came to.
struct Chosen {
  Work work;
  bool json = false;
  // It serves and gives no verdict: what keeps it from starting is told as an error.
  bool serves = false;
};

void AddLog(CLI::App* app, Chosen* chosen);
void AddProof(CLI::App* app, Chosen* chosen);
void AddConsistency(CLI::App* app, Chosen* chosen);
void AddComplete(CLI::App* app, Chosen* chosen);
void AddBundle(CLI::App* app, Chosen* chosen);
void AddBackup(CLI::App* app, Chosen* chosen);
void AddWitness(CLI::App* app, Chosen* chosen);

// All of them, and what the program says of itself.
void AddCommands(CLI::App* app, Chosen* chosen);

// Does the work and prints what it came to. The exit code: 0 verified, 1 not, 2 called in a wrong
// way.
int RunChosen(const Chosen& chosen, const Console& console);

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_COMMANDS_H_
