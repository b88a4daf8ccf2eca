#include "tools/scrutinyd/options.h"

#include <iostream>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"

namespace scrutiny::tools {

DaemonOptions ReadOptions(int argc, char** argv, absl::optional<int>* exit) {
  DaemonOptions options;
  CLI::App app("The server of the scrutiny ledger.", "scrutinyd");
  app.set_version_flag("--version", std::string("scrutinyd ") + kServerVersion);
  app.add_option("--data", options.data, "Folder of the ledger; made if it is not there")
      ->required()
      ->type_name("DIR");
  app.add_option("--listen", options.listen,
                 "Loopback address and port for gRPC; port 0 picks a free one")
      ->type_name("ADDR")
      ->capture_default_str();
  app.add_option("--port-file", options.port_file,
                 "File to write the address to once the server serves, as grpc=ADDR")
      ->type_name("FILE");
  app.add_option("--origin", options.origin, "Origin of a new ledger, fixed for ever")
      ->type_name("NAME");
  app.add_option("--log-level", options.log_level, "How much to log")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--log-format", options.log_format, "How to log")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    *exit = app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }
  return options;
}

}  // namespace scrutiny::tools
