// projections/queries/schemes_queries.h
// Which counts are small, and what is computed when counts, reports of volunteer schemes and what
// was seen at visits are asked for. Listed in schemes_group.cc.
//
// Threads:  pure; a scope is confined to its query.
// Tests:    tests/projections/panels
#ifndef SCRUTINY_PROJECTIONS_QUERIES_SCHEMES_QUERIES_H_
#define SCRUTINY_PROJECTIONS_QUERIES_SCHEMES_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "google/protobuf/message.h"

#include "projections/queries/scope.h"
#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/register/v1/scheme_reports.pb.h"

namespace scrutiny::projections {

// The thresholds below which the office does not publish counts.
class SmallCounts {
 public:
  // What counts are of, the words that come first going before the others.
  struct Holder {
    std::vector<std::string> kinds;
    std::string scheme;
  };
  // Counts held by a record of that kind, of that scheme; empty: of none.
  static Holder Of(absl::string_view kind, absl::string_view scheme);

  // Needs kOfficeSettings.
  static absl::StatusOr<SmallCounts> Read(Scope& scope);

  // Counts from 1 up to, but not including, this are small.
  uint32_t Below(const Holder& holder) const;
  // Takes every small number out of the counts that the row holds, and says so in the basis.
  absl::Status LeaveOut(Scope& scope, const Holder& holder, google::protobuf::Message* row) const;
  // Says in the basis that counts were left out.
  static void Note(Scope& scope, uint32_t below);

 private:
  absl::flat_hash_map<std::string, uint32_t> of_scheme_;
  absl::flat_hash_map<std::string, uint32_t> of_kind_;
  absl::optional<uint32_t> of_all_;
};

absl::Status FinishSchemeReport(Scope& scope, register_::v1::SchemeReportRow* row);
absl::Status FinishVolunteerCount(Scope& scope, register_::v1::VolunteerCountRow* row);
absl::Status FinishVisitIssue(Scope& scope, register_::v1::VisitIssueRow* row);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_SCHEMES_QUERIES_H_
