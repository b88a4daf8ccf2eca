#include "tools/scrutinyd/daemon.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <signal.h>
#include <string>
#include <thread>
#include <time.h>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "spdlog/spdlog.h"

#include "ledger/append/ledger.h"
#include "ledger/append/sealed_parts.h"
#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/random.h"
#include "ledger/base/status.h"
#include "ledger/papers/paper_store.h"
#include "projections/queries/register_store.h"
#include "services/grpc/server.h"
#include "services/http/address.h"
#include "services/http/server.h"
#include "services/log/ledger_log.h"
#include "services/log/static_log.h"
#include "services/log/witnesses.h"
#include "services/metrics/metrics.h"
#include "services/papers/paper_files.h"
#include "tools/scrutinyd/open_ledger.h"
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
  Watch(ledger::Ledger& ledger, const ledger::Checkpointer& checkpointer,
        projections::RegisterStore& registers, services::GrpcServer& server)
      : ledger_(ledger), checkpointer_(checkpointer), registers_(registers), server_(server) {}

  void Look() {
    const ledger::LedgerStatus status = ledger_.status();
    Changed(&read_only_, status.read_only_because, "takes no appends: ", "takes appends again");
    Changed(
        &clock_, status.clock_unconfirmed ? status.clock_message : "",
        "the clock waits for confirmation (scrutiny confirm-clock): ", "the clock is confirmed");
    if (ledger_.seals() != nullptr) {
      Changed(&erasures_, std::string(ledger_.seals()->CompletePending().message()),
              "an erasure cannot be completed: ", "erasures are completed");
    }
    Changed(&checkpoints_, checkpointer_.status().problem,
            "no checkpoint can be signed: ", "checkpoints are signed again");
    LookAtRegisters();
  }

 private:
  // A register that has stopped is not healthy, and the others are.
  void LookAtRegisters() {
    const auto registers = registers_.ListRegisters({}, 0);
    if (!registers.ok()) return;
    for (const register_::v1::RegisterInfo& info : registers->registers()) {
      server_.SetHealth(absl::StrCat("register/", info.name()), !info.stalled());
    }
  }

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

  ledger::Ledger& ledger_;
  const ledger::Checkpointer& checkpointer_;
  projections::RegisterStore& registers_;
  services::GrpcServer& server_;
  std::string erasures_;
  std::string checkpoints_;
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

void PutWitnesses(const services::Witnesses& witnesses,
                  ::scrutiny::ledger::v1::GetStatusResponse* status) {
  for (const services::WitnessState& state : witnesses.states()) {
    ::scrutiny::ledger::v1::WitnessStatus* const out = status->add_witnesses();
    out->set_url(state.url);
    out->set_name(state.name);
    out->set_cosigned_size(state.cosigned.value());
    out->set_cosigned_at_us(state.cosigned_at_us);
    out->set_problem(state.problem);
  }
}

// Why sealed parts cannot be made and opened, or not be erased.
std::string SealsProblem(const OpenLedger& opened) {
  if (!opened.seals_problem.empty() || opened.keys == nullptr) return opened.seals_problem;
  const absl::Status status = opened.keys->CheckTakesChanges();
  if (status.ok()) return "";
  return absl::StrCat(std::string(status.message()), " ", ledger::InfoOf(status).next);
}

// While a server starts, which with a restore may take long, a signal ends it as it stands.
class EndAtOnceWhileStarting {
 public:
  EndAtOnceWhileStarting() : thread_([this] { Run(); }) {}
  ~EndAtOnceWhileStarting() { Started(); }
  EndAtOnceWhileStarting(const EndAtOnceWhileStarting&) = delete;
  EndAtOnceWhileStarting& operator=(const EndAtOnceWhileStarting&) = delete;

  // From now on signals are for others.
  void Started() {
    started_.store(true);
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    const sigset_t signals = EndSignals();
    while (!started_.load()) {
      const timespec moment = {0, 20'000'000};
      const int signal = sigtimedwait(&signals, nullptr, &moment);
      if (signal <= 0) continue;
      spdlog::warn("{} while starting", signal == SIGINT ? "interrupted" : "asked to end");
      spdlog::default_logger()->flush();
      std::_Exit(128 + signal);
    }
  }

  std::atomic<bool> started_{false};
  std::thread thread_;
};

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
  SCRUTINY_RETURN_IF_ERROR(services::ParseListenAddress(options.listen, true).status());
  if (options.http != kOff) {
    SCRUTINY_RETURN_IF_ERROR(services::ParseListenAddress(options.http, true).status());
  }

  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<services::Witnesses> witnesses,
      services::Witnesses::Create(options.witnesses,
                                  [](const std::string& news) { spdlog::warn("{}", news); }));

  EndAtOnceWhileStarting starting;
  ledger::SystemClock clock;
  ledger::SystemRandom random;
  SCRUTINY_ASSIGN_OR_RETURN(OpenLedger opened,
                            OpenWithIdentity(options, clock, random, *witnesses));
  ledger::Ledger& ledger = *opened.ledger;
  ledger::Checkpointer& checkpointer = *opened.checkpointer;

  projections::RegisterStoreOptions register_options;
  register_options.path = absl::StrCat(options.data, "/registers");
  register_options.on_event = [](const std::string& event) { spdlog::warn("{}", event); };
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<projections::RegisterStore> registers,
                            projections::RegisterStore::Open(ledger, register_options));
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::PaperStore> papers,
                            ledger::PaperStore::Open(absl::StrCat(options.data, "/papers")));
  // From here on it can be closed as it should; a signal waits until everything is there.
  starting.Started();

  services::LedgerLog log(ledger, checkpointer, clock, witnesses.get());
  std::unique_ptr<services::HttpServer> http;
  if (options.http != kOff) {
    services::HttpServerOptions http_options;
    http_options.listen = options.http;
    http_options.methods = {"GET", "OPTIONS"};
    SCRUTINY_ASSIGN_OR_RETURN(
        http, services::HttpServer::Start(http_options, [&](const services::HttpRequest& asked) {
          if (absl::StartsWith(asked.target, services::kPapersPrefix)) {
            return services::ServePaper(*papers, asked);
          }
          if (asked.target == services::kMetricsPath) {
            return services::ServeMetrics({ledger, *registers, *papers, clock}, asked);
          }
          return services::ServeStaticLog(log, asked);
        }));
  }
  const std::string http_address = http == nullptr ? "" : http->address();

  services::ServerOptions server_options;
  server_options.listen = options.listen;
  server_options.version = kServerVersion;
  server_options.checkpointer = &checkpointer;
  server_options.papers = papers.get();
  server_options.add_status = [&](::scrutiny::ledger::v1::GetStatusResponse* status) {
    if (!http_address.empty()) status->set_log_url(absl::StrCat("http://", http_address, "/log"));
    status->set_seals_problem(SealsProblem(opened));
    PutWitnesses(*witnesses, status);
  };
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<services::GrpcServer> server,
      services::GrpcServer::Start(server_options, ledger, registers.get(), clock));
  witnesses->Start(ledger, checkpointer);
  // However this ends, nobody asks the ledger for anything after it is closed.
  const absl::Cleanup stop_witnesses = [&witnesses] { witnesses->Stop(); };

  const ledger::LedgerStatus status = ledger.status();
  spdlog::info("serving ledger {} ({} entries, {}) at {}",
               absl::BytesToHexString(status.identity.ledger_id), status.size.value(),
               status.identity.origin, server->address());
  if (!http_address.empty()) {
    spdlog::info("the checkpoint is at http://{}/log/checkpoint, its key {}", http_address,
                 status.identity.log_key);
  }
  int signal = 0;
  {
    PortFile port_file;
    if (!options.port_file.empty()) {
      SCRUTINY_RETURN_IF_ERROR(port_file.Write(options.port_file, server->address(), http_address));
    }
    Watch watch(ledger, checkpointer, *registers, *server);
    signal = WaitForSignal(watch);
  }
  spdlog::info("{}: draining", signal == SIGINT ? "interrupted" : "asked to end");
  EndAtOnceOnSecondSignal();
  server->Shutdown(kDrainMicros);
  if (http != nullptr) http->Shutdown(kDrainMicros);
  witnesses->Stop();
  checkpointer.Stop();
  SCRUTINY_RETURN_IF_ERROR(registers->Close());
  SCRUTINY_RETURN_IF_ERROR(ledger.Close());
  spdlog::info("closed");
  return absl::OkStatus();
}

}  // namespace scrutiny::tools
