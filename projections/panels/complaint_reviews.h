// projections/panels/complaint_reviews.h
// Reviews of police complaints, and counts of them. Rows: register.v1.ComplaintReviewRow, without
// what its time limit and the day make of it; register.v1.ComplaintReviewCountRow, without what
// joins it to others, and its tables beside it (count_rows.h). Counts are indexed by what they take
// the place of ("restates").
//
// Threads:  pure.
// Tests:    tests/projections/panels/complaint_reviews_test.cc
#ifndef SCRUTINY_PROJECTIONS_PANELS_COMPLAINT_REVIEWS_H_
#define SCRUTINY_PROJECTIONS_PANELS_COMPLAINT_REVIEWS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ComplaintReviewsRegister();
const Register& ComplaintReviewCountsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PANELS_COMPLAINT_REVIEWS_H_
