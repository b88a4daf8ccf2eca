#include "projections/inspections/plan_rows.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/row_meta.h"
#include "scrutiny/event/v1/recommendation.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::ActionPlanAdopted;
using event::v1::Proposed;
using event::v1::RecommendationsProgressReported;
using register_::v1::ActionPlanPointRow;
using register_::v1::AreaProgressRow;

register_::v1::RowMeta MetaOf(const Fact& fact) {
  MetaBuilder builder;
  builder.Add(fact);
  register_::v1::RowMeta meta;
  builder.WriteTo(&meta);
  return meta;
}

// Keys sort as the numbers do.
std::string PointKey(const std::string& plan, uint32_t order) {
  return absl::StrCat("p/", plan, "/", absl::Dec(order, absl::kZeroPad5));
}

}  // namespace

const google::protobuf::Message* PlanRowOf(absl::string_view key) {
  if (absl::StartsWith(key, "p/")) return &ActionPlanPointRow::default_instance();
  if (absl::StartsWith(key, "g/")) return &AreaProgressRow::default_instance();
  return nullptr;
}

void PlanRows::Take(const Fact& fact) {
  if (fact.proposed().has_action_plan_adopted()) Adopted(fact);
  if (fact.proposed().has_recommendations_progress_reported()) Reported(fact);
}

void PlanRows::Adopted(const Fact& fact) {
  const ActionPlanAdopted& adopted = fact.proposed().action_plan_adopted();
  Plan& plan = plans_[adopted.key()];
  for (const auto& [key, row] : plan.points) gone_[key];
  plan = Plan();
  if (adopted.has_points_stated()) plan.points_stated = adopted.points_stated();
  plan.covers_all = adopted.covers_all();
  uint32_t order = 0;
  const auto add = [&]() -> ActionPlanPointRow& {
    const std::string key = PointKey(adopted.key(), ++order);
    gone_.erase(key);
    ActionPlanPointRow& row = plan.points[key];
    row.set_from(record_);
    row.set_plan(adopted.key());
    row.set_order(order);
    row.set_adopted_on(fact.DayText());
    *row.mutable_meta() = MetaOf(fact);
    return row;
  };
  for (const event::v1::PlanPoint& point : adopted.points()) {
    ActionPlanPointRow& row = add();
    row.set_key(point.key());
    row.set_number_printed(point.number_printed());
    row.set_text(point.text());
    row.set_theme(point.theme());
    *row.mutable_recommendations() = point.recommendations();
    *row.mutable_owners() = point.owners();
    if (point.has_due()) *row.mutable_due() = point.due();
    row.set_action(point.action());
  }
  for (const std::string& covered : adopted.covers()) add().add_recommendations(covered);
}

void PlanRows::Reported(const Fact& fact) {
  const RecommendationsProgressReported& reported =
      fact.proposed().recommendations_progress_reported();
  uint32_t order = 0;
  for (const event::v1::AreaProgress& area : reported.areas()) {
    AreaProgressRow& row =
        areas_[absl::StrCat("g/", absl::Dec(fact.sequence.value(), absl::kZeroPad20), "/",
                            absl::Dec(++order, absl::kZeroPad5))];
    row.set_from(record_);
    row.set_reported_on(fact.DayText());
    row.set_order(order);
    row.set_area(area.area());
    row.set_status(area.status());
    if (area.has_recommendations()) row.set_recommendations(area.recommendations());
    row.set_text(area.text());
    row.set_progress_paper(reported.progress_paper());
    row.set_meeting(reported.meeting());
    if (reported.has_reported_by()) *row.mutable_reported_by() = reported.reported_by();
    row.set_as_at(reported.as_at());
    *row.mutable_meta() = MetaOf(fact);
  }
}

void PlanRows::Give(RowSink& sink) const {
  for (const auto& [key, row] : gone_) sink.Row(key, row);
  for (const auto& [name, plan] : plans_) {
    for (const auto& [key, row] : plan.points) sink.Row(key, row);
  }
  for (const auto& [key, row] : areas_) sink.Row(key, row);
}

absl::optional<uint32_t> PlanRows::points_stated() const {
  absl::optional<uint32_t> sum;
  for (const auto& [name, plan] : plans_) {
    if (plan.points_stated.has_value()) sum = sum.value_or(0) + *plan.points_stated;
  }
  return sum;
}

bool PlanRows::covers_all() const {
  for (const auto& [name, plan] : plans_) {
    if (plan.covers_all) return true;
  }
  return false;
}

}  // namespace scrutiny::projections
