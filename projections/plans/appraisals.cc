#include "projections/plans/appraisals.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/engine/row_meta.h"
#include "scrutiny/register/v1/pilots.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::AppraisalDropped;
using event::v1::DecisionOption;
using event::v1::OptionPreferred;
using event::v1::OptionsAppraised;
using event::v1::Owner;
using event::v1::Proposed;

Owner AsOwner(const event::v1::Decider& decider) {
  Owner owner;
  owner.set_person(decider.person());
  owner.set_post(decider.post());
  owner.set_forum(decider.forum());
  return owner;
}

class AppraisalFold final : public Fold {
 public:
  explicit AppraisalFold(absl::string_view record) { whole_.set_appraisal(std::string(record)); }

  absl::Status Apply(const Fact& fact) override {
    changed_ = true;
    meta_.Add(fact);
    switch (fact.proposed().fact_case()) {
      case Proposed::kOptionsAppraised:
        Appraised(fact, fact.proposed().options_appraised());
        return absl::OkStatus();
      case Proposed::kOptionPreferred:
        Preferred(fact, fact.proposed().option_preferred());
        return absl::OkStatus();
      case Proposed::kAppraisalDropped:
        dropped_ = true;
        dropped_because_ = fact.proposed().appraisal_dropped().reason();
        return absl::OkStatus();
      default:
        return NotForRegister("appraisals", fact);
    }
  }

  void Rows(bool only_changed, RowSink& sink) override {
    if (only_changed && !changed_) return;
    changed_ = false;
    whole_.set_state(State());
    meta_.WriteTo(whole_.mutable_meta());
    for (const auto& [key, option] : options_) {
      AppraisedOptionRow row = option;
      row.MergeFrom(whole_);
      row.set_key(key);
      row.set_chosen(key == chosen_);
      row.set_preferred(row.chosen());
      for (const Preference& preference : preferences_) {
        if (preference.option != key) continue;
        row.set_preferred(true);
        if (preference.who.ByteSizeLong() > 0) *row.add_preferred_by() = preference.who;
      }
      if (dropped_) row.set_reason(dropped_because_);
      sink.Row(absl::StrCat("o/", key), row);
    }
  }

 private:
  // Who prefers which; empty: it is not said who.
  struct Preference {
    Owner who;
    std::string option;
  };

  void Appraised(const Fact& fact, const OptionsAppraised& appraised) {
    whole_.set_title(appraised.title());
    whole_.set_appraised_on(fact.DayText());
    *whole_.mutable_deciders() = appraised.deciders();
    *whole_.mutable_appraised_by() = appraised.appraised_by();
    whole_.set_pilot(appraised.pilot());
    whole_.set_agreement(appraised.agreement());
    if (!appraised.decision().empty()) whole_.set_decision(appraised.decision());
    whole_.set_appraisal_paper(appraised.appraisal_paper());
    whole_.set_put_to(appraised.put_to());
    whole_.set_put_item(appraised.put_item());
    uint32_t order = 0;
    for (const DecisionOption& option : appraised.options()) {
      AppraisedOptionRow& row = options_[option.key()];
      row.set_order(++order);
      row.set_label(option.label());
      row.set_text(option.text());
      *row.mutable_reasons_for() = option.reasons_for();
      *row.mutable_reasons_against() = option.reasons_against();
      *row.mutable_amounts() = option.amounts();
      if (option.preferred()) Put(fact, option);
    }
  }

  // The appraisal itself says that the option is preferred.
  void Put(const Fact& fact, const DecisionOption& option) {
    std::vector<Owner> who(option.preferred_by().begin(), option.preferred_by().end());
    if (who.empty()) who.emplace_back();
    for (const Owner& one : who) {
      // An appraisal that is not dated comes last here, and changes nobody's mind.
      const bool known =
          std::any_of(preferences_.begin(), preferences_.end(), [&](const Preference& other) {
            return other.who.SerializeAsString() == one.SerializeAsString();
          });
      if (fact.day != ledger::Day::Max() || !known) Prefer(one, option.key());
    }
  }

  void Preferred(const Fact& fact, const OptionPreferred& preferred) {
    AppraisedOptionRow& row = options_[preferred.option()];
    if (!preferred.reason().empty()) row.set_reason(preferred.reason());
    if (!preferred.decision().empty()) whole_.set_decision(preferred.decision());
    if (preferred.chosen()) chosen_ = preferred.option();
    if (fact.day != ledger::Day::Max()) dropped_ = false;
    const Owner decider = AsOwner(preferred.decider());
    if (decider.ByteSizeLong() > 0 || preferred.preferred_by().empty()) {
      Prefer(decider, preferred.option());
    }
    for (const Owner& who : preferred.preferred_by()) Prefer(who, preferred.option());
  }

  // Whoever changes their mind no longer prefers what they did.
  void Prefer(const Owner& who, const std::string& option) {
    const std::string name = who.SerializeAsString();
    const auto same = [&](const Preference& other) {
      return other.who.SerializeAsString() == name && (!name.empty() || other.option == option);
    };
    preferences_.erase(std::remove_if(preferences_.begin(), preferences_.end(), same),
                       preferences_.end());
    preferences_.push_back({who, option});
  }

  AppraisalState State() const {
    if (dropped_) return APPRAISAL_STATE_DROPPED;
    if (!chosen_.empty()) return APPRAISAL_STATE_CHOSEN;
    std::set<std::string> preferred;
    for (const Preference& preference : preferences_) preferred.insert(preference.option);
    if (preferred.empty()) return APPRAISAL_STATE_APPRAISED;
    return preferred.size() == 1 ? APPRAISAL_STATE_PREFERRED : APPRAISAL_STATE_DIVIDED;
  }

  AppraisedOptionRow whole_;  // what every option's row says
  MetaBuilder meta_;
  std::map<std::string, AppraisedOptionRow> options_;
  std::vector<Preference> preferences_;  // in order
  std::string chosen_;
  bool dropped_ = false;
  std::string dropped_because_;
  bool changed_ = false;
};

}  // namespace

const Register& AppraisalsRegister() {
  static const Register& appraisals = *new Register{
      "appraisals",
      1,
      "appraisals",
      {Proposed::kOptionsAppraised, Proposed::kOptionPreferred, Proposed::kAppraisalDropped},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<AppraisalFold>(record);
      },
      nullptr,
      AlwaysA<AppraisedOptionRow>};
  return appraisals;
}

}  // namespace scrutiny::projections
