// Performance, casework, engagement, grants, money, publications.
#include "scrutiny/register/v1/grant_rounds.pb.h"
#include "scrutiny/register/v1/grants.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedPerformance() {
  return {
      Listed<ListGrantsRequest, ListGrantsResponse>(
          "grants", "Grants, from application to end, and what they come to", "ListGrants"),
      Listed<ListGrantMonitoringRequest, ListGrantMonitoringResponse>(
          "grant-reports", "Reports on grants: what is due, what was made", "ListGrantMonitoring"),
      Listed<ListGrantRoundsRequest, ListGrantRoundsResponse>(
          "grant-rounds", "Rounds of grants: asked, awarded, set aside, left", "ListGrantRounds"),
      Listed<ListGrantEarmarksRequest, ListGrantEarmarksResponse>(
          "grant-earmarks", "Money of a round that was set aside", "ListGrantEarmarks"),
      Listed<ListGrantSchemesRequest, ListGrantSchemesResponse>(
          "grant-schemes", "Schemes of grants, their bounds and allocations", "ListGrantSchemes"),
  };
}

}  // namespace scrutiny::tools
