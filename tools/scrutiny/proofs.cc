#include "tools/scrutiny/proofs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/base64.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "tools/support/output_file.h"
#include "tools/support/proto_json.h"

namespace scrutiny::tools {
namespace {

namespace pb = google::protobuf;
using ledger::Error;
using ledger::Hash;
using ledger::Reason;

constexpr absl::string_view kSuffix = ".tlog-proof";

absl::Status DoesNotHold(uint64_t sequence, const absl::Status& why) {
  return Error(Reason::kCorrupt, absl::StrCat("the server's proof of entry ", sequence,
                                              " does not hold: ", why.message()))
      .Value(absl::StrCat(sequence))
      .Next("Do not rely on this server; keep what it sent and tell its operator.");
}

// The sequences in every RowMeta in the message.
void CollectEntries(const pb::Message& message, std::set<uint64_t>* sequences) {
  if (const auto* meta = dynamic_cast<const register_::v1::RowMeta*>(&message)) {
    sequences->insert(meta->entries().begin(), meta->entries().end());
    return;
  }
  std::vector<const pb::FieldDescriptor*> fields;
  const pb::Reflection* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      CollectEntries(reflection->GetMessage(message, field), sequences);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      CollectEntries(reflection->GetRepeatedMessage(message, field, i), sequences);
    }
  }
}

// One more field behind those of a JSON object.
void AddField(absl::string_view name, absl::string_view value, std::string* json) {
  json->pop_back();
  absl::StrAppend(json, *json == "{" ? "" : ",", "\"", name, "\":", value, "}");
}

}  // namespace

absl::StatusOr<Hash> ReadHash(absl::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) {
    return Error(Reason::kCorrupt, absl::StrCat("the server sent a hash of ", bytes.size(),
                                                " bytes; one has ", hash.size()));
  }
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

absl::StatusOr<std::vector<Hash>> ReadHashes(const ByteFields& hashes) {
  std::vector<Hash> read;
  for (const std::string& bytes : hashes) {
    SCRUTINY_ASSIGN_OR_RETURN(read.emplace_back(), ReadHash(bytes));
  }
  return read;
}

absl::StatusOr<ledger::Checkpoint> ReadCheckpoint(absl::string_view note) {
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::SignedNote signed_note, ledger::ParseNote(note));
  return ledger::ParseCheckpoint(signed_note.text);
}

absl::Status CheckInclusion(uint64_t sequence, absl::string_view leaf_hash, const ByteFields& path,
                            const ledger::Checkpoint& checkpoint) {
  SCRUTINY_ASSIGN_OR_RETURN(const Hash leaf, ReadHash(leaf_hash));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Hash> hashes, ReadHashes(path));
  const absl::Status holds = ledger::VerifyInclusion(ledger::Sequence(sequence), checkpoint.size,
                                                     leaf, hashes, checkpoint.root);
  return holds.ok() ? holds : DoesNotHold(sequence, holds);
}

absl::Status CheckProofs(const ledger::v1::Proofs& proofs) {
  if (proofs.entries().empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint,
                            ReadCheckpoint(proofs.checkpoint()));
  for (const ledger::v1::EntryProof& proof : proofs.entries()) {
    SCRUTINY_RETURN_IF_ERROR(
        CheckInclusion(proof.sequence(), proof.leaf_hash(), proof.inclusion_path(), checkpoint));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TlogProofOf(uint64_t sequence, const ByteFields& path,
                                        absl::string_view checkpoint) {
  ledger::TlogProof proof;
  proof.index = ledger::Sequence(sequence);
  SCRUTINY_ASSIGN_OR_RETURN(proof.path, ReadHashes(path));
  proof.checkpoint = std::string(checkpoint);
  return ledger::Format(proof);
}

Option ReceiptOption() {
  return {.name = "receipt",
          .help =
              "Wait for a signed proof that it is recorded and write it there; of several "
              "entries each in a file of its own, with its sequence before the suffix. One that is "
              "there is not replaced without --force",
          .value = "FILE.tlog-proof",
          .group = "Recording"};
}

std::string ReceiptFile(const std::string& file, uint64_t sequence, bool several) {
  if (!several) return file;
  if (absl::EndsWith(file, kSuffix)) {
    return absl::StrCat(file.substr(0, file.size() - kSuffix.size()), ".", sequence, kSuffix);
  }
  return absl::StrCat(file, ".", sequence);
}

absl::Status CheckReceiptFile(const std::string& file, bool replace) {
  const absl::Status status = OutputFile::Create(file, replace).status();
  if (status.ok()) return status;
  if (absl::IsAlreadyExists(status)) {
    return UsageError(absl::StrCat("--receipt: the file ", file,
                                   " is there already; name another, or replace it with --force; "
                                   "nothing was recorded"));
  }
  return UsageError(absl::StrCat("--receipt: ", status.message(), "; nothing was recorded"));
}

absl::Status WriteReceipts(const ledger::v1::Receipt& receipt, const std::string& file,
                           bool several, bool replace, std::ostream& said) {
  if (receipt.entries().empty()) return absl::OkStatus();
  const std::string first = absl::StrCat(receipt.entries(0).sequence());
  if (receipt.checkpoint().empty()) {
    return absl::UnavailableError(absl::StrCat(
        "It is recorded, but the server gave no proof of it. Once it can sign, `scrutiny receipt ",
        first, " --out ", file, "` gets it"));
  }
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint,
                            ReadCheckpoint(receipt.checkpoint()));
  for (const ledger::v1::EntryReceipt& entry : receipt.entries()) {
    SCRUTINY_RETURN_IF_ERROR(
        CheckInclusion(entry.sequence(), entry.leaf_hash(), entry.inclusion_path(), checkpoint));
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::string proof,
        TlogProofOf(entry.sequence(), entry.inclusion_path(), receipt.checkpoint()));
    const std::string name = ReceiptFile(file, entry.sequence(), several);
    const absl::Status written = WriteFile(name, proof, replace);
    // Recording the same spreadsheet again, after it broke off, must come to the rows that follow.
    if (several && absl::IsAlreadyExists(written)) {
      said << "Receipt of entry " << entry.sequence() << ": " << name
           << " is there already and was left as it is; --force replaces it\n";
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(Prefixed("It is recorded, but its receipt is not written: ", written));
    said << "Receipt of entry " << entry.sequence() << ": " << name << "\n";
  }
  return absl::OkStatus();
}

std::string HowToCheck(const std::string& file, uint64_t sequence, absl::string_view entry) {
  std::string text = "To check it:\n";
  const std::string entry_file =
      entry.empty() ? absl::StrCat(sequence, ".entry") : std::string(entry);
  if (entry.empty()) {
    absl::StrAppend(&text, "  scrutiny receipt ", sequence, " --entry ", entry_file, "\n");
  }
  absl::StrAppend(&text, "  scrutiny-verify proof ", file, " ", entry_file, " --vkey KEY\n",
                  kAboutKey);
  return text;
}

absl::StatusOr<ProofsBySequence> ProofsBySequence::From(const ledger::v1::Proofs& proofs) {
  SCRUTINY_RETURN_IF_ERROR(CheckProofs(proofs));
  ProofsBySequence by_sequence;
  by_sequence.checkpoint_ = proofs.checkpoint();
  for (const ledger::v1::EntryProof& proof : proofs.entries()) {
    by_sequence.proofs_[proof.sequence()] = proof;
  }
  return by_sequence;
}

absl::StatusOr<ledger::v1::Proofs> ProofsBySequence::Of(const std::set<uint64_t>& sequences) const {
  ledger::v1::Proofs proofs;
  proofs.set_checkpoint(checkpoint_);
  for (const uint64_t sequence : sequences) {
    const auto found = proofs_.find(sequence);
    if (found == proofs_.end()) {
      return Error(Reason::kCorrupt, absl::StrCat("the server sent no proof of entry ", sequence))
          .Value(absl::StrCat(sequence));
    }
    *proofs.add_entries() = found->second;
  }
  return proofs;
}

absl::StatusOr<std::string> ProofsBySequence::RowWithProofs(const pb::Message& row) const {
  std::set<uint64_t> sequences;
  CollectEntries(row, &sequences);
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::v1::Proofs proofs, Of(sequences));
  std::string json = ToJson(row);
  AddField("proofs", ToJson(proofs), &json);
  return json;
}

absl::StatusOr<std::string> ProofsBySequence::EntryWithProof(const event::v1::Entry& entry,
                                                             absl::string_view stored) const {
  const uint64_t sequence = entry.assigned().sequence();
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::v1::Proofs proofs, Of({sequence}));
  if (proofs.entries(0).leaf_hash() != ledger::AsBytes(ledger::LeafHash(stored))) {
    return DoesNotHold(sequence, absl::DataLossError("it is of other bytes than the entry's"));
  }
  std::string json = ToJson(entry);
  AddField("stored", absl::StrCat("\"", ledger::EncodeBase64(stored), "\""), &json);
  AddField("proofs", ToJson(proofs), &json);
  return json;
}

}  // namespace scrutiny::tools
