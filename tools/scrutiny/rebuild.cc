// `scrutiny rebuild [REGISTER...]`
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::RebuildOrder;
using register_::v1::RebuildOutcome;

constexpr size_t kDigestShown = 16;

struct OrderFlag {
  const char* name;
  RebuildOrder order;
  const char* help;
};
constexpr OrderFlag kOrders[] = {
    {"fresh", register_::v1::REBUILD_ORDER_FRESH, "Begin again, not where a rebuild was cancelled"},
    {"accept", register_::v1::REBUILD_ORDER_ACCEPT,
     "Serve what was rebuilt even if it is not the same"},
    {"cancel", register_::v1::REBUILD_ORDER_CANCEL, "Stop a rebuild; it can go on later"},
    {"roll-back", register_::v1::REBUILD_ORDER_ROLL_BACK,
     "Go back to the register served before the last rebuild"},
    {"discard", register_::v1::REBUILD_ORDER_DISCARD,
     "Throw away what was rebuilt and not served, and the register served before"},
};

absl::StatusOr<RebuildOrder> OrderOf(const Args& args) {
  RebuildOrder order = register_::v1::REBUILD_ORDER_UNSPECIFIED;
  for (const OrderFlag& flag : kOrders) {
    if (!args.Has(flag.name)) continue;
    if (order != register_::v1::REBUILD_ORDER_UNSPECIFIED) {
      return UsageError("give one of --fresh, --accept, --cancel, --roll-back and --discard");
    }
    order = flag.order;
  }
  return order;
}

std::string Short(const std::string& digest) {
  return absl::BytesToHexString(digest).substr(0, kDigestShown);
}

// What came of one register; whether it went well.
bool Tell(const RebuildOutcome& outcome, RebuildOrder order, Context& context) {
  context.out << outcome.register_() << ": ";
  switch (outcome.end()) {
    case register_::v1::REBUILD_END_SWITCHED:
      context.out << (order == register_::v1::REBUILD_ORDER_ROLL_BACK ? "served as before"
                                                                      : "rebuilt");
      if (!outcome.has_compared_at()) {
        context.out << "; there was nothing to compare it with";
      } else if (outcome.served_digest() == outcome.built_digest()) {
        context.out << ", the same digest " << Short(outcome.built_digest()) << " at entry "
                    << outcome.compared_at();
      } else {
        context.out << ", NOT the same: digest " << Short(outcome.built_digest()) << " at entry "
                    << outcome.compared_at() << ", it was " << Short(outcome.served_digest());
        if (outcome.has_first_difference()) {
          context.out << "; first different at entry " << outcome.first_difference();
        }
      }
      context.out << ".\n";
      return true;
    case register_::v1::REBUILD_END_CANCELLED:
      context.out << "cancelled; `scrutiny rebuild " << outcome.register_()
                  << "` goes on where it was.\n";
      return order == register_::v1::REBUILD_ORDER_CANCEL;
    case register_::v1::REBUILD_END_DIFFERS:
      context.out << "rebuilt, and NOT the same: digest " << Short(outcome.built_digest())
                  << " at entry " << outcome.compared_at() << ", what is served has "
                  << Short(outcome.served_digest());
      if (outcome.has_first_difference()) {
        context.out << "; first different at entry " << outcome.first_difference();
      }
      context.out << ". What was served still is. Take the new one with `scrutiny rebuild --accept "
                  << outcome.register_() << "`, or throw it away with --discard.\n";
      return false;
    case register_::v1::REBUILD_END_FAILED:
      context.out << "could not be built: " << outcome.because() << "\n";
      return false;
    case register_::v1::REBUILD_END_DISCARDED:
      context.out << "nothing stands beside it any more.\n";
      return true;
    default:
      context.out << "nothing to do.\n";
      return true;
  }
}

absl::Status Run(const Args& args, Context& context) {
  register_::v1::RebuildRequest request;
  for (const std::string& name : args.All("REGISTER")) request.add_registers(name);
  SCRUTINY_ASSIGN_OR_RETURN(const RebuildOrder order, OrderOf(args));
  request.set_order(order);
  Progress progress(context.err, context.err_is_terminal, "Rebuilding");
  register_::v1::RebuildResponse last;
  const absl::Time begun = absl::Now();
  const absl::Status status =
      context.client.Rebuild(request, [&](const register_::v1::RebuildResponse& response) {
        last = response;
        progress.Show(last.done(), last.total(), Count(last.done(), "entry", "entries"));
        return absl::OkStatus();
      });
  progress.Clear();
  SCRUTINY_RETURN_IF_ERROR(status);
  if (!last.finished()) {
    return absl::UnavailableError(
        "the server went away before the rebuild was finished; it goes on when the server is back");
  }
  bool well = true;
  for (const RebuildOutcome& outcome : last.outcomes()) {
    well = Tell(outcome, order, context) && well;
  }
  const bool built =
      order != register_::v1::REBUILD_ORDER_CANCEL && order != register_::v1::REBUILD_ORDER_DISCARD;
  if (built && well) {
    context.out << "Rebuilt from " << Count(last.total(), "entry", "entries") << " in "
                << absl::FormatDuration(absl::Trunc(absl::Now() - begun, absl::Milliseconds(1)))
                << ".\n";
  }
  return well ? absl::OkStatus()
              : absl::FailedPreconditionError("not every register could be rebuilt; see above");
}

}  // namespace

Command RebuildCommand() {
  Command command{
      .name = "rebuild",
      .summary = "Fold registers again from the entries, and compare",
      .group = kForOperators,
      .details =
          "Each register is built again beside the one that is served, which nobody notices. The\n"
          "new one is served once it is level and has the same digest; if it has not, the old one\n"
          "still is, and you decide. A rebuild outlives this command and a restart of the server.\n"
          "The ledger is not touched.",
      .options = {{.name = "REGISTER",
                   .help = "Such as actions; all if none is named (scrutiny registers lists them)",
                   .kind = Option::Kind::kArguments,
                   .value = ""}},
      .run = Run};
  for (const OrderFlag& flag : kOrders) {
    command.options.push_back(
        {.name = flag.name, .help = flag.help, .kind = Option::Kind::kSwitch});
  }
  return command;
}

}  // namespace scrutiny::tools
