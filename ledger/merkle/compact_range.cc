#include "ledger/merkle/compact_range.h"

#include <bit>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"

namespace scrutiny::ledger {

absl::StatusOr<CompactRange> CompactRange::FromParts(TreeSize size, std::vector<Hash> roots) {
  SCRUTINY_RETURN_IF_ERROR(CheckTreeSize(size));
  const auto expected = static_cast<size_t>(std::popcount(size.value()));
  if (roots.size() != expected) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The right edge of a tree of ", size.value(), " entries has ",
                              expected, " hashes, but ", roots.size(), " were found."))
        .Value(absl::StrCat(roots.size()))
        .Next("Do not append to it. Make the right edge again from the entries.");
  }
  CompactRange range;
  range.size_ = size.value();
  range.roots_ = std::move(roots);
  return range;
}

void CompactRange::Append(const Hash& leaf) {
  Append(leaf, [](uint8_t, uint64_t, const Hash&) {});
}

Hash CompactRange::Root() const {
  if (roots_.empty()) return EmptyRoot();
  Hash root = roots_.back();
  for (size_t i = roots_.size() - 1; i-- > 0;) root = NodeHash(roots_[i], root);
  return root;
}

}  // namespace scrutiny::ledger
