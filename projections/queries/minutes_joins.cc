#include "projections/queries/minutes_joins.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"

#include "projections/board/minutes.h"
#include "projections/board/minutes_formats.h"
#include "projections/queries/meeting_joins.h"

namespace scrutiny::projections {
namespace {

using event::v1::MinutesFormatSet;
using register_::v1::MinuteCorrectionRow;
using register_::v1::MinutesRow;
using register_::v1::RecordStep;

constexpr size_t kMetaEntriesMax = 100;  // as RowMeta.entries says

absl::optional<std::vector<std::string>> Only(const std::string& record) {
  return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
}

// Puts what another record says behind the row.
void MergeMeta(const register_::v1::RowMeta& from, register_::v1::RowMeta* to) {
  std::vector<uint64_t> entries(to->entries().begin(), to->entries().end());
  entries.insert(entries.end(), from.entries().begin(), from.entries().end());
  std::sort(entries.begin(), entries.end());
  if (entries.size() > kMetaEntriesMax) {
    entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(kMetaEntriesMax));
  }
  to->mutable_entries()->Assign(entries.begin(), entries.end());
  to->set_entry_count(to->entry_count() + from.entry_count());
  to->set_date_not_known(to->date_not_known() || from.date_not_known());
  to->set_despite(to->despite() || from.despite());
  to->set_inferred(to->inferred() || from.inferred());
  to->set_corrected(to->corrected() || from.corrected());
}

// Undated steps come last.
bool Before(const RecordStep& a, const RecordStep& b) {
  return std::make_tuple(a.date().empty(), a.date(), a.sequence()) <
         std::make_tuple(b.date().empty(), b.date(), b.sequence());
}

// Approved stands over noted; of several that say the same, the first.
bool Outranks(const MinutesRow& found, const MinutesRow& held) {
  if (found.state() != held.state()) return found.state() > held.state();
  if (found.accepted_on().empty() || held.accepted_on().empty()) {
    return !found.accepted_on().empty();
  }
  return found.accepted_on() < held.accepted_on();
}

void AddAcceptance(const MinutesRow& accepted, MinutesRow* row) {
  RecordStep* const step = row->add_steps();
  step->set_what(accepted.state() == register_::v1::MINUTES_STATE_APPROVED ? "approved" : "noted");
  step->set_date(accepted.accepted_on());
  step->set_text(accepted.corrections_summary());
  step->set_meeting(accepted.accepted_at());
  if (accepted.meta().entries_size() > 0) step->set_sequence(accepted.meta().entries(0));
  MergeMeta(accepted.meta(), row->mutable_meta());
}

// Corrections that were made once the minutes had been accepted.
uint32_t MadeAfter(const MinutesJoins::Standing& standing) {
  if (!standing.accepted_by.has_value()) return 0;
  const MinutesRow& row = standing.row;
  return static_cast<uint32_t>(std::count_if(
      standing.corrections.begin(), standing.corrections.end(),
      [&](const MinuteCorrectionRow& one) {
        const bool earlier = !one.corrected_on().empty() && one.corrected_on() < row.accepted_on();
        return !one.before_acceptance() && !earlier && one.made_at() != row.accepted_at();
      }));
}

}  // namespace

absl::StatusOr<MinutesJoins::Standing> MinutesJoins::Of(const std::string& meeting) {
  Standing standing;
  SCRUTINY_RETURN_IF_ERROR(ReadOwn(meeting, &standing));
  SCRUTINY_RETURN_IF_ERROR(Accept(meeting, &standing));
  MinutesRow& row = standing.row;
  row.set_meeting(meeting);
  if (row.state() == register_::v1::MINUTES_STATE_UNSPECIFIED) {
    row.set_state(register_::v1::MINUTES_STATE_NOT_DRAFTED);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope_.calendar().Meeting(meeting));
  row.set_forum(info.forum);
  row.set_meeting_date(info.date);
  SCRUTINY_ASSIGN_OR_RETURN(*row.mutable_forum_name(),
                            scope_.calendar().ForumName(info.forum, info.day));
  for (MinuteCorrectionRow& correction : standing.corrections) correction.set_forum(info.forum);
  row.set_corrections_after(MadeAfter(standing));
  SCRUTINY_RETURN_IF_ERROR(JudgeOverdue(info, &row));
  return standing;
}

absl::Status MinutesJoins::ReadOwn(const std::string& meeting, Standing* standing) {
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope_.reader(kMinutes), scope_.view(), Only(meeting),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (key.empty()) {
                  standing->known = true;
                  return ParseRow(record, bytes, &standing->row);
                }
                if (!absl::StartsWith(key, kCorrectionPrefix)) return absl::OkStatus();
                standing->corrections.emplace_back();
                return ParseRow(record, bytes, &standing->corrections.back());
              }));
  std::stable_sort(standing->corrections.begin(), standing->corrections.end(),
                   [](const MinuteCorrectionRow& a, const MinuteCorrectionRow& b) {
                     return std::make_pair(a.corrected_on().empty(), a.corrected_on()) <
                            std::make_pair(b.corrected_on().empty(), b.corrected_on());
                   });
  return absl::OkStatus();
}

absl::Status MinutesJoins::Accept(const std::string& meeting, Standing* standing) {
  const Reader& reader = scope_.reader(kMinutes);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> where,
                            reader.Indexed("minutes_of", meeting));
  MinutesRow& row = standing->row;
  MinutesRow best;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(reader, scope_.view(), absl::make_optional(where),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!absl::StartsWith(key, kAcceptancePrefix)) return absl::OkStatus();
                MinutesRow accepted;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &accepted));
                if (accepted.meeting() != meeting) return absl::OkStatus();
                standing->known = true;
                AddAcceptance(accepted, &row);
                if (Outranks(accepted, best)) best = std::move(accepted);
                return absl::OkStatus();
              }));
  if (best.accepted_at().empty()) return absl::OkStatus();
  row.set_state(best.state());
  row.set_accepted_at(best.accepted_at());
  row.set_accepted_on(best.accepted_on());
  row.set_accepted_item(best.accepted_item());
  row.set_corrections_summary(best.corrections_summary());
  standing->accepted_by = best.meta().entries_size() > 0 ? best.meta().entries(0) : 0;
  std::stable_sort(row.mutable_steps()->begin(), row.mutable_steps()->end(), Before);
  return absl::OkStatus();
}

absl::Status MinutesJoins::JudgeOverdue(const MeetingInfo& meeting, MinutesRow* row) {
  if (row->state() >= register_::v1::MINUTES_STATE_NOTED || !meeting.day.has_value() ||
      meeting.cancelled || meeting.forum.empty()) {
    return absl::OkStatus();
  }
  SCRUTINY_ASSIGN_OR_RETURN(const MinutesFormatSet format, FormatOf(meeting.forum));
  if (format.acceptance() == event::v1::MINUTES_ACCEPTANCE_WITHOUT_MEETING) return absl::OkStatus();
  auto latest = latest_.find(meeting.forum);
  if (latest == latest_.end()) {
    absl::optional<ledger::Day> last;
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings,
                              scope_.calendar().MeetingsOf(meeting.forum));
    for (const std::string& other : meetings) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope_.calendar().Meeting(other));
      if (info.cancelled || !info.day.has_value() || *info.day > scope_.judged_on()) continue;
      if (!last.has_value() || *last < *info.day) last = info.day;
    }
    latest = latest_.emplace(meeting.forum, last).first;
  }
  row->set_overdue(latest->second.has_value() && *latest->second > *meeting.day);
  return absl::OkStatus();
}

absl::StatusOr<MinutesFormatSet> MinutesJoins::FormatOf(const std::string& forum) {
  if (!formats_read_) {
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMinutesFormats), scope_.reference(), absl::nullopt,
                [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                  MinutesFormatSet format;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &format));
                  formats_[format.forum()] = std::move(format);
                  return absl::OkStatus();
                }));
    formats_read_ = true;
  }
  for (const std::string& one : {forum, std::string()}) {
    if (const auto found = formats_.find(one); found != formats_.end()) return found->second;
  }
  return MinutesFormatSet();
}

}  // namespace scrutiny::projections
