#include "projections/queries/calendar.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/alias.h"
#include "projections/board/meetings.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/forum.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

absl::Status NoSuch(absl::string_view what, absl::string_view text, absl::string_view field) {
  return ledger::Error(ledger::Reason::kNotFound,
                       absl::StrCat("There is no ", what, " “", text, "” in this ledger."))
      .Field(field)
      .Value(text);
}

}  // namespace

absl::StatusOr<MeetingInfo> Calendar::Meeting(const std::string& meeting) {
  if (const auto found = known_.find(meeting); found != known_.end()) return found->second;
  MeetingInfo info;
  absl::Status parsed;
  SCRUTINY_RETURN_IF_ERROR(meetings_.RowsOf(
      meeting, view_, [&](absl::string_view record, absl::string_view key, absl::string_view row) {
        if (!key.empty()) return false;
        register_::v1::MeetingRow held;
        parsed = ParseRow(record, row, &held);
        info.held = true;
        info.forum = held.forum();
        info.date = held.date();
        info.day = LastDayOf(held.date());
        info.theme = held.theme();
        info.cancelled = held.state() == register_::v1::MEETING_STATE_CANCELLED;
        return false;
      }));
  SCRUTINY_RETURN_IF_ERROR(parsed);
  known_.emplace(meeting, info);
  return info;
}

absl::StatusOr<ItemInfo> Calendar::Item(const std::string& meeting, const std::string& item) {
  auto found = items_.find(meeting);
  if (found == items_.end()) {
    Items items;
    const std::vector<std::string> one = {meeting};
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(meetings_, view_, one,
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (!absl::StartsWith(key, kItemPrefix)) return absl::OkStatus();
                  register_::v1::AgendaItemRow row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                  items[row.item()] = {row.order(), row.number_printed(), row.title()};
                  return absl::OkStatus();
                }));
    found = items_.emplace(meeting, std::move(items)).first;
  }
  const auto held = found->second.find(item);
  return held == found->second.end() ? ItemInfo() : held->second;
}

absl::StatusOr<std::vector<std::string>> Calendar::MeetingsOf(const std::string& forum) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> once, meetings_.Indexed("forum", forum));
  std::vector<std::string> meetings;
  for (const std::string& meeting : once) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, Meeting(meeting));
    if (info.forum == forum) meetings.push_back(meeting);
  }
  return meetings;
}

absl::Status Calendar::LoadForums() {
  if (forums_loaded_) return absl::OkStatus();
  forums_loaded_ = true;
  return ForRows(forums_, view_, absl::nullopt,
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   Forum& forum = all_forums_[std::string(record)];
                   if (key.empty()) {
                     event::v1::ForumEstablished row;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                     forum.aliases.assign(row.aliases().begin(), row.aliases().end());
                     return absl::OkStatus();
                   }
                   register_::v1::ActionStep name;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &name));
                   forum.names.emplace_back(name.date(), name.text());
                   return absl::OkStatus();
                 });
}

absl::StatusOr<std::string> Calendar::ForumNamed(const std::string& text, absl::string_view field) {
  SCRUTINY_RETURN_IF_ERROR(LoadForums());
  if (absl::StartsWith(text, "forums/")) {
    SCRUTINY_RETURN_IF_ERROR(ledger::ValidateRecordName(text, field));
    if (all_forums_.contains(text)) return text;
    // A forum that meetings cite, of which nothing more is held.
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings, MeetingsOf(text));
    if (!meetings.empty()) return text;
    return NoSuch("forum", text, field);
  }
  const std::string wanted = ledger::NormaliseAlias(text);
  std::vector<std::string> found;
  for (const auto& [record, forum] : all_forums_) {
    const bool named = std::any_of(forum.names.begin(), forum.names.end(), [&](const auto& name) {
      return ledger::NormaliseAlias(name.second) == wanted;
    });
    const bool called = std::any_of(
        forum.aliases.begin(), forum.aliases.end(),
        [&](const std::string& alias) { return ledger::NormaliseAlias(alias) == wanted; });
    if (named || called) found.push_back(record);
  }
  if (found.empty()) return NoSuch("forum", text, field);
  if (found.size() == 1) return found.front();
  std::sort(found.begin(), found.end());
  return ledger::Error(ledger::Reason::kMalformed,
                       absl::StrCat("Several forums are called “", text,
                                    "”: ", absl::StrJoin(found, ", "), "."))
      .Field(field)
      .Value(text)
      .Next("Name the one you mean by its record.");
}

absl::StatusOr<std::string> Calendar::MeetingNamed(const std::string& text,
                                                   absl::string_view field) {
  if (absl::StartsWith(text, "meetings/")) {
    SCRUTINY_RETURN_IF_ERROR(ledger::ValidateRecordName(text, field));
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, Meeting(text));
    if (info.held) return text;
    return NoSuch("meeting", text, field);
  }
  const size_t space = text.rfind(' ');
  if (space == std::string::npos) return NoSuch("meeting", text, field);
  const std::string date = text.substr(space + 1);
  SCRUTINY_ASSIGN_OR_RETURN(const std::string forum, ForumNamed(text.substr(0, space), field));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings, MeetingsOf(forum));
  std::vector<std::string> found;
  for (const std::string& meeting : meetings) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, Meeting(meeting));
    if (info.date == date) found.push_back(meeting);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return NoSuch("meeting", text, field);
  return ledger::Error(ledger::Reason::kMalformed,
                       absl::StrCat("“", text, "” may be ", absl::StrJoin(found, " or "), "."))
      .Field(field)
      .Value(text)
      .Next("Name the one you mean by its record.");
}

absl::StatusOr<std::string> Calendar::ForumName(const std::string& forum,
                                                const absl::optional<ledger::Day>& on) {
  SCRUTINY_RETURN_IF_ERROR(LoadForums());
  const auto found = all_forums_.find(forum);
  if (found == all_forums_.end() || found->second.names.empty()) return std::string();
  // The latest that had begun by then; the first one has always been.
  const std::string day = on.has_value() ? on->ToString() : "9999-12-31";
  const std::pair<std::string, std::string>* best = nullptr;
  for (const auto& name : found->second.names) {
    if (name.first <= day && (best == nullptr || name.first >= best->first)) best = &name;
  }
  return best == nullptr ? found->second.names.front().second : best->second;
}

}  // namespace scrutiny::projections
