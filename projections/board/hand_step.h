// projections/board/hand_step.h
// A step of a record's history for folds that treat a fact by hand, beside those made by rules.
//
// Threads:  pure.
// Limits:   kRecordStepsMax steps, the latest.
#ifndef SCRUTINY_PROJECTIONS_BOARD_HAND_STEP_H_
#define SCRUTINY_PROJECTIONS_BOARD_HAND_STEP_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "projections/engine/fact.h"
#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

inline void AddHandStep(const Fact& fact, absl::string_view what, const std::string& text,
                        const std::string& meeting,
                        google::protobuf::RepeatedPtrField<register_::v1::RecordStep>* steps) {
  register_::v1::RecordStep& step = *steps->Add();
  step.set_what(what.data(), what.size());
  step.set_date(fact.DayText());
  step.set_text(text);
  step.set_meeting(meeting);
  step.set_sequence(fact.sequence.value());
  const int max = static_cast<int>(kRecordStepsMax);
  if (steps->size() > max) steps->DeleteSubrange(0, steps->size() - max);
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_BOARD_HAND_STEP_H_
