#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "projections/inspections/office_settings.h"
#include "projections/queries/inspection_queries.h"
#include "projections/queries/list_query.h"
#include "scrutiny/event/v1/counts.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Count;
using event::v1::TimeAtWrongBody;
using google::protobuf::FieldDescriptor;
using ledger::Day;

namespace {

// Police (Complaints and Misconduct) Regulations 2020, regulation 29(2): 28 days starting with the
// day after the information was given.
constexpr uint32_t kApplicationDays = 28;
constexpr char kApplicationLimitKey[] = "complaint-review-application";
// What is taken where no office has set a threshold.
constexpr uint32_t kSmallCount = 5;

absl::optional<Day> DayOf(const std::string& text) {
  const auto day = Day::Parse(text);
  if (!day.ok()) return absl::nullopt;
  return *day;
}

// The time at wrong bodies, the day on which it came to the right one, and whether it lies with a
// wrong one. False: some day is not known.
bool CountStays(const Day judged_on, ComplaintReviewRow* row) {
  int32_t left_out = 0;
  bool known = true;
  for (const TimeAtWrongBody& stay : row->at_wrong_body()) {
    const absl::optional<Day> received = DayOf(stay.received_date());
    const absl::optional<Day> forwarded = DayOf(stay.forwarded_date());
    if (received.has_value() && *received > judged_on) continue;
    if (received.has_value() && stay.forwarded_date().empty()) {
      row->set_paused(true);
    } else if (!received.has_value() || !forwarded.has_value() || *forwarded < *received) {
      known = false;
    } else {
      left_out += *forwarded - *received;
      if (stay.forwarded_date() > row->made_date()) row->set_made_date(stay.forwarded_date());
    }
  }
  row->set_days_left_out(static_cast<uint32_t>(left_out));
  return known;
}

// The last day by counting; none if it cannot be told.
absl::optional<Day> LastDayByCounting(const ComplaintReviewRow& row) {
  if (!row.limit().last_day().empty()) return DayOf(row.limit().last_day());
  absl::optional<Day> given = DayOf(row.information_given_date());
  if (row.information_given_date().empty()) given = DayOf(row.outcome_letter_date());
  if (!given.has_value()) return absl::nullopt;
  const int32_t first = row.limit().first_day() == event::v1::FIRST_DAY_SAME ? 0 : 1;
  return *given + (first + static_cast<int32_t>(row.limit_days()) - 1 +
                   static_cast<int32_t>(row.days_left_out()));
}

absl::Status JudgeTiming(Scope& scope, ComplaintReviewRow* row) {
  row->set_limit_days(row->limit().days());
  if (row->limit_days() == 0) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const uint32_t days,
        OfficeLimitDays(scope, row->limit().key().empty() ? absl::string_view(kApplicationLimitKey)
                                                          : absl::string_view(row->limit().key())));
    row->set_limit_days(days > 0 ? days : kApplicationDays);
  }
  row->set_made_date(row->received_date());
  const bool known = CountStays(scope.judged_on(), row);
  if (row->paused()) row->clear_made_date();
  absl::optional<Day> last;
  if (known && !row->paused()) last = LastDayByCounting(*row);
  const absl::optional<Day> extended = DayOf(row->extended_until());
  if (extended.has_value() && last.has_value()) last = std::max(*last, *extended);
  if (!last.has_value()) return absl::OkStatus();
  row->set_last_day_to_apply(last->ToString());
  if (const absl::optional<Day> made = DayOf(row->made_date()); made.has_value()) {
    row->set_in_time(*made <= *last ? COMPLAINT_REVIEW_TIMING_IN_TIME
                                    : COMPLAINT_REVIEW_TIMING_OUT_OF_TIME);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FinishComplaintReview(Scope& scope, ComplaintReviewRow* row) {
  SCRUTINY_RETURN_IF_ERROR(JudgeTiming(scope, row));
  row->set_timing_differs(row->found() != COMPLAINT_REVIEW_TIMING_UNSPECIFIED &&
                          row->in_time() != COMPLAINT_REVIEW_TIMING_UNSPECIFIED &&
                          row->found() != row->in_time());
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->decision_due(), row->mutable_decision_due_date(), &past));
  row->set_decision_overdue(past && row->decided_on().empty() && row->closed_on().empty());
  SCRUTINY_RETURN_IF_ERROR(
      JudgeDue(scope, row->response_due(), row->mutable_response_due_date(), &past));
  row->set_response_overdue(past && row->responded_on().empty());
  row->set_open(row->closed_on().empty());
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> SuppressedBelow(Scope& scope, absl::string_view kind) {
  absl::optional<uint32_t> of_kind;
  absl::optional<uint32_t> of_all;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kOfficeSettings), scope.reference(), absl::nullopt,
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (key.substr(0, 2) != "s/") return absl::OkStatus();
                event::v1::SuppressionThresholdSet set;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &set));
                if (!set.scheme().empty()) return absl::OkStatus();
                if (set.kind() == kind) of_kind = set.suppressed_below();
                if (set.kind().empty()) of_all = set.suppressed_below();
                return absl::OkStatus();
              }));
  if (of_kind.has_value()) return *of_kind;
  return of_all.value_or(kSmallCount);
}

absl::Status FinishComplaintReviewCount(Scope& scope, ComplaintReviewCountRow* row) {
  SCRUTINY_ASSIGN_OR_RETURN(const uint32_t below, SuppressedBelow(scope, kComplaintReviews));
  bool small = false;
  const google::protobuf::Reflection& reflection = *row->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(*row, &set);
  for (const FieldDescriptor* field : set) {
    if (field->message_type() != Count::descriptor()) continue;
    auto& count = static_cast<Count&>(*reflection.MutableMessage(row, field));
    if (!count.has_value() || count.value() == 0 || count.value() >= below) continue;
    count.clear_value();
    count.clear_printed();
    count.set_suppressed(true);
    small = true;
  }
  const absl::optional<Day> from = DayOf(row->period_from());
  const absl::optional<Day> to = DayOf(row->period_to());
  uint32_t received = 0;
  SCRUTINY_RETURN_IF_ERROR(ForRows(
      scope.reader(kComplaintReviews), scope.view(), absl::nullopt,
      [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
        ComplaintReviewRow review;
        SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &review));
        const absl::optional<Day> day = DayOf(review.received_date());
        if (day.has_value() && from.has_value() && to.has_value() && *day >= *from && *day <= *to) {
          ++received;
        }
        return absl::OkStatus();
      }));
  if (received >= std::max(below, 1U)) row->set_received_recorded(received);
  small = small || (received > 0 && received < below);
  if (small) {
    scope.AddNote(absl::StrCat("counts from 1 up to, but not including, ", below,
                               " are left out, because they are small"));
  }
  const Reader& counts = scope.reader("complaint-review-counts");
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> later,
                            counts.Indexed("restates", row->count()));
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(counts, scope.view(), absl::optional<std::vector<std::string>>(later),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                ComplaintReviewCountRow other;
                if (!key.empty()) return absl::OkStatus();
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &other));
                if (other.restates() == row->count()) row->set_restated_by(other.count());
                return absl::OkStatus();
              }));
  row->set_current(row->restated_by().empty());
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
