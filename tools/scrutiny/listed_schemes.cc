// What volunteer schemes report and count.
#include "scrutiny/register/v1/counts.pb.h"
#include "scrutiny/register/v1/scheme_reports.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedScheme() {
  return {
      Listed<ListSchemeReportsRequest, ListSchemeReportsResponse>(
          "scheme-reports", "Periodic reports of volunteer schemes", "ListSchemeReports"),
      Listed<ListVolunteerCountsRequest, ListVolunteerCountsResponse>(
          "volunteer-counts", "Numbers of volunteers, scheme by scheme", "ListVolunteerCounts"),
      Listed<ListHinderedVisitsRequest, ListHinderedVisitsResponse>(
          "hindered-visits", "Visits refused, delayed or cut short", "ListHinderedVisits"),
      Listed<ListVisitIssuesRequest, ListVisitIssuesResponse>(
          "visit-issues", "Issues raised at visits, and whether they are settled",
          "ListVisitIssues"),
      Listed<ListCountsRequest, ListCountsResponse>(
          "counts", "Counts by sort of one record; small ones are left out", "ListCounts"),
  };
}

}  // namespace scrutiny::tools
