// Proofs of the tree: what is made verifies; of everything else only what says the same verifies;
// and arbitrary hashes at arbitrary sizes are judged as the definition of RFC 6962 judges them,
// which is followed here recursively and not as the code under test does.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/types/optional.h"

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::ledger {
namespace {

constexpr uint64_t kEntriesMax = 600;

// A tree of so many entries, each its own number.
class Tree : public NodeReader {
 public:
  explicit Tree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) {
      range_.Append(LeafHash(std::to_string(i)), [this](uint8_t level, uint64_t, const Hash& hash) {
        if (nodes_.size() <= level) nodes_.resize(level + 1);
        nodes_[level].push_back(hash);
      });
    }
  }

  absl::StatusOr<Hash> Node(uint8_t level, uint64_t index) override {
    SCRUTINY_CHECK(level < nodes_.size() && index < nodes_[level].size())
        << "a proof asks for a node that the tree does not have";
    return nodes_[level][index];
  }

 private:
  CompactRange range_;
  std::vector<std::vector<Hash>> nodes_;
};

Tree& OneTree() {
  static auto& tree = *new Tree(kEntriesMax);
  return tree;
}

Hash RootOf(uint64_t size) {
  static auto& roots = *new std::vector<Hash>([] {
    std::vector<Hash> all{EmptyRoot()};
    CompactRange range;
    for (uint64_t i = 0; i < kEntriesMax; ++i) {
      range.Append(LeafHash(std::to_string(i)));
      all.push_back(range.Root());
    }
    return all;
  }());
  return roots[size];
}

// The largest power of two below n, which is 2 or more.
uint64_t SplitOf(uint64_t n) {
  uint64_t k = 1;
  while (k < n - k) k *= 2;
  return k;
}

using Path = std::vector<Hash>;

// The root that the path leads to, by the definition of PATH; nothing if its length is wrong.
absl::optional<Hash> RootByPath(uint64_t index, uint64_t size, const Hash& leaf,
                                absl::Span<const Hash> path) {
  if (size == 1) return path.empty() ? absl::optional<Hash>(leaf) : absl::nullopt;
  if (path.empty()) return absl::nullopt;
  const uint64_t split = SplitOf(size);
  const Hash& last = path.back();
  path.remove_suffix(1);
  const bool left = index < split;
  const absl::optional<Hash> below = left ? RootByPath(index, split, leaf, path)
                                          : RootByPath(index - split, size - split, leaf, path);
  if (!below.has_value()) return absl::nullopt;
  return left ? NodeHash(*below, last) : NodeHash(last, *below);
}

struct Roots {
  Hash old_root;
  Hash new_root;
};

// The two roots that the proof leads to, by the definition of SUBPROOF. `whole`: the old tree is
// one with the front of this one, whose root the verifier knows.
absl::optional<Roots> RootsByProof(uint64_t old_size, uint64_t size, absl::Span<const Hash> path,
                                   bool whole, const Hash& old_root) {
  if (old_size == size) {
    if (whole) return path.empty() ? absl::optional<Roots>({old_root, old_root}) : absl::nullopt;
    return path.size() == 1 ? absl::optional<Roots>({path[0], path[0]}) : absl::nullopt;
  }
  if (path.empty()) return absl::nullopt;
  const uint64_t split = SplitOf(size);
  const Hash& last = path.back();
  path.remove_suffix(1);
  if (old_size <= split) {
    const absl::optional<Roots> below = RootsByProof(old_size, split, path, whole, old_root);
    if (!below.has_value()) return absl::nullopt;
    return Roots{below->old_root, NodeHash(below->new_root, last)};
  }
  const absl::optional<Roots> below =
      RootsByProof(old_size - split, size - split, path, false, old_root);
  if (!below.has_value()) return absl::nullopt;
  return Roots{NodeHash(last, below->old_root), NodeHash(last, below->new_root)};
}

// What the input makes of a path: hashes changed, left out, doubled, added.
Path Changed(Path path, fuzz::Input* input) {
  for (uint8_t changes = input->Byte() % 4; changes > 0; --changes) {
    const uint8_t how = input->Byte();
    const size_t at = path.empty() ? 0 : input->Byte() % path.size();
    const auto place = path.begin() + static_cast<long>(at);
    if (how % 4 == 0 || path.empty()) {
      Hash hash{};
      const absl::string_view bytes = input->Take(hash.size());
      std::copy(bytes.begin(), bytes.end(), hash.begin());
      path.insert(place, hash);
    } else if (how % 4 == 1) {
      path.erase(place);
    } else if (how % 4 == 2) {
      path[at][how / 8] ^= static_cast<uint8_t>(1 << how / 4 % 8);
    } else {
      path.insert(place, Hash(path[at]));
    }
  }
  return path;
}

void CheckInclusion(fuzz::Input input) {
  const uint64_t size = 1 + input.Short() % kEntriesMax;
  const uint64_t index = input.Short() % size;
  const absl::StatusOr<Path> made = InclusionProof(OneTree(), Sequence(index), TreeSize(size));
  SCRUTINY_CHECK_OK(made.status());
  const Hash leaf = LeafHash(std::to_string(index));
  const auto verify = [&](uint64_t i, const Hash& hash, const Path& path) {
    return VerifyInclusion(Sequence(i), TreeSize(size), hash, path, RootOf(size)).ok();
  };
  SCRUTINY_CHECK(verify(index, leaf, *made));
  const Path changed = Changed(*made, &input);
  SCRUTINY_CHECK(verify(index, leaf, changed) == (changed == *made));
  const uint64_t other = input.Short() % kEntriesMax;
  SCRUTINY_CHECK(verify(other, leaf, changed) == (other == index && changed == *made));
  SCRUTINY_CHECK(verify(index, LeafHash(std::to_string(other)), changed) ==
                 (other == index && changed == *made));
}

void CheckConsistency(fuzz::Input input) {
  const uint64_t size = 2 + input.Short() % (kEntriesMax - 1);
  const uint64_t old_size = 1 + input.Short() % (size - 1);
  const absl::StatusOr<Path> made = ConsistencyProof(OneTree(), TreeSize(old_size), TreeSize(size));
  SCRUTINY_CHECK_OK(made.status());
  const auto verify = [&](uint64_t old, const Hash& old_root, const Path& path) {
    return VerifyConsistency(TreeSize(old), TreeSize(size), path, old_root, RootOf(size)).ok();
  };
  SCRUTINY_CHECK(verify(old_size, RootOf(old_size), *made));
  const Path changed = Changed(*made, &input);
  SCRUTINY_CHECK(verify(old_size, RootOf(old_size), changed) == (changed == *made));
  // A root that is not that of the old size is never proven for it.
  const uint64_t other = input.Short() % kEntriesMax;
  SCRUTINY_CHECK(other == old_size || !verify(old_size, RootOf(other), changed));
}

Path AnyPath(fuzz::Input* input) {
  Path path(input->Byte() % 70);
  for (Hash& hash : path) hash[0] = input->Byte();
  return path;
}

// Sizes up to the largest there are, and a path of any hashes, under the root it leads to.
void CheckAnything(fuzz::Input input) {
  const uint64_t size = input.AnySize();
  const uint64_t index = input.AnySize();
  const Path path = AnyPath(&input);
  const Hash leaf = LeafHash("x");
  const bool possible = size <= kTreeSizeMax.value();
  const absl::optional<Hash> root =
      possible && index < size ? RootByPath(index, size, leaf, path) : absl::nullopt;
  SCRUTINY_CHECK(
      VerifyInclusion(Sequence(index), TreeSize(size), leaf, path, root.value_or(leaf)).ok() ==
      root.has_value());

  const uint64_t old_size = index;
  const absl::optional<Roots> roots = possible && old_size <= size && old_size > 0
                                          ? RootsByProof(old_size, size, path, true, leaf)
                                          : absl::nullopt;
  // The definition takes the old root as given; it is a claim that must come out again.
  const Hash old_root = roots.has_value() ? roots->old_root : leaf;
  const Hash new_root = roots.has_value() ? roots->new_root : leaf;
  const absl::Status verified =
      VerifyConsistency(TreeSize(old_size), TreeSize(size), path, old_root, new_root);
  if (roots.has_value()) {
    SCRUTINY_CHECK_OK(verified);
  } else {
    SCRUTINY_CHECK(!verified.ok() || (old_size == size && path.empty()));
  }
}

}  // namespace
}  // namespace scrutiny::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  scrutiny::fuzz::Input input(data, size);
  switch (input.Byte() % 3) {
    case 0:
      scrutiny::ledger::CheckInclusion(input);
      break;
    case 1:
      scrutiny::ledger::CheckConsistency(input);
      break;
    default:
      scrutiny::ledger::CheckAnything(input);
  }
  return 0;
}
