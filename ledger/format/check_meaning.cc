#include "ledger/format/check_meaning.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/field_plan.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using google::protobuf::Message;

// The years a number's series may bear; 0 is a series without years.
constexpr uint32_t kYearMin = 1000;
constexpr uint32_t kYearMax = 9999;

// A problem with `field` of the message at `path` (empty: with the message as a whole).
Error Bad(const FieldPath* path, absl::string_view field, absl::string_view sentence,
          absl::string_view value) {
  const FieldPath below{path, field};
  const FieldPath* at = field.empty() ? path : &below;
  const std::string where = at == nullptr ? "" : at->ToString();
  return Error(Reason::kMalformed, absl::StrCat(where, sentence)).Field(where).Value(value);
}

absl::Status CheckYear(uint32_t year, const FieldPath* path) {
  if (year == 0 || (year >= kYearMin && year <= kYearMax)) return absl::OkStatus();
  return Bad(path, "year", absl::StrCat(" is ", year, ", which is not a year."), absl::StrCat(year))
      .Next("Write the year with four digits; leave it out where the series has none.");
}

// --- Shared values.

absl::Status Judge(const event::v1::Occurred& occurred, const FieldPath* path, CheckContext&) {
  const bool bounded = !occurred.earliest().empty() || !occurred.latest().empty();
  if (!occurred.on().empty() && bounded) {
    return Bad(path, "on", " stands beside earliest or latest; a date is either exact or bounded.",
               occurred.on())
        .Next("Give on alone, or earliest and latest without on.");
  }
  if (occurred.earliest().empty() || occurred.latest().empty()) return absl::OkStatus();
  const auto earliest = PartialDate::Parse(occurred.earliest());
  const auto latest = PartialDate::Parse(occurred.latest());
  if (!earliest.ok() || !latest.ok() || earliest->FirstDay() <= latest->LastDay()) {
    return absl::OkStatus();
  }
  return Bad(path, "earliest",
             absl::StrCat(" is ", occurred.earliest(), ", which is after latest, ",
                          occurred.latest(), "."),
             occurred.earliest())
      .Next("Exchange the two dates, or correct one.");
}

absl::Status Judge(const event::v1::Owner& owner, const FieldPath* path, CheckContext&) {
  if (!owner.person().empty() || !owner.post().empty() || !owner.organisation().empty() ||
      !owner.forum().empty() || !owner.printed().empty()) {
    return absl::OkStatus();
  }
  return Bad(path, "", " names nobody.", "")
      .Next("Name a person, post, organisation or forum, or leave the owner out.");
}

absl::Status Judge(const event::v1::Due& due, const FieldPath* path, CheckContext&) {
  if (!due.date().empty() && !due.meeting().empty()) {
    return Bad(path, "meeting", " stands beside a date; a thing is due by one or the other.",
               due.meeting())
        .Next("Keep the date or the meeting, whichever the paper says.");
  }
  if (!due.date().empty() || !due.meeting().empty() || !due.printed().empty()) {
    return absl::OkStatus();
  }
  return Bad(path, "", " says nothing.", "")
      .Next("Give a date, a meeting or what is printed, or leave it out: no due date.");
}

absl::Status Judge(const event::v1::Decider& decider, const FieldPath* path, CheckContext&) {
  switch (decider.kind()) {
    case event::v1::DECIDER_KIND_OFFICE_HOLDER:
      if (!decider.person().empty() || !decider.post().empty()) return absl::OkStatus();
      return Bad(path, "post", " is missing: an office-holder decided, but which is not said.", "")
          .Next("Give the person or the post.");
    case event::v1::DECIDER_KIND_BODY:
      if (!decider.forum().empty()) return absl::OkStatus();
      return Bad(path, "forum", " is missing: a body decided, but which is not said.", "")
          .Next("Give the forum.");
    case event::v1::DECIDER_KIND_UNCLEAR:
      if (!decider.note().empty()) return absl::OkStatus();
      return Bad(path, "note", " is missing: who decided is unclear, but not how.", "")
          .Next("Say in the note what the paper says.");
    default:
      return absl::OkStatus();
  }
}

absl::Status Judge(const event::v1::Amount& amount, const FieldPath* path, CheckContext&) {
  if (amount.pence() == 0 && amount.printed().empty()) {
    return Bad(path, "", " has neither pence nor what is printed.", "")
        .Next("Give the amount in pence, or as printed, or leave it out.");
  }
  if (amount.years() != 0 && amount.basis() != event::v1::AMOUNT_BASIS_YEARLY) {
    return Bad(path, "years", " is given for an amount that is not yearly.",
               absl::StrCat(amount.years()))
        .Next("Make the basis yearly, or leave years out.");
  }
  return absl::OkStatus();
}

absl::Status Judge(const event::v1::Number& number, const FieldPath* path, CheckContext& context) {
  if (number.number() == 0) {
    return Bad(path, "number", " is missing; numbers start from 1.", "0").Next("Fill it in.");
  }
  if (number.number() > kNumberMax) {
    return Bad(path, "number",
               absl::StrCat(" is ", number.number(), "; numbers go up to ", kNumberMax, "."),
               absl::StrCat(number.number()))
        .Next("Look at the number; the year goes into its own field, as in 2019/13.");
  }
  const absl::string_view kind = RecordKind(context.record);
  if (number.kind() != kind) {
    return Bad(path, "kind",
               absl::StrCat(" is \"", number.kind(), "\", but the record is one of ", kind, "."),
               number.kind())
        .Next(absl::StrCat("Give the kind as \"", kind, "\"."));
  }
  return CheckYear(number.year(), path);
}

absl::Status Judge(const event::v1::NumberSeries& series, const FieldPath* path, CheckContext&) {
  return CheckYear(series.year(), path);
}

absl::Status Judge(const event::v1::PriorityRef& priority, const FieldPath* path,
                   CheckContext& context) {
  context.cites_priority = true;
  if (priority.number() != 0) return absl::OkStatus();
  return Bad(path, "number", " is missing; priorities are numbered from 1.", "0")
      .Next("Give the priority's number in the plan version.");
}

absl::Status Judge(const event::v1::Evidence& evidence, const FieldPath* path, CheckContext&) {
  if (!evidence.item().empty() && evidence.meeting().empty()) {
    return Bad(path, "item", " names an agenda item, but no meeting is named with it.",
               evidence.item())
        .Next("Give the meeting too.");
  }
  if (!evidence.text().empty() || !evidence.paper().empty() || !evidence.meeting().empty() ||
      !evidence.url().empty()) {
    return absl::OkStatus();
  }
  return Bad(path, "", " says nothing.", "").Next("Give a text, paper, meeting or web address.");
}

// --- Facts and their parts.

absl::Status Judge(const event::v1::PlanPriority& priority, const FieldPath* path, CheckContext&) {
  if (priority.number() != 0) return absl::OkStatus();
  return Bad(path, "number", " is missing; priorities are numbered from 1.", "0")
      .Next("Give the number as printed.");
}

absl::Status Judge(const event::v1::NumberSeriesDefined& series, const FieldPath* path,
                   CheckContext&) {
  if (!absl::StrContains(series.pattern(), "{n}")) {
    return Bad(path, "pattern", " has no {n}, where the number goes.", series.pattern())
        .Next("Write it as in {n}/{yy}.");
  }
  // A year without 29 February: a series cannot start anew on a day that most years lack.
  if (series.year_starts().empty() ||
      Day::Parse(absl::StrCat("2019-", series.year_starts())).ok()) {
    return absl::OkStatus();
  }
  return Bad(path, "year_starts",
             absl::StrCat(": \"", series.year_starts(), "\" is not a month and day of every year."),
             series.year_starts())
      .Next("Write it as 05-01.");
}

absl::Status Judge(const event::v1::TimeLimitSet& limit, const FieldPath* path, CheckContext&) {
  if (limit.days() != 0) return absl::OkStatus();
  return Bad(path, "days", " is missing: a limit has at least one day.", "0").Next("Fill it in.");
}

absl::Status Judge(const event::v1::MeetingThemeSet& theme, const FieldPath*,
                   CheckContext& context) {
  context.cites_priority = context.cites_priority || theme.priority() != 0;
  return absl::OkStatus();
}

absl::Status Judge(const event::v1::AnnouncementMade& announcement, const FieldPath* path,
                   CheckContext&) {
  if (announcement.none() || !announcement.text().empty()) return absl::OkStatus();
  return Bad(path, "text", " is missing.", "")
      .Next("Say what was announced, or set none where nothing was.");
}

absl::Status Judge(const event::v1::Attachment& attachment, const FieldPath* path, CheckContext&) {
  if (!attachment.label().empty() || !attachment.title().empty() || !attachment.paper().empty()) {
    return absl::OkStatus();
  }
  return Bad(path, "", " has neither label nor title nor paper.", "").Next("Give one of them.");
}

absl::Status Judge(const event::v1::DecisionNumbered& numbered, const FieldPath* path,
                   CheckContext&) {
  if (numbered.numbering_case() != event::v1::DecisionNumbered::NUMBERING_NOT_SET) {
    return absl::OkStatus();
  }
  return Bad(path, "number", " is missing.", "")
      .Next("Give the number, or ask the server to assign one.");
}

absl::Status Judge(const event::v1::MinuteNumbered& numbered, const FieldPath* path,
                   CheckContext&) {
  if (numbered.numbering_case() != event::v1::MinuteNumbered::NUMBERING_NOT_SET) {
    return absl::OkStatus();
  }
  return Bad(path, "number", " is missing.", "")
      .Next("Give the number, or ask the server to assign one.");
}

absl::Status Judge(const event::v1::SampleDrawn& sample, const FieldPath* path, CheckContext&) {
  if (sample.population() == 0 || sample.size() <= sample.population()) return absl::OkStatus();
  return Bad(path, "size",
             absl::StrCat(" is ", sample.size(), ", more than the ", sample.population(),
                          " records it was drawn from."),
             absl::StrCat(sample.size()))
      .Next("Correct one of the two; leave the population out if it is not known.");
}

// What is withheld may not stand beside it: the bytes of an entry are public for ever.
absl::Status Judge(const event::v1::Count& count, const FieldPath* path, CheckContext&) {
  if (!count.suppressed() || !count.has_value()) return absl::OkStatus();
  return Bad(path, "value", " stands in a count that is suppressed.", "")
      .Next("Leave the value out; seal the exact table in restricted_counts if it is to be kept.");
}

absl::Status Judge(const event::v1::CountTable& table, const FieldPath* path, CheckContext&) {
  if (!table.total_suppressed() || !table.has_total()) return absl::OkStatus();
  return Bad(path, "total", " stands in a table whose total is suppressed.", "")
      .Next("Leave the total out; seal the exact table in restricted_counts if it is to be kept.");
}

// An agenda item's key means nothing without its meeting.
template <typename Fact>
absl::Status NeedsMeetingForItem(const Fact& fact, const FieldPath* path) {
  if (fact.item().empty() || !fact.meeting().empty()) return absl::OkStatus();
  return Bad(path, "item", " names an agenda item, but no meeting is named with it.", fact.item())
      .Next("Give the meeting too.");
}

// Keys by which later facts point at one of a list.
template <typename List>
absl::Status NeedsDistinctKeys(const List& list, absl::string_view field, const FieldPath* path) {
  absl::flat_hash_set<absl::string_view> seen;
  for (int i = 0; i < list.size(); ++i) {
    if (seen.insert(list[i].key()).second) continue;
    const FieldPath item{path, field, i};
    return Bad(&item, "key", absl::StrCat(" repeats the key \"", list[i].key(), "\"."),
               list[i].key())
        .Next("Give each a key of its own.");
  }
  return absl::OkStatus();
}

absl::Status Judge(const event::v1::ActionRaised& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}
absl::Status Judge(const event::v1::ActionRestated& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}
absl::Status Judge(const event::v1::ActionUpdated& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}
absl::Status Judge(const event::v1::ActionReassigned& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}
absl::Status Judge(const event::v1::ActionCompleted& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}
absl::Status Judge(const event::v1::ActionClosed& fact, const FieldPath* path, CheckContext&) {
  return NeedsMeetingForItem(fact, path);
}

absl::Status Judge(const event::v1::DecisionTaken& fact, const FieldPath* path, CheckContext&) {
  if (fact.where() == event::v1::DECISION_TAKEN_WHERE_BETWEEN_MEETINGS && !fact.meeting().empty()) {
    return Bad(path, "meeting", " names a meeting for a decision taken between meetings.",
               fact.meeting())
        .Next("Leave the meeting out, or say that it was taken at a meeting.");
  }
  return NeedsMeetingForItem(fact, path);
}

absl::Status Judge(const event::v1::PaperSubmitted& fact, const FieldPath* path, CheckContext&) {
  SCRUTINY_RETURN_IF_ERROR(NeedsDistinctKeys(fact.recommendations(), "recommendations", path));
  return NeedsMeetingForItem(fact, path);
}

absl::Status Judge(const event::v1::ResolutionPassed& fact, const FieldPath* path, CheckContext&) {
  return NeedsDistinctKeys(fact.limbs(), "limbs", path);
}

absl::Status Judge(const event::v1::ActionReviewPresented& fact, const FieldPath* path,
                   CheckContext&) {
  return NeedsDistinctKeys(fact.lines(), "lines", path);
}

// --- Which message is judged by what.

using Judgement = absl::Status (*)(const Message&, const FieldPath*, CheckContext&);

template <typename T>
absl::Status JudgeAs(const Message& message, const FieldPath* path, CheckContext& context) {
  return Judge(static_cast<const T&>(message), path, context);
}

// By a plan's index; null where the fields' own checks are enough.
std::vector<Judgement> MakeJudgements() {
  absl::flat_hash_map<const google::protobuf::Descriptor*, Judgement> by_descriptor;
  const auto add = [&by_descriptor]<typename... T>() {
    (by_descriptor.emplace(T::descriptor(), &JudgeAs<T>), ...);
  };
  using namespace event::v1;  // NOLINT(google-build-using-namespace): the list of types below.
  add.operator()<Occurred, Owner, Due, Decider, Amount, Number, NumberSeries, PriorityRef, Evidence,
                 PlanPriority, NumberSeriesDefined, TimeLimitSet, MeetingThemeSet, AnnouncementMade,
                 Attachment, DecisionNumbered, MinuteNumbered, SampleDrawn, Count, CountTable,
                 ActionRaised, ActionRestated, ActionUpdated, ActionReassigned, ActionCompleted,
                 ActionClosed, DecisionTaken, PaperSubmitted, ResolutionPassed,
                 ActionReviewPresented>();
  std::vector<Judgement> judgements(AllPlans().size(), nullptr);
  for (const MessagePlan* plan : AllPlans()) {
    const auto found = by_descriptor.find(plan->descriptor);
    if (found != by_descriptor.end()) judgements[plan->index] = found->second;
  }
  return judgements;
}

// --- The whole.

absl::Status CheckCorrects(const Proposed& proposed, const FactTypeInfo& info) {
  if (proposed.has_withdrawn() && !proposed.has_corrects()) {
    return Bad(nullptr, "corrects", " is missing: it says which entry is withdrawn.", "")
        .Record(proposed.record())
        .Next("Give the sequence of the entry.");
  }
  if (proposed.has_corrects() && info.by_server) {
    return Bad(nullptr, "corrects",
               absl::StrCat(" cannot be set: ", info.name, " is never corrected."),
               absl::StrCat(proposed.corrects()))
        .Record(proposed.record());
  }
  return absl::OkStatus();
}

absl::Status CheckPutBefore(const Proposed& proposed) {
  absl::flat_hash_set<absl::string_view> meetings;
  for (int i = 0; i < proposed.put_before_size(); ++i) {
    const std::string& meeting = proposed.put_before(i);
    if (meetings.insert(meeting).second) continue;
    const FieldPath path{nullptr, "put_before", i};
    return Bad(&path, "", absl::StrCat(" names \"", meeting, "\" a second time."), meeting)
        .Record(proposed.record())
        .Next("Name each meeting once.");
  }
  return absl::OkStatus();
}

absl::Status CheckDespite(const Proposed& proposed) {
  absl::flat_hash_set<absl::string_view> rules;
  for (int i = 0; i < proposed.recorded_despite_size(); ++i) {
    const std::string& rule = proposed.recorded_despite(i).rule();
    if (rules.insert(rule).second) continue;
    const FieldPath path{nullptr, "recorded_despite", i};
    return Bad(&path, "rule", absl::StrCat(" names \"", rule, "\" a second time."), rule)
        .Record(proposed.record())
        .Next("Name each rule once.");
  }
  return absl::OkStatus();
}

}  // namespace

std::string FieldPath::ToString() const {
  std::string out = parent == nullptr ? "" : absl::StrCat(parent->ToString(), ".");
  absl::StrAppend(&out, name);
  if (index >= 0) absl::StrAppend(&out, "[", index, "]");
  return out;
}

absl::Status CheckMeaning(const Message& message, const MessagePlan& plan, const FieldPath* path,
                          CheckContext& context) {
  static const std::vector<Judgement>& judgements = *new std::vector<Judgement>(MakeJudgements());
  const Judgement judgement = judgements[plan.index];
  return judgement == nullptr ? absl::OkStatus() : judgement(message, path, context);
}

absl::Status CheckWhole(const Proposed& proposed, const FactTypeInfo& info,
                        const CheckContext& context) {
  SCRUTINY_RETURN_IF_ERROR(CheckCorrects(proposed, info));
  if (proposed.put_before_size() > 1) SCRUTINY_RETURN_IF_ERROR(CheckPutBefore(proposed));
  if (proposed.recorded_despite_size() > 1) SCRUTINY_RETURN_IF_ERROR(CheckDespite(proposed));
  if (context.cites_priority && !proposed.has_plan_version()) {
    return Bad(nullptr, "plan_version",
               " is missing: priorities are cited, and a priority's number means something only "
               "in a version of a plan.",
               "")
        .Record(proposed.record())
        .Next("Give the plan and the version whose priorities these are.");
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
