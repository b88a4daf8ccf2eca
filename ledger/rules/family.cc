#include "ledger/rules/family.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kMonths[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

bool RecordedDespite(const event::v1::Proposed& proposed, absl::string_view rule) {
  for (const event::v1::RecordedDespite& despite : proposed.recorded_despite()) {
    if (despite.rule() == rule) return true;
  }
  return false;
}

// "18 March 2019": how a clerk writes a day.
std::string InWords(Day day) {
  const std::string iso = day.ToString();  // YYYY-MM-DD, four digits of year in every ledger
  const int month = (iso[5] - '0') * 10 + (iso[6] - '0');
  const int of_month = (iso[8] - '0') * 10 + (iso[9] - '0');
  return absl::StrCat(of_month, " ", kMonths[month - 1], " ", day.year());
}

}  // namespace

Moment Case::moment() const {
  return Moment{derived.day, derived.corrects.value_or(NextSequence(view.size()))};
}

std::string When(const Moment& moment) {
  const std::string day =
      moment.day == Day::Max() ? "at a date not known" : absl::StrCat("on ", InWords(moment.day));
  return absl::StrCat(day, " (entry ", moment.sequence.value(), ")");
}

absl::Status Refuse(const Case& the_case, absl::string_view rule, absl::string_view sentence,
                    absl::string_view field) {
  if (RecordedDespite(the_case.proposed, rule)) return absl::OkStatus();
  return Error(Reason::kRuleRefused,
               absl::StrCat(sentence, " To record this all the same, add --despite with a reason."))
      .Rule(rule)
      .Field(field)
      .Record(the_case.proposed.record())
      .Next(absl::StrCat("If this is what really happened, record it despite ", rule,
                         ", with a reason."));
}

absl::Status JudgeLifecycle(const Lifecycle& lifecycle, const Case& the_case,
                            const Timeline& timeline) {
  const TimelineItem* last = timeline.LastBefore(the_case.moment(), lifecycle.states);
  const FactType state = last == nullptr ? kNoState : last->type;
  for (const Blocker& blocker : lifecycle.blockers) {
    if (blocker.fact != the_case.type.type || blocker.state != state) continue;
    const std::string sentence =
        last == nullptr ? std::string(blocker.sentence)
                        : absl::StrReplaceAll(blocker.sentence, {{"{when}", When(last->moment)}});
    SCRUTINY_RETURN_IF_ERROR(Refuse(the_case, blocker.rule, sentence, the_case.type.field));
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
