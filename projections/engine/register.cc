#include "projections/engine/register.h"

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"

namespace scrutiny::projections {

absl::Status NotForRegister(absl::string_view register_name, const Fact& fact) {
  return ledger::Error(
      ledger::Reason::kInternal,
      absl::StrCat("The register ", register_name, " does not know what to make of a fact of type ",
                   static_cast<int>(fact.proposed().fact_case()), "."));
}

}  // namespace scrutiny::projections
