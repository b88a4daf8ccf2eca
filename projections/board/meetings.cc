#include "projections/board/meetings.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/board/meeting_items.h"
#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::AttendanceRow;
using register_::v1::MeetingState;

std::string CapacityInWords(event::v1::Capacity capacity) {
  switch (capacity) {
    case event::v1::CAPACITY_CHAIR:
      return "chair";
    case event::v1::CAPACITY_MEMBER:
      return "member";
    case event::v1::CAPACITY_INDEPENDENT_MEMBER:
      return "independent member";
    case event::v1::CAPACITY_IN_ATTENDANCE:
      return "in attendance";
    case event::v1::CAPACITY_ALSO_PRESENT:
      return "also present";
    case event::v1::CAPACITY_PRESENTER:
      return "presenter";
    default:
      return "";
  }
}

// ` at 15:10`, or nothing.
std::string At(const std::string& time) {
  return time.empty() ? std::string() : absl::StrCat(" at ", time);
}

std::string AdjournedInWords(const event::v1::MeetingAdjourned& adjourned) {
  std::string words = absl::StrCat("The meeting broke off", At(adjourned.at()));
  const std::string* until = &adjourned.until();
  if (until->empty()) until = &adjourned.to_date();
  if (until->empty()) until = &adjourned.to_meeting();
  if (!until->empty()) absl::StrAppend(&words, " until ", *until);
  return WithReason(words, adjourned.reason());
}

std::string InquorateInWords(const event::v1::MeetingInquorate& inquorate) {
  std::string words = "Too few were there to decide";
  if (inquorate.has_present()) absl::StrAppend(&words, ": ", inquorate.present());
  if (inquorate.quorum() > 0) absl::StrAppend(&words, ", the quorum is ", inquorate.quorum());
  return WithReason(words, inquorate.text());
}

std::string PublicInWords(const event::v1::PublicPresenceCounted& counted) {
  std::string words = "Of the public and the press:";
  if (counted.has_members_of_public()) {
    absl::StrAppend(&words, " ", counted.members_of_public(), " of the public");
  }
  if (counted.has_press()) absl::StrAppend(&words, " ", counted.press(), " of the press");
  if (!counted.printed().empty()) absl::StrAppend(&words, " “", counted.printed(), "”");
  return words;
}

std::string SequenceKey(absl::string_view prefix, const Fact& fact) {
  return absl::StrCat(prefix, absl::Hex(fact.sequence.value(), absl::kZeroPad16));
}

class MeetingFold final : public Fold {
 public:
  explicit MeetingFold(absl::string_view record) : items_(record) {
    row_.set_meeting(record.data(), record.size());
  }

  absl::Status Apply(const Fact& fact) override {
    changed_ = true;
    meta_.Add(fact);
    if (TakeCalendar(fact) || TakePublication(fact) || items_.Take(fact) || TakeAttendance(fact) ||
        TakeCourse(fact) || TakeNote(fact)) {
      return absl::OkStatus();
    }
    return NotForRegister("meetings", fact);
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (changed_ || !only_changed) {
      row_.set_items(items_.placed());
      meta_.WriteTo(row_.mutable_meta());
      sink.Row("", row_);
    }
    changed_ = false;
    items_.Give(only_changed, sink);
    attendance_.Give(only_changed, sink);
    notes_.Give(only_changed, sink);
    minutes_.Give(only_changed, sink);
  }

 private:
  bool TakeCalendar(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kMeetingScheduled:
        Scheduled(proposed.meeting_scheduled());
        return true;
      case Proposed::kMeetingThemeSet:
        row_.set_theme(proposed.meeting_theme_set().theme());
        return true;
      case Proposed::kMeetingRescheduled:
        Rescheduled(proposed.meeting_rescheduled());
        return true;
      case Proposed::kMeetingCancelled:
        Reach(register_::v1::MEETING_STATE_CANCELLED);
        return true;
      case Proposed::kMeetingOpened:
        Opened(proposed.meeting_opened());
        return true;
      case Proposed::kMeetingClosed:
        Reach(register_::v1::MEETING_STATE_CLOSED);
        row_.set_finish(proposed.meeting_closed().finish());
        return true;
      default:
        return false;
    }
  }

  // Notice and agenda.
  bool TakePublication(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_meeting_notice_published()) {
      const event::v1::MeetingNoticePublished& notice = proposed.meeting_notice_published();
      // The first notice is the one that was in time or not.
      if (row_.notice_on().empty()) row_.set_notice_on(fact.DayText());
      if (!notice.watch_url().empty()) row_.set_watch_url(notice.watch_url());
      if (!notice.questions_url().empty()) row_.set_questions_url(notice.questions_url());
      return true;
    }
    if (!proposed.has_agenda_published()) return false;
    const event::v1::AgendaPublished& published = proposed.agenda_published();
    const std::string day = fact.DayText();
    if (!day.empty()) row_.set_agenda_published_on(day);
    for (const std::string* where : {&published.url(), &published.text(), &published.paper()}) {
      if (where->empty()) continue;
      row_.set_agenda_url(*where);
      break;
    }
    return true;
  }

  // A meeting's state only goes on: facts that are not dated come last whatever they say.
  void Reach(MeetingState state) { row_.set_state(std::max(row_.state(), state)); }

  void Scheduled(const event::v1::MeetingScheduled& scheduled) {
    Reach(register_::v1::MEETING_STATE_SCHEDULED);
    row_.set_forum(scheduled.forum());
    row_.set_sort(scheduled.sort());
    if (!date_moved_) row_.set_date(scheduled.date());
    if (!start_known_) row_.set_start(scheduled.start());
    if (!place_known_) row_.set_place(scheduled.place());
    // Where nothing later says so.
    if (row_.watch_url().empty()) row_.set_watch_url(scheduled.watch_url());
    if (row_.questions_url().empty()) row_.set_questions_url(scheduled.questions_url());
  }

  void Rescheduled(const event::v1::MeetingRescheduled& moved) {
    // Moved after it was cancelled, it takes place after all.
    if (row_.state() == register_::v1::MEETING_STATE_CANCELLED) {
      row_.set_state(register_::v1::MEETING_STATE_SCHEDULED);
    }
    Reach(register_::v1::MEETING_STATE_SCHEDULED);
    date_moved_ = true;
    row_.set_date(moved.date());
    SetStart(moved.start());
    SetPlace(moved.place());
  }

  void Opened(const event::v1::MeetingOpened& opened) {
    Reach(register_::v1::MEETING_STATE_OPENED);
    SetStart(opened.start());
    SetPlace(opened.place());
    if (!opened.chair().empty()) row_.set_chair(opened.chair());
  }

  void SetStart(const std::string& start) {
    if (start.empty()) return;
    start_known_ = true;
    row_.set_start(start);
  }

  void SetPlace(const std::string& place) {
    if (place.empty()) return;
    place_known_ = true;
    row_.set_place(place);
  }

  bool TakeAttendance(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_attendance_recorded()) {
      const event::v1::AttendanceRecorded& here = proposed.attendance_recorded();
      AttendanceRow& row = Person(kPresentPrefix, here.person(), here.post(), fact);
      present_.insert(here.person());
      row_.set_attended(static_cast<uint32_t>(present_.size()));
      row.set_organisation(here.organisation());
      row.set_capacity(CapacityInWords(here.capacity()));
      row.set_late(row.late() || here.late());
      if (!here.late_reason().empty()) row.set_reason(here.late_reason());
      row.set_substitute_for(here.substitute_for());
      if (here.capacity() == event::v1::CAPACITY_CHAIR && row_.chair().empty()) {
        row_.set_chair(here.person());
      }
      return true;
    }
    if (proposed.has_late_arrival_recorded()) {
      const event::v1::LateArrivalRecorded& late = proposed.late_arrival_recorded();
      AttendanceRow& row = Person(kPresentPrefix, late.person(), "", fact);
      present_.insert(late.person());
      row_.set_attended(static_cast<uint32_t>(present_.size()));
      row.set_late(true);
      if (!late.late_reason().empty()) row.set_reason(late.late_reason());
      return true;
    }
    if (proposed.has_apology_received()) {
      const event::v1::ApologyReceived& away = proposed.apology_received();
      AttendanceRow& row = Person(kApologyPrefix, away.person(), away.post(), fact);
      row.set_apology(true);
      away_.insert(away.person());
      row_.set_apologies(static_cast<uint32_t>(away_.size()));
      row.set_reason(away.reason());
      return true;
    }
    return false;
  }

  AttendanceRow& Person(absl::string_view prefix, const std::string& person,
                        const std::string& post, const Fact& fact) {
    AttendanceRow& row = attendance_.Touch(absl::StrCat(prefix, person), fact);
    row.set_person(person);
    if (!post.empty()) row.set_post(post);
    return row;
  }

  // Breaks, and who else was there or was not.
  bool TakeCourse(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kMeetingAdjourned: {
        const event::v1::MeetingAdjourned& adjourned = proposed.meeting_adjourned();
        row_.set_adjourned(true);
        Note(fact, "", "", AdjournedInWords(adjourned));
        return true;
      }
      case Proposed::kMeetingResumed:
        row_.set_adjourned(false);
        Note(fact, "", "",
             absl::StrCat("The meeting went on", At(proposed.meeting_resumed().at())));
        return true;
      case Proposed::kMeetingInquorate: {
        row_.set_inquorate(true);
        Note(fact, "", "", InquorateInWords(proposed.meeting_inquorate()));
        return true;
      }
      case Proposed::kPublicPresenceCounted: {
        const event::v1::PublicPresenceCounted& counted = proposed.public_presence_counted();
        if (counted.has_members_of_public()) {
          row_.set_members_of_public(counted.members_of_public());
        }
        if (counted.has_press()) row_.set_press(counted.press());
        Note(fact, "", "", PublicInWords(counted));
        return true;
      }
      case Proposed::kAbsenceRecorded: {
        const event::v1::AbsenceRecorded& absent = proposed.absence_recorded();
        Note(fact, absent.person(), absent.post(),
             WithReason("Absent without apology", absent.reason()));
        return true;
      }
      case Proposed::kEarlyDepartureRecorded: {
        const event::v1::EarlyDepartureRecorded& left = proposed.early_departure_recorded();
        Note(fact, left.person(), "",
             WithReason(absl::StrCat("Left early", At(left.left())), left.left_reason()));
        return true;
      }
      default:
        return false;
    }
  }

  bool TakeNote(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kRepresentationBreachNoted: {
        const event::v1::RepresentationBreachNoted& breach = proposed.representation_breach_noted();
        Note(fact, "", "",
             WithReason(absl::StrCat("Usual representation not kept: ", breach.rule()),
                        breach.reason()));
        return true;
      }
      case Proposed::kNilDeclarationsRecorded:
        Note(fact, "", "", "No interests were declared");
        return true;
      case Proposed::kInterestManaged: {
        const event::v1::InterestManaged& managed = proposed.interest_managed();
        if (managed.effect().empty()) return true;
        Note(fact, "", "", absl::StrCat("Interest managed: ", managed.effect()));
        return true;
      }
      case Proposed::kInterestDeclared: {
        const event::v1::InterestDeclared& interest = proposed.interest_declared();
        Note(fact, interest.person(), "",
             WithReason(absl::StrCat("Interest declared",
                                     interest.item().empty() ? "" : " on item ", interest.item(),
                                     interest.nature().empty() ? "" : ": ", interest.nature()),
                        interest.effect()));
        return true;
      }
      case Proposed::kAnnouncementMade: {
        const event::v1::AnnouncementMade& made = proposed.announcement_made();
        Note(fact, made.person(), made.post(),
             absl::StrCat(made.none() ? "Nothing was announced: " : "Announcement: ",
                          WithReason(made.text(), made.event_date())));
        return true;
      }
      case Proposed::kNextMeetingNoted:
        row_.set_next_meeting(proposed.next_meeting_noted().date());
        Note(fact, "", "", absl::StrCat("Next meeting: ", proposed.next_meeting_noted().date()));
        return true;
      case Proposed::kMinutesApproved:
        Minutes(fact, "approved", proposed.minutes_approved().minutes_of(),
                proposed.minutes_approved().corrections());
        return true;
      case Proposed::kMinutesNoted:
        Minutes(fact, "noted", proposed.minutes_noted().minutes_of(), "");
        return true;
      default:
        return false;
    }
  }

  void Note(const Fact& fact, const std::string& person, const std::string& post,
            const std::string& words) {
    AttendanceRow& note = notes_.Make(SequenceKey(kNotePrefix, fact));
    note.set_person(person);
    note.set_post(post);
    note.set_reason(words);
  }

  void Minutes(const Fact& fact, absl::string_view what, const std::string& minutes_of,
               const std::string& corrections) {
    register_::v1::ActionStep& step = minutes_.Make(SequenceKey(kMinutesPrefix, fact));
    step.set_what(what.data(), what.size());
    step.set_meeting(minutes_of);
    step.set_date(fact.DayText());
    step.set_sequence(fact.sequence.value());
    Note(fact, "", "", WithReason(absl::StrCat("Minutes of ", minutes_of, " ", what), corrections));
  }

  register_::v1::MeetingRow row_;
  MetaBuilder meta_;
  bool changed_ = false;
  bool date_moved_ = false;
  bool start_known_ = false;
  bool place_known_ = false;
  absl::flat_hash_set<std::string> present_;
  absl::flat_hash_set<std::string> away_;
  MeetingItems items_;
  KeyedRows<AttendanceRow> attendance_;
  MadeRows<AttendanceRow> notes_;
  MadeRows<register_::v1::ActionStep> minutes_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_meeting_scheduled()) sink("forum", proposed.meeting_scheduled().forum());
  if (proposed.has_minutes_approved()) {
    sink("minutes_of", proposed.minutes_approved().minutes_of());
  }
  if (proposed.has_minutes_noted()) sink("minutes_of", proposed.minutes_noted().minutes_of());
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key.empty()) return register_::v1::MeetingRow::default_instance();
  if (absl::StartsWith(key, kItemPrefix)) return register_::v1::AgendaItemRow::default_instance();
  if (absl::StartsWith(key, kMinutesPrefix)) return register_::v1::ActionStep::default_instance();
  return register_::v1::AttendanceRow::default_instance();
}

}  // namespace

const Register& MeetingsRegister() {
  static const Register& meetings =
      *new Register{"meetings",
                    2,
                    "meetings",
                    {Proposed::kMeetingNoticePublished,  Proposed::kMeetingAdjourned,
                     Proposed::kMeetingResumed,          Proposed::kMeetingInquorate,
                     Proposed::kLateArrivalRecorded,     Proposed::kEarlyDepartureRecorded,
                     Proposed::kAbsenceRecorded,         Proposed::kPublicPresenceCounted,
                     Proposed::kInterestManaged,         Proposed::kAgendaPublished,
                     Proposed::kLateItemAdded,           Proposed::kAgendaItemClassified,
                     Proposed::kMinuteNumbered,          Proposed::kMeetingScheduled,
                     Proposed::kMeetingThemeSet,         Proposed::kMeetingRescheduled,
                     Proposed::kMeetingCancelled,        Proposed::kMeetingOpened,
                     Proposed::kMeetingClosed,           Proposed::kAttendanceRecorded,
                     Proposed::kApologyReceived,         Proposed::kRepresentationBreachNoted,
                     Proposed::kNilDeclarationsRecorded, Proposed::kInterestDeclared,
                     Proposed::kAnnouncementMade,        Proposed::kNextMeetingNoted,
                     Proposed::kMinutesApproved,         Proposed::kMinutesNoted,
                     Proposed::kAgendaItemPlaced,        Proposed::kEmptySectionRecorded,
                     Proposed::kAgendaPartUnreadable,    Proposed::kAgendaItemTaken,
                     Proposed::kAgendaItemDeferred,      Proposed::kAgendaItemWithdrawn},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<MeetingFold>(record);
                    },
                    Index,
                    RowOf};
  return meetings;
}

}  // namespace scrutiny::projections
