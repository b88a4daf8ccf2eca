// The forward plan held against a meeting's agenda. The plan is read in the view that is asked for;
// the agenda, and the facts that join the two, are read as they are recorded by the same position,
// so that a plan of before the meeting can be held against what then came.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/board/forward_plan.h"
#include "projections/board/meetings.h"
#include "projections/board/standing_items.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/document_queries.h"
#include "scrutiny/event/v1/office.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::ItemClass;

namespace {

absl::optional<std::vector<std::string>> Only(const std::string& record) {
  return std::vector<std::string>{record};
}

template <typename Names>
bool Has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class PlanAgenda {
 public:
  PlanAgenda(Scope& scope, const ComparePlanWithAgendaRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<PlanAgendaRow>()) {}

  absl::StatusOr<ComparePlanWithAgendaResponse> Run() {
    SCRUTINY_ASSIGN_OR_RETURN(meeting_,
                              scope_.calendar().MeetingNamed(request_.meeting(), "meeting"));
    SCRUTINY_ASSIGN_OR_RETURN(info_, scope_.calendar().Meeting(meeting_));
    SCRUTINY_RETURN_IF_ERROR(ReadStanding());
    SCRUTINY_RETURN_IF_ERROR(ReadAgenda());
    SCRUTINY_RETURN_IF_ERROR(ReadJoins());
    SCRUTINY_RETURN_IF_ERROR(ComparePlan());
    for (const auto& [key, item] : items_) OfferUnplanned(item);
    response_.set_meeting(meeting_);
    response_.set_meeting_date(info_.date);
    response_.set_no_agenda(items_.empty() && !response_.agenda_incomplete());
    response_.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response_.mutable_rows())));
    *response_.mutable_basis() = scope_.basis();
    return std::move(response_);
  }

 private:
  // What joins a planned item to an item of this agenda.
  struct Joined {
    std::set<uint64_t> entries;
    bool taken = false;
  };
  // By the agenda item's key; empty: it came to the meeting under an item that is not said.
  using Joins = std::map<std::string, Joined>;

  absl::Status ReadStanding() {
    using namespace event::v1;  // NOLINT(google-build-using-namespace): the classes
    standing_ = {ITEM_CLASS_PROCEDURE,     ITEM_CLASS_MINUTES,
                 ITEM_CLASS_ANNOUNCEMENTS, ITEM_CLASS_REVIEW_OF_ACTIONS,
                 ITEM_CLASS_FORWARD_PLAN,  ITEM_CLASS_QUESTIONS,
                 ITEM_CLASS_CLOSING};
    return ForRows(scope_.reader(kStandingItems), scope_.reference(), absl::nullopt,
                   [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                     StandingItemSet set;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &set));
                     const bool here = set.forum().empty() || set.forum() == info_.forum;
                     if (here && !set.ended() && set.class_() != ITEM_CLASS_UNSPECIFIED) {
                       standing_.insert(set.class_());
                     }
                     return absl::OkStatus();
                   });
  }

  absl::Status ReadAgenda() {
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.reference(), Only(meeting_),
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (!absl::StartsWith(key, kItemPrefix)) return absl::OkStatus();
                  AgendaItemRow item;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &item));
                  if (item.outcome() == ITEM_OUTCOME_UNREADABLE) {
                    response_.set_agenda_incomplete(true);
                  } else if (item.outcome() != ITEM_OUTCOME_EMPTY) {
                    items_.emplace(item.item(), std::move(item));
                  }
                  return absl::OkStatus();
                }));
    return ForRows(scope_.reader(kResolutions), scope_.reference(), Only(meeting_),
                   [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                     ResolutionRow resolution;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &resolution));
                     resolved_.insert(resolution.item());
                     return absl::OkStatus();
                   });
  }

  absl::Status ReadJoins() {
    const Reader& plan = scope_.reader(kForwardPlan);
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> named,
                              plan.Indexed("meeting", meeting_));
    planned_.insert(named.begin(), named.end());
    for (const auto& [key, item] : items_) {
      for (const std::string& planned : item.plan_items()) {
        planned_.insert(planned);
        Joined& joined = joins_[planned][key];
        joined.entries.insert(item.meta().entries().begin(), item.meta().entries().end());
      }
    }
    return ForRows(plan, scope_.reference(), absl::make_optional(named),
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (!absl::StartsWith(key, kPlanJoinPrefix)) return absl::OkStatus();
                     PlanAgendaRow join;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &join));
                     if (!Has(join.planned_for(), meeting_)) return absl::OkStatus();
                     Joined& joined = joins_[join.plan_item()][join.item()];
                     joined.entries.insert(join.joined_by().begin(), join.joined_by().end());
                     joined.taken |= join.taken();
                     return absl::OkStatus();
                   });
  }

  absl::Status ComparePlan() {
    const std::vector<std::string> records(planned_.begin(), planned_.end());
    return ForRows(scope_.reader(kForwardPlan), scope_.view(), absl::make_optional(records),
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (!key.empty()) return absl::OkStatus();
                     PlanItemRow planned;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &planned));
                     ComparePlanned(planned);
                     return absl::OkStatus();
                   });
  }

  void ComparePlanned(const PlanItemRow& planned) {
    const bool here = Has(planned.meetings(), meeting_);
    const auto joins = joins_.find(planned.plan_item());
    if (joins != joins_.end()) {
      // One that is planned for no meeting in particular is planned for this as for any.
      const bool both = here || planned.meetings().empty();
      if (both) response_.set_both(response_.both() + 1);
      for (const auto& [item, joined] : joins->second) {
        met_.insert(item);
        OfferJoined(planned, both, item, joined);
      }
      return;
    }
    PlanAgendaMatch match = PLAN_AGENDA_MATCH_MISSING;
    if (here) {
      const bool open_which = planned.meetings_size() > 1;
      if (planned.state() == PLAN_ITEM_STATE_DROPPED) {
        match = PLAN_AGENDA_MATCH_DROPPED;
      } else if (open_which && !planned.taken_at().empty()) {
        return;  // It turned out which, and it was another.
      } else if (open_which) {
        match = PLAN_AGENDA_MATCH_PERHAPS;
      }
    } else if (Has(planned.moved_from(), meeting_)) {
      match = PLAN_AGENDA_MATCH_MOVED;
    } else {
      return;
    }
    if (match == PLAN_AGENDA_MATCH_MISSING) response_.set_missing(response_.missing() + 1);
    PlanAgendaRow row;
    row.set_match(match);
    FillPlanned(planned, &row);
    row.set_order(planned.order());
    *row.mutable_meta() = planned.meta();
    Offer(std::move(row));
  }

  void OfferJoined(const PlanItemRow& planned, bool both, const std::string& item,
                   const Joined& joined) {
    PlanAgendaRow row;
    row.set_match(both ? PLAN_AGENDA_MATCH_BOTH : PLAN_AGENDA_MATCH_PLANNED_ELSEWHERE);
    FillPlanned(planned, &row);
    row.set_order(planned.order());
    row.set_item(item);
    const auto listed = items_.find(item);
    if (listed != items_.end()) FillItem(listed->second, &row);
    row.set_taken(row.taken() || joined.taken);
    for (const uint64_t entry : joined.entries) row.add_joined_by(entry);
    *row.mutable_meta() = planned.meta();
    Offer(std::move(row));
  }

  void OfferUnplanned(const AgendaItemRow& item) {
    if (met_.contains(item.item())) return;
    PlanAgendaRow row;
    row.set_match(PLAN_AGENDA_MATCH_UNPLANNED);
    FillItem(item, &row);
    if (!row.standing()) response_.set_unplanned(response_.unplanned() + 1);
    if (row.standing() && !request_.with_standing()) return;
    *row.mutable_meta() = item.meta();
    Offer(std::move(row));
  }

  void FillPlanned(const PlanItemRow& planned, PlanAgendaRow* row) const {
    row->set_plan_item(planned.plan_item());
    row->set_planned(planned.title());
    if (planned.has_owner()) *row->mutable_planned_owner() = planned.owner();
    row->set_uncertain(planned.uncertain());
    for (const std::string& meeting : planned.meetings()) {
      if (meeting != meeting_) row->add_planned_for(meeting);
    }
    row->set_reason(planned.reason());
  }

  void FillItem(const AgendaItemRow& item, PlanAgendaRow* row) const {
    row->set_item(item.item());
    row->set_number_printed(item.number_printed());
    row->set_section(item.section());
    row->set_title(item.title());
    row->set_class_(item.class_());
    if (item.has_owner()) *row->mutable_owner() = item.owner();
    row->set_late(item.late());
    row->set_standing(standing_.contains(item.class_()));
    row->set_taken(item.outcome() == ITEM_OUTCOME_TAKEN || resolved_.contains(item.item()));
    row->set_order(item.order());
  }

  void Offer(PlanAgendaRow row) {
    if (request_.match() != PLAN_AGENDA_MATCH_UNSPECIFIED && request_.match() != row.match()) {
      return;
    }
    std::string place = SortKey()
                            .Number(static_cast<uint64_t>(row.match()))
                            .Number(row.order())
                            .Text(row.plan_item())
                            .Text(row.item())
                            .Take();
    page_.Add(std::move(place), std::move(row));
  }

  Scope& scope_;
  const ComparePlanWithAgendaRequest& request_;
  PageRows<PlanAgendaRow> page_;
  ComparePlanWithAgendaResponse response_;
  std::string meeting_;
  MeetingInfo info_;
  std::set<int> standing_;                      // classes of agenda items
  std::map<std::string, AgendaItemRow> items_;  // on the agenda, by key
  std::set<std::string> resolved_;              // items that were resolved on
  std::set<std::string> planned_;       // planned items that may have to do with the meeting
  std::map<std::string, Joins> joins_;  // by planned item
  std::set<std::string> met_;           // agenda items that were planned
};

}  // namespace

absl::StatusOr<ComparePlanWithAgendaResponse> QueryPlanAgenda(
    Engine& engine, const ComparePlanWithAgendaRequest& request, const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"ComparePlanWithAgenda",
                   {kForwardPlan, kMeetings, kForums, kKnowledge, kResolutions, kStandingItems},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  return PlanAgenda(*scope, request).Run();
}

}  // namespace scrutiny::projections
