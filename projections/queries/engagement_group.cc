#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/money/budgets.h"
#include "projections/money/finances.h"
#include "projections/public/consultations.h"
#include "projections/public/engagements.h"
#include "projections/public/programmes.h"
#include "projections/queries/engagement_queries.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "scrutiny/register/v1/budgets.pb.h"
#include "scrutiny/register/v1/consultations.pb.h"
#include "scrutiny/register/v1/finances.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

using google::protobuf::Message;

absl::optional<std::vector<std::string>> Just(const std::string& record) {
  return std::vector<std::string>{record};
}

// A list that keeps something while it is asked: Work is made of the request, finishes rows and is
// given the answer at the end.
template <typename Request, typename Response, typename Row, typename Work>
Query ListWith(std::string method, const Register& reg, std::vector<absl::string_view> joins = {}) {
  const Request& request = Request::default_instance();
  const Response& response = Response::default_instance();
  return {method, &request, &response,
          [=, &reg](Engine& engine, const Message& asked, const QueryContext& context,
                    Message* answer) -> absl::Status {
            Work work(static_cast<const Request&>(asked));
            const Query list = MakeList({method, &reg, joins,
                                         [&work](Scope& scope, Message* row) {
                                           return work.Finish(scope, static_cast<Row*>(row));
                                         }},
                                        Request::default_instance(), Response::default_instance());
            SCRUTINY_RETURN_IF_ERROR(list.ask(engine, asked, context, answer));
            work.Done(static_cast<Response*>(answer));
            return absl::OkStatus();
          }};
}

absl::Status FinishConsultation(Scope& scope, ConsultationRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->closes(), row->mutable_closes_date(), &past));
  const bool used_running = row->state() == CONSULTATION_STATE_USED && row->closed_on().empty() &&
                            row->findings_published_on().empty();
  const bool open = row->state() == CONSULTATION_STATE_OPEN || used_running;
  bool overdue = open && past;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->findings_due(), row->mutable_findings_due_date(), &past));
  const bool published = row->state() == CONSULTATION_STATE_FINDINGS_PUBLISHED ||
                         !row->findings_published_on().empty();
  overdue |= past && !published && row->state() != CONSULTATION_STATE_CALLED_OFF;
  row->set_overdue(overdue);
  return absl::OkStatus();
}

// One that informs the record asked for is listed before it is taken into account there: the filter
// looks at where it was used, so the record is added there until the rows are chosen.
class Consultations {
 public:
  explicit Consultations(const ListConsultationsRequest& request) : asked_(request.used_in()) {}

  absl::Status Finish(Scope& scope, ConsultationRow* row) {
    SCRUTINY_RETURN_IF_ERROR(FinishConsultation(scope, row));
    const auto names = [&](const auto& list) {
      return std::find(list.begin(), list.end(), asked_) != list.end();
    };
    if (asked_.empty() || !names(row->informs()) || names(row->used_in())) return absl::OkStatus();
    row->add_used_in(asked_);
    added_.insert(row->consultation());
    return absl::OkStatus();
  }

  void Done(ListConsultationsResponse* response) {
    for (ConsultationRow& row : *response->mutable_rows()) {
      if (added_.contains(row.consultation())) row.mutable_used_in()->RemoveLast();
    }
  }

 private:
  const std::string& asked_;
  std::set<std::string> added_;
};

// What terms mean, by position. Read once.
class Figures {
 public:
  explicit Figures(const ListFinanceFiguresRequest& /*request*/) {}

  absl::Status Finish(Scope& scope, FinanceFigureRow* row) {
    if (row->term().empty()) return absl::OkStatus();
    SCRUTINY_RETURN_IF_ERROR(Read(scope));
    const FinanceRow* best = nullptr;
    for (const FinanceRow& position : positions_) {
      const std::string* meaning = MeaningIn(position, row->term());
      if (meaning == nullptr) continue;
      if (position.finance() == row->finance()) {
        row->set_meaning(*meaning);
        return absl::OkStatus();
      }
      const bool before = !position.period_end_date().empty() &&
                          position.period_end_date() < row->period_end_date();
      const bool later = best == nullptr || position.period_end_date() > best->period_end_date();
      if (before && later) best = &position;
    }
    if (best != nullptr) row->set_meaning(*MeaningIn(*best, row->term()));
    return absl::OkStatus();
  }

  void Done(ListFinanceFiguresResponse* /*response*/) {}

 private:
  absl::Status Read(Scope& scope) {
    if (read_) return absl::OkStatus();
    read_ = true;
    return ForRows(scope.reader(kFinances), scope.view(), absl::nullopt,
                   [&](absl::string_view record, absl::string_view key,
                       absl::string_view bytes) -> absl::Status {
                     if (!key.empty()) return absl::OkStatus();
                     FinanceRow row;
                     SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &row));
                     if (row.terms_size() > 0) positions_.push_back(std::move(row));
                     return absl::OkStatus();
                   });
  }

  static const std::string* MeaningIn(const FinanceRow& position, const std::string& term) {
    for (const event::v1::DefinedTerm& defined : position.terms()) {
      if (absl::EqualsIgnoreCase(defined.term(), term)) return &defined.meaning();
    }
    return nullptr;
  }

  bool read_ = false;
  std::vector<FinanceRow> positions_;
};

absl::Status FinishEngagement(Scope& scope, EngagementRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == ENGAGEMENT_STATE_PLANNED);
  row->set_engagement_date(row->held_on().empty() ? row->due_date() : row->held_on());
  const Reader& matters = scope.reader(kMatters);
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<std::string> records,
                            matters.Indexed("engagement", row->engagement()));
  return ForRows(matters, scope.view(), absl::make_optional(std::move(records)),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   MatterRow matter;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &matter));
                   if (matter.engagement() != row->engagement()) return absl::OkStatus();
                   row->set_matters(row->matters() + 1);
                   if (matter.state() == MATTER_STATE_OPEN) {
                     row->set_matters_open(row->matters_open() + 1);
                   }
                   return absl::OkStatus();
                 });
}

absl::Status FinishMatter(Scope& scope, MatterRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == MATTER_STATE_OPEN);
  if (row->engagement().empty() || !row->programme().empty()) return absl::OkStatus();
  return ForRows(scope.reader(kEngagements), scope.view(), Just(row->engagement()),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   EngagementRow engagement;
                   if (!key.empty()) return absl::OkStatus();
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &engagement));
                   row->set_programme(engagement.programme());
                   return absl::OkStatus();
                 });
}

absl::Status FinishBudgetDate(Scope& scope, BudgetDateRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->done_on().empty());
  const auto due = ledger::PartialDate::Parse(row->due_date());
  const auto done = ledger::PartialDate::Parse(row->done_on());
  row->set_late(due.ok() && done.ok() && due->LastDay() < done->LastDay());
  return absl::OkStatus();
}

absl::Status FinishBudget(Scope& scope, BudgetRow* row) {
  return ForRows(scope.reader(kBudgets), scope.view(), Just(row->budget()),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   BudgetDateRow date;
                   if (!absl::StartsWith(key, "d/")) return absl::OkStatus();
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &date));
                   SCRUTINY_RETURN_IF_ERROR(FinishBudgetDate(scope, &date));
                   if (date.overdue()) row->set_dates_overdue(row->dates_overdue() + 1);
                   return absl::OkStatus();
                 });
}

absl::Status FinishBudgetPart(Scope& scope, BudgetPartRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->next_review(), row->mutable_next_review_date(), &past));
  row->set_overdue(past);
  return absl::OkStatus();
}

}  // namespace

std::vector<const Register*> EngagementRegisters() {
  return {&ConsultationsRegister(), &ProgrammesRegister(), &EngagementsRegister(),
          &MattersRegister(),       &FinancesRegister(),   &BudgetsRegister()};
}

std::vector<Query> EngagementQueries() {
  return {
      ListWith<ListConsultationsRequest, ListConsultationsResponse, ConsultationRow, Consultations>(
          "ListConsultations", ConsultationsRegister()),
      ListOf<ListConsultationFindingsRequest, ListConsultationFindingsResponse>(
          "ListConsultationFindings", ConsultationsRegister()),
      ListOf<ListProgrammesRequest, ListProgrammesResponse, ProgrammeRow>(
          "ListProgrammes", ProgrammesRegister(), {kEngagements}, FinishProgramme),
      ListOf<ListEngagementsRequest, ListEngagementsResponse, EngagementRow>(
          "ListEngagements", EngagementsRegister(), {kMatters}, FinishEngagement),
      ListOf<ListMattersRequest, ListMattersResponse, MatterRow>("ListMatters", MattersRegister(),
                                                                 {kEngagements}, FinishMatter),
      MakeQuery<CoverPlacesRequest, CoverPlacesResponse>("CoverPlaces", CoverPlaces),
      MakeQuery<ListCalendarRequest, ListCalendarResponse>("ListCalendar", ListCalendar),
      MakeQuery<TotalGrantsRequest, TotalGrantsResponse>("TotalGrants", TotalGrants),
      ListOf<ListFinanceRequest, ListFinanceResponse>("ListFinance", FinancesRegister()),
      ListWith<ListFinanceFiguresRequest, ListFinanceFiguresResponse, FinanceFigureRow, Figures>(
          "ListFinanceFigures", FinancesRegister()),
      ListOf<ListBudgetsRequest, ListBudgetsResponse, BudgetRow>("ListBudgets", BudgetsRegister(),
                                                                 {}, FinishBudget),
      ListOf<ListBudgetDatesRequest, ListBudgetDatesResponse, BudgetDateRow>(
          "ListBudgetDates", BudgetsRegister(), {}, FinishBudgetDate),
      ListOf<ListBudgetPartsRequest, ListBudgetPartsResponse, BudgetPartRow>(
          "ListBudgetParts", BudgetsRegister(), {}, FinishBudgetPart),
  };
}

}  // namespace scrutiny::projections
