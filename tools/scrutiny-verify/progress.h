// tools/scrutiny-verify/progress.h
// A progress bar for long checks, on a terminal only.
//
// Threads:  confined to one thread.
// Tests:    tests/tools/scrutiny-verify/verdict_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_PROGRESS_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"

namespace scrutiny::tools::verify {

class ProgressBar {
 public:
  // Draws on `out`, which must outlive it, if `terminal`.
  ProgressBar(std::ostream& out, bool terminal, std::string what);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws at most ten times a second.
  void Show(uint64_t done, uint64_t total);
  // Takes the bar away, so that something else can be printed.
  void Clear();

 private:
  std::ostream& out_;
  const bool terminal_;
  const std::string what_;
  bool drawn_ = false;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_PROGRESS_H_
