// `scrutiny confirm-clock`
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/mint.h"

namespace scrutiny::tools {
namespace {

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::ConfirmClockRequest request;
  request.set_reason(args.Get("reason"));
  request.set_request_id(MintRequestId());
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  context.out << "The clock is confirmed, recorded as entry " << response.sequence()
              << "; the ledger takes appends again.\n";
  return absl::OkStatus();
}

}  // namespace

Command ConfirmClockCommand() {
  return {.name = "confirm-clock",
          .summary = "Say that the server's clock was looked at after it jumped",
          .group = kForOperators,
          .options = {{.name = "reason",
                       .help = "What was found: \"time server was down, set by hand\"",
                       .required = true}},
          .run = Run};
}

}  // namespace scrutiny::tools
