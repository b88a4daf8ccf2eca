#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "projections/board/attendance.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/meeting_queries.h"
#include "projections/queries/meta_merge.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows

// A meeting of the forum in the time asked for.
struct Held {
  std::string meeting;
  std::string date;  // ISO; empty: not known
  std::vector<MeetingAttendanceRow> people;
};

// Somebody who is counted, and at which of the dated meetings, in order, anything is said of them.
struct Counted {
  AttendanceCountRow row;
  MetaMerge meta;
  std::vector<size_t> dated;
};

class Count {
 public:
  Count(Scope& scope, const CountAttendanceRequest& request) : scope_(scope), request_(request) {}

  absl::StatusOr<CountAttendanceResponse> Run() {
    if (request_.forum().empty()) {
      return ledger::Error(ledger::Reason::kMalformed, "Whose meetings? Name a forum.")
          .Field("forum");
    }
    SCRUTINY_ASSIGN_OR_RETURN(const std::string forum,
                              scope_.calendar().ForumNamed(request_.forum(), "forum"));
    SCRUTINY_RETURN_IF_ERROR(CheckDays());
    SCRUTINY_RETURN_IF_ERROR(ReadMeetings(forum));
    for (size_t i = 0; i < held_.size(); ++i) CountMeeting(i);
    SCRUTINY_RETURN_IF_ERROR(Finish());
    return std::move(response_);
  }

 private:
  absl::Status CheckDays() const {
    if (!request_.from().empty()) {
      SCRUTINY_RETURN_IF_ERROR(ParseDay(request_.from(), "from").status());
    }
    if (!request_.until().empty()) {
      SCRUTINY_RETURN_IF_ERROR(ParseDay(request_.until(), "until").status());
    }
    return absl::OkStatus();
  }

  // As MATCH_FROM and MATCH_UNTIL compare: a meeting of a month lies in it as far as it can.
  bool InTime(const std::string& date) const {
    if (request_.from().empty() && request_.until().empty()) return true;
    if (date.empty()) return false;
    return date >= request_.from().substr(0, date.size()) &&
           (request_.until().empty() ||
            date.substr(0, request_.until().size()) <= request_.until());
  }

  absl::Status ReadMeetings(const std::string& forum) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings,
                              scope_.calendar().MeetingsOf(forum));
    for (const std::string& meeting : meetings) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope_.calendar().Meeting(meeting));
      if (info.cancelled || !InTime(info.date)) continue;
      Held held{meeting, info.date, {}};
      const std::vector<std::string> one = {meeting};
      SCRUTINY_RETURN_IF_ERROR(
          ForRows(scope_.reader(kAttendance), scope_.view(), absl::make_optional(one),
                  [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                    return ParseRow(record, bytes, &held.people.emplace_back());
                  }));
      if (!held.people.empty()) {
        held_.push_back(std::move(held));
        continue;
      }
      SCRUTINY_ASSIGN_OR_RETURN(const bool took_place, TookPlace(meeting));
      if (took_place) response_.set_meetings_without(response_.meetings_without() + 1);
    }
    // Those of which the date is not known come last and have no place in the order.
    std::sort(held_.begin(), held_.end(), [](const Held& a, const Held& b) {
      if (a.date.empty() != b.date.empty()) return b.date.empty();
      return std::tie(a.date, a.meeting) < std::tie(b.date, b.meeting);
    });
    response_.set_meetings(static_cast<uint32_t>(held_.size()));
    return absl::OkStatus();
  }

  // A meeting was held if it is recorded that it began or ended.
  absl::StatusOr<bool> TookPlace(const std::string& meeting) {
    bool held = false;
    const std::vector<std::string> one = {meeting};
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.view(), absl::make_optional(one),
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (!key.empty()) return absl::OkStatus();
                  MeetingRow row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                  held = row.state() == MEETING_STATE_OPENED || row.state() == MEETING_STATE_CLOSED;
                  return absl::OkStatus();
                }));
    return held;
  }

  void CountMeeting(size_t place) {
    const Held& held = held_[place];
    // One side of a substitution may be said without the other.
    std::set<std::string> stood_in;
    std::set<std::string> substituted;
    for (const MeetingAttendanceRow& row : held.people) {
      if (!row.substitute().empty()) stood_in.insert(row.substitute());
      if (!row.substitute_for().empty()) substituted.insert(row.substitute_for());
    }
    for (const MeetingAttendanceRow& row : held.people) {
      Counted& counted = people_[row.person()];
      AttendanceCountRow& count = counted.row;
      counted.meta.Add(row.meta());
      if (!row.post().empty()) count.set_post(row.post());
      if (!held.date.empty()) {
        if (count.first_on().empty()) count.set_first_on(held.date);
        count.set_last_on(held.date);
        counted.dated.push_back(place);
      }
      const bool in = !row.substitute_for().empty() || stood_in.contains(row.person());
      const bool out = !row.substitute().empty() || substituted.contains(row.person());
      Add(row, in, out, count);
    }
  }

  static void Add(const MeetingAttendanceRow& row, bool stood_in, bool substituted,
                  AttendanceCountRow& count) {
    switch (row.state()) {
      case ATTENDANCE_STATE_PRESENT:
        count.set_present(count.present() + 1);
        if (row.late()) count.set_late(count.late() + 1);
        if (row.left_early()) count.set_left_early(count.left_early() + 1);
        if (stood_in) count.set_stood_in(count.stood_in() + 1);
        break;
      case ATTENDANCE_STATE_APOLOGY:
        count.set_apologies(count.apologies() + 1);
        if (substituted) count.set_substituted(count.substituted() + 1);
        break;
      case ATTENDANCE_STATE_ABSENT:
        count.set_absent(count.absent() + 1);
        break;
      default:
        break;
    }
  }

  absl::Status Finish() {
    auto page = scope_.NewPage<AttendanceCountRow>();
    for (auto& [person, counted] : people_) {
      AttendanceCountRow& row = counted.row;
      row.set_person(person);
      if (!counted.dated.empty()) {
        const size_t span = counted.dated.back() - counted.dated.front() + 1;
        row.set_not_mentioned(static_cast<uint32_t>(span - counted.dated.size()));
      }
      counted.meta.WriteTo(row.mutable_meta());
      std::string place = SortKey().Text(person).Take();
      if (!page.Wants(place)) continue;
      SCRUTINY_ASSIGN_OR_RETURN(*row.mutable_shown_as(), ShownAs(scope_, person, row.post()));
      page.Add(std::move(place), std::move(row));
    }
    scope_.AddNote(absl::StrCat("Meetings with attendance recorded: ", response_.meetings(),
                                "; held, but with none recorded: ", response_.meetings_without(),
                                "."));
    response_.set_next_page_token(scope_.TokenAfter(page.MoveTo(response_.mutable_rows())));
    *response_.mutable_basis() = scope_.basis();
    return absl::OkStatus();
  }

  Scope& scope_;
  const CountAttendanceRequest& request_;
  std::vector<Held> held_;  // with attendance recorded, by date
  std::map<std::string, Counted> people_;
  CountAttendanceResponse response_;
};

}  // namespace

absl::StatusOr<CountAttendanceResponse> QueryAttendanceCount(Engine& engine,
                                                             const CountAttendanceRequest& request,
                                                             const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"CountAttendance",
                                         {kAttendance, kMeetings, kForums, kPeople, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return Count(*scope, request).Run();
}

}  // namespace scrutiny::projections
