// projections/board/wording.h
// Owners, dues and numbers in words, for steps and notes.
//
// Threads:  pure functions.
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_BOARD_WORDING_H_
#define SCRUTINY_PROJECTIONS_BOARD_WORDING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "projections/engine/fact.h"
#include "scrutiny/event/v1/common.pb.h"

namespace scrutiny::projections {

// `Constabulary and Chief Finance Officer`; as printed where it is printed.
std::string OwnersInWords(const google::protobuf::RepeatedPtrField<event::v1::Owner>& owners);
// As printed, else the date or the meeting.
std::string DueInWords(const event::v1::Due& due);
// As printed, else `2019/13`.
std::string NumberInWords(const event::v1::Number& number);
// `text (reason)`.
std::string WithReason(absl::string_view text, absl::string_view reason);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_WORDING_H_
