// `scrutiny assurance map`
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "scrutiny/register/v1/assurance_map.pb.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/list_command.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/field_path.h"
#include "tools/support/table.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::AssuranceCellRow;
using register_::v1::AssuranceMapPriority;
using register_::v1::AssuranceStanding;
using register_::v1::MapAssuranceRequest;
using register_::v1::MapAssuranceResponse;

// Columns of the terminal that a priority's title, and a stretch of time, are to have.
constexpr size_t kPriorityWidth = 36;
constexpr size_t kStretchWidth = 16;
constexpr char kNothing[] = "–";

std::string InWords(AssuranceStanding standing) {
  return EnumInWords("AssuranceStanding", register_::v1::AssuranceStanding_Name(standing));
}

// `gained (3), 1 without evidence`.
std::string CellText(const AssuranceCellRow& row) {
  if (row.areas() == 0) return kNothing;
  std::string text = InWords(row.standing());
  if (row.areas() > 1) absl::StrAppend(&text, " (", row.areas(), ")");
  if (row.without_evidence() > 0) {
    absl::StrAppend(&text, ", ", row.without_evidence(), " without evidence");
  }
  return text;
}

absl::Status ReadDateFlag(const Args& args, absl::string_view flag, std::string* field) {
  if (!args.Has(flag)) return absl::OkStatus();
  const auto date = ReadDate(args.Get(flag));
  if (!date.ok()) return UsageError(absl::StrCat("--", flag, ": ", date.status().message()));
  *field = *date;
  return absl::OkStatus();
}

absl::StatusOr<MapAssuranceRequest> ReadRequest(const Args& args, Client& client) {
  MapAssuranceRequest request;
  SCRUTINY_RETURN_IF_ERROR(ReadRecordFlag(args, "plan", "plans", client, request.mutable_plan()));
  request.set_version(args.Get("version"));
  if (args.Has("by")) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const int by, ReadEnum(register_::v1::AssuranceMapSpan_descriptor(), args.Get("by")));
    request.set_by(static_cast<register_::v1::AssuranceMapSpan>(by));
  }
  SCRUTINY_RETURN_IF_ERROR(
      ReadRecordFlag(args, "forum", "forums", client, request.mutable_forum()));
  SCRUTINY_RETURN_IF_ERROR(ReadDateFlag(args, "from", request.mutable_from()));
  SCRUTINY_RETURN_IF_ERROR(ReadDateFlag(args, "until", request.mutable_until()));
  request.set_with_empty(args.Has("with-empty"));
  uint32_t priority = 0;
  SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, "priority", &priority));
  request.set_priority(priority);
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_view(), ReadView(args, client));
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(client, request.mutable_view()));
  return request;
}

// Cells by priority and stretch of time.
class Grid {
 public:
  void Add(const AssuranceCellRow& row) {
    if (row.when().empty()) return;  // a priority on which nothing is recorded
    const Place place{row.from_date().empty(), row.from_date(), row.meeting()};
    columns_[place] = {row.meeting().empty() || row.from_date().empty()
                           ? row.when()
                           : DateInWords(row.from_date()),
                       ShortName(row.meeting(), true)};
    cells_[{row.priority(), place}] = CellText(row);
  }

  // As many stretches beside each other as are wide enough, the others below.
  void Print(const std::vector<AssuranceMapPriority>& priorities, Context& context) const {
    std::vector<std::pair<Place, std::string>> columns;
    for (const auto& [place, column] : columns_) {
      columns.emplace_back(place, HeadingOf(column));
    }
    const size_t room = context.width > kPriorityWidth ? context.width - kPriorityWidth : 0;
    const size_t at_once = std::max<size_t>(1, room / kStretchWidth);
    for (size_t first = 0; first == 0 || first < columns.size(); first += at_once) {
      const size_t last = std::min(columns.size(), first + at_once);
      std::vector<std::string> headings = {"No.", "Priority"};
      for (size_t i = first; i < last; ++i) headings.push_back(columns[i].second);
      Table table(std::move(headings));
      for (const AssuranceMapPriority& priority : priorities) {
        std::vector<std::string> cells = {absl::StrCat(priority.number()), priority.title()};
        for (size_t i = first; i < last; ++i) {
          const auto cell = cells_.find({priority.number(), columns[i].first});
          cells.push_back(cell == cells_.end() ? kNothing : cell->second);
        }
        table.Add(std::move(cells));
      }
      context.out << table.Render(context.width) << "\n";
    }
  }

 private:
  using Place = std::tuple<bool, std::string, std::string>;
  struct Column {
    std::string date;
    std::string meeting;
  };

  // The date; where several meetings were held on it, which.
  std::string HeadingOf(const Column& column) const {
    size_t same = 0;
    for (const auto& [place, other] : columns_) same += other.date == column.date ? 1 : 0;
    if (same < 2 || column.meeting.empty()) return column.date;
    return absl::StrCat(column.date, " ", column.meeting);
  }

  std::map<Place, Column> columns_;
  std::map<std::pair<uint32_t, Place>, std::string> cells_;
};

// What the grid does not show, where there is any.
void PrintBeside(const MapAssuranceResponse& first, Context& context) {
  const auto say = [&](uint32_t count, absl::string_view words) {
    if (count > 0) {
      context.out << Count(count, "assurance", "assurances") << " " << words << ".\n";
    }
  };
  say(first.without_version(), "cite a priority and no version of a plan, and stand in no cell");
  say(first.without_priority(), "cite no priority");
  say(first.of_other_versions(), "cite another version of the plan");
  say(first.unknown_priority(), "cite a number that the version is not known to have");
  if (first.incomplete()) context.out << "Not all priorities of the version are known.\n";
}

absl::Status PrintGrid(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(MapAssuranceRequest request, ReadRequest(args, context.client));
  Grid grid;
  MapAssuranceResponse first;
  do {
    MapAssuranceResponse page;
    absl::Status asked = context.client.Ask("MapAssurance", request, &page);
    if (absl::IsDeadlineExceeded(asked) && request.view().has_min_sequence()) {
      // A register that is still catching up answers what it has.
      request.mutable_view()->clear_min_sequence();
      asked = context.client.Ask("MapAssurance", request, &page);
    }
    SCRUTINY_RETURN_IF_ERROR(asked);
    for (const AssuranceCellRow& row : page.rows()) grid.Add(row);
    if (request.page().token().empty()) first = page;
    request.mutable_page()->set_token(page.next_page_token());
  } while (!request.page().token().empty());
  context.out << "Assurance over " << first.plan() << ", version " << first.version() << "\n\n";
  grid.Print({first.priorities().begin(), first.priorities().end()}, context);
  PrintBeside(first, context);
  context.out << BasisInWords(first.basis()) << "\n";
  return absl::OkStatus();
}

}  // namespace

Command AssuranceMapCommand() {
  static const auto& listed = *new ListedRegister(Listed<MapAssuranceRequest, MapAssuranceResponse>(
      "map", "Assurance over a plan: its priorities and what was sought and gained when",
      "MapAssurance",
      "A table has a row for each priority and a column for each meeting or stretch of time;\n"
      "CSV and JSON have a row for each cell.\n"
      "Examples:\n"
      "  scrutiny assurance map\n"
      "  scrutiny assurance map --by quarter --with-empty\n"
      "  scrutiny assurance map --plan plans/2016-21 --version 2018 --format csv"));
  Command command = ListCommand(listed);
  command.run = [list = command.run](const Args& args, Context& context) {
    return FormatOf(args) == Format::kTable ? PrintGrid(args, context) : list(args, context);
  };
  return command;
}

}  // namespace scrutiny::tools
