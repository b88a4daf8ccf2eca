#include "projections/board/declarations.h"

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/attendance.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::DeclarationRow;

class DeclarationsFold final : public Fold {
 public:
  explicit DeclarationsFold(absl::string_view record) : meeting_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kNilDeclarationsRecorded:
        Row("", fact).set_declared_at(proposed.nil_declarations_recorded().item());
        break;
      case Proposed::kInterestDeclared:
        Declared(fact, proposed.interest_declared());
        break;
      case Proposed::kInterestManaged:
        Managed(fact, proposed.interest_managed());
        break;
      default:
        return NotForRegister("declarations", fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  // The row of that key; without one, of the fact itself.
  DeclarationRow& Row(const std::string& key, const Fact& fact) {
    std::string place = absl::StrCat("d/", absl::Hex(fact.sequence.value(), absl::kZeroPad16));
    if (!key.empty()) place = places_.try_emplace(key, place).first->second;
    DeclarationRow& row = rows_.Touch(place, fact);
    row.set_meeting(meeting_);
    row.set_key(key);
    return row;
  }

  void Declared(const Fact& fact, const event::v1::InterestDeclared& declared) {
    DeclarationRow& row = Row(declared.key(), fact);
    row.set_declared(true);
    row.set_person(declared.person());
    row.set_post(declared.post());
    row.set_item(declared.item());
    row.set_declared_at(declared.declared_at());
    row.set_sort(declared.sort());
    row.set_nature(declared.nature());
    // What was done about it is said later, even where the declaration is not dated.
    if (row.handling() == event::v1::INTEREST_HANDLING_UNSPECIFIED) {
      row.set_handling(declared.handling());
    }
    if (row.effect().empty()) row.set_effect(declared.effect());
    row.set_partly_sealed(fact.current->seals_size() > 0);
  }

  void Managed(const Fact& fact, const event::v1::InterestManaged& managed) {
    DeclarationRow& row = Row(managed.key(), fact);
    row.set_declared(true);
    if (managed.handling() != event::v1::INTEREST_HANDLING_UNSPECIFIED) {
      row.set_handling(managed.handling());
    }
    if (!managed.effect().empty()) row.set_effect(managed.effect());
    if (!managed.left().empty()) row.set_left(managed.left());
    if (!managed.returned().empty()) row.set_returned(managed.returned());
  }

  const std::string meeting_;
  KeyedRows<DeclarationRow> rows_;
  absl::flat_hash_map<std::string, std::string> places_;  // of declarations with a key
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_interest_declared()) sink("person", proposed.interest_declared().person());
}

}  // namespace

const Register& DeclarationsRegister() {
  static const Register& declarations = *new Register{
      "declarations",
      1,
      "meetings",
      {Proposed::kNilDeclarationsRecorded, Proposed::kInterestDeclared, Proposed::kInterestManaged},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<DeclarationsFold>(record);
      },
      Index,
      AlwaysA<DeclarationRow>};
  return declarations;
}

}  // namespace scrutiny::projections
