#include "projections/board/number_series.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/numbers.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::Proposed;

class NumberSeriesFold final : public Fold {
 public:
  explicit NumberSeriesFold(absl::string_view record) : office_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kNumberSeriesDefined:
        Define(fact, proposed.number_series_defined());
        break;
      case Proposed::kNumberSeriesEnded: {
        const event::v1::NumberSeriesEnded& ended = proposed.number_series_ended();
        Series(ended.kind(), ended.series(), fact).set_ended_on(fact.DayText());
        break;
      }
      case Proposed::kNumberGapExplained:
        Explain(fact, proposed.number_gap_explained());
        break;
      default:
        return NotForRegister(kNumberSeries, fact);
    }
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override {
    series_.Give(only_changed, sink);
    gaps_.Give(only_changed, sink);
  }

 private:
  NumberSeriesRow& Series(const std::string& kind, const std::string& series, const Fact& fact) {
    NumberSeriesRow& row = series_.Touch(absl::StrCat(kSeriesPrefix, kind, "/", series), fact);
    row.set_office(office_);
    row.set_kind(kind);
    row.set_series(series);
    return row;
  }

  void Define(const Fact& fact, const event::v1::NumberSeriesDefined& defined) {
    NumberSeriesRow& row = Series(defined.kind(), defined.series(), fact);
    row.set_pattern(defined.pattern());
    row.set_year_starts(defined.year_starts());
    row.set_year_named(defined.year_named());
    row.set_first(std::max<uint64_t>(defined.first(), 1));
    row.set_forum(defined.forum());
    row.set_title(defined.title());
    row.set_defined_on(fact.DayText());
    // Defined anew after it ended, it runs again; a definition that is not dated does not say when.
    if (fact.day != ledger::Day::Max()) row.clear_ended_on();
  }

  void Explain(const Fact& fact, const event::v1::NumberGapExplained& explained) {
    NumberRow& row = gaps_.Touch(
        absl::StrCat(kGapPrefix, absl::Hex(fact.sequence.value(), absl::kZeroPad16)), fact);
    row.set_kind(explained.kind());
    row.set_series(explained.series());
    row.set_year(explained.year());
    row.set_first(explained.from());
    row.set_last(std::max(explained.from(), explained.until()));
    row.set_state(NUMBER_STATE_GAP_EXPLAINED);
    row.set_gap(true);
    row.set_reason(explained.reason());
  }

  const std::string office_;
  KeyedRows<NumberSeriesRow> series_;
  KeyedRows<NumberRow> gaps_;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kGapPrefix)) return NumberRow::default_instance();
  return NumberSeriesRow::default_instance();
}

}  // namespace

const Register& NumberSeriesRegister() {
  static const Register& series = *new Register{
      kNumberSeries,
      1,
      "offices",
      {Proposed::kNumberSeriesDefined, Proposed::kNumberSeriesEnded, Proposed::kNumberGapExplained},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<NumberSeriesFold>(record);
      },
      nullptr,
      RowOf};
  return series;
}

}  // namespace scrutiny::projections
