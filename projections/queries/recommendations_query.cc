#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "projections/inspections/recommendations.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row

constexpr int kListedMax = 100;

// The first segment of a record's name.
absl::string_view KindOf(absl::string_view record) { return record.substr(0, record.find('/')); }

// What is counted of one record.
struct Counted {
  RecommendationCoverRow row;
  bool named = false;  // something is stated or recorded
  bool has_plan = false;
  std::set<std::string> named_by_plan;
  std::vector<RecommendationRow> recommendations;
};

class Cover {
 public:
  Cover(Scope& scope, const CoverRecommendationsRequest& request)
      : scope_(scope), request_(request) {}

  absl::StatusOr<CoverRecommendationsResponse> Run() {
    SCRUTINY_RETURN_IF_ERROR(ReadRecommendations());
    SCRUTINY_RETURN_IF_ERROR(ReadRecords<InspectionRow>(kInspections));
    SCRUTINY_RETURN_IF_ERROR(ReadRecords<AuditRow>(kAudits));
    CoverRecommendationsResponse response;
    auto page = scope_.NewPage<RecommendationCoverRow>();
    RecommendationCoverRow total;
    for (auto& [record, counted] : records_) {
      if (!counted.named) continue;
      Count(counted);
      if (request_.incomplete() && counted.row.complete()) continue;
      Add(counted.row, total);
      page.Add(SortKey().Text(record).Take(), counted.row);
    }
    total.set_complete(total.recorded() > 0 && all_complete_);
    *response.mutable_total() = total;
    response.set_next_page_token(scope_.TokenAfter(page.MoveTo(response.mutable_rows())));
    *response.mutable_basis() = scope_.basis();
    return response;
  }

 private:
  bool Wanted(absl::string_view record) const {
    return (request_.from().empty() || record == request_.from()) &&
           (request_.kind().empty() || KindOf(record) == request_.kind());
  }

  absl::Status ReadRecommendations() {
    const Reader& reader = scope_.reader(kRecommendations);
    absl::optional<std::vector<std::string>> records;
    if (!request_.from().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(records, reader.Indexed("from", request_.from()));
    }
    return ForRows(reader, scope_.view(), records,
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     RecommendationRow row;
                     if (!key.empty()) return absl::OkStatus();
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                     if (row.from().empty() || !Wanted(row.from())) return absl::OkStatus();
                     SCRUTINY_RETURN_IF_ERROR(FinishRecommendation(scope_, &row));
                     Counted& counted = records_[row.from()];
                     counted.named = true;
                     counted.row.set_from(row.from());
                     counted.recommendations.push_back(std::move(row));
                     return absl::OkStatus();
                   });
  }

  // Records that state how many recommendations they make, and the points of their plans.
  template <typename Row>
  absl::Status ReadRecords(absl::string_view name) {
    absl::optional<std::vector<std::string>> records;
    if (!request_.from().empty()) {
      if (KindOf(request_.from()) != name) return absl::OkStatus();
      records = std::vector<std::string>{request_.from()};
    }
    return ForRows(scope_.reader(name), scope_.view(), records,
                   [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                     if (!Wanted(record)) return absl::OkStatus();
                     if (key.empty()) return TakeRecord<Row>(record, bytes);
                     if (absl::StartsWith(key, "p/")) return TakePoint(record, bytes);
                     if (!absl::StartsWith(key, "g/")) return absl::OkStatus();
                     RecommendationCoverRow& row = records_[std::string(record)].row;
                     row.set_areas_reported(row.areas_reported() + 1);
                     return absl::OkStatus();
                   });
  }

  template <typename Row>
  absl::Status TakeRecord(absl::string_view record, absl::string_view bytes) {
    Row stored;
    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &stored));
    Counted& counted = records_[std::string(record)];
    RecommendationCoverRow& row = counted.row;
    row.set_from(record.data(), record.size());
    row.set_title(stored.title());
    if (stored.has_recommendations_stated()) {
      row.set_stated(stored.recommendations_stated());
      counted.named = true;
    }
    row.set_covers_all_stated(stored.covers_all());
    if (stored.has_points_stated()) row.set_points_stated(stored.points_stated());
    counted.has_plan = counted.has_plan || !stored.plan_on().empty();
    *row.mutable_meta() = stored.meta();
    return absl::OkStatus();
  }

  absl::Status TakePoint(absl::string_view record, absl::string_view bytes) {
    ActionPlanPointRow point;
    SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &point));
    Counted& counted = records_[std::string(record)];
    counted.has_plan = true;
    counted.named_by_plan.insert(point.recommendations().begin(), point.recommendations().end());
    // A recommendation that a plan covers without a point is no point.
    if (!point.key().empty()) counted.row.set_points_recorded(counted.row.points_recorded() + 1);
    return absl::OkStatus();
  }

  void Count(Counted& counted) {
    RecommendationCoverRow& row = counted.row;
    for (const RecommendationRow& one : counted.recommendations) CountOne(one, counted);
    row.set_recorded(static_cast<uint32_t>(counted.recommendations.size()));
    if (row.stated() > row.recorded()) row.set_not_recorded(row.stated() - row.recorded());
    const bool all_covered =
        !counted.has_plan || row.covers_all_stated() || row.not_covered().empty();
    row.set_complete(row.not_recorded() == 0 && all_covered && row.without_owner().empty() &&
                     row.without_due().empty() && row.without_status().empty());
  }

  static void CountOne(const RecommendationRow& one, Counted& counted) {
    RecommendationCoverRow& row = counted.row;
    const std::string& name = one.recommendation();
    const bool closed = one.state() == RECOMMENDATION_STATE_CLOSED;
    const bool rejected = one.state() == RECOMMENDATION_STATE_REJECTED ||
                          one.stance() == event::v1::RESPONSE_STANCE_NOT_ACCEPTED;
    if (counted.named_by_plan.contains(name)) {
      row.set_covered(row.covered() + 1);
    } else if (counted.has_plan) {
      Name(name, row.mutable_not_covered());
    }
    if (one.open()) row.set_open(row.open() + 1);
    if (one.overdue()) row.set_overdue(row.overdue() + 1);
    if (one.state() == RECOMMENDATION_STATE_REJECTED) row.set_rejected(row.rejected() + 1);
    if (one.unverified()) row.set_reported_complete(row.reported_complete() + 1);
    if (!one.verified_on().empty() || one.state() == RECOMMENDATION_STATE_VERIFIED) {
      row.set_verified(row.verified() + 1);
    } else if (closed && !rejected && one.superseded_by().empty()) {
      row.set_closed_unverified(row.closed_unverified() + 1);
    }
    if (closed) row.set_closed(row.closed() + 1);
    if (!closed && one.owners().empty()) Name(name, row.mutable_without_owner());
    if (!closed && !one.has_due()) Name(name, row.mutable_without_due());
    if (one.state() == RECOMMENDATION_STATE_RECEIVED) Name(name, row.mutable_without_status());
  }

  static void Name(const std::string& name, google::protobuf::RepeatedPtrField<std::string>* list) {
    if (list->size() < kListedMax) *list->Add() = name;
  }

  // Every number of the row, into the total.
  void Add(const RecommendationCoverRow& row, RecommendationCoverRow& total) {
    const google::protobuf::Descriptor& descriptor = *row.GetDescriptor();
    const google::protobuf::Reflection& reflection = *row.GetReflection();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const google::protobuf::FieldDescriptor* field = descriptor.field(i);
      if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_UINT32 ||
          !reflection.HasField(row, field)) {
        continue;
      }
      reflection.SetUInt32(&total, field,
                           reflection.GetUInt32(total, field) + reflection.GetUInt32(row, field));
    }
    all_complete_ = all_complete_ && row.complete();
  }

  Scope& scope_;
  const CoverRecommendationsRequest& request_;
  std::map<std::string, Counted> records_;
  bool all_complete_ = true;
};

}  // namespace

absl::Status FinishRecommendation(Scope& scope, RecommendationRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_open(IsOpen(*row));
  row->set_overdue(past && row->open());
  row->set_unverified(row->state() == RECOMMENDATION_STATE_REPORTED_COMPLETE);
  return absl::OkStatus();
}

absl::Status FinishPlanPoint(Scope& scope, ActionPlanPointRow* row) {
  bool past = false;
  return JudgeDue(scope, row->due(), row->mutable_due_date(), &past);
}

absl::StatusOr<CoverRecommendationsResponse> CoverRecommendations(
    Engine& engine, const CoverRecommendationsRequest& request, const QueryContext& context) {
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine,
                  {"CoverRecommendations",
                   {kRecommendations, kInspections, kAudits, kMeetings, kForums, kKnowledge},
                   &request.view(),
                   &request.page(),
                   &request},
                  context));
  return Cover(*scope, request).Run();
}

Query OfSeveralKinds(std::vector<std::pair<std::string, Query>> by_kind) {
  const Query first = by_kind.front().second;
  const google::protobuf::FieldDescriptor* const from =
      first.request->GetDescriptor()->FindFieldByName("from");
  return {first.method, first.request, first.response,
          [by_kind = std::move(by_kind), from](
              Engine& engine, const google::protobuf::Message& request, const QueryContext& context,
              google::protobuf::Message* response) -> absl::Status {
            const std::string record = request.GetReflection()->GetString(request, from);
            for (const auto& [kind, query] : by_kind) {
              if (KindOf(record) == kind) return query.ask(engine, request, context, response);
            }
            return ledger::Error(
                       ledger::Reason::kMalformed,
                       record.empty()
                           ? std::string("It is not said of which record.")
                           : absl::StrCat("“", record, "” is not of a kind that has these rows."))
                .Field("from")
                .Value(record)
                .Next("Name an inspection or an audit by its record.");
          }};
}

}  // namespace scrutiny::projections
