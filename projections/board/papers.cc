#include "projections/board/papers.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "projections/board/hand_step.h"
#include "projections/engine/record_fold.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/papers.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

// Moves the paper on; it never goes back.
template <PaperState kState>
void Raise(const Fact& /*fact*/, Message* row) {
  PaperRow& paper = static_cast<PaperRow&>(*row);
  paper.set_state(std::max(paper.state(), kState));
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kPaperSubmitted,
       .day = "submitted_on",
       .step = "submitted",
       .then = Raise<PAPER_STATE_SUBMITTED>},
      {.fact_type = Proposed::kPaperRestated, .step = "issued again"},
      {.fact_type = Proposed::kPaperCleared, .step = "cleared", .then = Raise<PAPER_STATE_CLEARED>},
      {.fact_type = Proposed::kPaperRedacted, .day = "redacted_on", .step = "redacted"},
      {.fact_type = Proposed::kPaperPublished,
       .day = "published_on",
       .step = "published",
       .then = Raise<PAPER_STATE_PUBLISHED>},
      {.fact_type = Proposed::kPaperConsidered,
       .step = "considered",
       .then = Raise<PAPER_STATE_CONSIDERED>},
      {.fact_type = Proposed::kPaperSuperseded,
       .step = "superseded",
       .then = Raise<PAPER_STATE_SUPERSEDED>},
  };
}

// Keys that are numbers sort as the numbers do.
std::string RowKeyOf(const std::string& key) {
  uint32_t number = 0;
  if (key.size() <= 5 && key[0] != '0' && absl::SimpleAtoi(key, &number)) {
    return absl::StrCat(kPaperRecommendationPrefix, absl::Dec(number, absl::kZeroPad5));
  }
  return absl::StrCat(kPaperRecommendationPrefix, key);
}

std::string AttachmentKey(uint32_t place) {
  return absl::StrCat(kPaperAttachmentPrefix, absl::Dec(place, absl::kZeroPad5));
}

class PaperFold final : public RowFold<PaperRow> {
 public:
  PaperFold(absl::string_view record, std::shared_ptr<const ReadyRules> rules)
      : rules_(std::move(rules)) {
    SetRecord(record, &row_);
  }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    const auto rule = rules_->find(static_cast<uint32_t>(proposed.fact_case()));
    if (rule != rules_->end()) {
      const bool only_fill = rule->second.founds() && any_ && fact.day == ledger::Day::Max();
      rule->second.Apply(fact, only_fill, &row_);
    }
    any_ = true;
    switch (proposed.fact_case()) {
      case Proposed::kReportRequested:
        Requested(fact, proposed.report_requested());
        break;
      case Proposed::kPaperSubmitted:
        Submitted(fact, proposed.paper_submitted());
        break;
      case Proposed::kRecommendationProposed:
        Recommended(fact, proposed.recommendation_proposed());
        break;
      case Proposed::kAttachmentAdded:
        AddHandStep(fact, "attachment added", proposed.attachment_added().attachment().title(),
                    std::string(), row_.mutable_steps());
        Attach(fact, proposed.attachment_added().attachment(), &added_);
        break;
      case Proposed::kPaperConsidered:
        if (const std::string& at = proposed.paper_considered().considered_at();
            std::find(considered_.begin(), considered_.end(), at) == considered_.end()) {
          considered_.push_back(at);
        }
        break;
      default:
        if (rule == rules_->end()) return NotForRegister("papers", fact);
    }
    Gather();
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    for (const auto& asked : recommendations_) {
      PaperRecommendationRow row;
      row.set_paper(row_.paper());
      row.set_key(asked->part.key());
      row.set_verb(asked->part.verb());
      row.set_text(asked->part.text());
      *row.mutable_amounts() = asked->part.amounts();
      row.set_meeting(row_.meeting());
      row.set_item(row_.item());
      row.set_changed(asked->later);
      asked->meta.WriteTo(row.mutable_meta());
      sink.Row(RowKeyOf(asked->part.key()), row);
    }
    uint32_t place = 0;
    for (const auto* list : {&listed_, &added_}) {
      for (const auto& attached : *list) {
        PaperAttachmentRow row;
        row.set_paper(row_.paper());
        row.set_order(++place);
        row.set_label(attached.part.label());
        row.set_title(attached.part.title());
        row.set_attached(attached.part.paper());
        row.set_absent(attached.part.absent());
        row.set_added_later(list == &added_);
        row.set_meeting(row_.meeting());
        attached.meta.WriteTo(row.mutable_meta());
        sink.Row(AttachmentKey(place), row);
      }
    }
    // There were more before.
    while (place < attachments_given_) sink.Row(AttachmentKey(++place), PaperAttachmentRow());
  }

 private:
  template <typename Of>
  struct Part {
    Of part;
    MetaBuilder meta;
    bool later = false;  // than the paper was submitted
  };
  using Attachment = event::v1::Attachment;
  using Recommendation = event::v1::Recommendation;

  // A request says what is wanted; what the paper says of itself is better.
  void Requested(const Fact& fact, const event::v1::ReportRequested& requested) {
    AddHandStep(fact, "asked for", requested.title(), requested.requested_at(),
                row_.mutable_steps());
    Raise<PAPER_STATE_REQUESTED>(fact, &row_);
    row_.set_requested_on(fact.DayText());
    row_.set_requested_at(requested.requested_at());
    if (requested.has_due()) *row_.mutable_due() = requested.due();
    if (row_.state() >= PAPER_STATE_SUBMITTED) return;
    row_.set_title(requested.title());
    *row_.mutable_report_by() = requested.report_by();
  }

  void Submitted(const Fact& fact, const event::v1::PaperSubmitted& submitted) {
    listed_.clear();
    for (const Attachment& attachment : submitted.attachments()) {
      Attach(fact, attachment, &listed_);
    }
    std::vector<std::unique_ptr<Part<Recommendation>>> own;
    for (const Recommendation& recommendation : submitted.recommendations()) {
      std::unique_ptr<Part<Recommendation>> part = Release(recommendation.key());
      if (part == nullptr) {
        part = std::make_unique<Part<Recommendation>>();
        part->part = recommendation;
      }
      part->meta.Add(fact);
      own.push_back(std::move(part));
    }
    for (auto& other : recommendations_) own.push_back(std::move(other));
    recommendations_ = std::move(own);
  }

  // Takes the recommendation of that key out of the list; null if there is none.
  std::unique_ptr<Part<Recommendation>> Release(const std::string& key) {
    for (auto it = recommendations_.begin(); it != recommendations_.end(); ++it) {
      if ((*it)->part.key() != key) continue;
      std::unique_ptr<Part<Recommendation>> part = std::move(*it);
      recommendations_.erase(it);
      return part;
    }
    return nullptr;
  }

  void Recommended(const Fact& fact, const event::v1::RecommendationProposed& proposed) {
    AddHandStep(fact, "recommendation", proposed.recommendation().text(), proposed.proposed_at(),
                row_.mutable_steps());
    Part<Recommendation>* part = nullptr;
    for (const auto& known : recommendations_) {
      if (known->part.key() == proposed.recommendation().key()) part = known.get();
    }
    if (part == nullptr) {
      recommendations_.push_back(std::make_unique<Part<Recommendation>>());
      part = recommendations_.back().get();
    }
    part->part = proposed.recommendation();
    part->later = true;
    part->meta.Add(fact);
  }

  static void Attach(const Fact& fact, const Attachment& attachment,
                     std::vector<Part<Attachment>>* list) {
    Part<Attachment>& part = list->emplace_back();
    part.part = attachment;
    part.meta.Add(fact);
  }

  // The lists of the main row, which may be shortened there, and their counts.
  void Gather() {
    row_.clear_recommendations();
    for (const auto& asked : recommendations_) *row_.add_recommendations() = asked->part;
    row_.set_recommendation_count(static_cast<uint32_t>(recommendations_.size()));
    row_.clear_attachments();
    uint32_t absent = 0;
    for (const auto* list : {&listed_, &added_}) {
      for (const auto& attached : *list) {
        *row_.add_attachments() = attached.part;
        absent += attached.part.absent() ? 1 : 0;
      }
    }
    row_.set_attachment_count(static_cast<uint32_t>(row_.attachments_size()));
    attachments_given_ = std::max(attachments_given_, row_.attachment_count());
    row_.set_attachments_absent(absent);
    row_.clear_considered_at();
    if (!row_.meeting().empty()) row_.add_considered_at(row_.meeting());
    for (const std::string& at : considered_) {
      if (at != row_.meeting()) row_.add_considered_at(at);
    }
  }

  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
  std::vector<std::unique_ptr<Part<Recommendation>>> recommendations_;
  std::vector<Part<Attachment>> listed_;
  std::vector<Part<Attachment>> added_;
  uint32_t attachments_given_ = 0;  // the most there ever were
  std::vector<std::string> considered_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  const event::v1::PaperSubmitted& submitted = proposed.paper_submitted();
  if (!submitted.meeting().empty()) sink("meeting", submitted.meeting());
  if (!submitted.part_of().empty()) sink("part_of", submitted.part_of());
}

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kPaperRecommendationPrefix)) {
    return PaperRecommendationRow::default_instance();
  }
  if (absl::StartsWith(key, kPaperAttachmentPrefix)) return PaperAttachmentRow::default_instance();
  return PaperRow::default_instance();
}

}  // namespace

const Register& PapersRegister() {
  static const Register& papers = *[] {
    auto* reg = new Register(RecordRegister<PaperRow>("papers", 2, "papers", Rules(), Index));
    const auto rules =
        std::make_shared<const ReadyRules>(MakeReady(Rules(), *PaperRow::descriptor()));
    reg->fact_types.insert(reg->fact_types.end(),
                           {Proposed::kReportRequested, Proposed::kRecommendationProposed,
                            Proposed::kAttachmentAdded});
    reg->new_fold = [rules](absl::string_view record) -> std::unique_ptr<Fold> {
      return std::make_unique<PaperFold>(record, rules);
    };
    reg->row_of = RowOf;
    return reg;
  }();
  return papers;
}

}  // namespace scrutiny::projections
