#include "projections/people/partnerships.h"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/people/dated_names.h"
#include "scrutiny/register/v1/partnerships.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::PartnershipPart;
using event::v1::Proposed;
using register_::v1::PartnershipRow;

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kPartnershipJoined, .step = "joined"},
      {.fact_type = Proposed::kPartnershipRoleTaken, .step = "part taken"},
      {.fact_type = Proposed::kPartnershipRoleLeft, .step = "part left"},
      {.fact_type = Proposed::kPartnershipRenamed, .step = "renamed"},
      {.fact_type = Proposed::kPartnershipBriefingReceived, .step = "briefed"},
      {.fact_type = Proposed::kPartnershipConfirmed, .step = "confirmed"},
      {.fact_type = Proposed::kPartnershipLeft, .step = "left"},
  };
}

// A stretch of time in which somebody had a part.
struct Spell {
  std::string row_key;
  PartnershipPart part;
  std::string from;
  bool from_uncertain = false;
  std::string until;
  bool ended = false;
  bool taken = false;  // else it is only known to have ended
  std::string confirmed_on;
  std::string reason;
};

class PartnershipFold final : public RuledFold<PartnershipRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    switch (proposed.fact_case()) {
      case Proposed::kPartnershipJoined:
        Joined(fact, proposed.partnership_joined());
        break;
      case Proposed::kPartnershipRoleTaken:
        Taken(fact, proposed.partnership_role_taken());
        break;
      case Proposed::kPartnershipRoleLeft:
        Left(fact, proposed.partnership_role_left());
        break;
      case Proposed::kPartnershipRenamed:
        names_.Renamed(proposed.partnership_renamed().title(), fact);
        break;
      case Proposed::kPartnershipBriefingReceived:
        row_.set_briefings(row_.briefings() + 1);
        if (!fact.DayText().empty()) row_.set_briefed_on(fact.DayText());
        Confirmed(fact.DayText());
        break;
      case Proposed::kPartnershipConfirmed:
        Confirmed(fact.DayText());
        break;
      default:
        body_.ended = true;
        body_.until = fact.DayText();
        body_.reason = proposed.partnership_left().reason();
        for (Spell& spell : spells_) {
          if (!spell.ended) End(body_.until, body_.reason, spell);
        }
        break;
    }
    row_.set_title(names_.latest());
    row_.clear_former_titles();
    for (const std::string& name : names_.former()) row_.add_former_titles(name);
    // Of the part a fact is about, not of the body.
    row_.clear_key();
    row_.clear_reason();
  }

  void MoreRows(RowSink& sink) override {
    for (const Spell& spell : spells_) sink.Row(spell.row_key, RowFor(spell));
    const std::string no_part = absl::StrCat(kPartPrefix, "none");
    if (!spells_.empty()) {
      sink.Row(no_part, PartnershipRow());
      return;
    }
    Spell body = body_;
    body.confirmed_on = row_.confirmed_on();
    sink.Row(no_part, RowFor(body));
  }

 private:
  static bool IsUncertain(const Fact& fact) {
    const event::v1::Occurred& occurred = fact.proposed().occurred();
    constexpr size_t kDayBytes = 10;
    return !fact.DayText().empty() && (occurred.inferred() || occurred.on().size() < kDayBytes);
  }

  PartnershipRow RowFor(const Spell& spell) const {
    PartnershipRow row = row_;
    row.set_key(spell.part.key());
    row.set_role(spell.part.role());
    row.set_role_printed(spell.part.role_printed());
    row.set_person(spell.part.person());
    row.set_post(spell.part.post());
    row.set_from_date(spell.from);
    row.set_from_uncertain(spell.from_uncertain);
    row.set_until_date(spell.until);
    row.set_ended(spell.ended);
    row.set_confirmed_on(spell.confirmed_on);
    row.set_reason(spell.reason);
    return row;
  }

  static void End(const std::string& until, const std::string& reason, Spell& spell) {
    spell.ended = true;
    spell.until = until;
    if (!reason.empty()) spell.reason = reason;
  }

  Spell* FindHeld(const std::string& key) {
    for (Spell& spell : spells_) {
      if (spell.part.key() == key && !spell.ended) return &spell;
    }
    return nullptr;
  }

  // The only one held, whatever its key; null if there are several.
  Spell* FindOnly() {
    Spell* only = nullptr;
    for (Spell& spell : spells_) {
      if (spell.ended) continue;
      if (only != nullptr) return nullptr;
      only = &spell;
    }
    return only;
  }

  // By sequence and place, so that a part keeps its row whatever becomes known of others.
  Spell& Add(const Fact& fact, int place) {
    Spell& spell = spells_.emplace_back();
    spell.row_key = absl::StrCat(kPartPrefix, absl::Dec(fact.sequence.value(), absl::kZeroPad20),
                                 "/", absl::Dec(place, absl::kZeroPad4));
    return spell;
  }

  static void Begin(const Fact& fact, const PartnershipPart& part, Spell& spell) {
    spell.taken = true;
    spell.part = part;
    spell.from = fact.DayText();
    spell.from_uncertain = IsUncertain(fact);
  }

  void Joined(const Fact& fact, const event::v1::PartnershipJoined& joined) {
    names_.Founded(joined.title());
    body_.from = fact.DayText();
    body_.from_uncertain = IsUncertain(fact);
    const bool undated = fact.day == ledger::Day::Max();
    // One of an earlier fact that has no end of its own ended with the office's part as a whole.
    const bool gone = undated && body_.ended;
    for (int i = 0; i < joined.parts_size(); ++i) {
      const PartnershipPart& part = joined.parts(i);
      // What is not dated comes last and yet began before whatever is dated.
      Spell* const later = undated ? FindFirst(part.key()) : nullptr;
      if (later != nullptr && !later->taken) {
        Begin(fact, part, *later);
        continue;
      }
      const std::string until = later == nullptr ? body_.until : later->from;
      Spell& spell = Add(fact, i);
      Begin(fact, part, spell);
      if (later != nullptr || gone) {
        End(until, later == nullptr ? body_.reason : std::string(), spell);
      } else {
        spell.confirmed_on = row_.confirmed_on();
      }
    }
  }

  // The earliest of that key whose beginning is dated, or is not known by a fact of its own.
  Spell* FindFirst(const std::string& key) {
    for (Spell& spell : spells_) {
      if (spell.part.key() == key && (!spell.taken || !spell.from.empty())) return &spell;
    }
    return nullptr;
  }

  void Taken(const Fact& fact, const event::v1::PartnershipRoleTaken& taken) {
    Spell* const held = FindHeld(taken.part().key());
    if (held != nullptr) End(fact.DayText(), taken.reason(), *held);
    body_.ended = false;
    body_.until.clear();
    Begin(fact, taken.part(), Add(fact, 0));
  }

  void Left(const Fact& fact, const event::v1::PartnershipRoleLeft& left) {
    Spell* spell = FindHeld(left.key());
    if (spell == nullptr && left.key().empty()) spell = FindOnly();
    if (spell == nullptr) {
      spell = &Add(fact, 0);
      spell->part.set_key(left.key());
    }
    End(fact.DayText(), left.reason(), *spell);
  }

  void Confirmed(const std::string& day) {
    if (day.empty()) return;
    row_.set_confirmed_on(day);
    for (Spell& spell : spells_) {
      if (!spell.ended) spell.confirmed_on = day;
    }
  }

  DatedNames names_;
  Spell body_;  // the office's part as a whole
  std::list<Spell> spells_;
};

}  // namespace

const Register& PartnershipsRegister() {
  static const Register& partnerships =
      *new Register(RuledRegister<PartnershipFold, PartnershipRow>(
          "partnerships", 1, "partnerships", Rules(), AlwaysA<PartnershipRow>));
  return partnerships;
}

}  // namespace scrutiny::projections
