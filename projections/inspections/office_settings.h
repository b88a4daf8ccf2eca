// projections/inspections/office_settings.h
// What the office has set that other registers count by. Under `l/` and its key an
// event.v1.TimeLimitSet, under `s/` and its key an event.v1.SuppressionThresholdSet: the latest.
//
// Threads:  pure.
// Tests:    tests/projections/inspections/inspections_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_OFFICE_SETTINGS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_OFFICE_SETTINGS_H_

#include "absl/strings/string_view.h"

#include "projections/engine/register.h"

namespace scrutiny::projections {

inline constexpr absl::string_view kOfficeSettings = "office-settings";

const Register& OfficeSettingsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_OFFICE_SETTINGS_H_
