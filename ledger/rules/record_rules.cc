// Rules for records of any kind: founded once and before anything else, not in the future, not
// withdrawn twice.
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr absl::string_view kNotHeld = "not-held";
constexpr absl::string_view kAlreadyRecorded = "already-recorded";
constexpr absl::string_view kAlreadyWithdrawn = "already-withdrawn";
constexpr absl::string_view kInTheFuture = "in-the-future";

// A day of recording ends later somewhere west of the server.
constexpr int32_t kFutureDaysMax = 1;

// Kinds of which nothing can be known before they came to be. Of meetings, forums, persons and
// papers a paper may tell anything first.
struct FoundedKind {
  absl::string_view kind;
  absl::string_view noun;
  absl::string_view founded;
};
constexpr FoundedKind kFoundedKinds[] = {
    {"actions", "action", "raised"},
    {"commitments", "commitment", "proposed"},
    {"decisions", "decision", "taken"},
    {"findings", "finding", "recorded"},
    {"plan-items", "planned item", "scheduled"},
    {"plans", "plan", "issued"},
    {"questions", "question", "submitted"},
};

// What can only be known of a decision that was taken: a proposal founds its record too.
bool NeedsTaking(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kDecisionNumbered:
    case Proposed::kDecisionPublished:
    case Proposed::kDecisionPublicationWithheld:
    case Proposed::kDecisionReported:
    case Proposed::kDecisionImplemented:
    case Proposed::kDecisionReviewed:
    case Proposed::kDecisionSuperseded:
    case Proposed::kDecisionRescinded:
      return true;
    default:
      return false;
  }
}

// `ActionRaised` as "Action already raised": the last word of a fact's name is what happened.
std::string AlreadyFounded(absl::string_view name) {
  std::string words;
  for (const char c : name) {
    if (absl::ascii_isupper(c) && !words.empty()) {
      words.push_back(' ');
      words.push_back(absl::ascii_tolower(c));
    } else {
      words.push_back(c);
    }
  }
  const size_t last = words.rfind(' ');
  if (last == std::string::npos) return absl::StrCat(words, " already recorded");
  return absl::StrCat(words.substr(0, last), " already", words.substr(last));
}

absl::Status JudgeHeld(const Case& the_case) {
  if (the_case.type.founds || the_case.view.IsHeld()) return absl::OkStatus();
  const std::string& record = the_case.proposed.record();
  for (const FoundedKind& kind : kFoundedKinds) {
    if (RecordKind(record) != kind.kind) continue;
    return Refuse(the_case, kNotHeld,
                  absl::StrCat("No ", kind.noun, " is held under ", record, ". Record it ",
                               kind.founded, " first, or check the name."),
                  "record");
  }
  return absl::OkStatus();
}

absl::Status JudgeTaken(const Case& the_case) {
  if (!NeedsTaking(the_case.proposed) || !the_case.view.IsHeld()) return absl::OkStatus();
  const Timeline timeline(the_case.view.History(), the_case.derived.corrects);
  if (timeline.First(FactType(Proposed::kDecisionTaken)) != nullptr) return absl::OkStatus();
  return Refuse(the_case, kNotHeld,
                absl::StrCat("The decision ", the_case.proposed.record(),
                             " is proposed and not taken. Record it taken first, or check the "
                             "name."),
                "record");
}

absl::Status JudgeFounding(const Case& the_case) {
  if (!the_case.type.founds || !the_case.view.IsHeld()) return absl::OkStatus();
  const Timeline timeline(the_case.view.History(), the_case.derived.corrects);
  const TimelineItem* founded = timeline.First(the_case.type.type);
  if (founded == nullptr) return absl::OkStatus();
  return Refuse(
      the_case, kAlreadyRecorded,
      absl::StrCat(AlreadyFounded(the_case.type.name), " ", When(founded->moment), " under ",
                   the_case.proposed.record(), ". Choose another name, or correct that entry."),
      "record");
}

absl::Status JudgeWithdrawn(const Case& the_case) {
  if (!the_case.derived.corrects.has_value()) return absl::OkStatus();
  const Sequence target = *the_case.derived.corrects;
  const absl::optional<Sequence> by = WithdrawnBy(the_case.view.History(), target);
  if (!by.has_value()) return absl::OkStatus();
  return Refuse(
      the_case, kAlreadyWithdrawn,
      absl::StrCat("Entry ", target.value(), " was already withdrawn (entry ", by->value(), ")."),
      "corrects");
}

absl::Status JudgeFuture(const Case& the_case) {
  const Day latest = the_case.recorded_on + kFutureDaysMax;
  // The last day it may mean is past: so is the first.
  if (the_case.derived.day <= latest) return absl::OkStatus();
  const event::v1::Occurred& occurred = the_case.proposed.occurred();
  const bool exact = !occurred.on().empty();
  const std::string& text = exact ? occurred.on() : occurred.earliest();
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<PartialDate> date = PartialDate::Parse(text);
  if (!date.ok() || date->FirstDay() <= latest) return absl::OkStatus();
  return Refuse(the_case, kInTheFuture,
                absl::StrCat("The fact is dated ", text,
                             ", which is still to come. If it takes "
                             "effect then, say so as its effective date."),
                exact ? "occurred.on" : "occurred.earliest");
}

void Needs(const Proposed& proposed, const FactTypeInfo& type, RuleNeeds& needs) {
  needs.history = needs.history || type.founds || proposed.has_corrects() || NeedsTaking(proposed);
}

absl::Status JudgeRecord(const Case& the_case) {
  SCRUTINY_RETURN_IF_ERROR(JudgeFuture(the_case));
  SCRUTINY_RETURN_IF_ERROR(JudgeHeld(the_case));
  SCRUTINY_RETURN_IF_ERROR(JudgeTaken(the_case));
  SCRUTINY_RETURN_IF_ERROR(JudgeFounding(the_case));
  return JudgeWithdrawn(the_case);
}

}  // namespace

RuleFamily RecordRules() {
  RuleFamily family;
  family.rules = {
      {std::string(kNotHeld),
       "a fact about an action, commitment, decision, finding, planned item, plan or question that "
       "is not held, or about a decision that is proposed and not taken"},
      {std::string(kAlreadyRecorded), "founding a record a second time"},
      {std::string(kAlreadyWithdrawn), "withdrawing or correcting an entry that is withdrawn"},
      {std::string(kInTheFuture), "a fact dated more than a day after it is recorded"},
  };
  family.needs = &Needs;
  family.judge = &JudgeRecord;
  return family;
}

}  // namespace scrutiny::ledger
