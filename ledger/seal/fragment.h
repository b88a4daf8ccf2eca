// ledger/seal/fragment.h
// The part of a fact that is sealed: taken out of a Proposed as a Proposed that holds this part
// alone, and merged back when it is opened.
//
// Guarantees:  what is taken out and merged back gives the Proposed there was; a fragment that
//              holds anything but its path is not merged.
// Threads:     pure functions.
// Errors:      kMalformed for a path that is not a field, not set, or not to be sealed alone, with
//              the path as the field; kOverLimit for too many; kCorrupt for a fragment that is not
//              what its path says.
// Limits:      kSealsMax paths; the messages on the way to a field are singular, the field itself
//              may be a list.
// Tests:       tests/ledger/seal/fragment_test.cc
#ifndef SCRUTINY_LEDGER_SEAL_FRAGMENT_H_
#define SCRUTINY_LEDGER_SEAL_FRAGMENT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/random.h"
#include "ledger/seal/secret.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// Whether these paths may be sealed in this Proposed: each is set, none twice or within another,
// and an empty one (the whole fact) alone.
absl::Status CheckSealPaths(const event::v1::Proposed& proposed,
                            absl::Span<const absl::string_view> paths);

// Whether what stands there, which CheckSealPaths must have passed, is or holds personal data; an
// empty path is the whole fact.
bool HoldsPersonal(const event::v1::Proposed& proposed, absl::string_view path);

// Takes a field out: `finding_recorded.personal_detail`. The Proposed is left without it.
absl::StatusOr<Secret> TakeFragment(absl::string_view path, event::v1::Proposed* proposed);

// Takes everything out and leaves a sealed fact on a record with a random name.
Secret TakeWhole(RandomSource& random, event::v1::Proposed* proposed);

// Puts an opened fragment back; an empty path replaces the sealed fact. On an error `proposed` is
// as it was.
absl::Status MergeFragment(absl::string_view path, absl::string_view fragment,
                           event::v1::Proposed* proposed);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_SEAL_FRAGMENT_H_
