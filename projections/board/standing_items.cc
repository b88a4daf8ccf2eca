#include "projections/board/standing_items.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "scrutiny/event/v1/office.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class StandingItemsFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    if (!fact.proposed().has_standing_item_set()) return NotForRegister(kStandingItems, fact);
    const event::v1::StandingItemSet& set = fact.proposed().standing_item_set();
    items_[absl::StrCat("i/", set.key())] = set;
    return absl::OkStatus();
  }

  void Rows(bool /*only_changed*/, RowSink& sink) override {
    for (const auto& [key, row] : items_) sink.Row(key, row);
  }

 private:
  std::map<std::string, event::v1::StandingItemSet> items_;
};

}  // namespace

const Register& StandingItemsRegister() {
  static const Register& items = *new Register{kStandingItems,
                                               1,
                                               "offices",
                                               {Proposed::kStandingItemSet},
                                               [](absl::string_view) -> std::unique_ptr<Fold> {
                                                 return std::make_unique<StandingItemsFold>();
                                               },
                                               nullptr,
                                               AlwaysA<event::v1::StandingItemSet>};
  return items;
}

}  // namespace scrutiny::projections
