// tools/support/progress.h
// A progress bar for long work, on a terminal only.
//
// Threads:  confined to one thread.
// Tests:    tests/tools/support/progress_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_PROGRESS_H_
#define SCRUTINY_TOOLS_SUPPORT_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace scrutiny::tools {

// The bar as a line of text: `Importing  [####......]  42 %  1,204 entries`.
std::string ProgressLine(absl::string_view what, double share, absl::string_view detail);

class Progress {
 public:
  // Draws on `out`, which must outlive it, if `terminal`.
  Progress(std::ostream& out, bool terminal, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: not known. Draws at most ten times a second.
  void Show(uint64_t done, uint64_t total, absl::string_view detail);
  // Takes the bar away, so that something else can be printed.
  void Clear();

 private:
  std::ostream& out_;
  const bool terminal_;
  const std::string what_;
  bool drawn_ = false;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_PROGRESS_H_
