#include "projections/plans/plan_reviews.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::PlanTrigger;

namespace {

bool IsUndated(const Fact& fact) { return fact.day == ledger::Day::Max(); }

// A later stage is never taken back by an earlier one, so that of a review from which one part of
// the plan is kept and another varied the variation counts.
void Reach(PlanReviewState state, PlanReviewRow& row) {
  if (row.state() < state) row.set_state(state);
}

void SetIfSaid(const std::string& text, std::string* field) {
  if (!text.empty()) *field = text;
}

// Adds those whose key is not among them.
template <typename Triggers>
void AddTriggers(const Triggers& from, PlanReviewRow& row) {
  for (const PlanTrigger& trigger : from) {
    const bool known =
        std::any_of(row.triggers().begin(), row.triggers().end(),
                    [&](const PlanTrigger& other) { return other.key() == trigger.key(); });
    if (!known) *row.add_triggers() = trigger;
  }
}

template <typename Said>
void SetWhere(const Said& said, PlanReviewRow& row) {
  SetIfSaid(said.text(), row.mutable_text());
  SetIfSaid(said.version(), row.mutable_version());
  SetIfSaid(said.paper(), row.mutable_paper());
  if (said.meeting().empty()) return;
  row.set_meeting(said.meeting());
  row.set_item(said.item());
}

}  // namespace

void PlanReviews::Take(const Fact& fact) {
  switch (fact.proposed().fact_case()) {
    case event::v1::Proposed::kPlanTriggerNoted:
      return Noted(fact);
    case event::v1::Proposed::kPlanTriggerSetAside:
      return SetAside(fact);
    case event::v1::Proposed::kPlanReviewOpened:
      return Opened(fact);
    case event::v1::Proposed::kPlanRetainedAfterReview:
      return Retained(fact);
    case event::v1::Proposed::kPlanVariationProposed:
      return Proposed(fact);
    case event::v1::Proposed::kPlanVersionAdopted:
      return Adopted(fact);
    default:
      return;
  }
}

PlanTriggerRow& PlanReviews::Touch(const PlanTrigger& trigger, const Fact& fact) {
  Trigger& kept = triggers_[trigger.key()];
  PlanTriggerRow& row = kept.row;
  if (row.plan().empty()) {
    row.set_plan(plan_);
    row.set_trigger(trigger.key());
    row.set_state(PLAN_TRIGGER_STATE_OPEN);
    row.set_noted_on(fact.DayText());
  }
  kept.meta.Add(fact);
  // One that is repeated with its key alone keeps the words it had.
  if (trigger.kind() != 0) row.set_kind(trigger.kind());
  SetIfSaid(trigger.text(), row.mutable_text());
  SetIfSaid(trigger.paper(), row.mutable_paper());
  SetIfSaid(trigger.record(), row.mutable_stands_in());
  return row;
}

PlanReviews::Review& PlanReviews::TouchReview(const std::string& key, const Fact& fact) {
  // Keys hold no slash, so an entry's number after one is nobody's key.
  Review& review =
      reviews_[key.empty() ? absl::StrCat("/", absl::Dec(fact.sequence.value(), absl::kZeroPad20))
                           : key];
  review.row.set_plan(plan_);
  review.row.set_review(key);
  review.meta.Add(fact);
  return review;
}

template <typename Triggers>
void PlanReviews::TakeUp(const Triggers& triggers, const Fact& fact, const std::string& review,
                         const std::string& variation) {
  for (const PlanTrigger& trigger : triggers) {
    PlanTriggerRow& row = Touch(trigger, fact);
    row.set_state(PLAN_TRIGGER_STATE_TAKEN_UP);
    row.set_settled_on(fact.DayText());
    row.clear_reason();
    SetIfSaid(review, row.mutable_review());
    SetIfSaid(variation, row.mutable_variation());
  }
}

void PlanReviews::Noted(const Fact& fact) {
  const event::v1::PlanTriggerNoted& noted = fact.proposed().plan_trigger_noted();
  PlanTriggerRow& row = Touch(noted.trigger(), fact);
  if (noted.has_due()) *row.mutable_due() = noted.due();
  if (IsUndated(fact)) return;
  // Noted anew after it was settled: it is open again.
  if (row.state() != PLAN_TRIGGER_STATE_OPEN) row.set_noted_on(fact.DayText());
  row.set_state(PLAN_TRIGGER_STATE_OPEN);
  row.clear_settled_on();
  row.clear_reason();
}

void PlanReviews::SetAside(const Fact& fact) {
  const event::v1::PlanTriggerSetAside& aside = fact.proposed().plan_trigger_set_aside();
  PlanTrigger trigger;
  trigger.set_key(aside.trigger());
  PlanTriggerRow& row = Touch(trigger, fact);
  row.set_state(PLAN_TRIGGER_STATE_SET_ASIDE);
  row.set_settled_on(fact.DayText());
  row.set_reason(aside.reason());
}

void PlanReviews::Opened(const Fact& fact) {
  const event::v1::PlanReviewOpened& opened = fact.proposed().plan_review_opened();
  PlanReviewRow& row = TouchReview(opened.review(), fact).row;
  Reach(PLAN_REVIEW_STATE_OPEN, row);
  row.set_opened_on(fact.DayText());
  // An opening that is not dated comes last here, and takes nothing back.
  if (!IsUndated(fact) || row.concluded_on().empty()) SetWhere(opened, row);
  SetIfSaid(opened.legal_basis(), row.mutable_legal_basis());
  if (opened.has_due()) *row.mutable_due() = opened.due();
  AddTriggers(opened.triggers(), row);
  TakeUp(opened.triggers(), fact, opened.review(), "");
}

void PlanReviews::Retained(const Fact& fact) {
  const event::v1::PlanRetainedAfterReview& kept = fact.proposed().plan_retained_after_review();
  PlanReviewRow& row = TouchReview(kept.review(), fact).row;
  Reach(PLAN_REVIEW_STATE_RETAINED, row);
  row.set_concluded_on(fact.DayText());
  SetWhere(kept, row);
  if (kept.has_decider()) *row.mutable_decider() = kept.decider();
  AddTriggers(kept.triggers(), row);
  TakeUp(kept.triggers(), fact, kept.review(), "");
}

void PlanReviews::Proposed(const Fact& fact) {
  const event::v1::PlanVariationProposed& proposed = fact.proposed().plan_variation_proposed();
  TakeUp(proposed.triggers(), fact, proposed.review(), proposed.variation());
  if (proposed.review().empty()) return;
  review_of_[proposed.variation()] = proposed.review();
  PlanReviewRow& row = TouchReview(proposed.review(), fact).row;
  Reach(PLAN_REVIEW_STATE_VARIATION_PROPOSED, row);
  if (row.concluded_on().empty()) row.set_concluded_on(fact.DayText());
  SetIfSaid(proposed.from_version(), row.mutable_version());
  if (std::find(row.variations().begin(), row.variations().end(), proposed.variation()) ==
      row.variations().end()) {
    row.add_variations(proposed.variation());
  }
  if (!proposed.meeting().empty()) {
    row.set_meeting(proposed.meeting());
    row.set_item(proposed.item());
  }
  if (adopted_.contains(proposed.variation())) Reach(PLAN_REVIEW_STATE_VARIED, row);
}

void PlanReviews::Adopted(const Fact& fact) {
  const std::string& variation = fact.proposed().plan_version_adopted().variation();
  if (variation.empty()) return;
  adopted_.insert(variation);
  const auto review = review_of_.find(variation);
  if (review == review_of_.end()) return;
  Reach(PLAN_REVIEW_STATE_VARIED, TouchReview(review->second, fact).row);
}

void PlanReviews::Give(RowSink& sink) {
  for (auto& [key, kept] : triggers_) {
    kept.meta.WriteTo(kept.row.mutable_meta());
    sink.Row(absl::StrCat("t/", key), kept.row);
  }
  for (auto& [key, kept] : reviews_) {
    PlanReviewRow row = kept.row;
    for (PlanTrigger& trigger : *row.mutable_triggers()) {
      const PlanTriggerRow& said = triggers_.at(trigger.key()).row;
      trigger.set_kind(said.kind());
      trigger.set_text(said.text());
    }
    kept.meta.WriteTo(row.mutable_meta());
    sink.Row(absl::StrCat("r/", key), row);
  }
}

}  // namespace scrutiny::projections
