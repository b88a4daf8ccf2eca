#include "projections/board/commitments.h"

#include <string>
#include <vector>

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/commitments.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

CommitmentRow& Of(Message* row) { return static_cast<CommitmentRow&>(*row); }

void Proposing(const Fact& fact, Message* row) {
  const Proposed& proposed = fact.proposed();
  if (proposed.sources_size() > 0) Of(row).set_paragraph(proposed.sources(0).paragraph());
}

void Declining(const Fact& fact, Message* row) {
  Of(row).set_declined_because(fact.proposed().commitment_declined().reason());
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kCommitmentProposed,
       .state = COMMITMENT_STATE_PROPOSED,
       .day = "given_on",
       .step = "proposed",
       .then = Proposing},
      {.fact_type = Proposed::kCommitmentRestated, .step = "restated"},
      {.fact_type = Proposed::kCommitmentAdopted,
       .state = COMMITMENT_STATE_ADOPTED,
       .day = "adopted_on",
       .step = "adopted"},
      {.fact_type = Proposed::kCommitmentDeclined,
       .state = COMMITMENT_STATE_DECLINED,
       .day = "declined_on",
       .step = "declined",
       .clears = {"same_as"},
       .then = Declining},
      {.fact_type = Proposed::kCommitmentMet,
       .state = COMMITMENT_STATE_MET,
       .day = "met_on",
       .step = "met"},
      {.fact_type = Proposed::kCommitmentReopened,
       .state = COMMITMENT_STATE_PROPOSED,
       .step = "reopened",
       .clears = {"action", "adopted_on", "declined_on", "declined_because", "same_as", "met_on",
                  "evidence"}},
  };
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](absl::string_view index, const std::string& value) {
    if (!value.empty()) sink(index, value);
  };
  mention("meeting", proposed.commitment_proposed().given_at());
  mention("paper", proposed.commitment_proposed().paper());
  mention("action", proposed.commitment_adopted().action());
}

}  // namespace

const Register& CommitmentsRegister() {
  static const Register& commitments =
      *new Register(RecordRegister<CommitmentRow>(kCommitments, 1, "commitments", Rules(), Index));
  return commitments;
}

}  // namespace scrutiny::projections
