#include "projections/queries/plans_query.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"

#include "projections/plans/plans.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Day;

namespace {

uint64_t FirstEntry(const RowMeta& meta) { return meta.entries_size() > 0 ? meta.entries(0) : 0; }

// By the day of effect; of several on one day the one adopted, then recorded, last.
bool TakesEffectBefore(const PlanVersionRow& a, const PlanVersionRow& b) {
  const auto place = [](const PlanVersionRow& row) {
    return std::make_tuple(LastDayOf(row.in_force_on()).value_or(Day::Min()),
                           LastDayOf(row.adopted_on()).value_or(Day::Min()),
                           FirstEntry(row.meta()));
  };
  return place(a) < place(b);
}

// What the rows say of a state depends on the day judged.
void JudgePlan(const Scope& scope, PlanRow* row) {
  const absl::optional<Day> expired = LastDayOf(row->expired_on());
  if (row->state() == PLAN_STATE_EXPIRED && expired.has_value() && *expired > scope.judged_on()) {
    row->set_state(PLAN_STATE_IN_FORCE);
  }
  const absl::optional<Day> last = LastDayOf(row->period_to_date());
  if (row->state() == PLAN_STATE_IN_FORCE && last.has_value() && *last < scope.judged_on()) {
    row->set_state(PLAN_STATE_PERIOD_OVER);
  }
}

void JudgeVersions(const Scope& scope, WholePlan* whole) {
  PlanVersionRow* in_force = nullptr;
  for (PlanVersionRow& version : whole->versions) {
    const absl::optional<Day> effect = LastDayOf(version.in_force_on());
    if (!effect.has_value()) continue;
    if (*effect > scope.judged_on()) {
      version.set_state(PLAN_VERSION_STATE_TO_COME);
      continue;
    }
    if (in_force != nullptr) {
      in_force->set_state(PLAN_VERSION_STATE_REPLACED);
      in_force->set_replaced_on(version.in_force_on());
    }
    in_force = &version;
    version.set_state(PLAN_VERSION_STATE_IN_FORCE);
  }
  if (in_force == nullptr) return;
  PlanRow& plan = whole->plan;
  plan.set_version(in_force->version());
  plan.set_version_from_date(in_force->in_force_on());
  if (plan.state() != PLAN_STATE_EXPIRED) return;
  in_force->set_state(PLAN_VERSION_STATE_EXPIRED);
  in_force->set_replaced_on(plan.expired_on());
  plan.clear_version();
  plan.clear_version_from_date();
}

void FillPriorities(WholePlan* whole) {
  for (PlanVersionRow& version : whole->versions) {
    std::vector<const PlanPriorityRow*> of;
    for (const PlanPriorityRow& priority : whole->priorities) {
      if (priority.version() == version.version()) of.push_back(&priority);
    }
    std::sort(of.begin(), of.end(), [](const PlanPriorityRow* a, const PlanPriorityRow* b) {
      return a->number() < b->number();
    });
    for (const PlanPriorityRow* row : of) {
      event::v1::PlanPriority& priority = *version.add_priorities();
      priority.set_number(row->number());
      priority.set_title(row->title());
      *priority.mutable_sub_objectives() = row->sub_objectives();
      priority.set_short_title(row->short_title());
      priority.set_replaces(row->replaces());
      priority.set_number_before(row->number_before());
      priority.set_incomplete(row->incomplete());
    }
  }
}

}  // namespace

const PlanVersionRow* WholePlan::Version(const std::string& key) const {
  for (const PlanVersionRow& version : versions) {
    if (version.version() == key) return &version;
  }
  return nullptr;
}

const PlanVersionRow* WholePlan::Before(const std::string& key) const {
  const PlanVersionRow* before = nullptr;
  for (const PlanVersionRow& version : versions) {
    if (version.version() == key) {
      return version.replaces().empty() ? before : Version(version.replaces());
    }
    before = &version;
  }
  return nullptr;
}

absl::StatusOr<WholePlan> ReadPlan(Scope& scope, const std::string& plan) {
  WholePlan whole;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kPlans), scope.view(),
              absl::optional<std::vector<std::string>>(std::vector<std::string>{plan}),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (key.empty()) {
                  whole.recorded = true;
                  return ParseRow(record, bytes, &whole.plan);
                }
                if (absl::StartsWith(key, kPlanVersionPrefix)) {
                  return ParseRow(record, bytes, &whole.versions.emplace_back());
                }
                if (absl::StartsWith(key, kPlanPriorityPrefix)) {
                  return ParseRow(record, bytes, &whole.priorities.emplace_back());
                }
                return absl::OkStatus();
              }));
  std::sort(whole.versions.begin(), whole.versions.end(), TakesEffectBefore);
  JudgePlan(scope, &whole.plan);
  JudgeVersions(scope, &whole);
  FillPriorities(&whole);
  return whole;
}

absl::Status FinishPlan(Scope& scope, PlanRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const WholePlan whole, ReadPlan(scope, row->plan()));
  *row = whole.plan;
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->review_due(), row->mutable_review_due_date(), &past));
  row->set_review_overdue(past && row->state() == PLAN_STATE_IN_FORCE);
  return absl::OkStatus();
}

absl::Status FinishPlanVersion(Scope& scope, PlanVersionRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const WholePlan whole, ReadPlan(scope, row->plan()));
  const PlanVersionRow* const version = whole.Version(row->version());
  if (version != nullptr) *row = *version;
  return absl::OkStatus();
}

absl::Status FinishPlanPriority(Scope& scope, PlanPriorityRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const WholePlan whole, ReadPlan(scope, row->plan()));
  row->set_in_force(!whole.plan.version().empty() && whole.plan.version() == row->version());
  const PlanVersionRow* const before = whole.Before(row->version());
  if (row->replaces() == 0 || before == nullptr) return absl::OkStatus();
  for (const event::v1::PlanPriority& priority : before->priorities()) {
    if (priority.number() == row->replaces()) row->set_replaces_title(priority.title());
  }
  return absl::OkStatus();
}

absl::Status FinishPlanTrigger(Scope& scope, PlanTriggerRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == PLAN_TRIGGER_STATE_OPEN);
  return absl::OkStatus();
}

absl::Status FinishPlanReview(Scope& scope, PlanReviewRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == PLAN_REVIEW_STATE_OPEN);
  return absl::OkStatus();
}

absl::Status FinishPlanVariation(Scope& scope, PlanVariationRow* row) {
  const absl::optional<Day> effect = LastDayOf(row->in_force_on());
  if (row->state() == PLAN_VARIATION_STATE_IN_FORCE && effect.has_value() &&
      *effect > scope.judged_on()) {
    row->set_state(PLAN_VARIATION_STATE_ADOPTED);
    row->clear_before_effect();
    row->clear_consulted_late();
  }
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->response_due(), row->mutable_response_due_date(), &past));
  row->set_response_overdue(past && row->response_owed());
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
