#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/names.h"
#include "ledger/format/alias.h"
#include "projections/panels/findings.h"
#include "projections/panels/schemes.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/scope.h"
#include "scrutiny/event/v1/volunteer.pb.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using register_::v1::FindingRow;
using register_::v1::ListFindingsRequest;
using register_::v1::ListFindingsResponse;
using register_::v1::SchemeRow;
using register_::v1::SessionRow;
using Candidates = absl::optional<std::vector<std::string>>;

// The schemes, by record: names, aliases and time limits.
class Schemes {
 public:
  absl::Status Load(const Scope& scope) {
    return ForRows(scope.reader(kSchemes), scope.reference(), absl::nullopt,
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (key != kSchemeTermsKey) return absl::OkStatus();
                     return ParseRow(record, bytes, &terms_[std::string(record)]);
                   });
  }

  const event::v1::SchemeEstablished& TermsOf(const std::string& scheme) const {
    const auto found = terms_.find(scheme);
    return found == terms_.end() ? event::v1::SchemeEstablished::default_instance() : found->second;
  }

  // The scheme of that record name, name or alias.
  absl::StatusOr<std::string> Named(const std::string& text) const {
    const std::string wanted = ledger::NormaliseAlias(text);
    std::vector<std::string> found;
    for (const auto& [record, terms] : terms_) {
      bool named = record == text || ledger::NormaliseAlias(terms.name()) == wanted;
      for (const std::string& alias : terms.aliases()) {
        named = named || ledger::NormaliseAlias(alias) == wanted;
      }
      if (named) found.push_back(record);
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
      return ledger::Error(ledger::Reason::kNotFound,
                           absl::StrCat("There is no scheme “", text, "” in this ledger."))
          .Field("scheme")
          .Value(text);
    }
    return ledger::Error(ledger::Reason::kMalformed,
                         absl::StrCat("Several schemes are called “", text,
                                      "”: ", absl::StrJoin(found, ", "), "."))
        .Field("scheme")
        .Value(text)
        .Next("Name the one you mean by its record.");
  }

 private:
  absl::flat_hash_map<std::string, event::v1::SchemeEstablished> terms_;
};

// The records that may be of the scheme asked for; all if none is.
absl::StatusOr<Candidates> OfScheme(const Reader& reader, const std::string& scheme) {
  if (scheme.empty()) return Candidates();
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> records, reader.Indexed("scheme", scheme));
  return Candidates(std::move(records));
}

class FindingsQuery {
 public:
  FindingsQuery(Scope& scope, const ListFindingsRequest& request)
      : scope_(scope), request_(request), page_(scope.NewPage<FindingRow>()) {}

  absl::StatusOr<ListFindingsResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(schemes_.Load(scope_));
    if (!request_.scheme().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(scheme_, schemes_.Named(request_.scheme()));
    }
    const Reader& reader = scope_.reader(kFindings);
    SCRUTINY_ASSIGN_OR_RETURN(const Candidates candidates, OfScheme(reader, scheme_));
    // The rows of a finding come together, the main one first.
    SCRUTINY_RETURN_IF_ERROR(
        ForRows(reader, scope_.view(), candidates,
                [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                  if (key == kResponseDueKey) return ParseRow(record, bytes, &due_);
                  SCRUTINY_RETURN_IF_ERROR(OfferKept());
                  kept_.Clear();
                  due_.Clear();
                  return ParseRow(record, bytes, &kept_);
                }));
    SCRUTINY_RETURN_IF_ERROR(OfferKept());
    ListFindingsResponse response;
    response.set_next_page_token(scope_.TokenAfter(page_.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  absl::Status OfferKept() {
    if (kept_.finding().empty() || (!scheme_.empty() && kept_.scheme() != scheme_) ||
        (request_.state() != 0 && kept_.state() != request_.state())) {
      return absl::OkStatus();
    }
    const event::v1::SchemeEstablished& terms = schemes_.TermsOf(kept_.scheme());
    kept_.set_scheme_name(terms.name());
    SCRUTINY_RETURN_IF_ERROR(JudgeDue(terms));
    std::string key =
        SortKey().Text(kept_.scheme()).Date(kept_.date()).Text(kept_.finding()).Take();
    page_.Add(std::move(key), kept_);
    return absl::OkStatus();
  }

  // Due by a date, by a meeting, or within the scheme's time limit from the day of the finding.
  absl::Status JudgeDue(const event::v1::SchemeEstablished& terms) {
    absl::optional<Day> due;
    const absl::StatusOr<ledger::PartialDate> date = ledger::PartialDate::Parse(due_.date());
    const absl::StatusOr<Day> found_on = Day::Parse(kept_.date());
    if (date.ok()) {
      due = date->LastDay();
    } else if (!due_.meeting().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting,
                                scope_.calendar().Meeting(due_.meeting()));
      kept_.set_response_due(meeting.date);
      due = meeting.day;
    } else if (due_.ByteSizeLong() > 0 && terms.response_days() > 0 && found_on.ok()) {
      due = *found_on + static_cast<int32_t>(terms.response_days());
      kept_.set_response_due(due->ToString());
    }
    kept_.set_response_overdue(kept_.state() == register_::v1::FINDING_STATE_AWAITING_RESPONSE &&
                               due.has_value() && *due < scope_.judged_on());
    return absl::OkStatus();
  }

  Scope& scope_;
  const ListFindingsRequest& request_;
  PageRows<FindingRow> page_;
  Schemes schemes_;
  std::string scheme_;
  FindingRow kept_;     // read, and waiting for what stands beside it
  event::v1::Due due_;  // when a response to it is due
};

}  // namespace

absl::StatusOr<ListFindingsResponse> QueryFindings(Engine& engine,
                                                   const ListFindingsRequest& request,
                                                   const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListFindings",
                                         {kFindings, kSchemes, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  return FindingsQuery(*scope, request).Run();
}

absl::StatusOr<register_::v1::ListSessionsResponse> QuerySessions(
    Engine& engine, const register_::v1::ListSessionsRequest& request,
    const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListSessions",
                                         {kSessions, kSchemes, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  std::string scheme;
  if (!request.scheme().empty()) {
    Schemes schemes;
    SCRUTINY_RETURN_IF_ERROR(schemes.Load(*scope));
    SCRUTINY_ASSIGN_OR_RETURN(scheme, schemes.Named(request.scheme()));
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Candidates candidates,
                            OfScheme(scope->reader(kSessions), scheme));
  auto page = scope->NewPage<SessionRow>();
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope->reader(kSessions), scope->view(), candidates,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                SessionRow row;
                if (!key.empty()) return absl::OkStatus();
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                if (!scheme.empty() && row.scheme() != scheme) return absl::OkStatus();
                std::string place =
                    SortKey().Text(row.scheme()).Date(row.date()).Text(row.session()).Take();
                page.Add(std::move(place), std::move(row));
                return absl::OkStatus();
              }));
  register_::v1::ListSessionsResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

absl::StatusOr<register_::v1::ListSchemesResponse> QuerySchemes(
    Engine& engine, const register_::v1::ListSchemesRequest& request, const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Scope> scope,
                            Scope::Open(engine,
                                        {"ListSchemes",
                                         {kSchemes, kMeetings, kForums, kKnowledge},
                                         &request.view(),
                                         &request.page(),
                                         &request},
                                        context));
  auto page = scope->NewPage<SchemeRow>();
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope->reader(kSchemes), scope->view(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                SchemeRow row;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                std::string place = SortKey().Text(row.scheme()).Take();
                page.Add(std::move(place), std::move(row));
                return absl::OkStatus();
              }));
  register_::v1::ListSchemesResponse response;
  response.set_next_page_token(scope->TokenAfter(page.MoveTo(response.mutable_rows())));
  *response.mutable_basis() = scope->basis();
  return response;
}

}  // namespace scrutiny::projections
