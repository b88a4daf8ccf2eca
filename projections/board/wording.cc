#include "projections/board/wording.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/error.h"

namespace scrutiny::projections {
namespace {

const std::string& OwnerInWords(const event::v1::Owner& owner) {
  for (const std::string* text :
       {&owner.printed(), &owner.post(), &owner.organisation(), &owner.person(), &owner.forum()}) {
    if (!text->empty()) return *text;
  }
  return owner.printed();
}

}  // namespace

std::string OwnersInWords(const google::protobuf::RepeatedPtrField<event::v1::Owner>& owners) {
  std::vector<std::string> words;
  for (const event::v1::Owner& owner : owners) {
    const std::string& word = OwnerInWords(owner);
    // Joint owners may share one printed form.
    if (words.empty() || words.back() != word) words.push_back(word);
  }
  return absl::StrJoin(words, " and ");
}

std::string DueInWords(const event::v1::Due& due) {
  if (!due.printed().empty()) return due.printed();
  return due.date().empty() ? due.meeting() : due.date();
}

std::string NumberInWords(const event::v1::Number& number) {
  if (!number.printed().empty()) return number.printed();
  return number.year() == 0 ? absl::StrCat(number.number())
                            : absl::StrCat(number.year(), "/", number.number());
}

std::string WithReason(absl::string_view text, absl::string_view reason) {
  return reason.empty() ? std::string(text) : absl::StrCat(text, " (", reason, ")");
}

}  // namespace scrutiny::projections
