// tools/scrutiny-verify/flags.h
// Flags that several commands share: whom to believe, and where a log lies.
//
// Threads:  values.
// Errors:   usage errors, with what to give instead.
// Tests:    tests/tools/scrutiny-verify/commands_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_FLAGS_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_FLAGS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "ledger/verify/bundle_log.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/signed_checkpoint.h"

namespace CLI {
class App;
}  // namespace CLI

namespace scrutiny::tools::verify {

struct TrustFlags {
  std::vector<std::string> vkeys;
  std::vector<std::string> witnesses;
  int64_t witnesses_required = 0;

  // --vkey, --witness, --witnesses-required.
  void AddTo(CLI::App* app);
  absl::StatusOr<ledger::Trust> Read() const;
};

// A log that can be read, wherever it lies.
struct Source {
  std::unique_ptr<ledger::LogReader> log;
  // The same, where it is an export in one file.
  ledger::BundleLog* bundle = nullptr;
  // Threads that reading is worth: an address answers slowly and many at once.
  int threads = 0;
};

// `where`: an address, a folder or an export.
absl::StatusOr<Source> OpenSource(const std::string& where);

// A small file named on the command line.
absl::StatusOr<std::string> ReadGivenFile(const std::string& path, size_t bytes_max);

// A usage error where there is no such folder.
absl::Status CheckFolderIsThere(const std::string& path);

// What --help says of a log's place.
inline constexpr char kSourceHelp[] =
    "where the log lies: an address (http://127.0.0.1:8080/log), a folder, or an export (.tar)";

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_FLAGS_H_
