// scrutiny-verify witness: a server that cosigns checkpoints.
#include "ledger/verify/witness.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/random.h"
#include "ledger/base/status.h"
#include "ledger/note/witness_request.h"
#include "services/http/server.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"
#include "tools/scrutiny-verify/witness_http.h"

namespace scrutiny::tools::verify {
namespace {

constexpr int64_t kShutdownMicros = 5'000'000;

struct Flags {
  std::vector<std::string> vkeys;
  std::string state;
  std::string listen = "127.0.0.1:7070";
  std::string name;
  std::string port_file;
};

// Whoever waits for the file sees it whole.
absl::Status WritePortFile(const std::string& path, const std::string& address) {
  const std::string unfinished = absl::StrCat(path, ".new");
  std::ofstream file(unfinished, std::ios::trunc);
  file << "http=" << address << "\n";
  file.close();
  if (file && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return ledger::Error(absl::StatusCode::kUnavailable, ledger::Reason::kUnspecified,
                       absl::StrCat(path, " cannot be written."))
      .Next("Give a file in a folder that can be written.");
}

absl::StatusOr<Verdict> RunWitness(const Flags& flags, const Console& console) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Trust trust, TrustFlags{.vkeys = flags.vkeys}.Read());
  // Before any thread is started, so that all of them leave the signals to the one that waits.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ledger::SystemClock clock;
  ledger::SystemRandom random;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<ledger::Witness> witness,
      ledger::Witness::Open({.folder = flags.state, .name = flags.name, .log_keys = trust.log_keys},
                            clock, random));
  services::HttpServerOptions options;
  options.listen = flags.listen;
  // A witness is there for others, and gives nothing away.
  options.loopback_only = false;
  options.body_bytes_max = ledger::kAddCheckpointBytesMax;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<services::HttpServer> server,
      services::HttpServer::Start(options, [&witness](const services::HttpRequest& request) {
        return AnswerAsWitness(*witness, request);
      }));
  if (!flags.port_file.empty()) {
    SCRUTINY_RETURN_IF_ERROR(WritePortFile(flags.port_file, server->address()));
  }
  console.out << "Witness " << witness->verifier().name << " at http://" << server->address()
              << "\nVerifier key: " << ledger::ToString(witness->verifier()) << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(kShutdownMicros);
  Verdict ended;
  ended.verified = true;
  ended.told = true;
  return ended;
}

}  // namespace

void AddWitness(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app->add_subcommand(
      "witness", "Serve as a witness: cosign checkpoints of ledgers that only grow");
  command->add_option("--state", flags->state, "its folder, made if it is not there")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--vkey", flags->vkeys,
                   "a verifier key of a ledger to watch; may be given more than once")
      ->type_name("KEY")
      ->allow_extra_args(false);
  command->add_option("--listen", flags->listen, "where to listen (127.0.0.1:7070); port 0: any")
      ->type_name("ADDRESS");
  command->add_option("--name", flags->name, "its name, given at the first start")
      ->type_name("NAME");
  command->add_option("--port-file", flags->port_file, "a file to write the address to")
      ->type_name("FILE");
  command->footer(
      "Speaks C2SP tlog-witness: POST /add-checkpoint, GET /<SHA-256 of the origin>/checkpoint.\n"
      "Run it on a machine that the ledger's operator does not control, and keep its folder: it\n"
      "holds the key and what was cosigned. Ends cleanly on SIGTERM.\n"
      "\n"
      "Example:\n"
      "  scrutiny-verify witness --state /var/lib/witness --name witness.example.org \\\n"
      "      --listen 0.0.0.0:7070 --vkey 'scrutiny.example.org+33d7b496+AeHT…'");
  command->callback([flags, chosen] {
    chosen->serves = true;
    chosen->work = [flags](const Console& console) { return RunWitness(*flags, console); };
  });
}

}  // namespace scrutiny::tools::verify
