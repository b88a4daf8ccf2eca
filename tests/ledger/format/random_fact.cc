#include "tests/ledger/format/random_fact.h"

#include <algorithm>
#include <functional>
#include <random>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

#include "scrutiny/event/v1/options.pb.h"

namespace scrutiny::testing {
namespace {

using event::v1::FieldCheck;
using event::v1::Proposed;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kTextBytesDefault = 4000;
constexpr int kListItemsDefault = 200;
constexpr int kListItemsMade = 3;
// Longer texts are tried one at a time by check_test; here many fields share one fact.
constexpr size_t kTextBytesMade = 400;

const FieldCheck& CheckOf(const FieldDescriptor& field) {
  return field.options().GetExtension(event::v1::check);
}

size_t BytesMax(const FieldDescriptor& field) {
  return CheckOf(field).max_bytes() != 0 ? CheckOf(field).max_bytes() : kTextBytesDefault;
}

int ItemsMax(const FieldDescriptor& field) {
  return CheckOf(field).max_items() != 0 ? static_cast<int>(CheckOf(field).max_items())
                                         : kListItemsDefault;
}

bool IsPrivate(const FieldDescriptor& field) {
  return CheckOf(field).privacy() != event::v1::PRIVACY_UNSPECIFIED;
}

void CollectPrivate(const Message& message, const std::string& path,
                    std::vector<std::string>* paths) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const std::string here = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (IsPrivate(*field)) {
      paths->push_back(here);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      CollectPrivate(message.GetReflection()->GetMessage(message, field), here, paths);
    }
  }
}

class Maker {
 public:
  Maker(uint64_t seed, Private kept) : engine_(seed), kept_(kept) {}

  uint64_t Below(uint64_t bound) {
    return std::uniform_int_distribution<uint64_t>(0, bound - 1)(engine_);
  }
  bool Coin() { return Below(2) == 0; }

  Proposed Make() {
    const google::protobuf::OneofDescriptor& fact =
        *Proposed::descriptor()->FindOneofByName("fact");
    const FieldDescriptor* type = nullptr;
    do {
      type = fact.field(static_cast<int>(Below(fact.field_count())));
    } while (!ForClients(*type));
    const event::v1::FactAbout& about =
        type->message_type()->options().GetExtension(event::v1::about);
    kind_ = about.kinds_size() == 0 ? "actions"
                                    : about.kinds(static_cast<int>(Below(about.kinds_size())));

    Proposed proposed;
    Fill(&proposed);
    proposed.set_record(Name(kind_));
    Fill(proposed.GetReflection()->MutableMessage(&proposed, type));
    Mend(&proposed);
    return proposed;
  }

 private:
  static bool ForClients(const FieldDescriptor& type) {
    switch (type.number()) {
      case Proposed::kSealedFactFieldNumber:
      case Proposed::kLedgerStartedFieldNumber:
      case Proposed::kIncarnationStartedFieldNumber:
      case Proposed::kClockConfirmedFieldNumber:
      case Proposed::kLogKeyRotatedFieldNumber:
      case Proposed::kSealsErasedFieldNumber:
        return false;
      default:
        return true;
    }
  }

  std::string Pick(const std::vector<std::string>& choices) {
    return choices[Below(choices.size())];
  }

  std::string Key() {
    std::string key(1, static_cast<char>('a' + Below(26)));
    for (uint64_t n = Below(20); n > 0; --n) key.push_back("abcxyz0129-"[Below(11)]);
    return key;
  }

  std::string Name(const std::string& kind) {
    std::string name = absl::StrCat(kind, "/", Key());
    while (Below(3) == 0) absl::StrAppend(&name, "/", Key());
    return name;
  }

  std::string Date() {
    return Pick({"2019", "2019-03", "2019-03-18", "2020-02-29", "1000-01-01", "9999-12-31"});
  }

  std::string Text(size_t bytes_max) {
    const size_t bytes = Below(4) == 0 ? std::min(bytes_max, kTextBytesMade)
                                       : 1 + Below(std::min<size_t>(bytes_max, 60));
    std::string text = "x";
    while (true) {
      const std::string next = Pick(
          {"a", "Z", " ", "\n", "\t", "~", "\u00a0", "\u20ac", "\u2019", "\U0001F600", "7", "{n}"});
      if (text.size() + next.size() > bytes) return text;
      text += next;
    }
  }

  std::string String(const FieldDescriptor& field) {
    const FieldCheck& check = CheckOf(field);
    if (check.key()) return Key();
    if (check.cites() == "*") return Name(Pick({"actions", "meetings", "papers"}));
    if (!check.cites().empty()) return Name(check.cites());
    if (check.date()) return Date();
    if (check.time_of_day()) return Pick({"00:00", "09:30", "23:59"});
    if (check.time_zone()) return Pick({"Europe/London", "UTC", "America/New_York"});
    if (check.exact_bytes() != 0) return std::string(check.exact_bytes(), '\xff');
    return Text(BytesMax(field));
  }

  int Enum(const FieldDescriptor& field) {
    const google::protobuf::EnumDescriptor& type = *field.enum_type();
    return type.value(static_cast<int>(1 + Below(type.value_count() - 1)))->number();
  }

  void FillField(Message* message, const FieldDescriptor& field) {
    const Reflection& reflection = *message->GetReflection();
    const bool repeated = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        repeated ? reflection.AddString(message, &field, String(field))
                 : reflection.SetString(message, &field, String(field));
        return;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(repeated ? reflection.AddMessage(message, &field)
                             : reflection.MutableMessage(message, &field));
      case FieldDescriptor::CPPTYPE_ENUM:
        repeated ? reflection.AddEnumValue(message, &field, Enum(field))
                 : reflection.SetEnumValue(message, &field, Enum(field));
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(message, &field, Coin());
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.SetUInt32(message, &field, static_cast<uint32_t>(1 + Below(100)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return repeated ? reflection.AddUInt64(message, &field, Below(1000))
                        : reflection.SetUInt64(message, &field, 1 + Below(1000));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(message, &field, 1 + static_cast<int64_t>(Below(1'000'000)));
      default:
        return;
    }
  }

  void Fill(Message* message) {
    const bool envelope = message->GetDescriptor() == Proposed::descriptor();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message->GetDescriptor()->field(i);
      const bool of_a_choice = field.real_containing_oneof() != nullptr;
      if (envelope && of_a_choice) continue;
      if (kept_ == Private::kNone && IsPrivate(field)) continue;
      if (!CheckOf(field).required() && Coin()) continue;
      const int times = field.is_repeated() ? 1 + static_cast<int>(Below(kListItemsMade)) : 1;
      for (int n = 0; n < times; ++n) FillField(message, field);
    }
    MendParts(message);
  }

  // What several fields must be together.
  void MendParts(Message* message) {
    const auto is = [message](const google::protobuf::Descriptor* type) {
      return message->GetDescriptor() == type;
    };
    if (is(event::v1::Occurred::descriptor())) {
      auto& occurred = *static_cast<event::v1::Occurred*>(message);
      if (Coin()) {
        occurred.clear_on();
        occurred.set_earliest("2018");
        occurred.set_latest("2018");
      } else {
        occurred.clear_earliest();
        occurred.clear_latest();
      }
    } else if (is(event::v1::Owner::descriptor())) {
      static_cast<event::v1::Owner*>(message)->set_printed("PCC/ Mr Dale");
    } else if (is(event::v1::Due::descriptor())) {
      auto& due = *static_cast<event::v1::Due*>(message);
      Coin() ? due.clear_date() : due.clear_meeting();
      due.set_printed("end March");
    } else if (is(event::v1::Decider::descriptor())) {
      auto& decider = *static_cast<event::v1::Decider*>(message);
      decider.set_post("PCC");
      decider.set_forum("forums/spab");
      decider.set_note("Unclear.");
    } else if (is(event::v1::Amount::descriptor())) {
      auto& amount = *static_cast<event::v1::Amount*>(message);
      amount.set_printed("\u00a3195k");
      if (amount.basis() != event::v1::AMOUNT_BASIS_YEARLY) amount.clear_years();
    } else if (is(event::v1::Number::descriptor())) {
      auto& number = *static_cast<event::v1::Number*>(message);
      number.set_kind(kind_);
      number.set_number(1 + Below(1000));
      number.set_year(Coin() ? 0 : 2019);
    } else if (is(event::v1::NumberSeries::descriptor())) {
      static_cast<event::v1::NumberSeries*>(message)->set_year(2019);
    } else if (is(event::v1::PriorityRef::descriptor())) {
      static_cast<event::v1::PriorityRef*>(message)->set_number(2);
    } else if (is(event::v1::PlanPriority::descriptor())) {
      static_cast<event::v1::PlanPriority*>(message)->set_number(2);
    } else if (is(event::v1::Count::descriptor())) {
      static_cast<event::v1::Count*>(message)->clear_suppressed();
    } else if (is(event::v1::CountTable::descriptor())) {
      static_cast<event::v1::CountTable*>(message)->clear_total_suppressed();
    } else if (is(event::v1::Evidence::descriptor())) {
      static_cast<event::v1::Evidence*>(message)->set_text("Minute 9A.");
    } else if (is(event::v1::Attachment::descriptor())) {
      static_cast<event::v1::Attachment*>(message)->set_label("A");
    }
    MendItem(message);
    MendKeys(message);
  }

  // An item needs its meeting; of the next meeting noted the item is its own.
  static void MendItem(Message* message) {
    const google::protobuf::Descriptor& type = *message->GetDescriptor();
    const FieldDescriptor* item = type.FindFieldByName("item");
    const FieldDescriptor* meeting = type.FindFieldByName("meeting");
    if (item == nullptr || meeting == nullptr) return;
    message->GetReflection()->SetString(message, meeting, "meetings/spab/2019-03-18");
  }

  // Keys within a list are distinct.
  static void MendKeys(Message* message) {
    const Reflection& reflection = *message->GetReflection();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message->GetDescriptor()->field(i);
      if (!field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const FieldDescriptor* key = field.message_type()->FindFieldByName("key");
      if (key == nullptr) continue;
      for (int n = 0; n < reflection.FieldSize(*message, &field); ++n) {
        Message* item = reflection.MutableRepeatedMessage(message, &field, n);
        item->GetReflection()->SetString(item, key, absl::StrCat("k", n));
      }
    }
  }

  // What the fact as a whole must be.
  void Mend(Proposed* proposed) {
    proposed->clear_put_before();
    if (Coin()) proposed->add_put_before("meetings/spab/2019-03-18");
    proposed->clear_recorded_despite();
    proposed->mutable_plan_version()->set_plan("plans/2016");
    proposed->mutable_plan_version()->set_version("2018");
    if (proposed->has_withdrawn()) proposed->set_corrects(7);
    if (proposed->has_announcement_made()) proposed->mutable_announcement_made()->set_text("x");
    if (proposed->has_sample_drawn()) proposed->mutable_sample_drawn()->set_population(1000);
    if (proposed->has_time_limit_set()) proposed->mutable_time_limit_set()->set_days(28);
    if (proposed->has_number_series_defined()) {
      proposed->mutable_number_series_defined()->set_pattern("{n}/{yy}");
      proposed->mutable_number_series_defined()->set_year_starts("05-01");
    }
    if (proposed->has_decision_taken()) {
      proposed->mutable_decision_taken()->set_where(event::v1::DECISION_TAKEN_WHERE_AT_MEETING);
    }
    if (proposed->has_decision_numbered()) {
      proposed->mutable_decision_numbered()->mutable_assign()->set_year(2019);
    }
    if (proposed->has_minute_numbered()) {
      proposed->mutable_minute_numbered()->mutable_assign()->set_year(2019);
    }
  }

  std::mt19937_64 engine_;
  const Private kept_;
  std::string kind_;
};

// --- Breaking.

struct Way {
  Breakage breakage;
  std::function<void()> apply;
};

class Breaker {
 public:
  void Collect(Message* message, const std::string& path) {
    if (!path.empty()) {
      Add(path, "an unknown field", [message] {
        message->GetReflection()->MutableUnknownFields(message)->AddVarint(900, 1);
      });
    }
    const Reflection& reflection = *message->GetReflection();
    std::vector<const FieldDescriptor*> set;
    reflection.ListFields(*message, &set);
    for (const FieldDescriptor* field : set) {
      const std::string here =
          path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (CheckOf(*field).required()) {
        Add(here, "missing", [=] { message->GetReflection()->ClearField(message, field); });
      }
      if (!field->is_repeated()) {
        CollectSingle(message, *field, here);
        continue;
      }
      CollectList(message, *field, here);
    }
  }

  std::vector<Way>& ways() { return ways_; }

 private:
  void Add(const std::string& path, const std::string& what, std::function<void()> apply) {
    ways_.push_back(Way{{path, what}, std::move(apply)});
  }

  // Texts that cannot stand in the field.
  static std::vector<std::pair<std::string, std::string>> BadTexts(const FieldDescriptor& field) {
    const FieldCheck& check = CheckOf(field);
    const std::string too_long(BytesMax(field) + 1, 'x');
    if (check.key()) return {{"Not A Key", "a bad key"}, {too_long, "a long key"}};
    if (!check.cites().empty()) {
      std::vector<std::pair<std::string, std::string>> bad = {{"nowhere", "a bad name"},
                                                              {"meetings/A b", "a bad name"}};
      if (check.cites() != "*") bad.push_back({"other-kind/x", "a record of another kind"});
      return bad;
    }
    if (check.date()) return {{"2019-02-30", "no such day"}, {"next week", "no date"}};
    if (check.time_of_day()) return {{"25:00", "no such time"}};
    if (check.time_zone()) return {{"Mars/Olympus", "no such zone"}};
    return {{too_long, "too long"}, {"a\x01z", "a control character"}, {"\xc3(", "no UTF-8"}};
  }

  void CollectSingle(Message* message, const FieldDescriptor& field, const std::string& here) {
    const Reflection* reflection = message->GetReflection();
    const FieldDescriptor* at = &field;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) {
          Add(here, "a wrong length",
              [=] { reflection->SetString(message, at, std::string(31, 'h')); });
          return;
        }
        for (const auto& [text, what] : BadTexts(field)) {
          Add(here, what, [=, text = text] { reflection->SetString(message, at, text); });
        }
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        Add(here, "an unknown value", [=] { reflection->SetEnumValue(message, at, 9999); });
        return;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Collect(reflection->MutableMessage(message, at), here);
      default:
        return;
    }
  }

  void CollectList(Message* message, const FieldDescriptor& field, const std::string& here) {
    const Reflection* reflection = message->GetReflection();
    const FieldDescriptor* at = &field;
    for (int i = 0; i < reflection->FieldSize(*message, at); ++i) {
      const std::string item = absl::StrCat(here, "[", i, "]");
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Collect(reflection->MutableRepeatedMessage(message, at, i), item);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        for (const auto& [text, what] : BadTexts(field)) {
          Add(item, what,
              [=, text = text] { reflection->SetRepeatedString(message, at, i, text); });
        }
      }
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      // A short item, so that the fact as a whole stays within its limit.
      const std::string first = reflection->GetRepeatedString(*message, at, 0);
      const std::string item = CheckOf(field).cites().empty() ? "x" : first;
      Add(here, "too many items", [=] {
        while (reflection->FieldSize(*message, at) <= ItemsMax(*at)) {
          reflection->AddString(message, at, item);
        }
      });
    }
  }

  std::vector<Way> ways_;
};

}  // namespace

Proposed RandomFact(uint64_t seed, Private kept) { return Maker(seed, kept).Make(); }

std::vector<std::string> PrivatePaths(const Proposed& fact) {
  std::vector<std::string> paths;
  CollectPrivate(fact, "", &paths);
  return paths;
}

Breakage BreakFact(uint64_t seed, Proposed* fact) {
  Breaker breaker;
  breaker.Collect(fact, "");
  std::vector<Way>& ways = breaker.ways();
  Way& way = ways[std::mt19937_64(seed)() % ways.size()];
  way.apply();
  return way.breakage;
}

}  // namespace scrutiny::testing
