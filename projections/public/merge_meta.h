// projections/public/merge_meta.h
// What stands behind a row that is drawn from several.
//
// Threads:  pure.
// Limits:   the latest kRowEntriesMax sequences; the count goes on.
// Tests:    tests/projections/public/programmes_test.cc
#ifndef SCRUTINY_PROJECTIONS_PUBLIC_MERGE_META_H_
#define SCRUTINY_PROJECTIONS_PUBLIC_MERGE_META_H_

#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// Adds what stands behind the one to the other, each entry once.
void MergeMeta(const register_::v1::RowMeta& from, register_::v1::RowMeta* to);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_PUBLIC_MERGE_META_H_
