#include "projections/panels/volunteer_counts.h"

#include <memory>
#include <string>

#include "projections/engine/ruled_fold.h"
#include "projections/panels/count_rows.h"
#include "scrutiny/register/v1/scheme_reports.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::VolunteerCountRow;

class VolunteerCountFold final : public RuledFold<VolunteerCountRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    row_.set_counted_on(row_.as_at());
    if (row_.counted_on().empty()) row_.set_counted_on(row_.period_to());
    if (row_.counted_on().empty()) row_.set_counted_on(fact.DayText());
    counts_.Take(fact, fact.proposed().volunteers_counted());
  }
  void MoreRows(RowSink& sink) override { counts_.Give(row_.count(), sink); }

 private:
  CountRows counts_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_volunteers_counted()) sink("scheme", proposed.volunteers_counted().scheme());
}

}  // namespace

const Register& VolunteerCountsRegister() {
  static const Register& counts =
      *new Register(RuledRegister<VolunteerCountFold, VolunteerCountRow>(
          "volunteer-counts", 1, "volunteer-counts", {{.fact_type = Proposed::kVolunteersCounted}},
          RowOrCount<VolunteerCountRow>, Index));
  return counts;
}

}  // namespace scrutiny::projections
