// tests/projections/board/document_support.h
// Facts in words and answers by request, for tests of papers, decisions, questions, commitments.
#ifndef SCRUTINY_TESTS_PROJECTIONS_BOARD_DOCUMENT_SUPPORT_H_
#define SCRUTINY_TESTS_PROJECTIONS_BOARD_DOCUMENT_SUPPORT_H_

#include <string>

#include "absl/strings/str_cat.h"

#include "tests/projections/support/open_registers.h"

namespace scrutiny::testing {

// A fact of a day; not dated if `day` is empty.
inline std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  if (day.empty()) return absl::StrCat("record: '", record, "' ", fact);
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

inline std::string Meeting(const std::string& key, const std::string& date,
                           const std::string& forum = "forums/spab") {
  return On("", absl::StrCat("meetings/", key),
            absl::StrCat("meeting_scheduled { forum: '", forum, "' date: '", date, "' }"));
}

template <typename Response, typename Request>
Response AnswerTo(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response = registers->Answer<Response>(Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_PROJECTIONS_BOARD_DOCUMENT_SUPPORT_H_
