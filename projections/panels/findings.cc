#include "projections/panels/findings.h"

#include <memory>
#include <string>

#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class FindingFold final : public RowFold<register_::v1::FindingRow> {
 public:
  explicit FindingFold(absl::string_view record) { row_.set_finding(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kFindingRecorded:
        Recorded(fact, proposed.finding_recorded());
        break;
      case Proposed::kForceResponseRecorded:
        Responded(fact, proposed.force_response_recorded());
        break;
      case Proposed::kPanelViewRecorded:
        row_.set_panel_view(proposed.panel_view_recorded().view());
        if (!settled_ && !escalated_) row_.set_outcome(proposed.panel_view_recorded().text());
        break;
      case Proposed::kFindingResolved:
        settled_ = true;
        row_.set_outcome(proposed.finding_resolved().text());
        break;
      case Proposed::kFindingEscalated:
        escalated_ = true;
        settled_ = false;
        row_.set_outcome(proposed.finding_escalated().reason());
        break;
      default:
        return NotForRegister("findings", fact);
    }
    row_.set_state(State());
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    if (due_asked_) sink.Row(kResponseDueKey, due_);
  }

 private:
  register_::v1::FindingState State() const {
    if (settled_) return register_::v1::FINDING_STATE_RESOLVED;
    if (escalated_) return register_::v1::FINDING_STATE_ESCALATED;
    if (row_.responses_size() > 0) return register_::v1::FINDING_STATE_ANSWERED;
    return due_asked_ ? register_::v1::FINDING_STATE_AWAITING_RESPONSE
                      : register_::v1::FINDING_STATE_NO_RESPONSE_NEEDED;
  }

  void Recorded(const Fact& fact, const event::v1::FindingRecorded& recorded) {
    row_.set_scheme(recorded.scheme());
    row_.set_session(recorded.session());
    row_.set_date(fact.DayText());
    row_.set_title(recorded.title());
    row_.set_observation(recorded.observation());
    row_.set_grade(recorded.grade());
    row_.set_case_reference(recorded.case_reference());
    if (recorded.has_response_due()) AskFor(recorded.response_due());
  }

  void Responded(const Fact& fact, const event::v1::ForceResponseRecorded& responded) {
    register_::v1::FindingResponse* response = row_.add_responses();
    response->set_date(fact.DayText());
    response->set_text(responded.text());
    response->set_stance(responded.stance());
    response->set_learning(responded.learning());
    response->set_sequence(fact.sequence.value());
    if (responded.has_due() && !due_asked_) AskFor(responded.due());
  }

  void AskFor(const event::v1::Due& due) {
    due_asked_ = true;
    due_ = due;
    // An empty row would not be kept, and that a response is asked for must be.
    if (due_.ByteSizeLong() == 0) due_.set_printed("by the scheme's time limit");
    row_.set_response_due(due.date());
  }

  event::v1::Due due_;
  bool due_asked_ = false;
  bool escalated_ = false;
  bool settled_ = false;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_finding_recorded()) sink("scheme", proposed.finding_recorded().scheme());
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key == kResponseDueKey) return event::v1::Due::default_instance();
  return register_::v1::FindingRow::default_instance();
}

}  // namespace

const Register& FindingsRegister() {
  static const Register& findings = *new Register{
      "findings",
      1,
      "findings",
      {Proposed::kFindingRecorded, Proposed::kForceResponseRecorded, Proposed::kPanelViewRecorded,
       Proposed::kFindingResolved, Proposed::kFindingEscalated},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<FindingFold>(record);
      },
      Index,
      RowOf};
  return findings;
}

}  // namespace scrutiny::projections
