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
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_SENTENCES_H_
