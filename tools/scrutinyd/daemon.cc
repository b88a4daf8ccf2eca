#include "tools/scrutinyd/daemon.h"

#include <cstdlib>
#include <memory>
#include <signal.h>
#include <string>
#include <thread>
#include <time.h>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "spdlog/spdlog.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/status.h"
#include "projections/queries/register_store.h"
#include "services/grpc/server.h"
#include "tools/scrutinyd/port_file.h"

namespace scrutiny::tools {
namespace {

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// Says once what an operator must see to, and once when it is over.
class Watch {
 public:
  explicit Watch(const ledger::Ledger& ledger) : ledger_(ledger) {}

  void Look() {
    const ledger::LedgerStatus status = ledger_.status();
    Changed(&read_only_, status.read_only_because, "takes no appends: ", "takes appends again");
    Changed(
        &clock_, status.clock_unconfirmed ? status.clock_message : "",
        "the clock waits for confirmation (scrutiny confirm-clock): ", "the clock is confirmed");
  }

 private:
  static void Changed(std::string* was, const std::string& is, const char* trouble,
                      const char* over) {
    if (*was == is) return;
    if (is.empty()) {
      spdlog::info("{}", over);
    } else {
      spdlog::error("{}{}", trouble, is);
    }
    *was = is;
  }

  const ledger::Ledger& ledger_;
  std::string read_only_;
  std::string clock_;
};

// Waits for a signal, looking at the ledger once a second.
int WaitForSignal(Watch& watch) {
  const sigset_t signals = EndSignals();
  for (;;) {
    const timespec second = {1, 0};
    const int signal = sigtimedwait(&signals, nullptr, &second);
    if (signal > 0) return signal;
    watch.Look();
  }
}

// The next signal ends the program as it stands; the stores survive that.
void EndAtOnceOnSecondSignal() {
  std::thread([] {
    const sigset_t signals = EndSignals();
    int signal = 0;
    sigwait(&signals, &signal);
    std::_Exit(128 + signal);
  }).detach();
}

}  // namespace

void BlockSignals() {
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A log that nobody reads any more must not end the server.
  ::signal(SIGPIPE, SIG_IGN);
}

absl::Status RunDaemon(const DaemonOptions& options) {
  // Before anything is opened: a mistake here must not make a ledger.
  SCRUTINY_RETURN_IF_ERROR(services::CheckLoopback(options.listen));

  ledger::SystemClock clock;
  ledger::LedgerOptions ledger_options;
  ledger_options.data = options.data;
  ledger_options.origin = options.origin;
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::Ledger> ledger,
                            ledger::Ledger::Open(ledger_options));
  projections::RegisterStoreOptions register_options;
  register_options.path = absl::StrCat(options.data, "/registers");
  register_options.on_event = [](const std::string& event) { spdlog::warn("{}", event); };
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<projections::RegisterStore> registers,
                            projections::RegisterStore::Open(*ledger, register_options));
  services::ServerOptions server_options;
  server_options.listen = options.listen;
  server_options.version = kServerVersion;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<services::GrpcServer> server,
      services::GrpcServer::Start(server_options, *ledger, registers.get(), clock));

  const ledger::LedgerStatus status = ledger->status();
  spdlog::info("serving ledger {} ({} entries, {}) at {}",
               absl::BytesToHexString(status.identity.ledger_id), status.size.value(),
               status.identity.origin, server->address());
  int signal = 0;
  {
    PortFile port_file;
    if (!options.port_file.empty()) {
      SCRUTINY_RETURN_IF_ERROR(port_file.Write(options.port_file, server->address()));
    }
    Watch watch(*ledger);
    signal = WaitForSignal(watch);
  }
  spdlog::info("{}: draining", signal == SIGINT ? "interrupted" : "asked to end");
  EndAtOnceOnSecondSignal();
  server->Shutdown(kDrainMicros);
  SCRUTINY_RETURN_IF_ERROR(registers->Close());
  SCRUTINY_RETURN_IF_ERROR(ledger->Close());
  spdlog::info("closed");
  return absl::OkStatus();
}

}  // namespace scrutiny::tools
