// tools/scrutiny/verbs_money.h
// Verbs of finances and budgets, a part of EngagementVerbs (verb.h).
//
// Threads:  pure.
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERBS_MONEY_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERBS_MONEY_H_

#include <vector>

#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {

std::vector<Verb> MoneyVerbs();

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERBS_MONEY_H_
