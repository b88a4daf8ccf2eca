// projections/queries/assurance_cells.h
// How assurances stand, one by one and put together in a cell of the assurance map.
//
// Threads:  pure functions.
// Tests:    tests/projections/plans/assurance_map_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_ASSURANCE_CELLS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_ASSURANCE_CELLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "projections/queries/calendar.h"
#include "scrutiny/register/v1/assurance_map.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

// What is recorded of the conditions of one assurance.
struct Conditions {
  uint32_t records = 0;
  uint32_t open = 0;  // neither met nor lapsed
  uint32_t broken = 0;
  uint32_t lapsed = 0;
  std::vector<register_::v1::RowMeta> metas;
};

// An assurance that was sought or given.
struct Given {
  register_::v1::AssuranceRow row;
  MeetingInfo meeting;
  ItemInfo item;
  // Worked out by JudgeGiven.
  bool on_conditions = false;
  bool gained = false;  // on conditions or not, and not revoked
  register_::v1::AssuranceCellItem cell;
  std::vector<register_::v1::RowMeta> metas;
};

// By the meeting's date, not dated last, then in the order of the agenda.
bool ComesBefore(const Given& a, const Given& b);

// `revoked` is why it was revoked; null: it was not.
void JudgeGiven(const Conditions& conditions, const std::string* revoked, Given* given);

// How the latest of them stand; of several on one day the least favourable. They come in order.
register_::v1::AssuranceStanding StandingOf(const std::vector<const Given*>& all);

// Everything that is counted in a cell. They come in order.
void FillCell(const std::vector<const Given*>& all, register_::v1::AssuranceCellRow* row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_ASSURANCE_CELLS_H_
