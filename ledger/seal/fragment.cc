#include "ledger/seal/fragment.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/check.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/hash.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The fields on the way, from the Proposed's own to the one that is sealed.
using Way = std::vector<const FieldDescriptor*>;

constexpr size_t kOpaqueNameBytes = 16;

Error BadPath(absl::string_view path, absl::string_view sentence) {
  return Error(Reason::kMalformed, absl::StrCat("\"", path, "\" cannot be sealed: ", sentence))
      .Field(path)
      .Value(path);
}

// Finds the fields of a path in the descriptors; whether they are set is another question.
absl::StatusOr<Way> WayOf(absl::string_view path) {
  // StrSplit makes nothing at all of a view without bytes.
  if (path.empty()) return BadPath(path, "an empty path is the whole fact.");
  Way way;
  const google::protobuf::Descriptor* message = Proposed::descriptor();
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    if (message == nullptr) {
      return BadPath(path, absl::StrCat(way.back()->name(), " has no fields of its own."))
          .Next("Name the field that is to be sealed, or one of the messages it stands in.");
    }
    if (!way.empty() && way.back()->is_repeated()) {
      return BadPath(path, absl::StrCat(way.back()->name(),
                                        " is a list, and what stands within its items cannot be "
                                        "sealed singly."))
          .Next("Seal the list as a whole.");
    }
    const FieldDescriptor* field = message->FindFieldByName(std::string(name));
    if (field == nullptr) {
      return BadPath(path, absl::StrCat(message->name(), " has no field \"", name, "\"."))
          .Next("Name a field of the fact, as in finding_recorded.personal_detail.");
    }
    way.push_back(field);
    message =
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? field->message_type() : nullptr;
  }
  const FieldDescriptor& first = *way.front();
  if (first.real_containing_oneof() == nullptr || way.size() == 1) {
    return BadPath(path,
                   "record, dates, sources and the kind of fact are only sealed with the "
                   "whole fact.")
        .Next("Seal a field of the fact, or the whole fact with an empty path.");
  }
  const FactTypeInfo* info = FindFactType(FactType(static_cast<uint32_t>(first.number())));
  if (info == nullptr || info->by_server || first.number() == Proposed::kSealedFactFieldNumber) {
    return BadPath(path, "the server writes this fact itself, in the clear.");
  }
  return way;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

bool IsSet(const Message& message, const Way& way) {
  const Message* at = &message;
  for (const FieldDescriptor* field : way) {
    if (!IsSet(*at, *field)) return false;
    if (field != way.back()) at = &at->GetReflection()->GetMessage(*at, field);
  }
  return true;
}

absl::Status NotSet(absl::string_view path) {
  return BadPath(path, "the fact says nothing there.").Next("Fill it in, or do not seal it.");
}

Secret Serialised(const Message& message) {
  Secret bytes(message.ByteSizeLong());
  SCRUTINY_CHECK(message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

// Whether the message holds this way and nothing beside it; below its end anything may stand.
bool HoldsAlone(const Message& message, const Way& way) {
  const Message* at = &message;
  for (const FieldDescriptor* field : way) {
    const Reflection& reflection = *at->GetReflection();
    std::vector<const FieldDescriptor*> set;
    reflection.ListFields(*at, &set);
    if (set.size() != 1 || set[0] != field || !reflection.GetUnknownFields(*at).empty()) {
      return false;
    }
    if (field != way.back()) at = &reflection.GetMessage(*at, field);
  }
  return true;
}

Error BadFragment(absl::string_view path, absl::string_view sentence) {
  return Error(Reason::kCorrupt,
               absl::StrCat("What was sealed of ", path.empty() ? "the fact" : path, " ", sentence))
      .Field(path);
}

absl::Status MergeWhole(const Proposed& opened, Proposed* proposed) {
  if (!proposed->has_sealed_fact()) {
    return BadFragment("", "is a whole fact, but its entry is not a sealed one.");
  }
  if (FindFactType(TypeOf(opened)) == nullptr || opened.has_sealed_fact()) {
    return BadFragment("", "is not a fact that this version knows.");
  }
  *proposed = opened;
  return absl::OkStatus();
}

bool IsPersonal(const FieldDescriptor& field) {
  return field.options().GetExtension(event::v1::check).privacy() == event::v1::PRIVACY_PERSONAL;
}

bool HoldsPersonal(const Message& message);

bool HoldsPersonal(const Message& message, const FieldDescriptor& field) {
  if (IsPersonal(field)) return true;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return HoldsPersonal(reflection.GetMessage(message, &field));
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (HoldsPersonal(reflection.GetRepeatedMessage(message, &field, i))) return true;
  }
  return false;
}

bool HoldsPersonal(const Message& message) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  return std::any_of(set.begin(), set.end(), [&message](const FieldDescriptor* field) {
    return HoldsPersonal(message, *field);
  });
}

}  // namespace

bool HoldsPersonal(const Proposed& proposed, absl::string_view path) {
  if (path.empty()) return HoldsPersonal(static_cast<const Message&>(proposed));
  const absl::StatusOr<Way> way = WayOf(path);
  if (!way.ok() || !IsSet(proposed, *way)) return false;
  const Message* at = &proposed;
  for (const FieldDescriptor* field : *way) {
    if (IsPersonal(*field)) return true;
    if (field != way->back()) at = &at->GetReflection()->GetMessage(*at, field);
  }
  return HoldsPersonal(*at, *way->back());
}

absl::Status CheckSealPaths(const Proposed& proposed, absl::Span<const absl::string_view> paths) {
  if (paths.size() > kSealsMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("A fact has at most ", kSealsMax, " sealed parts; this one has ",
                              paths.size(), "."))
        .Field("seals")
        .Value(absl::StrCat(paths.size()))
        .Next("Seal the messages they stand in, or the whole fact.");
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    const absl::string_view path = paths[i];
    if (path.empty()) {
      if (paths.size() == 1) continue;
      return BadPath("", "the whole fact is sealed, so nothing of it can be sealed besides.")
          .Next("Leave out the other seals, or the empty path.");
    }
    SCRUTINY_ASSIGN_OR_RETURN(const Way way, WayOf(path));
    if (!IsSet(proposed, way)) return NotSet(path);
    for (const absl::string_view other : paths.subspan(0, i)) {
      const bool within = path == other || absl::StartsWith(path, absl::StrCat(other, ".")) ||
                          absl::StartsWith(other, absl::StrCat(path, "."));
      if (!within || other.empty()) continue;
      return BadPath(path, absl::StrCat("it is sealed already, with \"", other, "\"."))
          .Next("Seal each part once.");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Secret> TakeFragment(absl::string_view path, Proposed* proposed) {
  SCRUTINY_ASSIGN_OR_RETURN(const Way way, WayOf(path));
  if (!IsSet(*proposed, way)) return NotSet(path);
  Proposed fragment;
  Message* from = proposed;
  Message* to = &fragment;
  for (const FieldDescriptor* field : way) {
    if (field == way.back()) {
      from->GetReflection()->SwapFields(from, to, {field});
      break;
    }
    from = from->GetReflection()->MutableMessage(from, field);
    to = to->GetReflection()->MutableMessage(to, field);
  }
  return Serialised(fragment);
}

Secret TakeWhole(RandomSource& random, Proposed* proposed) {
  Secret whole = Serialised(*proposed);
  std::array<uint8_t, kOpaqueNameBytes> name;
  random.Fill(name);
  proposed->Clear();
  proposed->set_record(absl::StrCat(
      kSealedKind, "/",
      ToHex(absl::string_view(reinterpret_cast<const char*>(name.data()), name.size()))));
  proposed->mutable_sealed_fact();
  return whole;
}

absl::Status MergeFragment(absl::string_view path, absl::string_view fragment, Proposed* proposed) {
  Proposed opened;
  if (!opened.ParseFromArray(fragment.data(), static_cast<int>(fragment.size()))) {
    return BadFragment(path, "cannot be read.");
  }
  if (path.empty()) return MergeWhole(opened, proposed);
  absl::StatusOr<Way> way = WayOf(path);
  if (!way.ok()) return BadFragment(path, "has a path that this version does not know.");
  if (!HoldsAlone(opened, *way)) return BadFragment(path, "holds something else.");
  if (proposed->fact_case() != opened.fact_case()) {
    return BadFragment(path, "belongs to another fact.");
  }
  if (IsSet(*proposed, *way)) return BadFragment(path, "stands in the clear too.");
  proposed->MergeFrom(opened);
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
