#include "projections/board/questions.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/board/hand_step.h"
#include "projections/engine/record_fold.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/questions.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::AnswerExtent;
using event::v1::Proposed;
using event::v1::QuestionAnswered;
using google::protobuf::Message;

QuestionRow& Of(Message* row) { return static_cast<QuestionRow&>(*row); }

void Publishing(const Fact& fact, Message* row) {
  const event::v1::AnswerPublished& published = fact.proposed().answer_published();
  for (const std::string* at : {&published.url(), &published.text(), &published.paper()}) {
    if (!at->empty()) return Of(row).set_published_at(*at);
  }
}

// Facts about the question as a whole; those about parts have fields that are called as the
// question's own.
std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kQuestionSubmitted, .day = "submitted_on", .step = "put in"},
      {.fact_type = Proposed::kQuestionAccepted, .step = "accepted"},
      {.fact_type = Proposed::kQuestionRejected, .step = "not accepted"},
      {.fact_type = Proposed::kQuestionTakenBack, .step = "taken back"},
      {.fact_type = Proposed::kQuestionSelected,
       .day = "selected_on",
       .step = "chosen",
       .then = [](const Fact&, Message* row) { Of(row).set_selected(true); }},
      {.fact_type = Proposed::kQuestionRoutedToCasework,
       .day = "routed_on",
       .step = "routed to casework",
       .then = [](const Fact&, Message* row) { Of(row).set_to_casework(true); }},
      {.fact_type = Proposed::kAnswerPublished,
       .day = "published_on",
       .step = "answer published",
       .then = Publishing},
      {.fact_type = Proposed::kQuestionClosed, .day = "closed_on", .step = "closed"},
      {.fact_type = Proposed::kQuestionReopened, .step = "reopened", .clears = {"closed_on"}},
  };
}

bool IsFull(AnswerExtent extent) {
  return extent == event::v1::ANSWER_EXTENT_FULL || extent == event::v1::ANSWER_EXTENT_UNSPECIFIED;
}

class QuestionFold final : public RowFold<QuestionRow> {
 public:
  QuestionFold(absl::string_view record, std::shared_ptr<const ReadyRules> rules)
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
      case Proposed::kQuestionSubmitted:
        TakeLimbs(fact, proposed.question_submitted());
        break;
      case Proposed::kQuestionAnswered:
        Answered(fact, proposed.question_answered());
        break;
      case Proposed::kQuestionLimbMarkedUnanswered:
        Marked(fact, proposed.question_limb_marked_unanswered());
        break;
      case Proposed::kSupplementaryQuestionPut:
        SupplementaryPut(fact, proposed.supplementary_question_put());
        break;
      case Proposed::kSupplementaryAnswered:
        SupplementaryAnswer(fact, proposed.supplementary_answered());
        break;
      case Proposed::kFollowUpPromised:
        Promised(fact, proposed.follow_up_promised());
        break;
      case Proposed::kFollowUpSupplied:
        Supplied(fact, proposed.follow_up_supplied());
        break;
      default:
        if (rule == rules_->end()) return NotForRegister(kQuestions, fact);
        TakeProgress(proposed.fact_case());
    }
    Derive();
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    const bool settled = IsSettled();
    for (auto& [key, part] : parts_) {
      QuestionPartRow row = part.row;
      row.set_put_to(row_.put_to());
      if (settled) row.set_owed(false);
      if (IsNoLimb(row)) row.set_sort(QUESTION_PART_SORT_ANSWER);
      part.meta.WriteTo(row.mutable_meta());
      sink.Row(key, row);
    }
  }

 private:
  struct Part {
    QuestionPartRow row;
    MetaBuilder meta;
  };

  static std::string KeyOf(QuestionPartSort sort, absl::string_view key) {
    constexpr absl::string_view kLetters = "?lasf";
    return absl::StrCat(kQuestionPartPrefix, kLetters.substr(static_cast<size_t>(sort), 1), "/",
                        key);
  }

  // What was answered by a limb's key and is no limb of the question, as far as is known.
  static bool IsNoLimb(const QuestionPartRow& row) {
    return row.sort() == QUESTION_PART_SORT_LIMB && row.text().empty();
  }

  // The part of that key, made if there is none, with the fact among those behind it.
  Part& Touch(QuestionPartSort sort, const std::string& key, const Fact& fact) {
    Part& part = parts_[KeyOf(sort, key)];
    if (part.row.sort() == QUESTION_PART_SORT_UNSPECIFIED) {
      part.row.set_question(row_.question());
      part.row.set_sort(sort);
      part.row.set_key(key);
      part.row.set_order(++counts_[sort]);
      part.row.set_owed(true);
    }
    part.meta.Add(fact);
    return part;
  }

  void TakeLimbs(const Fact& fact, const event::v1::QuestionSubmitted& submitted) {
    uint32_t order = 0;
    for (const event::v1::QuestionLimb& limb : submitted.limbs()) {
      const bool is_new = !parts_.contains(KeyOf(QUESTION_PART_SORT_LIMB, limb.key()));
      Part& part = Touch(QUESTION_PART_SORT_LIMB, limb.key(), fact);
      part.row.set_sort(QUESTION_PART_SORT_LIMB);
      part.row.set_order(++order);
      part.row.set_text(limb.text());
      *part.row.mutable_addressees() = limb.addressees();
      part.row.set_put_on(fact.DayText());
      if (!is_new) continue;
      if (last_whole_ != nullptr) GiveAnswer(last_whole_->answer, last_whole_->day, &part.row);
      if (!whole_marked_.empty()) MarkPart(whole_marked_, &part.row);
    }
  }

  template <typename Answer>
  static void GiveAnswer(const Answer& answer, const std::string& day, QuestionPartRow* row) {
    row->set_answer(answer.text());
    row->set_extent(answer.extent());
    row->set_missing(answer.missing());
    row->set_marked_unanswered(false);
    row->set_route(answer.route());
    *row->mutable_answered_by() = answer.answered_by();
    row->set_meeting(answer.meeting());
    row->set_paper(answer.paper());
    row->set_answered_on(day);
    row->set_owed(!IsFull(answer.extent()));
  }

  static void MarkPart(const std::string& reason, QuestionPartRow* row) {
    row->set_marked_unanswered(true);
    row->set_missing(reason);
    row->set_owed(true);
  }

  void Answered(const Fact& fact, const QuestionAnswered& answer) {
    AddHandStep(fact, "answered", answer.text(), answer.meeting(), row_.mutable_steps());
    const std::string day = fact.DayText();
    if (answer.extent() != event::v1::ANSWER_EXTENT_NONE) {
      if (!answered_) row_.set_answered_on(day);
      answered_ = true;
      if (row_.route() == event::v1::ANSWER_ROUTE_UNSPECIFIED) row_.set_route(answer.route());
    }
    for (const std::string& limb : answer.limbs()) {
      GiveAnswer(answer, day, &Touch(QUESTION_PART_SORT_LIMB, limb, fact).row);
    }
    if (!answer.limbs().empty()) return;
    last_whole_ = std::make_unique<Whole>(Whole{answer, day});
    whole_marked_.clear();
    for (auto& [key, part] : parts_) {
      if (part.row.sort() == QUESTION_PART_SORT_ANSWER) part.row.set_owed(false);
      if (part.row.sort() != QUESTION_PART_SORT_LIMB || !part.row.owed()) continue;
      part.meta.Add(fact);
      GiveAnswer(answer, day, &part.row);
    }
    GiveAnswer(answer, day, &Touch(QUESTION_PART_SORT_ANSWER, answer.key(), fact).row);
    whole_owed_ = !IsFull(answer.extent());
  }

  void Marked(const Fact& fact, const event::v1::QuestionLimbMarkedUnanswered& marked) {
    AddHandStep(fact, "marked unanswered", marked.reason(), marked.meeting(), row_.mutable_steps());
    if (!marked.limb().empty()) {
      return MarkPart(marked.reason(), &Touch(QUESTION_PART_SORT_LIMB, marked.limb(), fact).row);
    }
    whole_owed_ = true;
    whole_marked_ = marked.reason();
    for (auto& [key, part] : parts_) {
      if (part.row.sort() != QUESTION_PART_SORT_LIMB) continue;
      part.meta.Add(fact);
      MarkPart(marked.reason(), &part.row);
    }
    const std::string key = last_whole_ == nullptr ? std::string() : last_whole_->answer.key();
    MarkPart(marked.reason(), &Touch(QUESTION_PART_SORT_ANSWER, key, fact).row);
  }

  void SupplementaryPut(const Fact& fact, const event::v1::SupplementaryQuestionPut& put) {
    AddHandStep(fact, "supplementary", put.text(), put.meeting(), row_.mutable_steps());
    QuestionPartRow& row = Touch(QUESTION_PART_SORT_SUPPLEMENTARY, put.key(), fact).row;
    row.set_text(put.text());
    row.set_asker(put.asker());
    *row.mutable_addressees() = put.addressees();
    row.set_put_on(fact.DayText());
  }

  void SupplementaryAnswer(const Fact& fact, const event::v1::SupplementaryAnswered& answer) {
    AddHandStep(fact, "supplementary answered", answer.text(), answer.meeting(),
                row_.mutable_steps());
    GiveAnswer(answer, fact.DayText(),
               &Touch(QUESTION_PART_SORT_SUPPLEMENTARY, answer.key(), fact).row);
  }

  void Promised(const Fact& fact, const event::v1::FollowUpPromised& promised) {
    AddHandStep(fact, "follow-up promised", promised.text(), promised.meeting(),
                row_.mutable_steps());
    QuestionPartRow& row = Touch(QUESTION_PART_SORT_FOLLOW_UP, promised.key(), fact).row;
    row.set_text(promised.text());
    *row.mutable_owed_to() = promised.limbs();
    *row.mutable_owners() = promised.owners();
    if (promised.has_due()) *row.mutable_due() = promised.due();
    row.set_action(promised.action());
    row.set_commitment(promised.commitment());
    row.set_meeting(promised.meeting());
    row.set_put_on(fact.DayText());
  }

  void Supplied(const Fact& fact, const event::v1::FollowUpSupplied& supplied) {
    AddHandStep(fact, "follow-up supplied", supplied.text(), supplied.meeting(),
                row_.mutable_steps());
    QuestionPartRow& row = Touch(QUESTION_PART_SORT_FOLLOW_UP, supplied.key(), fact).row;
    row.set_answer(supplied.text());
    row.set_missing(supplied.missing());
    for (const event::v1::Evidence& evidence : supplied.evidence()) {
      if (!evidence.paper().empty()) row.set_paper(evidence.paper());
    }
    row.set_answered_on(fact.DayText());
    row.set_owed(!supplied.missing().empty());
  }

  void TakeProgress(Proposed::FactCase fact) {
    switch (fact) {
      case Proposed::kQuestionAccepted:
        if (waiting_ == QUESTION_STATE_SUBMITTED) waiting_ = QUESTION_STATE_ACCEPTED;
        if (ended_ == QUESTION_STATE_REJECTED) ended_ = QUESTION_STATE_UNSPECIFIED;
        break;
      case Proposed::kQuestionSelected:
        waiting_ = QUESTION_STATE_SELECTED;
        break;
      case Proposed::kQuestionRoutedToCasework:
        waiting_ = QUESTION_STATE_WITH_CASEWORK;
        break;
      case Proposed::kQuestionRejected:
        ended_ = QUESTION_STATE_REJECTED;
        break;
      case Proposed::kQuestionTakenBack:
        ended_ = QUESTION_STATE_TAKEN_BACK;
        break;
      case Proposed::kQuestionClosed:
        ended_ = QUESTION_STATE_CLOSED;
        break;
      case Proposed::kQuestionReopened:
        ended_ = QUESTION_STATE_UNSPECIFIED;
        break;
      default:
        break;
    }
  }

  bool IsSettled() const { return ended_ != QUESTION_STATE_UNSPECIFIED; }

  // What follows from the parts.
  void Derive() {
    std::map<QuestionPartSort, uint32_t> all;
    std::map<QuestionPartSort, uint32_t> owed;
    for (const auto& [key, part] : parts_) {
      if (IsNoLimb(part.row)) continue;
      ++all[part.row.sort()];
      if (part.row.owed()) ++owed[part.row.sort()];
    }
    row_.set_limbs(all[QUESTION_PART_SORT_LIMB]);
    row_.set_limbs_owed(owed[QUESTION_PART_SORT_LIMB]);
    row_.set_supplementaries(all[QUESTION_PART_SORT_SUPPLEMENTARY]);
    row_.set_supplementaries_owed(owed[QUESTION_PART_SORT_SUPPLEMENTARY]);
    row_.set_follow_ups(all[QUESTION_PART_SORT_FOLLOW_UP]);
    row_.set_follow_ups_owed(IsSettled() ? 0 : owed[QUESTION_PART_SORT_FOLLOW_UP]);
    const bool answer_owed = row_.limbs() > 0 ? row_.limbs_owed() > 0 : whole_owed_;
    const bool part_owed = answer_owed || row_.supplementaries_owed() > 0;
    row_.set_owed(!IsSettled() && (part_owed || row_.follow_ups_owed() > 0));
    if (IsSettled()) {
      row_.set_state(ended_);
    } else if (!answered_) {
      row_.set_state(waiting_);
    } else if (part_owed) {
      row_.set_state(QUESTION_STATE_PARTLY_ANSWERED);
    } else {
      row_.set_state(row_.follow_ups_owed() > 0 ? QUESTION_STATE_FOLLOW_UP_OWED
                                                : QUESTION_STATE_ANSWERED);
    }
  }

  // An answer to the whole question.
  struct Whole {
    QuestionAnswered answer;
    std::string day;
  };

  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
  std::map<std::string, Part> parts_;  // by the row's key
  std::map<QuestionPartSort, uint32_t> counts_;
  QuestionState waiting_ = QUESTION_STATE_SUBMITTED;  // how far, as long as it is not answered
  QuestionState ended_ = QUESTION_STATE_UNSPECIFIED;
  bool answered_ = false;
  bool whole_owed_ = true;
  std::unique_ptr<Whole> last_whole_;
  std::string whole_marked_;  // why the whole question is marked unanswered
};

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](absl::string_view index, const std::string& value) {
    if (!value.empty()) sink(index, value);
  };
  mention("meeting", proposed.question_submitted().put_to());
  mention("meeting", proposed.question_selected().put_to());
  mention("forum", proposed.question_submitted().forum());
  mention("asker", proposed.question_submitted().asker());
}

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kQuestionPartPrefix)) return QuestionPartRow::default_instance();
  return QuestionRow::default_instance();
}

}  // namespace

const Register& QuestionsRegister() {
  static const Register& questions = *[] {
    auto* reg =
        new Register(RecordRegister<QuestionRow>(kQuestions, 1, "questions", Rules(), Index));
    const auto rules =
        std::make_shared<const ReadyRules>(MakeReady(Rules(), *QuestionRow::descriptor()));
    reg->fact_types.insert(reg->fact_types.end(),
                           {Proposed::kQuestionAnswered, Proposed::kQuestionLimbMarkedUnanswered,
                            Proposed::kSupplementaryQuestionPut, Proposed::kSupplementaryAnswered,
                            Proposed::kFollowUpPromised, Proposed::kFollowUpSupplied});
    reg->new_fold = [rules](absl::string_view record) -> std::unique_ptr<Fold> {
      return std::make_unique<QuestionFold>(record, rules);
    };
    reg->row_of = RowOf;
    return reg;
  }();
  return questions;
}

}  // namespace scrutiny::projections
