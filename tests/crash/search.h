// tests/crash/search.h
// Looks through every file of a folder for what must not be there: a text, or a ciphertext of which
// only its hash is known.
#ifndef SCRUTINY_TESTS_CRASH_SEARCH_H_
#define SCRUTINY_TESTS_CRASH_SEARCH_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/string_view.h"

#include "ledger/format/hash.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::crash {

// Visits the bytes of each file at or below the path; one that goes away meanwhile is passed over.
template <typename Visit>
void ForEachFile(const std::string& path, Visit visit) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_regular_file(path, error)) files.push_back(path);
  if (fs::is_directory(path, error)) {
    for (const auto& file : fs::recursive_directory_iterator(path, error)) {
      if (file.is_regular_file(error)) files.push_back(file.path());
    }
  }
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    visit(file.string(), absl::string_view(bytes));
  }
}

// The files in which a text stands.
inline std::set<std::string> FilesWith(const std::string& path, absl::string_view text) {
  std::set<std::string> found;
  ForEachFile(path, [&](const std::string& file, absl::string_view bytes) {
    if (bytes.find(text) != absl::string_view::npos) found.insert(file);
  });
  return found;
}

// Ciphertexts by what an entry says of them: length, then hash.
using Ciphertexts = std::map<size_t, std::set<ledger::Hash>>;

inline void AddSeals(const event::v1::Entry& entry, Ciphertexts* sealed) {
  for (const event::v1::Seal& seal : entry.seals()) {
    ledger::Hash hash{};
    if (seal.ciphertext_sha256().size() != hash.size()) continue;
    std::copy(seal.ciphertext_sha256().begin(), seal.ciphertext_sha256().end(), hash.begin());
    (*sealed)[seal.ciphertext_bytes()].insert(hash);
  }
}

// How many of the ciphertexts stand somewhere in a file: every run of bytes of the right length is
// hashed. Stores do not compress, so a ciphertext is in one piece.
inline size_t CountCiphertexts(const std::string& path, const Ciphertexts& sealed) {
  std::set<ledger::Hash> found;
  ForEachFile(path, [&](const std::string&, absl::string_view bytes) {
    for (const auto& [length, hashes] : sealed) {
      for (size_t at = 0; at + length <= bytes.size(); ++at) {
        const ledger::Hash hash = ledger::Sha256Of(bytes.substr(at, length));
        if (hashes.count(hash) > 0) found.insert(hash);
      }
    }
  });
  return found.size();
}

}  // namespace scrutiny::crash

#endif  // SCRUTINY_TESTS_CRASH_SEARCH_H_
