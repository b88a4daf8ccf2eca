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
  if (placed.has_minute_number() && !numbered_.contains(placed.item())) {
    row.set_minute_number(NumberInWords(placed.minute_number()));
  }
  row.set_order(placed.order());
  row.set_section(placed.section());
  row.set_title(placed.title());
  // An item that is not dated is placed last, and had another class then.
  if (!classified_.contains(placed.item())) {
    row.set_class_(placed.class_());
    row.set_class_printed(placed.class_printed());
  } else if (placed.class_() != row.class_()) {
    row.set_class_before(placed.class_());
  }
  if (placed.has_owner()) *row.mutable_owner() = placed.owner();
  row.set_late(row.late() || placed.late());
  *row.mutable_plan_items() = placed.plan_items();
  placed_.insert(placed.item());
}

void MeetingItems::AddLate(const Fact& fact) {
  const event::v1::LateItemAdded& added = fact.proposed().late_item_added();
  AgendaItemRow& row = Touch(added.item(), fact);
  row.set_late(true);
  row.set_late_reason(added.reason());
  row.set_added_on(fact.DayText());
  if (added.has_agreed_by()) *row.mutable_late_agreed_by() = added.agreed_by();
}

void MeetingItems::Classify(const Fact& fact) {
  const event::v1::AgendaItemClassified& classified = fact.proposed().agenda_item_classified();
  AgendaItemRow& row = Touch(classified.item(), fact);
  const event::v1::ItemClass before = row.class_();
  if (before != event::v1::ITEM_CLASS_UNSPECIFIED && before != classified.class_() &&
      row.class_before() == event::v1::ITEM_CLASS_UNSPECIFIED) {
    row.set_class_before(before);
  }
  row.set_class_(classified.class_());
  row.set_class_printed(classified.class_printed());
  classified_.insert(classified.item());
}

void MeetingItems::Number(const Fact& fact) {
  const event::v1::MinuteNumbered& numbered = fact.proposed().minute_numbered();
  AgendaItemRow& row = Touch(numbered.item(), fact);
  numbered_.insert(numbered.item());
  if (numbered.has_number()) {
    row.set_minute_number(NumberInWords(numbered.number()));
  } else if (const event::v1::Number* assigned = fact.AssignedNumber(); assigned != nullptr) {
    row.set_minute_number(NumberInWords(*assigned));
  }
}

bool MeetingItems::Take(const Fact& fact) {
  const Proposed& proposed = fact.proposed();
  switch (proposed.fact_case()) {
    case Proposed::kAgendaItemPlaced:
      Place(fact);
      return true;
    case Proposed::kLateItemAdded:
      AddLate(fact);
      return true;
    case Proposed::kAgendaItemClassified:
      Classify(fact);
      return true;
    case Proposed::kMinuteNumbered:
      Number(fact);
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
    default:
      return TakeTreatment(fact);
  }
}

// What became of an item.
bool MeetingItems::TakeTreatment(const Fact& fact) {
  const Proposed& proposed = fact.proposed();
  switch (proposed.fact_case()) {
    case Proposed::kAgendaItemTaken: {
      const event::v1::AgendaItemTaken& taken = proposed.agenda_item_taken();
      AgendaItemRow& row = Touch(taken.item(), fact);
      SetOutcome(register_::v1::ITEM_OUTCOME_TAKEN, taken.summary(), row);
      if (!taken.presented_by().empty()) *row.mutable_presented_by() = taken.presented_by();
      return true;
    }
    case Proposed::kAgendaItemDeferred: {
      const event::v1::AgendaItemDeferred& deferred = proposed.agenda_item_deferred();
      const std::string to = deferred.to_meeting().empty()
                                 ? std::string("Deferred")
                                 : absl::StrCat("Deferred to ", deferred.to_meeting());
      AgendaItemRow& row = Touch(deferred.item(), fact);
      SetOutcome(register_::v1::ITEM_OUTCOME_DEFERRED, WithReason(to, deferred.reason()), row);
      row.set_deferred_to(deferred.to_meeting());
      row.set_reason(deferred.reason());
      return true;
    }
    case Proposed::kAgendaItemWithdrawn: {
      const event::v1::AgendaItemWithdrawn& withdrawn = proposed.agenda_item_withdrawn();
      AgendaItemRow& row = Touch(withdrawn.item(), fact);
      SetOutcome(register_::v1::ITEM_OUTCOME_WITHDRAWN, withdrawn.reason(), row);
      row.set_reason(withdrawn.reason());
      return true;
    }
    default:
      return false;
  }
}

}  // namespace scrutiny::projections
