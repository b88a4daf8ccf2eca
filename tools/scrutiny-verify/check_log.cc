#include "tools/scrutiny-verify/check_log.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/verify/verify_bundle.h"
#include "tools/scrutiny-verify/flags.h"
#include "tools/scrutiny-verify/progress.h"

namespace scrutiny::tools::verify {

absl::StatusOr<ledger::LogReport> VerifySource(const std::string& where,
                                               ledger::VerifyOptions options,
                                               const Console& console) {
  SCRUTINY_ASSIGN_OR_RETURN(const Source source, OpenSource(where));
  if (source.bundle != nullptr && !source.bundle->whole_log()) {
    return UsageError(ledger::Error(ledger::Reason::kMalformed,
                                    absl::StrCat(where,
                                                 " holds chosen records, not the whole "
                                                 "ledger."))
                          .Next("Check it with `scrutiny-verify bundle`, or give the whole "
                                "ledger."));
  }
  ProgressBar bar(console.err, console.err_is_terminal, "Checking");
  options.threads = source.threads;
  options.progress = [&bar](uint64_t done, uint64_t total) { bar.Show(done, total); };
  if (source.bundle == nullptr) return ledger::VerifyLog(*source.log, options);
  SCRUTINY_ASSIGN_OR_RETURN(ledger::BundleReport report,
                            ledger::VerifyBundle(*source.bundle, options));
  return std::move(report.log);
}

}  // namespace scrutiny::tools::verify
