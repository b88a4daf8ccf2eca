// What a board secretary records of minutes: their text, drafts, corrections, publication.
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {
namespace {

const char kMinutes[] = "Minutes";

Verb CorrectionVerb() {
  return {
      .name = "minute-correction",
      .group = kMinutes,
      .summary = "The minutes of a meeting are corrected",
      .fact = "minute_corrected",
      .target = Target::kMeeting,
      .flags = {{"item", "item", "The item whose minute it is"},
                {"was", "was", "The words before"},
                {"now", "now", "The words now; none: they are struck out"},
                {"reason", "reason", "Why"},
                {"made-at", "meeting", "The meeting that made the correction"},
                {"made-at-item", "meeting_item", "The agenda item there"},
                {"before-acceptance", "before_acceptance", "Made before the minutes were accepted"},
                {"key", "key", "Its key within the meeting"}},
      .example =
          "scrutiny record minute-correction --meeting meetings/spab/2019-03-18 "
          "--item 11a --was \"£0.358m\" --now \"£0.385m\" --made-at "
          "meetings/spab/2019-05-20 --date 2019-05-20",
      .dated_by = DatedBy::kNothing,
      .key_defaults = {{"key", ""}}};
}

Verb FormatVerb() {
  return {.name = "minutes-format",
          .group = kMinutes,
          .summary = "How the minutes of a forum, or of every forum, are set out",
          .fact = "minutes_format_set",
          .target = Target::kGiven,
          .kind = "offices",
          .flags = {{"forum", "forum", "The forum; none: every forum without its own format"},
                    {"heading", "heading", "The document's heading"},
                    {"marking", "marking", "A marking on it: PUBLIC"},
                    {"acceptance", "acceptance", "What a later meeting does with them"},
                    {"series", "series", "The series in which minutes are numbered"},
                    {"numbered", "numbered", "Minutes are numbered"},
                    {"resolved-word", "resolved_word", "The word before a resolution"},
                    {"actions-column", "actions_column", "Decisions and actions in a column"},
                    {"actions-heading", "actions_heading", "The heading of that column"},
                    {"by-organisation", "present_by_organisation",
                     "List those present by organisation"}},
          .example =
              "scrutiny record minutes-format offices/derbyshire-pcc --forum forums/spab "
              "--actions-column --by-organisation"};
}

}  // namespace

std::vector<Verb> MinutesVerbs() {
  return {
      {.name = "minute",
       .group = kMinutes,
       .summary = "What the minutes say under an item",
       .fact = "item_minuted",
       .target = Target::kMeeting,
       .flags = {{"item", "item", "The agenda item"},
                 {"paragraph", "paragraphs", "A paragraph, as often as there are"},
                 {"heading", "heading", "A heading over them"},
                 {"after-resolutions", "after_resolutions", "After the item's resolutions"},
                 {"key", "key", "Its place within the item: 1, 2"}},
       .example = "scrutiny record minute --meeting meetings/spab/2019-03-18 --item 11a --key 1 "
                  "--paragraph \"The report was presented.\""},
      {.name = "minutes-drafted",
       .group = kMinutes,
       .summary = "Minutes of a meeting were drafted",
       .fact = "minutes_drafted",
       .target = Target::kMeeting,
       .flags = {{"minutes-paper", "paper", "The draft as a paper"},
                 {"draft", "draft", "Which draft: 2"},
                 {"drafted-by", "drafted_by", "Who drafted them"},
                 {"text", "text", "What there is to say of it"}},
       .dated_by = DatedBy::kNothing},
      {.name = "minutes-circulated",
       .group = kMinutes,
       .summary = "Draft minutes were sent round",
       .fact = "minutes_circulated",
       .target = Target::kMeeting,
       .flags = {{"to", "to", "To whom"},
                 {"minutes-paper", "paper", "The draft, if it is a paper"},
                 {"comments-due", "comments_due", "By when comments are wanted"},
                 {"text", "text", "What there is to say of it"}},
       .dated_by = DatedBy::kNothing},
      {.name = "minutes-published",
       .group = kMinutes,
       .summary = "Minutes were published",
       .fact = "minutes_published",
       .target = Target::kMeeting,
       .flags = {{"url", "url", "Where"},
                 {"text", "text", "The publication, in words"},
                 {"minutes-paper", "paper", "The published paper"},
                 {"as-draft", "draft", "As a draft, before they were accepted"}},
       .dated_by = DatedBy::kNothing},
      CorrectionVerb(),
      FormatVerb(),
  };
}

}  // namespace scrutiny::tools
