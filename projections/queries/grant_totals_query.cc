#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "projections/plans/plans.h"
#include "projections/public/merge_meta.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/engagement_queries.h"
#include "projections/queries/grants_query.h"
#include "projections/queries/list_query.h"
#include "scrutiny/register/v1/plans.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Amount;
using event::v1::Period;
using ledger::Day;
using ledger::PartialDate;

namespace {

// A fact may say any number of years.
constexpr uint32_t kYearsMax = 100;

// The year of a scheme that holds a day.
Period YearOf(const GrantSchemeRow& scheme, Day day) {
  const auto start = [&](int year) {
    const auto day = Day::Parse(absl::StrFormat("%04d-%s", year, scheme.year_starts()));
    return day.ok() ? *day : *Day::Parse(absl::StrFormat("%04d-01-01", year));
  };
  const int year = start(day.year()) <= day ? day.year() : day.year() - 1;
  Period period;
  period.set_from(start(year).ToString());
  period.set_to((start(year + 1) - 1).ToString());
  const bool calendar_year = absl::EndsWith(period.from(), "-01-01");
  period.set_printed(calendar_year ? absl::StrCat(year)
                                   : absl::StrFormat("%d/%02d", year, (year + 1) % 100));
  // As the scheme itself calls it.
  for (const event::v1::YearAllocation& set : scheme.allocations()) {
    if (set.year().from() == period.from() && !set.year().printed().empty()) {
      period.set_printed(set.year().printed());
    }
  }
  return period;
}

// What of a grant falls into a year; without `from`, into a year that is not known.
struct Share {
  Period year;
  Amount amount;
  bool is_known = false;
};

bool SaysYear(const Period& year, const std::string& asked) {
  return asked.empty() || absl::StrContains(year.from(), asked) ||
         absl::StrContains(year.to(), asked) || absl::StrContains(year.printed(), asked);
}

struct Priority {
  std::string plan;
  std::string version;
  uint32_t number = 0;
};

// A row under way.
struct Group {
  GrantTotalRow row;
  std::map<std::string, Period> years;  // of a scheme, by first day: with an award or a round
  std::set<std::string> grants;         // awards
  std::set<std::string> rounds;         // counted in it
  std::set<std::string> schemes;        // of its grants
};

class Totals {
 public:
  Totals(Scope& scope, const TotalGrantsRequest& request)
      : scope_(scope),
        request_(request),
        by_(request.by() == GRANT_TOTAL_BY_UNSPECIFIED ? GRANT_TOTAL_BY_ROUND : request.by()) {}

  absl::StatusOr<TotalGrantsResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(Read());
    for (const auto& [name, round] : rounds_) TakeRound(round);
    for (const auto& [name, grant] : grants_) TakeGrant(grant);
    TotalGrantsResponse response;
    std::set<std::string> kept;
    auto page = scope_.NewPage<GrantTotalRow>();
    for (auto& [key, group] : groups_) {
      SCRUTINY_RETURN_IF_ERROR(Finish(group));
      if (!Keeps(group.row)) continue;
      kept.insert(group.grants.begin(), group.grants.end());
      const GrantTotalRow& row = group.row;
      page.Add(SortKey()
                   .Text(row.scheme())
                   .Date(row.year_start_date())
                   .Number(row.round_number())
                   .Number(row.priority())
                   .Text(key)
                   .Take(),
               row);
    }
    uint32_t missing = 0;
    for (const std::string& grant : kept) {
      Amount amount;
      if (ComesTo(grants_.at(grant), &amount)) {
        AddTo(amount, response.mutable_awarded());
      } else {
        ++missing;
      }
    }
    response.set_awards(static_cast<uint32_t>(kept.size()));
    if (missing > 0) {
      scope_.AddNote(absl::StrCat("What ", missing, " of the grants come to is not known."));
    }
    response.set_next_page_token(scope_.TokenAfter(page.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  // The main rows of a register, finished, by record.
  template <typename Row>
  absl::Status ReadAll(absl::string_view reg, absl::Status (*finish)(Scope&, Row*),
                       std::map<std::string, Row>* rows) {
    return ForRows(scope_.reader(reg), scope_.view(), absl::nullopt,
                   [&](absl::string_view record, absl::string_view key,
                       absl::string_view bytes) -> absl::Status {
                     if (!key.empty()) return absl::OkStatus();
                     Row& row = (*rows)[std::string(record)];
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                     return finish == nullptr ? absl::OkStatus() : finish(scope_, &row);
                   });
  }

  absl::Status Read() {
    SCRUTINY_RETURN_IF_ERROR(ReadAll<GrantSchemeRow>(kGrantSchemes, nullptr, &schemes_));
    SCRUTINY_RETURN_IF_ERROR(ReadAll<GrantRoundRow>(kGrantRounds, FinishGrantRound, &rounds_));
    return ReadAll<GrantRow>(kGrants, nullptr, &grants_);
  }

  const GrantSchemeRow& Scheme(const std::string& name) const {
    const auto found = schemes_.find(name);
    return found == schemes_.end() ? GrantSchemeRow::default_instance() : found->second;
  }

  // Of the scheme asked for, or of one that is a part of it.
  bool OfScheme(std::string scheme) const {
    if (request_.scheme().empty()) return true;
    // Parts may be recorded in a circle.
    for (size_t steps = 0; steps <= schemes_.size() && !scheme.empty(); ++steps) {
      if (scheme == request_.scheme()) return true;
      scheme = Scheme(scheme).part_of();
    }
    return false;
  }

  // The year a round draws on; empty: not said.
  Period RoundYear(const GrantRoundRow& round) const {
    if (round.year().from().empty()) return round.year();
    const auto from = PartialDate::Parse(round.year().from());
    return from.ok() ? YearOf(Scheme(round.scheme()), from->FirstDay()) : round.year();
  }

  const GrantRoundRow* RoundOf(const GrantRow& grant) const {
    const auto round = rounds_.find(grant.round());
    return round == rounds_.end() ? nullptr : &round->second;
  }

  // The first year of a grant: of its period, else of its round, else of the award or application.
  Period FirstYear(const GrantRow& grant) const {
    std::string day = grant.period().from();
    const GrantRoundRow* round = RoundOf(grant);
    if (day.empty() && round != nullptr) day = round->year().from();
    if (day.empty()) day = grant.awarded_on();
    if (day.empty()) day = grant.applied_on();
    const auto first = PartialDate::Parse(day);
    return first.ok() ? YearOf(Scheme(SchemeOf(grant)), first->FirstDay()) : Period();
  }

  // Its own, else its round's.
  const std::string& SchemeOf(const GrantRow& grant) const {
    const GrantRoundRow* round = RoundOf(grant);
    return grant.scheme().empty() && round != nullptr ? round->scheme() : grant.scheme();
  }

  std::vector<Share> SharesOf(const GrantRow& grant) const {
    const GrantSchemeRow& scheme = Scheme(SchemeOf(grant));
    const Period first = FirstYear(grant);
    const auto start = PartialDate::Parse(first.from());
    const auto year_after = [&](uint32_t years) {
      if (!start.ok()) return Period();
      Day day = start->FirstDay();
      for (uint32_t i = 0; i < years; ++i) day = *Day::Parse(YearOf(scheme, day).to()) + 1;
      return YearOf(scheme, day);
    };
    std::vector<Share> shares;
    const bool by_year = grant.term() == event::v1::GRANT_TERM_BY_YEAR || !grant.has_amount();
    if (by_year && grant.year_amounts_size() > 0) {
      for (const event::v1::YearAllocation& one : grant.year_amounts()) {
        const auto from = PartialDate::Parse(one.year().from());
        const uint32_t at = static_cast<uint32_t>(shares.size());
        shares.push_back(
            {from.ok() ? YearOf(scheme, from->FirstDay()) : year_after(at), one.amount(), true});
      }
    } else if (grant.term() == event::v1::GRANT_TERM_YEARLY && grant.has_amount()) {
      const uint32_t years = std::clamp(grant.years(), 1U, kYearsMax);
      for (uint32_t i = 0; i < years; ++i) shares.push_back({year_after(i), grant.amount(), true});
    } else {
      Share& whole = shares.emplace_back();
      whole.year = first;
      whole.is_known = ComesTo(grant, &whole.amount);
    }
    return shares;
  }

  static std::vector<Priority> PrioritiesOf(const GrantRow& grant) {
    std::vector<Priority> priorities;
    const event::v1::PlanVersion& version = grant.plan_version();
    for (const event::v1::PriorityRef& one : grant.priorities()) {
      priorities.push_back({version.plan(), version.version(), one.number()});
    }
    if (priorities.empty()) priorities.emplace_back();
    return priorities;
  }

  Group& RoundGroup(const std::string& round, const std::string& scheme) {
    Group& group = groups_[absl::StrCat(round, "\n", round.empty() ? scheme : std::string())];
    GrantTotalRow& row = group.row;
    row.set_round(round);
    row.set_record(round.empty() ? scheme : round);
    row.set_scheme(scheme);
    return group;
  }
  Group& SchemeGroup(const std::string& scheme) {
    Group& group = groups_[scheme];
    group.row.set_record(scheme);
    group.row.set_scheme(scheme);
    return group;
  }
  Group& YearGroup(const std::string& scheme, const Period& year) {
    Group& group = groups_[absl::StrCat(scheme, "\n", year.from())];
    group.row.set_record(scheme);
    group.row.set_scheme(scheme);
    if (!year.from().empty() || !year.printed().empty()) *group.row.mutable_year() = year;
    return group;
  }
  Group& PriorityGroup(const Priority& priority) {
    Group& group =
        groups_[absl::StrCat(priority.plan, "\n", priority.version, "\n", priority.number)];
    GrantTotalRow& row = group.row;
    row.set_record(priority.plan);
    row.set_priority(priority.number);
    if (!priority.plan.empty()) {
      row.mutable_plan_version()->set_plan(priority.plan);
      row.mutable_plan_version()->set_version(priority.version);
    }
    return group;
  }

  void TakeRound(const GrantRoundRow& round) {
    if (!OfScheme(round.scheme())) return;
    if (!request_.round().empty() && round.round() != request_.round()) return;
    const Period year = RoundYear(round);
    switch (by_) {
      case GRANT_TOTAL_BY_SCHEME:
        // What there is to give is that of the years asked for.
        if (SaysYear(year, request_.year())) CountRound(round, SchemeGroup(round.scheme()));
        break;
      case GRANT_TOTAL_BY_YEAR:
        CountRound(round, YearGroup(round.scheme(), year));
        break;
      case GRANT_TOTAL_BY_PRIORITY:
        break;
      default:
        CountRound(round, RoundGroup(round.round(), round.scheme()));
    }
  }

  // What papers say of a round in figures, and what it has set aside.
  void CountRound(const GrantRoundRow& round, Group& group) {
    GrantTotalRow& row = group.row;
    const Period year = RoundYear(round);
    if (by_ == GRANT_TOTAL_BY_ROUND) {
      row.set_round_number(round.round_number());
      row.set_title(round.title());
      if (round.has_year()) *row.mutable_year() = year;
    }
    // Figures of a round are not those of one priority.
    if (request_.priority() > 0) return;
    group.rounds.insert(round.round());
    if (!year.from().empty()) group.years[year.from()] = year;
    if (round.has_applications()) row.set_applications(row.applications() + round.applications());
    if (round.has_requested()) AddTo(round.requested(), row.mutable_requested());
    if (round.has_refused()) row.set_refused(row.refused() + round.refused());
    if (round.has_earmarked()) AddTo(round.earmarked(), row.mutable_earmarked());
    MergeMeta(round.meta(), row.mutable_meta());
    if (by_ != GRANT_TOTAL_BY_ROUND) return;
    if (round.has_allocated()) *row.mutable_allocated() = round.allocated();
    if (round.has_awarded_total_stated()) {
      *row.mutable_awarded_total_stated() = round.awarded_total_stated();
    }
  }

  bool KeepsGrant(const GrantRow& grant, const std::vector<Share>& shares) const {
    if (!OfScheme(SchemeOf(grant))) return false;
    if (!request_.round().empty() && grant.round() != request_.round()) return false;
    if (request_.priority() > 0 &&
        std::none_of(grant.priorities().begin(), grant.priorities().end(),
                     [&](const auto& one) { return one.number() == request_.priority(); })) {
      return false;
    }
    return std::any_of(shares.begin(), shares.end(),
                       [&](const Share& share) { return SaysYear(share.year, request_.year()); });
  }

  void TakeGrant(const GrantRow& grant) {
    const std::vector<Share> shares = SharesOf(grant);
    if (!KeepsGrant(grant, shares)) return;
    const std::string& scheme = SchemeOf(grant);
    Share whole;
    whole.is_known = ComesTo(grant, &whole.amount);
    switch (by_) {
      case GRANT_TOTAL_BY_SCHEME: {
        Group& group = SchemeGroup(scheme);
        for (const Share& share : shares) {
          if (IsAward(grant) && SaysYear(share.year, request_.year())) {
            group.years[share.year.from()] = share.year;
          }
        }
        Count(grant, whole, group);
        break;
      }
      case GRANT_TOTAL_BY_YEAR: {
        bool first = true;
        for (const Share& share : shares) {
          // Only what was awarded goes on into later years.
          if (first || IsAward(grant)) Count(grant, share, YearGroup(scheme, share.year), first);
          first = false;
        }
        break;
      }
      case GRANT_TOTAL_BY_PRIORITY:
        for (const Priority& priority : PrioritiesOf(grant)) {
          if (request_.priority() > 0 && priority.number != request_.priority()) continue;
          Count(grant, whole, PriorityGroup(priority));
        }
        break;
      default:
        Count(grant, whole, RoundGroup(grant.round(), scheme));
    }
  }

  // `apply`: it was applied for here, not in a year before.
  void Count(const GrantRow& grant, const Share& share, Group& group, bool apply = true) {
    GrantTotalRow& row = group.row;
    group.schemes.insert(SchemeOf(grant));
    const GrantRoundRow* round = RoundOf(grant);
    const bool told = round != nullptr && group.rounds.contains(round->round());
    if (apply && !(told && round->has_applications())) row.set_applications(row.applications() + 1);
    if (apply && grant.has_requested() && !(told && round->has_requested())) {
      AddTo(grant.requested(), row.mutable_requested());
    }
    if (apply && grant.state() == GRANT_STATE_REFUSED && !(told && round->has_refused())) {
      row.set_refused(row.refused() + 1);
    }
    MergeMeta(grant.meta(), row.mutable_meta());
    if (!IsAward(grant)) return;
    if (group.grants.insert(grant.grant()).second) {
      row.set_awards(row.awards() + 1);
      if (!share.is_known) row.set_amounts_missing(row.amounts_missing() + 1);
      if (share.amount.rounded()) row.set_rounded(row.rounded() + 1);
      if (grant.has_clawed_back()) AddTo(grant.clawed_back(), row.mutable_clawed_back());
    }
    if (share.is_known) AddTo(share.amount, row.mutable_awarded());
  }

  absl::Status Finish(Group& group) {
    GrantTotalRow& row = group.row;
    row.set_by(by_);
    if (by_ != GRANT_TOTAL_BY_PRIORITY && row.title().empty()) {
      row.set_title(Scheme(row.scheme()).title());
    }
    if (by_ == GRANT_TOTAL_BY_PRIORITY) {
      SCRUTINY_RETURN_IF_ERROR(NamePriority(&row));
      if (group.schemes.size() == 1) row.set_scheme(*group.schemes.begin());
    }
    const auto start = PartialDate::Parse(row.year().from());
    if (start.ok()) row.set_year_start_date(start->FirstDay().ToString());
    // A part of the awards is not held against what there is for all of them.
    if (request_.priority() == 0 && request_.round().empty()) {
      if (by_ == GRANT_TOTAL_BY_YEAR) Allocate({{row.year().from(), row.year()}}, &row);
      if (by_ == GRANT_TOTAL_BY_SCHEME) Allocate(group.years, &row);
    }
    row.mutable_awarded();  // nothing awarded is an amount too
    if (row.has_awarded_total_stated()) {
      row.set_stated_disagrees(row.awarded_total_stated().pence() != row.awarded().pence());
    }
    if (!row.has_allocated()) return absl::OkStatus();
    const int64_t allocated = row.allocated().pence();
    row.mutable_left()->set_pence(allocated - row.awarded().pence() - row.earmarked().pence());
    row.set_over(row.awarded().pence() > allocated);
    return absl::OkStatus();
  }

  // What a scheme has for these years; absent if that of one is not known.
  void Allocate(const std::map<std::string, Period>& years, GrantTotalRow* row) const {
    Amount sum;
    for (const auto& [from, year] : years) {
      Amount amount;
      if (from.empty() || !AllocatedFor(Scheme(row->scheme()), year, &amount)) return;
      AddTo(amount, &sum);
    }
    if (!years.empty()) *row->mutable_allocated() = sum;
  }

  absl::Status NamePriority(GrantTotalRow* row) {
    const std::string key =
        absl::StrCat(kPlanPriorityPrefix, row->plan_version().version(), "/", row->priority());
    if (row->record().empty()) return absl::OkStatus();
    return ForRows(scope_.reader(PlansRegister().name), scope_.view(),
                   absl::make_optional(std::vector<std::string>{row->record()}),
                   [&](absl::string_view record, absl::string_view found,
                       absl::string_view bytes) -> absl::Status {
                     if (found != key) return absl::OkStatus();
                     PlanPriorityRow priority;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &priority));
                     row->set_title(priority.title());
                     return absl::OkStatus();
                   });
  }

  bool Keeps(const GrantTotalRow& row) const {
    if (request_.over() && !row.over()) return false;
    if (request_.priority() > 0 && row.awards() == 0) return false;
    // By scheme and priority, and by a round that names no year, the grants were chosen by year.
    const bool has_year = by_ == GRANT_TOTAL_BY_YEAR || row.has_year();
    if (has_year && !SaysYear(row.year(), request_.year())) return false;
    return has_year || request_.year().empty() || row.awards() > 0;
  }

  Scope& scope_;
  const TotalGrantsRequest& request_;
  const GrantTotalBy by_;
  std::map<std::string, GrantSchemeRow> schemes_;
  std::map<std::string, GrantRoundRow> rounds_;
  std::map<std::string, GrantRow> grants_;
  std::map<std::string, Group> groups_;
};

}  // namespace

absl::StatusOr<TotalGrantsResponse> TotalGrants(Engine& engine, const TotalGrantsRequest& request,
                                                const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"TotalGrants",
                                         {kGrants, kGrantRounds, kGrantSchemes,
                                          PlansRegister().name, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return Totals(*scope, request).Run();
}

}  // namespace scrutiny::projections
