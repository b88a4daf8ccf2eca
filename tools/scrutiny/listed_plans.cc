// Plans, risks, conditions, pilots, agreements, partnerships, people.
#include "scrutiny/register/v1/agreements.pb.h"
#include "scrutiny/register/v1/pilots.pb.h"
#include "scrutiny/register/v1/risks.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedPlans() {
  return {
      Listed<ListConditionsRequest, ListConditionsResponse>(
          "conditions", "Conditions set on decisions, assurances and agreements", "ListConditions"),
      Listed<ListPilotsRequest, ListPilotsResponse>(
          "pilots", "Pilots, their evaluation and what came of them", "ListPilots"),
      Listed<ListAgreementsRequest, ListAgreementsResponse>(
          "agreements", "Agreements between bodies, their signing and review", "ListAgreements"),
      Listed<ListRisksRequest, ListRisksResponse>(
          "risks", "Threats and risks, how they are met and how they move", "ListRisks"),
  };
}

}  // namespace scrutiny::tools
