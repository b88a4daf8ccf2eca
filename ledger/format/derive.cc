#include "ledger/format/derive.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/limits.h"
#include "ledger/format/alias.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/field_plan.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Number;
using event::v1::Proposed;
using google::protobuf::Message;
using google::protobuf::Reflection;

// First bytes of the keys of claims. Every key says by itself where it ends (text ends in a zero
// byte, numbers have a fixed width), so none is the beginning of another.
constexpr char kAliasTag = 'a';
constexpr char kItemTag = 'i';
constexpr char kNumberTag = 'n';
constexpr char kWithdrawalTag = 'w';
constexpr char kTextEnd = '\0';

void AppendText(std::string* out, absl::string_view text) {
  out->append(text.data(), text.size());
  out->push_back(kTextEnd);
}

// --- Records cited.

// Collects names, each once, in the order in which they stand.
class Cites {
 public:
  Cites(absl::string_view own, std::vector<std::string>* out) : own_(own), out_(*out) {}

  void Add(const std::string& name) {
    if (name.empty() || name == own_) return;
    // Few names are compared one by one; a long review of actions gets a set.
    if (out_.size() < kCompared) {
      if (std::find(out_.begin(), out_.end(), name) != out_.end()) return;
    } else {
      if (seen_.empty()) seen_.insert(out_.begin(), out_.end());
      if (!seen_.insert(name).second) return;
    }
    out_.push_back(name);
  }

 private:
  static constexpr size_t kCompared = 16;

  absl::string_view own_;
  std::vector<std::string>& out_;
  absl::flat_hash_set<std::string> seen_;
};

void CollectCites(const Message& message, const MessagePlan& plan, Cites* cites) {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  for (const FieldPlan& field : plan.fields) {
    if (!field.cites) continue;
    if (field.repeated) {
      const int size = reflection.FieldSize(message, field.field);
      for (int i = 0; i < size; ++i) {
        if (field.value == ValueKind::kMessage) {
          CollectCites(reflection.GetRepeatedMessage(message, field.field, i), *field.message,
                       cites);
        } else {
          cites->Add(reflection.GetRepeatedStringReference(message, field.field, i, &scratch));
        }
      }
    } else if (field.value == ValueKind::kMessage) {
      if (reflection.HasField(message, field.field)) {
        CollectCites(reflection.GetMessage(message, field.field), *field.message, cites);
      }
    } else {
      cites->Add(reflection.GetStringReference(message, field.field, &scratch));
    }
  }
}

// --- Claims.

class Claims {
 public:
  explicit Claims(std::vector<Claim>* out) : out_(*out) {}

  void AddNumber(const Number& number, absl::string_view item) {
    if (number.number() == 0) return;
    const std::string plain = number.year() == 0
                                  ? absl::StrCat(number.number())
                                  : absl::StrCat(number.year(), "/", number.number());
    const std::string& printed = number.printed().empty() ? plain : number.printed();
    Add(NumberClaim(number), item, printed);
    Add(AliasClaim(printed), item, printed);
    if (number.year() != 0) Add(AliasClaim(plain), item, printed);
  }

  void AddName(const std::string& name) {
    if (!name.empty()) Add(AliasClaim(name), "", name);
  }

  template <typename Names>
  void AddNames(const std::string& name, const Names& aliases) {
    AddName(name);
    for (const std::string& alias : aliases) AddName(alias);
  }

  // The item, and that the meeting's agenda is held at all: the claim of the empty key.
  void AddItem(const std::string& meeting, const std::string& item, const std::string& printed) {
    Add(ItemClaim(meeting, item), "", printed);
    Add(ItemClaim(meeting, ""), "", "");
  }

  void Add(std::string key, absl::string_view item, absl::string_view printed) {
    for (const Claim& claim : out_) {
      if (claim.key == key) return;
    }
    out_.push_back(Claim{std::move(key), std::string(item), std::string(printed)});
  }

 private:
  std::vector<Claim>& out_;
};

void CollectClaims(const Proposed& proposed, Claims* claims) {
  switch (proposed.fact_case()) {
    case Proposed::kWithdrawn:
      claims->Add(WithdrawalClaim(Sequence(proposed.corrects())), "", "");
      return;
    case Proposed::kOfficeEstablished:
      return claims->AddName(proposed.office_established().name());
    case Proposed::kOfficeRenamed:
      return claims->AddName(proposed.office_renamed().name());
    case Proposed::kOfficeAliasAdded:
      return claims->AddName(proposed.office_alias_added().alias());
    case Proposed::kForumEstablished:
      return claims->AddNames(proposed.forum_established().name(),
                              proposed.forum_established().aliases());
    case Proposed::kForumRenamed:
      return claims->AddName(proposed.forum_renamed().name());
    case Proposed::kForumAliasAdded:
      return claims->AddName(proposed.forum_alias_added().alias());
    case Proposed::kPersonRegistered:
      return claims->AddNames(proposed.person_registered().name(),
                              proposed.person_registered().aliases());
    case Proposed::kPersonRenamed:
      return claims->AddName(proposed.person_renamed().name());
    case Proposed::kPersonAliasAdded:
      return claims->AddName(proposed.person_alias_added().alias());
    case Proposed::kOrganisationRegistered:
      return claims->AddNames(proposed.organisation_registered().name(),
                              proposed.organisation_registered().aliases());
    case Proposed::kOrganisationRenamed:
      return claims->AddName(proposed.organisation_renamed().name());
    case Proposed::kOrganisationAliasAdded:
      return claims->AddName(proposed.organisation_alias_added().alias());
    case Proposed::kSchemeEstablished:
      return claims->AddNames(proposed.scheme_established().name(),
                              proposed.scheme_established().aliases());
    case Proposed::kAgendaItemPlaced: {
      const event::v1::AgendaItemPlaced& placed = proposed.agenda_item_placed();
      claims->AddItem(proposed.record(), placed.item(), placed.number_printed());
      return claims->AddNumber(placed.minute_number(), placed.item());
    }
    case Proposed::kEmptySectionRecorded:
      return claims->AddItem(proposed.record(), proposed.empty_section_recorded().item(),
                             proposed.empty_section_recorded().number_printed());
    case Proposed::kAgendaPartUnreadable:
      return claims->AddItem(proposed.record(), proposed.agenda_part_unreadable().item(),
                             proposed.agenda_part_unreadable().part());
    case Proposed::kDecisionTaken:
      return claims->AddNumber(proposed.decision_taken().number(), "");
    case Proposed::kDecisionNumbered:
      return claims->AddNumber(proposed.decision_numbered().number(), "");
    case Proposed::kActionRaised:
      return claims->AddNumber(proposed.action_raised().number(), "");
    case Proposed::kMinuteNumbered:
      return claims->AddNumber(proposed.minute_numbered().number(),
                               proposed.minute_numbered().item());
    default:
      return;
  }
}

}  // namespace

std::string NumberSeriesPrefix(absl::string_view kind, absl::string_view series, uint32_t year) {
  std::string key(1, kNumberTag);
  key.reserve(kind.size() + series.size() + 15);
  AppendText(&key, kind);
  AppendText(&key, series);
  AppendBigEndian(year, &key);
  return key;
}

std::string NumberClaim(const Number& number) {
  std::string key = NumberSeriesPrefix(number.kind(), number.series(), number.year());
  AppendBigEndian(uint64_t{number.number()}, &key);
  return key;
}

std::string AliasClaim(absl::string_view text) {
  std::string key(1, kAliasTag);
  AppendText(&key, NormaliseAlias(text));
  return key;
}

std::string ItemClaim(absl::string_view meeting, absl::string_view item) {
  std::string key(1, kItemTag);
  key.reserve(meeting.size() + item.size() + 3);
  AppendText(&key, meeting);
  AppendText(&key, item);
  return key;
}

std::string WithdrawalClaim(Sequence withdrawn) {
  std::string key(1, kWithdrawalTag);
  AppendBigEndian(withdrawn.value(), &key);
  return key;
}

Day LastPossibleDay(const event::v1::Occurred& occurred) {
  const std::string& text = occurred.on().empty() ? occurred.latest() : occurred.on();
  if (text.empty()) return Day::Max();
  const absl::StatusOr<PartialDate> date = PartialDate::Parse(text);
  return date.ok() ? date->LastDay() : Day::Max();
}

Derived DeriveFrom(const Proposed& proposed, absl::Span<const Number> assigned) {
  Derived derived;
  derived.type = TypeOf(proposed);
  derived.day = LastPossibleDay(proposed.occurred());
  if (proposed.has_corrects()) derived.corrects = Sequence(proposed.corrects());

  Cites cites(proposed.record(), &derived.cites);
  CollectCites(proposed, EnvelopePlan(), &cites);
  if (const FactTypeInfo* info = FindFactType(derived.type); info != nullptr) {
    const MessagePlan& plan = FactPlan(info->type);
    if (plan.cites) {
      CollectCites(proposed.GetReflection()->GetMessage(proposed, info->descriptor), plan, &cites);
    }
  }

  Claims claims(&derived.claims);
  CollectClaims(proposed, &claims);
  for (const Number& number : assigned) {
    claims.AddNumber(number, proposed.minute_numbered().item());
  }
  return derived;
}

}  // namespace scrutiny::ledger
