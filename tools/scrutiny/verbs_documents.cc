// Questions, commitments, and what becomes of papers and decisions.
#include <utility>
#include <vector>

#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {
namespace {

const char kQuestions[] = "Questions";
const char kCommitments[] = "Commitments";
const char kPapers[] = "Agenda, papers, resolutions";
const char kDecisions[] = "Decisions";

const Flag kMeeting = {"meeting", "meeting", "The meeting at which this was"};
const Flag kItem = {"item", "item", "The agenda item there"};
const Flag kReason = {"reason", "reason", "Why"};
const Flag kDue = {"due", "due.date", "Due by this date"};
const Flag kDueMeeting = {"due-meeting", "due.meeting", "Due by this meeting"};
const Flag kDuePrinted = {"due-printed", "due.printed", "Due as printed: \"end March\""};
const Flag kExtent = {"extent", "extent", "How much it gives: full, partial, none"};
const Flag kMissing = {"missing", "missing", "What was asked and it does not give"};
const Flag kAnsweredBy = {"by", "answered_by", "Who answered"};
const Flag kRoute = {"route", "route", "At the meeting, in writing, by casework"};

// A fact on a record that is named before the flags.
Verb On(const char* kind, const char* group, const char* name, const char* summary,
        const char* fact, std::vector<Flag> flags, const char* example = "") {
  return {.name = name,
          .group = group,
          .summary = summary,
          .fact = fact,
          .target = Target::kGiven,
          .kind = kind,
          .flags = std::move(flags),
          .example = example};
}

Verb QuestionVerb() {
  return {
      .name = "question",
      .group = kQuestions,
      .summary = "A question was put in",
      .fact = "question_submitted",
      .kind = "questions",
      .flags = {{"title", "title", "What it is about, in a line"},
                {"wording", "wording", "The question in its own words, no private names"},
                {"asked-as", "asker_kind", "Public, member, representative, organisation"},
                {"asker", "asker", "Who asks, if a record"},
                {"withheld", "asker_withheld", "Who asks is known and withheld"},
                {"asker-post", "asker_post", "The asker's office"},
                {"organisation", "organisation", "For what organisation"},
                {"channel", "channel", "How it was put in"},
                {"url", "put_url", "Where it is shown"},
                {"forum", "forum", "The forum it is put to"},
                {"meeting", "put_to", "The meeting it is put to"},
                {"item", "put_item", "The agenda item there"},
                {"number-printed", "number_printed", "Its number there as printed"},
                {"order", "order", "Its place among the meeting's questions"},
                {"to", "addressees", "Of whom it is asked"},
                {"limb", "limbs", "A part that wants an answer of its own: \"key=a; text=…\""},
                {"follows", "follows", "The question whose answer it takes up"},
                {"follows-meeting", "follows_meeting", "The meeting whose answer it takes up"},
                {"priority", "priorities", "A plan priority's number"},
                kDue,
                kDueMeeting,
                kDuePrinted,
                {"personal-asker", "personal_asker", "Who asks, if private; sealed"},
                {"personal-contact", "personal_contact", "How to reach the asker; sealed"},
                {"personal-detail", "personal_detail", "What could tell who somebody is; sealed"}},
      .example =
          "scrutiny record question --title \"Knife crime\" --asked-as public "
          "--meeting meetings/spab/2019-05-20 --limb \"key=a; text=How many?\" "
          "--limb \"key=b; text=Compared with Derby?\"",
      .scope_flag = "meeting"};
}

std::vector<Verb> QuestionProgressVerbs() {
  const char kKind[] = "questions";
  return {
      On(kKind, kQuestions, "question-accepted", "A question was accepted to be put",
         "question_accepted", {{"by", "accepted_by", "By whom"}, {"text", "text", "Remarks"}}),
      On(kKind, kQuestions, "question-rejected", "A question was not accepted", "question_rejected",
         {kReason, {"by", "rejected_by", "By whom"}}),
      On(kKind, kQuestions, "question-taken-back", "A question was taken back",
         "question_taken_back", {kReason}),
      On(kKind, kQuestions, "question-selected", "A question was chosen for a meeting",
         "question_selected",
         {{"meeting", "put_to", "The meeting"},
          {"part", "part", "The part of the meeting"},
          {"order", "order", "Its place there, from 1"},
          kReason}),
      On(kKind, kQuestions, "question-to-casework", "A question is to be answered as casework",
         "question_routed_to_casework",
         {kMeeting,
          {"casework", "casework", "The casework it became"},
          kReason,
          kDue,
          kDueMeeting,
          kDuePrinted}),
      On(kKind, kQuestions, "question-closed", "Nothing more is owed on a question",
         "question_closed", {kReason, kMeeting}),
      On(kKind, kQuestions, "question-reopened", "A question is open again", "question_reopened",
         {kReason, kMeeting}),
      On(kKind, kQuestions, "answer-published", "A question's answer was published",
         "answer_published",
         {{"url", "url", "Where"},
          {"text", "text", "The publication, in words"},
          {"document", "paper", "The published paper"}}),
  };
}

std::vector<Verb> AnswerVerbs() {
  const char kKind[] = "questions";
  return {
      On(kKind, kQuestions, "answer", "A question, or limbs of it, got an answer",
         "question_answered",
         {{"text", "text", "The answer, in its own words or summarised"},
          {"limb", "limbs", "The limb it answers; none: the whole question"},
          {"key", "key", "Its key, if there are several answers"},
          kExtent,
          kMissing,
          kRoute,
          kAnsweredBy,
          kMeeting,
          kItem,
          {"answer-paper", "paper", "The paper it stands in at length"},
          {"url", "url", "Where it is shown"},
          {"personal-detail", "personal_detail", "What could tell who somebody is; sealed"}},
         "scrutiny record answer questions/spab/knife-crime --limb a --text \"41 last year\" "
         "--extent full --route at-meeting --meeting meetings/spab/2019-05-20"),
      On(kKind, kQuestions, "unanswered", "A question, or a limb of it, has not been answered",
         "question_limb_marked_unanswered",
         {{"limb", "limb", "The limb; none: the whole question"}, kReason, kMeeting}),
      On(kKind, kQuestions, "supplementary", "A supplementary question was put",
         "supplementary_question_put",
         {{"key", "key", "Its key within the question: s1"},
          {"text", "text", "What was asked"},
          {"asker", "asker", "Who asked, if somebody else"},
          {"to", "addressees", "Of whom"},
          kMeeting,
          kItem}),
      On(kKind, kQuestions, "supplementary-answer", "A supplementary got an answer",
         "supplementary_answered",
         {{"key", "key", "The supplementary's key"},
          {"text", "text", "The answer, summarised"},
          kExtent,
          kMissing,
          kRoute,
          kAnsweredBy,
          kMeeting,
          {"answer-paper", "paper", "The paper it stands in at length"}}),
      On(kKind, kQuestions, "follow-up", "Something was promised in answer", "follow_up_promised",
         {{"key", "key", "Its key within the question: f1"},
          {"text", "text", "What is owed"},
          {"limb", "limbs", "The limb or supplementary it is owed to"},
          {"owner", "owners", "Who owes it"},
          kDue,
          kDueMeeting,
          kDuePrinted,
          {"action", "action", "The action raised for it"},
          {"commitment", "commitment", "The commitment recorded of it"},
          kMeeting}),
      On(kKind, kQuestions, "follow-up-supplied", "What had been promised was given",
         "follow_up_supplied",
         {{"key", "key", "The follow-up's key"},
          {"text", "text", "What was given"},
          {"missing", "missing", "What of it is still missing"},
          {"evidence", "evidence", "What shows it"},
          kMeeting}),
  };
}

std::vector<Verb> CommitmentVerbs() {
  const char kKind[] = "commitments";
  const Flag owner = {"owner", "owners", "Who promises"};
  return {
      {.name = "commitment",
       .group = kCommitments,
       .summary = "A paper promises something",
       .fact = "commitment_proposed",
       .kind = kKind,
       .flags = {{"title", "title", "What is promised, in a line"},
                 {"words", "source_text", "The words in which it is promised"},
                 {"found-in", "paper", "The paper it stands in"},
                 {"meeting", "given_at", "The meeting it was given at or its paper put to"},
                 {"item", "given_item", "The agenda item there"},
                 {"question", "question", "The question to which it was given"},
                 owner,
                 kDue,
                 kDueMeeting,
                 kDuePrinted,
                 {"recurrence", "recurrence", "Again and again, as printed"}},
       .example = "scrutiny record commitment --title \"A County Lines round-table\" "
                  "--found-in papers/003/8a --meeting meetings/spab/2019-05-20 --item 8a "
                  "--paper papers/003/8a --para 6.3",
       .scope_flag = "meeting",
       .slug_flag = "title"},
      On(kKind, kCommitments, "commitment-restated", "A commitment stands in other words",
         "commitment_restated",
         {{"title", "title", "What is promised now"},
          owner,
          kDue,
          kDueMeeting,
          kDuePrinted,
          kReason,
          kMeeting}),
      On(kKind, kCommitments, "commitment-adopted", "A commitment became an action",
         "commitment_adopted",
         {{"action", "action", "The action"}, kMeeting, kItem, {"text", "text", "Remarks"}}),
      On(kKind, kCommitments, "commitment-declined", "A commitment is not followed",
         "commitment_declined",
         {kReason, {"same-as", "same_as", "The commitment that it repeats"}, kMeeting, kItem}),
      On(kKind, kCommitments, "commitment-met", "A commitment was kept", "commitment_met",
         {{"text", "text", "With what result"},
          {"evidence", "evidence", "What shows it"},
          kMeeting,
          kItem}),
      On(kKind, kCommitments, "commitment-reopened", "A commitment is looked at again",
         "commitment_reopened", {kReason, kMeeting}),
  };
}

std::vector<Verb> PaperVerbs() {
  const char kKind[] = "papers";
  return {
      On(kKind, kPapers, "report-requested", "A report was asked for", "report_requested",
         {{"title", "title", "On what"},
          {"report-by", "report_by", "Who is to make it"},
          {"meeting", "requested_at", "The meeting that asked"},
          {"item", "requested_item", "The agenda item there"},
          kDue,
          kDueMeeting,
          kDuePrinted,
          {"action", "action", "The action that asks for it"}}),
      On(kKind, kPapers, "paper-cleared", "A paper was cleared to be submitted", "paper_cleared",
         {{"by", "cleared_by", "By whom"}, {"text", "text", "With what remarks"}}),
      On(kKind, kPapers, "paper-attachment", "A paper got a further attachment", "attachment_added",
         {{"label", "attachment.label", "Its label as printed"},
          {"title", "attachment.title", "Its title"},
          {"document", "attachment.paper", "Its own record"},
          {"absent", "attachment.absent", "Listed, but not there"},
          kReason}),
      On(kKind, kPapers, "paper-recommends", "A recommendation was added or put otherwise",
         "recommendation_proposed",
         {{"key", "recommendation.key", "Its key; of one there is: it takes its place"},
          {"text", "recommendation.text", "The recommendation"},
          {"verb", "recommendation.verb", "Its verb as printed"},
          {"amount", "recommendation.amounts", "An amount it names"},
          {"by", "proposed_by", "Who proposes it"},
          {"meeting", "proposed_at", "The meeting at which this was"},
          kReason}),
      On(kKind, kPapers, "paper-redacted", "Parts of a paper are not for the public",
         "paper_redacted",
         {kReason,
          {"legal-basis", "legal_basis", "The law or exemption"},
          {"part", "parts", "Which part, giving nothing away"},
          {"by", "redacted_by", "Who decided it"},
          {"copy", "redacted_copy", "The redacted copy, if a paper of its own"},
          {"sha256", "redacted_sha256", "SHA-256 of the redacted bytes"}}),
      On(kKind, kPapers, "paper-published", "A paper was published", "paper_published",
         {{"url", "url", "Where"},
          {"text", "text", "The publication, in words"},
          {"sha256", "published_sha256", "SHA-256 of the published bytes"}}),
      On(kKind, kPapers, "paper-considered", "A paper was considered at a meeting",
         "paper_considered",
         {{"meeting", "considered_at", "The meeting"},
          {"item", "considered_item", "The agenda item there"},
          {"presented-by", "presented_there_by", "Who presented it there"},
          {"text", "text", "What came of it"}}),
      On(kKind, kPapers, "paper-superseded", "A later paper takes the place of a paper",
         "paper_superseded", {{"by", "superseded_by", "The later paper"}, kReason}),
  };
}

std::vector<Verb> MoreDecisionVerbs() {
  const char kKind[] = "decisions";
  return {
      {.name = "decision-proposed",
       .group = kDecisions,
       .summary = "A decision was proposed",
       .fact = "decision_proposed",
       .kind = kKind,
       .flags = {{"title", "title", "Its title"},
                 {"decided-by", "decider", "Who is to decide"},
                 {"by", "proposed_by", "Who proposes it"},
                 {"proposal", "paper", "The paper that proposes it"},
                 kDue,
                 kDueMeeting,
                 kDuePrinted,
                 {"summary", "summary", "What is proposed, summarised"},
                 {"amount", "amounts", "What it would cost or save"}},
       .slug_flag = "title"},
      On(kKind, kDecisions, "decision-not-proposed", "A proposed decision will not be taken",
         "decision_proposal_dropped", {kReason, kMeeting}),
      On(kKind, kDecisions, "options", "Options for a decision were appraised",
         "decision_options_appraised",
         {{"option", "considered",
           "An option: \"label=Option 1; text=…; reasons-for=…; reasons-against=…; "
           "preferred=yes\""},
          {"appraisal", "paper", "The paper that appraises them"},
          kMeeting,
          kItem,
          {"text", "text", "How they were appraised"}}),
      On(kKind, kDecisions, "significance", "A decision was tested for significance",
         "decision_significance_tested",
         {{"outcome", "significance.outcome", "Significant or not significant"},
          {"test", "significance.test", "The test's key"},
          {"criterion", "significance.criteria_met", "A criterion it meets"},
          {"text", "significance.text", "Why, summarised"},
          {"by", "tested_by", "Who tested it"}}),
      On(kKind, kDecisions, "publication-withheld", "A decision is not to be published, or not yet",
         "decision_publication_withheld",
         {kReason,
          {"exemption", "exemption", "The law or exemption"},
          {"until", "until.date", "Until this date"},
          {"until-meeting", "until.meeting", "Until this meeting"},
          {"in-part", "in_part", "Only part of it"}}),
      On(kKind, kDecisions, "retitled", "A decision stands under another title",
         "decision_retitled", {{"title", "title", "The title now"}, kReason}),
      On(kKind, kDecisions, "decision-reviewed", "It was looked at what a decision has brought",
         "decision_reviewed",
         {{"text", "text", "What was found"},
          kMeeting,
          kItem,
          {"evidence", "evidence", "What shows it"}}),
  };
}

std::vector<Verb> MorePlanVerbs() {
  const char kPlan[] = "Forward plan";
  return {
      On("plan-items", kPlan, "placed", "A planned item stands on a meeting's agenda",
         "forward_plan_item_placed",
         {{"meeting", "meeting", "Which meeting (needed)"},
          kItem,
          {"told-by", "note", "How it can be told, where titles differ"}}),
      On("plan-items", kPlan, "plan-item-restated", "A planned item stands in other words",
         "forward_plan_item_restated",
         {{"title", "title", "The words now"},
          {"owner", "owner", "Who brings it now"},
          kReason,
          {"meeting", "meeting", "The meeting whose paper says so"}}),
      On("forums", kPlan, "plan-published",
         "A forum's forward plan was published or put to a meeting", "forward_plan_published",
         {kMeeting,
          kItem,
          {"document", "paper", "The plan as a paper"},
          {"url", "url", "Where"},
          {"plan-item", "plan_items", "A planned item it lists, in order"}}),
      {.name = "standing-item",
       .group = kPlan,
       .summary = "An item stands on every agenda, so nobody plans it",
       .fact = "standing_item_set",
       .target = Target::kGiven,
       .kind = "offices",
       .flags = {{"title", "title", "Its title"},
                 {"forum", "forum", "Of which forum; all if not given"},
                 {"section", "section", "The section it stands in"},
                 {"number", "number_printed", "Its number as printed"},
                 {"class", "class", "Its class"},
                 {"order", "order", "Its place on the agenda, from 1"},
                 {"ended", "ended", "It does so no more"},
                 {"key", "key", "Its key; from the title if not given"}},
       .key_defaults = {{"key", "title"}}},
      {.name = "significance-test",
       .group = kDecisions,
       .summary = "How the office tells significant decisions",
       .fact = "significance_test_defined",
       .target = Target::kGiven,
       .kind = "offices",
       .flags = {{"title", "title", "Its title"},
                 {"criterion", "criteria", "A criterion"},
                 {"threshold", "threshold", "Significant from this amount on"},
                 {"basis", "basis", "The law or policy it comes from"},
                 {"key", "key", "Its key; from the title if not given"}},
       .key_defaults = {{"key", "title"}}},
  };
}

}  // namespace

std::vector<Verb> DocumentVerbs() {
  std::vector<Verb> verbs = {QuestionVerb()};
  for (std::vector<Verb>& more :
       std::vector<std::vector<Verb>>{QuestionProgressVerbs(), AnswerVerbs(), CommitmentVerbs(),
                                      PaperVerbs(), MoreDecisionVerbs(), MorePlanVerbs()}) {
    for (Verb& verb : more) verbs.push_back(std::move(verb));
  }
  return verbs;
}

}  // namespace scrutiny::tools
