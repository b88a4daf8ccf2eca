// projections/queries/row_json.h
// Rows of any type as text: for what shows rows without knowing them.
//
// Threads:  pure functions.
// Tests:    tests/projections/queries/diff_query_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ROW_JSON_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ROW_JSON_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// In proto3 JSON, with the field names of the .proto files.
std::string RowJson(const google::protobuf::Message& row);
// One field: text as it is, everything else in proto3 JSON; empty if it is not set.
std::string FieldText(const google::protobuf::Message& row,
                      const google::protobuf::FieldDescriptor& field);
// What stands behind the row; null if its type has no such field.
const register_::v1::RowMeta* MetaOf(const google::protobuf::Message& row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ROW_JSON_H_
