#include "projections/board/assurance.h"

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "projections/board/wording.h"
#include "projections/engine/keyed_rows.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::AssuranceArea;
using event::v1::Proposed;
using register_::v1::AssuranceRow;

// The area a fact is about; null if it is about none.
const AssuranceArea* AreaOf(const Proposed& proposed) {
  switch (proposed.fact_case()) {
    case Proposed::kAssuranceSought:
      return &proposed.assurance_sought().assurance();
    case Proposed::kAssuranceGained:
      return &proposed.assurance_gained().assurance();
    case Proposed::kAssuranceGainedWithConditions:
      return &proposed.assurance_gained_with_conditions().assurance();
    case Proposed::kAssuranceNotGained:
      return &proposed.assurance_not_gained().assurance();
    case Proposed::kAssuranceDeferred:
      return &proposed.assurance_deferred().assurance();
    case Proposed::kAssuranceRevoked:
      return &proposed.assurance_revoked().assurance();
    default:
      return nullptr;
  }
}

void SetArea(const Proposed& proposed, const AssuranceArea& area, AssuranceRow& row) {
  row.set_key(area.key());
  row.set_item(area.item());
  row.set_area(area.area());
  row.set_direct(area.direct());
  if (area.priorities_size() > 0) {
    *row.mutable_priorities() = area.priorities();
    if (proposed.has_plan_version()) *row.mutable_plan_version() = proposed.plan_version();
  }
  if (!area.follows().empty()) {
    row.set_follows_meeting(area.follows_meeting());
    row.set_follows(area.follows());
  }
}

template <typename Outcome>
void SetOutcome(register_::v1::AssuranceOutcome outcome, const Outcome& fact, AssuranceRow& row) {
  row.set_outcome(outcome);
  row.clear_conditions();
  row.clear_reason();
  row.clear_decider();
  if (fact.has_decider()) *row.mutable_decider() = fact.decider();
}

class AssuranceFold final : public Fold {
 public:
  explicit AssuranceFold(absl::string_view record) : meeting_(record) {}

  absl::Status Apply(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_assurance_evidence_added()) {
      const event::v1::AssuranceEvidenceAdded& added = proposed.assurance_evidence_added();
      evidence_[added.key()].added.MergeFrom(added.evidence());
      SetEvidence(added.key(), Touch(added.key(), fact));
      return absl::OkStatus();
    }
    if (proposed.has_assurance_evidence_conflict_noted()) {
      const std::string& key = proposed.assurance_evidence_conflict_noted().key();
      Touch(key, fact).set_evidence_conflict(true);
      return absl::OkStatus();
    }
    const AssuranceArea* area = AreaOf(proposed);
    if (area == nullptr) return NotForRegister("assurance", fact);
    AssuranceRow& row = Touch(area->key(), fact);
    const bool has_outcome = row.outcome() > register_::v1::ASSURANCE_OUTCOME_SOUGHT;
    // What was asked does not take back what was answered, in whatever order they were dated.
    if (!proposed.has_assurance_sought() || !has_outcome) {
      SetArea(proposed, *area, row);
      if (area->evidence_size() > 0) evidence_[area->key()].of_area = area->evidence();
      SetEvidence(area->key(), row);
    }
    if (!proposed.has_assurance_sought()) {
      Answer(proposed, row);
      return absl::OkStatus();
    }
    row.set_sought(true);
    if (!has_outcome) row.set_outcome(register_::v1::ASSURANCE_OUTCOME_SOUGHT);
    return absl::OkStatus();
  }

  void Rows(bool only_changed, RowSink& sink) override { rows_.Give(only_changed, sink); }

 private:
  using EvidenceList = google::protobuf::RepeatedPtrField<event::v1::Evidence>;
  struct Rests {
    EvidenceList of_area;  // as sought or answered, the latest
    EvidenceList added;    // by facts of their own
  };

  AssuranceRow& Touch(const std::string& key, const Fact& fact) {
    AssuranceRow& row = rows_.Touch(key, fact);
    row.set_meeting(meeting_);
    row.set_key(key);
    return row;
  }

  void SetEvidence(const std::string& key, AssuranceRow& row) {
    const Rests& rests = evidence_[key];
    *row.mutable_evidence() = rests.of_area;
    row.mutable_evidence()->MergeFrom(rests.added);
  }

  static void Answer(const Proposed& proposed, AssuranceRow& row) {
    switch (proposed.fact_case()) {
      case Proposed::kAssuranceGained:
        return SetOutcome(register_::v1::ASSURANCE_OUTCOME_GAINED, proposed.assurance_gained(),
                          row);
      case Proposed::kAssuranceGainedWithConditions:
        SetOutcome(register_::v1::ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS,
                   proposed.assurance_gained_with_conditions(), row);
        *row.mutable_conditions() = proposed.assurance_gained_with_conditions().conditions();
        return;
      case Proposed::kAssuranceNotGained:
        SetOutcome(register_::v1::ASSURANCE_OUTCOME_NOT_GAINED, proposed.assurance_not_gained(),
                   row);
        row.set_reason(proposed.assurance_not_gained().reason());
        return;
      case Proposed::kAssuranceDeferred:
        SetOutcome(register_::v1::ASSURANCE_OUTCOME_DEFERRED, proposed.assurance_deferred(), row);
        row.set_reason(proposed.assurance_deferred().reason());
        return;
      default:
        SetOutcome(register_::v1::ASSURANCE_OUTCOME_REVOKED, proposed.assurance_revoked(), row);
        row.set_reason(proposed.assurance_revoked().reason());
        return;
    }
  }

  const std::string meeting_;
  KeyedRows<AssuranceRow> rows_;
  absl::flat_hash_map<std::string, Rests> evidence_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  const AssuranceArea* area = AreaOf(proposed);
  if (area == nullptr) return;
  for (const event::v1::PriorityRef& priority : area->priorities()) {
    sink("priority", absl::StrCat(priority.number()));
  }
}

}  // namespace

const Register& AssuranceRegister() {
  static const Register& assurance =
      *new Register{"assurance",
                    2,
                    "meetings",
                    {Proposed::kAssuranceSought, Proposed::kAssuranceGained,
                     Proposed::kAssuranceGainedWithConditions, Proposed::kAssuranceNotGained,
                     Proposed::kAssuranceDeferred, Proposed::kAssuranceRevoked,
                     Proposed::kAssuranceEvidenceAdded, Proposed::kAssuranceEvidenceConflictNoted},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<AssuranceFold>(record);
                    },
                    Index,
                    AlwaysA<register_::v1::AssuranceRow>};
  return assurance;
}

}  // namespace scrutiny::projections
