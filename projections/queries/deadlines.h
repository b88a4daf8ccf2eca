// projections/queries/deadlines.h
// Where ListCalendar finds what falls due: a table of registers, each with the query that lists it
// and a function that says which clocks a row has. A register that has something due is added by
// one line and one such function, in the file of its part of the office's work.
//
// Threads:  pure; a ClockSink is confined to its query.
// Errors:   those of the queries asked.
// Tests:    tests/projections/public/calendar_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_DEADLINES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_DEADLINES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "projections/queries/query.h"
#include "scrutiny/register/v1/calendar.pb.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// A clock of a row, as the register says it: `Clock(kind, record, what).By(due, date).Done(…)`.
// How it stands on the day judged follows from the date and whether it is done or stopped.
class Clock {
 public:
  Clock(register_::v1::ClockKind kind, absl::string_view record, absl::string_view what) {
    row_.set_kind(kind);
    row_.set_record(record.data(), record.size());
    row_.set_what(what.data(), what.size());
  }

  // Due so, which is that date; without one, that of the meeting it is due by.
  Clock& By(const event::v1::Due& due, const std::string& date) {
    row_.set_date(date.empty() ? due.date() : date);
    row_.set_meeting(due.meeting());
    row_.set_printed(due.printed());
    return *this;
  }
  Clock& On(const std::string& date) {
    row_.set_date(date);
    return *this;
  }
  Clock& Part(const std::string& key) {
    row_.set_part(key);
    return *this;
  }
  Clock& Of(const event::v1::Owner& owner) {
    if (owner.ByteSizeLong() > 0) *row_.add_owners() = owner;
    return *this;
  }
  Clock& Of(const google::protobuf::RepeatedPtrField<event::v1::Owner>& owners) {
    for (const event::v1::Owner& owner : owners) *row_.add_owners() = owner;
    return *this;
  }
  Clock& Done(bool done, const std::string& on) {
    row_.set_done(done);
    if (done) row_.set_done_on(on);
    return *this;
  }
  Clock& Stopped(bool stopped) {
    if (stopped) row_.set_state(register_::v1::CLOCK_STATE_STOPPED);
    return *this;
  }
  Clock& Counts(uint32_t days, const std::string& from, const std::string& basis) {
    row_.set_limit_days(days);
    if (days > 0) row_.set_counted_from(from);
    row_.set_basis(basis);
    return *this;
  }
  Clock& At(const std::string& meeting, const std::string& forum) {
    row_.set_meeting(meeting);
    row_.set_forum(forum);
    return *this;
  }
  Clock& Uncertain(bool uncertain) {
    row_.set_date_uncertain(uncertain);
    return *this;
  }
  Clock& Meta(const register_::v1::RowMeta& meta) {
    *row_.mutable_meta() = meta;
    return *this;
  }

  // Something is said of when: otherwise it is no clock.
  bool Runs() const {
    return !row_.date().empty() || !row_.meeting().empty() || !row_.printed().empty();
  }
  register_::v1::CalendarRow& row() { return row_; }

 private:
  register_::v1::CalendarRow row_;
};

using ClockSink = absl::FunctionRef<void(Clock clock)>;

// A list of a register, and the clocks in it.
struct ClockSource {
  absl::string_view reg;
  std::string method;
  // Asks the query for every row in the view.
  std::function<absl::Status(const Query& query, Engine& engine, const register_::v1::View& view,
                             const QueryContext& context, ClockSink sink)>
      read;
};

// `clocks` gives those of a row. `ask` sets what the request needs to list every row; null:
// nothing.
template <typename Request, typename Response, typename Row>
ClockSource ClocksOf(absl::string_view reg, std::string method,
                     void (*clocks)(const Row& row, ClockSink sink),
                     void (*ask)(Request* request) = nullptr) {
  return {reg, std::move(method),
          [clocks, ask](const Query& query, Engine& engine, const register_::v1::View& view,
                        const QueryContext& context, ClockSink sink) -> absl::Status {
            Request request;
            if (ask != nullptr) ask(&request);
            *request.mutable_view() = view;
            do {
              Response response;
              const absl::Status asked = query.ask(engine, request, context, &response);
              if (!asked.ok()) return asked;
              for (const Row& row : response.rows()) clocks(row, sink);
              request.mutable_page()->set_token(response.next_page_token());
            } while (!request.page().token().empty());
            return absl::OkStatus();
          }};
}

// Meetings and what follows from them.
std::vector<ClockSource> BoardClocks();
// Plans and agreements.
std::vector<ClockSource> PlanClocks();
// Inspections, audits, complaint reviews, returns, volunteers.
std::vector<ClockSource> InspectionClocks();
// The public and money.
std::vector<ClockSource> PublicClocks();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_DEADLINES_H_
