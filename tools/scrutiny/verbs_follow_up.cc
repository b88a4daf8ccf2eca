// What follows from meetings: decisions, actions, the forward plan, what was put before whom.
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {
namespace {

const char kDecisions[] = "Decisions";
const char kActions[] = "Actions";
const char kPlan[] = "Forward plan";

const Flag kMeeting = {"meeting", "meeting", "The meeting at which this was"};
const Flag kItem = {"item", "item", "The agenda item there"};
const Flag kReason = {"reason", "reason", "Why"};

std::vector<Verb> DecisionVerbs() {
  return {
      {.name = "decision",
       .group = kDecisions,
       .summary = "A decision was taken",
       .fact = "decision_taken",
       .kind = "decisions",
       .flags = {{"title", "title", "Its title"},
                 {"decided-by", "decider", "A person, a forum, a post, or \"unclear: …\""},
                 {"where", "where", "At a meeting or between; at one if --meeting names it"},
                 {"meeting", "meeting", "The meeting, if at one"},
                 {"item", "item", "The agenda item"},
                 {"resolution", "resolution", "The resolution that takes it"},
                 {"number", "number", "The number it already has"},
                 {"next-number", "assign", "Give it the next number of this year"},
                 {"summary", "summary", "What was decided, summarised"},
                 {"reasons", "reasons", "Why, summarised"},
                 {"option", "considered",
                  "An option considered: in words, or \"label=Option 1; text=…; preferred=yes\""},
                 {"amount", "amounts", "What it costs or saves"},
                 {"priority", "priorities", "A plan priority's number"},
                 {"publish-by", "publish_by.date", "To be published by this date"},
                 {"publish-by-meeting", "publish_by.meeting", "To be published by this meeting"}},
       .example = "scrutiny record decision --title \"HR Gateway System\" --number 2019/17 "
                  "--decided-by persons/dhindsa --where between-meetings --on 2019-05-01",
       .scope_flag = "meeting"},
      {.name = "numbered",
       .group = kDecisions,
       .summary = "A decision got its number",
       .fact = "decision_numbered",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {{"number", "number", "The number"},
                 {"next-number", "assign", "Give it the next number of this year"}}},
      {.name = "reported",
       .group = kDecisions,
       .summary = "A decision was reported to a forum",
       .fact = "decision_reported",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {{"meeting", "meeting", "At which of its meetings (needed)"},
                 {"forum", "forum", "The forum; that of the meeting if not given"},
                 kItem,
                 {"report", "paper", "The paper that reports it"}},
       .example = "scrutiny record reported 2019/17 --meeting meetings/spab/2019-05-20 --item 13a"},
      {.name = "published",
       .group = kDecisions,
       .summary = "A decision was published",
       .fact = "decision_published",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {{"url", "url", "Where"},
                 {"text", "text", "The publication, in words"},
                 {"document", "paper", "The published paper"}}},
      {.name = "implemented",
       .group = kDecisions,
       .summary = "A decision was carried out",
       .fact = "decision_implemented",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {{"text", "text", "How, with what result"},
                 {"evidence", "evidence", "What shows it"}}},
      {.name = "superseded",
       .group = kDecisions,
       .summary = "A later decision replaces this one",
       .fact = "decision_superseded",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {{"by", "by", "The later decision"}, kReason}},
      {.name = "rescinded",
       .group = kDecisions,
       .summary = "A decision was taken back",
       .fact = "decision_rescinded",
       .target = Target::kGiven,
       .kind = "decisions",
       .flags = {kReason, kMeeting}},
  };
}

Verb ActionVerb(const char* name, const char* summary, const char* fact, std::vector<Flag> flags,
                const char* example = "") {
  return {.name = name,
          .group = kActions,
          .summary = summary,
          .fact = fact,
          .target = Target::kGiven,
          .kind = "actions",
          .flags = std::move(flags),
          .example = example};
}

std::vector<Verb> ActionVerbs() {
  const Flag due = {"due", "due.date", "Due by this date"};
  const Flag due_meeting = {"due-meeting", "due.meeting", "Due by this meeting"};
  const Flag due_printed = {"due-printed", "due.printed", "Due as printed: \"end March\""};
  const Flag owner = {"owner", "owners",
                      "An owner, joint if several: a person, a forum, \"POST @ ORGANISATION\", or "
                      "as printed"};
  return {
      {.name = "action",
       .group = kActions,
       .summary = "An action was raised",
       .fact = "action_raised",
       .kind = "actions",
       .flags = {{"title", "title", "What is required"},
                 {"detail", "detail", "The same at length"},
                 {"meeting", "meeting", "The meeting that raised it"},
                 kItem,
                 owner,
                 due,
                 due_meeting,
                 due_printed,
                 {"number", "number", "Its number, if actions are numbered"}},
       .example = "scrutiny record action --title \"Update report on crime data recording\" "
                  "--meeting meetings/spab/2019-03-18 --item 3a --owner Constabulary "
                  "--due-meeting meetings/spab/2019-05-20",
       .scope_flag = "meeting"},
      ActionVerb("assign", "An action was given to its owners", "action_assigned",
                 {owner, kMeeting}),
      ActionVerb("update", "Something is known of an action's progress", "action_updated",
                 {{"text", "text", "What"}, kMeeting, kItem},
                 "scrutiny record update actions/spab/stop-hate --text \"Meeting arranged\" "
                 "--meeting meetings/spab/2019-05-20"),
      ActionVerb("restate", "A paper has an action in other words", "action_restated",
                 {{"title", "title", "The words now"}, kMeeting, kItem, kReason}),
      ActionVerb("reassign", "An action passed to other owners", "action_reassigned",
                 {owner, kReason, kMeeting, kItem}),
      ActionVerb("due", "An action got a due date, or another one", "action_due_set",
                 {due, due_meeting, due_printed, kReason, kMeeting}),
      ActionVerb("complete", "An action was done", "action_completed",
                 {{"text", "text", "With what result"},
                  {"evidence", "evidence", "What shows it"},
                  kMeeting,
                  kItem},
                 "scrutiny record complete actions/spab/form-188 --evidence papers/003/12f "
                 "--meeting meetings/spab/2019-05-20"),
      ActionVerb("close", "The board closed an action", "action_closed",
                 {kMeeting, kItem, kReason}),
      ActionVerb("reopen", "An action is open again", "action_reopened", {kReason, kMeeting}),
      ActionVerb("no-longer-wanted", "An action is no longer wanted", "action_withdrawn",
                 {kReason, kMeeting}),
      {.name = "review",
       .group = kActions,
       .summary = "A meeting was presented with a review of actions",
       .fact = "action_review_presented",
       .target = Target::kMeeting,
       .flags = {kItem,
                 {"line", "lines",
                  "A line: \"text=…; action=actions/…; responsible=…; progress=…; update=…\""}},
       .example = "scrutiny record review --meeting meetings/spab/2019-05-20 --item 6 --line "
                  "\"text=Update on crime data; action=actions/spab/crime-data; progress=On the "
                  "agenda\""},
  };
}

std::vector<Verb> ForwardPlanVerbs() {
  return {
      {.name = "plan-item",
       .group = kPlan,
       .summary = "Something is planned for a meeting",
       .fact = "forward_plan_item_scheduled",
       .kind = "plan-items",
       .flags = {{"title", "title", "What is to come"},
                 {"meeting", "meetings",
                  "For which meeting; several where the paper leaves it open"},
                 {"forum", "forum", "Whose plan it is; that of the meeting if not given"},
                 {"owner", "owner", "Who brings it"},
                 {"order", "order", "Its place in the printed plan"},
                 {"recurrence", "recurrence", "How often it comes back"},
                 {"uncertain", "uncertain", "What is uncertain"},
                 {"class", "class", "What class of item it is to be"},
                 {"slipped-from", "slipped_from", "The meeting from which it had slipped"},
                 {"priority", "priorities", "A plan priority's number"},
                 {"forecast", "forecast", "To come; which meeting is still to be settled"}},
       .example = "scrutiny record plan-item --title \"Annual report\" --owner OPCC "
                  "--meeting meetings/spab/2019-07-08 --put-before meetings/spab/2019-05-20",
       .dated_by = DatedBy::kNothing,
       .scope_flag = "forum"},
      {.name = "move",
       .group = kPlan,
       .summary = "A planned item was moved",
       .fact = "forward_plan_item_moved",
       .target = Target::kGiven,
       .kind = "plan-items",
       .flags = {{"to", "meetings", "To which meeting"}, kReason},
       .dated_by = DatedBy::kNothing},
      {.name = "drop",
       .group = kPlan,
       .summary = "A planned item will not come",
       .fact = "forward_plan_item_dropped",
       .target = Target::kGiven,
       .kind = "plan-items",
       .flags = {kReason}},
      {.name = "taken",
       .group = kPlan,
       .summary = "A planned item came to a meeting",
       .fact = "forward_plan_item_taken",
       .target = Target::kGiven,
       .kind = "plan-items",
       .flags = {{"meeting", "meeting", "Which meeting (needed)"}, kItem}},
      {.name = "put-before",
       .group = kPlan,
       .summary = "Entries came to a forum's knowledge at a meeting",
       .fact = "put_before_meeting",
       .target = Target::kMeeting,
       .flags = {{"entry", "sequences", "An entry's sequence"}},
       .example = "scrutiny record put-before --meeting meetings/spab/2019-05-20 --entry 212"},
  };
}

}  // namespace

std::vector<Verb> FollowUpVerbs() {
  std::vector<Verb> verbs = DecisionVerbs();
  for (Verb& verb : ActionVerbs()) verbs.push_back(std::move(verb));
  for (Verb& verb : ForwardPlanVerbs()) verbs.push_back(std::move(verb));
  return verbs;
}

}  // namespace scrutiny::tools
