// scrutiny-bench: measures a scrutiny server over gRPC. Exit: 0 measured, 1 failed, 2 wrong usage.
#include <exception>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include "tools/scrutiny-bench/runner.h"

namespace {

using scrutiny::bench::Report;
using scrutiny::bench::Settings;

int Fail(const absl::Status& status) {
  std::cerr << "scrutiny-bench: " << std::string(status.message()) << std::endl;
  return 1;
}

int Run(int argc, char** argv) {
  absl::optional<int> exit;
  const Settings settings = scrutiny::bench::ReadSettings(argc, argv, &exit);
  if (exit.has_value()) return *exit;
  const absl::StatusOr<Report> report = scrutiny::bench::RunAll(settings);
  if (!report.ok()) return Fail(report.status());
  std::cout << scrutiny::bench::InWords(*report) << std::flush;
  if (!settings.json.empty()) {
    const absl::Status written = scrutiny::bench::WriteJson(*report, settings.json);
    if (!written.ok()) return Fail(written);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "scrutiny-bench: " << error.what() << std::endl;
    return 1;
  }
}
