// `scrutiny append [FILE]`
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/import_reader.h"
#include "tools/scrutiny/send.h"

namespace scrutiny::tools {
namespace {

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const SendOptions options, SendOptionsOf(args));
  const std::string file = args.Has("FILE") ? args.Get("FILE") : "-";
  SCRUTINY_ASSIGN_OR_RETURN(const std::string json, ReadFile(file));
  ledger::v1::AppendRequest request;
  SCRUTINY_RETURN_IF_ERROR(AtPlace(file == "-" ? "stdin" : file, ParseRequest(json, &request)));
  return Send(std::move(request), options, context);
}

}  // namespace

Command AppendCommand() {
  Command command{.name = "append",
                  .summary = "Record one append request, given as JSON",
                  .group = kForSecretaries,
                  .details =
                      "For scripts; `record` is the same with flags. Without request_id one "
                      "is derived from the text.",
                  .options = {{.name = "FILE",
                               .help = "The request in proto3 JSON; standard input if not given",
                               .kind = Option::Kind::kArgument,
                               .value = ""}},
                  .run = Run};
  AddSendOptions(&command);
  return command;
}

}  // namespace scrutiny::tools
