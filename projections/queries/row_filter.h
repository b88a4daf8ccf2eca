// projections/queries/row_filter.h
// Which rows a request keeps, by the (filter) options of its fields.
//
// Threads:  immutable.
// Errors:   kMalformed for a date that is none.
// Tests:    tests/projections/queries/list_query_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ROW_FILTER_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ROW_FILTER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "scrutiny/register/v1/options.pb.h"

namespace scrutiny::projections {

class RowFilter {
 public:
  // Fields that a filter names must be there: else a fault of ours.
  RowFilter(const google::protobuf::Descriptor& request, const google::protobuf::Descriptor& row);

  absl::Status Check(const google::protobuf::Message& request) const;
  bool Keeps(const google::protobuf::Message& request, const google::protobuf::Message& row) const;
  // The index and value that lead to the rows, if a filter that is set has one.
  absl::optional<std::pair<std::string, std::string>> IndexFor(
      const google::protobuf::Message& request) const;

 private:
  struct Part {
    const google::protobuf::FieldDescriptor* asked;
    const google::protobuf::FieldDescriptor* field;  // of the row
    register_::v1::Match match;
    std::string index;
  };
  std::vector<Part> parts_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ROW_FILTER_H_
