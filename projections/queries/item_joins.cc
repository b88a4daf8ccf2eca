#include "projections/queries/item_joins.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "projections/queries/all_registers.h"
#include "scrutiny/register/v1/papers.pb.h"

namespace scrutiny::projections {
namespace {

using register_::v1::AgendaItemRow;

std::string VerbInWords(const event::v1::ResolutionLimb& limb) {
  if (!limb.verb_printed().empty()) return limb.verb_printed();
  constexpr absl::string_view kPrefix = "RESOLUTION_VERB_";
  std::string verb = absl::AsciiStrToLower(
      absl::StripPrefix(event::v1::ResolutionVerb_Name(limb.verb()), kPrefix));
  std::replace(verb.begin(), verb.end(), '_', ' ');
  return verb;
}

absl::optional<std::vector<std::string>> Only(const std::string& record) {
  return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
}

}  // namespace

std::vector<absl::string_view> ItemRegisters() {
  return {kMeetings, kForums, kResolutions, kAssurance, kPapers, kActions, kDecisions, kKnowledge};
}

void ItemJoins::Add(AgendaItemRow row) {
  const std::string item = row.item();
  items_[item] = std::move(row);
}

absl::Status ItemJoins::Join() {
  SCRUTINY_RETURN_IF_ERROR(JoinResolutions());
  SCRUTINY_RETURN_IF_ERROR(JoinAssurance());
  SCRUTINY_RETURN_IF_ERROR(JoinPapers());
  SCRUTINY_RETURN_IF_ERROR(JoinActions());
  SCRUTINY_RETURN_IF_ERROR(JoinDecisions());
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope_.calendar().Meeting(meeting_));
  for (auto& [item, row] : items_) {
    row.set_forum(meeting.forum);
    row.set_meeting_date(meeting.date);
  }
  return absl::OkStatus();
}

AgendaItemRow& ItemJoins::Item(const std::string& item) {
  AgendaItemRow& row = items_[item];
  if (row.item().empty()) {
    row.set_meeting(meeting_);
    row.set_item(item);
  }
  return row;
}

absl::Status ItemJoins::JoinResolutions() {
  return ForRows(scope_.reader(kResolutions), scope_.view(), Only(meeting_),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   register_::v1::ResolutionRow resolution;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &resolution));
                   AgendaItemRow& item = Item(resolution.item());
                   std::vector<std::string> words;
                   if (item.outcome() == register_::v1::ITEM_OUTCOME_RESOLVED) {
                     words.push_back(item.outcome_text());
                   }
                   for (const event::v1::ResolutionLimb& limb : resolution.limbs()) {
                     words.push_back(absl::StrCat(VerbInWords(limb), ": ", limb.subject()));
                   }
                   item.set_outcome(register_::v1::ITEM_OUTCOME_RESOLVED);
                   item.set_outcome_text(absl::StrJoin(words, "; "));
                   return absl::OkStatus();
                 });
}

absl::Status ItemJoins::JoinAssurance() {
  return ForRows(scope_.reader(kAssurance), scope_.view(), Only(meeting_),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   register_::v1::AssuranceRow assurance;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &assurance));
                   // Of several areas on an item the least settled one is what matters.
                   AgendaItemRow& item = Item(assurance.item());
                   item.set_assurance(std::max(item.assurance(), assurance.outcome()));
                   return absl::OkStatus();
                 });
}

absl::Status ItemJoins::JoinPapers() {
  const Reader& papers = scope_.reader(kPapers);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> put,
                            papers.Indexed("meeting", meeting_));
  return ForRows(papers, scope_.view(), absl::make_optional(put),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (!key.empty()) return absl::OkStatus();
                   register_::v1::PaperRow paper;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &paper));
                   if (paper.meeting() != meeting_ || paper.item().empty()) return absl::OkStatus();
                   AgendaItemRow& item = Item(paper.item());
                   item.add_papers(std::string(record));
                   for (const event::v1::Recommendation& asked : paper.recommendations()) {
                     item.add_recommendations(asked.text());
                   }
                   return absl::OkStatus();
                 });
}

absl::Status ItemJoins::JoinActions() {
  const Reader& actions = scope_.reader(kActions);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> raised,
                            actions.Indexed("meeting", meeting_));
  return ForRows(actions, scope_.view(), absl::make_optional(raised),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (!key.empty()) return absl::OkStatus();
                   register_::v1::ActionRow action;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &action));
                   if (action.meeting() == meeting_ && !action.item().empty()) {
                     Item(action.item()).add_actions(action.action());
                   }
                   return absl::OkStatus();
                 });
}

absl::Status ItemJoins::JoinDecisions() {
  const Reader& decisions = scope_.reader(kDecisions);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> taken,
                            decisions.Indexed("meeting", meeting_));
  return ForRows(decisions, scope_.view(), absl::make_optional(taken),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (!key.empty()) return absl::OkStatus();
                   register_::v1::DecisionRow decision;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &decision));
                   // What is only proposed is no decision yet.
                   if (decision.state() == register_::v1::DECISION_STATE_PROPOSED ||
                       decision.state() == register_::v1::DECISION_STATE_DROPPED) {
                     return absl::OkStatus();
                   }
                   if (decision.meeting() == meeting_ && !decision.item().empty()) {
                     Item(decision.item()).add_decisions(decision.decision());
                   }
                   return absl::OkStatus();
                 });
}

}  // namespace scrutiny::projections
