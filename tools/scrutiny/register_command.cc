#include "tools/scrutiny/register_command.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"

#include "tools/support/csv.h"
#include "tools/support/describe.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {

namespace {

Table TableOf(const Printout& printout) {
  std::vector<std::string> headings;
  for (size_t i = 0; i < printout.headings.size(); ++i) {
    if (printout.places[i] != Place::kBelow) headings.push_back(printout.headings[i]);
  }
  Table table(std::move(headings));
  const std::vector<std::string>* previous = nullptr;
  for (const std::vector<std::string>& row : printout.rows) {
    // What stands in front is said again as soon as one column of the group differs.
    bool same_group = previous != nullptr;
    for (size_t i = 0; i < row.size() && same_group; ++i) {
      same_group = printout.places[i] != Place::kGroup || row[i] == (*previous)[i];
    }
    std::vector<std::string> cells;
    std::string below;
    for (size_t i = 0; i < row.size(); ++i) {
      if (printout.places[i] == Place::kBelow) {
        below = row[i];
      } else {
        cells.push_back(printout.places[i] == Place::kGroup && same_group ? "" : row[i]);
      }
    }
    table.Add(std::move(cells), std::move(below));
    previous = &row;
  }
  return table;
}

}  // namespace

void Print(const Printout& printout, Format format, Context& context) {
  switch (format) {
    case Format::kJson:
    case Format::kJsonLines:
      context.out << "[";
      for (size_t i = 0; i < printout.json_rows.size(); ++i) {
        context.out << (i == 0 ? "\n" : ",\n") << printout.json_rows[i];
      }
      context.out << (printout.json_rows.empty() ? "]\n" : "\n]\n");
      return;
    case Format::kCsv:
      context.out << WriteCsvRow(printout.csv_names);
      for (const auto& row : printout.rows) context.out << WriteCsvRow(row);
      return;
    case Format::kTable:
      break;
  }
  if (printout.rows.empty()) {
    context.out << printout.empty << "\n";
  } else {
    context.out << TableOf(printout).Render(context.width) << "\n"
                << Count(printout.rows.size(), "row", "rows") << ". ";
  }
  context.out << printout.footer << "\n";
}

absl::Status WaitForHead(Client& client, register_::v1::View* view) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::v1::GetStatusResponse status,
                            client.Call(ledger::v1::GetStatusRequest()));
  if (status.size() > 0) view->set_min_sequence(status.size() - 1);
  return absl::OkStatus();
}

absl::Status ReadRecordFlag(const Args& args, absl::string_view flag, absl::string_view kind,
                            Client& client, std::string* field) {
  if (!args.Has(flag)) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(*field, ResolveName(client, args.Get(flag), kind));
  return absl::OkStatus();
}

absl::Status ReadNumberFlag(const Args& args, absl::string_view flag, uint32_t* number) {
  if (!args.Has(flag)) return absl::OkStatus();
  if (absl::SimpleAtoi(args.Get(flag), number)) return absl::OkStatus();
  return UsageError(absl::StrCat("--", flag, ": \"", args.Get(flag), "\" is not a number"));
}

std::string DateCell(const std::string& iso, bool words) { return words ? DateInWords(iso) : iso; }

std::string EntriesCell(const register_::v1::RowMeta& meta) {
  return absl::StrJoin(meta.entries(), " ");
}

std::string ShortName(const std::string& record, bool words) {
  const size_t slash = record.find('/');
  return words && slash != std::string::npos ? record.substr(slash + 1) : record;
}

std::string OwnerCell(const event::v1::Owner& owner) {
  event::v1::Owner shown = owner;
  if (!owner.post().empty() || !owner.organisation().empty()) shown.clear_person();
  return InWords(shown);
}

std::string RemarksCell(const register_::v1::RowMeta& meta) {
  std::string text;
  const auto remark = [&](bool there, absl::string_view words) {
    if (there) absl::StrAppend(&text, text.empty() ? "" : "; ", words);
  };
  remark(meta.despite(), "recorded despite a rule");
  remark(meta.corrected(), "corrected");
  remark(meta.inferred(), "inferred");
  remark(meta.date_not_known(), "date not known");
  return text;
}

}  // namespace scrutiny::tools
