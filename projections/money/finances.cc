#include "projections/money/finances.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/public/child_rows.h"
#include "scrutiny/register/v1/finances.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::DefinedTerm;
using event::v1::FinanceFigure;
using event::v1::Proposed;
using google::protobuf::Message;

constexpr int kTermsMax = 10;

FinanceRow& Of(Message* row) { return static_cast<FinanceRow&>(*row); }

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kFinancePositionReported,
       .state = FINANCE_STATE_REPORTED,
       .day = "reported_on",
       .step = "reported",
       .then =
           [](const Fact& fact, Message* row) {
             ItemOfMeeting(fact.proposed().finance_position_reported(), &Of(row));
           }},
      {.fact_type = Proposed::kFinanceFiguresRestated,
       .state = FINANCE_STATE_RESTATED,
       .day = "restated_on",
       .step = "restated",
       .then =
           [](const Fact& fact, Message* row) {
             ItemOfMeeting(fact.proposed().finance_figures_restated(), &Of(row));
           }},
      {.fact_type = Proposed::kFinanceTermDefined,
       .step = "term defined",
       .then =
           [](const Fact& fact, Message* row) {
             ItemOfMeeting(fact.proposed().finance_term_defined(), &Of(row));
           }},
  };
}

class FinanceFold final : public RuledFold<FinanceRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    // A position that is not dated folds last: what was said of it with a date is of a later time.
    const bool only_fill = any_ && fact.day == ledger::Day::Max();
    any_ = true;
    if (proposed.has_finance_position_reported()) {
      Report(fact, only_fill);
    } else if (proposed.has_finance_figures_restated()) {
      for (const FinanceFigure& figure : proposed.finance_figures_restated().figures()) {
        Restate(fact, figure, proposed.finance_figures_restated().reason());
      }
    } else if (proposed.has_finance_term_defined()) {
      Define(proposed.finance_term_defined().definition(), false);
    }
    row_.set_period_end_date(LastDayText(row_.period().to()));
    row_.set_figures_recorded(static_cast<uint32_t>(figures_.size()));
    row_.mutable_terms()->Assign(terms_.begin(), terms_.end());
  }

  void MoreRows(RowSink& sink) override {
    figures_.ForEach([&](const std::string&, FinanceFigureRow& row) {
      row.set_finance(row_.finance());
      row.clear_period();
      if (row_.has_period()) *row.mutable_period() = row_.period();
      row.set_period_end_date(row_.period_end_date());
      const auto at = std::find(order_.begin(), order_.end(), row.key());
      row.set_order(static_cast<uint32_t>(at - order_.begin()) + 1);
    });
    figures_.Give(sink);
  }

 private:
  static std::string RowKey(const FinanceFigure& figure) {
    return absl::StrCat("f/", figure.key());
  }

  static void Fill(const FinanceFigure& figure, FinanceFigureRow& row) {
    row.set_key(figure.key());
    row.set_label(figure.label());
    row.clear_amount();
    if (figure.has_amount()) *row.mutable_amount() = figure.amount();
    row.set_basis(figure.basis());
    row.clear_against();
    if (figure.has_against()) *row.mutable_against() = figure.against();
    row.clear_variance();
    if (figure.has_variance()) *row.mutable_variance() = figure.variance();
    row.set_term(figure.term());
    row.set_note(figure.note());
  }

  void Report(const Fact& fact, bool only_fill) {
    const event::v1::FinancePositionReported& reported =
        fact.proposed().finance_position_reported();
    if (!reported.figures().empty()) {
      if (!only_fill) figures_.DropAll();
      std::vector<std::string> order;
      for (const FinanceFigure& figure : reported.figures()) {
        order.push_back(figure.key());
        TakeReported(fact, figure);
      }
      for (std::string& key : order_) {
        const bool listed = std::find(order.begin(), order.end(), key) != order.end();
        if (!listed && figures_.Find(absl::StrCat("f/", key)) != nullptr) {
          order.push_back(std::move(key));
        }
      }
      order_ = std::move(order);
    }
    for (const DefinedTerm& term : reported.terms()) Define(term, only_fill);
  }

  // A figure that was restated already is what it was restated to.
  void TakeReported(const Fact& fact, const FinanceFigure& figure) {
    FinanceFigureRow& row = figures_.Touch(RowKey(figure), fact);
    if (row.key().empty()) return Fill(figure, row);
    if (row.restated()) return;
    row.set_restated(true);
    if (figure.has_amount()) *row.mutable_restated_from() = figure.amount();
  }

  void Restate(const Fact& fact, const FinanceFigure& figure, const std::string& reason) {
    FinanceFigureRow& row = figures_.Touch(RowKey(figure), fact);
    if (row.key().empty()) {
      order_.push_back(figure.key());
    } else {
      row.set_restated(true);
      row.clear_restated_from();
      if (row.has_amount()) *row.mutable_restated_from() = row.amount();
    }
    Fill(figure, row);
    row.set_reason(reason);
  }

  void Define(const DefinedTerm& definition, bool only_fill) {
    const auto same = std::find_if(terms_.begin(), terms_.end(), [&](const DefinedTerm& term) {
      return absl::EqualsIgnoreCase(term.term(), definition.term());
    });
    if (same != terms_.end()) {
      if (!only_fill) *same = definition;
      return;
    }
    terms_.push_back(definition);
    if (terms_.size() > kTermsMax) terms_.erase(terms_.begin());
  }

  bool any_ = false;
  ChildRows<FinanceFigureRow> figures_;
  std::vector<std::string> order_;  // keys of figures
  std::vector<DefinedTerm> terms_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "f/")) return FinanceFigureRow::default_instance();
  return FinanceRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  for (const std::string* meeting : {&proposed.finance_position_reported().meeting(),
                                     &proposed.finance_figures_restated().meeting(),
                                     &proposed.finance_term_defined().meeting()}) {
    if (!meeting->empty()) sink("meeting", *meeting);
  }
}

}  // namespace

const Register& FinancesRegister() {
  static const Register& finances = *new Register(
      RuledRegister<FinanceFold, FinanceRow>("finances", 1, "finances", Rules(), RowOf, Index));
  return finances;
}

}  // namespace scrutiny::projections
