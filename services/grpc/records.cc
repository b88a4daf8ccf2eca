#include "services/grpc/records.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "services/grpc/token.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::Error;
using ledger::Reason;
using ledger::Revision;

// Entries asked of the ledger at a time, so that a page of large ones stays small.
constexpr size_t kEntriesAtATime = 32;

template <typename Request>
uint64_t PageScope(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return ScopeOf(request);
}

}  // namespace

absl::StatusOr<size_t> PageSize(uint32_t asked) {
  if (asked <= ledger::kPageEntriesMax) return asked == 0 ? ledger::kPageEntriesMax : asked;
  return Error(Reason::kOverLimit, absl::StrCat("A page has at most ", ledger::kPageEntriesMax,
                                                " entries; asked for ", asked, "."))
      .Field("page_size")
      .Value(absl::StrCat(asked))
      .Next("Ask for fewer and go on with the page token.");
}

absl::StatusOr<Place> PlaceOf(ledger::Ledger& ledger, const std::string& token, TokenKind kind,
                              uint64_t scope) {
  SCRUTINY_ASSIGN_OR_RETURN(Place place, DecodeToken(ledger.identity(), token, "page_token"));
  SCRUTINY_RETURN_IF_ERROR(CheckScope(place, scope, "page_token"));
  if (place.kind != kind) {
    return Error(Reason::kMalformed, "The page token is one of another kind of list.")
        .Field("page_token")
        .Next("Repeat the first request's fields together with the token.");
  }
  return place;
}

absl::StatusOr<api::GetRecordResponse> GetRecord(ledger::Ledger& ledger,
                                                 const api::GetRecordRequest& request) {
  SCRUTINY_RETURN_IF_ERROR(ledger::ValidateRecordName(request.record()));
  SCRUTINY_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size()));
  const uint64_t scope = PageScope(request);
  Revision from(1);
  if (!request.page_token().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const Place place,
                              PlaceOf(ledger, request.page_token(), TokenKind::kRecord, scope));
    from = Revision(place.next);
  }

  api::GetRecordResponse response;
  response.set_record(request.record());
  size_t bytes = 0;
  bool more = true;
  while (more && response.entries_size() < static_cast<int>(page) && bytes < kPageBytes) {
    const size_t max = std::min(kEntriesAtATime, page - response.entries_size());
    SCRUTINY_ASSIGN_OR_RETURN(
        ledger::RecordHistory history,
        ledger.GetRecord(request.record(), from + response.entries_size(), max));
    if (history.head.revision == Revision(0) && history.cited_by.empty()) {
      return Error(Reason::kNotFound, absl::StrCat("There is no record ", request.record(), "."))
          .Record(request.record())
          .Next("Look it up by its number or name with Resolve, or list the records.");
    }
    response.set_state(history.head.revision == Revision(0) ? api::RECORD_STATE_CITED_NOT_HELD
                                                            : api::RECORD_STATE_HELD);
    response.set_revision(history.head.revision.value());
    if (response.cited_by_size() == 0) {
      for (const ledger::Sequence citing : history.cited_by) response.add_cited_by(citing.value());
    }
    more = history.more && !history.entries.empty();
    for (std::string& entry : history.entries) {
      bytes += entry.size();
      response.add_entries(std::move(entry));
    }
  }
  if (more) {
    Place next;
    next.kind = TokenKind::kRecord;
    next.scope = scope;
    next.next = (from + response.entries_size()).value();
    response.set_next_page_token(EncodeToken(ledger.identity(), next));
  }
  return response;
}

absl::StatusOr<api::ListRecordsResponse> ListRecords(ledger::Ledger& ledger,
                                                     const api::ListRecordsRequest& request) {
  SCRUTINY_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size()));
  if (request.prefix().size() > ledger::kRecordNameBytesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("A record's name has at most ",
                                                  ledger::kRecordNameBytesMax, " bytes."))
        .Field("prefix")
        .Value(request.prefix());
  }
  const uint64_t scope = PageScope(request);
  std::string after;
  if (!request.page_token().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(Place place,
                              PlaceOf(ledger, request.page_token(), TokenKind::kRecords, scope));
    after = std::move(place.after);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::IndexView> index, ledger.Index());
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> names,
                            index->Records(request.prefix(), after, page + 1));
  api::ListRecordsResponse response;
  if (names.size() > page) {
    names.resize(page);
    Place next;
    next.kind = TokenKind::kRecords;
    next.scope = scope;
    next.after = names.back();
    response.set_next_page_token(EncodeToken(ledger.identity(), next));
  }
  for (std::string& name : names) response.add_records(std::move(name));
  return response;
}

}  // namespace scrutiny::services
