#include "projections/queries/all_registers.h"

#include "projections/board/actions.h"
#include "projections/board/assurance.h"
#include "projections/board/decisions.h"
#include "projections/board/forums.h"
#include "projections/board/forward_plan.h"
#include "projections/board/knowledge.h"
#include "projections/board/meetings.h"
#include "projections/board/papers.h"
#include "projections/board/resolutions.h"
#include "projections/board/reviews.h"
#include "projections/panels/findings.h"
#include "projections/panels/schemes.h"
#include "projections/panels/sessions.h"
#include "projections/people/people.h"
#include "projections/queries/groups.h"

namespace scrutiny::projections {

std::vector<const Register*> AllRegisters() {
  std::vector<const Register*> all = {
      &ActionsRegister(), &AssuranceRegister(),   &DecisionsRegister(),   &FindingsRegister(),
      &ForumsRegister(),  &ForwardPlanRegister(), &KnowledgeRegister(),   &MeetingsRegister(),
      &PapersRegister(),  &PeopleRegister(),      &ResolutionsRegister(), &ReviewsRegister(),
      &SchemesRegister(), &SessionsRegister()};
  for (const auto& group :
       {DocumentRegisters(), PlanRegisters(), InspectionRegisters(), PerformanceRegisters(),
        MeetingRegisters(), MinutesRegisters(), PlanVersionRegisters(), PeopleRegisters(),
        SchemeRegisters(), MeasureRegisters(), EngagementRegisters()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace scrutiny::projections
