// projections/engine/row_fit.h
// Brings a row under kRowBytesMax: prose is shortened first, then lists lose their oldest elements.
//
// Guarantees:  names, keys, dates and numbers are never cut, only prose (text with a space in it),
//              and what is cut ends in "…"; a list keeps its last elements, the first of them
//              marked by "…", and RowMeta.entry_count still counts what made the row.
// Threads:     pure functions.
// Tests:       tests/projections/engine/row_fit_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ROW_FIT_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ROW_FIT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace scrutiny::projections {

// Shortens the row until it serialises to at most `bytes_max`.
void FitRow(google::protobuf::Message* row, size_t bytes_max);

// At most `bytes_max` bytes of the text, cut between characters and ended by "…" if it was longer.
std::string Shortened(absl::string_view text, size_t bytes_max);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ROW_FIT_H_
