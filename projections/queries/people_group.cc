#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/inspections/office_settings.h"
#include "projections/people/conduct_complaints.h"
#include "projections/people/dated_names.h"
#include "projections/people/offices.h"
#include "projections/people/organisations.h"
#include "projections/people/partnerships.h"
#include "projections/people/people.h"
#include "projections/people/portfolios.h"
#include "projections/public/publications.h"
#include "projections/public/representations.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/public_queries.h"
#include "projections/queries/schemes_queries.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

constexpr absl::string_view kOrganisations = "organisations";

absl::optional<std::vector<std::string>> Only(const std::string& record) {
  return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
}

// Whether something from one day to another is held on the day judged: it has begun, if that is
// dated, and has not ended. It is not held any more on its last day, as in a view of that day.
bool IsHeld(Scope& scope, const std::string& from, bool ended, const std::string& until) {
  const absl::optional<ledger::Day> first = LastDayOf(from);
  if (first.has_value() && *first > scope.judged_on()) return false;
  if (!ended) return true;
  const absl::optional<ledger::Day> last = LastDayOf(until);
  return last.has_value() && *last > scope.judged_on();
}

bool IsCurrent(Scope& scope, const RoleRow& role) {
  const absl::optional<ledger::Day> term = LastDayOf(role.term_to());
  if (term.has_value() && *term < scope.judged_on()) return false;
  return IsHeld(scope, role.from_date(), role.ended(), role.until_date());
}

absl::Status FinishRole(Scope& scope, RoleRow* row) {
  row->set_current(IsCurrent(scope, *row));
  return absl::OkStatus();
}

// The roles of a person that are held on the day judged, the one taken up last first.
absl::StatusOr<std::vector<RoleRow>> CurrentRoles(Scope& scope, const std::string& person) {
  std::vector<RoleRow> roles;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kPeople), scope.view(), Only(person),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!absl::StartsWith(key, kRolePrefix)) return absl::OkStatus();
                RoleRow role;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &role));
                if (IsCurrent(scope, role)) roles.push_back(std::move(role));
                return absl::OkStatus();
              }));
  std::stable_sort(roles.begin(), roles.end(), [](const RoleRow& a, const RoleRow& b) {
    return a.from_date() > b.from_date();
  });
  return roles;
}

std::string InWords(const RoleRow& role) {
  return absl::StrCat(role.acting() ? "acting " : "", role.post(),
                      role.organisation().empty() ? "" : ", ", role.organisation());
}

// Adds to the lists what other records say of this one.
template <typename Row>
absl::Status JoinOthers(Scope& scope, absl::string_view reg, const std::string& record, Row* row) {
  for (const bool same : {true, false}) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::vector<std::string> others,
        scope.reader(reg).Indexed(same ? "same_as" : "distinct_from", record));
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope.reader(reg), scope.view(), absl::optional<std::vector<std::string>>(others),
                [&](absl::string_view other, absl::string_view key, absl::string_view bytes) {
                  Row said;
                  if (!key.empty()) return absl::OkStatus();
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(other, bytes, &said));
                  // The index also leads to what was said once.
                  const auto& named = same ? said.same_as() : said.distinct_from();
                  if (std::find(named.begin(), named.end(), record) == named.end())
                    return absl::OkStatus();
                  auto* const list = same ? row->mutable_same_as() : row->mutable_distinct_from();
                  if (std::find(list->begin(), list->end(), std::string(other)) == list->end()) {
                    list->Add(std::string(other));
                  }
                  return absl::OkStatus();
                }));
  }
  return absl::OkStatus();
}

absl::Status FinishPerson(Scope& scope, PersonRow* row) {
  row->set_name(NameOn(row->names(), scope.judged_on().ToString()));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<RoleRow> roles, CurrentRoles(scope, row->person()));
  row->set_current(!roles.empty());
  for (size_t i = 1; i < roles.size(); ++i) row->add_other_roles(InWords(roles[i]));
  if (!roles.empty()) {
    const RoleRow& held = roles.front();
    row->set_post(held.post());
    row->set_title(held.title());
    row->set_organisation(held.organisation());
    row->set_role_from_date(held.from_date());
    row->set_acting(held.acting());
  }
  // Who has neither keeps the post they had last.
  if (!row->name().empty()) {
    row->set_shown_as(row->name());
  } else if (!row->post().empty()) {
    row->set_shown_as(row->post());
  }
  return JoinOthers(scope, kPeople, row->person(), row);
}

absl::Status FinishOrganisation(Scope& scope, OrganisationRow* row) {
  return JoinOthers(scope, kOrganisations, row->organisation(), row);
}

absl::Status FinishOffice(Scope& scope, OfficeRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> people,
                            scope.reader(kPeople).Indexed("office", row->office()));
  for (const std::string& person : people) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<RoleRow> roles, CurrentRoles(scope, person));
    for (const RoleRow& role : roles) {
      if (role.office() != row->office() || !role.public_office()) continue;
      row->add_holders(role.shown_as() == role.post()
                           ? role.post()
                           : absl::StrCat(role.shown_as(), ", ", role.post()));
    }
  }
  return absl::OkStatus();
}

absl::Status FinishPartnership(Scope& scope, PartnershipRow* row) {
  row->set_current(IsHeld(scope, row->from_date(), row->ended(), row->until_date()));
  return absl::OkStatus();
}

absl::Status FinishConductComplaint(Scope& scope, ConductComplaintRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && (row->state() == CONDUCT_COMPLAINT_STATE_RECEIVED ||
                            row->state() == CONDUCT_COMPLAINT_STATE_RECORDED ||
                            row->state() == CONDUCT_COMPLAINT_STATE_REFERRED ||
                            row->state() == CONDUCT_COMPLAINT_STATE_CONSIDERED));
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->report_due(), row->mutable_report_due_date(), &past));
  row->set_report_owed((row->state() == CONDUCT_COMPLAINT_STATE_CONSIDERED ||
                        row->state() == CONDUCT_COMPLAINT_STATE_CONCLUDED) &&
                       (!row->report_to().empty() || row->has_report_due()));
  row->set_report_overdue(past && row->report_owed());
  return absl::OkStatus();
}

absl::Status FinishConductCount(Scope& scope, ConductComplaintCountRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(SmallCounts small, SmallCounts::Read(scope));
  return small.LeaveOut(scope, SmallCounts::Of("conduct-complaint-counts", ""), row);
}

}  // namespace

std::vector<const Register*> PeopleRegisters() {
  return {&OrganisationsRegister(), &OfficesRegister(),           &PartnershipsRegister(),
          &PortfoliosRegister(),    &ConductComplaintsRegister(), &ConductComplaintCountsRegister(),
          &PublicationsRegister(),  &RepresentationsRegister()};
}

std::vector<Query> PeopleQueries() {
  return {
      ListOf<ListPeopleRequest, ListPeopleResponse, PersonRow>("ListPeople", PeopleRegister(), {},
                                                               FinishPerson),
      ListOf<ListRolesRequest, ListRolesResponse, RoleRow>("ListRoles", PeopleRegister(), {},
                                                           FinishRole),
      ListOf<ListOrganisationsRequest, ListOrganisationsResponse, OrganisationRow>(
          "ListOrganisations", OrganisationsRegister(), {}, FinishOrganisation),
      ListOf<ListOfficesRequest, ListOfficesResponse, OfficeRow>("ListOffices", OfficesRegister(),
                                                                 {kPeople}, FinishOffice),
      ListOf<ListPartnershipsRequest, ListPartnershipsResponse, PartnershipRow>(
          "ListPartnerships", PartnershipsRegister(), {}, FinishPartnership),
      ListOf<ListPortfoliosRequest, ListPortfoliosResponse>("ListPortfolios", PortfoliosRegister()),
      ListOf<ListConductComplaintsRequest, ListConductComplaintsResponse, ConductComplaintRow>(
          "ListConductComplaints", ConductComplaintsRegister(), {}, FinishConductComplaint),
      ListOf<ListConductComplaintCountsRequest, ListConductComplaintCountsResponse,
             ConductComplaintCountRow>("ListConductComplaintCounts",
                                       ConductComplaintCountsRegister(), {kOfficeSettings},
                                       FinishConductCount),
      ListOf<ListPublicationsRequest, ListPublicationsResponse, PublicationRow>(
          "ListPublications", PublicationsRegister(), {kOfficeSettings}, FinishPublication),
      ListOf<ListRepresentationsRequest, ListRepresentationsResponse, RepresentationRow>(
          "ListRepresentations", RepresentationsRegister(), {}, FinishRepresentation),
  };
}

}  // namespace scrutiny::projections
