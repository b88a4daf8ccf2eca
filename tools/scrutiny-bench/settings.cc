#include "tools/scrutiny-bench/settings.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"

namespace scrutiny::bench {
namespace {

const std::vector<std::string>& AllKinds() {
  static const auto& kinds = *new std::vector<std::string>{
      "append-single", "append-receipts", "append-bulk", "read", "subscribe",
      "proof",         "verify",          "rebuild",     "seal", "tree"};
  return kinds;
}

// scrutinyd beside this program.
std::string ServerBesideUs() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (error ? std::filesystem::path("scrutinyd") : self.parent_path() / "scrutinyd").string();
}

}  // namespace

Settings ReadSettings(int argc, char** argv, absl::optional<int>* exit) {
  Settings settings;
  settings.program = ServerBesideUs();
  settings.folder = std::filesystem::temp_directory_path().string();
  bool spawn = false;
  CLI::App app("Measures a scrutiny server over gRPC.", "scrutiny-bench");
  std::vector<std::string> choices = AllKinds();
  choices.push_back("all");
  app.add_option("what", settings.what, "What to measure, in this order; all by default")
      ->check(CLI::IsMember(choices));
  CLI::Option* const server =
      app.add_option("--server", settings.server,
                     "A server that runs already; what is appended stays in its ledger")
          ->type_name("ADDR");
  app.add_flag("--spawn", spawn, "Start a server on a temporary folder (the default)")
      ->excludes(server);
  app.add_option("--program", settings.program, "The scrutinyd to start")->type_name("FILE");
  app.add_option("--folder", settings.folder, "Where the temporary folder is made")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--entries", settings.entries, "Entries of the bulk append")
      ->check(CLI::Range(uint64_t{100}, uint64_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--clients", settings.clients, "Clients of the single appends, each in turn")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  app.add_option("--connections", settings.connections, "Connections that clients share, at most")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--batch", settings.batch, "Facts of one append of the bulk append")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "Seconds of a round that is not counted in entries")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  app.add_option("--rounds", settings.rounds, "Rounds; medians are reported")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "Seed of what is appended")->capture_default_str();
  app.add_option("--json", settings.json, "File for the figures as JSON")->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    *exit = app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }
  const bool all =
      settings.what.empty() || std::count(settings.what.begin(), settings.what.end(), "all") > 0;
  if (all) settings.what = AllKinds();
  return settings;
}

}  // namespace scrutiny::bench
