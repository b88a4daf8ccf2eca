#include "ledger/merkle/tree_hash.h"

#include <cstring>

#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "ledger/base/error.h"

namespace scrutiny::ledger {

Hash NodeHash(const Hash& left, const Hash& right) {
  // In one piece: a second or third call into OpenSSL costs more than copying 64 bytes.
  char bytes[1 + sizeof(Hash) + sizeof(Hash)];
  bytes[0] = '\x01';
  std::memcpy(bytes + 1, left.data(), left.size());
  std::memcpy(bytes + 1 + left.size(), right.data(), right.size());
  return Sha256Of(absl::string_view(bytes, sizeof(bytes)));
}

Hash EmptyRoot() { return Sha256Of(absl::string_view()); }

absl::Status CheckTreeSize(TreeSize size) {
  if (ABSL_PREDICT_TRUE(size <= kTreeSizeMax)) return absl::OkStatus();
  return Error(Reason::kOverLimit, absl::StrCat("A tree of ", size.value(),
                                                " entries is larger than any ledger can be."))
      .Value(absl::StrCat(size.value()))
      .Next("Check where the size comes from; the largest possible is 2^63 - 1.");
}

}  // namespace scrutiny::ledger
