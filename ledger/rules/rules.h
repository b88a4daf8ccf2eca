// ledger/rules/rules.h
// What may be recorded: domain rules, which refuse what is almost surely a slip, in the sentence a
// clerk needs, and can each be passed with `recorded_despite`. Pure: what a rule looks at is given
// to it.
//
// Guarantees:  lifecycle is judged by the date on which the fact happened, so a late fact about an
//              earlier day is accepted; a rule named in recorded_despite never refuses.
// Threads:     pure functions.
// Errors:      kRuleRefused with the rule's id, record, field; the message ends with how to record
//              it all the same. kMalformed / kBeyondHead for a correction or put-before that names
//              no entry, or one of another record or type: those cannot be passed.
// Tests:       tests/ledger/rules/rules_test.cc
#ifndef SCRUTINY_LEDGER_RULES_RULES_H_
#define SCRUTINY_LEDGER_RULES_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/format/derive.h"

namespace scrutiny::event::v1 {
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::ledger {

// An entry that holds a claim a rule asked about.
struct ClaimHolder {
  Sequence sequence;
  std::string record;
  std::string item;  // the agenda item that has it, for a minute number
};

// What rules look at: the state before the fact, including earlier facts of the same append.
class RuleView {
 public:
  virtual ~RuleView() = default;
  // The size of the ledger before the fact.
  virtual TreeSize size() const = 0;
  // Whether the fact's own record is held.
  virtual bool IsHeld() const = 0;
  // The history of the fact's own record, oldest first; only if NeedsOf asked for it.
  virtual absl::Span<const HistoryItem> History() const = 0;
  // Who holds a claim, in order of sequence; only of claims that NeedsOf asked for.
  virtual std::vector<ClaimHolder> Holders(absl::string_view claim) const = 0;
  // Whether a holder that Holders returned has been withdrawn (WithdrawalClaim is held).
  virtual bool IsWithdrawn(const ClaimHolder& holder) const = 0;
};

// What must be read before a fact's rules can be judged.
struct RuleNeeds {
  bool history = false;             // of the fact's own record
  std::vector<std::string> claims;  // who holds them
};
RuleNeeds NeedsOf(const event::v1::Proposed& proposed);

// Judges a fact. `recorded_on` is the day of recording.
absl::Status Judge(const event::v1::Proposed& proposed, const Derived& derived, Day recorded_on,
                   const RuleView& view);

// Every rule, for documentation and `--despite`.
struct RuleInfo {
  std::string id;
  std::string refuses;  // what it refuses, a phrase
};
const std::vector<RuleInfo>& AllRules();

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_RULES_RULES_H_
