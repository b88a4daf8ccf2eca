#include "tools/scrutiny/verb.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"
#include "tools/scrutiny/context.h"
#include "tools/scrutiny/flag_value.h"
#include "tools/scrutiny/sealing.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/seals.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;
using event::v1::Proposed;

std::string FullPath(absl::string_view fact, const Flag& flag) {
  if (absl::StartsWith(flag.path, "/")) return flag.path.substr(1);
  return absl::StrCat(fact, ".", flag.path);
}

std::vector<std::string> FactsOf(const Verb& verb) {
  if (verb.variants.empty()) return {verb.fact};
  std::vector<std::string> facts;
  for (const Variant& variant : verb.variants) facts.push_back(variant.fact);
  return facts;
}

// The field a flag fills; of variants, in the first that has it. Null: in none.
const pb::FieldDescriptor* FieldOf(const Verb& verb, const Flag& flag) {
  for (const std::string& fact : FactsOf(verb)) {
    const auto field = FindField(Proposed::descriptor(), FullPath(fact, flag));
    if (field.ok()) return *field;
  }
  return nullptr;
}

// A field that the fact cannot be without, filled directly by the flag.
bool IsRequired(const Verb& verb, const Flag& flag) {
  if (!verb.variants.empty() || absl::StartsWith(flag.path, "/")) return false;
  if (flag.path.find_first_of(".[") != std::string::npos) return false;
  if (flag.name == "forum" || flag.name == "meeting") return false;  // may follow from a meeting
  for (const KeyDefault& key : verb.key_defaults) {
    if (key.path == flag.path) return false;
  }
  const pb::FieldDescriptor* field = FieldOf(verb, flag);
  return field != nullptr && field->options().GetExtension(event::v1::check).required();
}

std::string TextAt(const Proposed& proposed, absl::string_view path) {
  Proposed copy = proposed;
  const auto place = Locate(&copy, path);
  if (!place.ok() || place->field->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING) return "";
  return place->field->is_repeated()
             ? ""
             : place->message->GetReflection()->GetString(*place->message, place->field);
}

// The second segment of a record's name: `spab` of meetings/spab/2019-03-18.
std::string ScopeOf(absl::string_view record) {
  const std::vector<std::string> segments = absl::StrSplit(record, '/');
  return segments.size() > 1 ? segments[1] : "";
}

// Fills one fact; its methods are the steps in order.
class Filler {
 public:
  Filler(const Verb& verb, const Args& args, const FillSources& sources)
      : verb_(verb), args_(args), sources_(sources), fact_(verb.fact) {}

  absl::StatusOr<Proposed> Fill() {
    SCRUTINY_RETURN_IF_ERROR(ChooseVariant());
    SCRUTINY_RETURN_IF_ERROR(FillFlags());
    SCRUTINY_RETURN_IF_ERROR(FillKeys());
    SCRUTINY_RETURN_IF_ERROR(FillForum());
    SCRUTINY_RETURN_IF_ERROR(FillRecord());
    SCRUTINY_RETURN_IF_ERROR(FillFromMeeting());
    SCRUTINY_RETURN_IF_ERROR(FillSource());
    FillDate();
    FillPutBefore();
    return std::move(proposed_);
  }

 private:
  absl::Status ChooseVariant() {
    if (verb_.variants.empty()) return Touch();
    const std::string word = args_.Get(verb_.variant_flag);
    for (const Variant& variant : verb_.variants) {
      if (variant.word == word) {
        fact_ = variant.fact;
        return Touch();
      }
    }
    const std::string choices = absl::StrJoin(
        verb_.variants, ", ", [](std::string* out, const Variant& v) { *out += v.word; });
    return UsageError(absl::StrCat("--", verb_.variant_flag, " is one of ", choices));
  }

  // Makes the fact: one without any flag given is a fact all the same.
  absl::Status Touch() {
    const auto* field = Proposed::descriptor()->FindFieldByName(fact_);
    proposed_.GetReflection()->MutableMessage(&proposed_, field);
    return absl::OkStatus();
  }

  absl::Status FillFlags() {
    for (const std::vector<Flag>* flags : {&verb_.flags, &CommonFlags()}) {
      for (const Flag& flag : *flags) {
        if (flag.path.empty()) continue;
        if (!args_.Has(flag.name)) {
          if (IsRequired(verb_, flag)) {
            return UsageError(absl::StrCat("--", flag.name, " is missing: ", flag.help));
          }
          continue;
        }
        const std::string path = FullPath(fact_, flag);
        if (!FindField(Proposed::descriptor(), path).ok()) {
          return UsageError(absl::StrCat("--", flag.name, " does not go with --",
                                         verb_.variant_flag, " ", args_.Get(verb_.variant_flag)));
        }
        const absl::Status set =
            SetFromText(&proposed_, path, args_.All(flag.name), sources_.resolve);
        if (absl::IsInvalidArgument(set) && !IsUsageError(set)) {
          return UsageError(absl::StrCat("--", flag.name, ": ", set.message()));
        }
        SCRUTINY_RETURN_IF_ERROR(Prefixed(absl::StrCat("--", flag.name, ": "), set));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FillKeys() {
    for (const KeyDefault& key : verb_.key_defaults) {
      const std::string path = absl::StrCat(fact_, ".", key.path);
      if (!TextAt(proposed_, path).empty()) continue;
      const std::string value = key.from.empty()
                                    ? sources_.mint()
                                    : Slug(TextAt(proposed_, absl::StrCat(fact_, ".", key.from)));
      if (!value.empty()) {
        SCRUTINY_RETURN_IF_ERROR(SetField(&proposed_, path, value));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FillRecord() {
    if (args_.Has("as")) {
      proposed_.set_record(args_.Get("as"));
      return absl::OkStatus();
    }
    switch (verb_.target) {
      case Target::kMeeting: {
        if (!args_.Has("meeting")) return UsageError("--meeting is missing: which meeting");
        SCRUTINY_ASSIGN_OR_RETURN(*proposed_.mutable_record(),
                                  sources_.resolve(args_.Get("meeting"), "meetings"));
        return absl::OkStatus();
      }
      case Target::kGiven: {
        if (!args_.Has("RECORD")) return UsageError("name the record, or a number or name of it");
        SCRUTINY_ASSIGN_OR_RETURN(*proposed_.mutable_record(),
                                  sources_.resolve(args_.Get("RECORD"), verb_.kind));
        return absl::OkStatus();
      }
      case Target::kNew:
        break;
    }
    std::string name = verb_.kind;
    const Flag* scope = FindFlag(verb_, verb_.scope_flag);
    if (scope != nullptr) {
      const std::string by = ScopeOf(TextAt(proposed_, FullPath(fact_, *scope)));
      if (!by.empty()) absl::StrAppend(&name, "/", by);
    }
    const Flag* slug = FindFlag(verb_, verb_.slug_flag);
    std::string last = slug == nullptr ? "" : Slug(TextAt(proposed_, FullPath(fact_, *slug)));
    proposed_.set_record(absl::StrCat(name, "/", last.empty() ? sources_.mint() : last));
    return absl::OkStatus();
  }

  // The meeting at which the fact came about: its own record or its field `meeting`.
  std::string Meeting() const {
    if (verb_.calendar) return "";
    if (ledger::RecordKind(proposed_.record()) == "meetings") return proposed_.record();
    return TextAt(proposed_, absl::StrCat(fact_, ".meeting"));
  }

  // A forum that must be named follows from the meeting, where one is.
  absl::Status FillForum() {
    const std::string path = absl::StrCat(fact_, ".forum");
    const auto field = FindField(Proposed::descriptor(), path);
    if (!field.ok() || !(*field)->options().GetExtension(event::v1::check).required()) {
      return absl::OkStatus();
    }
    if (!TextAt(proposed_, path).empty()) return absl::OkStatus();
    std::string meeting = TextAt(proposed_, absl::StrCat(fact_, ".meeting"));
    if (meeting.empty()) meeting = FirstOf(absl::StrCat(fact_, ".meetings"));
    MeetingInfo info;
    if (!meeting.empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(info, sources_.meeting(meeting));
    }
    if (info.forum.empty()) {
      return UsageError(absl::StrCat("--forum is missing: which forum",
                                     meeting.empty() ? "" : " (that of the meeting is not known)"));
    }
    return SetField(&proposed_, path, info.forum);
  }

  absl::Status FillFromMeeting() {
    if (proposed_.has_put_before_meeting()) {
      proposed_.mutable_put_before_meeting()->set_meeting(proposed_.record());
    }
    const std::string meeting = Meeting();
    if (meeting.empty()) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(meeting_, sources_.meeting(meeting));
    if (proposed_.has_decision_taken() &&
        proposed_.decision_taken().where() == event::v1::DECISION_TAKEN_WHERE_UNSPECIFIED) {
      proposed_.mutable_decision_taken()->set_where(event::v1::DECISION_TAKEN_WHERE_AT_MEETING);
    }
    return absl::OkStatus();
  }

  // The first text of a list.
  std::string FirstOf(absl::string_view list_path) {
    const auto field = FindField(Proposed::descriptor(), list_path);
    if (!field.ok() || !(*field)->is_repeated()) return "";
    const auto place = Locate(&proposed_, list_path);
    const pb::Reflection* reflection = place->message->GetReflection();
    if (reflection->FieldSize(*place->message, place->field) == 0) return "";
    return reflection->GetRepeatedString(*place->message, place->field, 0);
  }

  absl::Status FillSource() {
    const bool inferred = args_.Has("inferred");
    if (proposed_.sources().empty() || proposed_.sources(0).paper().empty()) {
      if (!inferred && proposed_.sources().empty()) return absl::OkStatus();
      return UsageError(
          "--inferred, --para, --paper-item and --note speak of a paper; name it "
          "with --paper");
    }
    proposed_.mutable_sources(0)->set_basis(inferred ? event::v1::BASIS_INFERRED
                                                     : event::v1::BASIS_PRINTED);
    return absl::OkStatus();
  }

  void FillDate() {
    event::v1::Occurred& occurred = *proposed_.mutable_occurred();
    const bool dated =
        !occurred.on().empty() || !occurred.earliest().empty() || !occurred.latest().empty();
    if (!dated && !args_.Has("undated")) {
      const bool by_meeting = !Meeting().empty() && verb_.dated_by != DatedBy::kNothing;
      if (!by_meeting) {
        occurred.set_on(sources_.today);
      } else if (verb_.dated_by == DatedBy::kMeetingLatest) {
        occurred.set_latest(meeting_.date);
        occurred.set_inferred(!meeting_.date.empty());
      } else {
        occurred.set_on(meeting_.date);
      }
    }
    if (occurred.ByteSizeLong() == 0) proposed_.clear_occurred();
  }

  void FillPutBefore() {
    const std::string meeting = Meeting();
    if (meeting.empty() || args_.Has("not-put-before") || proposed_.has_put_before_meeting())
      return;
    for (const std::string& there : proposed_.put_before()) {
      if (there == meeting) return;
    }
    proposed_.add_put_before(meeting);
  }

  const Verb& verb_;
  const Args& args_;
  const FillSources& sources_;
  std::string fact_;
  MeetingInfo meeting_;
  Proposed proposed_;
};

}  // namespace

const std::vector<Verb>& AllVerbs() {
  static const auto* const kVerbs = [] {
    auto* all = new std::vector<Verb>();
    for (const std::vector<Verb>& part :
         {BoardVerbs(), FollowUpVerbs(), DocumentVerbs(), PlanVerbs(), InspectionVerbs(),
          PerformanceVerbs(), MeetingVerbs(), MinutesVerbs(), PlanVersionVerbs(), PeopleVerbs(),
          PublicVerbs(), MeasureVerbs(), EngagementVerbs(), ReferenceVerbs()}) {
      all->insert(all->end(), part.begin(), part.end());
    }
    return all;
  }();
  return *kVerbs;
}

const std::vector<Flag>& CommonFlags() {
  static const auto* const kFlags = new std::vector<Flag>{
      {"on", "/occurred.on", "When it happened; else the date of the meeting named, else today"},
      {"not-before", "/occurred.earliest", "… not before this date"},
      {"not-after", "/occurred.latest", "… not after this date"},
      {"undated", "", "The date is not known"},
      {"date-printed", "/occurred.printed", "The date as printed, where it differs"},
      {"date-inferred", "/occurred.inferred", "The date is inferred, not printed"},
      {"effective-from", "/effective_from", "When it takes effect, where that differs"},
      {"paper", "/sources[0].paper", "The paper it comes from"},
      {"paper-item", "/sources[0].item", "The item within that paper, as printed"},
      {"para", "/sources[0].paragraph", "The paragraph, as printed"},
      {"inferred", "", "Inferred from the paper, not printed in it"},
      {"note", "/sources[0].note", "What was inferred and from what, or what is uncertain"},
      {"plan", "/plan_version", "The plan version whose priorities it cites"},
      {"put-before", "/put_before", "A meeting that learned of it, besides the one named"},
      {"not-put-before", "", "The meeting named did not learn of it"},
  };
  return *kFlags;
}

const Flag* FindFlag(const Verb& verb, absl::string_view name) {
  for (const std::vector<Flag>* flags : {&verb.flags, &CommonFlags()}) {
    for (const Flag& flag : *flags) {
      if (flag.name == name) return &flag;
    }
  }
  return nullptr;
}

bool TakesSeveral(const Verb& verb, const Flag& flag) {
  if (flag.path.empty()) return false;
  const pb::FieldDescriptor* field = FieldOf(verb, flag);
  return field != nullptr && field->is_repeated() && !absl::EndsWith(flag.path, "]");
}

bool IsSealedFlag(const Verb& verb, const Flag& flag) {
  if (flag.path.empty()) return false;
  const pb::FieldDescriptor* field = FieldOf(verb, flag);
  return field != nullptr && PrivacyOf(field) != event::v1::PRIVACY_UNSPECIFIED;
}

std::vector<Option> OptionsOf(const Verb& verb) {
  std::vector<Option> options;
  if (verb.target == Target::kGiven) {
    options.push_back({.name = "RECORD",
                       .help = absl::StrCat("The record in ", verb.kind, ", its number or a name"),
                       .kind = Option::Kind::kArgument,
                       .value = ""});
  }
  if (verb.target == Target::kMeeting) {
    options.push_back({.name = "meeting", .help = "Which meeting", .value = "MEETING"});
  }
  if (!verb.variant_flag.empty()) {
    Option option{.name = verb.variant_flag, .help = "Which", .value = "WORD"};
    for (const Variant& variant : verb.variants) option.choices.push_back(variant.word);
    options.push_back(std::move(option));
  }
  const auto add = [&](const Flag& flag, const std::string& group) {
    Option option{.name = flag.name, .help = flag.help};
    option.group = group;
    const pb::FieldDescriptor* field = flag.path.empty() ? nullptr : FieldOf(verb, flag);
    if (field == nullptr || field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) {
      option.kind = Option::Kind::kSwitch;
    } else {
      option.value = ValueHint(field);
      if (TakesSeveral(verb, flag)) option.kind = Option::Kind::kValues;
      if (field->enum_type() != nullptr) option.choices = EnumChoices(field->enum_type());
      if (IsRequired(verb, flag)) absl::StrAppend(&option.help, " (needed)");
      if (IsSealedFlag(verb, flag)) {
        absl::StrAppend(&option.help, " (sealed; needs --", kSealedForFlag,
                        PrivacyOf(field) == event::v1::PRIVACY_PERSONAL
                            ? ""
                            : absl::StrCat(" or --", kRestrictedForFlag),
                        ")");
        option.group = kSealedGroup;
      }
    }
    options.push_back(std::move(option));
  };
  for (const Flag& flag : verb.flags) add(flag, "");
  for (const Flag& flag : CommonFlags()) add(flag, "When and where from");
  for (Option& option : SealOptions()) options.push_back(std::move(option));
  if (verb.target == Target::kNew) {
    options.push_back({.name = "as",
                       .help = "The name of the new record; one is made if not given",
                       .value = "RECORD",
                       .group = "Recording"});
  }
  return options;
}

absl::StatusOr<Proposed> Fill(const Verb& verb, const Args& args, const FillSources& sources) {
  return Filler(verb, args, sources).Fill();
}

}  // namespace scrutiny::tools
