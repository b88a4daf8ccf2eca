// Agenda items: placed once, and there before anything is recorded on them.
//
// On the meeting itself a resolution, an assurance or an item's treatment needs its item. A fact
// elsewhere that names a meeting's item, and what is said on the way (minutes, declarations), is
// judged only if something of that agenda is held: the first that is known of a meeting may be an
// action it raised.
#include <algorithm>

#include "absl/strings/str_cat.h"

#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr absl::string_view kNotOnAgenda = "item-not-on-agenda";
constexpr absl::string_view kAlreadyOnAgenda = "item-already-on-agenda";

// The agenda item a fact speaks of.
struct ItemUse {
  absl::string_view meeting;  // empty: it speaks of none
  absl::string_view item;
  absl::string_view field;  // within the fact
  bool always = false;      // refused even where nothing of the agenda is held
};

template <typename Fact>
ItemUse OnMeeting(const Proposed& proposed, const Fact& fact, bool always) {
  if (fact.item().empty()) return {};
  return {proposed.record(), fact.item(), "item", always};
}

template <typename Fact>
ItemUse OnAssurance(const Proposed& proposed, const Fact& fact) {
  return {proposed.record(), fact.assurance().item(), "assurance.item", true};
}

template <typename Fact>
ItemUse Elsewhere(const Fact& fact) {
  if (fact.item().empty() || fact.meeting().empty()) return {};
  return {fact.meeting(), fact.item(), "item", false};
}

ItemUse UseOf(const Proposed& p) {
  switch (p.fact_case()) {
    case Proposed::kAgendaItemTaken:
      return OnMeeting(p, p.agenda_item_taken(), true);
    case Proposed::kAgendaItemDeferred:
      return OnMeeting(p, p.agenda_item_deferred(), true);
    case Proposed::kAgendaItemWithdrawn:
      return OnMeeting(p, p.agenda_item_withdrawn(), true);
    case Proposed::kResolutionPassed:
      return OnMeeting(p, p.resolution_passed(), true);
    case Proposed::kAssuranceSought:
      return OnAssurance(p, p.assurance_sought());
    case Proposed::kAssuranceGained:
      return OnAssurance(p, p.assurance_gained());
    case Proposed::kAssuranceGainedWithConditions:
      return OnAssurance(p, p.assurance_gained_with_conditions());
    case Proposed::kAssuranceNotGained:
      return OnAssurance(p, p.assurance_not_gained());
    case Proposed::kAssuranceDeferred:
      return OnAssurance(p, p.assurance_deferred());
    case Proposed::kMinutesApproved:
      return OnMeeting(p, p.minutes_approved(), false);
    case Proposed::kMinutesNoted:
      return OnMeeting(p, p.minutes_noted(), false);
    case Proposed::kNilDeclarationsRecorded:
      return OnMeeting(p, p.nil_declarations_recorded(), false);
    case Proposed::kInterestDeclared:
      return OnMeeting(p, p.interest_declared(), false);
    case Proposed::kAnnouncementMade:
      return OnMeeting(p, p.announcement_made(), false);
    case Proposed::kNextMeetingNoted:
      return OnMeeting(p, p.next_meeting_noted(), false);
    case Proposed::kActionReviewPresented:
      return OnMeeting(p, p.action_review_presented(), false);
    case Proposed::kActionRaised:
      return Elsewhere(p.action_raised());
    case Proposed::kActionCompleted:
      return Elsewhere(p.action_completed());
    case Proposed::kActionClosed:
      return Elsewhere(p.action_closed());
    case Proposed::kDecisionTaken:
      return Elsewhere(p.decision_taken());
    case Proposed::kDecisionReported:
      return Elsewhere(p.decision_reported());
    case Proposed::kPaperSubmitted:
      return Elsewhere(p.paper_submitted());
    case Proposed::kForwardPlanItemTaken:
      return Elsewhere(p.forward_plan_item_taken());
    default:
      return {};
  }
}

// The key a fact places on the agenda; empty if it places none.
absl::string_view PlacedBy(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kAgendaItemPlaced:
      return proposed.agenda_item_placed().item();
    case Proposed::kEmptySectionRecorded:
      return proposed.empty_section_recorded().item();
    case Proposed::kAgendaPartUnreadable:
      return proposed.agenda_part_unreadable().item();
    default:
      return {};
  }
}

void Needs(const Proposed& proposed, const FactTypeInfo&, RuleNeeds& needs) {
  if (const absl::string_view placed = PlacedBy(proposed); !placed.empty()) {
    needs.claims.push_back(ItemClaim(proposed.record(), placed));
    return;
  }
  const ItemUse use = UseOf(proposed);
  if (use.meeting.empty()) return;
  needs.claims.push_back(ItemClaim(use.meeting, use.item));
  if (!use.always) needs.claims.push_back(ItemClaim(use.meeting, ""));
}

bool HeldByAny(const RuleView& view, const std::string& claim) {
  const std::vector<ClaimHolder> holders = view.Holders(claim);
  return std::any_of(holders.begin(), holders.end(),
                     [&view](const ClaimHolder& holder) { return !view.IsWithdrawn(holder); });
}

absl::Status JudgePlaced(const Case& the_case, absl::string_view item) {
  const absl::optional<Sequence> original = the_case.derived.corrects;
  for (const ClaimHolder& holder :
       the_case.view.Holders(ItemClaim(the_case.proposed.record(), item))) {
    if (the_case.view.IsWithdrawn(holder)) continue;
    if (original.has_value()) {
      // Not the entry that is being replaced, nor its earlier corrections.
      const HistoryItem* held = FindInHistory(the_case.view.History(), holder.sequence);
      if (holder.sequence == *original || (held != nullptr && held->corrects == original)) continue;
    }
    return Refuse(the_case, kAlreadyOnAgenda,
                  absl::StrCat("Item ", item, " is on the agenda already (entry ",
                               holder.sequence.value(), ")."),
                  absl::StrCat(the_case.type.field, ".item"));
  }
  return absl::OkStatus();
}

absl::Status JudgeUse(const Case& the_case, const ItemUse& use) {
  if (HeldByAny(the_case.view, ItemClaim(use.meeting, use.item))) return absl::OkStatus();
  if (!use.always && !HeldByAny(the_case.view, ItemClaim(use.meeting, ""))) {
    return absl::OkStatus();
  }
  return Refuse(the_case, kNotOnAgenda,
                absl::StrCat("Item ", use.item, " is not on the agenda of ", use.meeting,
                             ". Place it there first, or check its key."),
                absl::StrCat(the_case.type.field, ".", use.field));
}

absl::Status JudgeItems(const Case& the_case) {
  if (const absl::string_view placed = PlacedBy(the_case.proposed); !placed.empty()) {
    return JudgePlaced(the_case, placed);
  }
  const ItemUse use = UseOf(the_case.proposed);
  return use.meeting.empty() ? absl::OkStatus() : JudgeUse(the_case, use);
}

}  // namespace

RuleFamily AgendaRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kNotOnAgenda),
       "a resolution, assurance or treatment of an item that is not on the meeting's agenda; a "
       "fact that names an item which the agenda held does not have"},
      {std::string(kAlreadyOnAgenda), "placing an item under a key that the agenda has already"},
  };
  family.needs = &Needs;
  family.judge = &JudgeItems;
  return family;
}

}  // namespace scrutiny::ledger
