// projections/queries/list_query.h
// A query that lists rows of one register as its protos describe it (register/v1/options.proto):
// which rows, what the filters match, in what order they come. What depends on the day or on other
// registers is filled in by a function.
//
// Threads:  immutable; asking is thread-safe.
// Errors:   those of Scope; kMalformed for a date of a filter that is none.
// Cost:     reads the rows that the filter's index leads to, else every row.
// Tests:    tests/projections/queries/list_query_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_LIST_QUERY_H_
#define SCRUTINY_PROJECTIONS_QUERIES_LIST_QUERY_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "projections/engine/register.h"
#include "projections/queries/query.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {

// What is said of a list in code.
struct ListParts {
  std::string method;
  const Register* reg;
  // Registers that `finish` reads, beside those of the calendar.
  std::vector<absl::string_view> joins = {};
  // Fills in what is not stored. Null: everything is.
  std::function<absl::Status(Scope& scope, google::protobuf::Message* row)> finish = {};
};

Query MakeList(ListParts parts, const google::protobuf::Message& request,
               const google::protobuf::Message& response);

// The list of the response's rows; `finish(scope, row) -> Status` fills in what is not stored.
template <typename Request, typename Response>
Query ListOf(std::string method, const Register& reg) {
  return MakeList({std::move(method), &reg}, Request::default_instance(),
                  Response::default_instance());
}
template <typename Request, typename Response, typename Row>
Query ListOf(std::string method, const Register& reg, std::vector<absl::string_view> joins,
             absl::Status (*finish)(Scope& scope, Row* row)) {
  return MakeList({std::move(method), &reg, std::move(joins),
                   [finish](Scope& scope, google::protobuf::Message* row) {
                     return finish(scope, static_cast<Row*>(row));
                   }},
                  Request::default_instance(), Response::default_instance());
}

// When something is due: the date or the meeting's, ISO in `date`; and whether that day is past on
// the day judged. For finish functions.
absl::Status JudgeDue(Scope& scope, const event::v1::Due& due, std::string* date, bool* past);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_LIST_QUERY_H_
