#include "projections/public/engagements.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/public/child_rows.h"
#include "projections/public/programmes.h"
#include "scrutiny/register/v1/engagements.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Place;
using event::v1::Proposed;
using google::protobuf::Message;

constexpr int kPlacesShown = 20;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kEngagementPlanned,
       .state = ENGAGEMENT_STATE_PLANNED,
       .step = "planned"},
      {.fact_type = Proposed::kEngagementHeld,
       .state = ENGAGEMENT_STATE_HELD,
       .day = "held_on",
       .step = "held",
       .then =
           [](const Fact& fact, Message* row) {
             ItemOfMeeting(fact.proposed().engagement_held(), static_cast<EngagementRow*>(row));
           }},
      {.fact_type = Proposed::kEngagementCancelled,
       .state = ENGAGEMENT_STATE_CANCELLED,
       .step = "cancelled"},
  };
}

// The row shows the first places; all of them count for a programme.
class EngagementFold final : public RuledFold<EngagementRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    const bool held = proposed.has_engagement_held();
    const auto& places =
        held ? proposed.engagement_held().places() : proposed.engagement_planned().places();
    // What is not dated folds last and only fills in what nobody has said.
    if (places.empty() || (fact.day == ledger::Day::Max() && !places_.empty())) return;
    places_.clear();
    for (const Place& place : places) places_[absl::StrCat(kPlacePrefix, place.key())] = place;
    if (row_.places_size() > kPlacesShown) {
      row_.mutable_places()->DeleteSubrange(kPlacesShown, row_.places_size() - kPlacesShown);
    }
  }

  void MoreRows(RowSink& sink) override {
    for (const std::string& key : given_) {
      if (!places_.contains(key)) sink.Row(key, Place());
    }
    given_.clear();
    for (const auto& [key, place] : places_) {
      sink.Row(key, place);
      given_.insert(key);
    }
  }

 private:
  std::map<std::string, Place> places_;
  std::set<std::string> given_;
};

const Message& EngagementRowOf(absl::string_view key) {
  if (absl::StartsWith(key, kPlacePrefix)) return Place::default_instance();
  return EngagementRow::default_instance();
}

void IndexEngagement(const Proposed& proposed, IndexSink sink) {
  for (const std::string* programme :
       {&proposed.engagement_planned().programme(), &proposed.engagement_held().programme()}) {
    if (!programme->empty()) sink("programme", *programme);
  }
}

}  // namespace

const Register& EngagementsRegister() {
  static const Register& engagements = *new Register(RuledRegister<EngagementFold, EngagementRow>(
      "engagements", 1, "engagements", Rules(), EngagementRowOf, IndexEngagement));
  return engagements;
}

}  // namespace scrutiny::projections
