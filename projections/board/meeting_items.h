// projections/board/meeting_items.h
// The agenda of a meeting, folded: part of the meetings register.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_MEETING_ITEMS_H_
#define SCRUTINY_PROJECTIONS_BOARD_MEETING_ITEMS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

class MeetingItems {
 public:
  explicit MeetingItems(absl::string_view meeting) : meeting_(meeting) {}

  // False if the fact is not about the agenda.
  bool Take(const Fact& fact);
  void Give(bool only_changed, RowSink& sink) { rows_.Give(only_changed, sink); }
  // Items placed on the agenda; empty sections and unreadable parts are none.
  uint32_t placed() const { return static_cast<uint32_t>(placed_.size()); }

 private:
  register_::v1::AgendaItemRow& Touch(const std::string& item, const Fact& fact);
  void Place(const Fact& fact);
  void AddLate(const Fact& fact);
  void Classify(const Fact& fact);
  void Number(const Fact& fact);
  bool TakeTreatment(const Fact& fact);

  const std::string meeting_;
  KeyedRows<register_::v1::AgendaItemRow> rows_;
  absl::flat_hash_set<std::string> placed_;
  absl::flat_hash_set<std::string> classified_;  // by a fact of their own
  absl::flat_hash_set<std::string> numbered_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_MEETING_ITEMS_H_
