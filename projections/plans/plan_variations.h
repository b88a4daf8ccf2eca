// projections/plans/plan_variations.h
// The part of a plan's fold that keeps its variations and the consultation on each, held against
// the day of effect. Nothing is refused here: what came too late or not at all shows in the row.
//
// Whether the day of effect is past on the day judged is left to the query (plans_query.cc): the
// rows are given as if it were.
//
// Threads:  confined to whoever folds.
// Limits:   kConsultationsMax steps of consultation a row, the latest.
// Tests:    tests/projections/plans/variations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PLANS_PLAN_VARIATIONS_H_
#define SCRUTINY_PROJECTIONS_PLANS_PLAN_VARIATIONS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "projections/engine/register.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/plan_changes.pb.h"
#include "scrutiny/register/v1/plans.pb.h"

namespace scrutiny::projections {

inline constexpr size_t kConsultationsMax = 20;

// The days on which something may have been, both included.
struct DaySpan {
  ledger::Day first = ledger::Day::Min();
  ledger::Day last = ledger::Day::Max();
};

class PlanVariations {
 public:
  explicit PlanVariations(absl::string_view plan) : plan_(plan) {}

  void Take(const Fact& fact);
  // `plan` gives the title and whom the law requires to be consulted.
  void Give(const register_::v1::PlanRow& plan, RowSink& sink);

  // How many there are, the first issue of the plan not counted.
  uint32_t count() const;

 private:
  // When somebody was consulted, as far as it is known.
  struct Consulted {
    std::vector<DaySpan> put;  // the draft was put to them
    // Their report, or the answer to it: the draft had been put to them by then.
    std::vector<DaySpan> known;
    bool amended_since = false;
  };
  struct Variation {
    register_::v1::PlanVariationRow row;
    MetaBuilder meta;
    // Something is recorded beside the adoption of the plan as issued.
    bool shown = false;
    absl::optional<DaySpan> effect;
    std::vector<DaySpan> spans;  // of row.consultations
    std::map<event::v1::PlanConsultee, Consulted> consulted;
  };

  Variation& Touch(const std::string& key, const Fact& fact);
  register_::v1::PlanConsultation& AddStep(Variation& variation, const Fact& fact,
                                           event::v1::PlanConsultee consultee,
                                           absl::string_view what);
  void Drafted(const Fact& fact);
  void Proposed(const Fact& fact);
  void Amended(const Fact& fact);
  void ChiefOfficer(const Fact& fact);
  void Panel(const Fact& fact);
  void PanelReported(const Fact& fact);
  void PanelAnswered(const Fact& fact);
  void Others(const Fact& fact);
  void Withdrawn(const Fact& fact);
  void Adopted(const Fact& fact);
  // What is worked out of all of it.
  static void Judge(const register_::v1::PlanRow& plan, Variation& variation);

  const std::string plan_;
  std::map<std::string, Variation> all_;  // by key; empty: the first issue
  bool any_version_ = false;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PLANS_PLAN_VARIATIONS_H_
