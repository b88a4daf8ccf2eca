// The command line of the scrutiny ledger, for people and scripts.
//
// Reads the command line, runs one command against the server, turns its Status into a sentence on
// standard error and an exit code: 0 done, 1 refused or failed, 2 called in a wrong way. The only
// place that catches exceptions.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

#include "CLI/Error.hpp"

#include "tools/scrutiny/commands.h"

namespace scrutiny::tools {
namespace {

constexpr char kDefaultServer[] = "127.0.0.1:7443";

size_t TerminalWidth() {
  winsize size{};
  const bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_col >= 40 ? size.ws_col : kWidthWithoutTerminal;
}

std::string ServerOf(const Args& args) {
  if (args.Has("server")) return args.Get("server");
  const char* from_environment = std::getenv("SCRUTINY_SERVER");
  return from_environment == nullptr || *from_environment == '\0' ? kDefaultServer
                                                                  : from_environment;
}

int Run(const CommandLine& line) {
  const Args& args = line.args();
  const std::string server = ServerOf(args);
  if (const absl::Status fits = CheckServer(server); !fits.ok()) {
    std::cerr << fits.message() << "\n";
    return 2;
  }
  Client client(server);
  Context context{.client = client,
                  .out = std::cout,
                  .err = std::cerr,
                  .err_is_terminal = isatty(STDERR_FILENO) != 0,
                  .width = TerminalWidth(),
                  .verbose = args.Has("verbose"),
                  .root = &line.root(),
                  .in = std::cin,
                  .in_is_terminal = isatty(STDIN_FILENO) != 0};
  const absl::Status status = line.command().run(args, context);
  std::cout.flush();
  if (!status.ok()) std::cerr << ErrorInWords(status, context.verbose) << "\n";
  if (status.ok() && !std::cout) {
    std::cerr << "The output could not be written.\n";
    return 1;
  }
  if (IsUsageError(status)) return 2;
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace scrutiny::tools

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    scrutiny::tools::CommandLine line(scrutiny::tools::RootCommand());
    try {
      line.Parse(argc, argv);
    } catch (const CLI::Error& error) {
      return line.Explain(error);
    }
    return scrutiny::tools::Run(line);
  } catch (const std::exception& error) {
    std::cerr << "Internal error: " << error.what() << "\n";
    return 1;
  }
}
