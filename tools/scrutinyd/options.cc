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
  app.add_option("--http", options.http,
                 "Loopback address and port for the static log over HTTP; port 0 picks a free one, "
                 "`off` serves none")
      ->type_name("ADDR")
      ->capture_default_str();
  app.add_option("--port-file", options.port_file,
                 "File to write the addresses to once the server serves, as grpc=ADDR http=ADDR")
      ->type_name("FILE");
  app.add_option("--origin", options.origin,
                 "Origin of a new ledger, or of a new incarnation; fixed for ever")
      ->type_name("NAME");
  app.add_option(
         "--identity", options.identity,
         "Folder of the signing key and the checkpoint log, outside the data folder; made if "
         "it is not there [DATA.identity]")
      ->type_name("DIR");
  app.add_option("--keys", options.keys,
                 "Folder of the key store for sealed parts, outside the data folder; `off` seals "
                 "nothing [DATA.keys]")
      ->type_name("DIR");
  app.add_option("--key-backup-days", options.key_backup_days,
                 "Days after which no backup of the key store is kept: what an erasure reports as "
                 "unrecoverable by")
      ->type_name("DAYS")
      ->check(CLI::Range(0, 3650))
      ->capture_default_str();
  app.add_option("--witness", options.witnesses,
                 "A witness that is asked to countersign each checkpoint; may be repeated")
      ->type_name("URL=VKEY")
      ->allow_extra_args(false);
  auto* const restore =
      app.add_option(
             "--restore", options.restore,
             "Restore the ledger from a backup's folder or an export before serving it; repeated, "
             "a later one adds what the first lacks")
          ->type_name("PATH")
          ->allow_extra_args(false);
  app.add_option(
         "--vkey", options.vkeys,
         "A key that may have signed what is restored, besides those of the identity folder")
      ->type_name("VKEY")
      ->needs(restore)
      ->allow_extra_args(false);
  auto* const incarnation = app.add_flag(
      "--new-incarnation", options.new_incarnation,
      "Go on under a new key and origin, after something signed was lost; recorded for ever");
  auto* const reason = app.add_option("--reason", options.reason,
                                      "Why there is a new incarnation; the same reason again, as "
                                      "in a service's restart, begins no other")
                           ->type_name("TEXT")
                           ->needs(incarnation);
  incarnation->needs(reason);
  app.add_flag("--without-tree", options.without_tree)->group("");  // scrutiny-bench tree
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
