#include "projections/board/numbers_given.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/numbers.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Number;
using event::v1::Proposed;
using register_::v1::NumberRow;

class NumbersFold final : public Fold {
 public:
  explicit NumbersFold(absl::string_view record) : record_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kActionRaised:
        Give("", fact, proposed.action_raised(), false);
        break;
      case Proposed::kDecisionTaken:
        Give("", fact, proposed.decision_taken(), false);
        break;
      case Proposed::kDecisionNumbered:
        Give("", fact, proposed.decision_numbered(), true);
        break;
      case Proposed::kAgendaItemPlaced: {
        const event::v1::AgendaItemPlaced& placed = proposed.agenda_item_placed();
        if (placed.has_minute_number()) {
          Set(placed.item(), fact, placed.minute_number(), false, false);
        }
        break;
      }
      case Proposed::kMinuteNumbered:
        Give(proposed.minute_numbered().item(), fact, proposed.minute_numbered(), true);
        break;
      default:
        return NotForRegister("numbers", fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  // From a fact that gives a number or asked for one; `own`: it says nothing else.
  template <typename Numbering>
  void Give(const std::string& item, const Fact& fact, const Numbering& numbering, bool own) {
    if (numbering.has_number()) {
      Set(item, fact, numbering.number(), own, false);
    } else if (const Number* assigned = fact.AssignedNumber(); assigned != nullptr) {
      Set(item, fact, *assigned, own, true);
    }
  }

  // A number that stands in a fact of its own is later than one said in passing.
  void Set(const std::string& item, const Fact& fact, const Number& number, bool own,
           bool assigned) {
    if (own) numbered_.insert(item);
    if (!own && numbered_.contains(item)) return;
    NumberRow& row = rows_.Touch(item.empty() ? std::string() : absl::StrCat("i/", item), fact);
    row.Clear();
    row.set_kind(number.kind());
    row.set_series(number.series());
    row.set_year(number.year());
    row.set_first(number.number());
    row.set_last(number.number());
    row.set_printed(number.printed());
    row.set_record(record_);
    row.set_item(item);
    row.set_assigned(assigned);
  }

  const std::string record_;
  KeyedRows<NumberRow> rows_;
  absl::flat_hash_set<std::string> numbered_;
};

Register Make(absl::string_view name, absl::string_view kind, std::vector<uint32_t> types) {
  return Register{name,
                  1,
                  kind,
                  std::move(types),
                  [](absl::string_view record) -> std::unique_ptr<Fold> {
                    return std::make_unique<NumbersFold>(record);
                  },
                  nullptr,
                  AlwaysA<NumberRow>};
}

}  // namespace

const Register& ActionNumbersRegister() {
  static const Register& numbers =
      *new Register(Make(kActionNumbers, "actions", {Proposed::kActionRaised}));
  return numbers;
}

const Register& DecisionNumbersRegister() {
  static const Register& numbers = *new Register(
      Make(kDecisionNumbers, "decisions", {Proposed::kDecisionTaken, Proposed::kDecisionNumbered}));
  return numbers;
}

const Register& MinuteNumbersRegister() {
  static const Register& numbers = *new Register(
      Make(kMinuteNumbers, "meetings", {Proposed::kAgendaItemPlaced, Proposed::kMinuteNumbered}));
  return numbers;
}

}  // namespace scrutiny::projections
