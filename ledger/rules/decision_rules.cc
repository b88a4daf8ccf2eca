// What may become of a decision. Publishing and reporting are taken at any time: a rescinded
// decision is still published and reported.
#include "absl/strings/str_cat.h"

#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kNumbered{Proposed::kDecisionNumberedFieldNumber};
constexpr FactType kImplemented{Proposed::kDecisionImplementedFieldNumber};
constexpr FactType kSuperseded{Proposed::kDecisionSupersededFieldNumber};
constexpr FactType kRescinded{Proposed::kDecisionRescindedFieldNumber};

constexpr absl::string_view kAlreadySuperseded = "decision-already-superseded";
constexpr absl::string_view kAlreadyRescinded = "decision-already-rescinded";
constexpr absl::string_view kAlreadyNumbered = "decision-already-numbered";

// Only a number given in DecisionNumbered; a correction gives it anew.
bool GivesNumber(const Proposed& proposed) {
  return proposed.has_decision_numbered() && proposed.decision_numbered().has_number() &&
         !proposed.has_corrects();
}

void Needs(const Proposed& proposed, const FactTypeInfo&, RuleNeeds& needs) {
  if (GivesNumber(proposed)) {
    needs.claims.push_back(NumberClaim(proposed.decision_numbered().number()));
  }
}

// A decision that was numbered as it was taken holds its number by a claim.
absl::Status JudgeOwnNumber(const Case& the_case) {
  if (!GivesNumber(the_case.proposed)) return absl::OkStatus();
  const std::string claim = NumberClaim(the_case.proposed.decision_numbered().number());
  for (const ClaimHolder& holder : the_case.view.Holders(claim)) {
    if (holder.record != the_case.proposed.record() || the_case.view.IsWithdrawn(holder)) continue;
    return Refuse(
        the_case, kAlreadyNumbered,
        absl::StrCat("Decision already has this number (entry ", holder.sequence.value(), ")."),
        "decision_numbered.number");
  }
  return absl::OkStatus();
}

}  // namespace

RuleFamily DecisionRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kAlreadySuperseded), "superseding or rescinding a decision that is superseded"},
      {std::string(kAlreadyRescinded),
       "superseding, rescinding or carrying out a decision that is rescinded"},
      {std::string(kAlreadyNumbered), "numbering a decision that has been numbered"},
  };
  family.lifecycles = {
      Lifecycle{
          {kSuperseded, kRescinded},
          {
              {kSuperseded, kSuperseded, kAlreadySuperseded, "Decision already superseded {when}."},
              {kRescinded, kSuperseded, kAlreadySuperseded, "Decision already superseded {when}."},
              {kSuperseded, kRescinded, kAlreadyRescinded, "Decision already rescinded {when}."},
              {kRescinded, kRescinded, kAlreadyRescinded, "Decision already rescinded {when}."},
              {kImplemented, kRescinded, kAlreadyRescinded, "Decision already rescinded {when}."},
          }},
      Lifecycle{{kNumbered},
                {{kNumbered, kNumbered, kAlreadyNumbered, "Decision already numbered {when}."}}},
  };
  family.needs = &Needs;
  family.judge = &JudgeOwnNumber;
  return family;
}

}  // namespace scrutiny::ledger
