#include "tools/scrutinyd/port_file.h"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace scrutiny::tools {

absl::Status PortFile::Write(const std::string& path, const std::string& grpc_address,
                             const std::string& http_address) {
  const std::string beside = absl::StrCat(path, ".", getpid(), ".new");
  {
    std::ofstream out(beside, std::ios::trunc);
    out << "grpc=" << grpc_address;
    if (!http_address.empty()) out << " http=" << http_address;
    out << "\n";
    out.flush();
    if (!out) {
      return absl::UnavailableError(absl::StrCat("Cannot write the port file ", path, "."));
    }
  }
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("Cannot write the port file ", path, ": ", error.message(), "."));
  }
  written_ = path;
  return absl::OkStatus();
}

PortFile::~PortFile() {
  std::error_code ignored;
  if (!written_.empty()) std::filesystem::remove(written_, ignored);
}

}  // namespace scrutiny::tools
