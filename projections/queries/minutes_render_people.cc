#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/board/attendance.h"
#include "projections/board/meetings.h"
#include "projections/board/minute_text.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/minutes_render_gather.h"
#include "projections/queries/minutes_render_words.h"

namespace scrutiny::projections {

using event::v1::Proposed;
using register_::v1::AttendanceState;
using register_::v1::MeetingAttendanceRow;
using register_::v1::RowMeta;

namespace {

constexpr absl::string_view kNobody = "None.";

// Those in the chair first, then members, then everybody else; within it as printed.
int RankOf(event::v1::Capacity capacity) {
  switch (capacity) {
    case event::v1::CAPACITY_CHAIR:
      return 0;
    case event::v1::CAPACITY_VICE_CHAIR:
      return 1;
    case event::v1::CAPACITY_MEMBER:
      return 2;
    case event::v1::CAPACITY_INDEPENDENT_MEMBER:
      return 3;
    case event::v1::CAPACITY_UNSPECIFIED:
      return 4;
    default:
      return 5;
  }
}

std::string CapacityHeading(event::v1::Capacity capacity) {
  switch (capacity) {
    case event::v1::CAPACITY_MEMBER:
      return "Members";
    case event::v1::CAPACITY_INDEPENDENT_MEMBER:
      return "Independent members";
    case event::v1::CAPACITY_PRESENTER:
      return "Presenters";
    case event::v1::CAPACITY_OBSERVER:
      return "Observers";
    default:
      return Capital(CapacityWords(capacity));
  }
}

void Append(const std::string& part, std::string* text) {
  if (part.empty()) return;
  absl::StrAppend(text, text->empty() ? "" : "; ", part);
}

// `from item 3A (14:20) to item 9`.
std::string Stretch(const event::v1::Presence& presence, const std::string& from,
                    const std::string& until) {
  std::vector<std::string> parts;
  if (!from.empty()) parts.push_back(absl::StrCat("from item ", from));
  if (!presence.from().empty()) parts.push_back(absl::StrCat("from ", presence.from()));
  if (!until.empty()) parts.push_back(absl::StrCat("to item ", until));
  if (!presence.until().empty()) parts.push_back(absl::StrCat("until ", presence.until()));
  return parts.empty() ? std::string() : absl::StrCat("there ", absl::StrJoin(parts, ", "));
}

}  // namespace

absl::Status MinutesGatherer::ReadMeeting() {
  return ForRows(scope_.reader(kMeetings), scope_.view(), ThisMeeting(),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (key.empty()) return ParseRow(record, bytes, &row_);
                   if (!absl::StartsWith(key, kItemPrefix)) return absl::OkStatus();
                   register_::v1::AgendaItemRow item;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &item));
                   items_[item.item()].row = std::move(item);
                   return absl::OkStatus();
                 });
}

absl::Status MinutesGatherer::ReadTexts() {
  std::map<std::string, RowMeta> stands_on;
  std::map<std::string, Other> others;
  std::map<std::string, std::pair<std::string, Paragraph>> paragraphs;  // item and what it says
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope_.reader(kMinuteText), scope_.view(), ThisMeeting(),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (absl::StartsWith(key, kStandsOnPrefix)) {
                  return ParseRow(record, bytes,
                                  &stands_on[std::string(key.substr(kStandsOnPrefix.size()))]);
                }
                if (absl::StartsWith(key, kMinutedFactPrefix)) {
                  return ParseRow(record, bytes, &others[std::string(key)].said);
                }
                event::v1::ItemMinuted said;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &said));
                const size_t cut = key.rfind('/');
                auto& [item, paragraph] = paragraphs[std::string(key)];
                item = said.item();
                paragraph.key = said.key();
                paragraph.heading = said.heading();
                if (!said.paragraphs().empty()) paragraph.text = said.paragraphs(0);
                paragraph.after_resolutions = said.after_resolutions();
                paragraph.order = std::stoi(std::string(key.substr(cut + 1)));
                return absl::OkStatus();
              }));
  for (auto& [key, found] : paragraphs) {
    found.second.meta = stands_on[key.substr(0, key.rfind('/'))];
    ItemOf(found.first).paragraphs.push_back(std::move(found.second));
  }
  for (auto& [key, other] : others) {
    other.meta = stands_on[key];
    others_.push_back(std::move(other));
  }
  // Places that a text cannot have: numbers count as numbers, `2` before `10`.
  const auto place = [](const Paragraph& one) {
    const bool number = one.key.find_first_not_of("0123456789") == std::string::npos;
    return std::make_tuple(number ? one.key.size() : 0, one.key, one.order);
  };
  for (auto& [key, item] : items_) {
    std::stable_sort(item.paragraphs.begin(), item.paragraphs.end(),
                     [&](const Paragraph& a, const Paragraph& b) { return place(a) < place(b); });
  }
  return absl::OkStatus();
}

MinutesGatherer::Item& MinutesGatherer::ItemOf(const std::string& item) {
  Item& found = items_[item];
  found.row.set_item(item);
  return found;
}

std::string MinutesGatherer::ItemWords(const std::string& item) const {
  const auto found = items_.find(item);
  if (found == items_.end() || found->second.row.number_printed().empty()) return item;
  std::string number = found->second.row.number_printed();
  while (!number.empty() && number.back() == '.') number.pop_back();
  return number;
}

absl::StatusOr<std::string> MinutesGatherer::Named(const std::string& person,
                                                   const std::string& post) {
  if (person.empty()) return post;
  return ShownAs(scope_, person, post);
}

absl::StatusOr<std::string> MinutesGatherer::MeetingWords(const std::string& meeting) {
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope_.calendar().Meeting(meeting));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string forum,
                            scope_.calendar().ForumName(info.forum, info.day));
  if (forum.empty() && info.date.empty()) return meeting;
  if (info.date.empty()) return absl::StrCat(forum, " of an unknown date");
  return forum.empty() ? DateInFull(info.date) : absl::StrCat(forum, " of ", DateInFull(info.date));
}

void MinutesGatherer::Particular(absl::string_view name, const std::string& value) {
  if (!value.empty()) document_.particulars.emplace_back(std::string(name), PlainText(value));
}

absl::StatusOr<std::string> MinutesGatherer::StatusWords() {
  const register_::v1::MinutesRow& row = minutes_.row;
  const std::string on = row.accepted_on().empty()
                             ? std::string()
                             : absl::StrCat(" on ", DateInFull(row.accepted_on()));
  if (row.state() >= register_::v1::MINUTES_STATE_NOTED) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string where, MeetingWords(row.accepted_at()));
    return absl::StrCat(row.state() == register_::v1::MINUTES_STATE_APPROVED
                            ? "Approved as a correct record"
                            : "Noted",
                        on, " at the meeting of the ", where);
  }
  std::string status = "Draft, neither approved nor noted";
  if (!row.draft().empty()) absl::StrAppend(&status, "; draft ", row.draft());
  if (!row.circulated_on().empty()) {
    absl::StrAppend(&status, "; circulated by ", DateInFull(row.circulated_on()));
  }
  return status;
}

absl::Status MinutesGatherer::Head() {
  SCRUTINY_ASSIGN_OR_RETURN(minutes_, joins_.Of(meeting_));
  SCRUTINY_ASSIGN_OR_RETURN(format_, joins_.FormatOf(row_.forum()));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string forum,
                            scope_.calendar().ForumName(row_.forum(), LastDayOf(row_.date())));
  document_.forum = PlainText(forum.empty() ? meeting_ : forum);
  const std::string date = row_.date().empty() ? "date not known" : DateInFull(row_.date());
  document_.title = absl::StrCat(document_.forum, ", ", date, ": minutes");
  document_.heading = PlainText(format_.heading().empty() ? "Minutes" : format_.heading());
  document_.marking = PlainText(format_.marking());
  if (format_.actions_column()) {
    document_.aside_heading = PlainText(
        format_.actions_heading().empty() ? "Decisions and actions" : format_.actions_heading());
  }
  document_.draft = minutes_.row.state() < register_::v1::MINUTES_STATE_NOTED;
  SCRUTINY_ASSIGN_OR_RETURN(document_.status, StatusWords());
  if (!minutes_.row.corrections_summary().empty()) {
    absl::StrAppend(&document_.status,
                    "; corrected before that: ", PlainText(minutes_.row.corrections_summary()));
  }
  document_.status = AsSentence(document_.status);
  std::string chair_name;
  for (const Other& other : others_) {
    const std::string& chair = other.said.meeting_opened().chair();
    if (chair.empty()) continue;
    SCRUTINY_ASSIGN_OR_RETURN(chair_name, Named(chair, ""));
  }
  chair_ = !chair_name.empty();
  Particular("Meeting", row_.sort());
  Particular("Date", Capital(date));
  std::string time = row_.start();
  if (!row_.finish().empty())
    absl::StrAppend(&time, time.empty() ? "until " : " to ", row_.finish());
  Particular("Time", time);
  Particular("Place", row_.place());
  Particular("In the chair", chair_name);
  Particular("Theme", row_.theme());
  Use(row_.meta());
  if (row_.start().empty()) missing_.push_back("No time of opening is recorded.");
  if (row_.finish().empty()) missing_.push_back("No time of closing is recorded.");
  if (row_.place().empty()) missing_.push_back("No place is recorded.");
  return absl::OkStatus();
}

absl::StatusOr<std::string> MinutesGatherer::Remarks(const MeetingAttendanceRow& row) {
  std::string remarks;
  if (row.late()) {
    Append(row.late_reason().empty() ? "arrived late"
                                     : absl::StrCat("arrived late: ", row.late_reason()),
           &remarks);
  }
  if (row.left_early()) {
    Append(
        row.left_reason().empty() ? "left early" : absl::StrCat("left early: ", row.left_reason()),
        &remarks);
  }
  if (!row.joined().empty()) Append(absl::StrCat("joined at ", row.joined()), &remarks);
  if (!row.left().empty()) Append(absl::StrCat("left at ", row.left()), &remarks);
  for (const event::v1::Presence& presence : row.presences()) {
    Append(Stretch(presence, ItemWords(presence.from_item()), ItemWords(presence.until_item())),
           &remarks);
  }
  if (row.remote()) Append("took part from elsewhere", &remarks);
  Append(row.reason(), &remarks);
  if (!row.substitute_for().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string whom, Named(row.substitute_for(), ""));
    Append(absl::StrCat("for ", whom), &remarks);
  }
  if (!row.substitute().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string who, Named(row.substitute(), ""));
    Append(absl::StrCat("represented by ", who), &remarks);
  }
  return PlainText(remarks);
}

absl::Status MinutesGatherer::AddPerson(const MeetingAttendanceRow& row) {
  MinutesPerson person;
  SCRUTINY_ASSIGN_OR_RETURN(person.name, Named(row.person(), row.post()));
  person.name = Capital(PlainText(person.name));
  person.post = PlainText(row.post());
  if (absl::EqualsIgnoreCase(person.name, person.post)) person.post.clear();
  person.organisation = PlainText(row.organisation());
  person.capacity = CapacityWords(row.capacity());
  SCRUTINY_ASSIGN_OR_RETURN(person.remarks, Remarks(row));
  person.entries = Use(row.meta());
  if (row.state() == register_::v1::ATTENDANCE_STATE_PRESENT) {
    chair_ = chair_ || row.capacity() == event::v1::CAPACITY_CHAIR;
    present_.emplace_back(row, std::move(person));
    return absl::OkStatus();
  }
  const bool apology = row.state() == register_::v1::ATTENDANCE_STATE_APOLOGY;
  const std::string title = apology ? "Apologies" : "Absent";
  for (MinutesPeople& group : document_.away) {
    if (group.title != title) continue;
    group.people.push_back(std::move(person));
    return absl::OkStatus();
  }
  document_.away.push_back({title, {std::move(person)}});
  return absl::OkStatus();
}

absl::Status MinutesGatherer::ReadAttendance() {
  std::vector<MeetingAttendanceRow> rows;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope_.reader(kAttendance), scope_.view(), ThisMeeting(),
              [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                rows.emplace_back();
                return ParseRow(record, bytes, &rows.back());
              }));
  // As printed; where no place is printed, as recorded.
  const auto place = [](const MeetingAttendanceRow& row) {
    return std::make_tuple(row.state(), row.order() == 0, row.order(),
                           row.meta().entries_size() > 0 ? row.meta().entries(0) : 0);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (const MeetingAttendanceRow& row : rows) SCRUTINY_RETURN_IF_ERROR(AddPerson(row));
  GroupPresent();
  if (present_.empty()) missing_.push_back("Nobody is recorded as present.");
  return absl::OkStatus();
}

// By organisation as they come in the list, or by capacity.
void MinutesGatherer::GroupPresent() {
  const bool by_organisation = format_.present_by_organisation();
  if (!by_organisation) {
    std::stable_sort(present_.begin(), present_.end(), [](const auto& a, const auto& b) {
      return std::make_pair(RankOf(a.first.capacity()), a.first.capacity()) <
             std::make_pair(RankOf(b.first.capacity()), b.first.capacity());
    });
  }
  for (auto& [row, person] : present_) {
    std::string title = by_organisation ? person.organisation : CapacityHeading(row.capacity());
    if (title.empty()) title = by_organisation ? "Of no organisation named" : "Present";
    auto group = std::find_if(document_.present.begin(), document_.present.end(),
                              [&](const MinutesPeople& one) { return one.title == title; });
    if (group == document_.present.end()) {
      group = document_.present.insert(group, {title, {}});
    }
    if (by_organisation) person.organisation.clear();
    if (!by_organisation) person.capacity.clear();
    group->people.push_back(person);
  }
}

absl::Status MinutesGatherer::ReadDeclarations() {
  return ForRows(
      scope_.reader("declarations"), scope_.view(), ThisMeeting(),
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) -> absl::Status {
        register_::v1::DeclarationRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        declared_ = true;
        MinutesLine line{Kind::kRecord, "Declarations of interest", "", {}, Use(row.meta())};
        if (!row.declared()) {
          line.text = kNobody.data();
          document_.opening.push_back(std::move(line));
          return absl::OkStatus();
        }
        SCRUTINY_ASSIGN_OR_RETURN(line.text, Named(row.person(), row.post()));
        if (!row.item().empty()) absl::StrAppend(&line.text, ", item ", ItemWords(row.item()));
        std::vector<std::string> words;
        for (const std::string& part : {row.sort(), row.nature()}) {
          if (!part.empty()) words.push_back(part);
        }
        if (!words.empty()) absl::StrAppend(&line.text, ": ", absl::StrJoin(words, ", "));
        std::string done = row.effect().empty() ? HandlingWords(row.handling()) : row.effect();
        if (!row.left().empty()) Append(absl::StrCat("left at ", row.left()), &done);
        if (!row.returned().empty()) Append(absl::StrCat("came back at ", row.returned()), &done);
        if (!done.empty()) absl::StrAppend(&line.text, "; ", done);
        if (row.partly_sealed()) absl::StrAppend(&line.text, "; particulars are not public");
        line.text = AsSentence(Capital(line.text));
        document_.opening.push_back(std::move(line));
        return absl::OkStatus();
      });
}

// Facts of the meeting that no other row holds, but for what was accepted and taken.
void MinutesGatherer::TakeOther(const Other& other) {
  const auto add = [&](const std::string& item, absl::string_view lead, const std::string& text,
                       std::vector<MinutesLine>& where) {
    std::vector<MinutesLine>& lines = item.empty() ? where : ItemOf(item).assured;
    lines.push_back({Kind::kRecord, std::string(lead), AsSentence(text), {}, Use(other.meta)});
  };
  const Proposed& said = other.said;
  if (said.has_meeting_opened()) {
    Use(other.meta);
  } else if (said.has_public_presence_counted()) {
    const event::v1::PublicPresenceCounted& counted = said.public_presence_counted();
    std::vector<std::string> counts;
    if (counted.has_members_of_public()) {
      counts.push_back(absl::StrCat(counted.members_of_public(), " of the public"));
    }
    if (counted.has_press()) counts.push_back(absl::StrCat(counted.press(), " of the press"));
    if (counts.empty()) counts.push_back(counted.printed());
    add("", "Public and press", WithAnd(counts), document_.opening);
  } else if (said.has_representation_breach_noted()) {
    const event::v1::RepresentationBreachNoted& breach = said.representation_breach_noted();
    add("", "Representation", absl::StrCat(AsSentence(breach.rule()), " ", breach.reason()),
        document_.opening);
  } else if (said.has_meeting_inquorate()) {
    const event::v1::MeetingInquorate& few = said.meeting_inquorate();
    std::string text = "There were too few to decide";
    if (few.quorum() > 0) absl::StrAppend(&text, "; ", few.quorum(), " were needed");
    if (few.has_present()) absl::StrAppend(&text, "; ", few.present(), " were there");
    if (!few.text().empty()) absl::StrAppend(&text, ". ", few.text());
    add(few.from_item(), "Quorum", text, document_.opening);
  } else if (said.has_meeting_adjourned()) {
    const event::v1::MeetingAdjourned& broke = said.meeting_adjourned();
    std::string text = "The meeting was adjourned";
    if (!broke.at().empty()) absl::StrAppend(&text, " at ", broke.at());
    if (!broke.until().empty()) absl::StrAppend(&text, " until ", broke.until());
    if (!broke.to_date().empty()) absl::StrAppend(&text, " to ", DateInFull(broke.to_date()));
    if (!broke.reason().empty()) absl::StrAppend(&text, ": ", broke.reason());
    add(broke.item(), "Adjournment", text, document_.closing);
  } else if (said.has_meeting_resumed()) {
    const event::v1::MeetingResumed& again = said.meeting_resumed();
    add(again.item(), "Resumption",
        again.at().empty() ? "The meeting went on"
                           : absl::StrCat("The meeting went on at ", again.at()),
        document_.closing);
  }
}

// The chair before all else; the end after all else.
void MinutesGatherer::OpenAndClose() {
  for (const Other& other : others_) TakeOther(other);
  for (const Other& other : others_) {
    if (other.said.has_meeting_closed()) {
      const std::string& finish = other.said.meeting_closed().finish();
      document_.closing.push_back({Kind::kRecord,
                                   "Close",
                                   finish.empty()
                                       ? "The meeting was closed."
                                       : absl::StrCat("The meeting closed at ", finish, "."),
                                   {},
                                   Use(other.meta)});
    }
  }
  if (!chair_) missing_.push_back("Who took the chair is not recorded.");
  if (!declared_) {
    missing_.push_back("Neither declarations of interest nor that there were none is recorded.");
  }
}

}  // namespace scrutiny::projections
