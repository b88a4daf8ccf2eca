// projections/engine/record_fold.h
// A register of records that have one row each, said as rules: what each type of fact does to the
// row. A field of the fact goes into the row's field of the same name and type; beside that a rule
// sets the state, a day and a step of the history. What is not as simple as that goes into a hook.
//
// A founding fact that is not dated folds last and only fills in what dated facts have not said.
//
// Guarantees:  depends on the facts and their order alone.
// Threads:     the rules are immutable; a fold is confined to whoever folds.
// Limits:      kRecordStepsMax steps, the latest; kRowBytesMax a row, kept by the engine.
// Tests:       tests/projections/engine/record_fold_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_RECORD_FOLD_H_
#define SCRUTINY_PROJECTIONS_ENGINE_RECORD_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "projections/engine/fact.h"
#include "projections/engine/register.h"
#include "projections/engine/row_fold.h"

namespace scrutiny::projections {

inline constexpr size_t kRecordStepsMax = 20;

// What one type of fact does to the row.
struct FactRule {
  uint32_t fact_type = 0;
  // The row's field `state` becomes this; 0: stays.
  int state = 0;
  // The row's field that takes the day of the fact, ISO; empty: none.
  absl::string_view day = {};
  // The word for it in the row's `steps`; empty: no step. Its text is the fact's first field of
  // text, reason, title, and its meeting the fact's.
  absl::string_view step = {};
  // Fields of the row that are emptied.
  std::vector<absl::string_view> clears = {};
  // Called after the fields were copied.
  std::function<void(const Fact& fact, google::protobuf::Message* row)> then = {};
};

// A rule made ready for a type of row.
class ReadyRule {
 public:
  // The rule must fit the row: names that are not there are a fault of ours.
  ReadyRule(const FactRule& rule, const google::protobuf::Descriptor& row);

  // `only_fill` leaves alone what the row says already.
  void Apply(const Fact& fact, bool only_fill, google::protobuf::Message* row) const;
  bool founds() const { return founds_; }

 private:
  void Copy(const google::protobuf::Message& from, bool only_fill,
            google::protobuf::Message* row) const;
  void AddStep(const Fact& fact, const google::protobuf::Message& from,
               google::protobuf::Message* row) const;

  using Field = const google::protobuf::FieldDescriptor*;
  FactRule rule_;
  Field fact_ = nullptr;                         // of Proposed
  std::vector<std::pair<Field, Field>> copies_;  // of the fact, of the row
  Field state_ = nullptr;
  Field day_ = nullptr;
  Field plan_version_ = nullptr;  // of the row, of that name
  Field steps_ = nullptr;
  Field step_text_ = nullptr;     // of the fact
  Field step_meeting_ = nullptr;  // of the fact
  std::vector<Field> clears_;
  bool founds_ = false;
};

using ReadyRules = absl::flat_hash_map<uint32_t, ReadyRule>;

ReadyRules MakeReady(const std::vector<FactRule>& rules, const google::protobuf::Descriptor& row);
// Puts the record's name into the field that the row's (rows) option names.
void SetRecord(absl::string_view record, google::protobuf::Message* row);

template <typename RowMessage>
class RecordFold final : public RowFold<RowMessage> {
 public:
  RecordFold(absl::string_view record, absl::string_view register_name,
             const std::shared_ptr<const ReadyRules>& rules)
      : register_name_(register_name), rules_(rules) {
    SetRecord(record, &this->row_);
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const auto rule = rules_->find(static_cast<uint32_t>(fact.proposed().fact_case()));
    if (rule == rules_->end()) return NotForRegister(register_name_, fact);
    const bool only_fill = rule->second.founds() && any_ && fact.day == ledger::Day::Max();
    rule->second.Apply(fact, only_fill, &this->row_);
    any_ = true;
    return absl::OkStatus();
  }

 private:
  const absl::string_view register_name_;
  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
};

// The register of these rules.
template <typename RowMessage>
Register RecordRegister(absl::string_view name, uint32_t version, absl::string_view kind,
                        const std::vector<FactRule>& rules,
                        void (*index)(const event::v1::Proposed&, IndexSink) = nullptr) {
  auto ready = std::make_shared<const ReadyRules>(MakeReady(rules, *RowMessage::descriptor()));
  Register reg;
  reg.name = name;
  reg.version = version;
  reg.kind = kind;
  for (const FactRule& rule : rules) reg.fact_types.push_back(rule.fact_type);
  reg.new_fold = [name, ready](absl::string_view record) -> std::unique_ptr<Fold> {
    return std::make_unique<RecordFold<RowMessage>>(record, name, ready);
  };
  reg.index = index;
  reg.row_of = AlwaysA<RowMessage>;
  return reg;
}

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_RECORD_FOLD_H_
