// What a log sends a witness: one form each, and no proof in it that proves what is not so.
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/witness_request.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ledger/note/support.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scrutiny::ledger;  // NOLINT: a target is one function
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  const absl::StatusOr<AddCheckpoint> request = ParseAddCheckpoint(bytes);
  if (!request.ok()) {
    scrutiny::fuzz::CheckRefusal(request.status());
    return 0;
  }
  SCRUTINY_CHECK(Format(*request) == bytes);
  SCRUTINY_CHECK(request->proof.size() <= kConsistencyHashesMax);
  const absl::StatusOr<SignedNote> note = ParseNote(request->checkpoint);
  SCRUTINY_CHECK_OK(note.status());
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(note->text);
  SCRUTINY_CHECK_OK(checkpoint.status());

  // No tree of any size began with a root that nobody hashed.
  const Hash forged{};
  const absl::Status verified = VerifyConsistency(request->old_size, checkpoint->size,
                                                  request->proof, forged, checkpoint->root);
  SCRUTINY_CHECK(!verified.ok() ||
                 (request->old_size == checkpoint->size && checkpoint->root == forged));
  // The tree of the entries one to five begins with those of two of them, and of none other.
  if (note->text != kLogText) return 0;
  const Hash two = NodeHash(LeafHash("one"), LeafHash("two"));
  if (VerifyConsistency(request->old_size, checkpoint->size, request->proof, two, checkpoint->root)
          .ok()) {
    SCRUTINY_CHECK(request->old_size.value() == 2 && request->proof.size() == 2);
  }
  return 0;
}
