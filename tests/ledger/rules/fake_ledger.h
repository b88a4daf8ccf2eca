// tests/ledger/rules/fake_ledger.h
// A ledger in memory that rules can look at: a list of facts, read as the real one reads them.
// A rule that looks at what NeedsOf did not name finds nothing there and the test fails.
//
// Threads:  confined to one test.
#ifndef SCRUTINY_TESTS_LEDGER_RULES_FAKE_LEDGER_H_
#define SCRUTINY_TESTS_LEDGER_RULES_FAKE_LEDGER_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/text_format.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/format/derive.h"
#include "ledger/rules/rules.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::testing {

// A fact from its text form: `record: "actions/a" action_raised { title: "A" }`.
inline event::v1::Proposed Fact(const std::string& text) {
  event::v1::Proposed proposed;
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return proposed;
}

class FakeLedger {
 public:
  // The day of recording; far from every fact unless a test sets it.
  void set_today(ledger::Day today) { today_ = today; }

  // Judges the fact as an append would.
  absl::Status Judge(const event::v1::Proposed& proposed) const {
    const ledger::Derived derived = ledger::DeriveFrom(proposed, {});
    const View view(*this, proposed);
    return ledger::Judge(proposed, derived, today_, view);
  }

  // Records the fact, whatever the rules say.
  void Force(const event::v1::Proposed& proposed) {
    entries_.push_back(Entry{proposed.record(), ledger::DeriveFrom(proposed, {})});
  }

  // Judges the fact and records it if it is accepted.
  absl::Status Record(const event::v1::Proposed& proposed) {
    absl::Status status = Judge(proposed);
    if (status.ok()) Force(proposed);
    return status;
  }

 private:
  struct Entry {
    std::string record;
    ledger::Derived derived;
  };

  class View final : public ledger::RuleView {
   public:
    View(const FakeLedger& ledger, const event::v1::Proposed& proposed)
        : ledger_(ledger), needs_(ledger::NeedsOf(proposed)) {
      for (size_t i = 0; i < ledger_.entries_.size(); ++i) {
        const Entry& entry = ledger_.entries_[i];
        if (entry.record != proposed.record()) continue;
        held_ = true;
        history_.push_back(ledger::HistoryItem{ledger::Sequence(i), entry.derived.type,
                                               entry.derived.day, entry.derived.corrects});
      }
    }

    ledger::TreeSize size() const override { return ledger::TreeSize(ledger_.entries_.size()); }
    bool IsHeld() const override { return held_; }

    absl::Span<const ledger::HistoryItem> History() const override {
      SCRUTINY_CHECK(needs_.history) << "a rule looked at a history that NeedsOf did not name";
      return history_;
    }

    std::vector<ledger::ClaimHolder> Holders(absl::string_view claim) const override {
      SCRUTINY_CHECK(std::find(needs_.claims.begin(), needs_.claims.end(), claim) !=
                     needs_.claims.end())
          << "a rule looked at a claim that NeedsOf did not name";
      return HoldersOf(claim);
    }

    bool IsWithdrawn(const ledger::ClaimHolder& holder) const override {
      return !HoldersOf(ledger::WithdrawalClaim(holder.sequence)).empty();
    }

   private:
    std::vector<ledger::ClaimHolder> HoldersOf(absl::string_view claim) const {
      std::vector<ledger::ClaimHolder> holders;
      for (size_t i = 0; i < ledger_.entries_.size(); ++i) {
        const Entry& entry = ledger_.entries_[i];
        for (const ledger::Claim& held : entry.derived.claims) {
          if (held.key == claim) {
            holders.push_back(ledger::ClaimHolder{ledger::Sequence(i), entry.record, held.item});
          }
        }
      }
      return holders;
    }

    const FakeLedger& ledger_;
    const ledger::RuleNeeds needs_;
    std::vector<ledger::HistoryItem> history_;
    bool held_ = false;
  };

  ledger::Day today_ = ledger::Day::Parse("2026-01-01").value();
  std::vector<Entry> entries_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_RULES_FAKE_LEDGER_H_
