#include "tools/scrutiny/register_command.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"

#include "tools/support/csv.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {

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
      for (const auto& row : printout.csv_rows) context.out << WriteCsvRow(row);
      return;
    case Format::kTable:
      break;
  }
  if (printout.table_rows.empty()) {
    context.out << printout.empty << "\n";
  } else {
    Table table(printout.headings);
    for (const auto& row : printout.table_rows) table.Add(row);
    context.out << table.Render(context.width) << "\n"
                << Count(printout.table_rows.size(), "row", "rows") << ". ";
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
