#include "projections/people/offices.h"

#include <memory>
#include <vector>

#include "projections/engine/ruled_fold.h"
#include "projections/people/dated_names.h"
#include "scrutiny/register/v1/people.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::OfficeRow;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kOfficeEstablished, .day = "established_on"},
      {.fact_type = Proposed::kOfficeRenamed},
      {.fact_type = Proposed::kOfficeAliasAdded},
      {.fact_type = Proposed::kOfficeForceChanged},
      {.fact_type = Proposed::kOfficeSucceeded, .day = "succeeded_on"},
  };
}

class OfficeFold final : public RuledFold<OfficeRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_office_established()) {
      names_.Founded(proposed.office_established().name());
    } else if (proposed.has_office_renamed()) {
      names_.Renamed(proposed.office_renamed().name(), fact);
    } else if (proposed.has_office_alias_added()) {
      names_.Also(proposed.office_alias_added().alias());
    }
    row_.set_name(names_.latest());
    names_.WriteTo(row_.mutable_names());
  }

 private:
  DatedNames names_;
};

}  // namespace

const Register& OfficesRegister() {
  static const Register& offices = *new Register(
      RuledRegister<OfficeFold, OfficeRow>("offices", 1, "offices", Rules(), AlwaysA<OfficeRow>));
  return offices;
}

}  // namespace scrutiny::projections
