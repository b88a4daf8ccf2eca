#include "projections/panels/scheme_reports.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "projections/engine/ruled_fold.h"
#include "projections/inspections/plan_rows.h"
#include "projections/panels/count_rows.h"
#include "scrutiny/register/v1/scheme_reports.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

// What is published stays so.
void Considered(const Fact& fact, Message* message) {
  const event::v1::SchemeReportConsidered& considered = fact.proposed().scheme_report_considered();
  auto* const row = static_cast<SchemeReportRow*>(message);
  row->set_considered_at(considered.meeting());
  row->set_considered_item(considered.item());
  if (row->state() == SCHEME_REPORT_STATE_PUBLISHED) return;
  row->set_state(SCHEME_REPORT_STATE_CONSIDERED);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kSchemeReportMade,
       .state = SCHEME_REPORT_STATE_MADE,
       .day = "made_on",
       .step = "made"},
      {.fact_type = Proposed::kSchemeReportConsidered,
       .day = "considered_on",
       .step = "considered",
       .then = Considered},
      {.fact_type = Proposed::kSchemeReportPublished,
       .state = SCHEME_REPORT_STATE_PUBLISHED,
       .day = "published_on",
       .step = "published"},
      {.fact_type = Proposed::kActionPlanAdopted, .step = "plan adopted"},
      {.fact_type = Proposed::kRecommendationsProgressReported, .step = "progress"},
  };
}

class SchemeReportFold final : public RuledFold<SchemeReportRow> {
 public:
  SchemeReportFold(absl::string_view record, absl::string_view name,
                   std::shared_ptr<const ReadyRules> rules)
      : RuledFold(record, name, std::move(rules)), plans_(record) {}

 protected:
  void After(const Fact& fact) override {
    plans_.Take(fact);
    if (fact.proposed().has_scheme_report_made()) {
      counts_.Take(fact, fact.proposed().scheme_report_made());
    }
  }
  void MoreRows(RowSink& sink) override {
    counts_.Give(row_.report(), sink);
    plans_.Give(sink);
  }

 private:
  CountRows counts_;
  PlanRows plans_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_scheme_report_made()) sink("scheme", proposed.scheme_report_made().scheme());
}

const Message& RowOf(absl::string_view key) {
  if (const Message* row = PlanRowOf(key); row != nullptr) return *row;
  return RowOrCount<SchemeReportRow>(key);
}

}  // namespace

const Register& SchemeReportsRegister() {
  static const Register& reports = *new Register(RuledRegister<SchemeReportFold, SchemeReportRow>(
      "scheme-reports", 1, "scheme-reports", Rules(), RowOf, Index));
  return reports;
}

}  // namespace scrutiny::projections
