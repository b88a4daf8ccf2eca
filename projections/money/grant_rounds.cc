#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/record_fold.h"
#include "projections/money/grants.h"
#include "scrutiny/register/v1/grant_rounds.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

void Closed(const Fact& fact, Message* message) {
  if (!fact.proposed().grant_round_closed().called_off()) return;
  static_cast<GrantRoundRow&>(*message).set_state(GRANT_ROUND_STATE_CALLED_OFF);
}

// Rules of the round itself; earmarks stand in rows of their own.
std::vector<FactRule> Rules() {
  return {{.fact_type = Proposed::kGrantRoundOpened,
           .state = GRANT_ROUND_STATE_OPEN,
           .day = "opened_on",
           .step = "opened"},
          {.fact_type = Proposed::kGrantRoundChanged, .step = "changed"},
          {.fact_type = Proposed::kGrantRoundClosed,
           .state = GRANT_ROUND_STATE_CLOSED,
           .day = "closed_on",
           .step = "closed",
           .then = Closed},
          {.fact_type = Proposed::kGrantRoundTallied, .step = "figures"},
          {.fact_type = Proposed::kGrantRoundAssessed, .step = "assessed"},
          {.fact_type = Proposed::kFundsEarmarked, .step = "money set aside"},
          {.fact_type = Proposed::kEarmarkReleased, .step = "money free again"}};
}

class RoundFold final : public RowFold<GrantRoundRow> {
 public:
  RoundFold(absl::string_view record, std::shared_ptr<const ReadyRules> rules)
      : rules_(std::move(rules)) {
    SetRecord(record, &row_);
  }

 private:
  struct Earmark {
    GrantEarmarkRow row;
    MetaBuilder meta;
  };

  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    const auto rule = rules_->find(static_cast<uint32_t>(proposed.fact_case()));
    if (rule == rules_->end()) return NotForRegister("grant-rounds", fact);
    // A meeting without an item: the item of the meeting before is not its item.
    const bool other_meeting = !proposed.grant_round_tallied().meeting().empty() ||
                               !proposed.funds_earmarked().meeting().empty();
    if (other_meeting) row_.clear_item();
    rule->second.Apply(fact, rule->second.founds() && any_ && fact.day == ledger::Day::Max(),
                       &row_);
    any_ = true;
    if (proposed.has_funds_earmarked()) TakeEarmark(fact, proposed.funds_earmarked());
    if (proposed.has_earmark_released()) {
      Earmark& earmark = Touch(fact, proposed.earmark_released().key());
      earmark.row.set_state(EARMARK_STATE_RELEASED);
      earmark.row.set_reason(proposed.earmark_released().reason());
    }
    return absl::OkStatus();
  }

  Earmark& Touch(const Fact& fact, const std::string& key) {
    Earmark& earmark = earmarks_[key];
    earmark.meta.Add(fact);
    earmark.row.set_round(row_.round());
    earmark.row.set_key(key);
    return earmark;
  }

  void TakeEarmark(const Fact& fact, const event::v1::FundsEarmarked& set) {
    GrantEarmarkRow& row = Touch(fact, set.key()).row;
    row.set_state(EARMARK_STATE_HELD);
    row.clear_reason();
    row.clear_amount();
    if (set.has_amount()) *row.mutable_amount() = set.amount();
    row.set_number(set.number());
    *row.mutable_recipients() = set.recipients();
    row.set_purpose(set.purpose());
    row.clear_until();
    if (set.has_until()) *row.mutable_until() = set.until();
    row.set_earmarked_by(set.earmarked_by());
    row.set_meeting(set.meeting());
    row.set_item(set.item());
    row.set_earmarked_on(fact.DayText());
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, earmark] : earmarks_) {
      earmark.meta.WriteTo(earmark.row.mutable_meta());
      sink.Row(absl::StrCat("e/", key), earmark.row);
    }
  }

  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
  std::map<std::string, Earmark> earmarks_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "e/")) return GrantEarmarkRow::default_instance();
  return GrantRoundRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  const std::string& scheme = proposed.grant_round_opened().scheme();
  if (!scheme.empty()) sink("scheme", scheme);
}

Register Make() {
  Register reg = RecordRegister<GrantRoundRow>("grant-rounds", 1, "grant-rounds", Rules(), Index);
  const auto rules =
      std::make_shared<const ReadyRules>(MakeReady(Rules(), *GrantRoundRow::descriptor()));
  reg.new_fold = [rules](absl::string_view record) -> std::unique_ptr<Fold> {
    return std::make_unique<RoundFold>(record, rules);
  };
  reg.row_of = RowOf;
  return reg;
}

}  // namespace

const Register& GrantRoundsRegister() {
  static const Register& rounds = *new Register(Make());
  return rounds;
}

}  // namespace scrutiny::projections
