// projections/engine/member.h
// A register at work in the engine: what is served, and what is being built beside it.
//
// Threads:  the tracks belong to threads of the engine, everything else to its mutex, as said.
#ifndef SCRUTINY_PROJECTIONS_ENGINE_MEMBER_H_
#define SCRUTINY_PROJECTIONS_ENGINE_MEMBER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "projections/engine/engine.h"
#include "projections/engine/track.h"

namespace scrutiny::projections {

struct Engine::Member {
  explicit Member(const Register& reg) : definition(reg) {}

  const Register& definition;
  // Belongs to the thread of the lane; passes to the other one with the lane, under the mutex.
  std::unique_ptr<Track> serving;
  // Belongs to the thread for what is behind; while the phase is kReady, to that of the lane.
  std::unique_ptr<Track> building;

  // Under the engine's mutex. Readers share the tables and read on when they are replaced.
  RegisterTables tables;
  TableHead head;  // of what is served
  Lane lane = Lane::kBehind;
  bool settled = true;  // nothing of what is served is on its way to the table
  absl::Status stalled;
  BuildState build;
  bool build_settled = true;
  bool accept = false;  // what was built may take its place even if it is not the same
  absl::optional<Order> order;

  Track& track(bool of_building) { return of_building ? *building : *serving; }
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_MEMBER_H_
