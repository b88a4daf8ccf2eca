#include "projections/people/conduct_complaints.h"

#include <memory>
#include <string>
#include <vector>

#include "projections/engine/ruled_fold.h"
#include "projections/panels/count_rows.h"
#include "scrutiny/register/v1/conduct_complaints.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

// What is not recorded, need not be dealt with or is somebody else's is not followed here.
void Handled(const Fact&, Message* row) {
  auto* const complaint = static_cast<ConductComplaintRow*>(row);
  switch (complaint->handling()) {
    case event::v1::CONDUCT_COMPLAINT_HANDLING_NOT_RECORDED:
    case event::v1::CONDUCT_COMPLAINT_HANDLING_DISAPPLIED:
    case event::v1::CONDUCT_COMPLAINT_HANDLING_PASSED_ON:
      complaint->set_state(CONDUCT_COMPLAINT_STATE_NOT_TAKEN);
      return;
    default:
      return;
  }
}

// `handling` of a return may be the one that was decided before.
void Returned(const Fact& fact, Message* row) {
  if (fact.proposed().conduct_complaint_returned().handling() != 0) Handled(fact, row);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kConductComplaintReceived,
       .state = CONDUCT_COMPLAINT_STATE_RECEIVED,
       .day = "received_on",
       .step = "received"},
      {.fact_type = Proposed::kConductComplaintHandlingDecided,
       .state = CONDUCT_COMPLAINT_STATE_RECORDED,
       .day = "handling_on",
       .step = "handling decided",
       .then = Handled},
      {.fact_type = Proposed::kConductComplaintReferred,
       .state = CONDUCT_COMPLAINT_STATE_REFERRED,
       .day = "referred_on",
       .step = "referred",
       .clears = {"referred_to_printed", "returned_on"}},
      {.fact_type = Proposed::kConductComplaintReturned,
       .state = CONDUCT_COMPLAINT_STATE_RECORDED,
       .day = "returned_on",
       .step = "returned",
       .then = Returned},
      {.fact_type = Proposed::kConductComplaintConsidered,
       .state = CONDUCT_COMPLAINT_STATE_CONSIDERED,
       .day = "considered_on",
       .step = "considered"},
      {.fact_type = Proposed::kConductComplaintConcluded,
       .state = CONDUCT_COMPLAINT_STATE_CONCLUDED,
       .day = "concluded_on",
       .step = "concluded"},
      {.fact_type = Proposed::kConductComplaintOutcomeReported,
       .state = CONDUCT_COMPLAINT_STATE_REPORTED,
       .day = "reported_on",
       .step = "outcome reported"},
      {.fact_type = Proposed::kConductComplaintDisclosed,
       .day = "disclosed_on",
       .step = "made public"},
  };
}

void Index(const Proposed& proposed, IndexSink sink) {
  for (const std::string& meeting : {proposed.conduct_complaint_considered().meeting(),
                                     proposed.conduct_complaint_concluded().meeting(),
                                     proposed.conduct_complaint_outcome_reported().meeting()}) {
    if (!meeting.empty()) sink("meeting", meeting);
  }
}

class CountFold final : public RuledFold<ConductComplaintCountRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    counts_.Take(fact, fact.proposed().conduct_complaints_counted());
  }
  void MoreRows(RowSink& sink) override { counts_.Give(row_.counts(), sink); }

 private:
  CountRows counts_;
};

}  // namespace

const Register& ConductComplaintsRegister() {
  static const Register& complaints = *new Register(RecordRegister<ConductComplaintRow>(
      "conduct-complaints", 1, "conduct-complaints", Rules(), Index));
  return complaints;
}

const Register& ConductComplaintCountsRegister() {
  static const Register& counts = *new Register(RuledRegister<CountFold, ConductComplaintCountRow>(
      "conduct-complaint-counts", 1, "conduct-complaint-counts",
      {{.fact_type = Proposed::kConductComplaintsCounted}}, RowOrCount<ConductComplaintCountRow>));
  return counts;
}

}  // namespace scrutiny::projections
