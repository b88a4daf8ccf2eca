// tools/scrutiny-verify/check_log.h
// Verifies the log that a command names, with a progress bar.
//
// Errors:   those of OpenSource and VerifyLog; an export of chosen records is a usage error.
// Tests:    tests/tools/scrutiny-verify/commands_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_CHECK_LOG_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_CHECK_LOG_H_

#include <string>

#include "absl/status/statusor.h"

#include "ledger/verify/report.h"
#include "ledger/verify/verify_log.h"
#include "tools/scrutiny-verify/commands.h"

namespace scrutiny::tools::verify {

// `where` as for OpenSource. Of an export in one file every byte is checked.
absl::StatusOr<ledger::LogReport> VerifySource(const std::string& where,
                                               ledger::VerifyOptions options,
                                               const Console& console);

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_CHECK_LOG_H_
