#include "projections/board/reviews.h"

#include <memory>

#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "scrutiny/event/v1/agenda.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class ReviewsFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    if (!fact.proposed().has_action_review_presented()) return NotForRegister("reviews", fact);
    const event::v1::ActionReviewPresented& review = fact.proposed().action_review_presented();
    const std::string key = absl::StrCat("r/", absl::Hex(fact.sequence.value(), absl::kZeroPad16));
    event::v1::ActionReviewPresented& head = reviews_.Make(key);
    // An empty row would not be kept.
    head.set_item(review.item().empty() ? "review" : review.item());
    for (int i = 0; i < review.lines_size(); ++i) {
      lines_.Make(absl::StrCat(key, "/", absl::Dec(i, absl::kZeroPad4))) = review.lines(i);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    reviews_.Give(only_changed, sink);
    lines_.Give(only_changed, sink);
  }

 private:
  MadeRows<event::v1::ActionReviewPresented> reviews_;
  MadeRows<event::v1::ReviewLine> lines_;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key.find('/', 2) != absl::string_view::npos) return event::v1::ReviewLine::default_instance();
  return event::v1::ActionReviewPresented::default_instance();
}

}  // namespace

const Register& ReviewsRegister() {
  static const Register& reviews = *new Register{
      "reviews",
      1,
      "meetings",
      {Proposed::kActionReviewPresented},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<ReviewsFold>(); },
      nullptr,
      RowOf};
  return reviews;
}

}  // namespace scrutiny::projections
