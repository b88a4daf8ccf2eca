// `scrutiny diff REGISTER --from … --to …`
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::DiffRegisterRequest;
using register_::v1::FieldDiff;
using register_::v1::RowDiff;
using register_::v1::View;

constexpr char kRecordedBy[] = "recorded-by";
constexpr char kTrueOn[] = "true-on";
constexpr char kKnownTo[] = "known-to";

// The clock's hand at `text`, in the view.
absl::Status SetClock(const Args& args, absl::string_view flag, const std::string& forum,
                      View* view) {
  const std::string text = args.Get(flag);
  const std::string clock = args.Get("clock");
  if (clock.empty() || clock == kRecordedBy) {
    uint64_t sequence = 0;
    if (absl::SimpleAtoi(text, &sequence)) {
      view->set_sequence(sequence);
      return absl::OkStatus();
    }
    const auto moment = ReadMoment(text);
    if (!moment.ok()) return UsageError(absl::StrCat("--", flag, ": ", moment.status().message()));
    view->set_recorded_at_us(*moment);
    return absl::OkStatus();
  }
  const auto date = ReadDate(text);
  if (!date.ok()) return UsageError(absl::StrCat("--", flag, ": ", date.status().message()));
  if (clock == kTrueOn) {
    view->set_true_on(*date);
  } else {
    view->mutable_known_to()->set_forum(forum);
    view->mutable_known_to()->set_on(*date);
  }
  return absl::OkStatus();
}

absl::StatusOr<DiffRegisterRequest> ReadRequest(const Args& args, Client& client) {
  DiffRegisterRequest request;
  request.set_register_(args.Get("REGISTER"));
  const bool known = args.Get("clock") == kKnownTo;
  if (known != args.Has("forum")) {
    return UsageError("--clock known-to and --forum FORUM go together");
  }
  std::string forum;
  SCRUTINY_RETURN_IF_ERROR(ReadRecordFlag(args, "forum", "forums", client, &forum));
  SCRUTINY_RETURN_IF_ERROR(SetClock(args, "from", forum, request.mutable_from()));
  if (args.Has("to")) {
    SCRUTINY_RETURN_IF_ERROR(SetClock(args, "to", forum, request.mutable_to()));
  } else if (known) {
    return UsageError("--clock known-to needs --to DATE besides --from");
  }
  if (args.Has("within")) {
    SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_within(),
                              ResolveName(client, args.Get("within"), ""));
  }
  if (request.to().recorded_by_case() == View::RECORDED_BY_NOT_SET) {
    SCRUTINY_RETURN_IF_ERROR(WaitForHead(client, request.mutable_to()));
  }
  return request;
}

std::string ChangeCell(const RowDiff& row) {
  return EnumInWords("RowChange", register_::v1::RowChange_Name(row.change()));
}

std::string RecordCell(const RowDiff& row) {
  return row.key().empty() ? row.record() : absl::StrCat(row.record(), " ", row.key());
}

// A row for each field that differs.
void AddRows(const RowDiff& row, bool words, Printout* printout) {
  const std::string entries =
      Joined(row.entries(), " ", [](uint64_t n) { return absl::StrCat(n); });
  const auto add = [&](const FieldDiff& field) {
    if (words) {
      printout->rows.push_back({RecordCell(row), ChangeCell(row), FieldInWords(field.field()),
                                field.before(), field.after()});
    } else {
      printout->rows.push_back({row.record(), row.key(), row.row_type(), ChangeCell(row),
                                field.field(), field.before(), field.after(), entries});
    }
  };
  if (row.fields().empty()) add(FieldDiff());
  for (const FieldDiff& field : row.fields()) add(field);
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(DiffRegisterRequest request, ReadRequest(args, context.client));
  const Format format = FormatOf(args);
  Printout printout;
  printout.headings = {"Record", "Change", "Field", "Before", "After"};
  printout.places = {Place::kGroup, Place::kGroup, Place::kColumn, Place::kColumn, Place::kColumn};
  printout.csv_names = {"record", "key",    "row_type", "change",
                        "field",  "before", "after",    "entries"};
  uint64_t rows = 0;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
    rows += static_cast<uint64_t>(response.rows_size());
    for (const RowDiff& row : response.rows()) {
      if (format == Format::kJson) {
        printout.json_rows.push_back(ToJson(row));
      } else {
        AddRows(row, format == Format::kTable, &printout);
      }
    }
    printout.empty = "Nothing differs.";
    printout.footer = absl::StrCat(Count(rows, "row differs", "rows differ"),
                                   ".\nBefore: ", BasisInWords(response.from_basis()),
                                   "\nAfter: ", BasisInWords(response.basis()));
    request.mutable_page()->set_token(response.next_page_token());
  } while (!request.page().token().empty());
  Print(printout, format, context);
  return absl::OkStatus();
}

}  // namespace

Command DiffCommand() {
  return {
      .name = "diff",
      .summary = "What changed in a register: rows added, changed field by field, gone",
      .group = kForAuditors,
      .details =
          "Two moments of one clock are compared: what was recorded by then, what was true\n"
          "on a day, or what had been put before a forum by a day.\n"
          "Examples:\n"
          "  scrutiny diff actions --from 212 --to 412\n"
          "  scrutiny diff actions --clock true-on --from 2019-03-18 --to 2019-05-20\n"
          "  scrutiny diff decisions --clock known-to --forum SPAB --from 2019-03-18 "
          "--to 2019-05-20",
      .options =
          {{.name = "REGISTER",
            .help = "Such as actions (scrutiny registers lists them)",
            .kind = Option::Kind::kArgument,
            .value = "",
            .required = true},
           {.name = "from",
            .help = "The moment before: an entry's sequence or a time; else a day",
            .value = "SEQ|TIME|DATE",
            .required = true},
           {.name = "to", .help = "The moment after; now if not given", .value = "SEQ|TIME|DATE"},
           {.name = "clock",
            .help = "Which clock; recorded-by if not given",
            .value = "CLOCK",
            .choices = {kRecordedBy, kTrueOn, kKnownTo}},
           {.name = "forum", .help = "Whose knowledge, with --clock known-to", .value = "FORUM"},
           {.name = "within", .help = "Only this record, or those below it", .value = "RECORD"},
           FormatOption()},
      .run = Run};
}

}  // namespace scrutiny::tools
