// projections/queries/minutes_joins.h
// What a row of minutes takes from other records: the forum, the meeting's date, who accepted them.
//
// Threads:  as Scope.
// Tests:    tests/projections/board/minutes_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MINUTES_JOINS_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MINUTES_JOINS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/office.pb.h"
#include "scrutiny/register/v1/minutes.pb.h"

namespace scrutiny::projections {

// The minutes of one query. The scope draws on minutes, minutes-formats, meetings and forums.
class MinutesJoins {
 public:
  explicit MinutesJoins(Scope& scope) : scope_(scope) {}

  struct Standing {
    register_::v1::MinutesRow row;
    std::vector<register_::v1::MinuteCorrectionRow> corrections;  // by date, then key
    absl::optional<uint64_t> accepted_by;                         // the sequence of what says so
    bool known = false;  // something is recorded of them, by their meeting or by another
  };
  // The minutes of a meeting as they stand, joined.
  absl::StatusOr<Standing> Of(const std::string& meeting);
  // How the office sets out the minutes of a forum.
  absl::StatusOr<event::v1::MinutesFormatSet> FormatOf(const std::string& forum);

 private:
  absl::Status ReadOwn(const std::string& meeting, Standing* standing);
  absl::Status Accept(const std::string& meeting, Standing* standing);
  absl::Status JudgeOverdue(const MeetingInfo& meeting, register_::v1::MinutesRow* row);

  Scope& scope_;
  std::map<std::string, absl::optional<ledger::Day>>
      latest_;  // meeting of a forum by the day judged
  bool formats_read_ = false;
  std::map<std::string, event::v1::MinutesFormatSet> formats_;  // by forum
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MINUTES_JOINS_H_
