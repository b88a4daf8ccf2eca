// tools/support/sentences.h
// The sentence for each type of fact that clerks meet often. Used by describe.cc alone.
//
// In a sentence {field} is the field in words, {a.b} a field of a field; [...] is left out where a
// field in it is empty; [field?...] is there only where the field is set.
#ifndef SCRUTINY_TOOLS_SUPPORT_SENTENCES_H_
#define SCRUTINY_TOOLS_SUPPORT_SENTENCES_H_

#include "absl/strings/string_view.h"

namespace scrutiny::tools {

struct Sentence {
  absl::string_view fact;  // its field in Proposed
  absl::string_view text;
};

inline constexpr Sentence kSentences[] = {
    {"ledger_started",
     "Ledger started: {origin}[, incarnation {incarnation}][; signed by {log_key}]"},
    {"incarnation_started",
     "Incarnation {incarnation} started: {origin}[; {reason}][; signed by {log_key}]"},
    {"clock_confirmed", "Clock confirmed: {reason}"},
    {"sealed_fact", "A sealed fact"},
    {"withdrawn", "Withdrawn: {reason}"},
    {"put_before_meeting", "Put before {meeting}: entries {sequences}"},

    {"office_established", "Office established: {name}[; {sort}][; {force}][; {time_zone}]"},
    {"office_policy_set", "Policy set: {title}: {requirement}"},

    {"forum_established", "Forum established: {name}[ ({aliases})][; {kind}][; host {host}]"},
    {"forum_renamed", "Forum renamed: {name}[; {reason}]"},
    {"forum_alias_added", "Forum also called: {alias}"},

    {"person_registered", "Person registered[: {name}][ ({aliases})][; {post}][, {organisation}]"},
    {"office_assumed", "Office taken up: {post}[, {organisation}][acting? (acting)]"},
    {"office_vacated", "Office left: {post}[, {organisation}][; {reason}]"},

    {"plan_issued", "Plan issued: {title}[; from {period_from}][ to {period_to}]"},
    {"plan_version_adopted", "Plan version adopted: {version}[; priorities: {priorities}]"},

    {"meeting_scheduled",
     "Meeting scheduled: {forum}[, {date}][ at {start}][; {place}][; {sort}][; printed as "
     "{forum_printed}]"},
    {"meeting_theme_set", "Meeting theme: {theme}"},
    {"meeting_rescheduled", "Meeting moved to {date}[ at {start}][; {place}][; {reason}]"},
    {"meeting_cancelled", "Meeting cancelled[: {reason}]"},
    {"meeting_opened", "Meeting opened[ at {start}][; in the chair {chair}][; {place}]"},
    {"meeting_closed", "Meeting closed[ at {finish}]"},
    {"attendance_recorded",
     "Attended: {person}[, {post}][, {organisation}][; {capacity}][late?; arrived late][ "
     "({late_reason})][; for {substitute_for}]"},
    {"apology_received", "Apology: {person}[, {post}][; {reason}][; {substitute} stood in]"},
    {"nil_declarations_recorded", "No interests declared[, item {item}]"},
    {"interest_declared", "Interest declared: {person}[, item {item}][: {nature}][; {effect}]"},
    {"announcement_made", "Announcement: {text}[; {post}][; on {event_date}]"},
    {"next_meeting_noted", "Next meeting noted: {date}[; {meeting}]"},
    {"minutes_approved", "Minutes of {minutes_of} approved[, item {item}][; {corrections}]"},
    {"minutes_noted", "Minutes of {minutes_of} noted[, item {item}]"},

    {"agenda_item_placed",
     "Agenda item[ {number_printed}]: {title}[; {class}][; {owner}][late?; late item]"},
    {"empty_section_recorded", "Empty section[ {number_printed}]: {section}"},
    {"agenda_part_unreadable", "Cannot be read: {part}[; {reason}]"},
    {"agenda_item_taken", "Item {item} taken[; presented by {presented_by}][: {summary}]"},
    {"agenda_item_deferred", "Item {item} deferred[ to {to_meeting}][: {reason}]"},
    {"agenda_item_withdrawn", "Item {item} withdrawn[: {reason}]"},

    {"paper_submitted",
     "Paper: {title}[; {sort}][; by {report_by}][; to {meeting}][, item {item}][; recommends: "
     "{recommendations}]"},
    {"report_requested",
     "Report asked for: {title}[; of {report_by}][; by {requested_at}][; due {due}]"},
    {"paper_cleared", "Paper cleared[ by {cleared_by}][: {text}]"},
    {"paper_published", "Paper published[: {url}][; {text}]"},
    {"paper_considered", "Paper considered at {considered_at}[: {text}]"},
    {"paper_redacted", "Paper redacted: {reason}[; {parts}]"},
    {"paper_superseded", "Paper superseded by {superseded_by}[: {reason}]"},
    {"paper_transcribed", "Paper, {part}: {state}[; {note}]"},

    {"resolution_passed", "Resolved, item {item}: {limbs}[; decided by {decider}]"},
    {"assurance_sought", "Assurance sought, item {assurance.item}: {assurance.area}"},
    {"assurance_gained",
     "[assurance.direct?Direct ]assurance gained, item {assurance.item}: {assurance.area}[; by "
     "{decider}]"},
    {"assurance_gained_with_conditions",
     "Assurance gained with conditions, item {assurance.item}: {assurance.area}; {conditions}[; by "
     "{decider}]"},
    {"assurance_not_gained",
     "Assurance not gained, item {assurance.item}: {assurance.area}; {reason}[; by {decider}]"},
    {"assurance_deferred",
     "Assurance deferred, item {assurance.item}: {assurance.area}[; to {to_meeting}][; {reason}]"},

    {"decision_taken",
     "Decision taken[ {number}]: {title}[; by {decider}][; at {meeting}][, item {item}][; "
     "{amounts}]"},
    {"decision_numbered", "Decision numbered {number}"},
    {"decision_published", "Decision published[: {url}][; {text}][; {paper}]"},
    {"decision_reported", "Decision reported to {forum} at {meeting}[, item {item}]"},
    {"decision_implemented", "Decision carried out[: {text}][; shown by {evidence}]"},
    {"decision_superseded", "Decision superseded by {by}[: {reason}]"},
    {"decision_rescinded", "Decision rescinded: {reason}[; by {meeting}]"},

    {"decision_proposed",
     "Decision proposed: {title}[; to be taken by {decider}][; proposed by {proposed_by}][; due "
     "{due}]"},
    {"decision_proposal_dropped", "Decision not taken: {reason}[; at {meeting}]"},
    {"decision_retitled", "Decision retitled: {title}[; {reason}]"},
    {"decision_reviewed", "Decision reviewed: {text}[; at {meeting}]"},
    {"decision_publication_withheld",
     "Decision not published[in_part? in part]: {reason}[; {exemption}][; until {until}]"},

    {"question_submitted",
     "Question[ {number_printed}]: {title}[; asked as {asker_kind}][; by {asker}][, "
     "{asker_post}][asker_withheld? (withheld)][; put to {put_to}]"},
    {"question_accepted", "Question accepted[ by {accepted_by}][: {text}]"},
    {"question_rejected", "Question not accepted: {reason}"},
    {"question_taken_back", "Question taken back[: {reason}]"},
    {"question_selected", "Question chosen for {put_to}[: {reason}]"},
    {"question_routed_to_casework", "Question to be answered as casework[: {reason}]"},
    {"question_answered",
     "Question answered[, limbs {limbs}][ by {answered_by}][: {text}][; {extent}][; missing: "
     "{missing}][; at {meeting}]"},
    {"question_limb_marked_unanswered", "Question not answered[, limb {limb}]: {reason}"},
    {"supplementary_question_put", "Supplementary {key}: {text}"},
    {"supplementary_answered", "Supplementary {key} answered[ by {answered_by}][: {text}]"},
    {"follow_up_promised", "Promised in answer, {key}: {text}[; owed by {owners}][; due {due}]"},
    {"follow_up_supplied", "Given as promised, {key}[: {text}][; missing: {missing}]"},
    {"answer_published", "Answer published[: {url}][; {text}][; {paper}]"},
    {"question_closed", "Question closed[: {reason}]"},
    {"question_reopened", "Question open again: {reason}"},

    {"commitment_proposed",
     "Commitment: {title}[; {owners}][; due {due}][; {recurrence}][; in {paper}]"},
    {"commitment_restated", "Commitment restated[: {title}][; {owners}][; due {due}][; {reason}]"},
    {"commitment_adopted", "Commitment adopted as {action}[; at {meeting}][; {text}]"},
    {"commitment_declined", "Commitment declined: {reason}[; same as {same_as}]"},
    {"commitment_met", "Commitment kept[: {text}][; shown by {evidence}]"},
    {"commitment_reopened", "Commitment to be looked at again: {reason}"},

    {"action_raised",
     "Action raised: {title}[; owners {owners}][; due {due}][; number {number}][; at {meeting}][, "
     "item {item}]"},
    {"action_assigned", "Action given to {owners}[; at {meeting}]"},
    {"action_restated", "Action restated: {title}[; at {meeting}][, item {item}][; {reason}]"},
    {"action_updated", "Action updated: {text}[; at {meeting}][, item {item}]"},
    {"action_reassigned", "Action passed to {owners}[; {reason}][; at {meeting}]"},
    {"action_due_set", "Action due[ {due}][; {reason}][; at {meeting}]"},
    {"action_completed",
     "Action completed[: {text}][; shown by {evidence}][; at {meeting}][, item {item}]"},
    {"action_closed", "Action closed by the board[; at {meeting}][, item {item}][; {reason}]"},
    {"action_reopened", "Action reopened: {reason}[; at {meeting}]"},
    {"action_withdrawn", "Action no longer wanted: {reason}[; at {meeting}]"},
    {"action_review_presented", "Review of actions presented[, item {item}][: {lines}]"},

    {"forward_plan_item_scheduled",
     "Planned: {title}[; {forum}][; for {meetings}][; {owner}][; uncertain: {uncertain}]"},
    {"forward_plan_item_moved", "Planned item moved to {meetings}: {reason}"},
    {"forward_plan_item_dropped", "Planned item dropped: {reason}"},
    {"forward_plan_item_placed", "Planned item on the agenda of {meeting}, item {item}[; {note}]"},
    {"forward_plan_item_restated", "Planned item restated[: {title}][; {owner}][; {reason}]"},
    {"forward_plan_item_taken", "Planned item taken at {meeting}[, item {item}]"},

    {"scheme_established", "Scheme established: {name}[ ({aliases})][; looks at {looks_at}]"},
    {"session_held",
     "{kind} of {scheme}: {outcome}[; {site}][; {volunteers} volunteers][; {note}]"},
    {"sample_drawn", "Sample drawn: {size}[ of {population}][; {method}]"},
    {"finding_recorded",
     "Finding, {grade}: {title}[; {scheme}][; {session}][; case {case_reference}][; response due "
     "{response_due}]"},
    {"force_response_recorded",
     "Force response: {text}[; {stance}][; by {responder}][; learning: {learning}]"},
    {"panel_view_recorded", "Panel's view of the response: {view}[; {text}]"},
    {"finding_resolved", "Finding resolved[: {text}]"},
    {"finding_escalated", "Finding escalated[ to {forum}][ at {meeting}]: {reason}"},

    {"measure_defined",
     "Measure defined: {title}[; {scorecard_title}][, {section}][, number {number_printed}][; "
     "{unit}][; from {source_system}]"},
    {"measure_value_submitted",
     "Value for {period_key}: [{value}][not_available?none][, {not_available_because}][; change "
     "printed {stated_change_percent}][; change in points printed {stated_change_points}][; "
     "really {covers}][; as at {as_at}][provisional?; provisional][; {footnote}]"},
    {"measure_value_restated",
     "Value for {period_key} restated: [{value}][not_available?none][, was {restated_from}]; "
     "{reason}"},
    {"comparability_break_declared",
     "Not comparable[ from {from_period} on][every_period? in any period]: {reason}"},
    {"commentary_attached",
     "Comment[ on {period_key}][ against {against_period_key}]: {text}[; {author}]"},
    {"scorecard_published", "Scorecard published: {title}[; {period}][; by {submitted_by}]"},
    {"casework_statistics_published",
     "Casework statistics: {title}[; {period}][; {total}][; {tables}][; said of them: {stated}][; "
     "{summary}]"},
    {"safety_review_reported",
     "Health and safety reported: {title}[; {period}][; {injuries}][; reportable "
     "{reportable}][; {rates}][; {tables}][; {summary}]"},
    {"safety_figures_restated", "Figures of health and safety restated: [{figures}; ]{reason}"},
    {"safety_subject_reviewed",
     "Looked at: {subject} {subject_title}[, {unit}][; {text}][; next {next_review}]"},
    {"safety_subject_review_due",
     "To be looked at: {subject} {subject_title}[, {unit}]; {next_review}"},
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_SENTENCES_H_
