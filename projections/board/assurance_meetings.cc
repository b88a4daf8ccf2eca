#include "projections/board/assurance_meetings.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"

#include "projections/board/hand_step.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/assurance_meetings.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;

// What is or was scrutinised, by one fact.
struct Scrutiny {
  std::string subject;
  std::set<uint32_t> priorities;
};

template <typename Fact>
Scrutiny ScrutinyOf(const Fact& fact) {
  Scrutiny scrutiny{fact.subject(), {}};
  for (const event::v1::PriorityRef& priority : fact.priorities()) {
    scrutiny.priorities.insert(priority.number());
  }
  return scrutiny;
}

// Where something was published: the address, else the words, else the paper.
template <typename Published>
const std::string& Where(const Published& published) {
  if (!published.url().empty()) return published.url();
  return published.text().empty() ? published.paper() : published.text();
}

class AssuranceMeetingFold final : public Fold {
 public:
  explicit AssuranceMeetingFold(absl::string_view record) {
    row_.set_meeting(record.data(), record.size());
  }

  absl::Status Apply(const Fact& fact) override {
    changed_ = true;
    meta_.Add(fact);
    if (TakeCalendar(fact)) return absl::OkStatus();
    if (!TakeScrutiny(fact) && !TakeQuestions(fact)) {
      return NotForRegister("assurance-meetings", fact);
    }
    if (fact.proposed().has_plan_version()) {
      *row_.mutable_plan_version() = fact.proposed().plan_version();
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (!is_one_ || (only_changed && !changed_)) return;
    changed_ = false;
    Derive();
    meta_.WriteTo(row_.mutable_meta());
    sink.Row("", row_);
  }

 private:
  void Step(const Fact& fact, absl::string_view what, const std::string& text) {
    AddHandStep(fact, what, text, "", row_.mutable_steps());
  }

  bool TakeCalendar(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kMeetingScheduled:
        Step(fact, "scheduled", proposed.meeting_scheduled().date());
        return true;
      case Proposed::kMeetingRescheduled:
        cancelled_ = false;
        Step(fact, "moved", proposed.meeting_rescheduled().date());
        return true;
      case Proposed::kMeetingCancelled:
        cancelled_ = true;
        Step(fact, "cancelled", proposed.meeting_cancelled().reason());
        return true;
      case Proposed::kMeetingClosed:
        closed_ = true;
        Step(fact, "closed", "");
        return true;
      case Proposed::kMeetingThemeSet: {
        const event::v1::MeetingThemeSet& theme = proposed.meeting_theme_set();
        theme_.subject = theme.theme();
        theme_.priorities.clear();
        if (theme.priority() != 0) theme_.priorities.insert(theme.priority());
        if (proposed.has_plan_version() && !row_.has_plan_version()) {
          *row_.mutable_plan_version() = proposed.plan_version();
        }
        Step(fact, "theme set", theme.theme());
        return true;
      }
      default:
        return false;
    }
  }

  bool TakeScrutiny(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kAssuranceMeetingAnnounced: {
        const event::v1::AssuranceMeetingAnnounced& announced =
            proposed.assurance_meeting_announced();
        is_one_ = true;
        announced_ = ScrutinyOf(announced);
        for (const event::v1::MeetingPart& part : announced.parts()) {
          AssuranceMeetingPart& row = Part(part.key());
          row.set_title(part.title());
          row.set_questions(part.questions());
        }
        Step(fact, "announced", announced.text().empty() ? announced.subject() : announced.text());
        return true;
      }
      case Proposed::kMeetingPartHeld:
        PartHeld(fact, proposed.meeting_part_held());
        return true;
      case Proposed::kPriorityScrutinised: {
        const event::v1::PriorityScrutinised& scrutinised = proposed.priority_scrutinised();
        is_one_ = true;
        row_.set_scrutinised(true);
        scrutinised_[scrutinised.key()] = ScrutinyOf(scrutinised);
        if (!scrutinised.paper().empty()) row_.set_paper(scrutinised.paper());
        Step(fact, "scrutinised",
             scrutinised.text().empty() ? scrutinised.subject() : scrutinised.text());
        return true;
      }
      case Proposed::kMeetingRecordingPublished: {
        const event::v1::MeetingRecordingPublished& published =
            proposed.meeting_recording_published();
        row_.set_recording(true);
        row_.set_recording_on(fact.DayText());
        row_.set_recording_url(Where(published));
        Step(fact, "recording published", Where(published));
        return true;
      }
      default:
        return false;
    }
  }

  bool TakeQuestions(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kQuestionWindowOpened: {
        const event::v1::QuestionWindowOpened& opened = proposed.question_window_opened();
        is_one_ = true;
        if (row_.window_opened_on().empty()) row_.set_window_opened_on(fact.DayText());
        row_.set_window_until(opened.until());
        row_.clear_window_closed_on();
        window_ = ASSURANCE_MEETING_STATE_QUESTIONS_OPEN;
        Step(fact, "questions opened", opened.subject());
        return true;
      }
      case Proposed::kQuestionWindowClosed: {
        const event::v1::QuestionWindowClosed& closed = proposed.question_window_closed();
        is_one_ = true;
        row_.set_window_closed_on(fact.DayText());
        if (closed.has_received()) row_.set_said_received(closed.received());
        window_ = ASSURANCE_MEETING_STATE_QUESTIONS_CLOSED;
        Step(fact, "questions closed", closed.text());
        return true;
      }
      case Proposed::kQuestionsTallied:
        Tallied(fact, proposed.questions_tallied());
        return true;
      case Proposed::kQuestionListPublished: {
        const event::v1::QuestionListPublished& published = proposed.question_list_published();
        is_one_ = true;
        row_.set_list(true);
        row_.set_list_on(fact.DayText());
        row_.set_list_url(Where(published));
        row_.set_list_paper(published.paper());
        Step(fact, "list published", Where(published));
        return true;
      }
      default:
        return false;
    }
  }

  // The part of that key, made if there is none.
  AssuranceMeetingPart& Part(const std::string& key) {
    for (AssuranceMeetingPart& part : *row_.mutable_parts()) {
      if (part.key() == key) return part;
    }
    AssuranceMeetingPart& part = *row_.add_parts();
    part.set_key(key);
    return part;
  }

  void PartHeld(const Fact& fact, const event::v1::MeetingPartHeld& held) {
    is_one_ = true;
    AssuranceMeetingPart& part = Part(held.key());
    if (!held.title().empty()) part.set_title(held.title());
    part.set_questions(part.questions() || held.questions());
    part.set_held(true);
    part.set_held_on(fact.DayText());
    if (!held.start().empty()) part.set_start(held.start());
    if (!held.finish().empty()) part.set_finish(held.finish());
    Step(fact, "part held", held.summary().empty() ? held.title() : held.summary());
  }

  void Tallied(const Fact& fact, const event::v1::QuestionsTallied& tallied) {
    if (tallied.has_received()) row_.set_said_received(tallied.received());
    if (tallied.has_selected()) row_.set_said_selected(tallied.selected());
    if (tallied.has_answered_at_meeting()) row_.set_said_answered(tallied.answered_at_meeting());
    if (tallied.has_by_casework()) row_.set_said_by_casework(tallied.by_casework());
    if (!tallied.printed().empty()) row_.set_said_printed(tallied.printed());
    Step(fact, "questions counted", tallied.printed());
  }

  // What was scrutinised, else what was to be, else the meeting's theme.
  void DeriveSubject() {
    std::vector<std::string> subjects;
    std::set<uint32_t> priorities;
    for (const auto& [key, one] : scrutinised_) {
      if (!one.subject.empty()) subjects.push_back(one.subject);
      priorities.insert(one.priorities.begin(), one.priorities.end());
    }
    for (const Scrutiny* other : {&announced_, &theme_}) {
      if (subjects.empty() && !other->subject.empty()) subjects.push_back(other->subject);
      if (priorities.empty()) priorities = other->priorities;
    }
    row_.set_subject(absl::StrJoin(subjects, "; "));
    row_.mutable_priorities()->Assign(priorities.begin(), priorities.end());
  }

  void Derive() {
    DeriveSubject();
    const auto& parts = row_.parts();
    const auto is_held = [](const AssuranceMeetingPart& part) { return part.held(); };
    const bool all_held = !parts.empty() && std::all_of(parts.begin(), parts.end(), is_held);
    const bool some_held = std::any_of(parts.begin(), parts.end(), is_held) || row_.scrutinised();
    if (cancelled_) {
      row_.set_state(ASSURANCE_MEETING_STATE_CANCELLED);
    } else if (closed_ || all_held) {
      row_.set_state(ASSURANCE_MEETING_STATE_HELD);
    } else if (some_held) {
      row_.set_state(ASSURANCE_MEETING_STATE_PARTLY_HELD);
    } else {
      row_.set_state(window_);
    }
  }

  AssuranceMeetingRow row_;
  MetaBuilder meta_;
  bool changed_ = false;
  bool is_one_ = false;  // a meeting of assurance
  bool cancelled_ = false;
  bool closed_ = false;
  AssuranceMeetingState window_ = ASSURANCE_MEETING_STATE_ANNOUNCED;  // before it is held
  Scrutiny theme_;
  Scrutiny announced_;
  std::map<std::string, Scrutiny> scrutinised_;  // by key
};

}  // namespace

const Register& AssuranceMeetingsRegister() {
  static const Register& meetings = *new Register{
      "assurance-meetings",
      1,
      "meetings",
      {Proposed::kMeetingScheduled, Proposed::kMeetingRescheduled, Proposed::kMeetingCancelled,
       Proposed::kMeetingClosed, Proposed::kMeetingThemeSet, Proposed::kAssuranceMeetingAnnounced,
       Proposed::kMeetingPartHeld, Proposed::kPriorityScrutinised,
       Proposed::kMeetingRecordingPublished, Proposed::kQuestionWindowOpened,
       Proposed::kQuestionWindowClosed, Proposed::kQuestionsTallied,
       Proposed::kQuestionListPublished},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<AssuranceMeetingFold>(record);
      },
      nullptr,
      AlwaysA<AssuranceMeetingRow>};
  return meetings;
}

}  // namespace scrutiny::projections
