#include "projections/inspections/returns.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "scrutiny/register/v1/returns.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

void Answered(const Fact& fact, Message* message) {
  if (!fact.proposed().return_answered().sent_back()) return;
  static_cast<ReturnRow*>(message)->set_state(RETURN_STATE_SENT_BACK);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kReturnFellDue,
       .state = RETURN_STATE_DUE,
       .day = "known_on",
       .step = "due"},
      {.fact_type = Proposed::kReturnDueChanged, .step = "due changed"},
      {.fact_type = Proposed::kReturnDrafted,
       .state = RETURN_STATE_DRAFTED,
       .day = "drafted_on",
       .step = "drafted"},
      {.fact_type = Proposed::kReturnAreaRated},
      {.fact_type = Proposed::kReturnApproved,
       .state = RETURN_STATE_APPROVED,
       .day = "approved_on",
       .step = "approved"},
      {.fact_type = Proposed::kReturnSubmitted,
       .state = RETURN_STATE_SUBMITTED,
       .day = "submitted_on",
       .step = "submitted",
       .clears = {"answered_on"}},
      {.fact_type = Proposed::kReturnAnswered,
       .day = "answered_on",
       .step = "answered",
       .then = Answered},
      {.fact_type = Proposed::kReturnPublished,
       .state = RETURN_STATE_PUBLISHED,
       .day = "published_on",
       .step = "published"},
      {.fact_type = Proposed::kReturnNoLongerDue,
       .state = RETURN_STATE_NO_LONGER_DUE,
       .step = "no longer due"},
  };
}

class ReturnFold final : public RuledFold<ReturnRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    if (!fact.proposed().has_return_area_rated()) return;
    const event::v1::ReturnAreaRated& rated = fact.proposed().return_area_rated();
    Rating& kept = ratings_[rated.key()];
    kept.meta.Add(fact);
    ReturnRatingRow& row = kept.row;
    row.Clear();
    row.set_return_record(row_.return_record());
    row.set_key(rated.key());
    row.set_area(rated.area());
    row.set_aspect(rated.aspect());
    row.set_rag(rated.rag());
    row.set_rating_printed(rated.rating_printed());
    row.set_text(rated.text());
    row.set_gap(rated.gap());
    row.set_response(rated.response());
    row.set_case_study(rated.case_study());
    if (rated.has_owner()) *row.mutable_owner() = rated.owner();
    row.set_order(rated.order());
    row.set_rated_on(fact.DayText());
    *row.mutable_priorities() = rated.priorities();
    if (fact.proposed().has_plan_version()) {
      *row.mutable_plan_version() = fact.proposed().plan_version();
    }
    Tally();
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, kept] : ratings_) {
      kept.row.set_return_title(row_.title());
      kept.meta.WriteTo(kept.row.mutable_meta());
      sink.Row(absl::StrCat("a/", key), kept.row);
    }
  }

 private:
  struct Rating {
    ReturnRatingRow row;
    MetaBuilder meta;
  };

  // Over the latest of each key.
  void Tally() {
    uint32_t of[4] = {};  // not said or another scale, green, amber, red
    uint32_t studies = 0;
    for (const auto& [key, kept] : ratings_) {
      const int rag = kept.row.rag();
      ++of[rag >= event::v1::RETURN_RAG_GREEN && rag <= event::v1::RETURN_RAG_RED ? rag : 0];
      if (kept.row.case_study()) ++studies;
    }
    row_.set_areas_rated(static_cast<uint32_t>(ratings_.size()));
    row_.set_other_ratings(of[0]);
    row_.set_green(of[event::v1::RETURN_RAG_GREEN]);
    row_.set_amber(of[event::v1::RETURN_RAG_AMBER]);
    row_.set_red(of[event::v1::RETURN_RAG_RED]);
    row_.set_case_studies(studies);
  }

  std::map<std::string, Rating> ratings_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "a/")) return ReturnRatingRow::default_instance();
  return ReturnRow::default_instance();
}

}  // namespace

const Register& ReturnsRegister() {
  static const Register& returns =
      *new Register(RuledRegister<ReturnFold, ReturnRow>("returns", 1, "returns", Rules(), RowOf));
  return returns;
}

}  // namespace scrutiny::projections
