// Writes the seeds of the fuzz targets that no hand can write: what the formats' own writers give,
// the published vectors and the demo's papers. Run it, in the root, when a format changes:
//
//   build/release/tests/fuzz_seeds tests/fuzz/corpus
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

#include "ledger/feed/entry_source.h"
#include "ledger/format/chunk.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/tar.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/base64.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/note/witness_request.h"
#include "ledger/seal/aead.h"
#include "ledger/seal/cipher.h"
#include "ledger/seal/keys_file.h"
#include "ledger/seal/sealer.h"
#include "ledger/store/index_keys.h"
#include "ledger/store/sealed_store.h"
#include "ledger/verify/backup_manifest.h"
#include "projections/queries/page.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "services/grpc/token.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"
#include "tests/ledger/verify/test_log.h"
#include "tools/scrutiny/import_reader.h"

namespace scrutiny::fuzz {
namespace {

using namespace ledger;  // NOLINT: every format there is

constexpr char kPapers[] = "tools/demo";

std::string folder;

void Put(const std::string& target, const std::string& name, absl::string_view bytes) {
  testing::WriteFile(absl::StrCat(folder, "/", target, "/", name), std::string(bytes));
}

std::string Parts(const std::vector<std::string>& parts) {
  std::string bytes;
  for (const std::string& part : parts) AppendPart(part, &bytes);
  return bytes;
}

testing::TestLog MadeLog() {
  testing::TestLog log;
  log.FillTo(12);
  return log;
}

event::v1::Proposed Finding() {
  event::v1::Proposed proposed;
  proposed.set_record("findings/panel/1");
  proposed.mutable_occurred()->set_on("2019-03-18");
  proposed.mutable_finding_recorded()->set_scheme("schemes/custody");
  proposed.mutable_finding_recorded()->set_title("The cells were clean.");
  proposed.mutable_finding_recorded()->set_grade(event::v1::FINDING_GRADE_CONCERN);
  proposed.mutable_finding_recorded()->set_personal_detail("A detainee asked for a doctor.");
  return proposed;
}

void PutNotes() {
  const std::string log_note = absl::StrCat(kLogText, "\n", kLogLine);
  const std::string mirror_note = absl::StrCat(kMirrorText, "\n", kMirrorLine);
  Put("vkey", "log", kLogVkey);
  Put("vkey", "mirror", kMirrorVkey);
  Put("vkey", "spec", kSpecVkey);
  Put("vkey", "private", ToString(LogSigner()));
  Put("vkey", "private_mirror", ToString(MirrorSigner()));
  Put("key_file", "two_keys",
      absl::StrCat(ToString(LogSigner()), "\n", ToString(MirrorSigner()), "\n"));
  for (const char* target : {"signed_note", "checkpoint"}) {
    Put(target, "log", log_note);
    Put(target, "mirror", mirror_note);
    Put(target, "spec", kSpecNote);
  }
  Put("signed_note", "lines", absl::StrCat(kLogLine, kMirrorLine));
  Put("signed_note", "twice", absl::StrCat(log_note, kLogLine, kMirrorLine));
  Put("checkpoint", "text", kLogText);
  Put("checkpoint", "extension", absl::StrCat(kLogText, "an extension\n"));
  Put("base64", "key", kLogVkey + sizeof(kLogVkey) - 45);
  Put("base64", "padded", "AAECAw==");

  const absl::StatusOr<SignedNote> mirrored = ParseNote(mirror_note);
  SCRUTINY_CHECK_OK(mirrored.status());
  Put("cosignature", "mirror", mirrored->signatures[0].signature);
  Put("cosignature", "made",
      absl::StrCat(std::string("\0\0\0\0\x69\x54\x67\x80\0\x09\x01", 11), "example.org\n3\n"));
}

// The tree over the entries one to five.
void PutProofs() {
  const std::string note = absl::StrCat(kLogText, "\n", kLogLine);
  constexpr absl::string_view kEntries[] = {"one", "two", "three", "four", "five"};
  Hash leaf[5];
  for (size_t i = 0; i < 5; ++i) leaf[i] = LeafHash(kEntries[i]);
  const Hash front = NodeHash(leaf[0], leaf[1]);
  const Hash four = NodeHash(front, NodeHash(leaf[2], leaf[3]));
  TlogProof proof;
  proof.checkpoint = note;
  proof.index = Sequence(1);
  proof.path = {leaf[0], NodeHash(leaf[2], leaf[3]), leaf[4]};
  Put("tlog_proof", "second", Format(proof));
  proof.extra = "extra";
  Put("tlog_proof", "extra", Format(proof));
  proof.index = Sequence(4);
  proof.path = {four};
  Put("tlog_proof", "last", Format(proof));

  AddCheckpoint request;
  request.checkpoint = note;
  Put("witness_request", "first", Format(request));
  request.old_size = TreeSize(2);
  request.proof = {NodeHash(leaf[2], leaf[3]), leaf[4]};
  Put("witness_request", "from_two", Format(request));

  std::string bundle;
  for (const absl::string_view entry : kEntries) AppendBundleEntry(entry, &bundle);
  Put("bundle", "five", absl::StrCat(bundle, "\x05"));
  Put("bundle", "front", absl::StrCat(bundle, "\x02"));
  Put("bundle", "as_it_is", bundle);

  const testing::TestLog log = MadeLog();
  Put("witness", "request", Format(AddCheckpoint{TreeSize(0), {}, log.Checkpoint(3)}));
  Put("witness", "grows", std::string("\0\3\0\7\0\7\0\x14", 8));
  Put("witness", "fork", std::string("\0\3\1\5\0\7\1\x09\1\7\0\x09", 12));
  Put("witness", "wrong", std::string("\0\3\2\7\2\x0c\7\x14\7\2\5\x15", 12));

  Put("verify_proof", "first", Parts({log.Proof(0), log.entry(0)}));
  Put("verify_proof", "last", Parts({log.Proof(11), log.entry(11)}));
  Put("verify_proof", "hashes",
      absl::StrCat(EncodeBase64(AsBytes(four)), "\n", EncodeBase64(AsBytes(front)), "\n"));
}

void PutStored() {
  const testing::TestLog log = MadeLog();
  ChunkBuilder builder(Sequence(3));
  for (uint64_t i = 3; i < 8; ++i) {
    builder.Add(log.entry(i), LeafHash(log.entry(i)), FactType(2));
  }
  Put("chunk", "five", builder.Build()[0]->value());
  Put("entry", "first", log.entry(0));
  Put("entry", "withdrawn", log.entry(5));
  event::v1::Entry entry;
  SCRUTINY_CHECK(entry.ParseFromString(log.entry(5)));
  event::v1::Seal& seal = *entry.add_seals();
  seal.set_field_path("withdrawn.reason");
  seal.set_seal_id(std::string(16, 's'));
  seal.set_commitment(std::string(32, 'c'));
  seal.set_ciphertext_sha256(std::string(32, 'h'));
  seal.set_ciphertext_bytes(92);
  Put("entry", "sealed", entry.SerializeAsString());

  std::string out;
  TarWriter tar([&out](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  SCRUTINY_CHECK_OK(tar.Add("a/file", "content"));
  SCRUTINY_CHECK_OK(tar.Add("empty", ""));
  SCRUTINY_CHECK_OK(tar.Finish());
  Put("tar", "two_members", out);
  Put("tar", "made",
      absl::StrCat(std::string("\0\x7c\1", 3), Parts({"a/file", "content"}), Parts({"empty", ""})));

  Put("export_bundle", "whole", log.Bundle());
  Put("export_bundle", "chosen", log.ChosenBundle({"actions/spab/0"}));
  // One change each: a byte of an entry, a tile, a checkpoint; a member that is left out.
  Put("export_bundle", "byte_of_entries", std::string("\1\0\0\4\0\0\x20\1", 8));
  Put("export_bundle", "byte_of_tile", std::string("\1\0\0\3\0\0\x20\1", 8));
  Put("export_bundle", "byte_of_checkpoint", std::string("\3\0\0\0\0\0\x20\1", 8));
  Put("export_bundle", "left_out", std::string("\2\0\5\5\0\0\0", 7));
  Put("export_bundle", "two_changes", std::string("\2\1\4\5\6\0\0\0\5\6\0\0", 12));

  BackupManifest manifest;
  manifest.origin = testing::kTestOrigin;
  manifest.ledger_id = std::string(16, 'L');
  manifest.size = TreeSize(12);
  manifest.created_at = 1'552'903'200;
  manifest.files = {{Sha256Of("a"), 1, "ledger/000001.sst"}, {Sha256Of(""), 0, "ledger/CURRENT"}};
  const std::string text = FormatBackupManifest(manifest);
  Put("backup_manifest", "text", text);
  Put("backup_manifest", "signed", Format(SignedNote{text, {SignNote(text, log.signer())}}));

  const std::vector<std::string> notes = {log.Checkpoint(3), log.Checkpoint(7), log.Checkpoint(12)};
  std::string frames;
  for (const std::string& note : notes) {
    AppendBigEndian(static_cast<uint32_t>(note.size()), &frames);
    frames += note;
    frames.append(AsBytes(Sha256Of(note)).data(), 8);
  }
  Put("checkpoint_log", "three", frames);
  Put("checkpoint_log", "torn", frames.substr(0, frames.size() - 20));
  Put("checkpoint_log", "damage", absl::StrCat(std::string("\0\x02\1", 3), Parts(notes)));
  Put("checkpoint_log", "cut", absl::StrCat(std::string("\1\x02\0", 3), Parts(notes)));
}

class Counting : public RandomSource {
 public:
  void Fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes) byte = ++last_;
  }

 private:
  uint8_t last_ = 0;
};

// The key of a keys file as keys_file_fuzz.cc has it, and its body as bytes.
void PutKeysFile() {
  KeysContent content;
  content.first_epoch = 1;
  for (const uint8_t id : {uint8_t{1}, uint8_t{2}}) {
    auto row = std::make_shared<KeyRow>();
    row->id.fill(id);
    row->subject = absl::StrCat("persons/", id);
    row->created_at_us = 1'552'903'200'000'000;
    row->key = Secret(std::string(kAeadKeyBytes, 'K'));
    content.keys.push_back(std::move(row));
  }
  Tombstone tombstone;
  tombstone.id.fill(3);
  tombstone.subject = "persons/3";
  content.tombstones.push_back(tombstone);
  PendingErasure pending;
  pending.erasure_id.fill(4);
  pending.request = {"persons/3", "asked for", "the office", "request-1", "local"};
  pending.key_ids.push_back(tombstone.id);
  content.pending.push_back(pending);

  const KeysHeader header{std::string(16, 'L'), 3, std::string(kWrappedKeyBytes, 'w')};
  const Secret key(std::string(kAeadKeyBytes, 'k'));
  Counting random;
  const std::string file = EncodeKeysFile(header, key, content, random);
  Put("keys_file", "file", file);
  const size_t front =
      KeysFileContext(header.ledger_id, header.epoch).size() + 2 + header.wrapped_file_key.size();
  const absl::StatusOr<Secret> body =
      AeadOpen(key.view(), file.substr(0, front), file.substr(front), "The seed");
  SCRUTINY_CHECK_OK(body.status());
  Put("keys_file", "body", body->view());
}

void PutSeals() {
  SealId id;
  id.fill(0x44);
  const SealedPayload made = SealPayloadWith(
      "hdr", "alice@example.com", Secret(std::string(kAeadKeyBytes, '\x11')),
      std::string(kAeadNonceBytes, '\x22'), std::string(kSealSaltBytes, '\x33'), id);
  Put("seal_open", "vector", made.sealed);
  std::string plain(kSealSaltBytes, '\x33');
  AppendBigEndian(uint32_t{17}, &plain);
  plain += "alice@example.com";
  plain.resize(64);
  Put("seal_open", "plain", plain);
  event::v1::Seal seal;
  seal.set_field_path("finding_recorded.personal_detail");
  seal.set_seal_id(std::string(AsBytes(id)));
  seal.set_commitment(std::string(AsBytes(made.commitment)));
  seal.set_ciphertext_sha256(std::string(AsBytes(Sha256Of(made.sealed))));
  seal.set_ciphertext_bytes(static_cast<uint32_t>(made.sealed.size()));
  Put("seal_open", "described", seal.SerializeAsString());

  SealRow row;
  row.key_id.fill(5);
  row.subject = "persons/1";
  row.wrapped_key = std::string(kWrappedKeyBytes, 'w');
  row.sealed = made.sealed;
  Put("seal_row", "row", EncodeSealRow(row));
  Put("seal_row", "made",
      absl::StrCat(std::string("\0\x20\1", 3), std::string(16, 'i'), row.wrapped_key,
                   Parts({row.subject}), row.sealed));

  const std::string path = "finding_recorded.personal_detail";
  event::v1::Proposed proposed = Finding();
  event::v1::Proposed alone;
  alone.mutable_finding_recorded()->set_personal_detail("Another detail.");
  event::v1::Proposed without = proposed;
  without.mutable_finding_recorded()->clear_personal_detail();
  Put("fragment", "take", Parts({path, proposed.SerializeAsString(), ""}));
  Put("fragment", "merge", Parts({path, without.SerializeAsString(), alone.SerializeAsString()}));
  event::v1::Proposed sealed;
  sealed.set_record("sealed/00112233445566778899aabbccddeeff");
  sealed.mutable_sealed_fact();
  Put("fragment", "whole", Parts({"", sealed.SerializeAsString(), proposed.SerializeAsString()}));
}

void PutWire() {
  ::scrutiny::ledger::v1::AppendRequest request;
  request.set_request_id("request-1");
  *request.add_facts()->mutable_proposed() = Finding();
  request.mutable_facts(0)->set_expected_revision(0);
  request.add_guards()->set_record("meetings/spab/2019-03-18");
  Put("append_request", "append", request.SerializeAsString());
  request.set_validate_only(true);
  Put("append_request", "validate", request.SerializeAsString());
  ::scrutiny::ledger::v1::AppendStreamRequest stream;
  *stream.mutable_append() = request;
  stream.set_stop_at_refusal(true);
  Put("append_request", "stream", stream.SerializeAsString());
  Put("check_proposed", "bytes", Finding().SerializeAsString());

  LedgerIdentity identity;
  identity.ledger_id = std::string(16, 'L');
  identity.incarnation = 1;
  Put("token", "cursor", services::EncodeToken(identity, {.next = 12}));
  Put("token", "records",
      services::EncodeToken(identity,
                            {.kind = services::TokenKind::kRecords, .after = "actions/spab/1"}));
  projections::PageToken page;
  page.ledger = identity;
  page.register_version = 1;
  page.last = Sequence(11);
  page.judged_on = Day(18'000);
  page.request = std::string(projections::kFingerprintBytes, 'f');
  page.after = "actions/spab/1";
  Put("token", "page", projections::EncodePageToken(page));

  std::string key;
  AppendRecordKey("actions/spab/1", Revision(2), &key);
  Put("index_keys", "record", key);
  key.clear();
  AppendClaimKey(std::string("a\0b", 3), Sequence(7), &key);
  Put("index_keys", "claim", key);
  key.clear();
  AppendClaimValue("actions/spab/1", Claim{"", "5a", "5A"}, &key);
  Put("index_keys", "claim_value", key);
  key.clear();
  IndexedEntry entry;
  entry.derived.corrects = Sequence(2);
  AppendHistoryValue(entry, &key);
  Put("index_keys", "history", key);
  key.clear();
  AppendRequestValue({Sequence(3), 2, Sha256Of("")}, &key);
  Put("index_keys", "request", key);
  Put("index_keys", "sealed", SealedKey({Sequence(7), 1}));
  Put("index_keys", "subject", SubjectKey("persons/1", {Sequence(7), 1}));
  Put("index_keys", "order", Parts({std::string("a\0", 2), "a\xff"}));

  Put("proof", "inclusion", std::string("\0\1\2\0\7\1\2\3", 8));
  Put("proof", "consistency", std::string("\1\1\2\0\7\2\2\3\1\4", 10));
  Put("proof", "anything", std::string("\2\5\3\3\1\2\3", 7));
  Put("proof", "large", std::string("\2\xfe\1\xfe\0\x3f", 6));
}

// The first fact of each type in the demo's papers, as text; and its line as it is imported.
void PutPapers() {
  std::set<uint32_t> seen;
  for (const auto& file : std::filesystem::recursive_directory_iterator(kPapers)) {
    if (file.path().extension() != ".jsonl") continue;
    std::ifstream in(file.path());
    tools::ImportReader reader(file.path().string(), in);
    ::scrutiny::ledger::v1::AppendRequest request;
    while (true) {
      const absl::StatusOr<bool> more = reader.Next(&request);
      SCRUTINY_CHECK_OK(more.status());
      if (!*more) break;
      for (const auto& fact : request.facts()) {
        const FactTypeInfo& type = *FindFactType(TypeOf(fact.proposed()));
        if (!seen.insert(type.type.value()).second) continue;
        std::string text;
        SCRUTINY_CHECK(google::protobuf::TextFormat::PrintToString(fact.proposed(), &text));
        Put("check_proposed", type.field, text);
      }
    }
  }
}

}  // namespace

void WriteSeeds(const std::string& where) {
  folder = where;
  PutNotes();
  PutProofs();
  PutStored();
  PutKeysFile();
  PutSeals();
  PutWire();
  PutPapers();
}

}  // namespace scrutiny::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "fuzz_seeds FOLDER, as in: fuzz_seeds tests/fuzz/corpus\n");
    return 2;
  }
  scrutiny::fuzz::WriteSeeds(argv[1]);
  return 0;
}
