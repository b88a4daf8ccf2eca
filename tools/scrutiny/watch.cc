// `scrutiny watch`
#include <atomic>
#include <csignal>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/entry_printer.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

// The only thing a signal handler may touch.
volatile std::sig_atomic_t interrupted = 0;
void OnSignal(int) { interrupted = 1; }

// Between a stream that broke and the next; the client itself waits for the server to be there.
constexpr absl::Duration kPause = absl::Milliseconds(200);

// Ends the client's stream when the user interrupts.
class Interrupter {
 public:
  explicit Interrupter(Client& client) {
    std::signal(SIGINT, OnSignal);
    std::signal(SIGTERM, OnSignal);
    thread_ = std::thread([this, &client] {
      while (!done_ && !interrupted) absl::SleepFor(absl::Milliseconds(50));
      if (interrupted) client.Stop();
    });
  }
  ~Interrupter() {
    done_ = true;
    thread_.join();
  }
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

absl::StatusOr<ledger::v1::SubscribeRequest> ReadRequestFlags(const Args& args) {
  ledger::v1::SubscribeRequest request;
  if (args.Has("from") && args.Has("live")) {
    return UsageError("--from and --live are two different beginnings; name one");
  }
  if (args.Has("from")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t from, ReadSequence(args.Get("from"), "--from"));
    request.set_from_sequence(from);
  }
  if (args.Has("live")) request.set_live(true);
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_filter(), ReadFilter(args));
  return request;
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(ledger::v1::SubscribeRequest request, ReadRequestFlags(args));
  const Format format = FormatOf(args);
  EntryPrinter printer(format, context);
  const Interrupter interrupter(context.client);
  bool connected = false;
  while (true) {
    const absl::Status status =
        context.client.Subscribe(request, [&](const ledger::v1::SubscribeResponse& step) {
          connected = true;
          *request.mutable_cursor() = step.cursor();
          if (step.caught_up() && format == Format::kTable) {
            context.err << "Level with the ledger at entry " << step.head_sequence()
                        << "; waiting for more. Ctrl-C ends.\n";
          }
          return printer.PrintAll(step.entries());
        });
    if (interrupted) return absl::OkStatus();
    // A server that was never there is an error; one that went away comes back.
    if (!status.ok() && (!absl::IsUnavailable(status) || !connected)) return status;
    context.err << "The server went away; trying again…\n";
    absl::SleepFor(kPause);
    if (interrupted) return absl::OkStatus();
  }
}

}  // namespace

Command WatchCommand() {
  Command command{
      .name = "watch",
      .summary = "Entries as they are recorded, without gap or repeat",
      .group = kForAuditors,
      .details =
          "Goes on by itself, where it was, when the server comes back.\n"
          "Example:\n  scrutiny watch --live --type DecisionTaken --format jsonl",
      .options =
          {
              {.name = "from", .help = "First entry; the beginning if not given", .value = "SEQ"},
              {.name = "live",
               .help = "Only what is recorded from now on",
               .kind = Option::Kind::kSwitch},
          },
      .run = Run};
  for (Option& option : FilterOptions()) command.options.push_back(std::move(option));
  command.options.push_back(FormatOption({"table", "jsonl", "csv"}));
  return command;
}

}  // namespace scrutiny::tools
