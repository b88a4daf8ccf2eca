// projections/public/consultations.h
// Consultations and surveys: when they run, how many answered, what they found and where that was
// taken into account. Rows: register.v1.ConsultationRow, with ConsultationFindingRow under f/<key>.
//
// Index:   used_in: the records it is to inform, and those it was taken into account in.
// Tests:   tests/projections/public/consultations_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_CONSULTATIONS_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_CONSULTATIONS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& ConsultationsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_CONSULTATIONS_H_
