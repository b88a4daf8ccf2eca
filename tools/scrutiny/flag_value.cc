#include "tools/scrutiny/flag_value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/common.pb.h"
#include "scrutiny/event/v1/counts.pb.h"
#include "scrutiny/event/v1/engagement.pb.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;
using ledger::Error;
using ledger::Reason;

absl::Status Wrong(absl::string_view text, absl::string_view want) {
  return Error(Reason::kMalformed, absl::StrCat("\"", text, "\" is not ", want)).Value(text);
}

const event::v1::FieldCheck& CheckOf(const pb::FieldDescriptor* field) {
  return field->options().GetExtension(event::v1::check);
}

absl::Status SetString(const FieldPlace& place, absl::string_view text,
                       const ResolveRecord& resolve) {
  const event::v1::FieldCheck& check = CheckOf(place.field);
  if (!check.cites().empty()) {
    absl::string_view kind = check.cites();
    if (kind == "*") kind = "";
    SCRUTINY_ASSIGN_OR_RETURN(const std::string record, resolve(text, kind));
    return SetScalar(place, record);
  }
  if (check.date()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string date, ReadDate(text));
    return SetScalar(place, date);
  }
  if (check.time_of_day()) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string time, ReadTimeOfDay(text));
    return SetScalar(place, time);
  }
  if (check.key()) {
    const std::string key = Slug(text);
    if (key.empty()) return Wrong(text, "a key, such as 9a");
    return SetScalar(place, key);
  }
  return SetScalar(place, text);
}

bool IsRecordOf(absl::string_view text, absl::string_view kind) {
  return ledger::ValidateRecordName(text).ok() && ledger::RecordKind(text) == kind;
}

// persons/… or forums/…; `Chief Executive @ OPCC`; `@ Constabulary`; else as printed.
absl::Status ReadOwner(absl::string_view text, event::v1::Owner* owner) {
  if (IsRecordOf(text, "persons")) {
    owner->set_person(std::string(text));
  } else if (IsRecordOf(text, "forums")) {
    owner->set_forum(std::string(text));
  } else if (const size_t at = text.find('@'); at != absl::string_view::npos) {
    owner->set_post(std::string(absl::StripAsciiWhitespace(text.substr(0, at))));
    owner->set_organisation(std::string(absl::StripAsciiWhitespace(text.substr(at + 1))));
  } else {
    owner->set_printed(std::string(text));
  }
  return absl::OkStatus();
}

// persons/… decides in an office, forums/… as a body; `unclear: …`; else the post.
absl::Status ReadDecider(absl::string_view text, event::v1::Decider* decider) {
  if (IsRecordOf(text, "forums")) {
    decider->set_kind(event::v1::DECIDER_KIND_BODY);
    decider->set_forum(std::string(text));
    return absl::OkStatus();
  }
  if (absl::StartsWithIgnoreCase(text, "unclear")) {
    decider->set_kind(event::v1::DECIDER_KIND_UNCLEAR);
    text.remove_prefix(absl::string_view("unclear").size());
    absl::ConsumePrefix(&text, ":");
    decider->set_note(std::string(absl::StripAsciiWhitespace(text)));
    return absl::OkStatus();
  }
  decider->set_kind(event::v1::DECIDER_KIND_OFFICE_HOLDER);
  if (IsRecordOf(text, "persons")) {
    decider->set_person(std::string(text));
  } else {
    decider->set_post(std::string(text));
  }
  return absl::OkStatus();
}

// `£157,961.20`, `£195k saving yearly`, `13000 one-off: small grants`.
absl::Status ReadAmount(absl::string_view text, event::v1::Amount* amount) {
  const absl::Status wrong =
      Wrong(text, "an amount; write \"£157,961.20\" or \"£195k saving yearly\"");
  absl::string_view rest = text;
  if (const size_t colon = rest.find(':'); colon != absl::string_view::npos) {
    amount->set_label(std::string(absl::StripAsciiWhitespace(rest.substr(colon + 1))));
    rest = rest.substr(0, colon);
  }
  const std::vector<std::string> words = absl::StrSplit(rest, ' ', absl::SkipWhitespace());
  if (words.empty()) return wrong;
  amount->set_printed(words[0]);
  absl::string_view digits = words[0];
  absl::ConsumePrefix(&digits, "£");
  int64_t scale = 1;
  if (absl::ConsumeSuffix(&digits, "k")) scale = 1000;
  if (absl::ConsumeSuffix(&digits, "m")) scale = 1'000'000;
  double pounds = 0;
  if (!absl::SimpleAtod(absl::StrReplaceAll(digits, {{",", ""}}), &pounds) ||
      !(std::fabs(pounds) < 1e12)) {
    return wrong;
  }
  amount->set_pence(std::llround(pounds * 100 * static_cast<double>(scale)));
  amount->set_rounded(scale > 1);
  for (size_t i = 1; i < words.size(); ++i) {
    const auto kind = ReadEnum(event::v1::AmountKind_descriptor(), words[i]);
    const auto basis = ReadEnum(event::v1::AmountBasis_descriptor(), words[i]);
    if (kind.ok()) {
      amount->set_kind(static_cast<event::v1::AmountKind>(*kind));
    } else if (basis.ok()) {
      amount->set_basis(static_cast<event::v1::AmountBasis>(*basis));
    } else {
      return wrong;
    }
  }
  return absl::OkStatus();
}

// `70.6`, `70.6 %`, `3,340`, `-12.5 %`.
absl::Status ReadDecimal(absl::string_view text, event::v1::Decimal* decimal) {
  absl::string_view digits = text;
  absl::ConsumeSuffix(&digits, "%");
  const std::string plain = absl::StrReplaceAll(absl::StripAsciiWhitespace(digits), {{",", ""}});
  const size_t point = plain.find('.');
  const size_t scale = point == std::string::npos ? 0 : plain.size() - point - 1;
  const bool empty_part = point != std::string::npos && (point == 0 || scale == 0);
  const bool second_point =
      plain.find('.', point + 1) != std::string::npos && point != std::string::npos;
  int64_t units = 0;
  if (scale > 9 || empty_part || second_point ||
      !absl::SimpleAtoi(absl::StrReplaceAll(plain, {{".", ""}}), &units)) {
    return Wrong(text, "a number; write 70.6, \"70.6 %\" or 3,340");
  }
  decimal->set_units(units);
  decimal->set_scale(static_cast<uint32_t>(scale));
  decimal->set_printed(std::string(text));
  return absl::OkStatus();
}

// `2018/19` (April to March), `2018-10-01 to 2018-12-31`, `as at 31 March 2019`, a date or year.
absl::Status ReadPeriod(absl::string_view text, event::v1::Period* period) {
  period->set_printed(std::string(text));
  const std::vector<std::string> years = absl::StrSplit(text, '/');
  uint32_t first = 0;
  uint32_t last = 0;
  if (years.size() == 2 && years[0].size() == 4 && absl::SimpleAtoi(years[0], &first) &&
      absl::SimpleAtoi(years[1], &last) &&
      (first + 1 == last || (years[1].size() == 2 && (first + 1) % 100 == last))) {
    period->set_from(absl::StrCat(first, "-04-01"));
    period->set_to(absl::StrCat(first + 1, "-03-31"));
    return absl::OkStatus();
  }
  const std::vector<std::string> ends = absl::StrSplit(text, " to ");
  if (ends.size() == 2) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string from, ReadDate(ends[0]));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string to, ReadDate(ends[1]));
    period->set_from(from);
    period->set_to(to);
    return absl::OkStatus();
  }
  absl::string_view day = text;
  absl::ConsumePrefix(&day, "as at ");
  SCRUTINY_ASSIGN_OR_RETURN(const std::string date, ReadDate(day));
  period->set_from(date);
  period->set_to(date);
  return absl::OkStatus();
}

// `416`, `1,204`; `withheld` or `*`; `-`: not given. Sets nothing but how many.
absl::Status ReadHowMany(absl::string_view text, event::v1::Count* count) {
  const absl::string_view plain = absl::StripAsciiWhitespace(text);
  uint64_t value = 0;
  if (plain == "*" || absl::EqualsIgnoreCase(plain, "withheld")) {
    count->set_suppressed(true);
  } else if (plain == "-") {
    count->set_printed("-");
  } else if (absl::SimpleAtoi(absl::StrReplaceAll(plain, {{",", ""}}), &value)) {
    count->set_value(value);
  } else {
    return Wrong(text, "a count; write 416, 1,204, withheld, or - for none given");
  }
  return absl::OkStatus();
}

// `416`, `416 contacts`, `Feedback=43`, `Abuse > Hate Crime=9`.
absl::Status ReadCount(absl::string_view text, event::v1::Count* count) {
  const size_t equals = text.rfind('=');
  if (equals != absl::string_view::npos) {
    absl::string_view label = absl::StripAsciiWhitespace(text.substr(0, equals));
    if (const size_t part = label.rfind(" > "); part != absl::string_view::npos) {
      count->set_parent_label(std::string(absl::StripAsciiWhitespace(label.substr(0, part))));
      label = absl::StripAsciiWhitespace(label.substr(part + 3));
    }
    count->set_label(std::string(label));
    return ReadHowMany(text.substr(equals + 1), count);
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  count->set_unit(std::string(absl::StripAsciiWhitespace(parts.second)));
  return ReadHowMany(parts.first, count);
}

absl::Status ReadPeriodText(absl::string_view text, event::v1::CountTable* table) {
  event::v1::Period period;
  SCRUTINY_RETURN_IF_ERROR(ReadPeriod(text, &period));
  table->set_period_from(period.from());
  table->set_period_to(period.to());
  return absl::OkStatus();
}

// `nature: Feedback=43, Crime report=13, total=416`; of another period than the fact's `nature
// (2017/18): …`. A comma within a label belongs to it.
absl::Status ReadTable(absl::string_view text, event::v1::CountTable* table) {
  const size_t colon = text.find(':');
  const size_t equals = text.find('=');
  if (colon == absl::string_view::npos || equals == absl::string_view::npos || equals < colon) {
    return Wrong(text, "a table; write \"nature: Feedback=43, Crime report=13, total=416\"");
  }
  absl::string_view head = absl::StripAsciiWhitespace(text.substr(0, colon));
  table->set_key(Slug(head));
  if (const size_t open = head.rfind('('); open != absl::string_view::npos) {
    absl::string_view period = head.substr(open + 1);
    absl::ConsumeSuffix(&period, ")");
    SCRUTINY_RETURN_IF_ERROR(ReadPeriodText(absl::StripAsciiWhitespace(period), table));
    head = absl::StripAsciiWhitespace(head.substr(0, open));
  }
  table->set_dimension(std::string(head));
  std::string piece;
  for (const absl::string_view part : absl::StrSplit(text.substr(colon + 1), ',')) {
    // `1,204` would make a label of its second half.
    const absl::string_view bare = absl::StripAsciiWhitespace(part);
    if (bare.size() == 3 && std::all_of(bare.begin(), bare.end(), absl::ascii_isdigit)) {
      return Wrong(text, "a table: write its numbers without commas, 1204");
    }
    absl::StrAppend(&piece, piece.empty() ? "" : ",", part);
    if (!absl::StrContains(part, '=')) continue;
    event::v1::Count count;
    SCRUTINY_RETURN_IF_ERROR(ReadCount(absl::StripAsciiWhitespace(piece), &count));
    piece.clear();
    if (!absl::EqualsIgnoreCase(count.label(), "total")) {
      *table->add_counts() = std::move(count);
    } else if (count.suppressed()) {
      table->set_total_suppressed(true);
    } else if (count.has_value()) {
      table->set_total(count.value());
    }
  }
  if (piece.empty()) return absl::OkStatus();
  return Wrong(piece, "a count of the table; write Feedback=43, and numbers without a comma");
}

// `2019/13`, `41/22` with the year behind, `13`.
absl::Status ReadNumber(absl::string_view text, absl::string_view kind, event::v1::Number* number) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  uint32_t year = 0;
  uint64_t n = 0;
  bool fine = parts.size() <= 2 && absl::SimpleAtoi(parts[0], &n);
  if (fine && parts.size() == 2) {
    uint64_t second = 0;
    fine = absl::SimpleAtoi(parts[1], &second);
    const bool year_first = parts[0].size() == 4;
    year = static_cast<uint32_t>(year_first ? n : second);
    if (!year_first && parts[1].size() == 2) year += 2000;
    if (year_first) n = second;
  }
  if (!fine || n == 0) return Wrong(text, "a number; write 2019/13 or 41/22");
  number->set_kind(std::string(kind));
  number->set_year(year);
  number->set_number(n);
  number->set_printed(std::string(text));
  return absl::OkStatus();
}

// `2019`, or with a series `grants 2019`.
absl::Status ReadSeries(absl::string_view text, event::v1::NumberSeries* series) {
  const size_t space = text.rfind(' ');
  const absl::string_view year = space == absl::string_view::npos ? text : text.substr(space + 1);
  uint32_t number = 0;
  if (!absl::SimpleAtoi(year, &number)) return Wrong(text, "a series of numbers; write 2019");
  series->set_year(number);
  if (space != absl::string_view::npos) series->set_series(std::string(text.substr(0, space)));
  return absl::OkStatus();
}

// `approve: the award of 8 large grants`.
absl::Status ReadLimb(absl::string_view text, event::v1::ResolutionLimb* limb) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) {
    return Wrong(text, "a limb; write \"approve: the award of 8 large grants\"");
  }
  SCRUTINY_ASSIGN_OR_RETURN(
      const int verb, ReadEnum(event::v1::ResolutionVerb_descriptor(), text.substr(0, colon)));
  limb->set_verb(static_cast<event::v1::ResolutionVerb>(verb));
  limb->set_subject(std::string(absl::StripAsciiWhitespace(text.substr(colon + 1))));
  return absl::OkStatus();
}

// plans/…@2018.
absl::Status ReadPlanVersion(absl::string_view text, event::v1::PlanVersion* version) {
  const std::vector<std::string> parts = absl::StrSplit(text, '@');
  if (parts.size() != 2 || !IsRecordOf(parts[0], "plans")) {
    return Wrong(text, "a version of a plan; write plans/derbyshire/2016-21@2018");
  }
  version->set_plan(parts[0]);
  version->set_version(parts[1]);
  return absl::OkStatus();
}

absl::Status ReadEvidence(absl::string_view text, event::v1::Evidence* evidence) {
  if (IsRecordOf(text, "papers")) {
    evidence->set_paper(std::string(text));
  } else if (IsRecordOf(text, "meetings")) {
    evidence->set_meeting(std::string(text));
  } else if (absl::StartsWith(text, "https://") || absl::StartsWith(text, "http://")) {
    evidence->set_url(std::string(text));
  } else {
    evidence->set_text(std::string(text));
  }
  return absl::OkStatus();
}

// `Matlock` or `Matlock (Derbyshire Dales)`; its key is made of its name.
absl::Status ReadPlace(absl::string_view text, event::v1::Place* place) {
  absl::string_view name = text;
  if (const size_t open = text.find('('); absl::EndsWith(text, ")") && open != text.npos) {
    place->set_area(
        std::string(absl::StripAsciiWhitespace(text.substr(open + 1, text.size() - open - 2))));
    name = absl::StripAsciiWhitespace(text.substr(0, open));
  }
  const std::string key = Slug(name);
  if (key.empty()) return Wrong(text, "a place; write Matlock or \"Matlock (Derbyshire Dales)\"");
  place->set_key(key);
  place->set_name(std::string(name));
  return absl::OkStatus();
}

// The field that a plain text means where parts are not named.
const pb::FieldDescriptor* MainField(const pb::Descriptor* type) {
  for (const char* name : {"text", "title", "subject", "area"}) {
    const pb::FieldDescriptor* field = type->FindFieldByName(name);
    if (field != nullptr) return field;
  }
  return type->field(0);
}

// `text=…; responsible=…; action=…`, or plain text for the main field.
absl::Status ReadParts(absl::string_view text, const ResolveRecord& resolve, pb::Message* part) {
  const pb::Descriptor* type = part->GetDescriptor();
  const auto is_named = [&](absl::string_view piece) {
    const size_t equals = piece.find('=');
    if (equals == absl::string_view::npos) return false;
    const std::string name =
        absl::StrReplaceAll(absl::StripAsciiWhitespace(piece.substr(0, equals)), {{"-", "_"}});
    return type->FindFieldByName(name) != nullptr;
  };
  if (!is_named(text))
    return SetFromText(part, MainField(type)->name(), {std::string(text)}, resolve);
  std::string name;
  std::string value;
  const auto flush = [&]() -> absl::Status {
    if (name.empty()) return absl::OkStatus();
    return SetFromText(part, name, {std::string(absl::StripAsciiWhitespace(value))}, resolve);
  };
  // A semicolon that does not begin another named part belongs to the text before it.
  for (const absl::string_view piece : absl::StrSplit(text, ';')) {
    if (!is_named(piece)) {
      absl::StrAppend(&value, ";", piece);
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(flush());
    const size_t equals = piece.find('=');
    name = absl::StrReplaceAll(absl::StripAsciiWhitespace(piece.substr(0, equals)), {{"-", "_"}});
    value = std::string(piece.substr(equals + 1));
  }
  return flush();
}

// `kind`: of the record numbered, where the message is a number.
absl::Status ReadMessage(absl::string_view text, absl::string_view kind,
                         const ResolveRecord& resolve, pb::Message* message) {
  if (auto* m = dynamic_cast<event::v1::Owner*>(message)) return ReadOwner(text, m);
  if (auto* m = dynamic_cast<event::v1::Decider*>(message)) return ReadDecider(text, m);
  if (auto* m = dynamic_cast<event::v1::Amount*>(message)) return ReadAmount(text, m);
  if (auto* m = dynamic_cast<event::v1::Number*>(message)) return ReadNumber(text, kind, m);
  if (auto* m = dynamic_cast<event::v1::NumberSeries*>(message)) return ReadSeries(text, m);
  if (auto* m = dynamic_cast<event::v1::ResolutionLimb*>(message)) return ReadLimb(text, m);
  if (auto* m = dynamic_cast<event::v1::PlanVersion*>(message)) return ReadPlanVersion(text, m);
  if (auto* m = dynamic_cast<event::v1::Evidence*>(message)) return ReadEvidence(text, m);
  if (auto* m = dynamic_cast<event::v1::Decimal*>(message)) return ReadDecimal(text, m);
  if (auto* m = dynamic_cast<event::v1::Period*>(message)) return ReadPeriod(text, m);
  if (auto* m = dynamic_cast<event::v1::Count*>(message)) return ReadCount(text, m);
  if (auto* m = dynamic_cast<event::v1::CountTable*>(message)) return ReadTable(text, m);
  auto* const place = dynamic_cast<event::v1::Place*>(message);
  const bool in_parts = absl::StrContains(text, "=");
  if (place != nullptr && !in_parts) return ReadPlace(text, place);
  return ReadParts(text, resolve, message);
}

// Parts of a list are numbered where they need a key and have none.
void NumberPart(int place, pb::Message* part) {
  const pb::FieldDescriptor* key = part->GetDescriptor()->FindFieldByName("key");
  if (key == nullptr || !CheckOf(key).key()) return;
  if (part->GetReflection()->HasField(*part, key)) return;
  part->GetReflection()->SetString(part, key, absl::StrCat(place));
}

// The kind of record that a fact numbers: that of the fact's own.
std::string NumberedKind(const pb::Descriptor* fact) {
  const auto& kinds = fact->options().GetExtension(event::v1::about).kinds();
  return kinds.empty() ? "" : kinds.Get(0);
}

}  // namespace

absl::Status SetFromText(pb::Message* message, absl::string_view path,
                         const std::vector<std::string>& values, const ResolveRecord& resolve) {
  SCRUTINY_ASSIGN_OR_RETURN(const FieldPlace place, Locate(message, path));
  const pb::Reflection* reflection = place.message->GetReflection();
  const bool list = place.field->is_repeated() && place.index < 0;
  const size_t first = list || values.empty() ? 0 : values.size() - 1;
  for (size_t i = first; i < values.size(); ++i) {
    const absl::string_view text = absl::StripAsciiWhitespace(values[i]);
    if (text.empty()) return Wrong("", "anything; leave the flag out");
    if (place.field->message_type() != nullptr) {
      pb::Message* part = list ? reflection->AddMessage(place.message, place.field)
                               : reflection->MutableMessage(place.message, place.field);
      SCRUTINY_RETURN_IF_ERROR(
          ReadMessage(text, NumberedKind(place.message->GetDescriptor()), resolve, part));
      if (list) NumberPart(reflection->FieldSize(*place.message, place.field), part);
    } else if (place.field->type() == pb::FieldDescriptor::TYPE_STRING) {
      SCRUTINY_RETURN_IF_ERROR(SetString(place, text, resolve));
    } else {
      SCRUTINY_RETURN_IF_ERROR(SetScalar(place, text));
    }
  }
  return absl::OkStatus();
}

std::string ValueHint(const pb::FieldDescriptor* field) {
  if (field->message_type() != nullptr) {
    const std::string& type = field->message_type()->name();
    if (type == "Owner") return "OWNER";
    if (type == "Decider") return "DECIDER";
    if (type == "Amount") return "\"£195k saving yearly\"";
    if (type == "Decimal") return "70.6";
    if (type == "Count") return "416|\"416 contacts\"";
    if (type == "CountTable") return "\"BY (PERIOD): SORT=N, SORT=N\"";
    if (type == "Period") return "2018/19|DATE|\"DATE to DATE\"";
    if (type == "Number") return "2019/13";
    if (type == "NumberSeries") return "YEAR";
    if (type == "ResolutionLimb") return "\"VERB: SUBJECT\"";
    if (type == "PlanVersion") return "PLAN@VERSION";
    if (type == "PriorityRef") return "N";
    if (type == "Place") return "\"PLACE (AREA)\"";
    if (type == "Evidence") return "TEXT|PAPER|MEETING|URL";
    return "TEXT|\"field=…; field=…\"";
  }
  if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM) return "WORD";
  if (field->type() == pb::FieldDescriptor::TYPE_BYTES) return "HEX";
  if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING) return "N";
  const event::v1::FieldCheck& check = CheckOf(field);
  if (!check.cites().empty()) {
    if (check.cites() == "*") return "RECORD";
    std::string kind = absl::AsciiStrToUpper(check.cites());
    kind.pop_back();
    return kind;
  }
  if (check.date()) return "DATE";
  if (check.time_of_day()) return "TIME";
  return check.key() ? "KEY" : "TEXT";
}

}  // namespace scrutiny::tools
