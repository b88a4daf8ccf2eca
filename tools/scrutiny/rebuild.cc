// `scrutiny rebuild [REGISTER...]`
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

absl::Status Run(const Args& args, Context& context) {
  register_::v1::RebuildRequest request;
  for (const std::string& name : args.All("REGISTER")) request.add_registers(name);
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
    return absl::UnavailableError("the server ended the rebuild before it was finished");
  }
  context.out << "Rebuilt from " << Count(last.total(), "entry", "entries") << " in "
              << absl::FormatDuration(absl::Trunc(absl::Now() - begun, absl::Milliseconds(1)))
              << ".\n";
  return absl::OkStatus();
}

}  // namespace

Command RebuildCommand() {
  return {.name = "rebuild",
          .summary = "Throw registers away and fold them again from the entries",
          .group = kForOperators,
          .details = "The ledger is not touched.",
          .options = {{.name = "REGISTER",
                       .help = "Such as actions; all if none is named (scrutiny status lists them)",
                       .kind = Option::Kind::kArguments,
                       .value = ""}},
          .run = Run};
}

}  // namespace scrutiny::tools
