// projections/engine/keyed_rows.h
// Rows of one record that go by a key, each with a RowMeta; for folds of meetings.
//
// Threads:  confined to whoever folds.
#ifndef SCRUTINY_PROJECTIONS_ENGINE_KEYED_ROWS_H_
#define SCRUTINY_PROJECTIONS_ENGINE_KEYED_ROWS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"

#include "projections/engine/register.h"
#include "projections/engine/row_meta.h"

namespace scrutiny::projections {

// Rows that facts change, found by key.
template <typename RowMessage>
class KeyedRows {
 public:
  // The row of that key, made if there is none, with the fact among those behind it.
  RowMessage& Touch(const std::string& key, const Fact& fact) {
    Kept& kept = rows_[key];
    kept.meta.Add(fact);
    if (!kept.changed) changed_.push_back(key);
    kept.changed = true;
    return kept.row;
  }

  void Give(bool only_changed, RowSink& sink) {
    if (only_changed) {
      for (const std::string& key : changed_) Give(key, rows_.at(key), sink);
    } else {
      for (auto& [key, kept] : rows_) Give(key, kept, sink);
    }
    changed_.clear();
  }

  size_t size() const { return rows_.size(); }

 private:
  struct Kept {
    RowMessage row;
    MetaBuilder meta;
    bool changed = false;
  };
  static void Give(const std::string& key, Kept& kept, RowSink& sink) {
    kept.meta.WriteTo(kept.row.mutable_meta());
    kept.changed = false;
    sink.Row(key, kept.row);
  }

  absl::node_hash_map<std::string, Kept> rows_;
  std::vector<std::string> changed_;
};

// Rows that a fact makes once and that do not change.
template <typename RowMessage>
class MadeRows {
 public:
  RowMessage& Make(std::string key) {
    rows_.emplace_back(std::move(key), RowMessage());
    return rows_.back().second;
  }

  void Give(bool only_changed, RowSink& sink) {
    for (size_t i = only_changed ? given_ : 0; i < rows_.size(); ++i) {
      sink.Row(rows_[i].first, rows_[i].second);
    }
    given_ = rows_.size();
  }

 private:
  std::vector<std::pair<std::string, RowMessage>> rows_;
  size_t given_ = 0;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_KEYED_ROWS_H_
