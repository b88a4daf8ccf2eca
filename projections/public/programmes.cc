#include "projections/public/programmes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "projections/engine/keyed_rows.h"
#include "projections/engine/ruled_fold.h"
#include "projections/public/child_rows.h"
#include "scrutiny/register/v1/engagements.pb.h"
#include "scrutiny/register/v1/matters.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Place;
using event::v1::Proposed;
using google::protobuf::Message;

ProgrammeRow& Of(Message* row) { return static_cast<ProgrammeRow&>(*row); }

void Set(const Fact& fact, Message* row) {
  ItemOfMeeting(fact.proposed().engagement_programme_set(), &Of(row));
}
void Stated(const Fact& fact, Message* row) {
  ItemOfMeeting(fact.proposed().programme_progress_stated(), &Of(row));
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kEngagementProgrammeSet,
       .state = PROGRAMME_STATE_RUNNING,
       .day = "set_on",
       .step = "set up",
       .then = Set},
      {.fact_type = Proposed::kProgrammePlacesChanged, .step = "places changed"},
      {.fact_type = Proposed::kProgrammeTargetChanged, .step = "target changed"},
      {.fact_type = Proposed::kPlaceVisited, .step = "visited"},
      {.fact_type = Proposed::kProgrammeProgressStated,
       .step = "progress stated",
       .clears = {"visited_stated", "target_stated", "percent_stated", "stated_as_at",
                  "progress_paper"},
       .then = Stated},
      {.fact_type = Proposed::kProgrammeEnded,
       .state = PROGRAMME_STATE_ENDED,
       .day = "ended_on",
       .step = "ended"},
  };
}

class ProgrammeFold final : public RuledFold<ProgrammeRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_engagement_programme_set()) SetPlaces(fact);
    if (proposed.has_programme_places_changed()) {
      for (const Place& place : proposed.programme_places_changed().added()) List(place, fact);
      for (const std::string& key : proposed.programme_places_changed().removed()) {
        places_.Drop(PlaceKey(key));
      }
    }
    if (proposed.has_place_visited()) Visit(fact, proposed.place_visited());
    row_.set_places_listed(static_cast<uint32_t>(places_.size()));
  }

  void MoreRows(RowSink& sink) override {
    places_.Give(sink);
    visits_.Give(/*only_changed=*/false, sink);
  }

 private:
  static std::string PlaceKey(const std::string& place) {
    return absl::StrCat(kPlacePrefix, place);
  }

  // Set up again, a list takes the place of the one before. What is not dated folds last and only
  // fills in what nobody has said.
  void SetPlaces(const Fact& fact) {
    const auto& places = fact.proposed().engagement_programme_set().places();
    if (places.empty() || (fact.day == ledger::Day::Max() && places_.size() > 0)) return;
    places_.DropAll();
    for (const Place& place : places) List(place, fact);
  }

  void List(const Place& place, const Fact& fact) {
    PlaceCoverRow& row = places_.Touch(PlaceKey(place.key()), fact);
    row.set_programme(row_.programme());
    row.set_place(place.key());
    if (!place.name().empty()) row.set_name(place.name());
    if (!place.area().empty()) row.set_area(place.area());
    row.set_listed(true);
  }

  void Visit(const Fact& fact, const event::v1::PlaceVisited& visited) {
    const Place& place = visited.place();
    PlaceCoverRow row;
    row.set_programme(row_.programme());
    row.set_place(place.key());
    row.set_name(place.name());
    row.set_area(place.area());
    row.set_first_visited_on(fact.DayText());
    if (!visited.engagement().empty()) row.add_engagements(visited.engagement());
    MetaBuilder meta;
    meta.Add(fact);
    meta.WriteTo(row.mutable_meta());
    visits_.Make(absl::StrFormat("%s%s/%020d", kVisitPrefix, place.key(), fact.sequence.value())) =
        std::move(row);
  }

  ChildRows<PlaceCoverRow> places_;
  MadeRows<PlaceCoverRow> visits_;
};

const Message& RowOf(absl::string_view key) {
  if (key.empty()) return ProgrammeRow::default_instance();
  return PlaceCoverRow::default_instance();
}

}  // namespace

const Register& ProgrammesRegister() {
  static const Register& programmes = *new Register(
      RuledRegister<ProgrammeFold, ProgrammeRow>("programmes", 1, "programmes", Rules(), RowOf));
  return programmes;
}

}  // namespace scrutiny::projections
