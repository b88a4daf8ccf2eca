#include "tools/support/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace scrutiny::tools {

std::string ProgressLine(absl::string_view what, double share, absl::string_view detail) {
  constexpr int kWidth = 30;
  if (share < 0) return absl::StrCat(what, "  ", detail);
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  return absl::StrFormat("%s  [%s%s] %3d %%  %s", what, std::string(filled, '#'),
                         std::string(kWidth - filled, '.'),
                         static_cast<int>(std::clamp(share, 0.0, 1.0) * 100), detail);
}

Progress::Progress(std::ostream& out, bool terminal, std::string what)
    : out_(out), terminal_(terminal), what_(std::move(what)) {}

Progress::~Progress() { Clear(); }

void Progress::Show(uint64_t done, uint64_t total, absl::string_view detail) {
  if (!terminal_ || absl::Now() < next_) return;
  next_ = absl::Now() + absl::Milliseconds(100);
  const double share = total == 0 ? -1 : static_cast<double>(done) / static_cast<double>(total);
  out_ << "\r\x1b[2K" << ProgressLine(what_, share, detail) << std::flush;
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) out_ << "\r\x1b[2K" << std::flush;
  drawn_ = false;
}

}  // namespace scrutiny::tools
