// tools/scrutiny/send.h
// Sends one append and tells in plain English what became of it; used by every command that
// records.
//
// Guarantees:  the same request id for every attempt, so that nothing is recorded twice.
// Threads:     confined to main's thread.
// Tests:       tests/tools/scrutiny/send_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_SEND_H_
#define SCRUTINY_TOOLS_SCRUTINY_SEND_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

struct SendOptions {
  bool dry_run = false;
  Format format = Format::kTable;
  std::string despite_rule;    // empty: the one that refuses
  std::string despite_reason;  // empty: record despite nothing
  std::string receipt;         // file for the signed proof; empty: none
  bool force = false;          // replace the receipt's file if it is there
  bool one_of_many = false;    // several appends write receipts into files of that name
  bool tell_how = true;        // say how to check a receipt
};

// --dry-run, --despite, --receipt, --force, --format.
void AddSendOptions(Command* command);
// A usage error where a receipt could not be written.
absl::StatusOr<SendOptions> SendOptionsOf(const Args& args);

// `RULE=REASON` or `REASON` of --despite.
void ReadDespite(absl::string_view text, SendOptions* options);

// Appends; where a rule refuses and --despite says so, notes that on the fact and appends again.
absl::StatusOr<ledger::v1::AppendResponse> AppendDespite(const SendOptions& options,
                                                         ledger::v1::AppendRequest* request,
                                                         Context& context);

absl::Status Send(ledger::v1::AppendRequest request, const SendOptions& options, Context& context);

// What was recorded, in sentences: `Recorded as entry 212: Action raised: …`.
std::string EchoInWords(const ledger::v1::AppendRequest& request,
                        const ledger::v1::AppendResponse& response);

// The whole file; - is standard input.
absl::StatusOr<std::string> ReadFile(absl::string_view file);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_SEND_H_
