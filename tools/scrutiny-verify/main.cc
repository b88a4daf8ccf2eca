// The independent checker: whether a ledger is what its key signed. It shares no code with the
// server but the formats.
//
// Reads the command line, runs one command, turns what it came to into a sentence and an exit code:
// 0 verified, 1 not, 2 called in a wrong way. The only place that catches exceptions.
#include <exception>
#include <iostream>
#include <unistd.h>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Error.hpp"
#include "CLI/Formatter.hpp"
#include "google/protobuf/stubs/logging.h"

#include "tools/scrutiny-verify/commands.h"

int main(int argc, char** argv) {
  namespace verify = scrutiny::tools::verify;
  std::ios::sync_with_stdio(false);
  // Bytes that are no message are told in the verdict, not beside it.
  google::protobuf::SetLogHandler(nullptr);
  try {
    CLI::App app("Checks a scrutiny ledger, or a part of it, without trusting its server.",
                 "scrutiny-verify");
    verify::Chosen chosen;
    verify::AddCommands(&app, &chosen);
    try {
      app.parse(argc, argv);
    } catch (const CLI::Error& error) {
      return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
    }
    const verify::Console console{
        .out = std::cout, .err = std::cerr, .err_is_terminal = isatty(STDERR_FILENO) != 0};
    return verify::RunChosen(chosen, console);
  } catch (const std::exception& error) {
    std::cerr << "Internal error: " << error.what() << "\n";
    return 1;
  }
}
