#include "projections/plans/plans.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/record_fold.h"
#include "projections/engine/row_fold.h"
#include "projections/plans/plan_reviews.h"
#include "projections/plans/plan_variations.h"
#include "scrutiny/register/v1/plan_changes.pb.h"
#include "scrutiny/register/v1/plans.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::PlanPriority;
using event::v1::Proposed;
using google::protobuf::Message;

// What a fact's step is called, and its words.
struct Step {
  absl::string_view what;
  std::string text = {};
  std::string meeting = {};
};

void SetIfSaid(const std::string& text, std::string* field) {
  if (!text.empty()) *field = text;
}

// Text of a fact that founds the plan: one that is not dated folds last, and only fills in.
void Fill(bool only_fill, const std::string& text, std::string* field) {
  if (!text.empty() && !(only_fill && !field->empty())) *field = text;
}

class PlanFold final : public RowFold<PlanRow> {
 public:
  explicit PlanFold(absl::string_view record)
      : plan_(record), reviews_(record), variations_(record) {
    row_.set_plan(plan_);
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const bool only_fill = any_ && fact.day == ledger::Day::Max();
    const absl::optional<Step> step = TakeMain(fact, only_fill);
    if (!step.has_value()) return NotForRegister("plans", fact);
    any_ = true;
    AddStep(fact, *step);
    reviews_.Take(fact);
    variations_.Take(fact);
    if (fact.proposed().has_plan_version_adopted()) {
      Adopted(fact, fact.proposed().plan_version_adopted());
    }
    row_.set_versions(static_cast<uint32_t>(versions_.size()));
    row_.set_variations(variations_.count());
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, version] : versions_) {
      version.row.set_plan_title(row_.title());
      version.meta.WriteTo(version.row.mutable_meta());
      sink.Row(absl::StrCat(kPlanVersionPrefix, key), version.row);
      for (const uint32_t number : version.gone) {
        sink.Row(PriorityKey(key, number), PlanPriorityRow::default_instance());
      }
      for (auto& [number, priority] : version.priorities) {
        priority.row.set_in_force_on(version.row.in_force_on());
        priority.meta.WriteTo(priority.row.mutable_meta());
        sink.Row(PriorityKey(key, number), priority.row);
      }
    }
    reviews_.Give(sink);
    variations_.Give(row_, sink);
  }

 private:
  struct Priority {
    PlanPriorityRow row;
    MetaBuilder meta;
    bool sub_objectives_set = false;  // by a fact of their own
  };
  struct Version {
    PlanVersionRow row;
    MetaBuilder meta;
    std::map<uint32_t, Priority> priorities;
    std::set<uint32_t> gone;  // were there before the version was recorded anew
  };

  static std::string PriorityKey(const std::string& version, uint32_t number) {
    return absl::StrCat(kPlanPriorityPrefix, version, "/", number);
  }

  absl::optional<Step> TakeMain(const Fact& fact, bool only_fill) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kPlanDrafted:
        return Drafted(fact, only_fill);
      case Proposed::kPlanIssued:
        return Issued(fact, only_fill);
      case Proposed::kPlanVersionAdopted:
        return Step{"version", proposed.plan_version_adopted().change(),
                    proposed.plan_version_adopted().meeting()};
      case Proposed::kPlanRetainedAfterReview:
        return Retained(fact);
      case Proposed::kPlanTriggerNoted:
        return Step{"trigger", proposed.plan_trigger_noted().trigger().text(),
                    proposed.plan_trigger_noted().meeting()};
      case Proposed::kPlanTriggerSetAside:
        return Step{"trigger set aside", proposed.plan_trigger_set_aside().reason(),
                    proposed.plan_trigger_set_aside().meeting()};
      case Proposed::kPlanReviewOpened:
        return Step{"review", proposed.plan_review_opened().text(),
                    proposed.plan_review_opened().meeting()};
      case Proposed::kPlanVariationProposed:
        return Step{"variation proposed", proposed.plan_variation_proposed().title(),
                    proposed.plan_variation_proposed().meeting()};
      case Proposed::kPlanVariationAmended:
        return Step{"variation amended", proposed.plan_variation_amended().text(),
                    proposed.plan_variation_amended().meeting()};
      case Proposed::kPlanVariationWithdrawn:
        return Withdrawn(proposed.plan_variation_withdrawn());
      case Proposed::kPlanSubObjectivesSet:
        return SubObjectivesSet(fact);
      case Proposed::kPlanVersionPublished:
        return Published(fact);
      case Proposed::kPlanPeriodChanged:
        return PeriodChanged(proposed.plan_period_changed());
      case Proposed::kPlanExpired:
        return Expired(fact);
      default:
        return Consulted(proposed);
    }
  }

  static absl::optional<Step> Consulted(const Proposed& proposed) {
    switch (proposed.fact_case()) {
      case Proposed::kPlanChiefOfficerConsulted:
        return Step{"chief officer consulted", proposed.plan_chief_officer_consulted().text(),
                    proposed.plan_chief_officer_consulted().meeting()};
      case Proposed::kPlanPanelConsulted:
        return Step{"panel consulted", proposed.plan_panel_consulted().text(),
                    proposed.plan_panel_consulted().meeting()};
      case Proposed::kPlanPanelReported:
        return Step{"panel reported", proposed.plan_panel_reported().text(),
                    proposed.plan_panel_reported().meeting()};
      case Proposed::kPlanPanelAnswered:
        return Step{"panel answered", proposed.plan_panel_answered().text(),
                    proposed.plan_panel_answered().meeting()};
      case Proposed::kPlanOthersConsulted:
        return Step{"others consulted", proposed.plan_others_consulted().text(),
                    proposed.plan_others_consulted().meeting()};
      default:
        return absl::nullopt;
    }
  }

  Step Drafted(const Fact& fact, bool only_fill) {
    const event::v1::PlanDrafted& drafted = fact.proposed().plan_drafted();
    Found(drafted, only_fill);
    row_.set_drafted_on(fact.DayText());
    if (row_.state() == PLAN_STATE_UNSPECIFIED ||
        (row_.state() == PLAN_STATE_DROPPED && !only_fill)) {
      row_.set_state(PLAN_STATE_DRAFT);
    }
    return {"drafted", drafted.text().empty() ? drafted.title() : drafted.text()};
  }

  Step Issued(const Fact& fact, bool only_fill) {
    const event::v1::PlanIssued& issued = fact.proposed().plan_issued();
    Found(issued, only_fill);
    row_.set_issued_on(fact.DayText());
    if (issued.has_decider()) *row_.mutable_decider() = issued.decider();
    if (issued.has_review_due() && !(only_fill && row_.has_review_due())) {
      *row_.mutable_review_due() = issued.review_due();
    }
    // Not dated, it comes last here: what ended the plan stands.
    if (!only_fill || row_.state() != PLAN_STATE_EXPIRED) row_.set_state(PLAN_STATE_IN_FORCE);
    return {"issued", issued.title()};
  }

  // What a draft and the plan as issued have in common.
  template <typename Founding>
  void Found(const Founding& founding, bool only_fill) {
    Fill(only_fill, founding.title(), row_.mutable_title());
    Fill(only_fill, founding.period_from(), row_.mutable_period_from_date());
    Fill(only_fill, founding.period_to(), row_.mutable_period_to_date());
    Fill(only_fill, founding.legal_basis(), row_.mutable_legal_basis());
    Fill(only_fill, founding.office(), row_.mutable_office());
    Fill(only_fill, founding.follows(), row_.mutable_follows());
    if (founding.must_consult_size() > 0) *row_.mutable_must_consult() = founding.must_consult();
  }

  Step Retained(const Fact& fact) {
    const event::v1::PlanRetainedAfterReview& kept = fact.proposed().plan_retained_after_review();
    row_.set_reviewed_on(fact.DayText());
    row_.clear_review_due();
    if (kept.has_review_due()) *row_.mutable_review_due() = kept.review_due();
    return {"kept", kept.text(), kept.meeting()};
  }

  Step Withdrawn(const event::v1::PlanVariationWithdrawn& withdrawn) {
    const bool draft = withdrawn.variation().empty();
    if (draft) {
      row_.set_reason(withdrawn.reason());
      if (row_.state() == PLAN_STATE_UNSPECIFIED || row_.state() == PLAN_STATE_DRAFT) {
        row_.set_state(PLAN_STATE_DROPPED);
      }
    }
    return {draft ? "dropped" : "variation withdrawn", withdrawn.reason(), withdrawn.meeting()};
  }

  Step PeriodChanged(const event::v1::PlanPeriodChanged& changed) {
    SetIfSaid(changed.period_from(), row_.mutable_period_from_date());
    SetIfSaid(changed.period_to(), row_.mutable_period_to_date());
    row_.set_reason(changed.reason());
    return {"period changed", changed.reason()};
  }

  Step Expired(const Fact& fact) {
    const event::v1::PlanExpired& expired = fact.proposed().plan_expired();
    row_.set_state(PLAN_STATE_EXPIRED);
    row_.set_expired_on(fact.DayText());
    SetIfSaid(expired.reason(), row_.mutable_reason());
    SetIfSaid(expired.successor(), row_.mutable_successor());
    return {"expired", expired.reason()};
  }

  Version& Touch(const std::string& key, const Fact& fact) {
    Version& version = versions_[key];
    version.row.set_plan(plan_);
    version.row.set_version(key);
    version.meta.Add(fact);
    return version;
  }

  void Adopted(const Fact& fact, const event::v1::PlanVersionAdopted& adopted) {
    const bool varies = !adopted.variation().empty() || !versions_.empty();
    if (varies) row_.set_reviewed_on(fact.DayText());
    // Only a variation that a review led to stands for the review that was due.
    if (reviews_.IsFromReview(adopted.variation())) row_.clear_review_due();
    Version& version = Touch(adopted.version(), fact);
    PlanVersionRow& row = version.row;
    const std::string& from = fact.proposed().effective_from();
    row.set_adopted_on(fact.DayText());
    row.set_in_force_on(from.empty() ? fact.DayText() : from);
    row.set_change(adopted.change());
    row.set_variation(adopted.variation());
    row.set_replaces(adopted.replaces());
    row.set_incomplete(adopted.incomplete());
    *row.mutable_sections() = adopted.sections();
    if (adopted.has_decider()) *row.mutable_decider() = adopted.decider();
    row.set_meeting(adopted.meeting());
    row.set_item(adopted.item());
    row.set_decision(adopted.decision());
    SetIfSaid(adopted.paper(), row.mutable_paper());
    SetPriorities(fact, adopted, version);
  }

  void SetPriorities(const Fact& fact, const event::v1::PlanVersionAdopted& adopted,
                     Version& version) {
    std::map<uint32_t, Priority> before = std::exchange(version.priorities, {});
    for (const PlanPriority& said : adopted.priorities()) {
      Priority& priority = version.priorities[said.number()];
      const auto old = before.find(said.number());
      // What was said of its sub-objectives alone stands beside a version recorded later.
      if (old != before.end() && old->second.sub_objectives_set) priority = old->second;
      priority.meta.Add(fact);
      PlanPriorityRow& row = priority.row;
      row.set_plan(plan_);
      row.set_version(adopted.version());
      row.set_number(said.number());
      row.set_title(said.title());
      row.set_short_title(said.short_title());
      row.set_replaces(said.replaces());
      row.set_number_before(said.number_before());
      if (priority.sub_objectives_set) continue;
      *row.mutable_sub_objectives() = said.sub_objectives();
      row.set_incomplete(said.incomplete());
    }
    for (auto& [number, priority] : before) {
      if (version.priorities.contains(number)) continue;
      if (priority.row.title().empty()) {
        version.priorities[number] = std::move(priority);
      } else {
        version.gone.insert(number);
      }
    }
    for (const auto& [number, priority] : version.priorities) version.gone.erase(number);
    version.row.set_priority_count(static_cast<uint32_t>(version.priorities.size()));
  }

  Step SubObjectivesSet(const Fact& fact) {
    const event::v1::PlanSubObjectivesSet& set = fact.proposed().plan_sub_objectives_set();
    const uint32_t number = set.priority().number();
    Version& version = Touch(set.version(), fact);
    Priority& priority = version.priorities[number];
    version.gone.erase(number);
    priority.meta.Add(fact);
    priority.sub_objectives_set = true;
    priority.row.set_plan(plan_);
    priority.row.set_version(set.version());
    priority.row.set_number(number);
    *priority.row.mutable_sub_objectives() = set.sub_objectives();
    priority.row.set_incomplete(set.incomplete());
    version.row.set_priority_count(static_cast<uint32_t>(version.priorities.size()));
    return {"sub-objectives", absl::StrCat("Priority ", number, " of ", set.version())};
  }

  Step Published(const Fact& fact) {
    const event::v1::PlanVersionPublished& published = fact.proposed().plan_version_published();
    PlanVersionRow& row = Touch(published.version(), fact).row;
    row.set_published_on(fact.DayText());
    SetIfSaid(published.url(), row.mutable_published_url());
    SetIfSaid(published.paper(), row.mutable_paper());
    if (published.sent_to_size() > 0) *row.mutable_sent_to() = published.sent_to();
    return {"published", published.version()};
  }

  void AddStep(const Fact& fact, const Step& said) {
    auto* const steps = row_.mutable_steps();
    if (static_cast<size_t>(steps->size()) == kRecordStepsMax) steps->DeleteSubrange(0, 1);
    RecordStep& step = *steps->Add();
    step.set_what(std::string(said.what));
    step.set_date(fact.DayText());
    step.set_text(said.text);
    step.set_meeting(said.meeting);
    step.set_sequence(fact.sequence.value());
  }

  const std::string plan_;
  bool any_ = false;
  std::map<std::string, Version> versions_;
  PlanReviews reviews_;
  PlanVariations variations_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kPlanVersionPrefix)) return PlanVersionRow::default_instance();
  if (absl::StartsWith(key, kPlanPriorityPrefix)) return PlanPriorityRow::default_instance();
  if (absl::StartsWith(key, "t/")) return PlanTriggerRow::default_instance();
  if (absl::StartsWith(key, "r/")) return PlanReviewRow::default_instance();
  if (absl::StartsWith(key, "c/")) return PlanVariationRow::default_instance();
  return PlanRow::default_instance();
}

}  // namespace

const Register& PlansRegister() {
  static const Register& plans = *new Register{
      "plans",
      1,
      "plans",
      {Proposed::kPlanIssued, Proposed::kPlanVersionAdopted, Proposed::kPlanRetainedAfterReview,
       Proposed::kPlanDrafted, Proposed::kPlanTriggerNoted, Proposed::kPlanTriggerSetAside,
       Proposed::kPlanReviewOpened, Proposed::kPlanVariationProposed,
       Proposed::kPlanVariationAmended, Proposed::kPlanChiefOfficerConsulted,
       Proposed::kPlanPanelConsulted, Proposed::kPlanPanelReported, Proposed::kPlanPanelAnswered,
       Proposed::kPlanOthersConsulted, Proposed::kPlanVariationWithdrawn,
       Proposed::kPlanSubObjectivesSet, Proposed::kPlanVersionPublished,
       Proposed::kPlanPeriodChanged, Proposed::kPlanExpired},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<PlanFold>(record);
      },
      nullptr,
      RowOf};
  return plans;
}

}  // namespace scrutiny::projections
