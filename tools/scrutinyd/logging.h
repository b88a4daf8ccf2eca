// tools/scrutinyd/logging.h
// The server's log on standard error: a line a message, as text or as JSON.
//
// Threads:  SetUpLog before any other thread; the log itself is thread-safe.
// Format:   JSON lines of time (RFC 3339, UTC, microseconds), level and message.
// Tests:    tests/tools/scrutinyd/scrutinyd_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINYD_LOGGING_H_
#define SCRUTINY_TOOLS_SCRUTINYD_LOGGING_H_

#include <string>

namespace scrutiny::tools {

// `level` and `format` as the command line takes them.
void SetUpLog(const std::string& level, const std::string& format);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINYD_LOGGING_H_
