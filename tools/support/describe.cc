#include "tools/support/describe.h"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/date.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/common.pb.h"
#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"
#include "tools/support/sentences.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;

void Append(absl::string_view separator, absl::string_view part, std::string* text) {
  if (part.empty()) return;
  if (!text->empty()) absl::StrAppend(text, separator);
  absl::StrAppend(text, part);
}

// `title: x; number: 3`: every field that is set.
std::string AllFields(const pb::Message& message) {
  std::string text;
  std::vector<const pb::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    Append("; ", absl::StrCat(FieldInWords(field->name()), ": ", FieldText(message, field)), &text);
  }
  return text;
}

// `70.6 %` as printed, else its digits.
std::string DecimalInWords(const event::v1::Decimal& decimal) {
  if (!decimal.printed().empty()) return decimal.printed();
  const bool negative = decimal.units() < 0;
  // Not negated as int64: the least one has no counterpart.
  std::string digits = absl::StrCat(negative ? 0 - static_cast<uint64_t>(decimal.units())
                                             : static_cast<uint64_t>(decimal.units()));
  // From the wire: no more places than a Decimal has.
  const size_t scale = decimal.scale() > 9 ? 9 : decimal.scale();
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return negative ? absl::StrCat("-", digits) : digits;
}

// The year of a figure as papers head its column: `2018` or, from April to March, `2018/19`.
std::string YearInWords(const event::v1::Period& period) {
  const auto first = ledger::PartialDate::Parse(period.from());
  const auto last = ledger::PartialDate::Parse(period.to());
  if (!first.ok() || !last.ok()) return "";
  const std::string from = first->FirstDay().ToString();
  const std::string to = last->LastDay().ToString();
  const int years = last->year() - first->year();
  if (absl::EndsWith(from, "-01-01") && absl::EndsWith(to, "-12-31") && years == 0) {
    return absl::StrCat(first->year());
  }
  if (absl::EndsWith(from, "-04-01") && absl::EndsWith(to, "-03-31") && years == 1) {
    return absl::StrCat(first->year(), "/", absl::Dec(last->year() % 100, absl::kZeroPad2));
  }
  return "";
}

// `2018/19` as printed, else its year or days.
std::string PeriodInWords(const event::v1::Period& period) {
  if (!period.printed().empty()) return period.printed();
  if (const std::string year = YearInWords(period); !year.empty()) return year;
  const std::string from = DateInWords(period.from());
  const std::string to = DateInWords(period.to());
  if (from.empty() && to.empty()) return "";
  if (from == to) return from;
  if (from.empty()) return absl::StrCat("until ", to);
  return to.empty() ? absl::StrCat("from ", from) : absl::StrCat(from, " to ", to);
}

// A field of the message as FieldText gives it; empty if there is none of that name.
std::string Named(const pb::Message& message, absl::string_view name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  return field == nullptr ? std::string() : FieldText(message, field);
}

// A count or a figure less its label: `416`, `as printed`, `withheld`.
std::string ValueInWords(const pb::Message& message) {
  if (Named(message, "suppressed") == "yes") return "withheld";
  const std::string value = Named(message, "value");
  const std::string printed = Named(message, "printed");
  if (value.empty()) return printed.empty() ? "not given" : printed;
  return value;
}

// `Abuse: Hate Crime: 9 contacts`; without a label `416 contacts`.
std::string CountInWords(const pb::Message& message) {
  std::string text = Named(message, "parent_label");
  Append(": ", Named(message, "label"), &text);
  const std::string also = Named(message, "also");
  if (!also.empty()) absl::StrAppend(&text, " (", also, ")");
  Append(": ", ValueInWords(message), &text);
  Append(" ", Named(message, "unit"), &text);
  return text;
}

// `type 2017: Accident: 174; Assault: 58; total 333`.
std::string TableInWords(const pb::Message& message) {
  event::v1::Period period;
  if (const auto* table = dynamic_cast<const event::v1::CountTable*>(&message)) {
    period.set_from(table->period_from());
    period.set_to(table->period_to());
  }
  std::string text = Named(message, "title");
  if (text.empty()) text = Named(message, "dimension");
  Append(" ", PeriodInWords(period), &text);
  std::string counts = Named(message, "counts");
  if (Named(message, "total_suppressed") == "yes") Append("; ", "total withheld", &counts);
  const std::string total = Named(message, "total");
  if (!total.empty()) Append("; ", absl::StrCat("total ", total), &counts);
  Append(": ", counts, &text);
  return text;
}

// `2017/18: 333 (was 262)`.
std::string FigureInWords(const pb::Message& message) {
  std::string text = Named(message, "period");
  Append(": ", ValueInWords(message), &text);
  const std::string before = Named(message, "restated_from");
  if (!before.empty()) {
    absl::StrAppend(&text, " (was ", before, ")");
  } else if (Named(message, "restated") == "yes") {
    absl::StrAppend(&text, " (restated)");
  }
  return text;
}

// `2018: 10.4 per 100 employees, of 3700`.
std::string RateInWords(const pb::Message& message) {
  std::string text = Named(message, "period");
  Append(": ", Named(message, "value"), &text);
  const std::string per = Named(message, "per");
  if (!per.empty()) Append(" per ", per, &text);
  const std::string baseline = Named(message, "baseline");
  if (!baseline.empty()) Append(", of ", baseline, &text);
  const std::string note = Named(message, "note");
  if (!note.empty()) absl::StrAppend(&text, " (", note, ")");
  return text;
}

// `nature: Feedback: down, -5 %`; of everything `down, -0.95 %`.
std::string MovementInWords(const pb::Message& message) {
  std::string what = Named(message, "dimension");
  for (const char* name : {"parent_label", "label"}) Append(": ", Named(message, name), &what);
  std::string says = Named(message, "direction");
  Append(", ", Named(message, "change_percent"), &says);
  const std::string share = Named(message, "share_percent");
  if (!share.empty()) Append(", ", absl::StrCat("a share of ", share), &says);
  Append(": ", says, &what);
  return what;
}

// Parts that say how many; empty for others.
std::string NumbersInWords(const std::string& type, const pb::Message& message) {
  if (type == "Count") return CountInWords(message);
  if (type == "CountTable") return TableInWords(message);
  if (type == "PeriodFigure") return FigureInWords(message);
  if (type == "SafetyRate") return RateInWords(message);
  if (type == "StatedMovement") return MovementInWords(message);
  if (type == "CountCategory") {
    return absl::StrCat(Named(message, "dimension"), " ", Named(message, "label"));
  }
  if (type == "SafetyFigureRestatement") {
    std::string text = Named(message, "period");
    Append(", ", Named(message, "dimension"), &text);
    Append(" ", Named(message, "label"), &text);
    const std::string before = Named(message, "before");
    const std::string now = Named(message, "now");
    Append(": ",
           absl::StrCat(before.empty() ? "?" : before.c_str(), ", now ",
                        now.empty() ? "?" : now.c_str()),
           &text);
    return text;
  }
  return "";
}

// A part of a fact on its own: what a clerk would say of it, less its key.
std::string PartInWords(const pb::Message& message) {
  const auto get = [&](absl::string_view name) { return Named(message, name); };
  const std::string& type = message.GetDescriptor()->name();
  std::string text = NumbersInWords(type, message);
  if (!text.empty()) return text;
  if (type == "ResolutionLimb") {
    text = absl::StrCat(get("verb"), " ", get("subject"));
    Append(": ", get("items"), &text);
    Append("; ", get("amounts"), &text);
  } else if (type == "Recommendation") {
    text = get("text");
  } else if (type == "ReviewLine") {
    text = get("text");
    const std::string action = get("action");
    absl::StrAppend(&text, " (", action.empty() ? "no action held" : action, ")");
  } else if (type == "PlanPriority") {
    text = absl::StrCat(get("number"), " ", get("title"));
  } else if (type == "PriorityRef") {
    text = get("number");
  } else if (type == "YearAllocation") {
    text = absl::StrCat(get("year"), ": ", get("amount"));
  } else if (type == "Place") {
    const std::string name = get("name");
    text = name.empty() ? get("key") : name;
    const std::string area = get("area");
    if (!area.empty() && area != name) absl::StrAppend(&text, " (", area, ")");
  } else if (type == "PlanVersion") {
    text = absl::StrCat(get("plan"), "@", get("version"));
  } else if (type == "Evidence") {
    for (absl::string_view name : {"text", "paper", "meeting", "url"}) {
      Append(", ", get(name), &text);
    }
    const std::string item = get("item");
    if (!item.empty()) Append(", ", absl::StrCat("item ", item), &text);
  } else {
    text = AllFields(message);
  }
  return text;
}

std::string MessageInWords(const pb::Message& message) {
  if (const auto* m = dynamic_cast<const event::v1::Owner*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Decider*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Due*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Number*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Amount*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Occurred*>(&message)) return InWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Decimal*>(&message)) return DecimalInWords(*m);
  if (const auto* m = dynamic_cast<const event::v1::Period*>(&message)) return PeriodInWords(*m);
  return PartInWords(message);
}

std::string StringInWords(const pb::FieldDescriptor* field, const std::string& value) {
  if (field->type() == pb::FieldDescriptor::TYPE_BYTES) return absl::BytesToHexString(value);
  return field->options().GetExtension(event::v1::check).date() ? DateInWords(value) : value;
}

// One value: of a field, or one element of a list.
std::string ValueText(const pb::Message& message, const pb::FieldDescriptor* field, int index) {
  const pb::Reflection* r = message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return StringInWords(
          field, one ? r->GetString(message, field) : r->GetRepeatedString(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
      const pb::EnumValueDescriptor* value =
          one ? r->GetEnum(message, field) : r->GetRepeatedEnum(message, field, index);
      return EnumInWords(field->enum_type()->name(), value->name());
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageInWords(one ? r->GetMessage(message, field)
                                : r->GetRepeatedMessage(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return (one ? r->GetBool(message, field) : r->GetRepeatedBool(message, field, index)) ? "yes"
                                                                                            : "no";
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(one ? r->GetInt64(message, field)
                              : r->GetRepeatedInt64(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(one ? r->GetUInt64(message, field)
                              : r->GetRepeatedUInt64(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(one ? r->GetInt32(message, field)
                              : r->GetRepeatedInt32(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(one ? r->GetUInt32(message, field)
                              : r->GetRepeatedUInt32(message, field, index));
    default:  // No floating point in event/v1.
      return "";
  }
}

// The field at the end of `a.b`; empty where something on the way is not set.
std::string PathText(const pb::Message& message, absl::string_view path) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(path, absl::MaxSplits('.', 1));
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(parts.first));
  if (field == nullptr) return "";
  if (parts.second.empty()) return FieldText(message, field);
  if (!message.GetReflection()->HasField(message, field)) return "";
  return PathText(message.GetReflection()->GetMessage(message, field), parts.second);
}

// Fills a sentence in. `complete` turns false where a field is empty.
std::string Filled(const pb::Message& fact, absl::string_view sentence, bool* complete) {
  std::string text;
  while (!sentence.empty()) {
    const size_t open = sentence.find_first_of("{[");
    absl::StrAppend(&text, sentence.substr(0, open));
    if (open == absl::string_view::npos) break;
    const char bracket = sentence[open];
    sentence.remove_prefix(open + 1);
    const size_t close = sentence.find(bracket == '{' ? '}' : ']');
    absl::string_view inside = sentence.substr(0, close);
    sentence.remove_prefix(close + 1);
    if (bracket == '{') {
      const std::string value = PathText(fact, inside);
      if (value.empty()) *complete = false;
      absl::StrAppend(&text, value);
      continue;
    }
    bool there = true;
    if (const size_t condition = inside.find('?'); condition != absl::string_view::npos) {
      there = !PathText(fact, inside.substr(0, condition)).empty();
      inside.remove_prefix(condition + 1);
    }
    const std::string part = Filled(fact, inside, &there);
    if (there) absl::StrAppend(&text, part);
  }
  return text;
}

std::string KeyRotationInWords(const event::v1::LogKeyRotated& rotated) {
  std::string text = absl::StrCat("Signing key changed: ", rotated.new_key(), " signs from now on");
  if (rotated.both_sign_until_us() > 0) {
    absl::StrAppend(&text, "; the one before, ", rotated.old_key(), ", signs too until ",
                    MomentInWords(rotated.both_sign_until_us()));
  }
  Append("; ", rotated.reason(), &text);
  return text;
}

// Longer lists of entries are cut: they stand in the fact itself.
constexpr size_t kErasedEntriesShown = 10;

std::string ErasureInWords(const event::v1::SealsErased& erased) {
  std::set<uint64_t> entries;
  for (const event::v1::SealPlace& seal : erased.seals()) entries.insert(seal.sequence());
  std::string text =
      absl::StrCat("Erased: ", Count(erased.seals_size(), "sealed part", "sealed parts"), " in ",
                   Count(entries.size(), "entry", "entries"));
  std::vector<std::string> shown;
  for (const uint64_t sequence : entries) {
    if (shown.size() == kErasedEntriesShown) break;
    shown.push_back(absl::StrCat(sequence));
  }
  if (entries.size() > shown.size()) shown.push_back("…");
  if (!shown.empty()) absl::StrAppend(&text, " (", absl::StrJoin(shown, ", "), ")");
  Append("; ", erased.reason(), &text);
  if (!erased.authority().empty()) {
    absl::StrAppend(&text, "; on the authority of ", erased.authority());
  }
  if (erased.erased_at_us() > 0) {
    absl::StrAppend(&text, "; key destroyed ", MomentInWords(erased.erased_at_us()));
  }
  if (erased.unrecoverable_by_us() > 0) {
    absl::StrAppend(&text, "; unrecoverable by ", MomentInWords(erased.unrecoverable_by_us()));
  }
  return text;
}

std::string FactInWords(const event::v1::Proposed& proposed) {
  if (proposed.has_log_key_rotated()) return KeyRotationInWords(proposed.log_key_rotated());
  if (proposed.has_seals_erased()) return ErasureInWords(proposed.seals_erased());
  const pb::Message* fact = ledger::FactOf(proposed);
  if (fact == nullptr) return "A fact of a type this program does not know";
  const ledger::FactTypeInfo* type = ledger::FindFactType(ledger::TypeOf(proposed));
  for (const Sentence& sentence : kSentences) {
    if (type == nullptr || sentence.fact != type->field) continue;
    bool complete = true;
    // Texts often end in a full stop of their own.
    return absl::StrReplaceAll(Capitalised(Filled(*fact, sentence.text, &complete)),
                               {{".; ", "; "}, {"., ", ", "}});
  }
  std::string text = TypeInWords(fact->GetDescriptor()->name());
  Append(": ", AllFields(*fact), &text);
  return text;
}

}  // namespace

std::string FieldText(const pb::Message& message, const pb::FieldDescriptor* field) {
  const pb::Reflection* reflection = message.GetReflection();
  if (!field->is_repeated()) {
    return reflection->HasField(message, field) ? ValueText(message, field, -1) : "";
  }
  const bool long_parts = field->message_type() != nullptr;
  std::vector<std::string> parts;
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    parts.push_back(ValueText(message, field, i));
  }
  const bool people = long_parts && field->message_type()->name() == "Owner";
  return people ? JoinWithAnd(parts) : absl::StrJoin(parts, long_parts ? "; " : ", ");
}

std::string InWords(const event::v1::Occurred& occurred) {
  std::string text;
  if (!occurred.on().empty()) {
    text = DateInWords(occurred.on());
  } else if (!occurred.earliest().empty() && !occurred.latest().empty()) {
    text = absl::StrCat(DateInWords(occurred.earliest()), " to ", DateInWords(occurred.latest()));
  } else if (!occurred.latest().empty()) {
    text = absl::StrCat("by ", DateInWords(occurred.latest()));
  } else if (!occurred.earliest().empty()) {
    text = absl::StrCat("from ", DateInWords(occurred.earliest()));
  } else {
    return "not dated";
  }
  if (occurred.inferred()) absl::StrAppend(&text, " (inferred)");
  return text;
}

std::string InWords(const event::v1::Owner& owner) {
  std::string text;
  Append(", ", owner.post(), &text);
  Append(", ", owner.organisation(), &text);
  if (text.empty()) text = owner.printed();
  if (text.empty()) text = owner.forum();
  if (text.empty()) return owner.person();
  if (!owner.person().empty()) absl::StrAppend(&text, " (", owner.person(), ")");
  return text;
}

std::string InWords(const event::v1::Decider& decider) {
  std::string text = decider.post();
  Append(", ", decider.forum(), &text);
  if (text.empty()) text = decider.person();
  if (decider.kind() == event::v1::DECIDER_KIND_UNCLEAR) {
    std::string unclear = "somebody left unclear";
    Append(", ", text, &unclear);
    Append(": ", decider.note(), &unclear);
    return unclear;
  }
  return text;
}

std::string InWords(const event::v1::Due& due) {
  std::string text = DateInWords(due.date());
  if (text.empty() && !due.meeting().empty()) text = absl::StrCat("by ", due.meeting());
  if (text.empty()) return due.printed();
  if (!due.printed().empty()) absl::StrAppend(&text, " (", due.printed(), ")");
  return text;
}

std::string InWords(const event::v1::Number& number) {
  if (number.year() > 0) {
    std::string text = absl::StrCat(number.year(), "/", number.number());
    return number.series().empty() ? text : absl::StrCat(number.series(), " ", text);
  }
  return number.printed().empty() ? absl::StrCat(number.number()) : number.printed();
}

std::string InWords(const event::v1::Amount& amount) {
  const int64_t pence = amount.pence() < 0 ? -amount.pence() : amount.pence();
  std::string pounds = absl::StrCat(pence / 100);
  for (int at = static_cast<int>(pounds.size()) - 3; at > 0; at -= 3) pounds.insert(at, ",");
  std::string text = absl::StrFormat("%s£%s", amount.pence() < 0 ? "-" : "", pounds);
  if (pence % 100 != 0) absl::StrAppendFormat(&text, ".%02d", pence % 100);
  if (amount.rounded()) text = absl::StrCat("about ", text);
  Append(" ", EnumInWords("AmountKind", event::v1::AmountKind_Name(amount.kind())), &text);
  const bool one_off = amount.basis() == event::v1::AMOUNT_BASIS_ONE_OFF;
  Append(
      " ",
      one_off ? "one-off" : EnumInWords("AmountBasis", event::v1::AmountBasis_Name(amount.basis())),
      &text);
  if (amount.years() > 0) absl::StrAppend(&text, " for ", Count(amount.years(), "year", "years"));
  if (!amount.label().empty()) absl::StrAppend(&text, " (", amount.label(), ")");
  return text;
}

std::string Describe(const event::v1::Proposed& proposed) {
  std::string text = FactInWords(proposed);
  if (proposed.has_withdrawn()) {
    text =
        absl::StrCat("Entry ", proposed.corrects(), " withdrawn: ", proposed.withdrawn().reason());
  } else if (proposed.has_corrects()) {
    text = absl::StrCat("Correction of entry ", proposed.corrects(), ". ", text);
  }
  for (const event::v1::RecordedDespite& despite : proposed.recorded_despite()) {
    absl::StrAppend(&text, " [despite ", despite.rule(), ": ", despite.reason(), "]");
  }
  return text;
}

}  // namespace scrutiny::tools
