#include "projections/money/budgets.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/public/child_rows.h"
#include "projections/public/merge_meta.h"
#include "scrutiny/register/v1/budgets.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using namespace event::v1;      // NOLINT(google-build-using-namespace): steps and views
using google::protobuf::Message;

BudgetRow& Of(Message* row) { return static_cast<BudgetRow&>(*row); }

void Reported(const Fact& fact, Message* row) {
  const PanelPreceptReportReceived& report = fact.proposed().panel_precept_report_received();
  const bool vetoed = report.panel_view() == PANEL_PRECEPT_VIEW_VETOED_TOO_HIGH ||
                      report.panel_view() == PANEL_PRECEPT_VIEW_VETOED_TOO_LOW;
  Of(row).set_state(vetoed ? PRECEPT_STATE_VETOED : PRECEPT_STATE_REVIEWED);
  ItemOfMeeting(report, &Of(row));
}

// The item of the fact's meeting, for facts whose field is of that name.
template <typename Said>
std::function<void(const Fact&, Message*)> Heard(const Said& (Proposed::*said)() const) {
  return [said](const Fact& fact, Message* row) {
    ItemOfMeeting((fact.proposed().*said)(), &Of(row));
  };
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kBudgetDatesSet, .step = "days set"},
      {.fact_type = Proposed::kPreceptProposed,
       .state = PRECEPT_STATE_PROPOSED,
       .day = "proposed_on",
       .step = "precept proposed",
       .then = Heard(&Proposed::precept_proposed)},
      // What the report before this one recommended is not what this one does.
      {.fact_type = Proposed::kPanelPreceptReportReceived,
       .day = "panel_reported_on",
       .step = "panel reported",
       .clears = {"recommendations", "votes_for_veto", "panel_members", "panel_report_due"},
       .then = Reported},
      {.fact_type = Proposed::kPreceptResponseGiven,
       .state = PRECEPT_STATE_ANSWERED,
       .day = "answered_on",
       .step = "answered",
       .clears = {"response_due"}},
      {.fact_type = Proposed::kPreceptIssued,
       .state = PRECEPT_STATE_ISSUED,
       .day = "issued_on",
       .step = "precept issued",
       .then = Heard(&Proposed::precept_issued)},
      {.fact_type = Proposed::kBudgetSet,
       .day = "budget_set_on",
       .step = "budget set",
       .then = Heard(&Proposed::budget_set)},
      {.fact_type = Proposed::kBudgetVaried, .day = "varied_on", .step = "varied"},
      {.fact_type = Proposed::kReservesStrategySet,
       .day = "reserves_set_on",
       .step = "reserves set",
       .then = Heard(&Proposed::reserves_strategy_set)},
      {.fact_type = Proposed::kFinancialStrategySet,
       .step = "strategy set",
       .then = Heard(&Proposed::financial_strategy_set)},
  };
}

// The key of a day that no fact has set but one says to be due.
std::string KeyOf(BudgetStep step) {
  switch (step) {
    case BUDGET_STEP_PANEL_REPORT:
      return "panel-report";
    case BUDGET_STEP_RESPONSE:
      return "response";
    case BUDGET_STEP_SECOND_PANEL_REPORT:
      return "second-panel-report";
    default:
      return "second-response";
  }
}

// The step that a fact takes; unspecified: none.
BudgetStep StepTaken(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kPreceptProposed:
      return BUDGET_STEP_PRECEPT_NOTIFIED;
    case Proposed::kPanelPreceptReportReceived: {
      const PanelPreceptReportReceived& report = proposed.panel_precept_report_received();
      if (report.panel_view() == PANEL_PRECEPT_VIEW_NO_REPORT) return BUDGET_STEP_UNSPECIFIED;
      return report.second() ? BUDGET_STEP_SECOND_PANEL_REPORT : BUDGET_STEP_PANEL_REPORT;
    }
    case Proposed::kPreceptResponseGiven:
      return proposed.precept_response_given().second() ? BUDGET_STEP_SECOND_RESPONSE
                                                        : BUDGET_STEP_RESPONSE;
    case Proposed::kPreceptIssued:
      return BUDGET_STEP_PRECEPT_ISSUED;
    case Proposed::kBudgetSet:
      return BUDGET_STEP_BUDGET_SET;
    default:
      return BUDGET_STEP_UNSPECIFIED;
  }
}

// The days of a budget. Which step was taken when is kept apart: days may be set afterwards.
class BudgetDays {
 public:
  void Take(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    for (const BudgetDate& date : proposed.budget_dates_set().dates()) Set(fact, date);
    const PreceptProposed& proposal = proposed.precept_proposed();
    if (proposal.has_panel_report_due()) {
      Mention(fact, BUDGET_STEP_PANEL_REPORT, proposal.panel_report_due());
    }
    const PanelPreceptReportReceived& report = proposed.panel_precept_report_received();
    if (report.has_response_due()) {
      Mention(fact, report.second() ? BUDGET_STEP_SECOND_RESPONSE : BUDGET_STEP_RESPONSE,
              report.response_due());
    }
    const PreceptResponseGiven& response = proposed.precept_response_given();
    if (response.has_panel_report_due()) {
      Mention(fact, BUDGET_STEP_SECOND_PANEL_REPORT, response.panel_report_due());
    }
    const BudgetStep step = StepTaken(proposed);
    // The first time a step is taken keeps its day.
    if (step == BUDGET_STEP_UNSPECIFIED || taken_.contains(step)) return;
    MetaBuilder meta;
    meta.Add(fact);
    Taken& taken = taken_[step];
    taken.day = fact.DayText();
    meta.WriteTo(&taken.meta);
  }

  void Give(const std::string& budget, RowSink& sink) {
    rows_.Give(sink, [&](BudgetDateRow& row) {
      row.set_budget(budget);
      const auto taken = taken_.find(row.step());
      if (taken == taken_.end()) return;
      row.set_done_on(taken->second.day);
      MergeMeta(taken->second.meta, row.mutable_meta());
    });
  }

 private:
  static std::string RowKey(absl::string_view key) { return absl::StrCat("d/", key); }

  void Set(const Fact& fact, const BudgetDate& date) {
    // One that was only mentioned is this one.
    std::string mentioned;
    rows_.ForEach([&](const std::string& key, const BudgetDateRow& row) {
      if (date.step() != BUDGET_STEP_UNSPECIFIED && row.step() == date.step() &&
          key != RowKey(date.key()) && row.key() == KeyOf(row.step())) {
        mentioned = key;
      }
    });
    if (!mentioned.empty()) rows_.Drop(mentioned);
    BudgetDateRow& row = rows_.Touch(RowKey(date.key()), fact);
    row.Clear();
    row.set_key(date.key());
    row.set_step(date.step());
    row.set_title(date.title());
    *row.mutable_due() = date.due();
    row.set_basis(date.basis());
  }

  void Mention(const Fact& fact, BudgetStep step, const Due& due) {
    std::string found = RowKey(KeyOf(step));
    rows_.ForEach([&](const std::string& key, const BudgetDateRow& row) {
      if (row.step() == step) found = key;
    });
    BudgetDateRow& row = rows_.Touch(found, fact);
    if (row.key().empty()) row.set_key(KeyOf(step));
    row.set_step(step);
    *row.mutable_due() = due;
  }

  ChildRows<BudgetDateRow> rows_;
  struct Taken {
    std::string day;  // ISO; empty: not dated
    RowMeta meta;
  };
  std::map<BudgetStep, Taken> taken_;
};

// Lines of a budget, then strategies, each in the order in which they came.
class BudgetParts {
 public:
  void Take(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    if (proposed.budget_set().lines_size() > 0) {
      for (const std::string& key : lines_) rows_.Drop(key);
      lines_.clear();
      for (const BudgetLine& line : proposed.budget_set().lines()) TakeLine(fact, line, false);
    }
    for (const BudgetLine& line : proposed.budget_varied().lines()) TakeLine(fact, line, true);
    if (proposed.has_financial_strategy_set()) {
      TakeStrategy(fact, proposed.financial_strategy_set());
    }
  }

  void Give(const std::string& budget, RowSink& sink) {
    uint32_t order = 0;
    for (const std::vector<std::string>* keys : {&lines_, &strategies_}) {
      for (const std::string& key : *keys) {
        BudgetPartRow& row = *rows_.Find(key);
        row.set_budget(budget);
        row.set_order(++order);
      }
    }
    rows_.Give(sink);
  }

 private:
  static void Remember(const std::string& key, std::vector<std::string>& keys) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }

  void TakeLine(const Fact& fact, const BudgetLine& line, bool varied) {
    const std::string key = absl::StrCat("p/l-", line.key());
    Remember(key, lines_);
    BudgetPartRow& row = rows_.Touch(key, fact);
    if (varied && !row.has_amount_before() && row.amounts_size() > 0) {
      *row.mutable_amount_before() = row.amounts(0);
    }
    row.set_key(line.key());
    row.set_label(line.label());
    row.set_parent(line.parent());
    row.clear_amounts();
    if (line.has_amount()) *row.add_amounts() = line.amount();
    row.set_set_on(fact.DayText());
  }

  void TakeStrategy(const Fact& fact, const FinancialStrategySet& set) {
    const std::string key = absl::StrCat("p/s-", set.key());
    Remember(key, strategies_);
    BudgetPartRow& row = rows_.Touch(key, fact);
    row.Clear();
    row.set_key(set.key());
    row.set_is_strategy(true);
    row.set_sort(set.sort());
    row.set_label(set.strategy_title());
    *row.mutable_amounts() = set.amounts();
    if (set.has_covers()) *row.mutable_covers() = set.covers();
    row.set_text(set.text());
    if (set.has_next_review()) *row.mutable_next_review() = set.next_review();
    row.set_strategy_decision(set.strategy_decision());
    row.set_strategy_paper(set.strategy_paper());
    row.set_set_on(fact.DayText());
  }

  ChildRows<BudgetPartRow> rows_;
  std::vector<std::string> lines_;  // keys of rows
  std::vector<std::string> strategies_;
};

class BudgetFold final : public RuledFold<BudgetRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    days_.Take(fact);
    parts_.Take(fact);
    row_.set_year_start_date(FirstDayText(row_.year().from()));
    // A strategy for reserves has a title of its own, which is the budget's only while there is no
    // other.
    const std::string& title = TitleIn(fact.proposed());
    if (!title.empty() && (title_.empty() || fact.day != ledger::Day::Max())) title_ = title;
    if (!title_.empty()) row_.set_title(title_);
  }

  void MoreRows(RowSink& sink) override {
    days_.Give(row_.budget(), sink);
    parts_.Give(row_.budget(), sink);
  }

 private:
  static const std::string& TitleIn(const Proposed& proposed) {
    if (proposed.has_budget_set()) return proposed.budget_set().title();
    if (proposed.has_precept_proposed()) return proposed.precept_proposed().title();
    return proposed.budget_dates_set().title();
  }

  std::string title_;
  BudgetDays days_;
  BudgetParts parts_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "d/")) return BudgetDateRow::default_instance();
  if (absl::StartsWith(key, "p/")) return BudgetPartRow::default_instance();
  return BudgetRow::default_instance();
}

}  // namespace

const Register& BudgetsRegister() {
  static const Register& budgets =
      *new Register(RuledRegister<BudgetFold, BudgetRow>("budgets", 1, "budgets", Rules(), RowOf));
  return budgets;
}

}  // namespace scrutiny::projections
