#include "projections/board/minutes.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "projections/engine/record_fold.h"
#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/minutes.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::MinuteCorrectionRow;
using register_::v1::MinutesRow;
using register_::v1::MinutesState;

std::string SequenceKey(const Fact& fact) {
  return absl::StrCat(kAcceptancePrefix, absl::Hex(fact.sequence.value(), absl::kZeroPad16));
}

class MinutesFold final : public Fold {
 public:
  explicit MinutesFold(absl::string_view record) : meeting_(record) {
    row_.set_meeting(meeting_);
    row_.set_state(register_::v1::MINUTES_STATE_NOT_DRAFTED);
  }

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kMinutesDrafted:
        Drafted(fact, proposed.minutes_drafted());
        return absl::OkStatus();
      case Proposed::kMinutesCirculated:
        Circulated(fact, proposed.minutes_circulated());
        return absl::OkStatus();
      case Proposed::kMinutesPublished:
        Published(fact, proposed.minutes_published());
        return absl::OkStatus();
      case Proposed::kMinuteCorrected:
        Corrected(fact, proposed.minute_corrected());
        return absl::OkStatus();
      case Proposed::kMinutesApproved: {
        MinutesRow& row = Accept(fact, proposed.minutes_approved().minutes_of());
        row.set_state(register_::v1::MINUTES_STATE_APPROVED);
        row.set_accepted_item(proposed.minutes_approved().item());
        row.set_corrections_summary(proposed.minutes_approved().corrections());
        return absl::OkStatus();
      }
      case Proposed::kMinutesNoted: {
        MinutesRow& row = Accept(fact, proposed.minutes_noted().minutes_of());
        row.set_state(register_::v1::MINUTES_STATE_NOTED);
        row.set_accepted_item(proposed.minutes_noted().item());
        return absl::OkStatus();
      }
      default:
        return NotForRegister(kMinutes, fact);
    }
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (any_ && (changed_ || !only_changed)) {
      row_.set_corrections(static_cast<uint32_t>(corrections_.size()));
      meta_.WriteTo(row_.mutable_meta());
      sink.Row("", row_);
    }
    changed_ = false;
    corrections_.Give(only_changed, sink);
    accepted_.Give(only_changed, sink);
  }

 private:
  // The state only goes on: facts that are not dated come last whatever they say.
  void Reach(MinutesState state) { row_.set_state(std::max(row_.state(), state)); }

  void Take(const Fact& fact, absl::string_view what, absl::string_view text,
            const std::string& meeting = std::string()) {
    any_ = true;
    changed_ = true;
    meta_.Add(fact);
    auto* const steps = row_.mutable_steps();
    if (static_cast<size_t>(steps->size()) == kRecordStepsMax) steps->DeleteSubrange(0, 1);
    register_::v1::RecordStep* const step = steps->Add();
    step->set_what(what.data(), what.size());
    step->set_date(fact.DayText());
    step->set_text(text.data(), text.size());
    step->set_meeting(meeting);
    step->set_sequence(fact.sequence.value());
  }

  void SetPaper(const std::string& paper) {
    if (!paper.empty()) row_.set_paper(paper);
  }

  void Drafted(const Fact& fact, const event::v1::MinutesDrafted& drafted) {
    Take(fact, "drafted", drafted.text());
    Reach(register_::v1::MINUTES_STATE_DRAFTED);
    row_.set_drafted_on(fact.DayText());
    row_.set_draft(drafted.draft());
    *row_.mutable_drafted_by() = drafted.drafted_by();
    SetPaper(drafted.paper());
  }

  void Circulated(const Fact& fact, const event::v1::MinutesCirculated& sent) {
    Take(fact, "circulated", sent.text());
    Reach(register_::v1::MINUTES_STATE_CIRCULATED);
    row_.set_circulated_on(fact.DayText());
    row_.clear_comments_due();
    if (sent.has_comments_due()) *row_.mutable_comments_due() = sent.comments_due();
    SetPaper(sent.paper());
  }

  void Published(const Fact& fact, const event::v1::MinutesPublished& published) {
    Take(fact, "published", published.text());
    if (row_.published_on().empty()) row_.set_published_on(fact.DayText());
    row_.set_published_as_draft(published.draft());
    if (!published.url().empty()) row_.set_url(published.url());
    SetPaper(published.paper());
  }

  void Corrected(const Fact& fact, const event::v1::MinuteCorrected& corrected) {
    Take(fact, "corrected", corrected.reason(), corrected.meeting());
    MinuteCorrectionRow& row =
        corrections_.Touch(absl::StrCat(kCorrectionPrefix, corrected.key()), fact);
    row.Clear();  // Made under a key that is there already: what comes later stands.
    row.set_meeting(meeting_);
    row.set_key(corrected.key());
    row.set_item(corrected.item());
    row.set_was(corrected.was());
    row.set_now(corrected.now());
    row.set_reason(corrected.reason());
    row.set_made_at(corrected.meeting());
    row.set_corrected_on(fact.DayText());
    row.set_before_acceptance(corrected.before_acceptance());
  }

  MinutesRow& Accept(const Fact& fact, const std::string& minutes_of) {
    MinutesRow& row = accepted_.Make(SequenceKey(fact));
    row.set_meeting(minutes_of);
    row.set_accepted_at(meeting_);
    row.set_accepted_on(fact.DayText());
    MetaBuilder meta;
    meta.Add(fact);
    meta.WriteTo(row.mutable_meta());
    return row;
  }

  const std::string meeting_;
  MinutesRow row_;
  MetaBuilder meta_;
  bool any_ = false;
  bool changed_ = false;
  KeyedRows<MinuteCorrectionRow> corrections_;
  MadeRows<MinutesRow> accepted_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  if (proposed.has_minutes_approved()) {
    sink("minutes_of", proposed.minutes_approved().minutes_of());
  }
  if (proposed.has_minutes_noted()) sink("minutes_of", proposed.minutes_noted().minutes_of());
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kCorrectionPrefix)) return MinuteCorrectionRow::default_instance();
  return MinutesRow::default_instance();
}

}  // namespace

const Register& MinutesRegister() {
  static const Register& minutes = *new Register{
      kMinutes,
      1,
      "meetings",
      {Proposed::kMinutesDrafted, Proposed::kMinutesCirculated, Proposed::kMinuteCorrected,
       Proposed::kMinutesPublished, Proposed::kMinutesApproved, Proposed::kMinutesNoted},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<MinutesFold>(record);
      },
      Index,
      RowOf};
  return minutes;
}

}  // namespace scrutiny::projections
