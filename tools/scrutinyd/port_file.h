// tools/scrutinyd/port_file.h
// The file that says where the server listens: there only while it serves, and never half-written.
//
// Threads:  confined to one thread.
// Errors:   UNAVAILABLE with what the system said.
// Format:   one line, `grpc=127.0.0.1:7443 http=127.0.0.1:8080`; without HTTP, the first alone.
// Tests:    tests/tools/scrutinyd/scrutinyd_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINYD_PORT_FILE_H_
#define SCRUTINY_TOOLS_SCRUTINYD_PORT_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace scrutiny::tools {

class PortFile {
 public:
  PortFile() = default;
  // Removes the file.
  ~PortFile();
  PortFile(const PortFile&) = delete;
  PortFile& operator=(const PortFile&) = delete;

  absl::Status Write(const std::string& path, const std::string& grpc_address,
                     const std::string& http_address);

 private:
  std::string written_;
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINYD_PORT_FILE_H_
