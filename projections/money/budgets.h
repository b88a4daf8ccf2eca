// projections/money/budgets.h
// Budgets and precepts year by year: how far each is, the days it has to keep, its lines and the
// strategies that go with it. Rows: register.v1.BudgetRow; BudgetDateRow under d/<key>;
// BudgetPartRow under p/l-<key> for lines and p/s-<key> for strategies. Days that a fact only
// mentions (the panel's report, the response) have a key made of the step, unless one was set.
//
// Tests:   tests/projections/money/budgets_test.cc
#ifndef SCRUTINY_PROJECTIONS_MONEY_BUDGETS_H_
#define SCRUTINY_PROJECTIONS_MONEY_BUDGETS_H_

#include "projections/engine/register.h"

namespace scrutiny::projections {

const Register& BudgetsRegister();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_MONEY_BUDGETS_H_
