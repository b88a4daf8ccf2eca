#include <string>

#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/public_queries.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Day;

namespace {

// The last day by the time limit; none if it cannot be told. Where it is not said which day is the
// first, it is the one after what set it off.
absl::StatusOr<absl::optional<Day>> LastDayByLimit(Scope& scope, const PublicationRow& row) {
  if (!row.has_limit()) return absl::optional<Day>();
  const event::v1::TimeLimit& limit = row.limit();
  if (!limit.last_day().empty()) return LastDayOf(limit.last_day());
  uint32_t days = limit.days();
  if (days == 0 && !limit.key().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(days, OfficeLimitDays(scope, limit.key()));
  }
  const absl::optional<Day> from =
      LastDayOf(row.triggered_on().empty() ? row.fell_due_on() : row.triggered_on());
  if (days == 0 || !from.has_value()) return absl::optional<Day>();
  const auto whole = static_cast<int32_t>(days);
  return absl::make_optional(*from +
                             (limit.first_day() == event::v1::FIRST_DAY_SAME ? whole - 1 : whole));
}

}  // namespace

absl::Status FinishPublication(Scope& scope, PublicationRow* row) {
  // Without a store of papers a row says neither.
  const absl::optional<bool> held = scope.PaperHeld(row->sha256());
  row->set_held(held.value_or(false));
  row->set_link_only(held.has_value() && !*held && !row->published_on().empty());
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  if (row->due_date().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<Day> last, LastDayByLimit(scope, *row));
    if (last.has_value()) row->set_due_date(last->ToString());
    past = last.has_value() && *last < scope.judged_on();
  }
  row->set_overdue(past && row->state() == PUBLICATION_STATE_DUE);
  const absl::optional<Day> due = LastDayOf(row->due_date());
  const absl::optional<Day> published = LastDayOf(row->published_on());
  row->set_late(due.has_value() && published.has_value() && *published > *due);
  return absl::OkStatus();
}

absl::Status FinishRepresentation(Scope& scope, RepresentationRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->answer_due(), row->mutable_answer_due_date(), &past));
  const bool awaited = row->state() == REPRESENTATION_STATE_SENT ||
                       row->state() == REPRESENTATION_STATE_RECEIVED ||
                       row->state() == REPRESENTATION_STATE_PARTLY_ANSWERED;
  row->set_overdue(past && awaited && !row->no_answer_needed());
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
