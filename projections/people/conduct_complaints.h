// projections/people/conduct_complaints.h
// Complaints about the conduct of the office-holder, and counts of them. Rows:
// register.v1.ConductComplaintRow, without what the day makes of it, indexed by the meeting that
// dealt with it ("meeting"); register.v1.ConductComplaintCountRow, with its tables under
// kCountPrefix (panels/count_rows.h).
//
// Threads:  pure.
// Tests:    tests/projections/people/conduct_complaints_test.cc
#ifndef SCRUTINY_PROJECTIONS_PEOPLE_CONDUCT_COMPLAINTS_H_
#define SCRUTINY_PROJECTIONS_PEOPLE_CONDUCT_COMPLAINTS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ConductComplaintsRegister();
const Register& ConductComplaintCountsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PEOPLE_CONDUCT_COMPLAINTS_H_
