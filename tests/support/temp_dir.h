// tests/support/temp_dir.h
// A folder of its own for a test, removed with everything in it at the end.
#ifndef SCRUTINY_TESTS_SUPPORT_TEMP_DIR_H_
#define SCRUTINY_TESTS_SUPPORT_TEMP_DIR_H_

#include <filesystem>
#include <stdlib.h>
#include <string>
#include <system_error>

#include "ledger/base/status.h"

namespace scrutiny::testing {

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "scrutiny-XXXXXX").string();
    SCRUTINY_CHECK(mkdtemp(pattern.data()) != nullptr) << pattern;
    path_ = pattern;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_SUPPORT_TEMP_DIR_H_
