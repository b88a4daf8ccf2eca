#include "projections/plans/plan_variations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::PLAN_CONSULTEE_CHIEF_OFFICER;
using event::v1::PLAN_CONSULTEE_PANEL;
using event::v1::PlanConsultee;
using ledger::Day;
using ledger::PartialDate;

namespace {

DaySpan SpanOf(const std::string& date) {
  const absl::StatusOr<PartialDate> parsed = PartialDate::Parse(date);
  if (!parsed.ok()) return {};
  return {parsed->FirstDay(), parsed->LastDay()};
}

DaySpan SpanOf(const event::v1::Occurred& occurred) {
  if (!occurred.on().empty()) return SpanOf(occurred.on());
  return {SpanOf(occurred.earliest()).first, SpanOf(occurred.latest()).last};
}

// Absent: it cannot be told. What fell on the day of effect itself cannot.
absl::optional<bool> IsBefore(const DaySpan& span, const DaySpan& effect) {
  if (span.last < effect.first) return true;
  if (span.first > effect.last) return false;
  return absl::nullopt;
}

void SetIfSaid(const std::string& text, std::string* field) {
  if (!text.empty()) *field = text;
}

void SetFirst(const std::string& text, std::string* field) {
  if (field->empty()) *field = text;
}

// Whom the law requires to be consulted, each once.
std::vector<PlanConsultee> RequiredBy(const PlanRow& plan) {
  std::vector<PlanConsultee> required;
  for (const int consultee : plan.must_consult()) {
    const auto one = static_cast<PlanConsultee>(consultee);
    if (std::find(required.begin(), required.end(), one) == required.end()) required.push_back(one);
  }
  if (required.empty()) required = {PLAN_CONSULTEE_CHIEF_OFFICER, PLAN_CONSULTEE_PANEL};
  return required;
}

// Whether the office is to answer it: one that only notes, or agrees, says nothing to answer.
bool AsksForAnswer(const event::v1::PlanPanelReported& reported) {
  if (reported.recommendations_size() > 0 || !reported.paper().empty() ||
      reported.has_response_due()) {
    return true;
  }
  return !reported.text().empty() &&
         (reported.view() == event::v1::PLAN_CONSULTEE_VIEW_NOT_AGREED ||
          reported.view() == event::v1::PLAN_CONSULTEE_VIEW_AGREED_WITH_COMMENTS);
}

// What is said of a step, where the fact says it.
template <typename Said>
void SetStep(const Said& said, PlanConsultation& step) {
  step.set_text(said.text());
  step.set_meeting(said.meeting());
  step.set_item(said.item());
  step.set_paper(said.paper());
}

}  // namespace

void PlanVariations::Take(const Fact& fact) {
  switch (fact.proposed().fact_case()) {
    case event::v1::Proposed::kPlanDrafted:
      return Drafted(fact);
    case event::v1::Proposed::kPlanVariationProposed:
      return Proposed(fact);
    case event::v1::Proposed::kPlanVariationAmended:
      return Amended(fact);
    case event::v1::Proposed::kPlanChiefOfficerConsulted:
      return ChiefOfficer(fact);
    case event::v1::Proposed::kPlanPanelConsulted:
      return Panel(fact);
    case event::v1::Proposed::kPlanPanelReported:
      return PanelReported(fact);
    case event::v1::Proposed::kPlanPanelAnswered:
      return PanelAnswered(fact);
    case event::v1::Proposed::kPlanOthersConsulted:
      return Others(fact);
    case event::v1::Proposed::kPlanVariationWithdrawn:
      return Withdrawn(fact);
    case event::v1::Proposed::kPlanVersionAdopted:
      return Adopted(fact);
    default:
      return;
  }
}

PlanVariations::Variation& PlanVariations::Touch(const std::string& key, const Fact& fact) {
  Variation& variation = all_[key];
  variation.row.set_plan(plan_);
  variation.row.set_variation(key);
  variation.meta.Add(fact);
  variation.shown = true;
  return variation;
}

PlanConsultation& PlanVariations::AddStep(Variation& variation, const Fact& fact,
                                          PlanConsultee consultee, absl::string_view what) {
  auto* const steps = variation.row.mutable_consultations();
  if (static_cast<size_t>(steps->size()) == kConsultationsMax) {
    steps->DeleteSubrange(0, 1);
    variation.spans.erase(variation.spans.begin());
  }
  PlanConsultation& step = *steps->Add();
  step.set_consultee(consultee);
  step.set_what(std::string(what));
  step.set_date(fact.DayText());
  step.set_sequence(fact.sequence.value());
  variation.spans.push_back(SpanOf(fact.proposed().occurred()));
  return step;
}

void PlanVariations::Drafted(const Fact& fact) {
  const event::v1::PlanDrafted& drafted = fact.proposed().plan_drafted();
  PlanVariationRow& row = Touch("", fact).row;
  row.set_title(drafted.title());
  SetIfSaid(drafted.text(), row.mutable_text());
  SetIfSaid(drafted.draft_paper(), row.mutable_draft_paper());
  row.set_proposed_on(fact.DayText());
}

void PlanVariations::Proposed(const Fact& fact) {
  const event::v1::PlanVariationProposed& proposed = fact.proposed().plan_variation_proposed();
  PlanVariationRow& row = Touch(proposed.variation(), fact).row;
  row.set_title(proposed.title());
  row.set_text(proposed.text());
  row.set_from_version(proposed.from_version());
  if (proposed.has_changes_priorities()) {
    row.set_changes_priorities(proposed.changes_priorities());
  } else if (proposed.priorities_size() > 0) {
    // They are given where they change.
    row.set_changes_priorities(true);
  }
  row.clear_sections();
  for (const event::v1::PlanSection& section : proposed.sections()) {
    row.add_sections(section.title());
  }
  row.set_review(proposed.review());
  *row.mutable_triggers() = proposed.triggers();
  *row.mutable_proposed_by() = proposed.proposed_by();
  row.set_proposed_on(fact.DayText());
  SetIfSaid(proposed.intended_from(), row.mutable_intended_from());
  SetIfSaid(proposed.draft_paper(), row.mutable_draft_paper());
}

void PlanVariations::Amended(const Fact& fact) {
  const event::v1::PlanVariationAmended& amended = fact.proposed().plan_variation_amended();
  Variation& variation = Touch(amended.variation(), fact);
  SetIfSaid(fact.DayText(), variation.row.mutable_amended_on());
  SetIfSaid(amended.intended_from(), variation.row.mutable_intended_from());
  SetIfSaid(amended.draft_paper(), variation.row.mutable_draft_paper());
  // One that is not dated comes last here, and nobody can say whether it came after them.
  if (fact.day == Day::Max()) return;
  for (auto& [consultee, consulted] : variation.consulted) consulted.amended_since = true;
}

void PlanVariations::ChiefOfficer(const Fact& fact) {
  const event::v1::PlanChiefOfficerConsulted& said = fact.proposed().plan_chief_officer_consulted();
  Variation& variation = Touch(said.variation(), fact);
  PlanConsultation& step = AddStep(variation, fact, PLAN_CONSULTEE_CHIEF_OFFICER, "consulted");
  SetStep(said, step);
  step.set_consultee_printed(said.post());
  step.set_view(said.view());
  Consulted& consulted = variation.consulted[PLAN_CONSULTEE_CHIEF_OFFICER];
  consulted.put.push_back(variation.spans.back());
  consulted.amended_since = false;
  SetFirst(fact.DayText(), variation.row.mutable_chief_officer_on());
  if (said.view() != 0) variation.row.set_chief_officer_view(said.view());
}

void PlanVariations::Panel(const Fact& fact) {
  const event::v1::PlanPanelConsulted& said = fact.proposed().plan_panel_consulted();
  Variation& variation = Touch(said.variation(), fact);
  PlanConsultation& step = AddStep(variation, fact, PLAN_CONSULTEE_PANEL, "consulted");
  SetStep(said, step);
  step.set_consultee_printed(said.forum());
  Consulted& consulted = variation.consulted[PLAN_CONSULTEE_PANEL];
  consulted.put.push_back(variation.spans.back());
  consulted.amended_since = false;
  SetFirst(fact.DayText(), variation.row.mutable_panel_on());
}

void PlanVariations::PanelReported(const Fact& fact) {
  const event::v1::PlanPanelReported& said = fact.proposed().plan_panel_reported();
  Variation& variation = Touch(said.variation(), fact);
  PlanConsultation& step = AddStep(variation, fact, PLAN_CONSULTEE_PANEL, "reported");
  SetStep(said, step);
  step.set_consultee_printed(said.forum());
  step.set_view(said.view());
  step.set_recommendations(static_cast<uint32_t>(said.recommendations_size()));
  variation.consulted[PLAN_CONSULTEE_PANEL].known.push_back(variation.spans.back());
  PlanVariationRow& row = variation.row;
  row.set_panel_reported_on(fact.DayText());
  row.set_panel_recommendations(static_cast<uint32_t>(said.recommendations_size()));
  if (said.view() != 0) row.set_panel_view(said.view());
  row.set_response_owed(AsksForAnswer(said));
  row.clear_response_due();
  if (said.has_response_due()) *row.mutable_response_due() = said.response_due();
}

void PlanVariations::PanelAnswered(const Fact& fact) {
  const event::v1::PlanPanelAnswered& said = fact.proposed().plan_panel_answered();
  Variation& variation = Touch(said.variation(), fact);
  PlanConsultation& step = AddStep(variation, fact, PLAN_CONSULTEE_PANEL, "answered");
  SetStep(said, step);
  step.set_recommendations(static_cast<uint32_t>(said.answers_size()));
  variation.consulted[PLAN_CONSULTEE_PANEL].known.push_back(variation.spans.back());
  PlanVariationRow& row = variation.row;
  row.set_responded_on(fact.DayText());
  row.set_response_owed(false);
  if (!said.published_date().empty()) {
    row.set_response_published_on(said.published_date());
  } else if (!said.url().empty()) {
    row.set_response_published_on(fact.DayText());
  }
}

void PlanVariations::Others(const Fact& fact) {
  const event::v1::PlanOthersConsulted& said = fact.proposed().plan_others_consulted();
  Variation& variation = Touch(said.variation(), fact);
  PlanConsultation& step = AddStep(variation, fact, said.consultee(), "consulted");
  SetStep(said, step);
  step.set_consultee_printed(said.consultee_printed());
  step.set_view(said.view());
  Consulted& consulted = variation.consulted[said.consultee()];
  consulted.put.push_back(variation.spans.back());
  consulted.amended_since = false;
}

void PlanVariations::Withdrawn(const Fact& fact) {
  const event::v1::PlanVariationWithdrawn& withdrawn = fact.proposed().plan_variation_withdrawn();
  PlanVariationRow& row = Touch(withdrawn.variation(), fact).row;
  row.set_withdrawn_on(fact.DayText());
  row.set_reason(withdrawn.reason());
  row.set_state(PLAN_VARIATION_STATE_WITHDRAWN);
}

void PlanVariations::Adopted(const Fact& fact) {
  const event::v1::PlanVersionAdopted& adopted = fact.proposed().plan_version_adopted();
  const bool first = !std::exchange(any_version_, true);
  // A later version that names no variation carries out none that is recorded.
  if (adopted.variation().empty() && !first) return;
  const bool shown = !adopted.variation().empty() || all_[adopted.variation()].shown;
  Variation& variation = Touch(adopted.variation(), fact);
  variation.shown = shown;
  // It took effect with the first version that carries it out.
  if (variation.effect.has_value()) return;
  PlanVariationRow& row = variation.row;
  row.set_version(adopted.version());
  row.set_adopted_on(fact.DayText());
  const std::string& from = fact.proposed().effective_from();
  row.set_in_force_on(from.empty() ? fact.DayText() : from);
  variation.effect = from.empty() ? SpanOf(fact.proposed().occurred()) : SpanOf(from);
  if (!adopted.variation().empty()) {
    SetFirst(adopted.change(), row.mutable_title());
    SetFirst(adopted.replaces(), row.mutable_from_version());
  }
}

void PlanVariations::Judge(const PlanRow& plan, Variation& variation) {
  PlanVariationRow& row = variation.row;
  row.clear_not_consulted();
  row.clear_consulted_late();
  row.set_amended_after_consultation(false);
  bool uncertain = false;
  const std::vector<PlanConsultee> required = RequiredBy(plan);
  for (const PlanConsultee consultee : required) {
    const auto found = variation.consulted.find(consultee);
    if (found == variation.consulted.end()) {
      row.add_not_consulted(consultee);
      continue;
    }
    const Consulted& consulted = found->second;
    if (consulted.amended_since) row.set_amended_after_consultation(true);
    if (!variation.effect.has_value()) continue;
    const DaySpan& effect = *variation.effect;
    const auto before = [&](const DaySpan& span) { return IsBefore(span, effect) == true; };
    const auto after = [&](const DaySpan& span) { return IsBefore(span, effect) == false; };
    const bool in_time = std::any_of(consulted.put.begin(), consulted.put.end(), before) ||
                         std::any_of(consulted.known.begin(), consulted.known.end(), before);
    if (in_time) continue;
    if (!consulted.put.empty() && std::all_of(consulted.put.begin(), consulted.put.end(), after)) {
      row.add_consulted_late(consultee);
    } else {
      uncertain = true;
    }
  }
  const auto missing = static_cast<size_t>(row.not_consulted_size());
  if (variation.effect.has_value()) {
    row.set_state(PLAN_VARIATION_STATE_IN_FORCE);
    row.set_before_effect(missing > 0                     ? PLAN_BEFORE_EFFECT_MISSING
                          : row.consulted_late_size() > 0 ? PLAN_BEFORE_EFFECT_LATE
                          : uncertain                     ? PLAN_BEFORE_EFFECT_UNCERTAIN
                                                          : PLAN_BEFORE_EFFECT_COMPLETE);
    for (int i = 0; i < row.consultations_size(); ++i) {
      const auto before = IsBefore(variation.spans[static_cast<size_t>(i)], *variation.effect);
      if (before.has_value()) row.mutable_consultations(i)->set_before_effect(*before);
    }
  } else if (row.state() != PLAN_VARIATION_STATE_WITHDRAWN) {
    row.set_state(missing == 0                ? PLAN_VARIATION_STATE_CONSULTED
                  : missing < required.size() ? PLAN_VARIATION_STATE_IN_CONSULTATION
                                              : PLAN_VARIATION_STATE_PROPOSED);
  }
}

void PlanVariations::Give(const PlanRow& plan, RowSink& sink) {
  for (auto& [key, variation] : all_) {
    if (!variation.shown) continue;
    Judge(plan, variation);
    PlanVariationRow& row = variation.row;
    row.set_plan_title(plan.title());
    if (key.empty()) SetFirst(plan.title(), row.mutable_title());
    variation.meta.WriteTo(row.mutable_meta());
    sink.Row(absl::StrCat("c/", key), row);
  }
}

uint32_t PlanVariations::count() const {
  return static_cast<uint32_t>(all_.size() - all_.count(""));
}

}  // namespace scrutiny::projections
