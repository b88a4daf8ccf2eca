// tests/ledger/checkpoint/files.h
// Hands on files, as a disk or somebody else would change them.
#ifndef SCRUTINY_TESTS_LEDGER_CHECKPOINT_FILES_H_
#define SCRUTINY_TESTS_LEDGER_CHECKPOINT_FILES_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace scrutiny::testing {

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Writes over the file's own bytes: whoever has it open sees them.
inline void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Every regular file below the folder, by its path from there.
inline std::map<std::string, std::string> FilesBelow(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[entry.path().lexically_relative(folder).string()] = ReadFile(entry.path().string());
  }
  return files;
}

inline void CopyFolder(const std::string& from, const std::string& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

// Puts a copy in the folder's place.
inline void ReplaceFolder(const std::string& folder, const std::string& with) {
  std::filesystem::remove_all(folder);
  CopyFolder(with, folder);
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_CHECKPOINT_FILES_H_
