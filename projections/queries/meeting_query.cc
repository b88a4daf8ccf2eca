#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "projections/board/meetings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/meeting_joins.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/paper.pb.h"
#include "scrutiny/event/v1/person.pb.h"

namespace scrutiny::projections {
namespace {

using register_::v1::AgendaItemRow;
using register_::v1::AttendanceRow;
using register_::v1::GetMeetingRequest;
using register_::v1::GetMeetingResponse;

std::string VerbInWords(const event::v1::ResolutionLimb& limb) {
  if (!limb.verb_printed().empty()) return limb.verb_printed();
  constexpr absl::string_view kPrefix = "RESOLUTION_VERB_";
  std::string verb = absl::AsciiStrToLower(
      absl::StripPrefix(event::v1::ResolutionVerb_Name(limb.verb()), kPrefix));
  std::replace(verb.begin(), verb.end(), '_', ' ');
  return verb;
}

// Orders the people of a meeting: those present, then apologies, each as recorded.
std::pair<bool, uint64_t> PlaceOf(const AttendanceRow& row) {
  return {row.apology(), row.meta().entries_size() > 0 ? row.meta().entries(0) : 0};
}

class MeetingQuery {
 public:
  MeetingQuery(Scope& scope, std::string meeting) : scope_(scope), meeting_(std::move(meeting)) {}

  absl::StatusOr<GetMeetingResponse> Run() {
    GetMeetingResponse response;
    response.mutable_meeting()->set_meeting(meeting_);
    bool known = false;
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.view(), Only(meeting_),
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (absl::StartsWith(key, kItemPrefix)) {
                    AgendaItemRow row;
                    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                    items_[row.item()] = std::move(row);
                    return absl::OkStatus();
                  }
                  if (!key.empty()) return TakeOther(record, key, bytes, response);
                  known = true;
                  return ParseRow(record, bytes, response.mutable_meeting());
                }));
    if (!known) scope_.AddNote("In this view nothing is known of the meeting.");
    SCRUTINY_RETURN_IF_ERROR(JoinMeeting(scope_, *response.mutable_meeting()));
    SCRUTINY_RETURN_IF_ERROR(JoinResolutions());
    SCRUTINY_RETURN_IF_ERROR(JoinAssurance());
    SCRUTINY_RETURN_IF_ERROR(JoinPapers());
    SCRUTINY_RETURN_IF_ERROR(JoinRaised());
    SCRUTINY_RETURN_IF_ERROR(Finish(response));
    return response;
  }

 private:
  static absl::optional<std::vector<std::string>> Only(const std::string& record) {
    return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
  }

  // People and notes, which go with the first page.
  absl::Status TakeOther(absl::string_view record, absl::string_view key, absl::string_view bytes,
                         GetMeetingResponse& response) {
    if (!scope_.is_first_page() || absl::StartsWith(key, kMinutesPrefix)) return absl::OkStatus();
    AttendanceRow row;
    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string shown_as, ShownAs(row.person(), row.post()));
    if (absl::StartsWith(key, kNotePrefix)) {
      response.add_notes(shown_as.empty() ? row.reason()
                                          : absl::StrCat(shown_as, ": ", row.reason()));
      return absl::OkStatus();
    }
    row.set_shown_as(shown_as);
    people_.push_back(std::move(row));
    return absl::OkStatus();
  }

  // The name of a holder of public office, else the post.
  absl::StatusOr<std::string> ShownAs(const std::string& person, const std::string& post) {
    event::v1::PersonRegistered registered;
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kPeople), scope_.reference(), Only(person),
                [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                  return ParseRow(record, bytes, &registered);
                }));
    if (!registered.name().empty()) return registered.name();
    if (!post.empty()) return post;
    return registered.post().empty() ? person : registered.post();
  }

  // The item of that key; one that is not on the agenda is shown all the same.
  AgendaItemRow& Item(const std::string& item) {
    AgendaItemRow& row = items_[item];
    if (row.item().empty()) {
      row.set_meeting(meeting_);
      row.set_item(item);
    }
    return row;
  }

  absl::Status JoinResolutions() {
    return ForRows(scope_.reader(kResolutions), scope_.view(), Only(meeting_),
                   [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                     register_::v1::ResolutionRow resolution;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &resolution));
                     AgendaItemRow& item = Item(resolution.item());
                     std::vector<std::string> words;
                     if (item.outcome() == register_::v1::ITEM_OUTCOME_RESOLVED) {
                       words.push_back(item.outcome_text());
                     }
                     for (const event::v1::ResolutionLimb& limb : resolution.limbs()) {
                       words.push_back(absl::StrCat(VerbInWords(limb), ": ", limb.subject()));
                     }
                     item.set_outcome(register_::v1::ITEM_OUTCOME_RESOLVED);
                     item.set_outcome_text(absl::StrJoin(words, "; "));
                     return absl::OkStatus();
                   });
  }

  absl::Status JoinAssurance() {
    return ForRows(scope_.reader(kAssurance), scope_.view(), Only(meeting_),
                   [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                     register_::v1::AssuranceRow assurance;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &assurance));
                     // Of several areas on an item the least settled one is what matters.
                     AgendaItemRow& item = Item(assurance.item());
                     item.set_assurance(std::max(item.assurance(), assurance.outcome()));
                     return absl::OkStatus();
                   });
  }

  absl::Status JoinPapers() {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> papers,
                              scope_.reader(kPapers).Indexed("meeting", meeting_));
    return ForRows(scope_.reader(kPapers), scope_.view(), absl::make_optional(papers),
                   [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                     event::v1::PaperSubmitted paper;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &paper));
                     if (paper.meeting() != meeting_ || paper.item().empty()) {
                       return absl::OkStatus();
                     }
                     AgendaItemRow& item = Item(paper.item());
                     item.add_papers(std::string(record));
                     for (const event::v1::Recommendation& asked : paper.recommendations()) {
                       item.add_recommendations(asked.text());
                     }
                     return absl::OkStatus();
                   });
  }

  // Actions raised and decisions taken at the meeting.
  absl::Status JoinRaised() {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> actions,
                              scope_.reader(kActions).Indexed("meeting", meeting_));
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kActions), scope_.view(), absl::make_optional(actions),
                [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                  register_::v1::ActionRow action;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &action));
                  if (action.meeting() == meeting_ && !action.item().empty()) {
                    Item(action.item()).add_actions(action.action());
                  }
                  return absl::OkStatus();
                }));
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> decisions,
                              scope_.reader(kDecisions).Indexed("meeting", meeting_));
    return ForRows(scope_.reader(kDecisions), scope_.view(), absl::make_optional(decisions),
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (!key.empty()) return absl::OkStatus();
                     register_::v1::DecisionRow decision;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &decision));
                     if (decision.meeting() == meeting_ && !decision.item().empty()) {
                       Item(decision.item()).add_decisions(decision.decision());
                     }
                     return absl::OkStatus();
                   });
  }

  absl::Status Finish(GetMeetingResponse& response) {
    auto page = scope_.NewPage<AgendaItemRow>();
    for (auto& [item, row] : items_) {
      std::string place = SortKey().Number(row.order()).Text(item).Take();
      page.Add(std::move(place), std::move(row));
    }
    response.set_next_page_token(scope_.TokenAfter(page.MoveTo(response.mutable_items())));
    std::sort(people_.begin(), people_.end(), [](const AttendanceRow& a, const AttendanceRow& b) {
      return PlaceOf(a) < PlaceOf(b);
    });
    for (AttendanceRow& row : people_) *response.add_attendance() = std::move(row);
    *response.mutable_basis() = scope_.basis();
    return absl::OkStatus();
  }

  Scope& scope_;
  const std::string meeting_;
  std::map<std::string, AgendaItemRow> items_;
  std::vector<AttendanceRow> people_;
};

}  // namespace

absl::StatusOr<GetMeetingResponse> QueryMeeting(Engine& engine, const GetMeetingRequest& request,
                                                const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"GetMeeting",
                                         {kMeetings, kForums, kResolutions, kAssurance, kPapers,
                                          kActions, kDecisions, kPeople, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  SCRUTINY_ASSIGN_OR_RETURN(std::string meeting,
                            scope->calendar().MeetingNamed(request.meeting(), "meeting"));
  return MeetingQuery(*scope, std::move(meeting)).Run();
}

}  // namespace scrutiny::projections
