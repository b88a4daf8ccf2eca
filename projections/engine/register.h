// projections/engine/register.h
// What a register is to the engine: which facts it wants, and how it folds those of one record into
// rows. A register is data and pure functions; each stands in a file pair of its own.
//
// Facts belong to the record they are about, so a register folds record by record, and what joins
// records (the date of the meeting an action is due by) is joined when it is asked for. An index
// says in which records a value was ever mentioned; what it leads to is looked at again.
//
// Guarantees:  a fold depends on the facts given to it and their order, and on nothing else.
// Threads:     Register is immutable; a Fold is confined to whoever folds.
// Limits:      kRowBytesMax a row, kept by the engine (row_fit.h).
// Tests:       tests/projections
#ifndef SCRUTINY_PROJECTIONS_ENGINE_REGISTER_H_
#define SCRUTINY_PROJECTIONS_ENGINE_REGISTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "projections/engine/fact.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace scrutiny::projections {

// Takes the rows of one record. Keys are unique within the record, hold no zero byte, and say what
// sort of row it is; the main row has the empty key.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void Row(absl::string_view key, const google::protobuf::Message& row) = 0;
};

// The state of one record.
class Fold {
 public:
  virtual ~Fold() = default;

  // Takes the next fact in the order of StateOf. An error stops the register at the entry.
  virtual absl::Status Apply(const Fact& fact) = 0;

  // Gives all rows, or those that may have changed since the last call. Applying removes a row by
  // giving it empty.
  virtual void Rows(bool only_changed, RowSink& sink) = 0;
};

// Takes what an entry mentions: (index, value).
using IndexSink = absl::FunctionRef<void(absl::string_view index, absl::string_view value)>;

struct Register {
  absl::string_view name;
  // Raised whenever the same facts would make other rows: the register is then folded anew.
  uint32_t version;
  // The kind of record its facts are about.
  absl::string_view kind;
  // The types of fact it wants; corrections come with their type, withdrawals by kind.
  std::vector<uint32_t> fact_types;
  std::function<std::unique_ptr<Fold>(absl::string_view record)> new_fold;
  // Null: no index.
  void (*index)(const event::v1::Proposed& proposed, IndexSink sink);
  // What a row of that key is: an empty one.
  const google::protobuf::Message& (*row_of)(absl::string_view key);
};

// For registers whose rows are all of one type.
template <typename Row>
const google::protobuf::Message& AlwaysA(absl::string_view /*key*/) {
  return Row::default_instance();
}

// The fact is of a type that the register does not want: a fault of ours.
absl::Status NotForRegister(absl::string_view register_name, const Fact& fact);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_REGISTER_H_
