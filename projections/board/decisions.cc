#include "projections/board/decisions.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::DecisionOptionRow;
using register_::v1::DecisionState;
using Options = google::protobuf::RepeatedPtrField<event::v1::DecisionOption>;

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
    row_.set_where("not known");
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    SCRUTINY_RETURN_IF_ERROR(TakeFact(fact));
    SetState();
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    // Where a row is not to be, an empty one removes it.
    sink.Row(kEarliestKey, row_.date_uncertain() ? earliest_ : register_::v1::ActionStep());
    for (int place = 0; place < static_cast<int>(options_given_); ++place) {
      DecisionOptionRow row;
      if (place < options_.size()) FillOption(place, &row);
      sink.Row(absl::StrCat(kDecisionOptionPrefix, absl::Dec(place + 1, absl::kZeroPad5)), row);
    }
    sink.Row(kWithheldKey, withheld_);
  }

 private:
  absl::Status TakeFact(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kDecisionProposed:
        ProposedFact(fact, proposed.decision_proposed());
        break;
      case Proposed::kDecisionProposalDropped:
        dropped_ = true;
        break;
      case Proposed::kDecisionTaken:
        Taken(fact, proposed.decision_taken());
        break;
      case Proposed::kDecisionOptionsAppraised:
        SetOptions(fact, proposed.decision_options_appraised().considered(),
                   proposed.decision_options_appraised().paper());
        break;
      case Proposed::kDecisionSignificanceTested:
        *row_.mutable_significance() = proposed.decision_significance_tested().significance();
        break;
      case Proposed::kDecisionRetitled:
        AddTitle(proposed.decision_retitled().title());
        break;
      case Proposed::kDecisionNumbered:
        numbered_ = true;
        SetNumber(fact, proposed.decision_numbered());
        break;
      case Proposed::kDecisionReviewed:
        row_.set_reviewed_on(fact.DayText());
        row_.set_review(proposed.decision_reviewed().text());
        break;
      default:
        return TakeOutcome(fact);
    }
    return absl::OkStatus();
  }

  // What became of it.
  absl::Status TakeOutcome(const Fact& fact) {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kDecisionPublished:
        Published(fact, proposed.decision_published());
        break;
      case Proposed::kDecisionPublicationWithheld:
        withheld_ = proposed.decision_publication_withheld();
        row_.set_withheld_because(withheld_.reason());
        row_.set_exemption(withheld_.exemption());
        break;
      case Proposed::kDecisionReported:
        Reported(fact, proposed.decision_reported());
        break;
      case Proposed::kDecisionImplemented:
        outcome_ = std::max(outcome_, register_::v1::DECISION_STATE_IMPLEMENTED);
        row_.set_implemented_on(fact.DayText());
        break;
      case Proposed::kDecisionSuperseded:
        outcome_ = std::max(outcome_, register_::v1::DECISION_STATE_SUPERSEDED);
        row_.set_superseded_by(proposed.decision_superseded().by());
        break;
      case Proposed::kDecisionRescinded:
        outcome_ = register_::v1::DECISION_STATE_RESCINDED;
        break;
      default:
        return NotForRegister("decisions", fact);
    }
    return absl::OkStatus();
  }

  // A proposal says what is to be decided; what was decided is said by the decision itself.
  void ProposedFact(const Fact& fact, const event::v1::DecisionProposed& proposed) {
    proposed_ = true;
    row_.set_proposed_on(fact.DayText());
    AddFounding(fact, proposed.title());
    if (taken_) return;
    if (proposed.has_decider()) *row_.mutable_decider() = proposed.decider();
    *row_.mutable_amounts() = proposed.amounts();
    row_.set_summary(proposed.summary());
  }

  void Taken(const Fact& fact, const event::v1::DecisionTaken& taken) {
    taken_ = true;
    AddFounding(fact, taken.title());
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
    row_.set_reasons(taken.reasons());
    const bool dated = fact.day != ledger::Day::Max();
    if (!taken.considered().empty() && (dated || options_.empty())) {
      SetOptions(fact, taken.considered(), std::string());
    }
    if (taken.has_significance() && (dated || !row_.has_significance())) {
      *row_.mutable_significance() = taken.significance();
    }
    if (taken.has_publish_by()) *row_.mutable_publish_by() = taken.publish_by();
    if (!numbered_) SetNumber(fact, taken);
  }

  // A founding fact that is not dated comes last and says what was so at first.
  void AddFounding(const Fact& fact, const std::string& title) {
    if (fact.day == ledger::Day::Max() && !titles_.empty()) {
      titles_.insert(titles_.begin(), title);
      SetTitles();
    } else {
      AddTitle(title);
    }
  }

  void AddTitle(const std::string& title) {
    titles_.push_back(title);
    SetTitles();
  }

  void SetTitles() {
    row_.set_title(titles_.back());
    row_.clear_former_titles();
    for (size_t i = titles_.size() - 1; i-- > 0;) {
      if (titles_[i] != titles_[i + 1]) row_.add_former_titles(titles_[i]);
    }
  }

  void SetOptions(const Fact& fact, const Options& options, const std::string& paper) {
    options_ = options;
    options_paper_ = paper;
    options_meta_ = MetaBuilder();
    options_meta_.Add(fact);
    options_given_ = std::max(options_given_, static_cast<size_t>(options.size()));
    row_.set_options(static_cast<uint32_t>(options.size()));
    row_.clear_preferred();
    for (const event::v1::DecisionOption& option : options) {
      if (!option.preferred() || !row_.preferred().empty()) continue;
      row_.set_preferred(option.label().empty() ? option.text() : option.label());
    }
  }

  void FillOption(int place, DecisionOptionRow* row) const {
    const event::v1::DecisionOption& option = options_.Get(place);
    row->set_decision(row_.decision());
    row->set_decision_title(row_.title());
    row->set_decided_on(row_.date());
    row->set_order(static_cast<uint32_t>(place) + 1);
    row->set_key(option.key());
    row->set_label(option.label());
    row->set_text(option.text());
    *row->mutable_reasons_for() = option.reasons_for();
    *row->mutable_reasons_against() = option.reasons_against();
    row->set_preferred(option.preferred());
    *row->mutable_preferred_by() = option.preferred_by();
    *row->mutable_amounts() = option.amounts();
    row->set_paper(options_paper_);
    options_meta_.WriteTo(row->mutable_meta());
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
    // What was withheld as a whole is so no longer; a part may still be.
    if (!withheld_.in_part()) {
      withheld_.Clear();
      row_.clear_withheld_because();
      row_.clear_exemption();
    }
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

  void SetState() {
    if (outcome_ != register_::v1::DECISION_STATE_UNSPECIFIED) {
      row_.set_state(outcome_);
    } else if (taken_ || (!proposed_ && !dropped_)) {
      row_.set_state(register_::v1::DECISION_STATE_TAKEN);
    } else {
      row_.set_state(dropped_ ? register_::v1::DECISION_STATE_DROPPED
                              : register_::v1::DECISION_STATE_PROPOSED);
    }
  }

  register_::v1::ActionStep earliest_;
  bool numbered_ = false;
  bool taken_ = false;
  bool proposed_ = false;
  bool dropped_ = false;
  DecisionState outcome_ = register_::v1::DECISION_STATE_UNSPECIFIED;
  std::vector<std::string> titles_;  // the one that holds last
  Options options_;
  std::string options_paper_;
  MetaBuilder options_meta_;
  size_t options_given_ = 0;  // the most there ever were
  event::v1::DecisionPublicationWithheld withheld_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_decision_taken() && !proposed.decision_taken().meeting().empty()) {
    sink("meeting", proposed.decision_taken().meeting());
  }
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key == kEarliestKey) return register_::v1::ActionStep::default_instance();
  if (absl::StartsWith(key, kDecisionOptionPrefix)) return DecisionOptionRow::default_instance();
  if (key == kWithheldKey) return event::v1::DecisionPublicationWithheld::default_instance();
  return register_::v1::DecisionRow::default_instance();
}

}  // namespace

const Register& DecisionsRegister() {
  static const Register& decisions = *new Register{
      "decisions",
      2,
      "decisions",
      {Proposed::kDecisionTaken, Proposed::kDecisionNumbered, Proposed::kDecisionPublished,
       Proposed::kDecisionReported, Proposed::kDecisionImplemented, Proposed::kDecisionSuperseded,
       Proposed::kDecisionRescinded, Proposed::kDecisionProposed,
       Proposed::kDecisionOptionsAppraised, Proposed::kDecisionSignificanceTested,
       Proposed::kDecisionPublicationWithheld, Proposed::kDecisionRetitled,
       Proposed::kDecisionReviewed, Proposed::kDecisionProposalDropped},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<DecisionFold>(record);
      },
      Index,
      RowOf};
  return decisions;
}

}  // namespace scrutiny::projections
