// People, organisations, offices, partnerships, complaints about office-holders, publications.
#include "scrutiny/register/v1/conduct_complaints.pb.h"
#include "scrutiny/register/v1/partnerships.pb.h"
#include "scrutiny/register/v1/people.pb.h"
#include "scrutiny/register/v1/publications.pb.h"
#include "scrutiny/register/v1/representations.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedPeople() {
  return {
      Listed<ListPeopleRequest, ListPeopleResponse>(
          "people", "People in the papers, with the role they have", "ListPeople"),
      Listed<ListRolesRequest, ListRolesResponse>("roles", "Who held which post, from when to when",
                                                  "ListRoles"),
      Listed<ListOrganisationsRequest, ListOrganisationsResponse>(
          "organisations", "Organisations, their names and what they are part of",
          "ListOrganisations"),
      Listed<ListOfficesRequest, ListOfficesResponse>(
          "offices", "Offices that hold a force to account, and who holds them", "ListOffices"),
      Listed<ListPartnershipsRequest, ListPartnershipsResponse>(
          "partnerships", "Partnerships and boards attended, with the part taken in them",
          "ListPartnerships"),
      Listed<ListPortfoliosRequest, ListPortfoliosResponse>(
          "portfolios", "Portfolios held, by whom and since when", "ListPortfolios"),
      Listed<ListConductComplaintsRequest, ListConductComplaintsResponse>(
          "conduct-complaints", "Complaints about office-holders, their public part",
          "ListConductComplaints"),
      Listed<ListConductComplaintCountsRequest, ListConductComplaintCountsResponse>(
          "conduct-complaint-counts", "Counts of complaints about office-holders",
          "ListConductComplaintCounts"),
      Listed<ListPublicationsRequest, ListPublicationsResponse>(
          "publications", "What is to be published, by when, and where it was", "ListPublications"),
      Listed<ListRepresentationsRequest, ListRepresentationsResponse>(
          "representations", "Letters sent and received, and the answers owed",
          "ListRepresentations"),
  };
}

}  // namespace scrutiny::tools
