// Consultations, programmes of engagement, engagements, matters, finances, budgets, what grants
// come to, and the calendar of everything that falls due.
#include "scrutiny/register/v1/budgets.pb.h"
#include "scrutiny/register/v1/calendar.pb.h"
#include "scrutiny/register/v1/consultations.pb.h"
#include "scrutiny/register/v1/engagements.pb.h"
#include "scrutiny/register/v1/finances.pb.h"
#include "scrutiny/register/v1/grant_totals.pb.h"
#include "scrutiny/register/v1/matters.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedEngagement() {
  return {
      Listed<ListConsultationsRequest, ListConsultationsResponse>(
          "consultations", "Consultations and surveys, their answers and where they were used",
          "ListConsultations"),
      Listed<ListConsultationFindingsRequest, ListConsultationFindingsResponse>(
          "consultation-findings", "What consultations found", "ListConsultationFindings"),
      Listed<ListProgrammesRequest, ListProgrammesResponse>(
          "programmes", "Programmes of engagement, how far they are, what papers say",
          "ListProgrammes"),
      Listed<CoverPlacesRequest, CoverPlacesResponse>(
          "places", "The places of a programme, visited or not", "CoverPlaces"),
      Listed<ListEngagementsRequest, ListEngagementsResponse>(
          "engagements", "Engagements planned and held", "ListEngagements"),
      Listed<ListMattersRequest, ListMattersResponse>(
          "matters", "Matters raised at engagements, and what became of them", "ListMatters"),
      Listed<ListFinanceRequest, ListFinanceResponse>(
          "finances", "Where the finances stand, position by position", "ListFinance"),
      Listed<ListFinanceFiguresRequest, ListFinanceFiguresResponse>(
          "finance-figures", "Figures of finance positions, with what terms mean",
          "ListFinanceFigures"),
      Listed<ListBudgetsRequest, ListBudgetsResponse>(
          "budgets", "Budgets and precepts, how far each year's is", "ListBudgets"),
      Listed<ListBudgetDatesRequest, ListBudgetDatesResponse>(
          "budget-dates", "Days that budgets have to keep", "ListBudgetDates"),
      Listed<ListBudgetPartsRequest, ListBudgetPartsResponse>(
          "budget-parts", "Lines of budgets, and strategies that go with them", "ListBudgetParts"),
      Listed<TotalGrantsRequest, TotalGrantsResponse>(
          "grant-totals", "What grants come to, held against what there is to give", "TotalGrants"),
      Listed<ListCalendarRequest, ListCalendarResponse>(
          "calendar", "Everything that falls due, in every register", "ListCalendar",
          "Every clock that runs: actions, reports, reviews, publications, consultations and "
          "whatever else has a day, each as its own register has it."),
  };
}

}  // namespace scrutiny::tools
