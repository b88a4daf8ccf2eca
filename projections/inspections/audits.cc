#include "projections/inspections/audits.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/inspections/plan_rows.h"
#include "scrutiny/register/v1/audits.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

AuditRow& Of(Message* row) { return static_cast<AuditRow&>(*row); }

// A report is final unless it says that it is a draft.
void Issued(const Fact& fact, Message* row) {
  const event::v1::AuditReportIssued& issued = fact.proposed().audit_report_issued();
  if (issued.stage() == event::v1::AUDIT_REPORT_STAGE_DRAFT) {
    if (Of(row).reported_on().empty()) Of(row).set_state(AUDIT_STATE_DRAFT_REPORT);
    return;
  }
  Of(row).set_state(AUDIT_STATE_REPORTED);
  Of(row).set_reported_on(fact.DayText());
}

// An audit that went to a committee in words left the one that is a record, and the reverse.
void Routed(const Fact& fact, Message* row) {
  const event::v1::AuditRouted& routed = fact.proposed().audit_routed();
  if (routed.forum().empty() && !routed.forum_printed().empty()) Of(row).clear_forum();
  if (!routed.forum().empty() && routed.forum_printed().empty()) Of(row).clear_forum_printed();
}

void Closed(const Fact& fact, Message* row) {
  if (fact.proposed().audit_closed().cancelled()) Of(row).set_state(AUDIT_STATE_CANCELLED);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kAuditCommissioned,
       .state = AUDIT_STATE_COMMISSIONED,
       .day = "commissioned_on",
       .step = "commissioned"},
      {.fact_type = Proposed::kAuditFieldworkHeld,
       .state = AUDIT_STATE_FIELDWORK,
       .step = "fieldwork"},
      {.fact_type = Proposed::kAuditReportIssued, .step = "report", .then = Issued},
      {.fact_type = Proposed::kAuditOpinionGiven, .step = "opinion"},
      {.fact_type = Proposed::kAuditRouted, .day = "routed_on", .step = "routed", .then = Routed},
      {.fact_type = Proposed::kAuditManagementResponded,
       .state = AUDIT_STATE_IN_DELIVERY,
       .day = "responded_on",
       .step = "answered"},
      {.fact_type = Proposed::kActionPlanAdopted,
       .state = AUDIT_STATE_IN_DELIVERY,
       .day = "plan_on",
       .step = "plan adopted"},
      {.fact_type = Proposed::kRecommendationsProgressReported,
       .day = "progressed_on",
       .step = "progress",
       .clears = {"complete_stated", "open_stated"}},
      {.fact_type = Proposed::kAuditClosed,
       .state = AUDIT_STATE_CLOSED,
       .day = "closed_on",
       .step = "closed",
       .then = Closed},
  };
}

class AuditFold final : public RuledFold<AuditRow> {
 public:
  AuditFold(absl::string_view record, absl::string_view name,
            std::shared_ptr<const ReadyRules> rules)
      : RuledFold(record, name, std::move(rules)), plans_(record) {}

 protected:
  void After(const Fact& fact) override {
    plans_.Take(fact);
    if (fact.proposed().has_audit_opinion_given()) {
      Opined(fact, fact.proposed().audit_opinion_given());
    }
    if (fact.proposed().has_action_plan_adopted()) {
      row_.set_covers_all(plans_.covers_all());
      row_.clear_points_stated();
      if (plans_.points_stated().has_value()) row_.set_points_stated(*plans_.points_stated());
    }
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, kept] : opinions_) {
      kept.row.set_audit_title(row_.title());
      kept.row.set_type(row_.type());
      kept.meta.WriteTo(kept.row.mutable_meta());
      sink.Row(absl::StrCat("o/", key), kept.row);
    }
    plans_.Give(sink);
  }

 private:
  struct Opinion {
    AuditOpinionRow row;
    MetaBuilder meta;
  };

  void Opined(const Fact& fact, const event::v1::AuditOpinionGiven& given) {
    Opinion& kept = opinions_[given.key()];
    kept.meta.Add(fact);
    AuditOpinionRow& row = kept.row;
    row.Clear();
    row.set_audit(row_.audit());
    row.set_key(given.key());
    row.set_area(given.area());
    row.set_overall(given.overall());
    row.set_opinion(given.opinion());
    row.set_scale(given.scale());
    row.set_opinion_rank(given.opinion_rank());
    row.set_opinion_ranks(given.opinion_ranks());
    row.set_text(given.text());
    row.set_given_on(fact.DayText());
    *row.mutable_area_priorities() = given.area_priorities();
    if (fact.proposed().has_plan_version()) {
      *row.mutable_plan_version() = fact.proposed().plan_version();
    }
    row_.set_opinions(static_cast<uint32_t>(opinions_.size()));
    if (!given.overall()) return;
    row_.set_overall_opinion(given.opinion());
    row_.set_overall_scale(given.scale());
    row_.set_overall_opinion_rank(given.opinion_rank());
    row_.set_overall_opinion_ranks(given.opinion_ranks());
  }

  PlanRows plans_;
  std::map<std::string, Opinion> opinions_;
};

const Message& RowOf(absl::string_view key) {
  if (const Message* row = PlanRowOf(key); row != nullptr) return *row;
  if (absl::StartsWith(key, "o/")) return AuditOpinionRow::default_instance();
  return AuditRow::default_instance();
}

}  // namespace

const Register& AuditsRegister() {
  static const Register& audits =
      *new Register(RuledRegister<AuditFold, AuditRow>("audits", 1, "audits", Rules(), RowOf));
  return audits;
}

}  // namespace scrutiny::projections
