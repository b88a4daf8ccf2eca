// `scrutiny key` and `scrutiny key rotate --reason TEXT`
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/mint.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

absl::Status Print(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const auto response,
                            context.client.Call(ledger::v1::GetCheckpointRequest()));
  if (response.verifier_keys().empty()) {
    return ledger::Error(ledger::Reason::kCorrupt, "the server names no key that signs");
  }
  for (const std::string& key : response.verifier_keys()) {
    context.out << key << "\n";
    if (!args.Has("all")) break;
  }
  return absl::OkStatus();
}

absl::Status Rotate(const Args& args, Context& context) {
  ledger::v1::RotateKeyRequest request;
  request.set_reason(args.Get("reason"));
  request.set_request_id(MintRequestId());
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  context.out << "The ledger signs with a new key from now on, recorded as entry "
              << response.sequence() << ":\n  " << response.verifier_key() << "\n";
  if (response.both_sign_until_us() > 0) {
    context.out << "The one before signs too until " << MomentInWords(response.both_sign_until_us())
                << "; tell those who check the ledger the new key by then.\n";
  }
  return absl::OkStatus();
}

}  // namespace

Command KeyCommand() {
  return {.name = "key",
          .summary = "The public key that the ledger's signature is checked with",
          .group = kForAuditors,
          .details =
              "One line on standard output, fit to be kept and passed on. A key that the server\n"
              "itself hands out proves nothing about the server: compare it with one that was\n"
              "published elsewhere or kept from before.\n"
              "Examples:\n"
              "  scrutiny-verify bundle ledger.tar --vkey \"$(scrutiny key)\"\n"
              "  scrutiny key rotate --reason \"The year is over\"",
          .options = {{.name = "all",
                       .help = "Every key that signs now, the newest first, one a line",
                       .kind = Option::Kind::kSwitch}},
          .commands = {{.name = "rotate",
                        .summary = "Make a new key; the one before signs too for 90 days",
                        .group = kForOperators,
                        .details = "Example:\n  scrutiny key rotate --reason \"The year is over\"",
                        .options = {{.name = "reason",
                                     .help = "Why: \"the server was moved\"",
                                     .required = true}},
                        .run = Rotate}},
          .run = Print};
}

}  // namespace scrutiny::tools
