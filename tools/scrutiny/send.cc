#include "tools/scrutiny/send.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/describe.h"
#include "tools/support/proto_json.h"
#include "tools/support/seals.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using ledger::Reason;
using ledger::v1::AppendRequest;
using ledger::v1::AppendResponse;

// More rules than one can refuse a fact; each is named once.
constexpr int kDespiteMax = 5;

// The switch; an office has a flag of that name for the police force it holds to account, whose
// record is never called as a switch that is on.
constexpr char kForce[] = "force";
constexpr char kSwitchedOn[] = "yes";

absl::StatusOr<AppendResponse> Attempt(const AppendRequest& request, Context& context) {
  return context.client.AppendWithRetry(request, [&](const absl::Status& status) {
    context.err << ErrorInWords(status, context.verbose) << " Trying again…\n" << std::flush;
  });
}

// `on 18 Mar 2019`, `not dated`.
std::string DateInWords(const event::v1::Proposed& proposed) {
  const std::string date = InWords(proposed.occurred());
  return proposed.occurred().on().empty() ? date : absl::StrCat("on ", date);
}

// Notes on the refused fact that it is recorded despite the rule that refuses it; false where that
// is not asked for or has been tried. Only a rule that does refuse is noted: it flags for ever.
bool NoteDespite(const absl::Status& status, const SendOptions& options, AppendRequest* request) {
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  if (info.reason != Reason::kRuleRefused || info.rule.empty()) return false;
  if (options.despite_reason.empty()) return false;
  if (!options.despite_rule.empty() && options.despite_rule != info.rule) return false;
  const uint32_t index = info.fact_index.value_or(0);
  if (index >= static_cast<uint32_t>(request->facts_size())) return false;
  event::v1::Proposed* fact = request->mutable_facts(static_cast<int>(index))->mutable_proposed();
  for (const event::v1::RecordedDespite& despite : fact->recorded_despite()) {
    if (despite.rule() == info.rule) return false;
  }
  event::v1::RecordedDespite* despite = fact->add_recorded_despite();
  despite->set_rule(info.rule);
  despite->set_reason(options.despite_reason);
  return true;
}

// The rules past which the request's one fact was recorded when it was sent before: without them it
// would seem to be another request under the same id. False if it was not recorded before.
bool AdoptDespite(Client& client, AppendRequest* request) {
  if (request->facts_size() != 1) return false;
  event::v1::Proposed* proposed = request->mutable_facts(0)->mutable_proposed();
  ledger::v1::GetRecordRequest get;
  get.set_record(proposed->record());
  do {
    const auto page = client.Call(get);
    if (!page.ok()) return false;
    for (const std::string& bytes : page->entries()) {
      event::v1::Entry entry;
      if (!entry.ParseFromString(bytes)) return false;
      if (entry.assigned().request_id() != request->request_id()) continue;
      *proposed->mutable_recorded_despite() = entry.proposed().recorded_despite();
      return true;
    }
    get.set_page_token(page->next_page_token());
  } while (!get.page_token().empty());
  return false;
}

}  // namespace

void AddSendOptions(Command* command) {
  command->options.push_back({.name = "dry-run",
                              .help = "Check everything and record nothing",
                              .kind = Option::Kind::kSwitch,
                              .group = "Recording"});
  command->options.push_back(
      {.name = "despite",
       .help = "Record it although a rule refuses it, because it is what really happened; "
               "flagged for ever",
       .value = "REASON|RULE=REASON",
       .group = "Recording"});
  command->options.push_back(ReceiptOption());
  const bool taken = std::any_of(command->options.begin(), command->options.end(),
                                 [](const Option& option) { return option.name == kForce; });
  if (!taken) {
    command->options.push_back({.name = kForce,
                                .help = "Replace the receipt's file if it is there",
                                .kind = Option::Kind::kSwitch,
                                .group = "Recording"});
  }
  Option format = FormatOption({"table", "json"});
  format.help = "json: print what the server answers";
  format.group = "Recording";
  command->options.push_back(std::move(format));
}

void ReadDespite(absl::string_view text, SendOptions* options) {
  const size_t equals = text.find('=');
  if (equals != absl::string_view::npos && ledger::ValidateKey(text.substr(0, equals)).ok()) {
    options->despite_rule = std::string(text.substr(0, equals));
    text.remove_prefix(equals + 1);
  }
  options->despite_reason = std::string(text);
}

absl::StatusOr<SendOptions> SendOptionsOf(const Args& args) {
  SendOptions options;
  options.receipt = args.Get("receipt");
  options.force = args.Get(kForce) == kSwitchedOn;
  options.dry_run = args.Has("dry-run");
  options.format = FormatOf(args);
  ReadDespite(args.Get("despite"), &options);
  if (args.Has("receipt") && options.dry_run) {
    return UsageError("--receipt and --dry-run: what is not recorded has no receipt");
  }
  if (args.Has("receipt"))
    SCRUTINY_RETURN_IF_ERROR(CheckReceiptFile(options.receipt, options.force));
  return options;
}

absl::StatusOr<AppendResponse> AppendDespite(const SendOptions& options, AppendRequest* request,
                                             Context& context) {
  absl::StatusOr<AppendResponse> response = Attempt(*request, context);
  for (int i = 0; i < kDespiteMax && !response.ok(); ++i) {
    if (!NoteDespite(response.status(), options, request)) break;
    response = Attempt(*request, context);
  }
  if (ledger::ReasonOf(response.status()) == Reason::kRequestIdReused &&
      AdoptDespite(context.client, request)) {
    response = Attempt(*request, context);
  }
  return response;
}

absl::Status Send(AppendRequest request, const SendOptions& options, Context& context) {
  if (options.dry_run) request.set_validate_only(true);
  if (!options.receipt.empty()) request.set_with_proof(true);
  const absl::StatusOr<AppendResponse> response = AppendDespite(options, &request, context);
  if (!response.ok()) return response.status();
  if (options.format == Format::kJson) {
    context.out << ToJson(*response) << "\n";
  } else {
    context.out << EchoInWords(request, *response);
  }
  if (options.receipt.empty()) return absl::OkStatus();
  const bool several = options.one_of_many || response->receipt().entries_size() > 1;
  std::ostream& said = options.format == Format::kJson ? context.err : context.out;
  SCRUTINY_RETURN_IF_ERROR(
      WriteReceipts(response->receipt(), options.receipt, several, options.force, said));
  if (options.tell_how && !response->receipt().entries().empty()) {
    const uint64_t first = response->receipt().entries(0).sequence();
    said << HowToCheck(ReceiptFile(options.receipt, first, several), first, "");
  }
  return absl::OkStatus();
}

std::string EchoInWords(const AppendRequest& request, const AppendResponse& response) {
  std::string text;
  const absl::string_view how = response.validated_only()     ? "Would be recorded as entry "
                                : response.already_recorded() ? "Already recorded as entry "
                                                              : "Recorded as entry ";
  const ledger::v1::Receipt& receipt = response.receipt();
  for (int i = 0; i < request.facts_size() && i < receipt.entries_size(); ++i) {
    const ledger::v1::EntryReceipt& entry = receipt.entries(i);
    const event::v1::Proposed open = PublicPart(request.facts(i));
    absl::StrAppend(&text, how, entry.sequence(), ": ", Describe(request.facts(i)));
    if (!absl::EndsWith(text, ".")) text += '.';
    if (!open.has_withdrawn() && !open.has_sealed_fact()) {
      absl::StrAppend(&text, " ", Capitalised(DateInWords(open)), ".");
    }
    for (const event::v1::Number& number : entry.numbers()) {
      absl::StrAppend(&text, " It has the number ", InWords(number), ".");
    }
    absl::StrAppend(&text, "\n  ", entry.record(), "\n");
    // The server compares what is sealed only while its key is there.
    if (response.already_recorded() && !request.facts(i).seals().empty()) {
      absl::StrAppend(
          &text,
          "  What is sealed in it may have been erased since. If this is about somebody "
          "else, it is not\n  recorded: give it a record of its own.\n");
    }
  }
  return text;
}

absl::StatusOr<std::string> ReadFile(absl::string_view file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  const std::string name(file);
  std::ifstream in(name, std::ios::binary);
  if (!in || std::filesystem::is_directory(name)) {
    return ledger::Error(Reason::kNotFound, absl::StrCat("the file ", file, " cannot be read"))
        .Value(file);
  }
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace scrutiny::tools
