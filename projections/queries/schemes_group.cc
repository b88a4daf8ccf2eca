#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "ledger/base/error.h"
#include "projections/inspections/office_settings.h"
#include "projections/panels/complaint_reviews.h"
#include "projections/panels/count_rows.h"
#include "projections/panels/scheme_reports.h"
#include "projections/panels/sessions.h"
#include "projections/panels/volunteer_counts.h"
#include "projections/people/conduct_complaints.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/schemes_queries.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

using event::v1::Count;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What is taken where no office has set a threshold.
constexpr uint32_t kSmallCount = 5;

absl::optional<std::vector<std::string>> Only(const std::string& record) {
  return absl::optional<std::vector<std::string>>(absl::in_place, 1, record);
}

// Calls `fn(row)` for the main row of the record, if it has one.
template <typename Row, typename Fn>
absl::Status WithMain(Scope& scope, absl::string_view reg, const std::string& record, Fn fn) {
  return ForRows(scope.reader(reg), scope.view(), Only(record),
                 [&](absl::string_view name, absl::string_view key, absl::string_view bytes) {
                   Row row;
                   if (!key.empty()) return absl::OkStatus();
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(name, bytes, &row));
                   fn(row);
                   return absl::OkStatus();
                 });
}

absl::Status NameScheme(Scope& scope, const std::string& scheme, std::string* name) {
  return ForRows(scope.reader(kSchemes), scope.reference(), Only(scheme),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   SchemeRow row;
                   if (!key.empty()) return absl::OkStatus();
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                   *name = row.name();
                   return absl::OkStatus();
                 });
}

bool IsSmall(uint64_t value, uint32_t below) { return value > 0 && value < below; }

// How many rows of the register are of the scheme and dated in a period; `counts(row)` says whether
// one is.
template <typename Row, typename Fn>
absl::StatusOr<uint32_t> CountInPeriod(Scope& scope, absl::string_view reg,
                                       const SchemeReportRow& report, Fn counts) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> records,
                            scope.reader(reg).Indexed("scheme", report.scheme()));
  uint32_t found = 0;
  for (const std::string& record : records) {
    SCRUTINY_RETURN_IF_ERROR(WithMain<Row>(scope, reg, record, [&](const Row& row) {
      const auto day = ledger::Day::Parse(row.date());
      if (!day.ok() || row.scheme() != report.scheme() || !counts(row)) return;
      if (row.date() >= report.period_from() && row.date() <= report.period_to()) ++found;
    }));
  }
  return found;
}

// The total of a table gives away the only count that is left out of it.
absl::StatusOr<bool> GivesAway(Scope& scope, absl::string_view reg, const CountRow& total,
                               uint32_t below) {
  uint32_t left_out = 0;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(reg), scope.view(), Only(total.record()),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                CountRow one;
                if (!absl::StartsWith(key, kCountPrefix)) return absl::OkStatus();
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &one));
                if (one.table_order() != total.table_order() || one.order() == 0 ||
                    !one.parent_label().empty()) {
                  return absl::OkStatus();
                }
                if (one.suppressed() || IsSmall(one.value(), below)) ++left_out;
                return absl::OkStatus();
              }));
  return left_out == 1;
}

template <typename Main>
absl::Status FinishCount(Scope& scope, absl::string_view reg,
                         const std::string& (Main::*scheme_of)() const, CountRow* row) {
  std::string scheme;
  if (scheme_of != nullptr) {
    SCRUTINY_RETURN_IF_ERROR(WithMain<Main>(
        scope, reg, row->record(), [&](const Main& main) { scheme = (main.*scheme_of)(); }));
  }
  SCRUTINY_ASSIGN_OR_RETURN(const SmallCounts small, SmallCounts::Read(scope));
  const uint32_t below = small.Below(SmallCounts::Of(reg, scheme));
  if (!row->has_value()) return absl::OkStatus();
  bool leave_out = IsSmall(row->value(), below);
  if (!leave_out && row->table_order() > 0 && row->order() == 0) {
    SCRUTINY_ASSIGN_OR_RETURN(leave_out, GivesAway(scope, reg, *row, below));
  }
  if (!leave_out) return absl::OkStatus();
  row->clear_value();
  row->clear_printed();
  row->set_suppressed(true);
  SmallCounts::Note(scope, below);
  return absl::OkStatus();
}

// The list of the counts that records of the register's kind hold. `scheme_of`: of which scheme
// such a record is; null: of none.
template <typename Main>
Query CountsOf(const Register& reg, const std::string& (Main::*scheme_of)() const) {
  const absl::string_view name = reg.name;
  return MakeList({"ListCounts",
                   &reg,
                   {kOfficeSettings},
                   [name, scheme_of](Scope& scope, Message* row) {
                     return FinishCount<Main>(scope, name, scheme_of, static_cast<CountRow*>(row));
                   }},
                  ListCountsRequest::default_instance(), ListCountsResponse::default_instance());
}

// Each kind of record that has counts answers for its own.
Query Counts() {
  std::vector<std::pair<std::string, Query>> kinds = {
      {"scheme-reports", CountsOf(SchemeReportsRegister(), &SchemeReportRow::scheme)},
      {"volunteer-counts", CountsOf(VolunteerCountsRegister(), &VolunteerCountRow::scheme)},
      {"sessions", CountsOf(SessionsRegister(), &SessionRow::scheme)},
      {"complaint-review-counts",
       CountsOf<ComplaintReviewCountRow>(ComplaintReviewCountsRegister(), nullptr)},
      {"conduct-complaint-counts",
       CountsOf<ConductComplaintCountRow>(ConductComplaintCountsRegister(), nullptr)},
  };
  const Query first = kinds.front().second;
  return {
      first.method, first.request, first.response,
      [kinds = std::move(kinds)](Engine& engine, const Message& request,
                                 const QueryContext& context, Message* response) -> absl::Status {
        const std::string& record = static_cast<const ListCountsRequest&>(request).record();
        const std::string of = record.substr(0, record.find('/'));
        for (const auto& [kind, query] : kinds) {
          if (of == kind) return query.ask(engine, request, context, response);
        }
        return ledger::Error(ledger::Reason::kMalformed,
                             record.empty()
                                 ? std::string("It is not said whose counts.")
                                 : absl::StrCat("“", record, "” is not of a kind that has counts."))
            .Field("record")
            .Value(record)
            .Next("Name a report or a count by its record.");
      }};
}

}  // namespace

SmallCounts::Holder SmallCounts::Of(absl::string_view kind, absl::string_view scheme) {
  Holder holder;
  holder.scheme = std::string(scheme);
  holder.kinds.emplace_back(kind);
  if (kind == "complaint-review-counts") holder.kinds.emplace_back("complaint-reviews");
  if (kind == "conduct-complaint-counts") holder.kinds.emplace_back("conduct-complaints");
  if (!scheme.empty()) holder.kinds.emplace_back(kSchemes);
  return holder;
}

absl::StatusOr<SmallCounts> SmallCounts::Read(Scope& scope) {
  SmallCounts small;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kOfficeSettings), scope.reference(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!absl::StartsWith(key, "s/")) return absl::OkStatus();
                event::v1::SuppressionThresholdSet set;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &set));
                if (!set.scheme().empty()) {
                  small.of_scheme_[set.scheme()] = set.suppressed_below();
                } else if (!set.kind().empty()) {
                  small.of_kind_[set.kind()] = set.suppressed_below();
                } else {
                  small.of_all_ = set.suppressed_below();
                }
                return absl::OkStatus();
              }));
  return small;
}

uint32_t SmallCounts::Below(const Holder& holder) const {
  if (const auto own = of_scheme_.find(holder.scheme); own != of_scheme_.end()) return own->second;
  for (const std::string& kind : holder.kinds) {
    if (const auto of = of_kind_.find(kind); of != of_kind_.end()) return of->second;
  }
  return of_all_.value_or(kSmallCount);
}

void SmallCounts::Note(Scope& scope, uint32_t below) {
  scope.AddNote(absl::StrCat("counts from 1 up to, but not including, ", below,
                             " are left out, because they are small"));
}

absl::Status SmallCounts::LeaveOut(Scope& scope, const Holder& holder, Message* row) const {
  const uint32_t below = Below(holder);
  bool left_out = false;
  const Reflection& reflection = *row->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(*row, &set);
  for (const FieldDescriptor* field : set) {
    if (field->message_type() != Count::descriptor() || field->is_repeated()) continue;
    auto& count = static_cast<Count&>(*reflection.MutableMessage(row, field));
    if (!count.has_value() || !IsSmall(count.value(), below)) continue;
    count.clear_value();
    count.clear_printed();
    count.set_suppressed(true);
    left_out = true;
  }
  if (left_out) Note(scope, below);
  return absl::OkStatus();
}

absl::Status FinishSchemeReport(Scope& scope, SchemeReportRow* row) {
  SCRUTINY_RETURN_IF_ERROR(NameScheme(scope, row->scheme(), row->mutable_scheme_name()));
  SCRUTINY_ASSIGN_OR_RETURN(const SmallCounts small, SmallCounts::Read(scope));
  SCRUTINY_RETURN_IF_ERROR(
      small.LeaveOut(scope, SmallCounts::Of("scheme-reports", row->scheme()), row));
  if (!ledger::Day::Parse(row->period_from()).ok() || !ledger::Day::Parse(row->period_to()).ok()) {
    return absl::OkStatus();
  }
  SCRUTINY_ASSIGN_OR_RETURN(
      const uint32_t sessions,
      CountInPeriod<SessionRow>(scope, kSessions, *row, [](const SessionRow& session) {
        return session.outcome() != event::v1::SESSION_OUTCOME_NOT_POSSIBLE;
      }));
  row->set_sessions_recorded(sessions);
  SCRUTINY_ASSIGN_OR_RETURN(
      const uint32_t findings,
      CountInPeriod<FindingRow>(scope, kFindings, *row, [](const FindingRow&) { return true; }));
  row->set_findings_recorded(findings);
  return absl::OkStatus();
}

absl::Status FinishVolunteerCount(Scope& scope, VolunteerCountRow* row) {
  SCRUTINY_RETURN_IF_ERROR(NameScheme(scope, row->scheme(), row->mutable_scheme_name()));
  SCRUTINY_ASSIGN_OR_RETURN(const SmallCounts small, SmallCounts::Read(scope));
  return small.LeaveOut(scope, SmallCounts::Of("volunteer-counts", row->scheme()), row);
}

absl::Status FinishVisitIssue(Scope& scope, VisitIssueRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->open());
  return absl::OkStatus();
}

std::vector<const Register*> SchemeRegisters() {
  return {&SchemeReportsRegister(), &VolunteerCountsRegister()};
}

std::vector<Query> SchemeQueries() {
  return {
      ListOf<ListSchemeReportsRequest, ListSchemeReportsResponse, SchemeReportRow>(
          "ListSchemeReports", SchemeReportsRegister(),
          {kSchemes, kSessions, kFindings, kOfficeSettings}, FinishSchemeReport),
      ListOf<ListVolunteerCountsRequest, ListVolunteerCountsResponse, VolunteerCountRow>(
          "ListVolunteerCounts", VolunteerCountsRegister(), {kSchemes, kOfficeSettings},
          FinishVolunteerCount),
      ListOf<ListHinderedVisitsRequest, ListHinderedVisitsResponse>("ListHinderedVisits",
                                                                    SessionsRegister()),
      ListOf<ListVisitIssuesRequest, ListVisitIssuesResponse, VisitIssueRow>(
          "ListVisitIssues", SessionsRegister(), {}, FinishVisitIssue),
      Counts(),
  };
}

}  // namespace scrutiny::projections
