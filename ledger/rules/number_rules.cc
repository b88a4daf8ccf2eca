// Numbers that people cite are given once: never to a second record or a second item of a meeting,
// not even after the entry that gave one was withdrawn.
#include "absl/strings/str_cat.h"

#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Number;
using event::v1::Proposed;

constexpr absl::string_view kTaken = "number-taken";

// The number a fact gives its record, and where it stands; null if it gives none.
struct Given {
  const Number* number = nullptr;
  absl::string_view field;
  absl::string_view item = {};  // whose minute it is; empty: the whole record has the number
};

Given NumberOf(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kDecisionTaken:
      if (!proposed.decision_taken().has_number()) return {};
      return {&proposed.decision_taken().number(), "decision_taken.number"};
    case Proposed::kDecisionNumbered:
      if (!proposed.decision_numbered().has_number()) return {};
      return {&proposed.decision_numbered().number(), "decision_numbered.number"};
    case Proposed::kActionRaised:
      if (!proposed.action_raised().has_number()) return {};
      return {&proposed.action_raised().number(), "action_raised.number"};
    case Proposed::kAgendaItemPlaced:
      if (!proposed.agenda_item_placed().has_minute_number()) return {};
      return {&proposed.agenda_item_placed().minute_number(), "agenda_item_placed.minute_number",
              proposed.agenda_item_placed().item()};
    case Proposed::kMinuteNumbered:
      if (!proposed.minute_numbered().has_number()) return {};
      return {&proposed.minute_numbered().number(), "minute_numbered.number",
              proposed.minute_numbered().item()};
    default:
      return {};
  }
}

std::string Shown(const Number& number) {
  if (!number.printed().empty()) return number.printed();
  return number.year() == 0 ? absl::StrCat(number.number())
                            : absl::StrCat(number.year(), "/", number.number());
}

void Needs(const Proposed& proposed, const FactTypeInfo&, RuleNeeds& needs) {
  if (const Given given = NumberOf(proposed); given.number != nullptr) {
    needs.claims.push_back(NumberClaim(*given.number));
  }
}

// Whether the holder is the entry that the fact corrects, or an earlier correction of it.
bool IsReplaced(const Case& the_case, const ClaimHolder& holder) {
  const absl::optional<Sequence> original = the_case.derived.corrects;
  if (!original.has_value()) return false;
  const HistoryItem* held = FindInHistory(the_case.view.History(), holder.sequence);
  return holder.sequence == *original || (held != nullptr && held->corrects == original);
}

absl::Status JudgeTaken(const Case& the_case) {
  const Given given = NumberOf(the_case.proposed);
  if (given.number == nullptr) return absl::OkStatus();
  for (const ClaimHolder& holder : the_case.view.Holders(NumberClaim(*given.number))) {
    const bool own = holder.record == the_case.proposed.record();
    if (own && (holder.item == given.item || IsReplaced(the_case, holder))) continue;
    const std::string by =
        own ? absl::StrCat("item ", holder.item, " of this meeting") : holder.record;
    return Refuse(the_case, kTaken,
                  absl::StrCat("Number ", Shown(*given.number), " is taken already, by ", by,
                               " (entry ", holder.sequence.value(), ")."),
                  given.field);
  }
  return absl::OkStatus();
}

}  // namespace

RuleFamily NumberRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kTaken),
       "a number of the same kind, series and year as another record's, or another item's of the "
       "meeting"}};
  family.needs = &Needs;
  family.judge = &JudgeTaken;
  return family;
}

}  // namespace scrutiny::ledger
