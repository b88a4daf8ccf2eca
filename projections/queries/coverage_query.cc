#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/public/merge_meta.h"
#include "projections/public/programmes.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/engagement_queries.h"
#include "projections/queries/list_query.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Decimal;
using event::v1::Place;

namespace {

constexpr int kEngagementsShown = 10;
constexpr size_t kAreasMax = 100;
constexpr uint32_t kPercentScaleMax = 4;

absl::optional<std::vector<std::string>> Just(const std::string& record) {
  return std::vector<std::string>{record};
}

Coverage MakeCoverage(uint32_t visited, uint32_t target, uint32_t beyond_list) {
  Coverage coverage;
  coverage.set_visited(visited);
  coverage.set_target(target);
  coverage.set_beyond_list(beyond_list);
  if (target == 0) return coverage;
  coverage.set_fraction(absl::StrCat(visited, "/", target));
  *coverage.mutable_percent() = PercentOf(visited, target, 1);
  return coverage;
}

// A visit: its day, ISO or empty, and the engagement, if it was at one that is a record.
struct Visit {
  std::string day;
  std::string engagement;
};

struct VisitedPlace {
  PlaceCoverRow row;
  std::map<std::string, Visit> visits;  // an engagement counts once, by whatever it is known
};

// The places of one programme with the visits to them. A programme without a list counts the places
// that were visited, if visits to places are recorded; else each engagement held, with its number.
class ProgrammePlaces {
 public:
  // Only visits on or after `from`, an ISO day, count; empty: all.
  static absl::StatusOr<ProgrammePlaces> Of(Scope& scope, const std::string& programme,
                                            const std::string& from) {
    ProgrammePlaces places(programme, from);
    SCRUTINY_RETURN_IF_ERROR(places.ReadProgramme(scope));
    SCRUTINY_RETURN_IF_ERROR(places.ReadEngagements(scope));
    for (auto& [key, place] : places.places_) FinishPlace(place);
    return places;
  }

  // Something is recorded of the programme.
  bool is_recorded() const { return is_recorded_; }
  const ProgrammeRow& programme() const { return programme_; }
  const std::map<std::string, VisitedPlace>& places() const { return places_; }
  // Engagements held of which no place is known, with their numbers.
  uint32_t nameless() const { return nameless_; }

  Coverage All() const {
    uint32_t listed = 0;
    uint32_t visited = 0;
    uint32_t beyond = 0;
    for (const auto& [key, place] : places_) {
      listed += place.row.listed() ? 1 : 0;
      if (place.row.visited()) ++(place.row.listed() ? visited : beyond);
    }
    const uint32_t target = programme_.has_target_number() ? programme_.target_number() : listed;
    if (listed > 0) return MakeCoverage(visited, target, beyond);
    return MakeCoverage(counts_places_ ? beyond : events_, target, 0);
  }

  std::map<std::string, Coverage> ByArea() const {
    struct Numbers {
      uint32_t listed = 0;
      uint32_t visited = 0;
      uint32_t beyond = 0;
    };
    std::map<std::string, Numbers> areas;
    for (const auto& [key, place] : places_) {
      Numbers& area = areas[place.row.area()];
      area.listed += place.row.listed() ? 1 : 0;
      if (place.row.visited()) ++(place.row.listed() ? area.visited : area.beyond);
    }
    std::map<std::string, Coverage> coverage;
    for (const auto& [name, area] : areas) {
      coverage[name] = MakeCoverage(area.visited, area.listed, area.beyond);
    }
    return coverage;
  }

 private:
  ProgrammePlaces(std::string programme, std::string from)
      : name_(std::move(programme)), from_(std::move(from)) {}

  absl::Status ReadProgramme(Scope& scope) {
    return ForRows(scope.reader(kProgrammes), scope.view(), Just(name_),
                   [&](absl::string_view record, absl::string_view key,
                       absl::string_view bytes) -> absl::Status {
                     is_recorded_ = true;
                     if (key.empty()) return ParseRow(record, bytes, &programme_);
                     PlaceCoverRow row;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                     if (absl::StartsWith(key, kVisitPrefix)) {
                       TakeVisit(key, row);
                     } else {
                       places_[row.place()].row = std::move(row);
                     }
                     return absl::OkStatus();
                   });
  }

  bool Counts(const std::string& day) const {
    return from_.empty() || (!day.empty() && day >= from_);
  }

  // The row of a place that need not be listed.
  VisitedPlace& PlaceOf(const std::string& key, const std::string& name, const std::string& area) {
    VisitedPlace& place = places_[key];
    place.row.set_programme(name_);
    place.row.set_place(key);
    if (place.row.name().empty()) place.row.set_name(name);
    if (place.row.area().empty()) place.row.set_area(area);
    return place;
  }

  void TakeVisit(absl::string_view key, const PlaceCoverRow& visit) {
    counts_places_ = true;
    if (!Counts(visit.first_visited_on())) return;
    VisitedPlace& place = PlaceOf(visit.place(), visit.name(), visit.area());
    const std::string engagement = visit.engagements_size() > 0 ? visit.engagements(0) : "";
    const std::string id = engagement.empty() ? std::string(key) : engagement;
    place.visits[id] = {visit.first_visited_on(), engagement};
    MergeMeta(visit.meta(), place.row.mutable_meta());
  }

  absl::Status ReadEngagements(Scope& scope) {
    const Reader& reader = scope.reader(kEngagements);
    SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> records, reader.Indexed("programme", name_));
    for (const std::string& record : records) {
      EngagementRow row;
      std::vector<Place> places;
      SCRUTINY_RETURN_IF_ERROR(
          ForRows(reader, scope.view(), Just(record),
                  [&](absl::string_view name, absl::string_view key, absl::string_view bytes) {
                    if (key.empty()) return ParseRow(name, bytes, &row);
                    return ParseRow(name, bytes, &places.emplace_back());
                  }));
      // The index also leads to what was planned under it once.
      if (row.programme() == name_ && row.state() == ENGAGEMENT_STATE_HELD) {
        TakeEngagement(row, places);
      }
    }
    return absl::OkStatus();
  }

  void TakeEngagement(const EngagementRow& row, const std::vector<Place>& places) {
    if (!Counts(row.held_on())) return;
    const uint32_t number = row.has_number_held() ? row.number_held() : 1;
    events_ += number;
    if (places.empty()) nameless_ += number;
    for (const Place& named : places) {
      VisitedPlace& place = PlaceOf(named.key(), named.name(), named.area());
      Visit& visit = place.visits[row.engagement()];
      visit.engagement = row.engagement();
      if (visit.day.empty()) visit.day = row.held_on();
      MergeMeta(row.meta(), place.row.mutable_meta());
    }
  }

  static void FinishPlace(VisitedPlace& place) {
    PlaceCoverRow& row = place.row;
    row.set_visits(static_cast<uint32_t>(place.visits.size()));
    row.set_visited(row.visits() > 0);
    row.set_unvisited(row.visits() == 0);
    std::vector<std::pair<std::string, std::string>> engagements;  // by day
    for (const auto& [id, visit] : place.visits) {
      if (!visit.engagement.empty()) engagements.emplace_back(visit.day, visit.engagement);
      if (visit.day.empty()) continue;
      if (row.first_visited_on().empty() || visit.day < row.first_visited_on()) {
        row.set_first_visited_on(visit.day);
      }
      if (visit.day > row.last_visited_on()) row.set_last_visited_on(visit.day);
    }
    std::sort(engagements.begin(), engagements.end());
    const size_t first =
        engagements.size() > kEngagementsShown ? engagements.size() - kEngagementsShown : 0;
    for (size_t i = first; i < engagements.size(); ++i) row.add_engagements(engagements[i].second);
  }

  const std::string name_;
  const std::string from_;
  bool is_recorded_ = false;
  ProgrammeRow programme_;
  std::map<std::string, VisitedPlace> places_;
  bool counts_places_ = false;  // visits to places are recorded
  uint32_t events_ = 0;
  uint32_t nameless_ = 0;
};

// What the numbers that a paper states give; absent: it does not state both.
absl::optional<Decimal> StatedGives(const ProgrammeRow& row) {
  if (!row.has_visited_stated() || row.target_stated() == 0) return absl::nullopt;
  return PercentOf(row.visited_stated(), row.target_stated(), 1);
}

bool StatedDisagrees(const ProgrammeRow& row) {
  if (!row.has_visited_stated() || row.target_stated() == 0 || !row.has_percent_stated() ||
      row.percent_stated().scale() > kPercentScaleMax) {
    return false;
  }
  const Decimal given =
      PercentOf(row.visited_stated(), row.target_stated(), row.percent_stated().scale());
  return given.units() != row.percent_stated().units();
}

absl::Status Check(const CoverPlacesRequest& request) {
  if (!request.visited_from().empty()) {
    SCRUTINY_RETURN_IF_ERROR(ParseDay(request.visited_from(), "visited_from").status());
  }
  if (!request.programme().empty()) return absl::OkStatus();
  return ledger::Error(ledger::Reason::kMalformed, "It is not said of which programme.")
      .Field("programme")
      .Next("Name a programme; scrutiny programmes lists them.");
}

}  // namespace

Decimal PercentOf(uint32_t part, uint32_t whole, uint32_t scale) {
  uint64_t hundred = 100;
  for (uint32_t i = 0; i < std::min(scale, kPercentScaleMax); ++i) hundred *= 10;
  Decimal percent;
  percent.set_units(static_cast<int64_t>((2 * hundred * part + whole) / (uint64_t{2} * whole)));
  percent.set_scale(std::min(scale, kPercentScaleMax));
  return percent;
}

absl::Status FinishProgramme(Scope& scope, ProgrammeRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const ProgrammePlaces places,
                            ProgrammePlaces::Of(scope, row->programme(), ""));
  const Coverage coverage = places.All();
  *row->mutable_coverage() = coverage;
  row->set_covered(coverage.fraction());
  if (coverage.has_percent()) *row->mutable_covered_percent() = coverage.percent();
  if (const auto gives = StatedGives(*row)) *row->mutable_stated_gives_percent() = *gives;
  row->set_stated_disagrees(StatedDisagrees(*row));
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  const bool reached = coverage.target() > 0 && coverage.visited() >= coverage.target();
  row->set_overdue(past && row->state() == PROGRAMME_STATE_RUNNING && !reached);
  return absl::OkStatus();
}

absl::StatusOr<CoverPlacesResponse> CoverPlaces(Engine& engine, const CoverPlacesRequest& request,
                                                const QueryContext& context) {
  SCRUTINY_RETURN_IF_ERROR(Check(request));
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"CoverPlaces",
                   {kProgrammes, kEngagements, kMeetings, kForums, kKnowledge},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  SCRUTINY_ASSIGN_OR_RETURN(
      const ProgrammePlaces places,
      ProgrammePlaces::Of(*scope, request.programme(), request.visited_from()));
  if (!places.is_recorded()) {
    return ledger::Error(ledger::Reason::kNotFound,
                         absl::StrCat("Nothing is recorded of “", request.programme(), "”."))
        .Record(request.programme())
        .Next("See what there is with: scrutiny programmes");
  }
  CoverPlacesResponse response;
  const std::string area = absl::AsciiStrToLower(request.area());
  auto page = scope->NewPage<PlaceCoverRow>();
  for (const auto& [key, place] : places.places()) {
    const bool there = absl::StrContains(absl::AsciiStrToLower(place.row.area()), area);
    if (!there || (request.unvisited() && place.row.visited())) continue;
    page.Add(SortKey().Text(place.row.area()).Text(place.row.name()).Text(key).Take(), place.row);
  }
  if (places.nameless() > 0) {
    scope->AddNote(absl::StrCat("Of engagements held, ", places.nameless(), " name no place."));
  }
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_coverage() = places.All();
  for (const auto& [name, coverage] : places.ByArea()) {
    if (static_cast<size_t>(response.areas_size()) == kAreasMax) break;
    AreaCoverage& one = *response.add_areas();
    one.set_area(name);
    *one.mutable_coverage() = coverage;
  }
  const ProgrammeRow& programme = places.programme();
  if (programme.has_visited_stated()) response.set_visited_stated(programme.visited_stated());
  if (programme.has_target_stated()) response.set_target_stated(programme.target_stated());
  if (programme.has_percent_stated()) {
    *response.mutable_percent_stated() = programme.percent_stated();
  }
  if (const auto gives = StatedGives(programme)) {
    *response.mutable_stated_gives_percent() = *gives;
  }
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
