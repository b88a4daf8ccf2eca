// `scrutiny status`
#include "ledger/base/status.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "tools/scrutiny/commands.h"
#include "tools/support/proto_json.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

// `of 412 entries, signed 3 seconds ago`.
std::string CheckpointCell(const ledger::v1::GetStatusResponse& status) {
  std::string text = "none is signed yet";
  if (status.checkpoint_size() > 0) {
    text = absl::StrCat("of ", Count(status.checkpoint_size(), "entry", "entries"), ", signed ",
                        SpanInWords(status.server_time_us() - status.checkpoint_at_us()), " ago");
  }
  if (!status.checkpoint_problem().empty()) {
    absl::StrAppend(&text, "; NO NEW ONE can be signed: ", status.checkpoint_problem());
  }
  return text;
}

void PrintWitnesses(const ledger::v1::GetStatusResponse& status, Context& context) {
  if (status.witnesses().empty()) return;
  Table table({"Witness", "Countersigned", "When", "Problem"});
  for (const ledger::v1::WitnessStatus& witness : status.witnesses()) {
    const bool any = witness.cosigned_size() > 0;
    table.Add(
        {witness.name(),
         any ? Count(witness.cosigned_size(), "entry", "entries") : std::string("nothing"),
         any ? absl::StrCat(SpanInWords(status.server_time_us() - witness.cosigned_at_us()), " ago")
             : "",
         witness.problem()},
        witness.url());
  }
  context.out << table.Render(context.width) << "\n";
}

void PrintTable(const ledger::v1::GetStatusResponse& status,
                const register_::v1::ListRegistersResponse& registers,
                const std::vector<std::string>& keys, Context& context) {
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
  ledger.Add({"Checkpoint", CheckpointCell(status)});
  for (const std::string& key : keys) {
    ledger.Add({&key == &keys.front() ? "Public key" : "Signs too", key});
  }
  ledger.Add({"Log", status.log_url()});
  ledger.Add({"Seals", status.seals_problem().empty()
                           ? std::string("can be made and opened")
                           : absl::StrCat("TROUBLE: ", status.seals_problem())});
  ledger.Add({"Waiting", Count(status.queued_appends(), "append", "appends")});
  ledger.Add({"Followers", absl::StrCat(status.subscribers())});
  ledger.Add({"Server", absl::StrCat(status.server_version(), " at ", context.client.server())});
  context.out << ledger.Render(context.width) << "\n";
  if (status.clock_unconfirmed()) {
    context.out
        << "Look at the server's clock, then run: scrutiny confirm-clock --reason \"…\"\n\n";
  }

  PrintWitnesses(status, context);
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
  // A server that signs nothing yet has no answer to this, and says so above.
  const auto checkpoint = context.client.Call(ledger::v1::GetCheckpointRequest());
  std::vector<std::string> keys;
  if (checkpoint.ok()) {
    keys.assign(checkpoint->verifier_keys().begin(), checkpoint->verifier_keys().end());
  }
  if (FormatOf(args) != Format::kJson) {
    PrintTable(status, registers, keys, context);
    return absl::OkStatus();
  }
  context.out << "[\n{\"ledger\":" << ToJson(status) << ",\"registers\":" << ToJson(registers)
              << ",\"verifier_keys\":" << nlohmann::json(keys).dump() << "}\n]\n";
  return absl::OkStatus();
}

}  // namespace

Command StatusCommand() {
  return {.name = "status",
          .summary = "How the ledger, its proofs, registers and server do",
          .group = kForOperators,
          .details = "Example:\n  scrutiny status --format json",
          .options = {FormatOption({"table", "json"})},
          .run = Run};
}

}  // namespace scrutiny::tools
