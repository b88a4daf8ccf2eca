// tools/scrutiny/verbs_reviews.h
// Verbs of returns, of complaint reviews and of what volunteer panels count and report; part of
// those of inspections.
//
// Threads:  pure.
// Tests:    tests/tools/scrutiny/verb_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERBS_REVIEWS_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERBS_REVIEWS_H_

#include <vector>

#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {

std::vector<Verb> ReviewVerbs();

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERBS_REVIEWS_H_
