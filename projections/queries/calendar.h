// projections/queries/calendar.h
// Meetings and forums, as other rows refer to them: dates, themes, names. Looked up once a query.
//
// Threads:  confined to its query.
// Errors:   kNotFound, kMalformed (a name that several forums have).
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_CALENDAR_H_
#define SCRUTINY_PROJECTIONS_QUERIES_CALENDAR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "projections/engine/reader.h"

namespace scrutiny::projections {

struct MeetingInfo {
  bool held = false;  // something is recorded of it; otherwise it is cited only
  std::string forum;
  std::string date;                 // ISO, perhaps of reduced precision; empty: not known
  absl::optional<ledger::Day> day;  // the last it may be
  std::string theme;
  bool cancelled = false;
};

// An agenda item as rows refer to it.
struct ItemInfo {
  uint32_t order = 0;
  std::string number_printed;
  std::string title;
};

class Calendar {
 public:
  // The readers must outlive this.
  Calendar(const Reader& meetings, const Reader& forums, const ReadView& view)
      : meetings_(meetings), forums_(forums), view_(view) {}

  // A meeting; one that is not held has empty fields.
  absl::StatusOr<MeetingInfo> Meeting(const std::string& meeting);
  // An item on its agenda; empty fields if it is not there.
  absl::StatusOr<ItemInfo> Item(const std::string& meeting, const std::string& item);
  // The meetings of a forum.
  absl::StatusOr<std::vector<std::string>> MeetingsOf(const std::string& forum);
  // The forum of that record name, name or alias.
  absl::StatusOr<std::string> ForumNamed(const std::string& text, absl::string_view field);
  // The meeting of that record name, or `forum date`.
  absl::StatusOr<std::string> MeetingNamed(const std::string& text, absl::string_view field);
  // The forum's name on a day; without a day its latest.
  absl::StatusOr<std::string> ForumName(const std::string& forum,
                                        const absl::optional<ledger::Day>& on);

 private:
  using Items = absl::flat_hash_map<std::string, ItemInfo>;

  absl::Status LoadForums();

  const Reader& meetings_;
  const Reader& forums_;
  const ReadView view_;
  absl::node_hash_map<std::string, MeetingInfo> known_;
  absl::node_hash_map<std::string, Items> items_;

  struct Forum {
    std::vector<std::pair<std::string, std::string>> names;  // from when, ISO, and the name
    std::vector<std::string> aliases;
  };
  bool forums_loaded_ = false;
  absl::flat_hash_map<std::string, Forum> all_forums_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_CALENDAR_H_
