#include "ledger/base/paths.h"

#include <filesystem>
#include <system_error>

namespace scrutiny::ledger {

namespace fs = std::filesystem;

namespace {

// The one name of a folder, be it there already or not.
fs::path OneName(const std::string& folder) {
  std::error_code ignored;
  const fs::path name = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  return name.has_filename() ? name : name.parent_path();
}

}  // namespace

bool IsWithin(const std::string& folder, const std::string& other) {
  const fs::path outer = OneName(other);
  for (fs::path above = OneName(folder); above.has_relative_path(); above = above.parent_path()) {
    if (above == outer) return true;
  }
  return false;
}

}  // namespace scrutiny::ledger
