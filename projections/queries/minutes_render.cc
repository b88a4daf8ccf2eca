#include "projections/queries/minutes_render.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "projections/board/attendance.h"
#include "projections/board/minute_actions.h"
#include "projections/board/minute_text.h"
#include "projections/board/minutes.h"
#include "projections/board/minutes_formats.h"
#include "projections/board/questions.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/minutes_render_gather.h"

namespace scrutiny::projections {
namespace {

using register_::v1::RenderMinutesRequest;
using register_::v1::RenderMinutesResponse;

constexpr size_t kMetaEntriesMax = 100;  // as RowMeta.entries says

}  // namespace

void MinutesGatherer::Fill(RenderMinutesResponse* response) const {
  response->set_title(document_.title);
  response->set_meeting(meeting_);
  response->set_state(minutes_.row.state());
  response->set_accepted_at(minutes_.row.accepted_at());
  response->set_accepted_on(minutes_.row.accepted_on());
  response->set_corrections(static_cast<uint32_t>(minutes_.corrections.size()));
  if (minutes_.accepted_by.has_value()) {
    for (auto entry = used_.upper_bound(*minutes_.accepted_by); entry != used_.end(); ++entry) {
      response->add_changed_since(*entry);
    }
  }
  for (const std::string& missing : missing_) response->add_missing(missing);
  register_::v1::RowMeta& meta = *response->mutable_meta();
  meta = meta_;
  std::set<uint64_t> all = used_;
  const auto& own = minutes_.row.meta();
  all.insert(own.entries().begin(), own.entries().end());
  meta.set_entry_count(static_cast<uint32_t>(all.size()));
  const size_t dropped = all.size() > kMetaEntriesMax ? all.size() - kMetaEntriesMax : 0;
  meta.mutable_entries()->Assign(std::next(all.begin(), static_cast<std::ptrdiff_t>(dropped)),
                                 all.end());
}

MinutesGatherer::Entries MinutesGatherer::Use(const register_::v1::RowMeta& meta) {
  used_.insert(meta.entries().begin(), meta.entries().end());
  meta_.set_date_not_known(meta_.date_not_known() || meta.date_not_known());
  meta_.set_despite(meta_.despite() || meta.despite());
  meta_.set_inferred(meta_.inferred() || meta.inferred());
  meta_.set_corrected(meta_.corrected() || meta.corrected());
  return Entries(meta.entries().begin(), meta.entries().end());
}

absl::Status MinutesGatherer::Run() {
  SCRUTINY_RETURN_IF_ERROR(ReadMeeting());
  SCRUTINY_RETURN_IF_ERROR(ReadTexts());
  SCRUTINY_RETURN_IF_ERROR(Head());
  SCRUTINY_RETURN_IF_ERROR(ReadAttendance());
  SCRUTINY_RETURN_IF_ERROR(ReadDeclarations());
  SCRUTINY_RETURN_IF_ERROR(ReadResolutions());
  SCRUTINY_RETURN_IF_ERROR(ReadAnnouncements());
  SCRUTINY_RETURN_IF_ERROR(ReadQuestions());
  SCRUTINY_RETURN_IF_ERROR(ReadAccepted());
  SCRUTINY_RETURN_IF_ERROR(ReadAssurance());
  SCRUTINY_RETURN_IF_ERROR(ReadDecisions());
  SCRUTINY_RETURN_IF_ERROR(ReadActions());
  SCRUTINY_RETURN_IF_ERROR(ReadCorrections());
  OpenAndClose();
  return SetOut();
}

absl::StatusOr<MinutesDocument> GatherMinutes(Scope& scope, const std::string& meeting,
                                              bool with_entries, RenderMinutesResponse* response) {
  MinutesGatherer gatherer(scope, meeting, with_entries);
  SCRUTINY_RETURN_IF_ERROR(gatherer.Run());
  gatherer.Fill(response);
  return gatherer.TakeDocument();
}

absl::StatusOr<RenderMinutesResponse> RenderMinutes(Engine& engine,
                                                    const RenderMinutesRequest& request,
                                                    const QueryContext& context) {
  const std::vector<absl::string_view> draws_on = {
      kMinutes,    kMinuteText,    kMinuteActions,  kMinutesFormats, kMeetings,
      kForums,     kResolutions,   kAssurance,      kDecisions,      kPeople,
      kAttendance, "declarations", "announcements", kQuestions,      kKnowledge};
  const register_::v1::Page whole;  // a document comes in one piece
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine, {"RenderMinutes", draws_on, &request.view(), &whole, &request}, context));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string meeting,
                            scope->calendar().MeetingNamed(request.meeting(), "meeting"));
  RenderMinutesResponse response;
  SCRUTINY_ASSIGN_OR_RETURN(const MinutesDocument document,
                            GatherMinutes(*scope, meeting, request.with_entries(), &response));
  switch (request.format()) {
    case register_::v1::MINUTES_FORMAT_MARKDOWN:
      response.set_document(WriteMinutesMarkdown(document));
      response.set_media_type("text/markdown; charset=utf-8");
      break;
    case register_::v1::MINUTES_FORMAT_HTML:
      response.set_document(WriteMinutesHtml(document));
      response.set_media_type("text/html; charset=utf-8");
      break;
    default:
      response.set_document(WriteMinutesText(document));
      response.set_media_type("text/plain; charset=utf-8");
  }
  if (response.document().size() > kMinutesBytesMax) {
    return ledger::Error(ledger::Reason::kOverLimit,
                         absl::StrCat("The minutes would be ", response.document().size(),
                                      " bytes; at most ", kMinutesBytesMax, " can be given."))
        .Record(meeting)
        .Next("Ask for them as text, which is the shortest form.");
  }
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
