// tests/support/facts.h
// Facts as tests need them: short, well formed, different.
#ifndef SCRUTINY_TESTS_SUPPORT_FACTS_H_
#define SCRUTINY_TESTS_SUPPORT_FACTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/append/ledger.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::testing {

inline event::v1::Proposed ActionRaised(const std::string& record, const std::string& title,
                                        const std::string& on = "2019-03-18") {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  if (!on.empty()) proposed.mutable_occurred()->set_on(on);
  proposed.mutable_action_raised()->set_title(title);
  return proposed;
}

inline event::v1::Proposed ActionUpdated(const std::string& record, const std::string& text,
                                         const std::string& on = "2019-03-18") {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  if (!on.empty()) proposed.mutable_occurred()->set_on(on);
  proposed.mutable_action_updated()->set_text(text);
  return proposed;
}

inline event::v1::Proposed ActionCompleted(const std::string& record,
                                           const std::string& on = "2019-03-18") {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  if (!on.empty()) proposed.mutable_occurred()->set_on(on);
  proposed.mutable_action_completed()->set_text("Done.");
  return proposed;
}

// A decision that the server numbers in the year's series.
inline event::v1::Proposed DecisionToNumber(const std::string& record, uint32_t year) {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  proposed.mutable_occurred()->set_on("2019-03-18");
  proposed.mutable_decision_taken()->set_title("A decision");
  proposed.mutable_decision_taken()->mutable_assign()->set_year(year);
  return proposed;
}

// A decision that has a number already.
inline event::v1::Proposed DecisionNumbered(const std::string& record, uint32_t year,
                                            uint64_t number) {
  event::v1::Proposed proposed;
  proposed.set_record(record);
  proposed.mutable_occurred()->set_on("2019-03-18");
  proposed.mutable_decision_taken()->set_title("A decision");
  event::v1::Number& given = *proposed.mutable_decision_taken()->mutable_number();
  given.set_kind("decisions");
  given.set_year(year);
  given.set_number(number);
  return proposed;
}

inline event::v1::Principal LocalPrincipal() {
  event::v1::Principal principal;
  principal.set_id("local");
  principal.set_authentication(event::v1::AUTHENTICATION_NONE);
  return principal;
}

inline ledger::NewAppend AppendOf(const std::string& request_id,
                                  std::vector<event::v1::Proposed> facts) {
  ledger::NewAppend append;
  append.principal = LocalPrincipal();
  append.request_id = request_id;
  for (event::v1::Proposed& fact : facts) {
    append.facts.push_back({std::move(fact), absl::nullopt});
  }
  return append;
}

// A record of its own for the i-th action.
inline std::string ActionName(uint64_t i) { return absl::StrCat("actions/test/", i); }

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_FACTS_H_
