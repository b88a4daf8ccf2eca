#include "projections/people/people.h"

#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/engine/row_fold.h"
#include "projections/people/dated_names.h"
#include "scrutiny/event/v1/person.pb.h"
#include "scrutiny/register/v1/people.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::OfficeAssumed;
using event::v1::OfficeVacated;
using event::v1::Proposed;
using register_::v1::PersonRow;
using register_::v1::RoleRow;

// Whether the day itself is known.
bool IsUncertain(const Fact& fact) {
  const event::v1::Occurred& occurred = fact.proposed().occurred();
  constexpr size_t kDayBytes = 10;
  return !fact.DayText().empty() && (occurred.inferred() || occurred.on().size() < kDayBytes);
}

void Fill(const std::string& text, std::string* field) {
  if (!text.empty()) *field = text;
}

// A stretch of time in which a role was held.
struct Spell {
  RoleRow row;
  MetaBuilder meta;
  uint64_t sequence = 0;  // of the fact that it is known by first
  bool taken = false;     // else it is only known to have ended
};

class PersonFold final : public RowFold<PersonRow> {
 public:
  explicit PersonFold(absl::string_view record) { row_.set_person(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kPersonRegistered:
        Registered(proposed.person_registered());
        break;
      case Proposed::kOfficeAssumed:
        Assumed(fact, proposed.office_assumed());
        break;
      case Proposed::kOfficeVacated:
        Vacated(fact, proposed.office_vacated());
        break;
      case Proposed::kPersonRenamed:
        names_.Renamed(proposed.person_renamed().name(), fact);
        break;
      case Proposed::kPersonAliasAdded:
        names_.Also(proposed.person_alias_added().alias());
        break;
      case Proposed::kPersonDetailsChanged:
        break;  // What it says is sealed.
      case Proposed::kPersonsIdentified:
        AddOther(proposed.persons_identified().same_as(), row_.mutable_same_as(),
                 row_.mutable_distinct_from());
        break;
      case Proposed::kPersonsDistinguished:
        AddOther(proposed.persons_distinguished().distinct_from(), row_.mutable_distinct_from(),
                 row_.mutable_same_as());
        break;
      default:
        return NotForRegister("people", fact);
    }
    Show();
    return absl::OkStatus();
  }

  void MoreRows(RowSink& sink) override {
    for (Spell& spell : spells_) {
      RoleRow& role = spell.row;
      std::string shown_as = role.ended() ? NameOn(row_.names(), EndOf(role)) : row_.name();
      role.set_shown_as(shown_as.empty() ? role.post() : std::move(shown_as));
      spell.meta.WriteTo(role.mutable_meta());
      // By sequence, so that a role keeps its key whatever becomes known of others.
      sink.Row(absl::StrCat(kRolePrefix, absl::Dec(spell.sequence, absl::kZeroPad20)), role);
    }
  }

 private:
  void Registered(const event::v1::PersonRegistered& registered) {
    names_.Founded(registered.name());
    for (const std::string& alias : registered.aliases()) names_.Also(alias);
    Fill(registered.post(), row_.mutable_post());
    Fill(registered.organisation(), row_.mutable_organisation());
  }

  void Show() {
    names_.WriteTo(row_.mutable_names());
    row_.set_name(names_.latest());
    row_.set_roles(static_cast<uint32_t>(spells_.size()));
    row_.set_shown_as(row_.name());
    if (row_.shown_as().empty()) row_.set_shown_as(row_.post());
    if (row_.shown_as().empty() && !spells_.empty()) row_.set_shown_as(spells_.back().row.post());
  }

  // A day that no role outlasts, where its own end is not known.
  static absl::string_view EndOf(const RoleRow& role) {
    return role.until_date().empty() ? absl::string_view("9999") : role.until_date();
  }

  // What a fact without a key names a role by.
  template <typename Role>
  static std::string NamedBy(const Role& role) {
    return absl::StrJoin({role.post(), role.organisation(), role.forum(), role.office()}, "\n");
  }

  // The first spell for which `fits` holds, of those that the key or else the words name.
  template <typename Named, typename Fits>
  Spell* Find(const Named& named, Fits fits) {
    for (Spell& spell : spells_) {
      const bool same = named.key().empty() ? NamedBy(spell.row) == NamedBy(named)
                                            : spell.row.key() == named.key();
      if (same && fits(spell)) return &spell;
    }
    return nullptr;
  }

  Spell& Add(const Fact& fact) {
    Spell& spell = spells_.emplace_back();
    spell.sequence = fact.sequence.value();
    spell.row.set_person(row_.person());
    return spell;
  }

  void Assumed(const Fact& fact, const OfficeAssumed& assumed) {
    // One that is not dated comes last and yet began before whatever is dated.
    if (fact.day == ledger::Day::Max()) {
      Spell* const first = Find(assumed, [](const Spell&) { return true; });
      if (first != nullptr && !first->taken) return Begin(fact, assumed, *first);
      if (first != nullptr && !first->row.from_date().empty()) {
        const std::string until = first->row.from_date();
        Spell& spell = Add(fact);
        Begin(fact, assumed, spell);
        return End(until, spell);
      }
    }
    Spell* const held = Find(assumed, [](const Spell& spell) { return !spell.row.ended(); });
    if (held != nullptr) {
      End(fact.DayText(), *held);
      held->meta.Add(fact);
    }
    Begin(fact, assumed, Add(fact));
  }

  static void Begin(const Fact& fact, const OfficeAssumed& assumed, Spell& spell) {
    spell.taken = true;
    spell.meta.Add(fact);
    RoleRow& row = spell.row;
    row.set_post(assumed.post());
    row.set_organisation(assumed.organisation());
    row.set_organisation_record(assumed.organisation_record());
    row.set_title(assumed.title());
    row.set_acting(assumed.acting());
    row.set_public_office(assumed.public_office());
    row.set_ground(assumed.ground());
    row.set_forum(assumed.forum());
    row.set_office(assumed.office());
    row.set_represents(assumed.represents());
    row.set_remit(assumed.remit());
    row.set_key(assumed.key());
    row.set_term_to(assumed.term_to());
    row.set_from_date(fact.DayText());
    row.set_from_uncertain(IsUncertain(fact));
  }

  static void End(const std::string& until, Spell& spell) {
    spell.row.set_ended(true);
    spell.row.set_until_date(until);
  }

  void Vacated(const Fact& fact, const OfficeVacated& vacated) {
    const auto held = [](const Spell& spell) { return !spell.row.ended(); };
    Spell* spell = Find(vacated, held);
    if (spell == nullptr) {
      spell = &Add(fact);
      spell->row.set_post(vacated.post());
      spell->row.set_organisation(vacated.organisation());
      spell->row.set_forum(vacated.forum());
      spell->row.set_office(vacated.office());
      spell->row.set_key(vacated.key());
    }
    spell->meta.Add(fact);
    spell->row.set_reason(vacated.reason());
    End(fact.DayText(), *spell);
  }

  DatedNames names_;
  std::list<Spell> spells_;
};

void Index(const Proposed& proposed, IndexSink sink) {
  switch (proposed.fact_case()) {
    case Proposed::kPersonsIdentified:
      return sink("same_as", proposed.persons_identified().same_as());
    case Proposed::kPersonsDistinguished:
      return sink("distinct_from", proposed.persons_distinguished().distinct_from());
    case Proposed::kOfficeAssumed:
      if (!proposed.office_assumed().office().empty()) {
        sink("office", proposed.office_assumed().office());
      }
      return;
    default:
      return;
  }
}

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, kRolePrefix)) return RoleRow::default_instance();
  return PersonRow::default_instance();
}

}  // namespace

const Register& PeopleRegister() {
  static const Register& people = *new Register{
      "people",
      2,
      "persons",
      {Proposed::kPersonRegistered, Proposed::kOfficeAssumed, Proposed::kOfficeVacated,
       Proposed::kPersonRenamed, Proposed::kPersonAliasAdded, Proposed::kPersonDetailsChanged,
       Proposed::kPersonsIdentified, Proposed::kPersonsDistinguished},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<PersonFold>(record);
      },
      Index,
      RowOf};
  return people;
}

}  // namespace scrutiny::projections
