#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/board/minute_actions.h"
#include "projections/board/questions.h"
#include "projections/board/wording.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/minutes_render_gather.h"
#include "projections/queries/minutes_render_words.h"
#include "scrutiny/register/v1/questions.pb.h"

namespace scrutiny::projections {

using event::v1::Owner;
using google::protobuf::RepeatedPtrField;
using register_::v1::ActionRow;
using register_::v1::AgendaItemRow;
using register_::v1::AnnouncementRow;
using register_::v1::MinuteCorrectionRow;
using register_::v1::QuestionRow;

namespace {

std::string AnnouncementText(const AnnouncementRow& row) {
  if (row.sort() == register_::v1::ANNOUNCEMENT_SORT_NOTHING)
    return "There was nothing to announce.";
  std::string text = row.title();
  if (!row.text().empty()) {
    text = text.empty() ? row.text() : absl::StrCat(AsSentence(text), " ", row.text());
  }
  std::vector<std::string> when;
  if (!row.event_date().empty()) {
    when.push_back(row.event_until().empty() ? DateInFull(row.event_date())
                                             : absl::StrCat(DateInFull(row.event_date()), " to ",
                                                            DateInFull(row.event_until())));
  }
  if (!row.place().empty()) when.push_back(row.place());
  if (!row.url().empty()) when.push_back(row.url());
  if (when.empty()) return AsSentence(text);
  return absl::StrCat(AsSentence(text), " ", AsSentence(absl::StrJoin(when, "; ")));
}

std::string NextMeetingText(const AnnouncementRow& row) {
  std::string text = DateInFull(row.event_date());
  if (!row.start().empty()) absl::StrAppend(&text, ", ", row.start());
  if (!row.place().empty()) absl::StrAppend(&text, ", ", row.place());
  return AsSentence(text);
}

// Whether the meeting itself set the action, rather than heard of it.
bool WasSet(const ActionRow& row) {
  return std::any_of(row.steps().begin(), row.steps().end(), [](const auto& step) {
    return step.what() != "updated" && step.what() != "completed" && step.what() != "closed" &&
           step.what() != "withdrawn";
  });
}

std::string ActionLead(const ActionRow& row) {
  switch (row.state()) {
    case register_::v1::ACTION_STATE_COMPLETED:
      return "Action completed";
    case register_::v1::ACTION_STATE_CLOSED:
      return "Action closed";
    case register_::v1::ACTION_STATE_WITHDRAWN:
      return "Action withdrawn";
    default:
      return row.number().empty() ? "Action" : absl::StrCat("Action ", row.number());
  }
}

std::string CorrectionText(const MinuteCorrectionRow& row, const std::string& where) {
  const std::string was = PlainText(row.was());
  const std::string now = PlainText(row.now());
  std::string text;
  if (was.empty() && now.empty()) {
    text = "The minute was corrected";
  } else if (was.empty()) {
    text = absl::StrCat("“", now, "” was added");
  } else if (now.empty()) {
    text = absl::StrCat("“", was, "” was struck out");
  } else {
    text = absl::StrCat("“", was, "” was replaced by “", now, "”");
  }
  if (!row.corrected_on().empty()) absl::StrAppend(&text, " on ", DateInFull(row.corrected_on()));
  if (!where.empty()) absl::StrAppend(&text, " at the meeting of the ", where);
  if (!row.reason().empty()) absl::StrAppend(&text, ": ", PlainText(row.reason()));
  return AsSentence(text);
}

size_t CountOf(const std::string& part, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

absl::StatusOr<std::string> MinutesGatherer::OwnersWords(const RepeatedPtrField<Owner>& owners) {
  std::vector<std::string> words;
  for (const Owner& owner : owners) {
    std::string word = owner.printed();
    if (word.empty() && !owner.person().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(word, Named(owner.person(), owner.post()));
    }
    if (word.empty() && !owner.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(word, scope_.calendar().ForumName(owner.forum(), absl::nullopt));
    }
    if (word.empty()) word = owner.post();
    if (word.empty()) word = owner.organisation();
    // Joint owners may share one printed form.
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) {
      words.push_back(PlainText(word));
    }
  }
  return WithAnd(words);
}

absl::StatusOr<std::string> MinutesGatherer::DueWords(const std::string& printed,
                                                      const std::string& date,
                                                      const std::string& meeting) {
  if (!printed.empty()) return PlainText(printed);
  if (!date.empty()) return DateInFull(date);
  if (meeting.empty()) return std::string();
  SCRUTINY_ASSIGN_OR_RETURN(const std::string words, MeetingWords(meeting));
  return absl::StrCat("the meeting of the ", words);
}

absl::Status MinutesGatherer::ReadResolutions() {
  return ForRows(scope_.reader(kResolutions), scope_.view(), ThisMeeting(),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   register_::v1::ResolutionRow row;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                   MinutesLine line{Kind::kResolved, "", "", {}, Use(row.meta())};
                   if (!row.without_the_word()) {
                     line.lead = format_.resolved_word().empty()
                                     ? "RESOLVED"
                                     : PlainText(format_.resolved_word());
                   }
                   for (const event::v1::ResolutionLimb& limb : row.limbs()) {
                     line.points.push_back(LimbWords(limb));
                   }
                   if (line.points.size() == 1) {
                     line.text = line.points.front();
                     line.points.clear();
                   }
                   ItemOf(row.item()).resolutions.push_back(std::move(line));
                   return absl::OkStatus();
                 });
}

absl::Status MinutesGatherer::ReadAnnouncements() {
  bool next_known = false;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      scope_.reader("announcements"), scope_.view(), ThisMeeting(),
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) -> absl::Status {
        AnnouncementRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        MinutesLine line{Kind::kRecord, "", "", {}, Use(row.meta())};
        if (row.sort() == register_::v1::ANNOUNCEMENT_SORT_NEXT_MEETING) {
          next_known = true;
          line.lead = "Next meeting";
          line.text = NextMeetingText(row);
        } else {
          SCRUTINY_ASSIGN_OR_RETURN(std::string by, Named(row.person(), row.post()));
          if (by.empty()) by = row.organisation();
          line.lead = by.empty() ? "Announced" : absl::StrCat("Announced by ", PlainText(by));
          line.text = AnnouncementText(row);
        }
        Said(row.item()).push_back(std::move(line));
        return absl::OkStatus();
      }));
  if (!next_known) missing_.push_back("The date of the next meeting is not recorded.");
  return absl::OkStatus();
}

absl::Status MinutesGatherer::ReadQuestions() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> questions,
                            scope_.reader(kQuestions).Indexed("meeting", meeting_));
  std::vector<QuestionRow> rows;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope_.reader(kQuestions), scope_.view(), absl::make_optional(questions),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                rows.emplace_back();
                return ParseRow(record, bytes, &rows.back());
              }));
  std::stable_sort(rows.begin(), rows.end(), [](const QuestionRow& a, const QuestionRow& b) {
    return std::make_pair(a.order(), a.question()) < std::make_pair(b.order(), b.question());
  });
  for (const QuestionRow& row : rows) {
    if (row.put_to() != meeting_) continue;
    MinutesLine line{Kind::kRecord, "Question", "", {}, Use(row.meta())};
    if (!row.number_printed().empty()) absl::StrAppend(&line.lead, " ", row.number_printed());
    // Who asks is named only as their office or organisation.
    const std::string& by = row.asker_post().empty() ? row.organisation() : row.asker_post();
    if (!by.empty() && !row.asker_withheld()) absl::StrAppend(&line.lead, ", ", PlainText(by));
    line.text = AsSentence(row.wording().empty() ? row.title() : row.wording());
    Said(row.put_item()).push_back(std::move(line));
  }
  return absl::OkStatus();
}

// What the meeting did with the minutes of others.
absl::Status MinutesGatherer::ReadAccepted() {
  for (const Other& other : others_) {
    const bool approved = other.said.has_minutes_approved();
    if (!approved && !other.said.has_minutes_noted()) continue;
    const event::v1::MinutesApproved& approval = other.said.minutes_approved();
    const event::v1::MinutesNoted& note = other.said.minutes_noted();
    const std::string& item = approved ? approval.item() : note.item();
    // A resolution says it already; corrections stand in no resolution.
    const bool resolved = !item.empty() && !ItemOf(item).resolutions.empty();
    std::string text;
    if (!resolved) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string of,
                                MeetingWords(approved ? approval.minutes_of() : note.minutes_of()));
      text = absl::StrCat("The minutes of the meeting of the ", of,
                          approved ? " were approved as a correct record." : " were noted.");
    }
    if (!approval.corrections().empty()) {
      absl::StrAppend(&text, text.empty() ? "" : " ",
                      "Corrections: ", AsSentence(approval.corrections()));
    }
    std::vector<uint64_t> entries = Use(other.meta);
    if (text.empty()) continue;
    Said(item).push_back({Kind::kRecord, "", std::move(text), {}, std::move(entries)});
  }
  return absl::OkStatus();
}

absl::Status MinutesGatherer::ReadAssurance() {
  return ForRows(scope_.reader(kAssurance), scope_.view(), ThisMeeting(),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   register_::v1::AssuranceRow row;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                   if (row.item().empty() && row.area().empty()) return absl::OkStatus();
                   MinutesLine line{Kind::kRecord, "", "", {}, Use(row.meta())};
                   line.text =
                       absl::StrCat(row.direct() ? "Direct assurance " : "Assurance ",
                                    AssuranceWords(row.outcome()), ": ", PlainText(row.area()));
                   if (!row.reason().empty())
                     absl::StrAppend(&line.text, " (", PlainText(row.reason()), ")");
                   line.text = AsSentence(line.text);
                   for (const std::string& condition : row.conditions()) {
                     line.points.push_back(AsSentence(condition));
                   }
                   ItemOf(row.item()).assured.push_back(std::move(line));
                   return absl::OkStatus();
                 });
}

absl::Status MinutesGatherer::ReadDecisions() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> decisions,
                            scope_.reader(kDecisions).Indexed("meeting", meeting_));
  return ForRows(
      scope_.reader(kDecisions), scope_.view(), absl::make_optional(decisions),
      [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
        if (!key.empty()) return absl::OkStatus();
        register_::v1::DecisionRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
        if (row.meeting() != meeting_) return absl::OkStatus();
        MinutesLine line{Kind::kFollows, "Decision", AsSentence(row.title()), {}, Use(row.meta())};
        if (row.has_number()) {
          absl::StrAppend(&line.lead, " ", NumberInWords(row.number()));
        }
        if (row.item().empty()) {
          document_.closing.push_back(std::move(line));
        } else {
          ItemOf(row.item()).follows.push_back(std::move(line));
        }
        return absl::OkStatus();
      });
}

absl::Status MinutesGatherer::ReadActions() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> actions,
                            scope_.reader(kMinuteActions).Indexed("meeting", meeting_));
  const std::string here = absl::StrCat(kAtMeetingPrefix, meeting_);
  std::vector<ActionRow> rows;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope_.reader(kMinuteActions), scope_.view(), absl::make_optional(actions),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (key != here) return absl::OkStatus();
                rows.emplace_back();
                return ParseRow(record, bytes, &rows.back());
              }));
  // In the order in which they were first recorded at this meeting.
  std::stable_sort(rows.begin(), rows.end(), [](const ActionRow& a, const ActionRow& b) {
    const auto first = [](const ActionRow& row) {
      return row.meta().entries_size() > 0 ? row.meta().entries(0) : 0;
    };
    return first(a) < first(b);
  });
  for (const ActionRow& row : rows) {
    const bool ended = row.state() != register_::v1::ACTION_STATE_OPEN;
    // Progress alone stands in the minutes' text.
    if (!WasSet(row) && !ended) continue;
    MinutesLine line{Kind::kFollows, ActionLead(row), AsSentence(row.title()), {}, Use(row.meta())};
    if (!ended) {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string owners, OwnersWords(row.owners()));
      SCRUTINY_ASSIGN_OR_RETURN(const std::string due,
                                DueWords(row.due_printed(), row.due_date(), row.due_meeting()));
      if (!owners.empty()) absl::StrAppend(&line.text, " By: ", owners, due.empty() ? "." : ";");
      if (!due.empty()) absl::StrAppend(&line.text, owners.empty() ? " Due: " : " due: ", due, ".");
    }
    if (row.item().empty()) {
      document_.closing.push_back(std::move(line));
    } else {
      ItemOf(row.item()).follows.push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

absl::Status MinutesGatherer::ReadCorrections() {
  for (const MinuteCorrectionRow& row : minutes_.corrections) {
    std::string where;
    if (!row.made_at().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(where, MeetingWords(row.made_at()));
    }
    // Not among what the document stands on: a correction is what a change asks for.
    MinutesLine line{Kind::kCorrection, "Corrected", CorrectionText(row, where), {}, {}};
    line.entries.assign(row.meta().entries().begin(), row.meta().entries().end());
    line.points = {PlainText(row.was()), PlainText(row.now())};  // until it is in its place
    std::vector<MinutesLine>& lines =
        row.item().empty() ? corrections_ : ItemOf(row.item()).corrections;
    lines.push_back(std::move(line));
  }
  return absl::OkStatus();
}

// Puts each correction after the one paragraph that has the words, which then has the new ones;
// where no paragraph or several have them, after all.
void MinutesGatherer::Correct(const Item& item, std::vector<MinutesLine>* lines) {
  for (MinutesLine correction : item.corrections) {
    const std::string was = correction.points[0];
    const std::string now = correction.points[1];
    correction.points.clear();
    size_t count = 0;
    size_t place = lines->size();
    for (size_t i = 0; i < lines->size() && !was.empty(); ++i) {
      if ((*lines)[i].kind != Kind::kText) continue;
      const size_t here = CountOf(was, (*lines)[i].text);
      if (here > 0) place = i;
      count += here;
    }
    if (count != 1) {
      lines->push_back(std::move(correction));
      continue;
    }
    std::string& text = (*lines)[place].text;
    text.replace(text.find(was), was.size(), now);
    text = PlainText(text);
    ++place;
    while (place < lines->size() && (*lines)[place].kind == Kind::kCorrection) ++place;
    lines->insert(lines->begin() + static_cast<std::ptrdiff_t>(place), std::move(correction));
  }
}

// What is to be said of an item of which the minutes have no text.
absl::Status MinutesGatherer::AddOutcome(const Item& item, std::vector<MinutesLine>* lines) {
  const AgendaItemRow& row = item.row;
  const auto add = [&](const std::string& text) {
    if (text.empty()) return;
    lines->push_back({Kind::kText,
                      "",
                      AsSentence(text),
                      {},
                      Entries(row.meta().entries().begin(), row.meta().entries().end())});
  };
  switch (row.outcome()) {
    case register_::v1::ITEM_OUTCOME_EMPTY:
      add(row.outcome_text().empty() ? "None" : row.outcome_text());
      break;
    case register_::v1::ITEM_OUTCOME_UNREADABLE:
      add(absl::StrCat("This part of the agenda cannot be read",
                       row.outcome_text().empty() ? "" : ": ", row.outcome_text()));
      break;
    case register_::v1::ITEM_OUTCOME_DEFERRED: {
      std::string text = "The item was deferred";
      if (!row.deferred_to().empty()) {
        SCRUTINY_ASSIGN_OR_RETURN(const std::string where, MeetingWords(row.deferred_to()));
        absl::StrAppend(&text, " to the meeting of the ", where);
      }
      if (!row.reason().empty()) absl::StrAppend(&text, ": ", row.reason());
      add(text);
      break;
    }
    case register_::v1::ITEM_OUTCOME_WITHDRAWN:
      add(row.reason().empty() ? "The item was withdrawn"
                               : absl::StrCat("The item was withdrawn: ", row.reason()));
      break;
    default:
      if (!item.paragraphs.empty()) break;
      if (!row.presented_by().empty()) {
        SCRUTINY_ASSIGN_OR_RETURN(const std::string by, OwnersWords(row.presented_by()));
        if (!by.empty()) add(absl::StrCat("Presented by ", by));
      }
  }
  return absl::OkStatus();
}

absl::StatusOr<MinutesItem> MinutesGatherer::SetOutItem(Item& item) {
  MinutesItem out;
  const AgendaItemRow& row = item.row;
  out.number = PlainText(row.minute_number().empty() ? row.number_printed() : row.minute_number());
  out.title = PlainText(row.title());
  if (row.outcome() == register_::v1::ITEM_OUTCOME_EMPTY && out.title.empty()) {
    out.title = PlainText(row.section());
  } else {
    out.section = PlainText(row.section());
  }
  if (out.title.empty()) out.title = absl::StrCat("Item ", row.item());
  if (row.late()) {
    out.lines.push_back({Kind::kRecord,
                         "Late item",
                         row.late_reason().empty() ? "Added after the agenda was published."
                                                   : AsSentence(row.late_reason()),
                         {},
                         {}});
  }
  SCRUTINY_RETURN_IF_ERROR(AddOutcome(item, &out.lines));
  if (item.paragraphs.empty()) {
    for (const Other& other : others_) {
      const event::v1::AgendaItemTaken& taken = other.said.agenda_item_taken();
      if (taken.item() != row.item() || taken.summary().empty()) continue;
      out.lines.push_back({Kind::kText, "", AsSentence(taken.summary()), {}, Use(other.meta)});
    }
  }
  const auto paragraphs = [&](bool after) {
    for (const Paragraph& one : item.paragraphs) {
      if (one.after_resolutions != after) continue;
      const Entries entries = Use(one.meta);
      if (!one.heading.empty()) {
        out.lines.push_back({Kind::kHeading, "", PlainText(one.heading), {}, {}});
      }
      out.lines.push_back({Kind::kText, "", PlainText(one.text), {}, entries});
    }
  };
  const auto append = [&](std::vector<MinutesLine>& from, std::vector<MinutesLine>& to) {
    for (MinutesLine& line : from) to.push_back(std::move(line));
  };
  paragraphs(false);
  append(item.said, out.lines);
  append(item.resolutions, out.lines);
  paragraphs(true);
  append(item.assured, out.lines);
  append(item.follows, document_.aside_heading.empty() ? out.lines : out.aside);
  if (out.lines.empty() && out.aside.empty()) {
    missing_.push_back(absl::StrCat("Nothing is recorded of item ", ItemWords(row.item()), "."));
  }
  Correct(item, &out.lines);
  return out;
}

absl::Status MinutesGatherer::SetOut() {
  std::vector<Item*> items;
  for (auto& [key, item] : items_) items.push_back(&item);
  // What is on no agenda comes last.
  const auto place = [](const Item& item) {
    return std::make_tuple(item.row.order() == 0, item.row.order(), item.row.item());
  };
  std::sort(items.begin(), items.end(),
            [&](const Item* a, const Item* b) { return place(*a) < place(*b); });
  std::string section;
  for (Item* item : items) {
    Use(item->row.meta());
    SCRUTINY_ASSIGN_OR_RETURN(MinutesItem out, SetOutItem(*item));
    std::string over = std::move(out.section);
    out.section = over == section ? std::string() : over;
    section = std::move(over);
    document_.items.push_back(std::move(out));
  }
  if (items.empty()) missing_.push_back("No agenda item is recorded.");
  for (MinutesLine& line : corrections_) {
    line.points.clear();
    document_.closing.push_back(std::move(line));
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
