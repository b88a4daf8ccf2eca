#include "projections/inspections/inspections.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "projections/engine/ruled_fold.h"
#include "projections/inspections/plan_rows.h"
#include "scrutiny/register/v1/inspections.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kInspectionAnnounced,
       .state = INSPECTION_STATE_ANNOUNCED,
       .day = "announced_on",
       .step = "announced"},
      {.fact_type = Proposed::kInspectionFieldworkHeld,
       .state = INSPECTION_STATE_FIELDWORK,
       .step = "fieldwork"},
      {.fact_type = Proposed::kInspectionReportPublished,
       .state = INSPECTION_STATE_PUBLISHED,
       .day = "published_on",
       .step = "published"},
      {.fact_type = Proposed::kJudgementRecorded, .step = "judged"},
      {.fact_type = Proposed::kInspectionCommentsPublished,
       .day = "comments_on",
       .step = "comments published"},
      {.fact_type = Proposed::kInspectionConsidered, .step = "considered"},
      {.fact_type = Proposed::kActionPlanAdopted,
       .state = INSPECTION_STATE_IN_DELIVERY,
       .day = "plan_on",
       .step = "plan adopted"},
      {.fact_type = Proposed::kRecommendationsProgressReported, .step = "progress"},
      {.fact_type = Proposed::kReinspectionRecorded,
       .state = INSPECTION_STATE_REINSPECTED,
       .day = "reinspected_on",
       .step = "reinspected"},
      {.fact_type = Proposed::kInspectionClosed,
       .state = INSPECTION_STATE_CLOSED,
       .day = "closed_on",
       .step = "closed",
       .then =
           [](const Fact& fact, Message* row) {
             if (!fact.proposed().inspection_closed().cancelled()) return;
             static_cast<InspectionRow*>(row)->set_state(INSPECTION_STATE_CANCELLED);
           }},
  };
}

// A day that is known exactly.
absl::optional<ledger::Day> ExactDay(const Fact& fact) {
  const auto on = ledger::Day::Parse(fact.proposed().occurred().on());
  if (!on.ok()) return absl::nullopt;
  return *on;
}

class InspectionFold final : public RuledFold<InspectionRow> {
 public:
  InspectionFold(absl::string_view record, absl::string_view name,
                 std::shared_ptr<const ReadyRules> rules)
      : RuledFold(record, name, std::move(rules)), plans_(record) {}

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    plans_.Take(fact);
    switch (proposed.fact_case()) {
      case Proposed::kInspectionReportPublished:
        Published(fact, proposed.inspection_report_published());
        break;
      case Proposed::kJudgementRecorded:
        Judged(fact, proposed.judgement_recorded());
        break;
      case Proposed::kInspectionConsidered:
        if (!proposed.inspection_considered().assurance().empty()) {
          considered_.push_back(proposed.inspection_considered());
        }
        break;
      case Proposed::kActionPlanAdopted:
        row_.set_covers_all(plans_.covers_all());
        row_.clear_points_stated();
        if (plans_.points_stated().has_value()) row_.set_points_stated(*plans_.points_stated());
        break;
      default:
        break;
    }
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, kept] : judgements_) {
      kept.row.set_inspection_title(row_.title());
      kept.row.clear_assurance();
      for (const event::v1::InspectionConsidered& considered : considered_) Link(considered, kept);
      kept.meta.WriteTo(kept.row.mutable_meta());
      sink.Row(absl::StrCat("j/", key), kept.row);
    }
    plans_.Give(sink);
  }

 private:
  struct Judgement {
    JudgementRow row;
    MetaBuilder meta;
  };

  void Published(const Fact& fact, const event::v1::InspectionReportPublished& published) {
    row_.clear_comments_due_date();
    if (!published.comments_not_owed().empty()) return;
    const event::v1::TimeLimit& limit = published.comments_limit();
    if (!limit.last_day().empty()) return row_.set_comments_due_date(limit.last_day());
    const absl::optional<ledger::Day> day = ExactDay(fact);
    if (!day.has_value()) return;
    const uint32_t days = limit.days() > 0 ? limit.days() : kCommentDays;
    row_.set_comments_due_date(LastCommentDay(*day, days, limit.first_day()).ToString());
  }

  void Judged(const Fact& fact, const event::v1::JudgementRecorded& judged) {
    Judgement& kept = judgements_[judged.key()];
    kept.meta.Add(fact);
    JudgementRow& row = kept.row;
    row.Clear();
    row.set_inspection(row_.inspection());
    row.set_key(judged.key());
    row.set_area(judged.area());
    row.set_question(judged.question());
    row.set_overall(judged.overall());
    row.set_grade(judged.grade());
    row.set_grade_rank(judged.grade_rank());
    row.set_grade_ranks(judged.grade_ranks());
    row.set_grade_before(judged.grade_before());
    row.set_grade_before_rank(judged.grade_before_rank());
    row.set_text(judged.text());
    *row.mutable_figures() = judged.figures();
    row.set_order(judged.order());
    row.set_judged_on(fact.DayText());
    *row.mutable_area_priorities() = judged.area_priorities();
    if (fact.proposed().has_plan_version()) {
      *row.mutable_plan_version() = fact.proposed().plan_version();
    }
    if (judged.overall()) {
      row_.set_overall_grade(judged.grade());
      row_.set_overall_grade_rank(judged.grade_rank());
    }
    row_.set_judgements(static_cast<uint32_t>(judgements_.size()));
  }

  // That no judgement is named means that all are meant.
  static void Link(const event::v1::InspectionConsidered& considered, Judgement& kept) {
    bool named = considered.judgements().empty();
    for (const std::string& key : considered.judgements()) named = named || key == kept.row.key();
    if (!named) return;
    JudgementAssurance* link = kept.row.add_assurance();
    link->set_meeting(considered.meeting());
    link->set_key(considered.assurance());
    link->set_linked(true);
  }

  PlanRows plans_;
  std::map<std::string, Judgement> judgements_;
  std::vector<event::v1::InspectionConsidered> considered_;
};

const Message& RowOf(absl::string_view key) {
  if (const Message* row = PlanRowOf(key); row != nullptr) return *row;
  if (absl::StartsWith(key, "j/")) return JudgementRow::default_instance();
  return InspectionRow::default_instance();
}

}  // namespace

ledger::Day LastCommentDay(ledger::Day published, uint32_t days, event::v1::FirstDay first) {
  const auto whole = static_cast<int32_t>(days);
  return first == event::v1::FIRST_DAY_NEXT ? published + whole : published + (whole - 1);
}

const Register& InspectionsRegister() {
  static const Register& inspections = *new Register(RuledRegister<InspectionFold, InspectionRow>(
      "inspections", 1, "inspections", Rules(), RowOf));
  return inspections;
}

}  // namespace scrutiny::projections
