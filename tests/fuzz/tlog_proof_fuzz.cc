// Proof files: one form each, and none proves what is not so.
#include <string>

#include "ledger/merkle/proof.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  const absl::StatusOr<TlogProof> proof = ParseTlogProof(bytes);
  if (!proof.ok()) {
    scrutiny::fuzz::CheckRefusal(proof.status());
    return 0;
  }
  SCRUTINY_CHECK(Format(*proof) == bytes);
  SCRUTINY_CHECK(proof->path.size() <= kInclusionHashesMax);
  // What parsed holds a well-formed signed checkpoint.
  const absl::StatusOr<SignedNote> note = ParseNote(proof->checkpoint);
  SCRUTINY_CHECK_OK(note.status());
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(note->text);
  SCRUTINY_CHECK_OK(checkpoint.status());

  // Under the checkpoint of the five entries one to five, only they are proven, each at its place.
  if (note->text != kLogText) return 0;
  constexpr absl::string_view kEntries[] = {"one", "two", "three", "four", "five"};
  for (size_t i = 0; i < std::size(kEntries); ++i) {
    const absl::Status verified = VerifyInclusion(
        proof->index, checkpoint->size, LeafHash(kEntries[i]), proof->path, checkpoint->root);
    SCRUTINY_CHECK(!verified.ok() || proof->index.value() == i);
  }
  SCRUTINY_CHECK(!VerifyInclusion(proof->index, checkpoint->size, LeafHash("six"), proof->path,
                                  checkpoint->root)
                      .ok());
  return 0;
}
