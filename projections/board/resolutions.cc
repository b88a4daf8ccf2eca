#include "projections/board/resolutions.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class ResolutionsFold final : public Fold {
 public:
  explicit ResolutionsFold(absl::string_view record) : meeting_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (!proposed.has_resolution_passed()) return NotForRegister("resolutions", fact);
    const event::v1::ResolutionPassed& passed = proposed.resolution_passed();
    register_::v1::ResolutionRow& row = rows_.Touch(passed.key(), fact);
    row.Clear();  // Passed under a key that is there already: what comes later stands.
    row.set_meeting(meeting_);
    row.set_key(passed.key());
    row.set_item(passed.item());
    if (passed.has_decider()) *row.mutable_decider() = passed.decider();
    *row.mutable_limbs() = passed.limbs();
    row.set_without_the_word(passed.without_the_word());
    row.set_against_recommendation(passed.against_recommendation());
    *row.mutable_priorities() = passed.priorities();
    if (proposed.has_plan_version()) *row.mutable_plan_version() = proposed.plan_version();
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  const std::string meeting_;
  KeyedRows<register_::v1::ResolutionRow> rows_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  for (const event::v1::PriorityRef& priority : proposed.resolution_passed().priorities()) {
    sink("priority", absl::StrCat(priority.number()));
  }
}

}  // namespace

const Register& ResolutionsRegister() {
  static const Register& resolutions =
      *new Register{"resolutions",
                    1,
                    "meetings",
                    {Proposed::kResolutionPassed},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<ResolutionsFold>(record);
                    },
                    Index,
                    AlwaysA<register_::v1::ResolutionRow>};
  return resolutions;
}

}  // namespace scrutiny::projections
