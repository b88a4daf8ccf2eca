#include "projections/board/announcements.h"

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/attendance.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): sorts of the row
using event::v1::Proposed;

class AnnouncementsFold final : public Fold {
 public:
  explicit AnnouncementsFold(absl::string_view record) : meeting_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_announcement_made()) {
      Made(fact, proposed.announcement_made());
    } else if (proposed.has_next_meeting_noted()) {
      Next(fact, proposed.next_meeting_noted());
    } else {
      return NotForRegister("announcements", fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  // The row of that key; without one, of the fact itself.
  AnnouncementRow& Row(const std::string& key, const Fact& fact) {
    std::string place = absl::StrCat("a/", absl::Hex(fact.sequence.value(), absl::kZeroPad16));
    if (!key.empty()) place = places_.try_emplace(key, place).first->second;
    AnnouncementRow& row = rows_.Touch(place, fact);
    row.Clear();
    row.set_meeting(meeting_);
    row.set_key(key);
    return row;
  }

  void Made(const Fact& fact, const event::v1::AnnouncementMade& made) {
    AnnouncementRow& row = Row(made.key(), fact);
    row.set_item(made.item());
    const bool event = made.event() || !made.event_date().empty();
    row.set_sort(made.none() ? ANNOUNCEMENT_SORT_NOTHING
                 : event     ? ANNOUNCEMENT_SORT_EVENT
                             : ANNOUNCEMENT_SORT_NEWS);
    row.set_person(made.person());
    row.set_post(made.post());
    row.set_organisation(made.organisation());
    row.set_title(made.title());
    row.set_text(made.text());
    row.set_event_date(made.event_date());
    row.set_event_until(made.event_until());
    row.set_place(made.place());
    row.set_url(made.url());
    *row.mutable_actions() = made.actions();
  }

  void Next(const Fact& fact, const event::v1::NextMeetingNoted& next) {
    AnnouncementRow& row = Row("", fact);
    row.set_item(next.item());
    row.set_sort(ANNOUNCEMENT_SORT_NEXT_MEETING);
    row.set_event_date(next.date());
    row.set_next_meeting(next.meeting());
    row.set_start(next.start());
    row.set_place(next.place());
  }

  const std::string meeting_;
  KeyedRows<AnnouncementRow> rows_;
  absl::flat_hash_map<std::string, std::string> places_;  // of announcements with a key
};

void Index(const Proposed& proposed, IndexSink sink) {
  const std::string& person = proposed.announcement_made().person();
  if (!person.empty()) sink("person", person);
}

}  // namespace

const Register& AnnouncementsRegister() {
  static const Register& announcements =
      *new Register{"announcements",
                    1,
                    "meetings",
                    {Proposed::kAnnouncementMade, Proposed::kNextMeetingNoted},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<AnnouncementsFold>(record);
                    },
                    Index,
                    AlwaysA<AnnouncementRow>};
  return announcements;
}

}  // namespace scrutiny::projections
