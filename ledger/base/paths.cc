#include "ledger/base/paths.h"

#include <filesystem>
#include <system_error>

namespace scrutiny::ledger {

namespace fs = std::filesystem;

bool IsWithin(const std::string& folder, const std::string& other) {
  std::error_code ignored;
  const fs::path outer = fs::weakly_canonical(other, ignored);
  for (fs::path above = fs::weakly_canonical(folder, ignored); above.has_relative_path();
       above = above.parent_path()) {
    if (above == outer) return true;
  }
  return false;
}

}  // namespace scrutiny::ledger
