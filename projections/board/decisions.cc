#include "projections/board/decisions.h"

#include <algorithm>
#include <memory>
#include <string>

#include "ledger/base/date.h"
#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::DecisionState;

// The first possible day, ISO; empty if nothing says so.
std::string EarliestDay(const event::v1::Occurred& occurred) {
  const std::string& text = occurred.on().empty() ? occurred.earliest() : occurred.on();
  const absl::StatusOr<ledger::PartialDate> date = ledger::PartialDate::Parse(text);
  return date.ok() ? date->FirstDay().ToString() : std::string();
}

// Whether the papers give the day itself.
bool IsDayPrinted(const event::v1::Occurred& occurred) {
  if (occurred.inferred()) return false;
  const absl::StatusOr<ledger::PartialDate> date = ledger::PartialDate::Parse(occurred.on());
  return date.ok() && date->precision() == ledger::PartialDate::Precision::kDay;
}

absl::string_view WhereInWords(event::v1::DecisionTakenWhere where) {
  switch (where) {
    case event::v1::DECISION_TAKEN_WHERE_AT_MEETING:
      return "at a meeting";
    case event::v1::DECISION_TAKEN_WHERE_BETWEEN_MEETINGS:
      return "between meetings";
    default:
      return "not known";
  }
}

class DecisionFold final : public RowFold<register_::v1::DecisionRow> {
 public:
  explicit DecisionFold(absl::string_view record) {
    row_.set_decision(record.data(), record.size());
    row_.set_state(register_::v1::DECISION_STATE_TAKEN);
    row_.set_where("not known");
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kDecisionTaken:
        Taken(fact, proposed.decision_taken());
        break;
      case Proposed::kDecisionNumbered:
        numbered_ = true;
        SetNumber(fact, proposed.decision_numbered());
        break;
      case Proposed::kDecisionPublished:
        Published(fact, proposed.decision_published());
        break;
      case Proposed::kDecisionReported:
        Reported(fact, proposed.decision_reported());
        break;
      case Proposed::kDecisionImplemented:
        row_.set_state(std::max(row_.state(), register_::v1::DECISION_STATE_IMPLEMENTED));
        break;
      case Proposed::kDecisionSuperseded:
        row_.set_state(std::max(row_.state(), register_::v1::DECISION_STATE_SUPERSEDED));
        row_.set_superseded_by(proposed.decision_superseded().by());
        break;
      case Proposed::kDecisionRescinded:
        row_.set_state(register_::v1::DECISION_STATE_RESCINDED);
        break;
      default:
        return NotForRegister("decisions", fact);
    }
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    earliest_given_ |= !earliest_.date().empty() && row_.date_uncertain();
    if (earliest_given_) sink.Row(kEarliestKey, earliest_);
  }

 private:
  void Taken(const Fact& fact, const event::v1::DecisionTaken& taken) {
    row_.set_title(taken.title());
    if (taken.has_decider()) *row_.mutable_decider() = taken.decider();
    row_.set_date(fact.DayText());
    row_.set_date_uncertain(!IsDayPrinted(fact.proposed().occurred()));
    earliest_.set_date(EarliestDay(fact.proposed().occurred()));
    row_.set_meeting(taken.meeting());
    row_.set_item(taken.item());
    const absl::string_view where = WhereInWords(taken.where());
    row_.set_where(where.data(), where.size());
    row_.set_effective_from(fact.proposed().effective_from());
    *row_.mutable_amounts() = taken.amounts();
    row_.set_summary(taken.summary());
    if (!numbered_) SetNumber(fact, taken);
  }

  // From a fact that gives a number or asks for one.
  template <typename Numbering>
  void SetNumber(const Fact& fact, const Numbering& numbering) {
    if (numbering.has_number()) {
      *row_.mutable_number() = numbering.number();
    } else if (const event::v1::Number* assigned = fact.AssignedNumber(); assigned != nullptr) {
      *row_.mutable_number() = *assigned;
    }
  }

  void Published(const Fact& fact, const event::v1::DecisionPublished& published) {
    row_.set_published(true);
    // A latest possible day is not the day on which it was published.
    if (!fact.proposed().occurred().on().empty()) row_.set_published_on(fact.DayText());
    for (const std::string* at : {&published.url(), &published.text(), &published.paper()}) {
      if (at->empty()) continue;
      row_.set_published_at(*at);
      return;
    }
  }

  void Reported(const Fact& fact, const event::v1::DecisionReported& reported) {
    register_::v1::DecisionReport* report = row_.add_reports();
    report->set_forum(reported.forum());
    report->set_meeting(reported.meeting());
    report->set_item(reported.item());
    report->set_inferred(IsInferred(fact));
  }

  register_::v1::ActionStep earliest_;
  bool earliest_given_ = false;  // applying a fact must not remove a row
  bool numbered_ = false;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_decision_taken() && !proposed.decision_taken().meeting().empty()) {
    sink("meeting", proposed.decision_taken().meeting());
  }
}

}  // namespace

const Register& DecisionsRegister() {
  static const Register& decisions = *new Register{
      "decisions",
      1,
      "decisions",
      {Proposed::kDecisionTaken, Proposed::kDecisionNumbered, Proposed::kDecisionPublished,
       Proposed::kDecisionReported, Proposed::kDecisionImplemented, Proposed::kDecisionSuperseded,
       Proposed::kDecisionRescinded},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<DecisionFold>(record);
      },
      Index};
  return decisions;
}

}  // namespace scrutiny::projections
