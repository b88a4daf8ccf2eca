// projections/public/child_rows.h
// Rows that belong to a record beside its main one, by key, of which some go again: what a fold
// gives anew as a whole. And the rule that an item is one of the meeting named with it.
//
// Guarantees:  a row that was given and is dropped is given empty once, which removes it.
// Threads:     confined to whoever folds.
// Cost:        every row is given each time; for records of some hundred rows.
// Tests:       tests/projections/public, tests/projections/money
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_CHILD_ROWS_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_CHILD_ROWS_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "ledger/base/date.h"
#include "projections/engine/register.h"
#include "projections/engine/row_meta.h"

namespace scrutiny::projections {

template <typename RowMessage>
class ChildRows {
 public:
  // The row of that key, made if there is none, with the fact among those behind it.
  RowMessage& Touch(const std::string& key, const Fact& fact) {
    Kept& kept = rows_[key];
    kept.meta.Add(fact);
    return kept.row;
  }
  // Null if there is none.
  RowMessage* Find(const std::string& key) {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second.row;
  }
  void Drop(const std::string& key) { rows_.erase(key); }
  void DropAll() { rows_.clear(); }
  size_t size() const { return rows_.size(); }

  // Calls `fn(key, row)`, by key.
  template <typename Fn>
  void ForEach(Fn fn) {
    for (auto& [key, kept] : rows_) fn(key, kept.row);
  }

  // Gives every row, and those given before that are no more.
  void Give(RowSink& sink) {
    Give(sink, [](RowMessage&) {});
  }
  // Calls `last(row)` before a row is given, when what stands behind it is written.
  template <typename Fn>
  void Give(RowSink& sink, Fn last) {
    for (auto given = given_.begin(); given != given_.end();) {
      if (rows_.contains(*given)) {
        ++given;
        continue;
      }
      sink.Row(*given, RowMessage());
      given = given_.erase(given);
    }
    for (auto& [key, kept] : rows_) {
      kept.meta.WriteTo(kept.row.mutable_meta());
      last(kept.row);
      sink.Row(key, kept.row);
      given_.insert(key);
    }
  }

 private:
  struct Kept {
    RowMessage row;
    MetaBuilder meta;
  };
  std::map<std::string, Kept> rows_;
  std::set<std::string> given_;
};

// A meeting without an item: the item of the meeting before is not its item.
template <typename Said, typename RowMessage>
void ItemOfMeeting(const Said& said, RowMessage* row) {
  if (said.meeting().empty() || !said.item().empty()) return;
  if (row->meeting() == said.meeting()) row->clear_item();
}

// The first and the last day that an ISO date of any precision may mean; empty if it is none.
inline std::string FirstDayText(const std::string& date) {
  const auto parsed = ledger::PartialDate::Parse(date);
  return parsed.ok() ? parsed->FirstDay().ToString() : std::string();
}
inline std::string LastDayText(const std::string& date) {
  const auto parsed = ledger::PartialDate::Parse(date);
  return parsed.ok() ? parsed->LastDay().ToString() : std::string();
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_CHILD_ROWS_H_
