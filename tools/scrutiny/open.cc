// `scrutiny open SEQUENCE`
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/proto_json.h"
#include "tools/support/seals.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using event::v1::Proposed;
using ledger::v1::SealedPart;

std::string StateCell(const SealedPart& part) {
  switch (part.state()) {
    case ledger::v1::SEAL_STATE_OPENED:
      return "opened";
    case ledger::v1::SEAL_STATE_ERASED:
      return part.has_erased_by() ? absl::StrCat("erased, by entry ", part.erased_by())
                                  : std::string("erased");
    case ledger::v1::SEAL_STATE_NO_KEY:
      return "closed: its key is not here, or was destroyed";
    case ledger::v1::SEAL_STATE_NO_CIPHERTEXT:
      return "not here, and no erasure names it";
    default:
      return "closed";
  }
}

// What an opened part says; a whole fact is told above the parts.
std::string TextCell(const SealedPart& part) {
  Proposed opened;
  if (part.state() != ledger::v1::SEAL_STATE_OPENED || part.field_path().empty()) return "";
  if (!opened.ParseFromString(part.payload())) return "";
  const auto place = Locate(&opened, part.field_path());
  return place.ok() ? FieldText(*place->message, place->field) : "";
}

void PrintTable(const event::v1::Entry& entry, const ledger::v1::OpenSealedResponse& response,
                Context& context) {
  const Proposed& opened = response.opened();
  context.out << "Entry " << entry.assigned().sequence() << ", recorded "
              << MomentInWords(entry.assigned().recorded_at_us()) << ", on " << opened.record()
              << "\n";
  if (!opened.has_sealed_fact()) context.out << Capitalised(InWords(opened.occurred())) << ". ";
  context.out << Describe(opened) << "\n\n";
  if (response.parts().empty()) {
    context.out << "Nothing of it is sealed.\n";
    return;
  }
  Table table({"Sealed part", "For", "State", "What it says"});
  for (const SealedPart& part : response.parts()) {
    table.Add({PartInWords(part.field_path()), part.sealed_for(), StateCell(part), TextCell(part)});
  }
  context.out << table.Render(context.width);
}

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::OpenSealedRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t sequence,
                            ReadSequence(args.Get("SEQUENCE"), "SEQUENCE"));
  request.set_sequence(sequence);
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  event::v1::Entry entry;
  if (!entry.ParseFromString(response.entry())) {
    return ledger::Error(ledger::Reason::kCorrupt, "the server sent bytes that are no entry");
  }
  if (FormatOf(args) == Format::kJson) {
    context.out << "[\n" << ToJson(response) << "\n]\n";
  } else {
    PrintTable(entry, response, context);
  }
  return absl::OkStatus();
}

}  // namespace

Command OpenCommand() {
  return {.name = "open",
          .summary = "One entry with what is sealed in it, for who may read it",
          .group = kForSecretaries,
          .details =
              "Says of each sealed part for whom it is sealed, and whether it was erased. What is\n"
              "opened is shown here and written nowhere.\n"
              "Example:\n"
              "  scrutiny open 212",
          .options = {{.name = "SEQUENCE",
                       .help = "The entry's sequence",
                       .kind = Option::Kind::kArgument,
                       .value = "",
                       .required = true},
                      FormatOption({"table", "json"})},
          .run = Run};
}

}  // namespace scrutiny::tools
