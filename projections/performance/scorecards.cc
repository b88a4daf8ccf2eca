#include <string>
#include <vector>

#include "projections/engine/record_fold.h"
#include "projections/performance/measures.h"
#include "scrutiny/register/v1/scorecards.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using google::protobuf::Message;
using register_::v1::ScorecardRow;

// As ScorecardRow.measures says.
constexpr int kMeasuresMax = 50;

ScorecardRow& Of(Message* row) { return static_cast<ScorecardRow&>(*row); }

void Published(const Fact& fact, Message* message) {
  const event::v1::ScorecardPublished& published = fact.proposed().scorecard_published();
  ScorecardRow& row = Of(message);
  row.set_measures_listed(static_cast<uint32_t>(published.measures_size()));
  if (row.measures_size() > kMeasuresMax) {
    row.mutable_measures()->DeleteSubrange(kMeasuresMax, row.measures_size() - kMeasuresMax);
  }
}

// The item of a meeting before is not that of the meeting now.
void Commented(const Fact& fact, Message* message) {
  const event::v1::CommentaryAttached& comment = fact.proposed().commentary_attached();
  if (!comment.meeting().empty() && comment.item().empty()) Of(message).clear_item();
}

std::vector<FactRule> Rules() {
  return {{.fact_type = Proposed::kScorecardPublished,
           .day = "published_on",
           .step = "published",
           .then = Published},
          {.fact_type = Proposed::kCommentaryAttached, .step = "comment", .then = Commented}};
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](const std::string& meeting) {
    if (!meeting.empty()) sink("meeting", meeting);
  };
  mention(proposed.scorecard_published().meeting());
  mention(proposed.commentary_attached().meeting());
}

}  // namespace

const Register& ScorecardsRegister() {
  static const Register& scorecards =
      *new Register(RecordRegister<ScorecardRow>("scorecards", 1, "scorecards", Rules(), Index));
  return scorecards;
}

}  // namespace scrutiny::projections
