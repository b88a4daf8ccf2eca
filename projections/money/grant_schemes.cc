#include "projections/engine/record_fold.h"
#include "projections/money/grants.h"
#include "scrutiny/register/v1/grant_rounds.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using google::protobuf::Message;
using register_::v1::GrantSchemeRow;

constexpr int kAllocationsMax = 20;

// Years are the same by their dates; without dates by what is printed.
bool SameYear(const event::v1::Period& a, const event::v1::Period& b) {
  if (a.from().empty() && b.from().empty()) return a.printed() == b.printed();
  return a.from() == b.from() && a.to() == b.to();
}

void Allocated(const Fact& fact, Message* message) {
  GrantSchemeRow& row = static_cast<GrantSchemeRow&>(*message);
  const event::v1::YearAllocation& set = fact.proposed().grant_scheme_allocation_set().allocation();
  for (event::v1::YearAllocation& year : *row.mutable_allocations()) {
    if (!SameYear(year.year(), set.year())) continue;
    *year.mutable_amount() = set.amount();
    return;
  }
  *row.add_allocations() = set;
  if (row.allocations_size() > kAllocationsMax) {
    row.mutable_allocations()->DeleteSubrange(0, row.allocations_size() - kAllocationsMax);
  }
}

}  // namespace

const Register& GrantSchemesRegister() {
  using register_::v1::GRANT_SCHEME_STATE_CLOSED;
  using register_::v1::GRANT_SCHEME_STATE_OPEN;
  static const Register& schemes = *new Register(RecordRegister<GrantSchemeRow>(
      "grant-schemes", 1, "grant-schemes",
      {{.fact_type = Proposed::kGrantSchemeDefined,
        .state = GRANT_SCHEME_STATE_OPEN,
        .day = "defined_on",
        .step = "set up"},
       {.fact_type = Proposed::kGrantSchemeChanged, .day = "changed_on", .step = "changed"},
       {.fact_type = Proposed::kGrantSchemeAllocationSet, .step = "allocation", .then = Allocated},
       {.fact_type = Proposed::kGrantSchemeClosed,
        .state = GRANT_SCHEME_STATE_CLOSED,
        .day = "closed_on",
        .step = "ended"}}));
  return schemes;
}

}  // namespace scrutiny::projections
