#include "ledger/verify/entry_facts.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/format/entry_codec.h"
#include "ledger/format/hash.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kIdBytes = 16;
constexpr size_t kDigestBytes = 32;
// A ciphertext: a nonce and a tag around salt, length and payload, padded to whole blocks.
constexpr uint64_t kSealFrameBytes = 12 + 16;
constexpr uint64_t kSealBlockBytes = 64;

std::string SealProblem(const event::v1::Seal& seal, int index) {
  const auto wrong = [&](absl::string_view what) { return absl::StrCat("seal ", index, what); };
  if (seal.seal_id().size() != kIdBytes) return wrong(" has an id that is not of 16 bytes");
  if (seal.commitment().size() != kDigestBytes) {
    return wrong(" has a commitment that is not of 32 bytes");
  }
  if (seal.ciphertext_sha256().size() != kDigestBytes) {
    return wrong(" has a hash that is not of 32 bytes");
  }
  if (seal.ciphertext_bytes() < kSealFrameBytes + kSealBlockBytes ||
      (seal.ciphertext_bytes() - kSealFrameBytes) % kSealBlockBytes != 0) {
    return wrong(absl::StrCat(" is said to have ", seal.ciphertext_bytes(),
                              " bytes, a length that no seal has"));
  }
  return "";
}

// Whether a message or one within it has fields that this version does not know.
bool HasUnknownFields(const google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  return std::any_of(fields.begin(), fields.end(),
                     [&](const google::protobuf::FieldDescriptor* field) {
                       if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE)
                         return false;
                       if (!field->is_repeated())
                         return HasUnknownFields(reflection.GetMessage(message, field));
                       for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
                         if (HasUnknownFields(reflection.GetRepeatedMessage(message, field, i)))
                           return true;
                       }
                       return false;
                     });
}

// A fact of a later version is in a field that this version does not know.
bool HasUnknownFact(const event::v1::Proposed& proposed, uint32_t type) {
  // The numbers below the first fact's are the envelope's.
  if (type < event::v1::Proposed::kSealedFactFieldNumber) return false;
  if (event::v1::Proposed::descriptor()->FindFieldByNumber(static_cast<int>(type)) != nullptr) {
    return false;
  }
  const google::protobuf::UnknownFieldSet& fields =
      proposed.GetReflection()->GetUnknownFields(proposed);
  for (int i = 0; i < fields.field_count(); ++i) {
    if (fields.field(i).number() == static_cast<int>(type)) return true;
  }
  return false;
}

std::string FactProblem(const event::v1::Entry& entry, bool* unknown_type) {
  const uint32_t type = entry.assigned().fact_type();
  const auto fact = static_cast<uint32_t>(entry.proposed().fact_case());
  if (fact == type && fact != 0) return "";
  if (fact != 0) {
    return absl::StrCat("its fact is of type ", fact, " and is said to be of type ", type);
  }
  if (type == 0) return "it has no fact";
  *unknown_type = HasUnknownFact(entry.proposed(), type);
  if (*unknown_type) return "";
  return absl::StrCat("it has no fact and is said to be of type ", type);
}

std::string SealsProblem(const event::v1::Entry& entry) {
  if (static_cast<size_t>(entry.seals_size()) > kSealsMax) {
    return absl::StrCat("it has ", entry.seals_size(), " seals; an entry has at most ", kSealsMax);
  }
  for (int i = 0; i < entry.seals_size(); ++i) {
    std::string problem = SealProblem(entry.seals(i), i);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string ProblemOf(const event::v1::Entry& entry, bool* unknown_type) {
  if (!ValidateRecordName(entry.proposed().record()).ok()) {
    return "it is on a record whose name is none";
  }
  std::string problem = FactProblem(entry, unknown_type);
  if (!problem.empty()) return problem;
  const event::v1::Assigned& assigned = entry.assigned();
  if (assigned.entry_id().size() != kIdBytes) return "its id is not of 16 bytes";
  if (assigned.append_count() == 0 || assigned.append_count() > kAppendFactsMax) {
    return absl::StrCat("its append is said to have ", assigned.append_count(),
                        " entries; one has 1 to ", kAppendFactsMax);
  }
  return SealsProblem(entry);
}

bool IsAboutLedger(const event::v1::Entry& entry) {
  switch (entry.proposed().fact_case()) {
    case event::v1::Proposed::kLedgerStarted:
    case event::v1::Proposed::kIncarnationStarted:
    case event::v1::Proposed::kClockConfirmed:
    case event::v1::Proposed::kLogKeyRotated:
    case event::v1::Proposed::kSealsErased:
      return true;
    default:
      return false;
  }
}

absl::string_view FrontRecord(absl::string_view bytes) {
  // Only what stands in front is read, so that damage further on does not hide the name.
  constexpr char kFirstFieldTag = 0x0a;  // field 1, length-delimited
  const auto take = [](absl::string_view* rest) -> absl::optional<uint64_t> {
    if (rest->empty() || rest->front() != kFirstFieldTag) return absl::nullopt;
    uint64_t length = 0;
    for (size_t at = 1; at < rest->size() && at <= 4; ++at) {
      const auto byte = static_cast<uint8_t>((*rest)[at]);
      length |= uint64_t{byte & 0x7fu} << (7 * (at - 1));
      if (byte >= 0x80) continue;
      rest->remove_prefix(at + 1);
      return length;
    }
    return absl::nullopt;
  };
  absl::string_view rest = bytes;
  if (!take(&rest).has_value()) return "";
  const absl::optional<uint64_t> length = take(&rest);
  if (!length.has_value() || *length > rest.size()) return "";
  return rest.substr(0, *length);
}

}  // namespace

RecordKey KeyOfRecord(absl::string_view record) {
  const Hash hash = Sha256Of(record);
  RecordKey key;
  std::copy_n(hash.begin(), key.size(), key.begin());
  return key;
}

EntryReader::EntryReader(Selector select)
    : select_(std::move(select)), entry_(std::make_unique<event::v1::Entry>()) {}

EntryReader::~EntryReader() = default;

EntryFacts EntryReader::Read(absl::string_view bytes) {
  EntryFacts facts;
  event::v1::Entry& entry = *entry_;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    facts.problem = "its bytes are no entry";
    return facts;
  }
  if (!entry.has_proposed() || !entry.has_assigned()) {
    facts.problem = "it lacks what the client said or what the server chose";
    return facts;
  }
  facts.parsed = true;
  facts.problem = ProblemOf(entry, &facts.unknown_type);
  // A field that stands twice, or out of its order, would let two readers read two things. What a
  // later version wrote may stand elsewhere than where this one would put it.
  if (facts.problem.empty()) {
    entry.SerializeToString(&again_);
    if (again_ != bytes && !HasUnknownFields(entry)) {
      facts.problem = "its bytes are not those that a server writes for what they say";
    }
  }
  const event::v1::Assigned& assigned = entry.assigned();
  facts.record = KeyOfRecord(entry.proposed().record());
  facts.sequence = Sequence(assigned.sequence());
  facts.revision = Revision(assigned.revision());
  if (assigned.has_previous()) facts.previous = Sequence(assigned.previous());
  facts.type = FactType(assigned.fact_type());
  facts.ordinal = Ordinal(assigned.type_ordinal());
  facts.recorded_at_us = assigned.recorded_at_us();
  facts.append_first = Sequence(assigned.append_first());
  facts.append_count = assigned.append_count();
  facts.request = absl::HashOf(assigned.principal().id(), assigned.request_id());
  if (static_cast<size_t>(entry.seals_size()) <= kSealsMax) {
    for (const event::v1::Seal& seal : entry.seals()) {
      SealId id{};
      std::copy_n(seal.seal_id().begin(), std::min(id.size(), seal.seal_id().size()), id.begin());
      facts.seals.push_back(id);
    }
  }
  facts.about_ledger = IsAboutLedger(entry);
  facts.selected = select_ != nullptr && select_(entry);
  return facts;
}

std::string RecordOf(absl::string_view bytes) {
  const absl::StatusOr<event::v1::Entry> entry = ParseEntry(bytes);
  const absl::string_view record = entry.ok() ? entry->proposed().record() : FrontRecord(bytes);
  return ValidateRecordName(record).ok() ? std::string(record) : "";
}

std::string NameOfEntry(Sequence sequence, absl::string_view bytes) {
  const std::string record = RecordOf(bytes);
  return record.empty() ? absl::StrCat("Entry ", sequence.value())
                        : absl::StrCat("Entry ", sequence.value(), " (", record, ")");
}

}  // namespace scrutiny::ledger
