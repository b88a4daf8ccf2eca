// projections/engine/row_bytes.h
// A row as stored: at most kRowBytesMax, the same bytes for the same row.
//
// Threads:  pure functions.
// Tests:    tests/projections/engine/row_fit_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ROW_BYTES_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ROW_BYTES_H_

#include <string>

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace scrutiny::projections {

// False if there is nothing in the row, which is then not kept.
bool SerialiseRow(const google::protobuf::Message& row, std::string* bytes);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ROW_BYTES_H_
