#include "ledger/seal/sealer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/format/hash.h"
#include "ledger/seal/fragment.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using event::v1::Seal;

constexpr absl::string_view kWrapLabel = "ledger-wrap-v1\n";
constexpr uint8_t kRowVersion = 1;
constexpr size_t kRowChecksumBytes = 8;

absl::string_view View(const SubjectKeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

// What a seal's key is bound to when it is wrapped: its seal.
std::string WrapContext(const SealContext& context, const SealId& seal_id) {
  return absl::StrCat(kWrapLabel, context.view(), AsBytes(seal_id));
}

MadeSeal Make(const SealWish& wish, const SealContext& context, const SubjectKey& key,
              const Secret& payload, RandomSource& random) {
  SealedPayload sealed = SealPayload(context.view(), payload.view(), random);
  MadeSeal made;
  made.seal.set_field_path(wish.field_path);
  made.seal.set_seal_id(sealed.seal_id.data(), sealed.seal_id.size());
  made.seal.set_commitment(sealed.commitment.data(), sealed.commitment.size());
  const Hash hash = Sha256Of(sealed.sealed);
  made.seal.set_ciphertext_sha256(hash.data(), hash.size());
  made.seal.set_ciphertext_bytes(sealed.sealed.size());
  made.row.key_id = key.id;
  made.row.subject = wish.sealed_for;
  made.row.wrapped_key = WrapKey(key.key, WrapContext(context, sealed.seal_id), sealed.key, random);
  made.row.sealed = std::move(sealed.sealed);
  return made;
}

Error BadRow(absl::string_view sentence) {
  return Error(Reason::kCorrupt, absl::StrCat("What is kept of a sealed part ", sentence))
      .Next("Restore the ledger's store from a backup; the entry itself is not touched.");
}

}  // namespace

absl::Status CheckSealWishes(const Proposed& proposed, absl::Span<const SealWish> wishes) {
  std::vector<absl::string_view> paths;
  paths.reserve(wishes.size());
  for (const SealWish& wish : wishes) paths.push_back(wish.field_path);
  SCRUTINY_RETURN_IF_ERROR(CheckSealPaths(proposed, paths));
  for (size_t i = 0; i < wishes.size(); ++i) {
    SCRUTINY_RETURN_IF_ERROR(
        ValidateSubject(wishes[i].sealed_for, absl::StrCat("seals[", i, "].sealed_for")));
    // The person's own request for erasure would not reach it.
    if (wishes[i].sealed_for != kOfficeSubject || !HoldsPersonal(proposed, wishes[i].field_path)) {
      continue;
    }
    return Error(Reason::kMalformed,
                 absl::StrCat("What is personal is not sealed for the office: ",
                              wishes[i].field_path.empty() ? "the fact" : wishes[i].field_path,
                              wishes[i].field_path.empty() ? " holds such data." : "."))
        .Field(absl::StrCat("seals[", i, "].sealed_for"))
        .Value(wishes[i].sealed_for)
        .Next("Seal it for the person it is about, as in persons/…, whose erasure then erases it.");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Secret>> TakeParts(absl::Span<const SealWish> wishes,
                                              RandomSource& random, Proposed* proposed) {
  SCRUTINY_RETURN_IF_ERROR(CheckSealWishes(*proposed, wishes));
  std::vector<Secret> payloads;
  payloads.reserve(wishes.size());
  for (const SealWish& wish : wishes) {
    if (wish.field_path.empty()) {
      payloads.push_back(TakeWhole(random, proposed));
      continue;
    }
    absl::StatusOr<Secret> taken = TakeFragment(wish.field_path, proposed);
    SCRUTINY_CHECK(taken.ok()) << "a checked path: " << taken.status().message();
    payloads.push_back(*std::move(taken));
  }
  return payloads;
}

absl::StatusOr<std::vector<MadeSeal>> SealTaken(absl::Span<const SealWish> wishes,
                                                absl::Span<const Secret> payloads,
                                                absl::Span<const uint8_t> entry_id, KeyStore& keys,
                                                RandomSource& random) {
  SCRUTINY_CHECK(wishes.size() == payloads.size());
  std::vector<std::string> subjects;
  subjects.reserve(wishes.size());
  for (const SealWish& wish : wishes) subjects.push_back(wish.sealed_for);
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SubjectKey> subject_keys, keys.KeysFor(subjects));
  std::vector<MadeSeal> made;
  made.reserve(wishes.size());
  for (size_t i = 0; i < wishes.size(); ++i) {
    const SealContext context(entry_id, static_cast<uint8_t>(i));
    made.push_back(Make(wishes[i], context, subject_keys[i], payloads[i], random));
  }
  return made;
}

absl::StatusOr<std::vector<MadeSeal>> SealParts(absl::Span<const SealWish> wishes,
                                                absl::Span<const uint8_t> entry_id, KeyStore& keys,
                                                RandomSource& random, Proposed* proposed) {
  Proposed rest = *proposed;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Secret> payloads, TakeParts(wishes, random, &rest));
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<MadeSeal> made,
                            SealTaken(wishes, payloads, entry_id, keys, random));
  *proposed = std::move(rest);
  return made;
}

absl::StatusOr<OpenedSeal> OpenPart(const KeyStore& keys, absl::Span<const uint8_t> entry_id,
                                    uint8_t index, const Seal& seal, const SealRow& row) {
  if (entry_id.size() != kSealEntryIdBytes) {
    return Error(Reason::kCorrupt, "An entry with sealed parts has an id of a wrong length.");
  }
  const SealContext context(entry_id, index);
  SCRUTINY_ASSIGN_OR_RETURN(const SealId seal_id, SealIdOf(seal));
  SCRUTINY_ASSIGN_OR_RETURN(const Secret subject_key, keys.Find(row.key_id));
  SCRUTINY_ASSIGN_OR_RETURN(const Secret key,
                            UnwrapKey(subject_key, WrapContext(context, seal_id), row.wrapped_key,
                                      "The wrapped key of a sealed part"));
  return OpenSeal(key, context.view(), seal, row.sealed);
}

std::string EncodeSealRow(const SealRow& row) {
  SCRUTINY_CHECK(row.wrapped_key.size() == kWrappedKeyBytes &&
                 row.subject.size() <= kRecordNameBytesMax);
  std::string bytes;
  bytes.reserve(kSealRowOverheadMax + row.sealed.size());
  AppendBigEndian(kRowVersion, &bytes);
  bytes.append(View(row.key_id).data(), row.key_id.size());
  bytes.append(row.wrapped_key);
  AppendBigEndian(static_cast<uint16_t>(row.subject.size()), &bytes);
  bytes.append(row.subject);
  // The ciphertext has its hash in the entry.
  bytes.append(AsBytes(Sha256Of(bytes)).data(), kRowChecksumBytes);
  bytes.append(row.sealed);
  return bytes;
}

absl::StatusOr<SealRow> ParseSealRow(absl::string_view bytes) {
  absl::string_view rest = bytes;
  uint8_t version = 0;
  uint16_t subject_bytes = 0;
  if (!TakeBigEndian(&rest, &version)) return BadRow("is empty.");
  if (version != kRowVersion) return BadRow("is of a version that this program does not know.");
  SealRow row;
  if (rest.size() < row.key_id.size() + kWrappedKeyBytes) return BadRow("is cut short.");
  rest.copy(reinterpret_cast<char*>(row.key_id.data()), row.key_id.size());
  rest.remove_prefix(row.key_id.size());
  row.wrapped_key = std::string(rest.substr(0, kWrappedKeyBytes));
  rest.remove_prefix(kWrappedKeyBytes);
  if (!TakeBigEndian(&rest, &subject_bytes) || subject_bytes > kRecordNameBytesMax ||
      rest.size() < subject_bytes + kRowChecksumBytes) {
    return BadRow("is cut short.");
  }
  row.subject = std::string(rest.substr(0, subject_bytes));
  rest.remove_prefix(subject_bytes);
  const absl::string_view head = bytes.substr(0, bytes.size() - rest.size());
  const Hash hash = Sha256Of(head);
  if (rest.substr(0, kRowChecksumBytes) != AsBytes(hash).substr(0, kRowChecksumBytes)) {
    return BadRow("is damaged.");
  }
  row.sealed = std::string(rest.substr(kRowChecksumBytes));
  return row;
}

}  // namespace scrutiny::ledger
