// tests/ledger/merkle/vectors.h
// The known trees that the tests of this room share, and the simplest possible tree to compare
// with.
#ifndef SCRUTINY_TESTS_LEDGER_MERKLE_VECTORS_H_
#define SCRUTINY_TESTS_LEDGER_MERKLE_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile.h"
#include "ledger/merkle/tile_nodes.h"
#include "ledger/merkle/tree_hash.h"

namespace scrutiny::ledger {

inline Hash HashFromHex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  Hash hash{};
  for (size_t i = 0; i < hash.size() && i < bytes.size(); ++i) {
    hash[i] = static_cast<uint8_t>(bytes[i]);
  }
  return hash;
}

// The eight leaf inputs that RFC 6962's own implementation is tested with.
inline std::vector<Hash> Rfc6962Leaves() {
  std::vector<Hash> leaves;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(LeafHash(absl::HexStringToBytes(hex)));
  }
  return leaves;
}

// The roots of their first 0 to 8.
inline const std::vector<Hash>& Rfc6962Roots() {
  static const auto& roots = *new std::vector<Hash>{
      HashFromHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      HashFromHex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
      HashFromHex("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
      HashFromHex("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
      HashFromHex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
      HashFromHex("4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
      HashFromHex("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
      HashFromHex("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
      HashFromHex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
  };
  return roots;
}

// Leaves of the entries "record 0", "record 1", ...
inline std::vector<Hash> RecordLeaves(size_t count) {
  std::vector<Hash> leaves;
  leaves.reserve(count);
  for (size_t i = 0; i < count; ++i) leaves.push_back(LeafHash(absl::StrCat("record ", i)));
  return leaves;
}

// Roots of the trees of those entries, as an implementation that shares nothing with ours found.
inline std::vector<std::pair<uint64_t, Hash>> RecordRoots() {
  return {
      {1, HashFromHex("3b367d6db7bc51726d918b18e9a79e0fce53f867fbe38671f609e6bb59d46035")},
      {255, HashFromHex("12d20e0393b2b10464b55a5269dd066f0b836ea9512a34f13e3ad5c72575f43b")},
      {256, HashFromHex("dc9349f9787ed0086da6d97f679c51a5198f98e456e95b1d87fa3abc012fec31")},
      {257, HashFromHex("7bc95338d9eb756fddd6fcde386a6cd7692116c13bf5abef15dfb7e5358e68ae")},
      {300, HashFromHex("830df5c90aea65909c10e3ebcd7f9ba72de727a4209e04ca9fc1b59b48badae5")},
      {70000, HashFromHex("db95a5c3802aae796452d22b34d53e749c9bc06fbe9ad229954d80d8eaa3ee16")},
  };
}

// --- The definitions of RFC 6962 §2.1, word for word: slow, and without a line in common with
// what is tested.

inline uint64_t LargestPowerBelow(uint64_t n) {
  uint64_t power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

// MTH(D[n]).
inline Hash DefinedRoot(absl::Span<const Hash> leaves) {
  if (leaves.empty()) return Sha256Of("");
  if (leaves.size() == 1) return leaves[0];
  const uint64_t k = LargestPowerBelow(leaves.size());
  return NodeHash(DefinedRoot(leaves.subspan(0, k)), DefinedRoot(leaves.subspan(k)));
}

// PATH(m, D[n]).
inline std::vector<Hash> DefinedPath(uint64_t m, absl::Span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const uint64_t k = LargestPowerBelow(leaves.size());
  std::vector<Hash> path;
  if (m < k) {
    path = DefinedPath(m, leaves.subspan(0, k));
    path.push_back(DefinedRoot(leaves.subspan(k)));
  } else {
    path = DefinedPath(m - k, leaves.subspan(k));
    path.push_back(DefinedRoot(leaves.subspan(0, k)));
  }
  return path;
}

// SUBPROOF(m, D[n], b); PROOF(m, D[n]) is that with b true.
inline std::vector<Hash> DefinedProof(uint64_t m, absl::Span<const Hash> leaves, bool b = true) {
  if (m == leaves.size()) return b ? std::vector<Hash>{} : std::vector<Hash>{DefinedRoot(leaves)};
  const uint64_t k = LargestPowerBelow(leaves.size());
  std::vector<Hash> path;
  if (m <= k) {
    path = DefinedProof(m, leaves.subspan(0, k), b);
    path.push_back(DefinedRoot(leaves.subspan(k)));
  } else {
    path = DefinedProof(m - k, leaves.subspan(k), false);
    path.push_back(DefinedRoot(leaves.subspan(0, k)));
  }
  return path;
}

// --- Sources of nodes and tiles out of leaves.

// Every node of every perfect subtree over the leaves, by level.
class MemoryNodes : public NodeReader {
 public:
  explicit MemoryNodes(std::vector<Hash> leaves) {
    levels_.push_back(std::move(leaves));
    while (levels_.back().size() > 1) {
      const std::vector<Hash>& below = levels_.back();
      std::vector<Hash> level(below.size() / 2);
      for (size_t i = 0; i < level.size(); ++i) {
        level[i] = NodeHash(below[2 * i], below[2 * i + 1]);
      }
      levels_.push_back(std::move(level));
    }
  }

  absl::StatusOr<Hash> Node(uint8_t level, uint64_t index) override {
    ++reads_;
    if (level >= levels_.size() || index >= levels_[level].size()) {
      return Error(Reason::kBeyondHead, "No such node in this test's tree.");
    }
    return levels_[level][index];
  }

  // How many nodes were asked for.
  size_t reads() const { return reads_; }
  const std::vector<Hash>& level(size_t level) const { return levels_[level]; }
  size_t levels() const { return levels_.size(); }

 private:
  std::vector<std::vector<Hash>> levels_;
  size_t reads_ = 0;
};

// Tiles cut out of a MemoryNodes, each reading noted.
class MemoryTiles : public TileSource {
 public:
  explicit MemoryTiles(const MemoryNodes& nodes) : nodes_(nodes) {}

  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override {
    asked_.push_back({false, id, width});
    const size_t level = size_t{id.level} * kTileHeight;
    if (level >= nodes_.levels()) return Error(Reason::kNotFound, "No such tile.");
    const std::vector<Hash>& hashes = nodes_.level(level);
    const size_t begin = id.index * kTileWidth;
    if (begin + width > hashes.size()) return Error(Reason::kNotFound, "No such tile.");
    return std::vector<Hash>(hashes.begin() + static_cast<std::ptrdiff_t>(begin),
                             hashes.begin() + static_cast<std::ptrdiff_t>(begin + width));
  }

  std::vector<TileRequest>& asked() { return asked_; }

 private:
  const MemoryNodes& nodes_;
  std::vector<TileRequest> asked_;
};

// A tree all of whose leaves are alike, so that a node depends on its level alone: a true tree of
// any size, up to the largest, in no space.
class UniformNodes : public NodeReader {
 public:
  UniformNodes() {
    levels_.push_back(LeafHash("alike"));
    while (levels_.size() < 63) levels_.push_back(NodeHash(levels_.back(), levels_.back()));
  }

  absl::StatusOr<Hash> Node(uint8_t level, uint64_t /*index*/) override {
    ++reads_;
    return levels_.at(level);
  }

  const Hash& leaf() const { return levels_[0]; }
  const Hash& At(size_t level) const { return levels_.at(level); }
  size_t reads() const { return reads_; }

 private:
  std::vector<Hash> levels_;
  size_t reads_ = 0;
};

// Its tiles, each reading noted.
class UniformTiles : public TileSource {
 public:
  absl::StatusOr<std::vector<Hash>> Tile(TileId id, uint32_t width) override {
    asked_.push_back({false, id, width});
    return std::vector<Hash>(width, nodes_.At(size_t{id.level} * kTileHeight));
  }

  std::vector<TileRequest>& asked() { return asked_; }

 private:
  UniformNodes nodes_;
  std::vector<TileRequest> asked_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_TESTS_LEDGER_MERKLE_VECTORS_H_
