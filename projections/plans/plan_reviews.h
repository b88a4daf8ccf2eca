// projections/plans/plan_reviews.h
// The part of a plan's fold that keeps what may call for a review, the reviews, and what came of
// them.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/plans/plans_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_PLAN_REVIEWS_H_
#define SCRUTINY_PROJECTIONS_PLANS_PLAN_REVIEWS_H_

#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/plan_changes.pb.h"

namespace scrutiny::projections {

class PlanReviews {
 public:
  explicit PlanReviews(absl::string_view plan) : plan_(plan) {}

  void Take(const Fact& fact);
  void Give(RowSink& sink);

  // Whether the variation comes from a review.
  bool IsFromReview(const std::string& variation) const { return review_of_.contains(variation); }

 private:
  struct Trigger {
    register_::v1::PlanTriggerRow row;
    MetaBuilder meta;
  };
  struct Review {
    register_::v1::PlanReviewRow row;
    MetaBuilder meta;
  };

  register_::v1::PlanTriggerRow& Touch(const event::v1::PlanTrigger& trigger, const Fact& fact);
  Review& TouchReview(const std::string& key, const Fact& fact);
  template <typename Triggers>
  void TakeUp(const Triggers& triggers, const Fact& fact, const std::string& review,
              const std::string& variation);
  void Noted(const Fact& fact);
  void SetAside(const Fact& fact);
  void Opened(const Fact& fact);
  void Retained(const Fact& fact);
  void Proposed(const Fact& fact);
  void Adopted(const Fact& fact);

  const std::string plan_;
  std::map<std::string, Trigger> triggers_;
  std::map<std::string, Review> reviews_;         // by the row's key after "r/"
  std::map<std::string, std::string> review_of_;  // variations, by key
  std::set<std::string> adopted_;                 // variations
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_PLAN_REVIEWS_H_
