#include "tools/scrutiny/entry_printer.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/csv.h"
#include "tools/support/describe.h"
#include "tools/support/proto_json.h"
#include "tools/support/seals.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

// `      212  `: what stands before a line, and before those that continue it.
constexpr size_t kMargin = 9;

std::string TypeName(const event::v1::Entry& entry) {
  const auto* type = ledger::FindFactType(ledger::FactType(entry.assigned().fact_type()));
  return type == nullptr ? absl::StrCat(entry.assigned().fact_type()) : type->name;
}

}  // namespace

EntryPrinter::EntryPrinter(Format format, Context& context, bool records)
    : format_(format), context_(context), records_(records) {}

absl::Status EntryPrinter::Print(const std::string& bytes) {
  event::v1::Entry entry;
  if (!entry.ParseFromString(bytes)) {
    return Error(Reason::kCorrupt, "the server sent bytes that are no entry");
  }
  switch (format_) {
    case Format::kTable:
      PrintLines(entry);
      break;
    case Format::kJson:
    case Format::kJsonLines:
      PrintJson(ToJson(entry));
      break;
    case Format::kCsv:
      PrintCsv(entry);
      break;
  }
  ++printed_;
  return absl::OkStatus();
}

absl::Status EntryPrinter::PrintProved(const ledger::v1::ReadResponse& batch) {
  SCRUTINY_ASSIGN_OR_RETURN(const ProofsBySequence proofs, ProofsBySequence::From(batch.proofs()));
  for (const std::string& bytes : batch.entries()) {
    event::v1::Entry entry;
    if (!entry.ParseFromString(bytes)) {
      return Error(Reason::kCorrupt, "the server sent bytes that are no entry");
    }
    SCRUTINY_ASSIGN_OR_RETURN(const std::string json, proofs.EntryWithProof(entry, bytes));
    PrintJson(json);
    ++printed_;
  }
  context_.out << std::flush;
  return absl::OkStatus();
}

void EntryPrinter::PrintJson(absl::string_view json) {
  if (format_ == Format::kJsonLines) {
    context_.out << json << "\n";
  } else {
    context_.out << (printed_ == 0 ? "[\n" : ",\n") << json;
  }
}

void EntryPrinter::PrintLines(const event::v1::Entry& entry) {
  const event::v1::Assigned& assigned = entry.assigned();
  std::string head;
  // When it happened is sealed too.
  if (!entry.proposed().has_sealed_fact()) {
    head = absl::StrCat(InWords(entry.proposed().occurred()), "  ");
  }
  if (records_) absl::StrAppend(&head, entry.proposed().record(), "  ");
  absl::StrAppend(&head, "(recorded ", MomentInWords(assigned.recorded_at_us()), ")");
  context_.out << absl::StrFormat("%7d  ", assigned.sequence()) << head << "\n";
  std::string text = Describe(entry);
  for (const event::v1::Number& number : assigned.numbers()) {
    absl::StrAppend(&text, "; numbered ", InWords(number));
  }
  for (const std::string& line : Wrapped(text, std::max(context_.width, kMargin + 20) - kMargin)) {
    context_.out << std::string(kMargin, ' ') << line << "\n";
  }
}

void EntryPrinter::PrintCsv(const event::v1::Entry& entry) {
  if (printed_ == 0) {
    context_.out << WriteCsvRow(
        {"sequence", "recorded_at", "date", "record", "revision", "type", "text", "request_id"});
  }
  const event::v1::Assigned& assigned = entry.assigned();
  const event::v1::Occurred& occurred = entry.proposed().occurred();
  context_.out << WriteCsvRow(
      {absl::StrCat(assigned.sequence()), MomentAsIso(assigned.recorded_at_us()),
       occurred.on().empty() ? occurred.latest() : occurred.on(), entry.proposed().record(),
       absl::StrCat(assigned.revision()), TypeName(entry), Describe(entry), assigned.request_id()});
}

void EntryPrinter::Finish(absl::string_view empty) {
  if (format_ == Format::kJson) context_.out << (printed_ == 0 ? "[]\n" : "\n]\n");
  if (format_ == Format::kTable && printed_ == 0) context_.out << empty << "\n";
  context_.out << std::flush;
}

std::vector<Option> FilterOptions() {
  return {
      {.name = "record",
       .help = "Only this record, or all under this beginning of whole segments",
       .kind = Option::Kind::kValues,
       .value = "RECORD"},
      {.name = "type",
       .help = "Only facts of this type, such as ActionRaised or action-raised; or of several: A,B",
       .kind = Option::Kind::kValues,
       .value = "TYPE"}};
}

namespace {

// Names hold no comma, so several may stand behind one flag.
std::vector<std::string> SplitAtCommas(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const std::string& value : values) {
    for (const absl::string_view name : absl::StrSplit(value, ',')) {
      const absl::string_view bare = absl::StripAsciiWhitespace(name);
      names.emplace_back(bare.data(), bare.size());
    }
  }
  return names;
}

}  // namespace

absl::StatusOr<ledger::v1::EntryFilter> ReadFilter(const Args& args) {
  ledger::v1::EntryFilter filter;
  for (const std::string& name : SplitAtCommas(args.All("type"))) {
    const ledger::FactTypeInfo* type = ledger::FindFactType(name);
    if (type == nullptr) {
      std::string close;
      for (const ledger::FactTypeInfo& known : ledger::AllFactTypes()) {
        if (Folded(known.name).find(Folded(name)) != std::string::npos) {
          absl::StrAppend(&close, close.empty() ? "; there are " : ", ", known.name);
        }
      }
      return UsageError(absl::StrCat("--type: there is no type of fact \"", name, "\"", close));
    }
    filter.add_fact_types(type->type.value());
  }
  for (const std::string& record : args.All("record")) {
    const absl::Status valid = ledger::ValidateRecordPrefix(record, "record");
    if (!valid.ok()) return UsageError(absl::StrCat("--record: ", valid.message()));
    filter.add_record_prefixes(record);
  }
  return filter;
}

}  // namespace scrutiny::tools
