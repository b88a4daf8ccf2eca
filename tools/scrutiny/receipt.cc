// `scrutiny receipt SEQUENCE`
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/note/tlog_proof.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/output_file.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

// The proof that the server sends must be of these bytes and hold.
absl::Status Check(uint64_t sequence, const ledger::v1::GetProofResponse& response) {
  const auto proof = ledger::ParseTlogProof(response.tlog_proof());
  if (!proof.ok()) return Prefixed("the server's proof: ", proof.status());
  if (proof->index != ledger::Sequence(sequence)) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("the server sent a proof of entry ", proof->index.value()));
  }
  ByteFields path;
  for (const ledger::Hash& hash : proof->path) *path.Add() = std::string(ledger::AsBytes(hash));
  SCRUTINY_ASSIGN_OR_RETURN(const auto checkpoint, ReadCheckpoint(proof->checkpoint));
  return CheckInclusion(sequence, ledger::AsBytes(ledger::LeafHash(response.entry())), path,
                        checkpoint);
}

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::GetProofRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t sequence,
                            ReadSequence(args.Get("SEQUENCE"), "SEQUENCE"));
  request.set_sequence(sequence);
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  if (response.tlog_proof().empty()) {
    return absl::UnavailableError(
        absl::StrCat("No signed checkpoint covers entry ", sequence, " yet; try again shortly"));
  }
  SCRUTINY_RETURN_IF_ERROR(Check(sequence, response));
  const std::string out = args.Get("out");
  const std::string entry = args.Get("entry");
  if (!entry.empty() && entry == out) {
    return UsageError("--out and --entry name one file; the proof and the entry need two");
  }
  if (!entry.empty()) {
    SCRUTINY_RETURN_IF_ERROR(WriteFile(entry, response.entry(), /*replace=*/true));
  }
  if (!out.empty()) {
    SCRUTINY_RETURN_IF_ERROR(WriteFile(out, response.tlog_proof(), /*replace=*/true));
    context.out << "The proof is written to " << out
                << (entry.empty() ? "" : absl::StrCat(", the entry to ", entry)) << ".\n"
                << HowToCheck(out, sequence, entry);
  } else if (!entry.empty()) {
    context.out << "The entry is written to " << entry << ".\n";
  } else {
    context.out << response.tlog_proof();
  }
  return absl::OkStatus();
}

}  // namespace

Command ReceiptCommand() {
  return {.name = "receipt",
          .summary = "The signed proof that an entry is in the ledger",
          .group = kForAuditors,
          .details =
              "A tlog-proof file (C2SP); the usual suffix is .tlog-proof. With --entry alone only\n"
              "the entry's bytes are written, for a proof that there is. With the entry's bytes\n"
              "and the ledger's public key anybody can check it, without this server:\n"
              "  scrutiny receipt 212 --out 212.tlog-proof --entry 212.entry\n"
              "  scrutiny-verify proof 212.tlog-proof 212.entry --vkey \"$(scrutiny key)\"",
          .options = {{.name = "SEQUENCE",
                       .help = "The entry's sequence",
                       .kind = Option::Kind::kArgument,
                       .value = "",
                       .required = true},
                      OutOption("The proof"),
                      {.name = "entry",
                       .help = "Write the entry's bytes there, exactly as stored; the proof then "
                               "only where --out says",
                       .value = "FILE"}},
          .run = Run};
}

}  // namespace scrutiny::tools
