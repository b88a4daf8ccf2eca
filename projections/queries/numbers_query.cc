#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "ledger/base/error.h"
#include "projections/board/number_series.h"
#include "projections/board/numbers_given.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_queries.h"
#include "projections/queries/scope.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Error;
using ledger::Reason;

// A kind of record that has numbers, and the register of them.
struct Kind {
  absl::string_view kind;
  absl::string_view numbers;
};
constexpr Kind kKinds[] = {
    {"actions", kActionNumbers}, {"decisions", kDecisionNumbers}, {"meetings", kMinuteNumbers}};

using SeriesKey = std::pair<std::string, std::string>;  // kind, series
// Of one series and year, by number.
using Given = std::map<uint64_t, std::vector<NumberRow>>;
using Lines = std::map<std::pair<std::string, uint32_t>, Given>;  // by series and year

// What offices say of their series.
struct Defined {
  std::map<SeriesKey, std::vector<NumberSeriesRow>> series;
  std::vector<NumberRow> explained;

  // The last definition; null: none.
  const NumberSeriesRow* Find(const std::string& kind, const std::string& name) const {
    const auto found = series.find({kind, name});
    return found == series.end() ? nullptr : &found->second.back();
  }
};

absl::StatusOr<Defined> ReadDefined(Scope& scope) {
  Defined defined;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kNumberSeries), scope.view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (absl::StartsWith(key, kGapPrefix)) {
                  return ParseRow(record, bytes, &defined.explained.emplace_back());
                }
                NumberSeriesRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                defined.series[{row.kind(), row.series()}].push_back(std::move(row));
                return absl::OkStatus();
              }));
  std::sort(defined.explained.begin(), defined.explained.end(),
            [](const NumberRow& a, const NumberRow& b) { return a.first() < b.first(); });
  return defined;
}

absl::StatusOr<Lines> ReadLines(Scope& scope, const Kind& kind) {
  Lines lines;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kind.numbers), scope.view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                NumberRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                lines[{row.series(), row.year()}][row.first()].push_back(std::move(row));
                return absl::OkStatus();
              }));
  return lines;
}

// As the series' pattern prints it; without one as `2019/13`.
std::string Print(const NumberSeriesRow* series, uint64_t number, uint32_t year) {
  if (series == nullptr || series->pattern().empty()) {
    return year == 0 ? absl::StrCat(number) : absl::StrCat(year, "/", number);
  }
  const uint32_t short_year = year % 100;
  return absl::StrReplaceAll(series->pattern(),
                             {{"{n}", absl::StrCat(number)},
                              {"{yyyy}", absl::StrCat(year)},
                              {"{yy}", absl::StrCat(absl::Dec(short_year, absl::kZeroPad2))}});
}

class Numbers {
 public:
  Numbers(Scope& scope, const ListNumbersRequest& request, const Kind& kind)
      : scope_(scope), request_(request), kind_(kind), page_(scope.NewPage<NumberRow>()) {}

  absl::StatusOr<ListNumbersResponse> Run() {
    if (!request_.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(forum_, scope_.calendar().ForumNamed(request_.forum(), "forum"));
    }
    SCRUTINY_ASSIGN_OR_RETURN(defined_, ReadDefined(scope_));
    SCRUTINY_ASSIGN_OR_RETURN(Lines lines, ReadLines(scope_, kind_));
    for (auto& [line, given] : lines) {
      const NumberSeriesRow* const series = defined_.Find(std::string(kind_.kind), line.first);
      if (!Wanted(line.first, line.second, series)) continue;
      SCRUTINY_RETURN_IF_ERROR(Line(line.first, line.second, series, given));
    }
    scope_.AddNote(absl::StrCat("Numbers given: ", response_.given(),
                                "; missing: ", response_.missing(),
                                "; missing and explained: ", response_.explained(), "."));
    response_.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response_.mutable_rows())));
    *response_.mutable_basis() = scope_.basis();
    return std::move(response_);
  }

 private:
  bool Wanted(const std::string& name, uint32_t year, const NumberSeriesRow* series) const {
    if (request_.main_series() && !name.empty()) return false;
    if (!request_.series().empty() && name != request_.series()) return false;
    if (request_.year() != 0 && year != request_.year()) return false;
    return forum_.empty() || (series != nullptr && series->forum() == forum_);
  }

  // The numbers of one series and year, with what is missing between them.
  absl::Status Line(const std::string& name, uint32_t year, const NumberSeriesRow* series,
                    Given& given) {
    uint64_t next = series == nullptr ? 1 : std::max<uint64_t>(series->first(), 1);
    std::string latest;  // the latest day so far
    for (auto& [number, rows] : given) {
      if (number > next) Gap(name, year, series, next, number - 1);
      next = std::max(next, number + 1);
      response_.set_given(response_.given() + 1);
      std::string day;
      for (NumberRow& row : rows) {
        SCRUTINY_RETURN_IF_ERROR(Describe(row));
        row.set_out_of_order(!row.numbered_on().empty() && row.numbered_on() < latest);
        row.set_state(rows.size() > 1 ? NUMBER_STATE_SHARED : NUMBER_STATE_GIVEN);
        // What the server assigned was printed by nobody, so the office's own form goes.
        if (row.printed().empty() || (row.assigned() && series != nullptr)) {
          row.set_printed(Print(series, number, year));
        }
        if (series != nullptr) row.set_forum(series->forum());
        day = std::max(day, row.numbered_on());
      }
      if (!day.empty()) latest = day;
      if (request_.gaps()) continue;
      for (NumberRow& row : rows) Add(std::move(row));
    }
    return absl::OkStatus();
  }

  // The run from `from` to `until`, split where part of it is explained.
  void Gap(const std::string& name, uint32_t year, const NumberSeriesRow* series, uint64_t from,
           uint64_t until) {
    uint64_t next = from;
    for (const NumberRow& why : defined_.explained) {
      if (why.kind() != kind_.kind || why.series() != name || why.year() != year) continue;
      const uint64_t first = std::max(next, why.first());
      const uint64_t last = std::min(until, why.last());
      if (first > last) continue;
      if (first > next) AddGap(name, year, series, next, first - 1, nullptr);
      AddGap(name, year, series, first, last, &why);
      next = last + 1;
    }
    if (next <= until) AddGap(name, year, series, next, until, nullptr);
  }

  void AddGap(const std::string& name, uint32_t year, const NumberSeriesRow* series, uint64_t first,
              uint64_t last, const NumberRow* why) {
    NumberRow row;
    if (why != nullptr) {
      row.set_reason(why->reason());
      *row.mutable_meta() = why->meta();
    }
    row.set_kind(kind_.kind.data(), kind_.kind.size());
    row.set_series(name);
    row.set_year(year);
    row.set_first(first);
    row.set_last(last);
    row.set_gap(true);
    row.set_state(why == nullptr ? NUMBER_STATE_GAP : NUMBER_STATE_GAP_EXPLAINED);
    row.set_printed(Print(series, first, year));
    if (last > first) row.set_printed(absl::StrCat(row.printed(), "-", Print(series, last, year)));
    if (series != nullptr) row.set_forum(series->forum());
    const uint64_t count = last - first + 1;
    if (why == nullptr) {
      response_.set_missing(response_.missing() + count);
    } else {
      response_.set_explained(response_.explained() + count);
    }
    Add(std::move(row));
  }

  void Add(NumberRow row) {
    std::string place = SortKey()
                            .Text(row.kind())
                            .Text(row.series())
                            .Number(row.year())
                            .Number(row.first())
                            .Text(row.record())
                            .Text(row.item())
                            .Take();
    page_.Add(std::move(place), std::move(row));
  }

  // Its title and day.
  absl::Status Describe(NumberRow& row) {
    if (kind_.kind == "meetings") {
      SCRUTINY_ASSIGN_OR_RETURN(const ItemInfo item,
                                scope_.calendar().Item(row.record(), row.item()));
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope_.calendar().Meeting(row.record()));
      row.set_title(item.title);
      row.set_numbered_on(meeting.date);
      return absl::OkStatus();
    }
    const bool is_action = kind_.kind == "actions";
    const std::vector<std::string> one = {row.record()};
    return ForRows(scope_.reader(is_action ? kActions : kDecisions), scope_.view(),
                   absl::make_optional(one),
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (!key.empty()) return absl::OkStatus();
                     if (is_action) {
                       ActionRow action;
                       SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &action));
                       row.set_title(action.title());
                       row.set_numbered_on(action.raised_on());
                       return absl::OkStatus();
                     }
                     DecisionRow decision;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &decision));
                     row.set_title(decision.title());
                     row.set_numbered_on(decision.date());
                     return absl::OkStatus();
                   });
  }

  Scope& scope_;
  const ListNumbersRequest& request_;
  const Kind kind_;
  std::string forum_;
  Defined defined_;
  PageRows<NumberRow> page_;
  ListNumbersResponse response_;
};

// The year of a series that a day lies in; 0: the series has no years.
uint32_t YearOf(const NumberSeriesRow& series, ledger::Day day) {
  if (series.year_starts().empty()) return 0;
  const std::string text = day.ToString();  // 2019-03-18
  uint32_t year = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year)) return 0;
  if (text.substr(5) < series.year_starts()) --year;
  const bool by_end =
      series.year_named() == event::v1::SERIES_YEAR_ENDS && series.year_starts() != "01-01";
  return by_end ? year + 1 : year;
}

class SeriesList {
 public:
  SeriesList(Scope& scope, const ListNumberSeriesRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<NumberSeriesRow>()) {}

  absl::StatusOr<ListNumberSeriesResponse> Run() {
    SCRUTINY_ASSIGN_OR_RETURN(Defined defined, ReadDefined(scope_));
    for (const Kind& kind : kKinds) {
      SCRUTINY_ASSIGN_OR_RETURN(const Lines lines, ReadLines(scope_, kind));
      for (const auto& [line, given] : lines) Undefined(kind, line, &defined);
      for (auto& [key, series] : defined.series) {
        if (key.first != kind.kind) continue;
        for (NumberSeriesRow& row : series) Add(std::move(row), &lines);
        series.clear();
      }
    }
    // Series of records that have no numbers here.
    for (auto& [key, series] : defined.series) {
      for (NumberSeriesRow& row : series) Add(std::move(row), nullptr);
    }
    ListNumberSeriesResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  // A series in which numbers are given and that nobody defined.
  static void Undefined(const Kind& kind, const Lines::key_type& line, Defined* defined) {
    std::vector<NumberSeriesRow>& series = defined->series[{std::string(kind.kind), line.first}];
    if (series.empty()) {
      NumberSeriesRow& row = series.emplace_back();
      row.set_kind(kind.kind.data(), kind.kind.size());
      row.set_series(line.first);
    }
    // It has years if any of its numbers does.
    NumberSeriesRow& row = series.front();
    if (row.pattern().empty() && line.second != 0) row.set_year_starts("01-01");
  }

  void Add(NumberSeriesRow row, const Lines* lines) {
    if (!request_.kind().empty() && row.kind() != request_.kind()) return;
    row.set_current_year(YearOf(row, scope_.judged_on()));
    if (lines != nullptr) Latest(*lines, row);
    // Taken to be so by its numbers alone, it is not said.
    if (row.pattern().empty()) row.clear_year_starts();
    std::string place = SortKey().Text(row.kind()).Text(row.series()).Text(row.office()).Take();
    page_.Add(std::move(place), std::move(row));
  }

  static void Latest(const Lines& lines, NumberSeriesRow& row) {
    const auto line = lines.find({row.series(), row.current_year()});
    if (line == lines.end() || line->second.empty()) return;
    const auto& [number, rows] = *line->second.rbegin();
    event::v1::Number& latest = *row.mutable_latest();
    latest.set_kind(row.kind());
    latest.set_series(row.series());
    latest.set_year(row.current_year());
    latest.set_number(number);
    latest.set_printed(rows.front().printed());
    const bool own = rows.front().assigned() && !row.pattern().empty();
    if (own || latest.printed().empty()) {
      latest.set_printed(Print(&row, number, row.current_year()));
    }
  }

  Scope& scope_;
  const ListNumberSeriesRequest& request_;
  PageRows<NumberSeriesRow> page_;
};

}  // namespace

absl::StatusOr<ListNumbersResponse> QueryNumbers(Engine& engine, const ListNumbersRequest& request,
                                                 const QueryContext& context) {
  const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) {
    return one.kind == request.kind();
  });
  if (kind == std::end(kKinds)) {
    return Error(Reason::kMalformed,
                 request.kind().empty()
                     ? std::string("Numbers of which kind of record?")
                     : absl::StrCat("Records of the kind “", request.kind(), "” have no numbers."))
        .Field("kind")
        .Value(request.kind())
        .Next("Name one of decisions, meetings (for minutes) and actions.");
  }
  if (request.main_series() && !request.series().empty()) {
    return Error(Reason::kMalformed, "The main series has no name.")
        .Field("series")
        .Value(request.series())
        .Next("Ask for the main series, or for one by its name.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListNumbers",
                                         {kind->numbers, kNumberSeries, kActions, kDecisions,
                                          kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return Numbers(*scope, request, *kind).Run();
}

absl::StatusOr<ListNumberSeriesResponse> QueryNumberSeries(Engine& engine,
                                                           const ListNumberSeriesRequest& request,
                                                           const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListNumberSeries",
                                         {kNumberSeries, kActionNumbers, kDecisionNumbers,
                                          kMinuteNumbers, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return SeriesList(*scope, request).Run();
}

}  // namespace scrutiny::projections
