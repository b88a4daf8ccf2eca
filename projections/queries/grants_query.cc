#include "projections/queries/grants_query.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/queries/list_query.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Amount;

namespace {

absl::optional<std::vector<std::string>> Just(const std::string& record) {
  return std::vector<std::string>{record};
}

// The main row of a record; an empty one if there is none.
template <typename Row>
absl::StatusOr<Row> MainRow(Scope& scope, absl::string_view reg, const std::string& record) {
  Row row;
  if (record.empty()) return row;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      scope.reader(reg), scope.view(), Just(record),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!key.empty()) return absl::OkStatus();
        return ParseRow(name, bytes, &row);
      }));
  return row;
}

// From the amount and the years; false: they do not say.
bool Multiplied(const GrantRow& row, Amount* total) {
  const bool by_year = row.term() == event::v1::GRANT_TERM_BY_YEAR || !row.has_amount();
  if (by_year) {
    for (const event::v1::YearAllocation& year : row.year_amounts()) AddTo(year.amount(), total);
    return row.year_amounts_size() > 0;
  }
  const bool yearly = row.term() == event::v1::GRANT_TERM_YEARLY;
  if (yearly && row.years() == 0) return false;
  const int64_t times = yearly ? static_cast<int64_t>(row.years()) : 1;
  int64_t pence = 0;
  // A fact may say any number of years.
  if (__builtin_mul_overflow(row.amount().pence(), times, &pence)) return false;
  total->set_pence(pence);
  total->set_rounded(row.amount().rounded());
  return true;
}

// Grants that an index leads to and that name the record still.
absl::StatusOr<std::vector<GrantRow>> GrantsOf(Scope& scope, absl::string_view index,
                                               const std::string& record) {
  std::vector<GrantRow> grants;
  const Reader& reader = scope.reader(kGrants);
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> records, reader.Indexed(index, record));
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      reader, scope.view(), std::move(records),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!key.empty()) return absl::OkStatus();
        GrantRow row;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(name, bytes, &row));
        const std::string& names = index == "round" ? row.round() : row.scheme();
        if (names == record) grants.push_back(std::move(row));
        return absl::OkStatus();
      }));
  return grants;
}

// The scheme as it stood on the day of an award: bounds may be changed later.
absl::StatusOr<GrantSchemeRow> SchemeOn(Scope& scope, const std::string& scheme,
                                        const std::string& day) {
  ReadView view = scope.view();
  const auto parsed = ledger::PartialDate::Parse(day);
  // What is known to a forum is not asked of a day as well.
  if (parsed.ok() && view.known_to == nullptr && parsed->LastDay() < view.true_on) {
    view.true_on = parsed->LastDay();
  }
  GrantSchemeRow row;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      scope.reader(kGrantSchemes), view, Just(scheme),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!key.empty()) return absl::OkStatus();
        return ParseRow(name, bytes, &row);
      }));
  return row;
}

absl::Status JudgePublication(Scope& scope, const GrantSchemeRow& scheme, GrantRow* row) {
  using namespace event::v1;  // NOLINT(google-build-using-namespace): the triggers
  if (!row->published_on().empty() || !row->url().empty() || !row->publication().empty() ||
      !IsAward(*row)) {
    return absl::OkStatus();
  }
  bool past = false;
  std::string date;
  if (row->has_publish_by()) {
    SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->publish_by(), &date, &past));
    if (!date.empty()) {
      row->set_publication_overdue(past);
      return absl::OkStatus();
    }
  }
  GrantPublicationTrigger trigger = row->publication_trigger();
  if (trigger == GRANT_PUBLICATION_TRIGGER_UNSPECIFIED) trigger = scheme.publication_trigger();
  Due day;
  if (trigger == GRANT_PUBLICATION_TRIGGER_AWARD) day.set_date(row->awarded_on());
  if (trigger == GRANT_PUBLICATION_TRIGGER_AGREEMENT) day.set_date(row->agreed_on());
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, day, &date, &past));
  row->set_publication_overdue(past);
  return absl::OkStatus();
}

absl::Status JudgeReport(Scope& scope, GrantMonitoringRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->report_due(), row->mutable_report_due_date(), &past));
  row->set_overdue(past && !IsMade(*row));
  const auto due = ledger::PartialDate::Parse(row->report_due_date());
  const auto made = ledger::PartialDate::Parse(row->reported_on());
  row->set_late(due.ok() && made.ok() && due->LastDay() < made->LastDay());
  return absl::OkStatus();
}

absl::Status CountReports(Scope& scope, GrantRow* row) {
  return ForRows(
      scope.reader(kGrants), scope.view(), Just(row->grant()),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!absl::StartsWith(key, "m/")) return absl::OkStatus();
        GrantMonitoringRow report;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(name, bytes, &report));
        SCRUTINY_RETURN_IF_ERROR(JudgeReport(scope, &report));
        if (IsMade(report)) row->set_reports(row->reports() + 1);
        if (report.overdue()) row->set_reports_overdue(row->reports_overdue() + 1);
        return absl::OkStatus();
      });
}

absl::Status CountAwards(Scope& scope, GrantRoundRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<GrantRow> grants,
                            GrantsOf(scope, "round", row->round()));
  for (const GrantRow& grant : grants) {
    if (!IsAward(grant)) continue;
    row->set_awards(row->awards() + 1);
    Amount amount;
    if (ComesTo(grant, &amount)) AddTo(amount, row->mutable_awarded());
  }
  return absl::OkStatus();
}

// What is still set aside in a round, where amounts were said.
absl::Status CountEarmarks(Scope& scope, GrantRoundRow* row) {
  return ForRows(
      scope.reader(kGrantRounds), scope.view(), Just(row->round()),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!absl::StartsWith(key, "e/")) return absl::OkStatus();
        GrantEarmarkRow earmark;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(name, bytes, &earmark));
        SCRUTINY_RETURN_IF_ERROR(FinishGrantEarmark(scope, &earmark));
        const bool held =
            earmark.state() == EARMARK_STATE_HELD || earmark.state() == EARMARK_STATE_PARTLY_DRAWN;
        if (!held || !earmark.has_amount()) return absl::OkStatus();
        Amount& sum = *row->mutable_earmarked();
        AddTo(earmark.amount(), &sum);
        sum.set_pence(sum.pence() - earmark.drawn().pence());
        return absl::OkStatus();
      });
}

}  // namespace

bool IsMade(const GrantMonitoringRow& row) {
  return !row.reported_on().empty() || !row.text().empty() || row.results_size() > 0 ||
         !row.report_paper().empty() || !row.meeting().empty();
}

bool IsAward(const GrantRow& row) {
  switch (row.state()) {
    case GRANT_STATE_AWARDED:
    case GRANT_STATE_AGREED:
    case GRANT_STATE_CLOSED:
    case GRANT_STATE_CLAWED_BACK:
      return true;
    default:
      return false;
  }
}

void AddTo(const Amount& amount, Amount* sum) {
  sum->set_pence(sum->pence() + amount.pence());
  sum->set_rounded(sum->rounded() || amount.rounded());
}

bool ComesTo(const GrantRow& row, Amount* total) {
  total->Clear();
  if (Multiplied(row, total)) return true;
  total->Clear();
  if (!row.has_total()) return false;
  AddTo(row.total(), total);
  return true;
}

bool AllocatedFor(const GrantSchemeRow& scheme, const event::v1::Period& year, Amount* amount) {
  for (const event::v1::YearAllocation& set : scheme.allocations()) {
    const bool by_days = !set.year().from().empty() && set.year().from() == year.from();
    const bool by_label = !year.printed().empty() && set.year().printed() == year.printed();
    if (!by_days && !by_label) continue;
    *amount = set.amount();
    return true;
  }
  if (!scheme.has_yearly_allocation()) return false;
  *amount = scheme.yearly_allocation();
  return true;
}

absl::Status FinishGrant(Scope& scope, GrantRow* row) {
  Amount computed;
  if (Multiplied(*row, &computed)) {
    row->set_total_disagrees(row->has_total() && row->total().pence() != computed.pence());
    *row->mutable_computed_total() = computed;
  }
  GrantSchemeRow scheme;
  if (!row->scheme().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(scheme, SchemeOn(scope, row->scheme(), row->awarded_on()));
  }
  if (row->has_amount() && IsAward(*row)) {
    const int64_t pence = row->amount().pence();
    row->set_out_of_bounds((scheme.has_award_min() && pence < scheme.award_min().pence()) ||
                           (scheme.has_award_max() && pence > scheme.award_max().pence()));
  }
  SCRUTINY_RETURN_IF_ERROR(JudgePublication(scope, scheme, row));
  return CountReports(scope, row);
}

absl::Status FinishGrantMonitoring(Scope& scope, GrantMonitoringRow* row) {
  return JudgeReport(scope, row);
}

absl::Status FinishGrantRound(Scope& scope, GrantRoundRow* row) {
  SCRUTINY_RETURN_IF_ERROR(CountAwards(scope, row));
  SCRUTINY_RETURN_IF_ERROR(CountEarmarks(scope, row));
  if (row->has_allocation()) {
    *row->mutable_allocated() = row->allocation();
  } else {
    SCRUTINY_ASSIGN_OR_RETURN(const GrantSchemeRow scheme,
                              MainRow<GrantSchemeRow>(scope, kGrantSchemes, row->scheme()));
    Amount amount;
    if (scheme.rounds_a_year() == 1 && AllocatedFor(scheme, row->year(), &amount)) {
      *row->mutable_allocated() = amount;
    }
  }
  if (row->has_allocated()) {
    const int64_t allocated = row->allocated().pence();
    row->mutable_left()->set_pence(allocated - row->awarded().pence() - row->earmarked().pence());
    row->set_over(row->awarded().pence() > allocated);
  }
  const bool called_off = row->state() == GRANT_ROUND_STATE_CALLED_OFF;
  if (row->awards() > 0 && !called_off) row->set_state(GRANT_ROUND_STATE_AWARDED);
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->decision_due(), row->mutable_decision_due_date(), &past));
  row->set_overdue(past && row->awards() == 0 && !called_off);
  return absl::OkStatus();
}

absl::Status FinishGrantEarmark(Scope& scope, GrantEarmarkRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<GrantRow> grants,
                            GrantsOf(scope, "round", row->round()));
  for (const GrantRow& grant : grants) {
    if (!IsAward(grant) || grant.from_earmark() != row->key()) continue;
    row->add_drawn_by(grant.grant());
    Amount amount;
    if (ComesTo(grant, &amount)) AddTo(amount, row->mutable_drawn());
  }
  const uint32_t drawn = static_cast<uint32_t>(row->drawn_by_size());
  const bool exhausted = row->number() > 0 && drawn >= row->number();
  if (row->state() == EARMARK_STATE_HELD && drawn > 0) {
    row->set_state(exhausted ? EARMARK_STATE_DRAWN : EARMARK_STATE_PARTLY_DRAWN);
  }
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->until(), row->mutable_until_date(), &past));
  row->set_overdue(
      past && (row->state() == EARMARK_STATE_HELD || row->state() == EARMARK_STATE_PARTLY_DRAWN));
  return absl::OkStatus();
}

absl::Status FinishGrantScheme(Scope& scope, GrantSchemeRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<GrantRow> grants,
                            GrantsOf(scope, "scheme", row->scheme()));
  for (const GrantRow& grant : grants) row->set_awards(row->awards() + (IsAward(grant) ? 1 : 0));
  const Reader& reader = scope.reader(kGrantRounds);
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> rounds,
                            reader.Indexed("scheme", row->scheme()));
  return ForRows(
      reader, scope.view(), std::move(rounds),
      [&](absl::string_view name, absl::string_view key, absl::string_view bytes) -> absl::Status {
        if (!key.empty()) return absl::OkStatus();
        GrantRoundRow round;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(name, bytes, &round));
        if (round.scheme() == row->scheme()) row->set_rounds(row->rounds() + 1);
        return absl::OkStatus();
      });
}

}  // namespace scrutiny::projections
