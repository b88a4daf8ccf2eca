// projections/engine/upcast.h
// Reads an entry as a fold sees it. A fact of an older shape comes out in today's: folds know one
// shape, and the stored bytes stay what they were.
//
// Guarantees:  depends on the bytes alone; a fact of today's shape comes out as it is.
// Threads:     pure functions.
// Format:      ledger/FORMAT.md, "Older shapes".   Tests: tests/projections/engine/upcast_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_UPCAST_H_
#define SCRUTINY_PROJECTIONS_ENGINE_UPCAST_H_

#include "absl/strings/string_view.h"

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::projections {

// Brings the fact into today's shape.
void Upcast(event::v1::Proposed* proposed);

// False if the bytes are no entry.
bool ReadEntry(absl::string_view bytes, event::v1::Entry* entry);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_UPCAST_H_
