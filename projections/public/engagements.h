// projections/public/engagements.h
// Engagements planned and held, and the matters raised there with what became of them. Rows:
// register.v1.EngagementRow, with every place of it, an event.v1.Place, under p/<key>; MatterRow.
// How many matters an engagement raised is counted when asked.
//
// Index:   of engagements, programme; of matters, engagement.
// Tests:   tests/projections/public/programmes_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_ENGAGEMENTS_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_ENGAGEMENTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& EngagementsRegister();
const Register& MattersRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_ENGAGEMENTS_H_
