#include "projections/queries/assurance_cells.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "projections/engine/row_meta.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ledger::Day;

namespace {

constexpr size_t kCellItemsMax = 20;

// From the most favourable to the least.
constexpr AssuranceStanding kByFavour[] = {
    ASSURANCE_STANDING_UNSPECIFIED,    ASSURANCE_STANDING_GAINED,
    ASSURANCE_STANDING_CONDITIONS_MET, ASSURANCE_STANDING_CONDITIONS_LAPSED,
    ASSURANCE_STANDING_SOUGHT,         ASSURANCE_STANDING_CONDITIONS_OPEN,
    ASSURANCE_STANDING_DEFERRED,       ASSURANCE_STANDING_CONDITIONS_BROKEN,
    ASSURANCE_STANDING_NOT_GAINED,     ASSURANCE_STANDING_REVOKED};

AssuranceStanding LessFavourable(AssuranceStanding a, AssuranceStanding b) {
  for (auto standing = std::rbegin(kByFavour); standing != std::rend(kByFavour); ++standing) {
    if (a == *standing || b == *standing) return *standing;
  }
  return a;
}

// What stands behind rows put together.
class MetaSum {
 public:
  void Add(const RowMeta& meta) {
    entries_.insert(meta.entries().begin(), meta.entries().end());
    // Entries that the row counts and does not name.
    more_ += meta.entry_count() - static_cast<uint32_t>(meta.entries_size());
    sum_.set_date_not_known(sum_.date_not_known() || meta.date_not_known());
    sum_.set_despite(sum_.despite() || meta.despite());
    sum_.set_inferred(sum_.inferred() || meta.inferred());
    sum_.set_corrected(sum_.corrected() || meta.corrected());
  }
  RowMeta Take() {
    sum_.set_entry_count(static_cast<uint32_t>(entries_.size()) + more_);
    while (entries_.size() > kRowEntriesMax) entries_.erase(entries_.begin());
    sum_.mutable_entries()->Assign(entries_.begin(), entries_.end());
    return std::move(sum_);
  }

 private:
  std::set<uint64_t> entries_;
  uint32_t more_ = 0;
  RowMeta sum_;
};

AssuranceStanding StandingOn(const Conditions& conditions, uint32_t printed) {
  if (conditions.broken > 0) return ASSURANCE_STANDING_CONDITIONS_BROKEN;
  if (conditions.open > 0 || conditions.records < printed || conditions.records == 0) {
    return ASSURANCE_STANDING_CONDITIONS_OPEN;
  }
  return conditions.lapsed > 0 ? ASSURANCE_STANDING_CONDITIONS_LAPSED
                               : ASSURANCE_STANDING_CONDITIONS_MET;
}

AssuranceStanding StandingOn(AssuranceOutcome outcome) {
  switch (outcome) {
    case ASSURANCE_OUTCOME_SOUGHT:
      return ASSURANCE_STANDING_SOUGHT;
    case ASSURANCE_OUTCOME_GAINED:
      return ASSURANCE_STANDING_GAINED;
    case ASSURANCE_OUTCOME_NOT_GAINED:
      return ASSURANCE_STANDING_NOT_GAINED;
    case ASSURANCE_OUTCOME_DEFERRED:
      return ASSURANCE_STANDING_DEFERRED;
    case ASSURANCE_OUTCOME_REVOKED:
      return ASSURANCE_STANDING_REVOKED;
    default:
      return ASSURANCE_STANDING_UNSPECIFIED;
  }
}

void CountOutcome(const Given& given, AssuranceCellRow* row) {
  if (given.gained) {
    if (given.on_conditions) {
      row->set_with_conditions(row->with_conditions() + 1);
    } else {
      row->set_gained(row->gained() + 1);
    }
    if (given.row.evidence_size() == 0) row->set_without_evidence(row->without_evidence() + 1);
    return;
  }
  switch (given.cell.standing()) {
    case ASSURANCE_STANDING_NOT_GAINED:
      return row->set_not_gained(row->not_gained() + 1);
    case ASSURANCE_STANDING_DEFERRED:
      return row->set_deferred(row->deferred() + 1);
    case ASSURANCE_STANDING_SOUGHT:
      return row->set_no_outcome(row->no_outcome() + 1);
    case ASSURANCE_STANDING_REVOKED:
      return row->set_revoked(row->revoked() + 1);
    default:
      return;
  }
}

}  // namespace

bool ComesBefore(const Given& a, const Given& b) {
  const auto place = [](const Given& given) {
    return std::make_tuple(given.meeting.day.value_or(Day::Max()), given.row.meeting(),
                           given.item.order, given.row.key());
  };
  return place(a) < place(b);
}

void JudgeGiven(const Conditions& conditions, const std::string* revoked, Given* given) {
  const AssuranceRow& row = given->row;
  const auto printed = static_cast<uint32_t>(row.conditions_size());
  const bool was_gained = row.outcome() == ASSURANCE_OUTCOME_GAINED ||
                          row.outcome() == ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS;
  given->metas = conditions.metas;
  given->metas.push_back(row.meta());
  given->gained = was_gained && revoked == nullptr;
  given->on_conditions = row.outcome() == ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS ||
                         (was_gained && conditions.records > 0);
  AssuranceCellItem& cell = given->cell;
  cell.set_meeting(row.meeting());
  cell.set_meeting_date(given->meeting.date);
  cell.set_key(row.key());
  cell.set_item_printed(given->item.number_printed);
  cell.set_area(row.area());
  cell.set_sought(row.sought());
  cell.set_direct(row.direct());
  cell.set_conditions(std::max(printed, conditions.records));
  cell.set_conditions_open(conditions.open);
  cell.set_reason(row.reason());
  *cell.mutable_evidence() = row.evidence();
  cell.set_evidence_conflict(row.evidence_conflict());
  cell.set_follows_meeting(row.follows_meeting());
  cell.set_follows(row.follows());
  if (was_gained && revoked != nullptr) {
    cell.set_standing(ASSURANCE_STANDING_REVOKED);
    cell.set_reason(*revoked);
  } else if (given->gained && given->on_conditions) {
    cell.set_standing(StandingOn(conditions, printed));
  } else {
    cell.set_standing(StandingOn(row.outcome()));
  }
}

AssuranceStanding StandingOf(const std::vector<const Given*>& all) {
  // What is not dated cannot be called the latest beside what is.
  auto last = std::find_if(all.rbegin(), all.rend(),
                           [](const Given* given) { return given->meeting.day.has_value(); });
  if (last == all.rend()) last = all.rbegin();
  AssuranceStanding standing = ASSURANCE_STANDING_UNSPECIFIED;
  for (const Given* given : all) {
    if (given->meeting.day == (*last)->meeting.day) {
      standing = LessFavourable(standing, given->cell.standing());
    }
  }
  return standing;
}

void FillCell(const std::vector<const Given*>& all, AssuranceCellRow* row) {
  if (all.empty()) return;
  row->set_standing(StandingOf(all));
  row->set_areas(static_cast<uint32_t>(all.size()));
  MetaSum meta;
  for (size_t i = 0; i < all.size(); ++i) {
    const Given& given = *all[i];
    for (const RowMeta& one : given.metas) meta.Add(one);
    if (given.row.sought()) row->set_sought(row->sought() + 1);
    row->set_conditions_open(row->conditions_open() + given.cell.conditions_open());
    CountOutcome(given, row);
    if (all.size() - i <= kCellItemsMax) *row->add_assurances() = given.cell;
  }
  *row->mutable_meta() = meta.Take();
}

}  // namespace scrutiny::projections
