#include "projections/board/minutes_formats.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "scrutiny/event/v1/office.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::MinutesFormatSet;
using event::v1::Proposed;

class FormatsFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    if (!fact.proposed().has_minutes_format_set()) return NotForRegister(kMinutesFormats, fact);
    const MinutesFormatSet& set = fact.proposed().minutes_format_set();
    formats_[absl::StrCat("f/", set.forum())] = set;
    return absl::OkStatus();
  }

  void Rows(bool /*only_changed*/, RowSink& sink) override {
    for (const auto& [key, row] : formats_) {
      MinutesFormatSet given = row;
      // A row that says nothing would be taken for none.
      if (given.ByteSizeLong() == 0) given.set_resolved_word("RESOLVED");
      sink.Row(key, given);
    }
  }

 private:
  std::map<std::string, MinutesFormatSet> formats_;
};

}  // namespace

const Register& MinutesFormatsRegister() {
  static const Register& formats = *new Register{
      kMinutesFormats,
      1,
      "offices",
      {Proposed::kMinutesFormatSet},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<FormatsFold>(); },
      nullptr,
      AlwaysA<MinutesFormatSet>};
  return formats;
}

}  // namespace scrutiny::projections
