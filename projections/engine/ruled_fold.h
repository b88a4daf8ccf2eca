// projections/engine/ruled_fold.h
// A fold by rules (record_fold.h) that keeps more than its main row: what a rule cannot say of one
// row alone, and rows that belong to it.
//
// Threads:  confined to whoever folds; the rules are immutable.
// Tests:    tests/projections/inspections
#ifndef SCRUTINY_PROJECTIONS_ENGINE_RULED_FOLD_H_
#define SCRUTINY_PROJECTIONS_ENGINE_RULED_FOLD_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "projections/engine/record_fold.h"
#include "projections/engine/register.h"
#include "projections/engine/row_fold.h"

namespace scrutiny::projections {

template <typename RowMessage>
class RuledFold : public RowFold<RowMessage> {
 public:
  RuledFold(absl::string_view record, absl::string_view register_name,
            std::shared_ptr<const ReadyRules> rules)
      : register_name_(register_name), rules_(std::move(rules)) {
    SetRecord(record, &this->row_);
  }

 protected:
  absl::Status Take(const Fact& fact) final {
    const auto rule = rules_->find(static_cast<uint32_t>(fact.proposed().fact_case()));
    if (rule == rules_->end()) return NotForRegister(register_name_, fact);
    const bool only_fill = rule->second.founds() && any_ && fact.day == ledger::Day::Max();
    rule->second.Apply(fact, only_fill, &this->row_);
    any_ = true;
    After(fact);
    return absl::OkStatus();
  }

  // After the rule was applied to the main row.
  virtual void After(const Fact& fact) = 0;

 private:
  const absl::string_view register_name_;
  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
};

// The register of these rules whose folds are of FoldType.
template <typename FoldType, typename RowMessage>
Register RuledRegister(absl::string_view name, uint32_t version, absl::string_view kind,
                       const std::vector<FactRule>& rules,
                       const google::protobuf::Message& (*row_of)(absl::string_view),
                       void (*index)(const event::v1::Proposed&, IndexSink) = nullptr) {
  Register reg = RecordRegister<RowMessage>(name, version, kind, rules, index);
  const auto ready =
      std::make_shared<const ReadyRules>(MakeReady(rules, *RowMessage::descriptor()));
  reg.new_fold = [name, ready](absl::string_view record) -> std::unique_ptr<Fold> {
    return std::make_unique<FoldType>(record, name, ready);
  };
  reg.row_of = row_of;
  return reg;
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_RULED_FOLD_H_
