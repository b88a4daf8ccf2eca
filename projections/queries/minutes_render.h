// projections/queries/minutes_render.h
// Minutes made from the facts of a meeting: gathered into a document that knows no format
// (MinutesDocument), which a writer for each format then sets down.
//
// Guarantees:  the same facts and view make the same bytes; whatever the facts hold, HTML and
//              Markdown show it as text.
// Threads:     the document is a value; writers are pure functions.
// Errors:      as Scope; kNotFound (meeting), kOverLimit (a document of more than
//              kMinutesBytesMax).
// Tests:       tests/projections/board/minutes_render_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "projections/queries/query.h"
#include "projections/queries/scope.h"
#include "scrutiny/register/v1/minutes.pb.h"

namespace scrutiny::projections {

inline constexpr size_t kMinutesBytesMax = 1 << 20;
// Columns of the text form.
inline constexpr size_t kMinutesWidth = 80;

// A paragraph.
struct MinutesLine {
  enum class Kind {
    kText,        // what the minutes say
    kHeading,     // over the paragraphs that follow
    kRecord,      // what facts beside the text say: an announcement, an assurance, an adjournment
    kResolved,    // `lead` is the word; several limbs are `points`
    kFollows,     // an action or a decision; `lead` says which
    kCorrection,  // what was corrected just before
  };
  Kind kind = Kind::kText;
  std::string lead = {};
  std::string text = {};
  std::vector<std::string> points = {};
  std::vector<uint64_t> entries = {};  // that it comes from
};

struct MinutesPerson {
  std::string name;
  std::string post;
  std::string organisation;
  std::string capacity;
  std::string remarks;
  std::vector<uint64_t> entries;
};

// People under a heading.
struct MinutesPeople {
  std::string title;
  std::vector<MinutesPerson> people;
};

struct MinutesItem {
  std::string section;  // heading over it and those that follow, where one begins
  std::string number;
  std::string title;
  std::vector<MinutesLine> lines;
  std::vector<MinutesLine> aside;  // decisions and actions, where they stand in a column
};

struct MinutesDocument {
  std::string title;
  std::string heading;  // `MINUTES of a meeting of`
  std::string forum;
  std::string marking;
  std::vector<std::pair<std::string, std::string>> particulars;  // `Place`, `County Hall`
  bool draft = true;
  std::string status;
  std::vector<MinutesPeople> present;
  std::vector<MinutesPeople> away;  // apologies, absences
  std::vector<MinutesLine> opening;
  std::vector<MinutesItem> items;
  std::vector<MinutesLine> closing;
  std::string aside_heading;  // of the column beside the items; empty: there is none
  bool with_entries = false;
};

// What the facts say, and what of the answer comes with it: everything but the document itself,
// its media type and the basis.
absl::StatusOr<MinutesDocument> GatherMinutes(Scope& scope, const std::string& meeting,
                                              bool with_entries,
                                              register_::v1::RenderMinutesResponse* response);

std::string WriteMinutesText(const MinutesDocument& document);
std::string WriteMinutesMarkdown(const MinutesDocument& document);
std::string WriteMinutesHtml(const MinutesDocument& document);

absl::StatusOr<register_::v1::RenderMinutesResponse> RenderMinutes(
    Engine& engine, const register_::v1::RenderMinutesRequest& request,
    const QueryContext& context);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_H_
