#include "projections/public/representations.h"

#include <string>

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/representations.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

void Answered(const Fact& fact, Message* message) {
  const event::v1::RepresentationAnswered& answered = fact.proposed().representation_answered();
  auto* const row = static_cast<RepresentationRow*>(message);
  if (row->answers_size() == kRepliesMax) row->mutable_answers()->erase(row->answers().begin());
  RepresentationReply* const reply = row->add_answers();
  reply->set_date(fact.DayText());
  if (answered.has_answered_by()) *reply->mutable_answered_by() = answered.answered_by();
  reply->set_stance(answered.stance());
  reply->set_answer(answered.answer());
  reply->set_paper(answered.answer_paper());
  reply->set_sequence(fact.sequence.value());
  row->set_more_awaited(answered.more_awaited());
  row->set_state(answered.more_awaited() ? REPRESENTATION_STATE_PARTLY_ANSWERED
                                         : REPRESENTATION_STATE_ANSWERED);
  // The item is of another meeting.
  if (!answered.meeting().empty()) row->clear_item();
}

void Index(const Proposed& proposed, IndexSink sink) {
  for (const auto* concerning : {&proposed.representation_sent().concerning(),
                                 &proposed.representation_received().concerning()}) {
    for (const std::string& record : *concerning) sink("concerning", record);
  }
}

}  // namespace

const Register& RepresentationsRegister() {
  static const Register& representations = *new Register(RecordRegister<RepresentationRow>(
      "representations", 1, "representations",
      {{.fact_type = Proposed::kRepresentationSent,
        .state = REPRESENTATION_STATE_SENT,
        .day = "sent_on",
        .step = "sent"},
       {.fact_type = Proposed::kRepresentationReceived,
        .state = REPRESENTATION_STATE_RECEIVED,
        .day = "sent_on",
        .step = "received"},
       {.fact_type = Proposed::kRepresentationAnswered,
        .day = "answered_on",
        .step = "answered",
        .then = Answered},
       {.fact_type = Proposed::kRepresentationReminded, .day = "reminded_on", .step = "reminded"},
       {.fact_type = Proposed::kRepresentationClosed,
        .state = REPRESENTATION_STATE_CLOSED,
        .day = "closed_on",
        .step = "closed"}},
      Index));
  return representations;
}

}  // namespace scrutiny::projections
