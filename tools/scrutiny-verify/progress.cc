#include "tools/scrutiny-verify/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "tools/scrutiny-verify/verdict.h"

namespace scrutiny::tools::verify {

ProgressBar::ProgressBar(std::ostream& out, bool terminal, std::string what)
    : out_(out), terminal_(terminal), what_(std::move(what)) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Show(uint64_t done, uint64_t total) {
  constexpr int kWidth = 30;
  if (!terminal_ || absl::Now() < next_) return;
  next_ = absl::Now() + absl::Milliseconds(100);
  const double share = total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  out_ << "\r\x1b[2K"
       << absl::StrFormat("%s  [%s%s] %3d %%  %s of %s", what_, std::string(filled, '#'),
                          std::string(kWidth - filled, '.'), static_cast<int>(share * 100),
                          WithCommas(done), WithCommas(total))
       << std::flush;
  drawn_ = true;
}

void ProgressBar::Clear() {
  if (drawn_) out_ << "\r\x1b[2K" << std::flush;
  drawn_ = false;
}

}  // namespace scrutiny::tools::verify
