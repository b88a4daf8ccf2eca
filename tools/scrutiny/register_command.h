// tools/scrutiny/register_command.h
// A register on the command line: asks for all pages of a query and prints the rows as a table, as
// one JSON array or as CSV. Each register's file says what its filters and columns are.
//
// Guarantees:  a command sees what was recorded before it began (it waits for the ledger's head).
// Threads:     confined to main's thread.
#ifndef SCRUTINY_TOOLS_SCRUTINY_REGISTER_COMMAND_H_
#define SCRUTINY_TOOLS_SCRUTINY_REGISTER_COMMAND_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/context.h"
#include "tools/scrutiny/proofs.h"
#include "tools/scrutiny/view_flags.h"
#include "tools/support/proto_json.h"

namespace scrutiny::tools {

// Rows of a page with proofs: of up to 100 entries each, a KiB a proof, so that they fit a message.
inline constexpr uint32_t kProvedRowsMax = 40;

// Where a column stands in a table.
enum class Place {
  kColumn,
  kGroup,  // said once for rows that follow each other and have it in common
  kBelow,  // under the row, in one piece
};

// A column: its heading in a table, its name in CSV; no heading: CSV only, no name: table only.
// `words` says whether the cell is for reading (`18 Mar 2019`) or for programs (`2019-03-18`).
template <typename Row>
struct Column {
  std::string heading;
  std::string csv_name;
  std::function<std::string(const Row&, bool words)> cell;
  Place place = Place::kColumn;
};

// Rows ready to print, whatever their type.
struct Printout {
  std::vector<std::string> headings;
  std::vector<Place> places;
  std::vector<std::string> csv_names;
  std::vector<std::vector<std::string>> rows;  // of the table or of the CSV
  std::vector<std::string> json_rows;
  std::string empty;   // what to say when there is no row
  std::string footer;  // what the answer rests on
};
void Print(const Printout& printout, Format format, Context& context);

// The ledger's head as `min_sequence`, so that a writer reads its own write.
absl::Status WaitForHead(Client& client, register_::v1::View* view);

// Calls with the head awaited; a register that is still catching up answers what it has.
template <typename Request>
auto CallLevel(Client& client, Request* request) -> decltype(client.Call(*request)) {
  auto response = client.Call(*request);
  if (!absl::IsDeadlineExceeded(response.status()) || !request->view().has_min_sequence()) {
    return response;
  }
  request->mutable_view()->clear_min_sequence();
  return client.Call(*request);
}

// Fetches all pages of `request` and prints them. `empty` makes the sentence for no rows.
template <typename Request, typename Row>
absl::Status PrintRegister(Request request, const Args& args,
                           const std::vector<Column<Row>>& columns,
                           const std::function<std::string(const register_::v1::Basis&)>& empty,
                           Context& context) {
  const Format format = FormatOf(args);
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_view(), ReadView(args, context.client));
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(context.client, request.mutable_view()));
  if (request.view().with_proofs()) request.mutable_page()->set_size(kProvedRowsMax);
  Printout printout;
  for (const Column<Row>& column : columns) {
    if (!column.csv_name.empty()) printout.csv_names.push_back(column.csv_name);
    if (column.heading.empty()) continue;
    printout.headings.push_back(column.heading);
    printout.places.push_back(column.place);
  }
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const auto response, CallLevel(context.client, &request));
    SCRUTINY_ASSIGN_OR_RETURN(const auto proofs, ProofsBySequence::From(response.basis().proofs()));
    for (const Row& row : response.rows()) {
      if (request.view().with_proofs()) {
        SCRUTINY_ASSIGN_OR_RETURN(printout.json_rows.emplace_back(), proofs.RowWithProofs(row));
        continue;
      }
      if (format == Format::kJson) {
        printout.json_rows.push_back(ToJson(row));
        continue;
      }
      std::vector<std::string> cells;
      for (const Column<Row>& column : columns) {
        const bool table = format == Format::kTable;
        const std::string& name = table ? column.heading : column.csv_name;
        if (!name.empty()) cells.push_back(column.cell(row, table));
      }
      printout.rows.push_back(std::move(cells));
    }
    printout.empty = empty(response.basis());
    printout.footer = BasisInWords(response.basis());
    request.mutable_page()->set_token(response.next_page_token());
  } while (!request.page().token().empty());
  Print(printout, format, context);
  return absl::OkStatus();
}

// Resolves the flag into the field if it is given.
absl::Status ReadRecordFlag(const Args& args, absl::string_view flag, absl::string_view kind,
                            Client& client, std::string* field);
// A small number, such as a year.
absl::Status ReadNumberFlag(const Args& args, absl::string_view flag, uint32_t* number);

// Cells that registers share.
std::string DateCell(const std::string& iso, bool words);
std::string EntriesCell(const register_::v1::RowMeta& meta);
// For a table, without the kind: `spab/2019-03-18`.
std::string ShortName(const std::string& record, bool words);
// Owners as people call them; the person's record only where nothing else is said.
std::string OwnerCell(const event::v1::Owner& owner);
// `despite a rule; corrected; inferred; date not known`.
std::string RemarksCell(const register_::v1::RowMeta& meta);
// Owners, priorities, …: each in words, joined.
template <typename Parts, typename Text>
std::string Joined(const Parts& parts, absl::string_view separator, Text text) {
  std::string joined;
  for (const auto& part : parts) {
    absl::StrAppend(&joined, joined.empty() ? "" : separator, text(part));
  }
  return joined;
}

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_REGISTER_COMMAND_H_
