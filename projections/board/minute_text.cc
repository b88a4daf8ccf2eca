#include "projections/board/minute_text.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/row_meta.h"
#include "scrutiny/event/v1/agenda.pb.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::ItemMinuted;
using event::v1::Proposed;
using register_::v1::RowMeta;

// Facts that the minutes give and no other row holds in full.
bool IsMinuted(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kMeetingOpened:
    case Proposed::kMeetingClosed:
    case Proposed::kMeetingAdjourned:
    case Proposed::kMeetingResumed:
    case Proposed::kMeetingInquorate:
    case Proposed::kPublicPresenceCounted:
    case Proposed::kRepresentationBreachNoted:
    case Proposed::kMinutesApproved:
    case Proposed::kMinutesNoted:
    case Proposed::kAgendaItemTaken:
      return true;
    default:
      return false;
  }
}

class MinuteTextFold final : public Fold {
 public:
  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_item_minuted()) {
      const ItemMinuted& said = proposed.item_minuted();
      Stretch& stretch = stretches_[absl::StrCat(kParagraphPrefix, said.item(), "/", said.key())];
      stretch.said = said;  // Minuted under a key that is there already: what comes later stands.
      stretch.meta.Add(fact);
      stretch.changed = true;
      return absl::OkStatus();
    }
    if (!IsMinuted(proposed)) return NotForRegister(kMinuteText, fact);
    Other& other = others_[absl::StrCat(kMinutedFactPrefix,
                                        absl::Hex(fact.sequence.value(), absl::kZeroPad16))];
    other.said = proposed;
    // What the minutes do not give need not be kept twice.
    other.said.clear_sources();
    other.said.clear_put_before();
    other.meta.Add(fact);
    other.changed = true;
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    for (auto& [key, stretch] : stretches_) {
      if (stretch.changed || !only_changed) GiveStretch(key, stretch, sink);
    }
    for (auto& [key, other] : others_) {
      if (!other.changed && only_changed) continue;
      sink.Row(key, other.said);
      GiveMeta(key, other.meta, sink);
      other.changed = false;
    }
  }

 private:
  struct Stretch {
    ItemMinuted said;
    MetaBuilder meta;
    int given = 0;  // paragraphs, so that those a later wording has not are taken away
    bool changed = false;
  };
  struct Other {
    Proposed said;
    MetaBuilder meta;
    bool changed = false;
  };

  static void GiveMeta(const std::string& key, const MetaBuilder& meta, RowSink& sink) {
    RowMeta row;
    meta.WriteTo(&row);
    sink.Row(absl::StrCat(kStandsOnPrefix, key), row);
  }

  static void GiveStretch(const std::string& key, Stretch& stretch, RowSink& sink) {
    const int count = stretch.said.paragraphs_size();
    for (int i = 0; i < std::max(count, stretch.given); ++i) {
      ItemMinuted row;
      if (i < count) {
        row.set_item(stretch.said.item());
        row.set_key(stretch.said.key());
        if (i == 0) row.set_heading(stretch.said.heading());
        row.add_paragraphs(stretch.said.paragraphs(i));
        row.set_after_resolutions(stretch.said.after_resolutions());
      }
      sink.Row(absl::StrCat(key, "/", absl::Dec(i, absl::kZeroPad4)), row);
    }
    stretch.given = count;
    stretch.changed = false;
    GiveMeta(key, stretch.meta, sink);
  }

  std::map<std::string, Stretch> stretches_;
  std::map<std::string, Other> others_;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kParagraphPrefix)) return ItemMinuted::default_instance();
  if (absl::StartsWith(key, kStandsOnPrefix)) return RowMeta::default_instance();
  return Proposed::default_instance();
}

}  // namespace

const Register& MinuteTextRegister() {
  static const Register& texts = *new Register{
      kMinuteText,
      1,
      "meetings",
      {Proposed::kItemMinuted, Proposed::kMeetingOpened, Proposed::kMeetingClosed,
       Proposed::kMeetingAdjourned, Proposed::kMeetingResumed, Proposed::kMeetingInquorate,
       Proposed::kPublicPresenceCounted, Proposed::kRepresentationBreachNoted,
       Proposed::kMinutesApproved, Proposed::kMinutesNoted, Proposed::kAgendaItemTaken},
      [](absl::string_view) -> std::unique_ptr<Fold> { return std::make_unique<MinuteTextFold>(); },
      nullptr,
      RowOf};
  return texts;
}

}  // namespace scrutiny::projections
