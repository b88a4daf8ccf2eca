// Goal: each thing has one written form. Method: whatever is written is read back as it was, and
// whatever a changed text is read as, is written as that text again, byte for byte.
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/note/base64.h"
#include "tests/ledger/note/generators.h"

namespace scrutiny::ledger {
namespace {

template <typename T, typename Parse>
void IsReadBack(const T& value, Parse parse) {
  const absl::StatusOr<T> read = parse(Format(value));
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == value);
}

template <typename Parse>
void IsRefusedOrWrittenBack(const std::string& bytes, Parse parse) {
  const auto read = parse(bytes);
  RC_CLASSIFY(read.ok(), "still well formed");
  if (read.ok()) RC_ASSERT(Format(*read) == bytes);
}

RC_GTEST_PROP(NoteRoundTripTest, Base64IsReadBack, (const std::string& bytes)) {
  RC_ASSERT(DecodeBase64(EncodeBase64(bytes)) == bytes);
}

RC_GTEST_PROP(NoteRoundTripTest, Base64HasOneForm, (const std::string& bytes)) {
  const std::string text = AnyChange(EncodeBase64(bytes));
  const absl::optional<std::string> read = DecodeBase64(text);
  if (read) RC_ASSERT(EncodeBase64(*read) == text);
}

RC_GTEST_PROP(NoteRoundTripTest, NotesAreReadBack, ()) { IsReadBack(AnyNote(), ParseNote); }

RC_GTEST_PROP(NoteRoundTripTest, NotesHaveOneForm, ()) {
  IsRefusedOrWrittenBack(AnyChange(Format(AnyNote())), ParseNote);
}

RC_GTEST_PROP(NoteRoundTripTest, SignatureLinesAreReadBack, ()) {
  const std::vector<NoteSignature> signatures = AnySignatures();
  std::string lines;
  for (const NoteSignature& signature : signatures) lines += Format(signature);
  const absl::StatusOr<std::vector<NoteSignature>> read = ParseSignatureLines(lines);
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == signatures);
}

RC_GTEST_PROP(NoteRoundTripTest, CheckpointsAreReadBack, ()) {
  IsReadBack(AnyCheckpoint(), ParseCheckpoint);
}

RC_GTEST_PROP(NoteRoundTripTest, CheckpointsHaveOneForm, ()) {
  IsRefusedOrWrittenBack(AnyChange(Format(AnyCheckpoint())), ParseCheckpoint);
}

RC_GTEST_PROP(NoteRoundTripTest, ProofsAreReadBack, ()) { IsReadBack(AnyProof(), ParseTlogProof); }

RC_GTEST_PROP(NoteRoundTripTest, ProofsHaveOneForm, ()) {
  IsRefusedOrWrittenBack(AnyChange(Format(AnyProof())), ParseTlogProof);
}

RC_GTEST_PROP(NoteRoundTripTest, RequestsAreReadBack, ()) {
  IsReadBack(AnyRequest(), ParseAddCheckpoint);
}

RC_GTEST_PROP(NoteRoundTripTest, RequestsHaveOneForm, ()) {
  IsRefusedOrWrittenBack(AnyChange(Format(AnyRequest())), ParseAddCheckpoint);
}

RC_GTEST_PROP(NoteRoundTripTest, KeysAreReadBack, ()) {
  const KeyType type = *rc::gen::element(KeyType::kEd25519, KeyType::kCosignature);
  const Signer signer = SignerOf(AnyKeyName(), type, AnyBytes(32, 32));
  const absl::StatusOr<VerifierKey> key = ParseVerifierKey(ToString(signer.verifier()));
  RC_ASSERT(key.ok());
  RC_ASSERT(*key == signer.verifier());
  const absl::StatusOr<Signer> read = ParseSigner(ToString(signer));
  RC_ASSERT(read.ok());
  RC_ASSERT(read->verifier() == signer.verifier());
  RC_ASSERT(read->key().seed() == signer.key().seed());
}

RC_GTEST_PROP(NoteRoundTripTest, KeysHaveOneForm, ()) {
  const Signer signer = SignerOf(AnyKeyName(), KeyType::kEd25519, AnyBytes(32, 32));
  const std::string text = AnyChange(ToString(signer.verifier()));
  const absl::StatusOr<VerifierKey> key = ParseVerifierKey(text);
  if (key.ok()) RC_ASSERT(ToString(*key) == text);
  const std::string secret = AnyChange(ToString(signer));
  const absl::StatusOr<Signer> read = ParseSigner(secret);
  if (read.ok()) RC_ASSERT(ToString(*read) == secret);
}

// Bytes of no form at all never harm a reader.
RC_GTEST_PROP(NoteRoundTripTest, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  IsRefusedOrWrittenBack(bytes, ParseNote);
  IsRefusedOrWrittenBack(bytes, ParseCheckpoint);
  IsRefusedOrWrittenBack(bytes, ParseTlogProof);
  IsRefusedOrWrittenBack(bytes, ParseAddCheckpoint);
  RC_ASSERT(!ParseVerifierKey(bytes).ok());
  RC_ASSERT(!ParseSigner(bytes).ok());
}

}  // namespace
}  // namespace scrutiny::ledger
