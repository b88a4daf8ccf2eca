// `scrutiny meeting MEETING`
#include "absl/strings/str_join.h"

#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/csv.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::AgendaItemRow;
using register_::v1::AttendanceRow;
using register_::v1::GetMeetingRequest;
using register_::v1::GetMeetingResponse;
using register_::v1::MeetingRow;

// Proofs of a further page go with those before only under the same checkpoint.
absl::Status MergeProofs(const ledger::v1::Proofs& page, ledger::v1::Proofs* all) {
  if (page.checkpoint() != all->checkpoint()) {
    return absl::UnavailableError(
        "A new checkpoint was signed while the meeting was read page by page; try again");
  }
  all->mutable_entries()->MergeFrom(page.entries());
  return absl::OkStatus();
}

// All pages as one answer.
absl::StatusOr<GetMeetingResponse> Fetch(const Args& args, Client& client) {
  GetMeetingRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_meeting(),
                            ResolveName(client, args.Get("MEETING"), "meetings"));
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_view(), ReadView(args, client));
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(client, request.mutable_view()));
  GetMeetingResponse all;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(GetMeetingResponse page, CallLevel(client, &request));
    request.mutable_page()->set_token(page.next_page_token());
    page.clear_next_page_token();
    SCRUTINY_RETURN_IF_ERROR(CheckProofs(page.basis().proofs()));
    if (!all.has_meeting()) {
      all = std::move(page);
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(
        MergeProofs(page.basis().proofs(), all.mutable_basis()->mutable_proofs()));
    all.mutable_items()->MergeFrom(page.items());
  } while (!request.page().token().empty());
  return all;
}

std::string OutcomeCell(const AgendaItemRow& item) {
  if (!item.outcome_text().empty()) return item.outcome_text();
  return EnumInWords("ItemOutcome", register_::v1::ItemOutcome_Name(item.outcome()));
}

std::string NumberCell(const AgendaItemRow& item) {
  std::string text = item.number_printed().empty() ? item.item() : item.number_printed();
  if (!item.minute_number().empty()) absl::StrAppend(&text, " (", item.minute_number(), ")");
  return text;
}

void PrintHead(const MeetingRow& meeting, Context& context) {
  context.out << (meeting.forum_name().empty() ? meeting.meeting() : meeting.forum_name());
  if (!meeting.sort().empty()) context.out << ", " << meeting.sort();
  context.out << "\n" << (meeting.date().empty() ? "Date not known" : DateInWords(meeting.date()));
  if (!meeting.start().empty()) context.out << ", " << meeting.start();
  if (!meeting.finish().empty()) context.out << " to " << meeting.finish();
  if (!meeting.place().empty()) context.out << ", " << meeting.place();
  context.out << "\n";
  if (!meeting.theme().empty()) context.out << "Theme: " << meeting.theme() << "\n";
  if (!meeting.minutes().empty()) {
    context.out << "Minutes " << meeting.minutes() << "\n";
  }
  if (!meeting.next_meeting().empty()) {
    context.out << "Next meeting: " << DateInWords(meeting.next_meeting()) << "\n";
  }
}

void PrintPeople(const GetMeetingResponse& answer, Context& context) {
  Table table({"Attended", "As", "Of", "Capacity", "Remarks"});
  Table apologies({"Apologies", "As", "Reason"});
  bool any = false;
  bool any_apology = false;
  for (const AttendanceRow& row : answer.attendance()) {
    const std::string name = row.shown_as().empty() ? row.person() : row.shown_as();
    if (row.apology()) {
      apologies.Add({name, row.post(), row.reason()});
      any_apology = true;
      continue;
    }
    std::string remarks = row.late() ? "arrived late" : "";
    if (!row.reason().empty()) absl::StrAppend(&remarks, remarks.empty() ? "" : ": ", row.reason());
    if (!row.substitute_for().empty()) {
      absl::StrAppend(&remarks, remarks.empty() ? "" : "; ", "for ", row.substitute_for());
    }
    table.Add({name, row.post(), row.organisation(), row.capacity(), remarks});
    any = true;
  }
  if (any) context.out << "\n" << table.Render(context.width);
  if (any_apology) context.out << "\n" << apologies.Render(context.width);
}

void PrintItems(const GetMeetingResponse& answer, Context& context) {
  if (answer.items().empty()) {
    context.out << "\nNo agenda item is recorded.\n";
    return;
  }
  Table table({"Item", "Title", "Class", "Outcome", "Recommended", "Actions and decisions"});
  for (const AgendaItemRow& item : answer.items()) {
    std::vector<std::string> follows(item.decisions().begin(), item.decisions().end());
    follows.insert(follows.end(), item.actions().begin(), item.actions().end());
    table.Add({NumberCell(item), item.title(),
               EnumInWords("ItemClass", event::v1::ItemClass_Name(item.class_())),
               OutcomeCell(item), absl::StrJoin(item.recommendations(), "\n"),
               absl::StrJoin(follows, "\n")});
  }
  context.out << "\n" << table.Render(context.width);
}

void PrintCsv(const GetMeetingResponse& answer, Context& context) {
  context.out << WriteCsvRow({"item", "number_printed", "minute_number", "section", "title",
                              "class", "outcome", "outcome_text", "papers", "recommendations",
                              "actions", "decisions", "entries"});
  for (const AgendaItemRow& item : answer.items()) {
    context.out << WriteCsvRow(
        {item.item(), item.number_printed(), item.minute_number(), item.section(), item.title(),
         EnumInWords("ItemClass", event::v1::ItemClass_Name(item.class_())),
         EnumInWords("ItemOutcome", register_::v1::ItemOutcome_Name(item.outcome())),
         item.outcome_text(), absl::StrJoin(item.papers(), " "),
         absl::StrJoin(item.recommendations(), "; "), absl::StrJoin(item.actions(), " "),
         absl::StrJoin(item.decisions(), " "), EntriesCell(item.meta())});
  }
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const GetMeetingResponse answer, Fetch(args, context.client));
  switch (FormatOf(args)) {
    case Format::kJson:
    case Format::kJsonLines:
      context.out << "[\n" << ToJson(answer) << "\n]\n";
      return absl::OkStatus();
    case Format::kCsv:
      PrintCsv(answer, context);
      return absl::OkStatus();
    case Format::kTable:
      break;
  }
  PrintHead(answer.meeting(), context);
  PrintPeople(answer, context);
  PrintItems(answer, context);
  if (!answer.notes().empty()) {
    context.out << "\nAlso noted\n";
    for (const std::string& note : answer.notes()) {
      std::string lead = "- ";
      for (const std::string& line : Wrapped(note, context.width - lead.size())) {
        context.out << lead << line << "\n";
        lead = "  ";
      }
    }
  }
  context.out << "\n" << BasisInWords(answer.basis()) << "\n";
  return absl::OkStatus();
}

}  // namespace

Command MeetingCommand() {
  Command command{.name = "meeting",
                  .summary = "One meeting: who was there, the agenda, what became of each item",
                  .group = kForEverybody,
                  .options = {{.name = "MEETING",
                               .help = "The meeting's record or an alias of it",
                               .kind = Option::Kind::kArgument,
                               .value = "",
                               .required = true}},
                  .run = Run};
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
