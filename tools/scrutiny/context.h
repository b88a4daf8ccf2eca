// tools/scrutiny/context.h
// What every command is given, and what they all say in the same way.
//
// Threads:  confined to main's thread.
#ifndef SCRUTINY_TOOLS_SCRUTINY_CONTEXT_H_
#define SCRUTINY_TOOLS_SCRUTINY_CONTEXT_H_

#include <cstddef>
#include <iostream>
#include <istream>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/scrutiny/command_line.h"
#include "tools/support/client.h"

namespace scrutiny::tools {

inline constexpr size_t kWidthWithoutTerminal = 120;

struct Context {
  Client& client;
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
  size_t width = kWidthWithoutTerminal;  // columns of a table
  bool verbose = false;
  const Command* root = nullptr;  // for completion
  std::istream& in = std::cin;    // for what must be confirmed
  bool in_is_terminal = false;
};

enum class Format { kTable, kJson, kCsv, kJsonLines };
// --format, a table if not given.
Option FormatOption(std::vector<std::string> choices = {"table", "json", "csv"});
Format FormatOf(const Args& args);

// A mistake in how the program was called: exit code 2.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);
// The same status with a text before its message.
absl::Status Prefixed(absl::string_view prefix, const absl::Status& status);

// What went wrong, in sentences; with `verbose` code, reason and particulars below.
std::string ErrorInWords(const absl::Status& status, bool verbose);

// The record a user means: a record's name, as it is; an alias of one record; or a name without its
// kind. kNotFound where there is none; where there are several, the candidates.
absl::StatusOr<std::string> ResolveName(Client& client, absl::string_view text,
                                        absl::string_view kind);

// The sequence in a text, as an argument of the name.
absl::StatusOr<uint64_t> ReadSequence(absl::string_view text, absl::string_view name);
// A whole number likewise.
absl::StatusOr<uint64_t> ReadNumber(absl::string_view text, absl::string_view name);

// --out FILE: where to put `what`, standard output if not given.
Option OutOption(absl::string_view what);
absl::Status PutOut(const Args& args, absl::string_view bytes, Context& context);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_CONTEXT_H_
