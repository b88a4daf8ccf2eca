#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/deadlines.h"
#include "projections/queries/engagement_queries.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of clocks
using ledger::Day;
using ledger::PartialDate;

namespace {

const std::vector<ClockSource>& AllClocks() {
  static const auto& all = *[] {
    auto* const clocks = new std::vector<ClockSource>();
    for (const auto& part : {BoardClocks(), PlanClocks(), InspectionClocks(), PublicClocks()}) {
      clocks->insert(clocks->end(), part.begin(), part.end());
    }
    return clocks;
  }();
  return all;
}

// The registers of all clocks, each once, and those that every query needs.
std::vector<absl::string_view> DrawsOn() {
  std::vector<absl::string_view> names = {kActions, kMeetings, kForums, kKnowledge};
  for (const ClockSource& source : AllClocks()) {
    if (std::find(names.begin(), names.end(), source.reg) == names.end()) {
      names.push_back(source.reg);
    }
  }
  return names;
}

bool ContainsInAnyCase(const std::string& text, const std::string& lower) {
  return absl::StrContains(absl::AsciiStrToLower(text), lower);
}

class CalendarQuery {
 public:
  CalendarQuery(Scope& scope, Engine& engine, const ListCalendarRequest& request,
                const QueryContext& context)
      : scope_(scope),
        engine_(engine),
        request_(request),
        context_(context),
        owner_(absl::AsciiStrToLower(request.owner())),
        page_(scope.NewPage<CalendarRow>()) {}

  absl::StatusOr<ListCalendarResponse> Run() {
    if (scope_.view().last.has_value()) {
      for (const ClockSource& source : AllClocks()) {
        if (request_.register_().empty() || request_.register_() == source.reg) {
          SCRUTINY_RETURN_IF_ERROR(Read(source));
        }
      }
    }
    ListCalendarResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    response.set_overdue(overdue_);
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  // Every register as of the same position and judged on the same day.
  View SameView() const {
    View view = request_.view();
    view.clear_min_sequence();
    view.clear_with_proofs();
    view.set_sequence(scope_.view().last->value());
    view.set_judged_on(scope_.judged_on().ToString());
    return view;
  }

  absl::Status Read(const ClockSource& source) {
    const Query* const query = FindQuery(source.method);
    SCRUTINY_CHECK(query != nullptr) << "there is no query " << source.method;
    std::vector<Clock> clocks;
    SCRUTINY_RETURN_IF_ERROR(source.read(*query, engine_, SameView(), context_, [&](Clock clock) {
      if (clock.Runs()) clocks.push_back(std::move(clock));
    }));
    for (Clock& clock : clocks) {
      clock.row().set_register_(source.reg.data(), source.reg.size());
      SCRUTINY_RETURN_IF_ERROR(Take(clock.row()));
    }
    return absl::OkStatus();
  }

  absl::Status Take(CalendarRow& row) {
    if (!row.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting,
                                scope_.calendar().Meeting(row.meeting()));
      if (row.date().empty()) row.set_date(meeting.date);
      if (row.forum().empty()) row.set_forum(meeting.forum);
    }
    const auto last = PartialDate::Parse(row.date());
    Judge(last.ok() ? absl::make_optional(last->LastDay()) : absl::nullopt, row);
    if (!Keeps(row)) return absl::OkStatus();
    overdue_ += row.overdue() ? 1 : 0;
    std::string key = SortKey()
                          .Date(row.date())
                          .Number(static_cast<uint64_t>(row.kind()))
                          .Text(row.what())
                          .Text(row.record())
                          .Text(row.register_())
                          .Text(row.part())
                          .Take();
    page_.Add(std::move(key), std::move(row));
    return absl::OkStatus();
  }

  // How it stands on the day judged.
  void Judge(const absl::optional<Day>& last, CalendarRow& row) const {
    row.set_date(last.has_value() ? last->ToString() : std::string());
    if (last.has_value()) row.set_days_left(*last - scope_.judged_on());
    const auto done_on = PartialDate::Parse(row.done_on());
    if (row.done()) {
      const bool late = last.has_value() && done_on.ok() && *last < done_on->LastDay();
      row.set_state(late ? CLOCK_STATE_DONE_LATE : CLOCK_STATE_DONE);
    } else if (row.state() != CLOCK_STATE_STOPPED) {
      row.set_overdue(last.has_value() && *last < scope_.judged_on());
      row.set_state(row.overdue() ? CLOCK_STATE_OVERDUE : CLOCK_STATE_RUNNING);
    }
  }

  bool Keeps(const CalendarRow& row) const {
    const bool undated = row.date().empty();
    if (undated && !(request_.from().empty() && request_.to().empty())) return false;
    if (!request_.from().empty() && row.date() < request_.from()) return false;
    if (!request_.to().empty() && row.date() > request_.to()) return false;
    if (request_.kind() != CLOCK_KIND_UNSPECIFIED && row.kind() != request_.kind()) return false;
    const std::string& within = request_.record();
    if (!within.empty() && row.record() != within &&
        !absl::StartsWith(row.record(), absl::StrCat(within, "/"))) {
      return false;
    }
    if (request_.state() != CLOCK_STATE_UNSPECIFIED) {
      if (row.state() != request_.state()) return false;
    } else if (!request_.all() && row.state() != CLOCK_STATE_RUNNING &&
               row.state() != CLOCK_STATE_OVERDUE) {
      return false;
    }
    return owner_.empty() ||
           std::any_of(row.owners().begin(), row.owners().end(), [&](const auto& owner) {
             return ContainsInAnyCase(owner.post(), owner_) ||
                    ContainsInAnyCase(owner.organisation(), owner_) ||
                    ContainsInAnyCase(owner.printed(), owner_);
           });
  }

  Scope& scope_;
  Engine& engine_;
  const ListCalendarRequest& request_;
  const QueryContext& context_;
  const std::string owner_;  // in lower case
  PageRows<CalendarRow> page_;
  uint32_t overdue_ = 0;
};

}  // namespace

absl::StatusOr<ListCalendarResponse> ListCalendar(Engine& engine,
                                                  const ListCalendarRequest& request,
                                                  const QueryContext& context) {
  if (!request.from().empty()) {
    SCRUTINY_RETURN_IF_ERROR(ParseDay(request.from(), "from").status());
  }
  if (!request.to().empty()) SCRUTINY_RETURN_IF_ERROR(ParseDay(request.to(), "to").status());
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine, {"ListCalendar", DrawsOn(), &request.view(), &request.page(), &request},
                  context));
  return CalendarQuery(*scope, engine, request, context).Run();
}

}  // namespace scrutiny::projections
