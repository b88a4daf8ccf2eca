#include "projections/board/people.h"

#include <memory>

#include "projections/board/wording.h"
#include "scrutiny/event/v1/person.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class PersonFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kPersonRegistered:
        registered_ = proposed.person_registered();
        break;
      case Proposed::kOfficeAssumed:
        assumed_ = proposed.office_assumed();
        break;
      default:
        return NotForRegister("people", fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool /*only_changed*/, RowSink& sink) override {
    event::v1::PersonRegistered row = registered_;
    if (row.post().empty()) row.set_post(assumed_.post());
    if (row.organisation().empty()) row.set_organisation(assumed_.organisation());
    if (row.ByteSizeLong() > 0) sink.Row("", row);
  }

 private:
  event::v1::PersonRegistered registered_;
  event::v1::OfficeAssumed assumed_;
};

}  // namespace

const Register& PeopleRegister() {
  static const Register& people = *new Register{
      "people",
      1,
      "persons",
      {Proposed::kPersonRegistered, Proposed::kOfficeAssumed},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<PersonFold>(); },
      nullptr};
  return people;
}

}  // namespace scrutiny::projections
