// projections/queries/groups.h
// Registers and queries by the part of the office's work that they are about. A group's own file
// lists them; AllRegisters and AllQueries put the groups together.
//
// Threads:  pure.
#ifndef SCRUTINY_PROJECTIONS_QUERIES_GROUPS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_GROUPS_H_

#include <vector>

#include "projections/engine/register.h"
#include "projections/queries/query.h"

namespace scrutiny::projections {

// Meetings and their documents, decisions, questions, commitments.
std::vector<const Register*> DocumentRegisters();
std::vector<Query> DocumentQueries();

// Plans, risks, conditions, pilots, agreements, partnerships, people.
std::vector<const Register*> PlanRegisters();
std::vector<Query> PlanQueries();

// Inspections, audits, recommendations, volunteer schemes, complaint reviews, returns.
std::vector<const Register*> InspectionRegisters();
std::vector<Query> InspectionQueries();

// Performance, casework, engagement, grants, money, publications.
std::vector<const Register*> PerformanceRegisters();
std::vector<Query> PerformanceQueries();

// Attendance, declarations, announcements, assurance meetings, numbers.
std::vector<const Register*> MeetingRegisters();
std::vector<Query> MeetingQueries();

// Minutes and their rendering.
std::vector<const Register*> MinutesRegisters();
std::vector<Query> MinutesQueries();

// Plans, their versions and variations, the assurance map.
std::vector<const Register*> PlanVersionRegisters();
std::vector<Query> PlanVersionQueries();

// People, organisations, offices, partnerships, publications.
std::vector<const Register*> PeopleRegisters();
std::vector<Query> PeopleQueries();

// Reports and counts of volunteer schemes.
std::vector<const Register*> SchemeRegisters();
std::vector<Query> SchemeQueries();

// Measures, scorecards, casework, safety.
std::vector<const Register*> MeasureRegisters();
std::vector<Query> MeasureQueries();

// Consultations, programmes, engagements, budgets, finances.
std::vector<const Register*> EngagementRegisters();
std::vector<Query> EngagementQueries();

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_GROUPS_H_
