// projections/queries/item_joins.h
// The agenda of a meeting with what other records say of its items: what was resolved and assured,
// which papers were put to them, which actions and decisions came of them.
//
// Threads:  as Scope.
// Errors:   those of reading rows.
// Tests:    tests/projections/queries/meeting_query_test.cc, tests/projections/board
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ITEM_JOINS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ITEM_JOINS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "projections/queries/scope.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

// The registers that the joins draw on, the meetings first.
std::vector<absl::string_view> ItemRegisters();

class ItemJoins {
 public:
  // The scope draws on ItemRegisters() and must outlive this.
  ItemJoins(Scope& scope, std::string meeting) : scope_(scope), meeting_(std::move(meeting)) {}

  // Takes a stored row of the agenda.
  void Add(register_::v1::AgendaItemRow row);
  // Joins what other records say. An item that only they name gets a row too.
  absl::Status Join();
  // By key.
  std::map<std::string, register_::v1::AgendaItemRow>& items() { return items_; }

 private:
  register_::v1::AgendaItemRow& Item(const std::string& item);
  absl::Status JoinResolutions();
  absl::Status JoinAssurance();
  absl::Status JoinPapers();
  absl::Status JoinActions();
  absl::Status JoinDecisions();

  Scope& scope_;
  const std::string meeting_;
  std::map<std::string, register_::v1::AgendaItemRow> items_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ITEM_JOINS_H_
