#include "tools/scrutiny/context.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "tools/support/output_file.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

constexpr absl::string_view kUsageKey = "scrutiny/usage";

using ledger::Error;
using ledger::Reason;

// `meetings` as `meeting`, for a sentence.
std::string OneOf(absl::string_view kind) {
  if (kind.empty()) return "record";
  std::string one = FieldInWords(kind);
  if (absl::EndsWith(one, "s")) one.pop_back();
  return one;
}

}  // namespace

Option FormatOption(std::vector<std::string> choices) {
  return {.name = "format",
          .help = "How to print it; a table by default",
          .value = "FORMAT",
          .choices = std::move(choices)};
}

Format FormatOf(const Args& args) {
  const std::string format = args.Get("format");
  if (format == "json") return Format::kJson;
  if (format == "jsonl") return Format::kJsonLines;
  return format == "csv" ? Format::kCsv : Format::kTable;
}

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageKey, absl::Cord());
  return status;
}

bool IsUsageError(const absl::Status& status) { return status.GetPayload(kUsageKey).has_value(); }

absl::Status Prefixed(absl::string_view prefix, const absl::Status& status) {
  if (status.ok()) return status;
  absl::Status prefixed(status.code(), absl::StrCat(prefix, status.message()));
  status.ForEachPayload(
      [&](absl::string_view key, const absl::Cord& value) { prefixed.SetPayload(key, value); });
  return prefixed;
}

std::string ErrorInWords(const absl::Status& status, bool verbose) {
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  const absl::string_view message = absl::StripTrailingAsciiWhitespace(status.message());
  // A sentence begins with a capital; the name of a file or a flag stays as it is.
  const absl::string_view first = message.substr(0, message.find(' '));
  const bool word = std::all_of(first.begin(), first.end(), absl::ascii_isalpha);
  std::string text = word ? Capitalised(message) : std::string(message);
  const bool list = absl::StrContains(text, '\n');
  if (!text.empty() && !list && !absl::StrContains(".!?", text.substr(text.size() - 1)))
    text += '.';
  // A rule's own sentence says how to go on.
  const bool said = info.reason == Reason::kRuleRefused || absl::StrContains(text, info.next);
  if (!info.next.empty() && !said) {
    absl::StrAppend(&text, "\n", Capitalised(info.next));
  }
  if (!verbose) return text;
  absl::StrAppend(&text, "\n  code:   ", absl::StatusCodeToString(status.code()));
  const auto line = [&](absl::string_view name, absl::string_view value) {
    if (!value.empty()) absl::StrAppend(&text, "\n  ", name, value);
  };
  if (info.reason != Reason::kUnspecified) line("reason: ", ledger::ReasonName(info.reason));
  line("field:  ", info.field);
  line("record: ", info.record);
  line("value:  ", info.value);
  line("rule:   ", info.rule);
  line("next:   ", info.next);
  if (info.fact_index.has_value()) line("fact:   ", absl::StrCat(*info.fact_index));
  return text;
}

absl::StatusOr<std::string> ResolveName(Client& client, absl::string_view text,
                                        absl::string_view kind) {
  if (text.empty()) return UsageError(absl::StrCat("no ", OneOf(kind), " is named"));
  // 2019/13 has the shape of a record's name too, but is a number.
  const bool is_name = ledger::ValidateRecordName(text).ok() && absl::ascii_isalpha(text[0]);
  if (is_name && (kind.empty() || ledger::RecordKind(text) == kind)) return std::string(text);

  ledger::v1::ResolveRequest request;
  request.set_alias(std::string(text));
  request.set_kind(std::string(kind));
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::v1::ResolveResponse found, client.Call(request));
  if (found.candidates_size() == 1) return found.candidates(0).record();
  if (found.candidates_size() > 1) {
    std::string message = absl::StrCat("\"", text, "\" may be any of these; name one:");
    for (const ledger::v1::ResolvedRecord& candidate : found.candidates()) {
      absl::StrAppend(&message, "\n  ", candidate.record(), "  (", candidate.matched(), ", entry ",
                      candidate.sequence(), ")");
    }
    return Error(Reason::kMalformed, message).Value(text);
  }
  // Perhaps a name without its kind: `spab/2019-03-18`.
  const std::string with_kind = absl::StrCat(kind, "/", text);
  if (!kind.empty() && ledger::ValidateRecordName(with_kind).ok()) {
    ledger::v1::GetRecordRequest get;
    get.set_record(with_kind);
    get.set_page_size(1);
    const auto record = client.Call(get);
    if (record.ok()) return with_kind;
    if (!absl::IsNotFound(record.status())) return record.status();
  }
  return Error(Reason::kNotFound,
               absl::StrCat("no ", OneOf(kind), " is called \"", text, "\"; scrutiny records",
                            kind.empty() ? "" : " ", kind, " lists those there are"))
      .Value(text);
}

absl::StatusOr<uint64_t> ReadSequence(absl::string_view text, absl::string_view name) {
  uint64_t sequence = 0;
  if (absl::SimpleAtoi(text, &sequence)) return sequence;
  return UsageError(absl::StrCat(name, ": \"", text, "\" is not an entry's sequence; write 212"));
}

absl::StatusOr<uint64_t> ReadNumber(absl::string_view text, absl::string_view name) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  return UsageError(absl::StrCat(name, ": \"", text, "\" is not a whole number"));
}

Option OutOption(absl::string_view what) {
  return {.name = "out",
          .help = absl::StrCat(what,
                               " into this file, which is replaced if it is there; else on "
                               "standard output"),
          .value = "FILE"};
}

absl::Status PutOut(const Args& args, absl::string_view bytes, Context& context) {
  if (!args.Has("out")) {
    context.out << bytes;
    return absl::OkStatus();
  }
  SCRUTINY_RETURN_IF_ERROR(WriteFile(args.Get("out"), bytes, /*replace=*/true));
  context.out << "Written to " << args.Get("out") << ".\n";
  return absl::OkStatus();
}

}  // namespace scrutiny::tools
