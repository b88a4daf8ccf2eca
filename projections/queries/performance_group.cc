#include "projections/money/grants.h"
#include "projections/queries/grants_query.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<const Register*> PerformanceRegisters() {
  return {&GrantSchemesRegister(), &GrantRoundsRegister(), &GrantsRegister()};
}

std::vector<Query> PerformanceQueries() {
  return {
      ListOf<ListGrantSchemesRequest, ListGrantSchemesResponse, GrantSchemeRow>(
          "ListGrantSchemes", GrantSchemesRegister(), {kGrantRounds, kGrants}, FinishGrantScheme),
      ListOf<ListGrantRoundsRequest, ListGrantRoundsResponse, GrantRoundRow>(
          "ListGrantRounds", GrantRoundsRegister(), {kGrantSchemes, kGrants}, FinishGrantRound),
      ListOf<ListGrantEarmarksRequest, ListGrantEarmarksResponse, GrantEarmarkRow>(
          "ListGrantEarmarks", GrantRoundsRegister(), {kGrants}, FinishGrantEarmark),
      ListOf<ListGrantsRequest, ListGrantsResponse, GrantRow>(
          "ListGrants", GrantsRegister(), {kGrantSchemes, kGrantRounds}, FinishGrant),
      ListOf<ListGrantMonitoringRequest, ListGrantMonitoringResponse, GrantMonitoringRow>(
          "ListGrantMonitoring", GrantsRegister(), {}, FinishGrantMonitoring),
  };
}

}  // namespace scrutiny::projections
