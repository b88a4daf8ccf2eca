// projections/panels/count_rows.h
// The counts that a fact holds, alone and in tables, as rows of their own: register.v1.CountRow,
// under kCountPrefix, the table's place and the count's place in it.
//
// Threads:  confined to whoever folds.
// Tests:    tests/projections/panels/counts_test.cc
#ifndef SCRUTINY_PROJECTIONS_PANELS_COUNT_ROWS_H_
#define SCRUTINY_PROJECTIONS_PANELS_COUNT_ROWS_H_

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "projections/engine/fact.h"
#include "projections/engine/register.h"
#include "scrutiny/register/v1/counts.pb.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kCountPrefix = "n/";

class CountRows {
 public:
  // Takes the counts of `message`, which the fact holds, in the place of all before.
  void Take(const Fact& fact, const google::protobuf::Message& message);
  // Gives them as rows of the record, and empty ones where there are none any more.
  void Give(const std::string& record, RowSink& sink);

 private:
  std::map<std::string, register_::v1::CountRow> rows_;
  std::set<std::string> gone_;
};

// What the rows are of a register whose records have one row and counts.
template <typename Row>
const google::protobuf::Message& RowOrCount(absl::string_view key) {
  if (absl::StartsWith(key, kCountPrefix)) return register_::v1::CountRow::default_instance();
  return Row::default_instance();
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_COUNT_ROWS_H_
