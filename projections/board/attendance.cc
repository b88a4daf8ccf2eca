#include "projections/board/attendance.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/attendance.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;

void SetIfGiven(const std::string& from, std::string* to) {
  if (!from.empty()) *to = from;
}

// Being there counts before an apology, an apology before an absence: in the order of the states.
void Reach(AttendanceState state, MeetingAttendanceRow& row) {
  if (row.state() == ATTENDANCE_STATE_UNSPECIFIED || state < row.state()) row.set_state(state);
}

class AttendanceFold final : public Fold {
 public:
  explicit AttendanceFold(absl::string_view record) : meeting_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kAttendanceRecorded:
        Here(fact, proposed.attendance_recorded());
        break;
      case Proposed::kApologyReceived: {
        const event::v1::ApologyReceived& away = proposed.apology_received();
        MeetingAttendanceRow& row = Missing(ATTENDANCE_STATE_APOLOGY, fact, away);
        SetIfGiven(away.substitute(), row.mutable_substitute());
        break;
      }
      case Proposed::kAbsenceRecorded:
        Missing(ATTENDANCE_STATE_ABSENT, fact, proposed.absence_recorded());
        break;
      case Proposed::kLateArrivalRecorded:
        Late(fact, proposed.late_arrival_recorded());
        break;
      case Proposed::kEarlyDepartureRecorded:
        Left(fact, proposed.early_departure_recorded());
        break;
      default:
        return NotForRegister(kAttendance, fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { people_.Give(only_changed, sink); }

 private:
  MeetingAttendanceRow& Person(const std::string& person, const Fact& fact) {
    MeetingAttendanceRow& row = people_.Touch(absl::StrCat(kAttendancePrefix, person), fact);
    row.set_meeting(meeting_);
    row.set_person(person);
    return row;
  }

  void Here(const Fact& fact, const event::v1::AttendanceRecorded& here) {
    MeetingAttendanceRow& row = Person(here.person(), fact);
    Reach(ATTENDANCE_STATE_PRESENT, row);
    SetIfGiven(here.post(), row.mutable_post());
    SetIfGiven(here.organisation(), row.mutable_organisation());
    row.set_capacity(here.capacity());
    row.set_remote(here.remote());
    row.set_late(row.late() || here.late());
    SetIfGiven(here.late_reason(), row.mutable_late_reason());
    row.set_left_early(row.left_early() || !here.left_reason().empty());
    SetIfGiven(here.left_reason(), row.mutable_left_reason());
    SetIfGiven(here.joined(), row.mutable_joined());
    SetIfGiven(here.left(), row.mutable_left());
    if (!here.presences().empty()) *row.mutable_presences() = here.presences();
    SetIfGiven(here.substitute_for(), row.mutable_substitute_for());
    row.set_order(here.order());
  }

  template <typename Event>
  MeetingAttendanceRow& Missing(AttendanceState state, const Fact& fact, const Event& missing) {
    MeetingAttendanceRow& row = Person(missing.person(), fact);
    Reach(state, row);
    SetIfGiven(missing.post(), row.mutable_post());
    SetIfGiven(missing.organisation(), row.mutable_organisation());
    SetIfGiven(missing.reason(), row.mutable_reason());
    return row;
  }

  void Late(const Fact& fact, const event::v1::LateArrivalRecorded& late) {
    MeetingAttendanceRow& row = Person(late.person(), fact);
    Reach(ATTENDANCE_STATE_PRESENT, row);
    row.set_late(true);
    SetIfGiven(late.late_reason(), row.mutable_late_reason());
    SetIfGiven(late.joined(), row.mutable_joined());
    if (late.item().empty()) return;
    event::v1::Presence& first =
        row.presences().empty() ? *row.add_presences() : *row.mutable_presences(0);
    first.set_from(late.joined());
    first.set_from_item(late.item());
  }

  void Left(const Fact& fact, const event::v1::EarlyDepartureRecorded& left) {
    MeetingAttendanceRow& row = Person(left.person(), fact);
    Reach(ATTENDANCE_STATE_PRESENT, row);
    row.set_left_early(true);
    SetIfGiven(left.left_reason(), row.mutable_left_reason());
    SetIfGiven(left.left(), row.mutable_left());
    if (left.item().empty()) return;
    event::v1::Presence& last = row.presences().empty()
                                    ? *row.add_presences()
                                    : *row.mutable_presences(row.presences_size() - 1);
    last.set_until(left.left());
    last.set_until_item(left.item());
  }

  const std::string meeting_;
  KeyedRows<MeetingAttendanceRow> people_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  switch (proposed.fact_case()) {
    case Proposed::kAttendanceRecorded:
      return sink("person", proposed.attendance_recorded().person());
    case Proposed::kApologyReceived:
      return sink("person", proposed.apology_received().person());
    case Proposed::kAbsenceRecorded:
      return sink("person", proposed.absence_recorded().person());
    case Proposed::kLateArrivalRecorded:
      return sink("person", proposed.late_arrival_recorded().person());
    case Proposed::kEarlyDepartureRecorded:
      return sink("person", proposed.early_departure_recorded().person());
    default:
      return;
  }
}

}  // namespace

const Register& AttendanceRegister() {
  static const Register& attendance = *new Register{
      kAttendance,
      1,
      "meetings",
      {Proposed::kAttendanceRecorded, Proposed::kApologyReceived, Proposed::kAbsenceRecorded,
       Proposed::kLateArrivalRecorded, Proposed::kEarlyDepartureRecorded},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<AttendanceFold>(record);
      },
      Index,
      AlwaysA<MeetingAttendanceRow>};
  return attendance;
}

}  // namespace scrutiny::projections
