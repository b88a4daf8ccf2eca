#include "projections/people/organisations.h"

#include <memory>
#include <string>
#include <vector>

#include "projections/engine/ruled_fold.h"
#include "projections/people/dated_names.h"
#include "scrutiny/register/v1/people.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kOrganisationRegistered, .state = ORGANISATION_STATE_ACTIVE},
      {.fact_type = Proposed::kOrganisationRenamed},
      {.fact_type = Proposed::kOrganisationAliasAdded},
      {.fact_type = Proposed::kOrganisationPartChanged, .clears = {"part_of"}},
      {.fact_type = Proposed::kOrganisationSucceeded,
       .state = ORGANISATION_STATE_SUCCEEDED,
       .day = "ended_on"},
      {.fact_type = Proposed::kOrganisationDissolved,
       .state = ORGANISATION_STATE_DISSOLVED,
       .day = "ended_on"},
      {.fact_type = Proposed::kOrganisationsIdentified},
      {.fact_type = Proposed::kOrganisationsDistinguished},
  };
}

class OrganisationFold final : public RuledFold<OrganisationRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kOrganisationRegistered:
        names_.Founded(proposed.organisation_registered().name());
        for (const std::string& alias : proposed.organisation_registered().aliases()) {
          names_.Also(alias);
        }
        break;
      case Proposed::kOrganisationRenamed:
        names_.Renamed(proposed.organisation_renamed().name(), fact);
        break;
      case Proposed::kOrganisationAliasAdded:
        names_.Also(proposed.organisation_alias_added().alias());
        break;
      case Proposed::kOrganisationsIdentified:
        AddOther(proposed.organisations_identified().same_as(), row_.mutable_same_as(),
                 row_.mutable_distinct_from());
        break;
      case Proposed::kOrganisationsDistinguished:
        AddOther(proposed.organisations_distinguished().distinct_from(),
                 row_.mutable_distinct_from(), row_.mutable_same_as());
        break;
      default:
        break;
    }
    row_.set_name(names_.latest());
    names_.WriteTo(row_.mutable_names());
    row_.clear_former_names();
    for (const std::string& name : names_.former()) row_.add_former_names(name);
  }

 private:
  DatedNames names_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_organisations_identified()) {
    sink("same_as", proposed.organisations_identified().same_as());
  } else if (proposed.has_organisations_distinguished()) {
    sink("distinct_from", proposed.organisations_distinguished().distinct_from());
  }
}

}  // namespace

const Register& OrganisationsRegister() {
  static const Register& organisations =
      *new Register(RuledRegister<OrganisationFold, OrganisationRow>(
          "organisations", 1, "organisations", Rules(), AlwaysA<OrganisationRow>, Index));
  return organisations;
}

}  // namespace scrutiny::projections
