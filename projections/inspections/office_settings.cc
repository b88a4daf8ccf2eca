#include "projections/inspections/office_settings.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/event/v1/office.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class SettingsFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_time_limit_set()) {
      limits_[absl::StrCat("l/", proposed.time_limit_set().key())] = proposed.time_limit_set();
      return absl::OkStatus();
    }
    if (proposed.has_suppression_threshold_set()) {
      const event::v1::SuppressionThresholdSet& set = proposed.suppression_threshold_set();
      thresholds_[absl::StrCat("s/", set.key())] = set;
      return absl::OkStatus();
    }
    return NotForRegister(kOfficeSettings, fact);
  }

  void Rows(bool /*only_changed*/, RowSink& sink) override {
    for (const auto& [key, row] : limits_) sink.Row(key, row);
    for (const auto& [key, row] : thresholds_) sink.Row(key, row);
  }

 private:
  std::map<std::string, event::v1::TimeLimitSet> limits_;
  std::map<std::string, event::v1::SuppressionThresholdSet> thresholds_;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "s/")) return event::v1::SuppressionThresholdSet::default_instance();
  return event::v1::TimeLimitSet::default_instance();
}

}  // namespace

const Register& OfficeSettingsRegister() {
  static const Register& settings = *new Register{
      kOfficeSettings,
      1,
      "offices",
      {Proposed::kTimeLimitSet, Proposed::kSuppressionThresholdSet},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<SettingsFold>(); },
      nullptr,
      RowOf};
  return settings;
}

}  // namespace scrutiny::projections
