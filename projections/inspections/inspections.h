// projections/inspections/inspections.h
// Inspections. Main row: register.v1.InspectionRow, whose last day for comments is by the report's
// own limit or the law's; the office's own limit is put in when it is asked for. Beside it, under
// `j/` and its key, a JudgementRow with the assurance it is linked to, and the rows of plan_rows.h.
//
// Threads:  pure.
// Tests:    tests/projections/inspections/inspections_test.cc
#ifndef SCRUTINY_PROJECTIONS_INSPECTIONS_INSPECTIONS_H_
#define SCRUTINY_PROJECTIONS_INSPECTIONS_INSPECTIONS_H_

#include <cstdint>

#include "ledger/base/date.h"
#include "projections/engine/register.h"
#include "scrutiny/event/v1/time_limit.pb.h"

namespace scrutiny::projections {

// Police Act 1996, section 55(5A): 56 days beginning with the day of publication.
inline constexpr uint32_t kCommentDays = 56;
// The office's own limit goes by this key.
inline constexpr absl::string_view kCommentLimitKey = "inspection-comments";

// The last day, where the limit counts `days` days.
ledger::Day LastCommentDay(ledger::Day published, uint32_t days, event::v1::FirstDay first);

const Register& InspectionsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_INSPECTIONS_INSPECTIONS_H_
