#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/assurance_cells.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/plans_query.h"
#include "projections/queries/time_spans.h"
#include "scrutiny/register/v1/agreements.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Day;
using ledger::Error;
using ledger::Reason;

namespace {

constexpr absl::string_view kConditions = "conditions";
// With empty cells: as many as are looked at by anybody, and a bound on what is worked out.
constexpr size_t kSpansMax = 1000;

using AssuranceKey = std::pair<std::string, std::string>;  // the meeting, the key within it

// Where a cell stands among those of its priority, and what is said of its stretch of time.
struct Stretch {
  std::string from;     // ISO; empty: not dated
  std::string meeting;  // if cut by meeting
  std::string until;
  std::string words;

  // What is not dated comes last.
  auto place() const { return std::make_tuple(from.empty(), from, meeting); }
  bool operator<(const Stretch& other) const { return place() < other.place(); }
};

absl::Status NoSuch(absl::string_view field, absl::string_view value, absl::string_view message) {
  return Error(Reason::kNotFound, message).Field(field).Value(value);
}

class AssuranceMap {
 public:
  AssuranceMap(Scope& scope, const MapAssuranceRequest& request)
      : scope_(scope), request_(request) {}

  absl::StatusOr<MapAssuranceResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(ChoosePlan());
    SCRUTINY_RETURN_IF_ERROR(ChooseTime());
    SCRUTINY_RETURN_IF_ERROR(ReadConditions());
    SCRUTINY_RETURN_IF_ERROR(ReadAssurances());
    SCRUTINY_RETURN_IF_ERROR(MakeCells());
    if (request_.with_empty()) SCRUTINY_RETURN_IF_ERROR(AddEmpty());
    auto page = scope_.NewPage<AssuranceCellRow>();
    for (const auto& [number, spans] : cells_) {
      for (const auto& [stretch, all] : spans) Offer(number, stretch, all, page);
    }
    response_.set_plan(version_.plan());
    response_.set_version(version_.version());
    response_.set_incomplete(version_.incomplete());
    if (scope_.is_first_page()) Summarise();
    response_.set_next_page_token(scope_.TokenAfter(page.MoveTo(response_.mutable_rows())));
    *response_.mutable_basis() = scope_.basis();
    return std::move(response_);
  }

 private:
  using Spans = std::map<Stretch, std::vector<const Given*>>;

  // The plan that is named, else the only one that is in force.
  absl::Status ChoosePlan() {
    WholePlan whole;
    if (!request_.plan().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(whole, ReadPlan(scope_, request_.plan()));
      if (!whole.recorded) {
        return NoSuch("plan", request_.plan(),
                      absl::StrCat("There is no plan “", request_.plan(), "” in this ledger."));
      }
    } else {
      SCRUTINY_ASSIGN_OR_RETURN(whole, OnlyPlanInForce());
    }
    const std::string plan = whole.plan.plan();
    const PlanVersionRow* chosen = nullptr;
    if (!request_.version().empty()) {
      chosen = whole.Version(request_.version());
    } else {
      // The latest that has taken effect, also where the plan has expired since.
      for (const PlanVersionRow& version : whole.versions) {
        if (version.state() != PLAN_VERSION_STATE_TO_COME) chosen = &version;
      }
    }
    if (chosen == nullptr) {
      return NoSuch(
          "version", request_.version(),
          request_.version().empty()
              ? absl::StrCat("No version of ", plan, " is in force on ",
                             scope_.judged_on().ToString(), ".")
              : absl::StrCat("There is no version “", request_.version(), "” of ", plan, "."));
    }
    version_ = *chosen;
    for (const event::v1::PlanPriority& priority : version_.priorities()) {
      titles_[priority.number()] = priority.title();
    }
    return absl::OkStatus();
  }

  absl::StatusOr<WholePlan> OnlyPlanInForce() {
    std::vector<std::string> plans;
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kPlans), scope_.view(), absl::nullopt,
                [&](absl::string_view record, absl::string_view key, absl::string_view) {
                  if (key.empty()) plans.emplace_back(record);
                  return absl::OkStatus();
                }));
    std::vector<WholePlan> in_force;
    for (const std::string& plan : plans) {
      SCRUTINY_ASSIGN_OR_RETURN(WholePlan whole, ReadPlan(scope_, plan));
      if (whole.plan.state() == PLAN_STATE_IN_FORCE && !whole.plan.version().empty()) {
        in_force.push_back(std::move(whole));
      }
    }
    if (in_force.size() == 1) return std::move(in_force.front());
    if (in_force.empty()) {
      return Error(Reason::kNotFound,
                   absl::StrCat("No plan is in force on ", scope_.judged_on().ToString(), "."))
          .Field("plan")
          .Next("Name the plan.");
    }
    const auto name = [](std::string* out, const WholePlan& whole) {
      absl::StrAppend(out, whole.plan.plan());
    };
    return Error(Reason::kMalformed,
                 absl::StrCat("Several plans are in force on ", scope_.judged_on().ToString(), ": ",
                              absl::StrJoin(in_force, ", ", name), "."))
        .Field("plan")
        .Next("Name the one you mean.");
  }

  absl::Status ChooseTime() {
    if (!request_.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(forum_, scope_.calendar().ForumNamed(request_.forum(), "forum"));
    }
    const auto effect = ledger::PartialDate::Parse(version_.in_force_on());
    from_ = effect.ok() ? effect->FirstDay() : Day::Min();
    until_ = LastDayOf(version_.replaced_on()).value_or(scope_.judged_on());
    if (!request_.from().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(from_, ParseDay(request_.from(), "from"));
    }
    if (!request_.until().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(until_, ParseDay(request_.until(), "until"));
    }
    return absl::OkStatus();
  }

  bool IsAsked(const MeetingInfo& meeting) const {
    if (!forum_.empty() && meeting.forum != forum_) return false;
    // What is not dated is of no time that somebody names.
    if (!meeting.day.has_value()) return request_.from().empty() && request_.until().empty();
    return *meeting.day >= from_ && *meeting.day <= until_;
  }

  absl::Status ReadConditions() {
    return ForRows(
        scope_.reader(kConditions), scope_.view(), absl::nullopt,
        [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
          if (!key.empty()) return absl::OkStatus();
          ConditionRow row;
          SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
          if (row.set_at().empty() || row.assurance().empty()) return absl::OkStatus();
          Conditions& of = conditions_[{row.set_at(), row.assurance()}];
          ++of.records;
          of.metas.push_back(row.meta());
          if (row.state() == CONDITION_STATE_LAPSED) ++of.lapsed;
          if (row.state() == CONDITION_STATE_BROKEN) ++of.broken;
          if (row.state() != CONDITION_STATE_LAPSED && row.state() != CONDITION_STATE_MET) {
            ++of.open;
          }
          return absl::OkStatus();
        });
  }

  absl::Status ReadAssurances() {
    SCRUTINY_RETURN_IF_ERROR(ForRows(
        scope_.reader(kAssurance), scope_.view(), absl::nullopt,
        [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
          Given given;
          SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &given.row));
          SCRUTINY_ASSIGN_OR_RETURN(given.meeting, scope_.calendar().Meeting(given.row.meeting()));
          given_.push_back(std::move(given));
          return absl::OkStatus();
        }));
    for (const Given& given : given_) {
      const bool yet_to_come = given.meeting.day.value_or(Day::Min()) > scope_.judged_on();
      if (given.row.outcome() != ASSURANCE_OUTCOME_REVOKED || yet_to_come) continue;
      if (!given.row.follows().empty()) {
        revoked_[{given.row.follows_meeting(), given.row.follows()}] = given.row.reason();
      }
    }
    for (Given& given : given_) {
      SCRUTINY_ASSIGN_OR_RETURN(given.item,
                                scope_.calendar().Item(given.row.meeting(), given.row.item()));
      const AssuranceKey key(given.row.meeting(), given.row.key());
      const auto conditions = conditions_.find(key);
      const auto revoked = revoked_.find(key);
      JudgeGiven(conditions == conditions_.end() ? Conditions() : conditions->second,
                 revoked == revoked_.end() ? nullptr : &revoked->second, &given);
    }
    std::sort(given_.begin(), given_.end(), ComesBefore);
    return absl::OkStatus();
  }

  absl::Status MakeCells() {
    // A priority on which nothing is recorded is seen all the same.
    for (const auto& [number, title] : titles_) {
      if (IsAsked(number)) cells_[number];
    }
    for (const Given& given : given_) {
      if (!IsAsked(given.meeting)) continue;
      const AssuranceRow& row = given.row;
      const event::v1::PlanVersion& of = row.plan_version();
      if (row.priorities_size() == 0) {
        response_.set_without_priority(response_.without_priority() + 1);
      } else if (of.plan().empty()) {
        response_.set_without_version(response_.without_version() + 1);
      } else if (of.plan() == version_.plan() && of.version() != version_.version()) {
        response_.set_of_other_versions(response_.of_other_versions() + 1);
      } else if (of.plan() == version_.plan()) {
        SCRUTINY_RETURN_IF_ERROR(PutInCells(given));
      }
    }
    for (auto& [number, spans] : cells_) {
      if (spans.empty() && !request_.with_empty()) spans[Stretch()];
    }
    return absl::OkStatus();
  }

  bool IsAsked(uint32_t number) const {
    return request_.priority() == 0 || request_.priority() == number;
  }

  absl::Status PutInCells(const Given& given) {
    SCRUTINY_ASSIGN_OR_RETURN(const Stretch stretch, StretchOf(given.row.meeting(), given.meeting));
    std::set<uint32_t> numbers;
    for (const event::v1::PriorityRef& priority : given.row.priorities()) {
      numbers.insert(priority.number());
    }
    bool unknown = false;
    for (const uint32_t number : numbers) {
      unknown = unknown || !titles_.contains(number);
      if (IsAsked(number)) cells_[number][stretch].push_back(&given);
    }
    if (unknown) response_.set_unknown_priority(response_.unknown_priority() + 1);
    return absl::OkStatus();
  }

  bool IsByMeeting() const {
    return request_.by() == ASSURANCE_MAP_SPAN_UNSPECIFIED ||
           request_.by() == ASSURANCE_MAP_SPAN_MEETING;
  }

  absl::StatusOr<Stretch> StretchOf(const std::string& record, const MeetingInfo& meeting) {
    Stretch stretch;
    if (IsByMeeting()) {
      stretch.meeting = record;
      SCRUTINY_ASSIGN_OR_RETURN(stretch.words,
                                scope_.calendar().ForumName(meeting.forum, meeting.day));
      if (stretch.words.empty()) stretch.words = record;
      absl::StrAppend(&stretch.words, " ",
                      meeting.date.empty() ? "not dated" : IsoInWords(meeting.date));
      const auto date = ledger::PartialDate::Parse(meeting.date);
      if (!date.ok()) return stretch;
      stretch.from = date->FirstDay().ToString();
      stretch.until = date->LastDay().ToString();
    } else if (meeting.day.has_value()) {
      stretch = StretchOf(SpanAround(request_.by(), *meeting.day));
    } else {
      stretch.words = "not dated";
    }
    return stretch;
  }

  static Stretch StretchOf(const TimeSpan& span) {
    return {span.first.ToString(), "", span.last.ToString(), span.words};
  }

  // Every stretch of time for every priority.
  absl::Status AddEmpty() {
    std::set<Stretch> all;
    for (const auto& [number, spans] : cells_) {
      for (const auto& [stretch, given] : spans) all.insert(stretch);
    }
    SCRUTINY_RETURN_IF_ERROR(IsByMeeting() ? AddMeetings(&all) : AddSpans(&all));
    // Nothing that could be in any cell: a priority still has its row.
    if (all.empty()) all.insert(Stretch());
    for (auto& [number, spans] : cells_) {
      for (const Stretch& stretch : all) spans[stretch];
    }
    return absl::OkStatus();
  }

  absl::Status AddMeetings(std::set<Stretch>* all) {
    std::vector<std::string> held;
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.view(), absl::nullopt,
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (!key.empty()) return absl::OkStatus();
                  MeetingRow row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                  if (row.state() == MEETING_STATE_OPENED || row.state() == MEETING_STATE_CLOSED) {
                    held.emplace_back(record);
                  }
                  return absl::OkStatus();
                }));
    for (const std::string& meeting : held) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, scope_.calendar().Meeting(meeting));
      if (!IsAsked(info)) continue;
      SCRUTINY_ASSIGN_OR_RETURN(Stretch stretch, StretchOf(meeting, info));
      all->insert(std::move(stretch));
    }
    return absl::OkStatus();
  }

  absl::Status AddSpans(std::set<Stretch>* all) const {
    Day day = from_;
    if (day == Day::Min()) {
      // The version's day of effect is not known: from the first of which something is recorded.
      const auto first = ledger::PartialDate::Parse(all->empty() ? "" : all->begin()->from);
      if (!first.ok()) return absl::OkStatus();
      day = first->FirstDay();
    }
    while (day <= until_) {
      const TimeSpan span = SpanAround(request_.by(), day);
      all->insert(StretchOf(span));
      if (all->size() > kSpansMax) {
        return Error(Reason::kOverLimit, absl::StrCat("That is more than ", kSpansMax,
                                                      " stretches of time with empty cells."))
            .Field("with_empty")
            .Next("Ask for fewer years, or by a longer stretch.");
      }
      day = span.last + 1;
    }
    return absl::OkStatus();
  }

  void Offer(uint32_t number, const Stretch& stretch, const std::vector<const Given*>& all,
             PageRows<AssuranceCellRow>& page) const {
    std::string place = SortKey().Number(number).Date(stretch.from).Text(stretch.meeting).Take();
    if (!page.Wants(place)) return;
    AssuranceCellRow row;
    row.set_plan(version_.plan());
    row.set_version(version_.version());
    row.set_priority(number);
    if (const auto title = titles_.find(number); title != titles_.end()) {
      row.set_title(title->second);
    }
    row.set_when(stretch.words);
    row.set_from_date(stretch.from);
    row.set_until_date(stretch.until);
    row.set_meeting(stretch.meeting);
    FillCell(all, &row);
    page.Add(std::move(place), std::move(row));
  }

  // Each priority over all the time asked for.
  void Summarise() {
    for (const auto& [number, spans] : cells_) {
      std::vector<const Given*> all;
      for (const auto& [stretch, given] : spans) all.insert(all.end(), given.begin(), given.end());
      AssuranceMapPriority& priority = *response_.add_priorities();
      priority.set_number(number);
      if (const auto title = titles_.find(number); title != titles_.end()) {
        priority.set_title(title->second);
      }
      priority.set_areas(static_cast<uint32_t>(all.size()));
      if (all.empty()) continue;
      priority.set_standing(StandingOf(all));
      for (const Given* given : all) {
        priority.set_conditions_open(priority.conditions_open() + given->cell.conditions_open());
        if (!given->meeting.day.has_value()) continue;
        priority.set_latest_date(given->meeting.date);
        if (!given->gained || *given->meeting.day > scope_.judged_on()) continue;
        priority.set_days_since_gained(
            static_cast<uint32_t>(scope_.judged_on() - *given->meeting.day));
      }
    }
  }

  Scope& scope_;
  const MapAssuranceRequest& request_;
  MapAssuranceResponse response_;
  PlanVersionRow version_;
  std::map<uint32_t, std::string> titles_;  // of the version's priorities
  std::string forum_;
  Day from_;
  Day until_;
  std::map<AssuranceKey, Conditions> conditions_;
  std::map<AssuranceKey, std::string> revoked_;  // why
  std::vector<Given> given_;                     // in order
  std::map<uint32_t, Spans> cells_;
};

}  // namespace

absl::StatusOr<MapAssuranceResponse> QueryAssuranceMap(Engine& engine,
                                                       const MapAssuranceRequest& request,
                                                       const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"MapAssurance",
                   {kAssurance, kPlans, kConditions, kMeetings, kForums, kKnowledge},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  return AssuranceMap(*scope, request).Run();
}

}  // namespace scrutiny::projections
