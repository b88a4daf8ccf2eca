#include "projections/queries/groups.h"
#include "projections/queries/queries.h"
#include "projections/queries/query.h"

namespace scrutiny::projections {
namespace {

std::vector<Query> Make() {
  std::vector<Query> all = {
      MakeQuery("ListActions", QueryActions),     MakeQuery("ListForwardPlan", QueryForwardPlan),
      MakeQuery("ListDecisions", QueryDecisions), MakeQuery("ListResolutions", QueryResolutions),
      MakeQuery("ListAssurance", QueryAssurance), MakeQuery("ListFindings", QueryFindings),
      MakeQuery("ListSessions", QuerySessions),   MakeQuery("ListSchemes", QuerySchemes),
      MakeQuery("ListMeetings", QueryMeetings),   MakeQuery("GetMeeting", QueryMeeting),
      MakeQuery("DiffRegister", QueryDiff),       MakeQuery("ExplainRecord", QueryExplain),
  };
  for (const auto& group :
       {DocumentQueries(), PlanQueries(), InspectionQueries(), PerformanceQueries(),
        MeetingQueries(), MinutesQueries(), PlanVersionQueries(), PeopleQueries(), SchemeQueries(),
        MeasureQueries(), EngagementQueries()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace

const std::vector<Query>& AllQueries() {
  static const auto& queries = *new std::vector<Query>(Make());
  return queries;
}

const Query* FindQuery(const std::string& method) {
  for (const Query& query : AllQueries()) {
    if (query.method == method) return &query;
  }
  return nullptr;
}

}  // namespace scrutiny::projections
