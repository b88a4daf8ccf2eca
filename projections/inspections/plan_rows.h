// projections/inspections/plan_rows.h
// Action plans and progress by area, on whatever record they are: the rows beside its main one.
// `p/` and the plan and place of a point: register.v1.ActionPlanPointRow; `g/` and the sequence of
// a report and the area's place in it: register.v1.AreaProgressRow.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/inspections/inspections_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_PLAN_ROWS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_PLAN_ROWS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "projections/engine/fact.h"
#include "projections/engine/register.h"
#include "scrutiny/register/v1/audits.pb.h"
#include "scrutiny/register/v1/recommendations.pb.h"

namespace scrutiny::projections {

// What the rows of that key prefix are; null for another.
const google::protobuf::Message* PlanRowOf(absl::string_view key);

class PlanRows {
 public:
  explicit PlanRows(absl::string_view record) : record_(record) {}

  // Facts of other types change nothing.
  void Take(const Fact& fact);
  void Give(RowSink& sink) const;

  // How many points the plans say they have, if one does.
  absl::optional<uint32_t> points_stated() const;
  bool covers_all() const;

 private:
  struct Plan {
    absl::optional<uint32_t> points_stated;
    bool covers_all = false;
    std::map<std::string, register_::v1::ActionPlanPointRow> points;
  };
  void Adopted(const Fact& fact);
  void Reported(const Fact& fact);

  const std::string record_;
  std::map<std::string, Plan> plans_;
  // An empty row takes away what an earlier version of the plan put there.
  std::map<std::string, register_::v1::ActionPlanPointRow> gone_;
  std::map<std::string, register_::v1::AreaProgressRow> areas_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_PLAN_ROWS_H_
