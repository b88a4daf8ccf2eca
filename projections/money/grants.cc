#include "projections/money/grants.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/record_fold.h"
#include "scrutiny/register/v1/grants.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;
using google::protobuf::Message;

GrantRow& Of(Message* row) { return static_cast<GrantRow&>(*row); }

void Awarded(const Fact& fact, Message* message) {
  const event::v1::GrantAwarded& awarded = fact.proposed().grant_awarded();
  if (awarded.meeting().empty()) return;
  Of(message).set_awarded_at(awarded.meeting());
  Of(message).set_awarded_item(awarded.item());
}

// The total that was stated is not that of other amounts or years.
void Varied(const Fact& fact, Message* message) {
  const event::v1::GrantVaried& varied = fact.proposed().grant_varied();
  const bool other_money =
      varied.has_amount() || varied.years() > 0 || varied.year_amounts_size() > 0;
  if (other_money && !varied.has_total()) Of(message).clear_total();
}

void Paid(const Fact& fact, Message* message) {
  event::v1::Amount& total = *Of(message).mutable_paid_total();
  const event::v1::Amount& paid = fact.proposed().grant_paid().paid();
  total.set_pence(total.pence() + paid.pence());
  total.set_rounded(total.rounded() || paid.rounded());
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kGrantApplicationReceived,
       .state = GRANT_STATE_APPLIED,
       .day = "applied_on",
       .step = "applied for"},
      {.fact_type = Proposed::kGrantAssessed, .state = GRANT_STATE_ASSESSED, .step = "assessed"},
      {.fact_type = Proposed::kGrantAwarded,
       .state = GRANT_STATE_AWARDED,
       .day = "awarded_on",
       .step = "awarded",
       .then = Awarded},
      {.fact_type = Proposed::kGrantRefused, .state = GRANT_STATE_REFUSED, .step = "refused"},
      {.fact_type = Proposed::kGrantDeclined, .state = GRANT_STATE_DECLINED, .step = "declined"},
      {.fact_type = Proposed::kGrantAgreementSigned,
       .state = GRANT_STATE_AGREED,
       .day = "agreed_on",
       .step = "agreement signed"},
      {.fact_type = Proposed::kGrantPublished, .day = "published_on", .step = "published"},
      {.fact_type = Proposed::kGrantPaid, .step = "paid", .then = Paid},
      {.fact_type = Proposed::kGrantMonitoringDue, .step = "report due"},
      {.fact_type = Proposed::kGrantMonitoringReported, .step = "report made"},
      {.fact_type = Proposed::kGrantVaried, .day = "varied_on", .step = "varied", .then = Varied},
      {.fact_type = Proposed::kGrantClosed,
       .state = GRANT_STATE_CLOSED,
       .day = "closed_on",
       .step = "closed"},
      {.fact_type = Proposed::kGrantClawedBack,
       .state = GRANT_STATE_CLAWED_BACK,
       .day = "clawed_back_on",
       .step = "asked back"}};
}

// The report that an award makes due without naming it.
constexpr char kFirstReport[] = "first";

class GrantFold final : public RowFold<GrantRow> {
 public:
  GrantFold(absl::string_view record, std::shared_ptr<const ReadyRules> rules)
      : rules_(std::move(rules)) {
    SetRecord(record, &row_);
  }

 private:
  struct Report {
    GrantMonitoringRow row;
    MetaBuilder meta;
    bool due_set = false;  // by a fact of its own
  };

  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    const auto rule = rules_->find(static_cast<uint32_t>(proposed.fact_case()));
    if (rule == rules_->end()) return NotForRegister("grants", fact);
    // What a report says was spent is of its own row: the grant's is said when it closes.
    const event::v1::Amount spent = row_.spent();
    const bool had_spent = row_.has_spent();
    rule->second.Apply(fact, rule->second.founds() && any_ && fact.day == ledger::Day::Max(),
                       &row_);
    any_ = true;
    if (proposed.has_grant_monitoring_reported()) {
      row_.clear_spent();
      if (had_spent) *row_.mutable_spent() = spent;
      TakeReported(fact, proposed.grant_monitoring_reported());
    }
    if (proposed.has_grant_monitoring_due()) TakeDue(fact, proposed.grant_monitoring_due());
    if (proposed.grant_awarded().has_monitoring_due()) TakeFirst(fact);
    return absl::OkStatus();
  }

  Report& Touch(const Fact& fact, const std::string& key) {
    Report& report = reports_[key];
    report.meta.Add(fact);
    report.row.set_grant(row_.grant());
    report.row.set_key(key);
    return report;
  }

  void TakeFirst(const Fact& fact) {
    Report& report = Touch(fact, kFirstReport);
    if (report.due_set) return;
    *report.row.mutable_report_due() = fact.proposed().grant_awarded().monitoring_due();
  }

  void TakeDue(const Fact& fact, const event::v1::GrantMonitoringDue& due) {
    Report& report = Touch(fact, due.key());
    report.due_set = true;
    *report.row.mutable_report_due() = due.report_due();
    if (!due.report_title().empty()) report.row.set_report_title(due.report_title());
    if (due.has_report_period()) *report.row.mutable_report_period() = due.report_period();
    if (!due.report_to().empty()) report.row.set_report_to(due.report_to());
  }

  void TakeReported(const Fact& fact, const event::v1::GrantMonitoringReported& made) {
    GrantMonitoringRow& row = Touch(fact, made.key()).row;
    row.set_reported_on(fact.DayText());
    if (!made.report_title().empty()) row.set_report_title(made.report_title());
    if (made.has_report_period()) *row.mutable_report_period() = made.report_period();
    if (made.has_report_covers()) *row.mutable_report_covers() = made.report_covers();
    row.set_text(made.text());
    *row.mutable_results() = made.results();
    if (made.has_spent()) *row.mutable_spent() = made.spent();
    if (made.has_satisfactory()) row.set_satisfactory(made.satisfactory());
    if (!made.report_paper().empty()) row.set_report_paper(made.report_paper());
    if (made.meeting().empty()) return;
    row.set_meeting(made.meeting());
    row.set_item(made.item());
  }

  void MoreRows(RowSink& sink) override {
    for (auto& [key, report] : reports_) {
      report.row.set_recipient(row_.recipient());
      report.meta.WriteTo(report.row.mutable_meta());
      sink.Row(absl::StrCat("m/", key), report.row);
    }
  }

  const std::shared_ptr<const ReadyRules> rules_;  // shared with the register's other folds
  bool any_ = false;
  std::map<std::string, Report> reports_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "m/")) return GrantMonitoringRow::default_instance();
  return GrantRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  const auto mention = [&](absl::string_view index, const std::string& value) {
    if (!value.empty()) sink(index, value);
  };
  mention("scheme", proposed.grant_application_received().scheme());
  mention("round", proposed.grant_application_received().round());
  mention("scheme", proposed.grant_awarded().scheme());
  mention("round", proposed.grant_awarded().round());
  mention("decision", proposed.grant_awarded().decision());
}

Register Make() {
  Register reg = RecordRegister<GrantRow>("grants", 1, "grants", Rules(), Index);
  const auto rules =
      std::make_shared<const ReadyRules>(MakeReady(Rules(), *GrantRow::descriptor()));
  reg.new_fold = [rules](absl::string_view record) -> std::unique_ptr<Fold> {
    return std::make_unique<GrantFold>(record, rules);
  };
  reg.row_of = RowOf;
  return reg;
}

}  // namespace

const Register& GrantsRegister() {
  static const Register& grants = *new Register(Make());
  return grants;
}

}  // namespace scrutiny::projections
