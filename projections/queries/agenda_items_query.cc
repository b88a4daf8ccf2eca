#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/board/meetings.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/item_joins.h"
#include "projections/queries/meeting_queries.h"
#include "projections/queries/row_filter.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using register_::v1::AgendaItemRow;
using register_::v1::ListAgendaItemsRequest;
using register_::v1::ListAgendaItemsResponse;

class AgendaItems {
 public:
  AgendaItems(Scope& scope, ListAgendaItemsRequest request)
      : scope_(scope),
        request_(std::move(request)),
        filter_(*ListAgendaItemsRequest::descriptor(), *AgendaItemRow::descriptor()),
        page_(scope.NewPage<AgendaItemRow>()) {}

  absl::StatusOr<ListAgendaItemsResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(filter_.Check(request_));
    absl::optional<std::vector<std::string>> meetings;
    if (!request_.meeting().empty()) {
      meetings.emplace(1, request_.meeting());
    } else if (!request_.forum().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(meetings, scope_.calendar().MeetingsOf(request_.forum()));
    }
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(scope_.reader(kMeetings), scope_.view(), meetings,
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  // Rows come record by record.
                  if (record != meeting_) SCRUTINY_RETURN_IF_ERROR(Begin(record));
                  if (!absl::StartsWith(key, kItemPrefix)) return absl::OkStatus();
                  AgendaItemRow row;
                  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                  items_->Add(std::move(row));
                  return absl::OkStatus();
                }));
    SCRUTINY_RETURN_IF_ERROR(Begin(""));
    ListAgendaItemsResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  // Gives the items of the meeting before, and takes the next one.
  absl::Status Begin(absl::string_view meeting) {
    if (items_ != nullptr) SCRUTINY_RETURN_IF_ERROR(Give());
    meeting_ = std::string(meeting);
    items_ = std::make_unique<ItemJoins>(scope_, meeting_);
    return absl::OkStatus();
  }

  absl::Status Give() {
    SCRUTINY_RETURN_IF_ERROR(items_->Join());
    for (auto& [item, row] : items_->items()) {
      if (!filter_.Keeps(request_, row)) continue;
      std::string place =
          SortKey().Date(row.meeting_date()).Text(meeting_).Number(row.order()).Text(item).Take();
      page_.Add(std::move(place), std::move(row));
    }
    return absl::OkStatus();
  }

  Scope& scope_;
  const ListAgendaItemsRequest request_;
  const RowFilter filter_;
  PageRows<AgendaItemRow> page_;
  std::string meeting_;
  std::unique_ptr<ItemJoins> items_;
};

}  // namespace

absl::StatusOr<ListAgendaItemsResponse> QueryAgendaItems(Engine& engine,
                                                         const ListAgendaItemsRequest& request,
                                                         const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"ListAgendaItems", ItemRegisters(), &request.view(), &request.page(), &request},
                  context));
  // Forum and meeting may be given by name or alias.
  ListAgendaItemsRequest named = request;
  if (!request.forum().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(*named.mutable_forum(),
                              scope->calendar().ForumNamed(request.forum(), "forum"));
  }
  if (!request.meeting().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(*named.mutable_meeting(),
                              scope->calendar().MeetingNamed(request.meeting(), "meeting"));
  }
  return AgendaItems(*scope, std::move(named)).Run();
}

}  // namespace scrutiny::projections
