// `scrutiny decisions`
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::DecisionRow;
using register_::v1::ListDecisionsRequest;

std::string NumberCell(const DecisionRow& row) {
  return row.has_number() ? InWords(row.number()) : "";
}

std::string TakenCell(const DecisionRow& row) {
  if (row.date().empty()) return "not known";
  return absl::StrCat(row.date_uncertain() ? "by " : "", DateInWords(row.date()));
}

std::string WhereCell(const DecisionRow& row) {
  std::string text = row.meeting().empty() ? row.where() : ShortName(row.meeting(), /*words=*/true);
  if (!row.item().empty()) absl::StrAppend(&text, ", item ", row.item());
  return text;
}

std::string ReportedCell(const DecisionRow& row, bool words) {
  return Joined(row.reports(), "; ", [&](const register_::v1::DecisionReport& report) {
    if (!words) return report.meeting();
    return absl::StrCat(ShortName(report.forum(), words), " ", DateInWords(report.date()),
                        report.inferred() ? " (inferred)" : "");
  });
}

std::string PublishedCell(const DecisionRow& row, bool words) {
  if (!row.published_on().empty()) return DateCell(row.published_on(), words);
  return row.published() ? "yes" : "";
}

std::vector<Column<DecisionRow>> Columns() {
  using register_::v1::DecisionState_Name;
  return {
      {"Number", "number", [](const DecisionRow& row, bool) { return NumberCell(row); }},
      {"Decision", "title", [](const DecisionRow& row, bool) { return row.title(); }},
      {"Taken", "date",
       [](const DecisionRow& row, bool words) { return words ? TakenCell(row) : row.date(); }},
      {"Where", "", [](const DecisionRow& row, bool) { return WhereCell(row); }},
      {"In force", "effective_from",
       [](const DecisionRow& row, bool words) { return DateCell(row.effective_from(), words); }},
      {"Published", "published_on", PublishedCell},
      {"Reported", "reported_to", ReportedCell},
      {"State", "state",
       [](const DecisionRow& row, bool words) -> std::string {
         // Every decision is taken; a table says what became of it since.
         if (words && row.state() == register_::v1::DECISION_STATE_TAKEN) return "";
         return EnumInWords("DecisionState", DecisionState_Name(row.state()));
       }},
      {"Record", "decision", [](const DecisionRow& row, bool) { return row.decision(); },
       Place::kBelow},
      {"", "date_uncertain",
       [](const DecisionRow& row, bool) { return row.date_uncertain() ? "yes" : "no"; }},
      {"", "meeting", [](const DecisionRow& row, bool) { return row.meeting(); }},
      {"", "item", [](const DecisionRow& row, bool) { return row.item(); }},
      {"", "decider", [](const DecisionRow& row, bool) { return InWords(row.decider()); }},
      {"", "amounts",
       [](const DecisionRow& row, bool) {
         return Joined(row.amounts(), "; ", [](const auto& amount) { return InWords(amount); });
       }},
      {"", "publication",
       [](const DecisionRow& row, bool) {
         return EnumInWords("DecisionPublication",
                            register_::v1::DecisionPublication_Name(row.publication()));
       }},
      {"", "withheld_because", [](const DecisionRow& row, bool) { return row.withheld_because(); }},
      {"", "options",
       [](const DecisionRow& row, bool) -> std::string {
         return row.options() == 0 ? "" : absl::StrCat(row.options());
       }},
      {"", "preferred", [](const DecisionRow& row, bool) { return row.preferred(); }},
      {"", "implemented_on", [](const DecisionRow& row, bool) { return row.implemented_on(); }},
      {"", "superseded_by", [](const DecisionRow& row, bool) { return row.superseded_by(); }},
      {"", "remarks", [](const DecisionRow& row, bool) { return RemarksCell(row.meta()); }},
      {"", "entries", [](const DecisionRow& row, bool) { return EntriesCell(row.meta()); }},
  };
}

// One of the words of an enum; none if the flag is not given.
absl::Status ReadWordFlag(const Args& args, const std::string& flag,
                          const google::protobuf::EnumDescriptor* words, int* word) {
  *word = 0;
  if (!args.Has(flag)) return absl::OkStatus();
  const absl::StatusOr<int> read = ReadEnum(words, args.Get(flag));
  if (!read.ok()) return UsageError(absl::StrCat("--", flag, ": ", read.status().message()));
  *word = *read;
  return absl::OkStatus();
}

absl::Status Run(const Args& args, Context& context) {
  ListDecisionsRequest request;
  uint32_t year = 0;
  SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, "year", &year));
  request.set_year(year);
  if (args.Has("for") && !args.Has("unreported")) {
    return UsageError("--for names the meeting of --unreported FORUM");
  }
  SCRUTINY_RETURN_IF_ERROR(ReadRecordFlag(args, "unreported", "forums", context.client,
                                          request.mutable_unreported_forum()));
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "for", "meetings", context.client, request.mutable_unreported_for()));
  request.set_with_proposed(args.Has("with-proposed"));
  int word = 0;
  SCRUTINY_RETURN_IF_ERROR(
      ReadWordFlag(args, "publication", register_::v1::DecisionPublication_descriptor(), &word));
  request.set_publication(static_cast<register_::v1::DecisionPublication>(word));
  SCRUTINY_RETURN_IF_ERROR(
      ReadWordFlag(args, "significance", event::v1::Significance_descriptor(), &word));
  request.set_significance(static_cast<event::v1::Significance>(word));
  const bool unreported = args.Has("unreported");
  return PrintRegister<ListDecisionsRequest, DecisionRow>(
      std::move(request), args, Columns(),
      [&](const register_::v1::Basis&) -> std::string {
        if (unreported) return "Every decision was taken at or reported to the forum.";
        return year == 0 ? "There is no decision."
                         : absl::StrCat("There is no decision of ", year, ".");
      },
      context);
}

}  // namespace

Command DecisionsCommand() {
  Command command{
      .name = "decisions",
      .summary = "The decision log",
      .group = kForEverybody,
      .details =
          "Examples:\n"
          "  scrutiny decisions --year 2019\n"
          "  scrutiny decisions --unreported forums/spab",
      .options =
          {
              {.name = "year", .help = "The log of this year", .value = "YEAR"},
              {.name = "unreported",
               .help = "Neither taken at nor reported to this forum",
               .value = "FORUM"},
              {.name = "for",
               .help = "… at a meeting before this one; the latest scheduled if not given",
               .value = "MEETING"},
              {.name = "publication",
               .help = "Only not-published, overdue, published, partly-withheld or withheld ones",
               .value = "WORD"},
              {.name = "significance",
               .help = "Only those tested significant, or not-significant",
               .value = "WORD"},
              {.name = "with-proposed",
               .help = "Decisions proposed and not taken, too",
               .kind = Option::Kind::kSwitch},
          },
      .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
