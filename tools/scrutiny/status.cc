// `scrutiny status`
#include "ledger/base/status.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "tools/scrutiny/commands.h"
#include "tools/support/proto_json.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

void PrintTable(const ledger::v1::GetStatusResponse& status,
                const register_::v1::ListRegistersResponse& registers, Context& context) {
  Table ledger({"Ledger", status.origin()});
  ledger.Add({"Id", absl::BytesToHexString(status.ledger_id())});
  ledger.Add({"Incarnation", absl::StrCat(status.incarnation())});
  ledger.Add({"Format", absl::StrCat(status.format_version())});
  ledger.Add({"Entries", absl::StrCat(status.size())});
  ledger.Add({"Newest", status.size() == 0
                            ? "none"
                            : absl::StrCat("entry ", status.size() - 1, ", recorded ",
                                           MomentInWords(status.head_recorded_at_us()))});
  ledger.Add({"Takes appends", status.read_only_because().empty()
                                   ? "yes"
                                   : absl::StrCat("no: ", status.read_only_because())});
  ledger.Add({"Clock", status.clock_unconfirmed()
                           ? absl::StrCat("must be confirmed: ", status.clock_message())
                           : std::string("fine")});
  ledger.Add({"Waiting", Count(status.queued_appends(), "append", "appends")});
  ledger.Add({"Followers", absl::StrCat(status.subscribers())});
  ledger.Add({"Server", absl::StrCat(status.server_version(), " at ", context.client.server())});
  context.out << ledger.Render(context.width) << "\n";
  if (status.clock_unconfirmed()) {
    context.out
        << "Look at the server's clock, then run: scrutiny confirm-clock --reason \"…\"\n\n";
  }

  Table table({"Register", "Rows", "Up to entry", "State"});
  for (const register_::v1::RegisterInfo& info : registers.registers()) {
    std::string state = "level";
    if (info.stalled()) {
      state = absl::StrCat("STOPPED: ", info.stalled_because());
    } else if (!info.has_position() || info.position() < registers.head_sequence()) {
      state = "catching up";
    }
    table.Add({info.name(), absl::StrCat(info.rows()),
               info.has_position() ? absl::StrCat(info.position()) : "none", state});
  }
  context.out << table.Render(context.width);
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const auto status, context.client.Call(ledger::v1::GetStatusRequest()));
  SCRUTINY_ASSIGN_OR_RETURN(const auto registers,
                            context.client.Call(register_::v1::ListRegistersRequest()));
  if (FormatOf(args) != Format::kJson) {
    PrintTable(status, registers, context);
    return absl::OkStatus();
  }
  context.out << "[\n{\"ledger\":" << ToJson(status) << ",\"registers\":" << ToJson(registers)
              << "}\n]\n";
  return absl::OkStatus();
}

}  // namespace

Command StatusCommand() {
  return {.name = "status",
          .summary = "How the ledger, its registers and its server do",
          .group = kForOperators,
          .options = {FormatOption({"table", "json"})},
          .run = Run};
}

}  // namespace scrutiny::tools
