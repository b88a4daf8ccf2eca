// projections/queries/minutes_render_gather.h
// Gathers the document from the registers: who was there (minutes_render_people.cc) and what
// became of each item (minutes_render_items.cc). Only minutes_render*.cc use it.
//
// Threads:  confined to its query.
// Tests:    tests/projections/board/minutes_render_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_GATHER_H_
#define SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_GATHER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "projections/queries/minutes_joins.h"
#include "projections/queries/minutes_render.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/office.pb.h"
#include "scrutiny/register/v1/attendance.pb.h"
#include "scrutiny/register/v1/minutes.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

class MinutesGatherer {
 public:
  MinutesGatherer(Scope& scope, std::string meeting, bool with_entries)
      : scope_(scope), meeting_(std::move(meeting)), joins_(scope) {
    document_.with_entries = with_entries;
  }

  absl::Status Run();
  MinutesDocument TakeDocument() { return std::move(document_); }
  void Fill(register_::v1::RenderMinutesResponse* response) const;

 private:
  using Entries = std::vector<uint64_t>;
  using Kind = MinutesLine::Kind;

  // A paragraph of a minuted stretch.
  struct Paragraph {
    std::string key;
    int order = 0;
    std::string heading;
    std::string text;
    bool after_resolutions = false;
    register_::v1::RowMeta meta;
  };
  // What is known of an item, before it is set out.
  struct Item {
    register_::v1::AgendaItemRow row;
    std::vector<Paragraph> paragraphs;
    std::vector<MinutesLine> resolutions;
    std::vector<MinutesLine> said;     // announcements, questions, minutes accepted
    std::vector<MinutesLine> assured;  // assurance, adjournments
    std::vector<MinutesLine> follows;  // decisions, actions
    std::vector<MinutesLine> corrections;
  };
  // A fact that no row but minute-text holds.
  struct Other {
    event::v1::Proposed said;
    register_::v1::RowMeta meta;
  };

  // minutes_render_people.cc
  absl::Status ReadMeeting();
  absl::Status ReadTexts();
  absl::Status ReadAttendance();
  absl::Status ReadDeclarations();
  absl::Status Head();
  absl::Status AddPerson(const register_::v1::MeetingAttendanceRow& row);
  absl::StatusOr<std::string> Remarks(const register_::v1::MeetingAttendanceRow& row);
  void GroupPresent();
  void Particular(absl::string_view name, const std::string& value);
  void TakeOther(const Other& other);
  void OpenAndClose();
  absl::StatusOr<std::string> Named(const std::string& person, const std::string& post);
  absl::StatusOr<std::string> StatusWords();
  absl::StatusOr<std::string> MeetingWords(const std::string& meeting);
  std::string ItemWords(const std::string& item) const;

  // minutes_render_items.cc
  absl::Status ReadAnnouncements();
  absl::Status ReadQuestions();
  absl::Status ReadResolutions();
  absl::Status ReadAssurance();
  absl::Status ReadDecisions();
  absl::Status ReadActions();
  absl::Status ReadAccepted();
  absl::Status ReadCorrections();
  absl::StatusOr<std::string> OwnersWords(
      const google::protobuf::RepeatedPtrField<event::v1::Owner>& owners);
  absl::StatusOr<std::string> DueWords(const std::string& printed, const std::string& date,
                                       const std::string& meeting);
  absl::Status SetOut();
  absl::StatusOr<MinutesItem> SetOutItem(Item& item);
  absl::Status AddOutcome(const Item& item, std::vector<MinutesLine>* lines);
  void Correct(const Item& item, std::vector<MinutesLine>* lines);

  // What a part of the document stands on; remembered for the whole.
  Entries Use(const register_::v1::RowMeta& meta);
  // The item of that key; one that is not on the agenda is set out all the same.
  Item& ItemOf(const std::string& item);
  // Where what belongs to an item goes, and what belongs to none.
  std::vector<MinutesLine>& Said(const std::string& item) {
    return item.empty() ? document_.closing : ItemOf(item).said;
  }
  absl::optional<std::vector<std::string>> ThisMeeting() const {
    return absl::optional<std::vector<std::string>>(absl::in_place, 1, meeting_);
  }

  Scope& scope_;
  const std::string meeting_;
  MinutesJoins joins_;
  MinutesDocument document_;
  MinutesJoins::Standing minutes_;
  event::v1::MinutesFormatSet format_;
  register_::v1::MeetingRow row_;
  std::map<std::string, Item> items_;
  std::vector<Other> others_;
  // Present, each with where they come in the list.
  std::vector<std::pair<register_::v1::MeetingAttendanceRow, MinutesPerson>> present_;
  std::vector<MinutesLine> corrections_;  // of no item
  std::vector<std::string> missing_;
  bool opened_at_ = false;
  bool closed_at_ = false;
  bool chair_ = false;
  bool declared_ = false;
  std::set<uint64_t> used_;
  register_::v1::RowMeta meta_;  // its flags
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_MINUTES_RENDER_GATHER_H_
