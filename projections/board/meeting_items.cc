#include "projections/board/meeting_items.h"

#include "absl/strings/str_cat.h"

#include "projections/board/meetings.h"
#include "projections/board/wording.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::AgendaItemRow;

// An outcome, with its words if there are any.
void SetOutcome(register_::v1::ItemOutcome outcome, const std::string& text, AgendaItemRow& row) {
  row.set_outcome(outcome);
  row.set_outcome_text(text);
}

}  // namespace

AgendaItemRow& MeetingItems::Touch(const std::string& item, const Fact& fact) {
  AgendaItemRow& row = rows_.Touch(absl::StrCat(kItemPrefix, item), fact);
  row.set_meeting(meeting_);
  row.set_item(item);
  return row;
}

void MeetingItems::Place(const Fact& fact) {
  const event::v1::AgendaItemPlaced& placed = fact.proposed().agenda_item_placed();
  AgendaItemRow& row = Touch(placed.item(), fact);
  row.set_number_printed(placed.number_printed());
  if (placed.has_minute_number()) row.set_minute_number(NumberInWords(placed.minute_number()));
  row.set_order(placed.order());
  row.set_section(placed.section());
  row.set_title(placed.title());
  row.set_class_(placed.class_());
  placed_.insert(placed.item());
}

bool MeetingItems::Take(const Fact& fact) {
  const Proposed& proposed = fact.proposed();
  switch (proposed.fact_case()) {
    case Proposed::kAgendaItemPlaced:
      Place(fact);
      return true;
    case Proposed::kEmptySectionRecorded: {
      const event::v1::EmptySectionRecorded& empty = proposed.empty_section_recorded();
      AgendaItemRow& row = Touch(empty.item(), fact);
      row.set_number_printed(empty.number_printed());
      row.set_order(empty.order());
      row.set_section(empty.section());
      SetOutcome(register_::v1::ITEM_OUTCOME_EMPTY, empty.printed(), row);
      return true;
    }
    case Proposed::kAgendaPartUnreadable: {
      const event::v1::AgendaPartUnreadable& part = proposed.agenda_part_unreadable();
      AgendaItemRow& row = Touch(part.item(), fact);
      row.set_title(part.part());
      row.set_order(part.order());
      SetOutcome(register_::v1::ITEM_OUTCOME_UNREADABLE, part.reason(), row);
      return true;
    }
    case Proposed::kAgendaItemTaken: {
      const event::v1::AgendaItemTaken& taken = proposed.agenda_item_taken();
      SetOutcome(register_::v1::ITEM_OUTCOME_TAKEN, taken.summary(), Touch(taken.item(), fact));
      return true;
    }
    case Proposed::kAgendaItemDeferred: {
      const event::v1::AgendaItemDeferred& deferred = proposed.agenda_item_deferred();
      const std::string to = deferred.to_meeting().empty()
                                 ? std::string("Deferred")
                                 : absl::StrCat("Deferred to ", deferred.to_meeting());
      SetOutcome(register_::v1::ITEM_OUTCOME_DEFERRED, WithReason(to, deferred.reason()),
                 Touch(deferred.item(), fact));
      return true;
    }
    case Proposed::kAgendaItemWithdrawn: {
      const event::v1::AgendaItemWithdrawn& withdrawn = proposed.agenda_item_withdrawn();
      SetOutcome(register_::v1::ITEM_OUTCOME_WITHDRAWN, withdrawn.reason(),
                 Touch(withdrawn.item(), fact));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace scrutiny::projections
