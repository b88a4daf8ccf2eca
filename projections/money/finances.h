// projections/money/finances.h
// Where finances stand, position by position, and the terms in the sense in which the papers use
// them. Rows: register.v1.FinanceRow, with FinanceFigureRow under f/<key>. What a figure's term
// means is looked up when asked.
//
// Index:   meeting: those that a position was put to.
// Tests:   tests/projections/money/finances_test.cc
#ifndef SCRUTINY_PROJECTIONS_MONEY_FINANCES_H_
#define SCRUTINY_PROJECTIONS_MONEY_FINANCES_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& FinancesRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_MONEY_FINANCES_H_
