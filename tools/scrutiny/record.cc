// `scrutiny record VERB ...`
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/record_csv.h"
#include "tools/scrutiny/record_sources.h"
#include "tools/scrutiny/sealing.h"
#include "tools/scrutiny/send.h"
#include "tools/scrutiny/verb.h"
#include "tools/support/mint.h"

namespace scrutiny::tools {
namespace {

// Reporting a decision puts everything recorded of it before the forum, at the same meeting.
absl::Status AddPutBefore(Client& client, ledger::v1::AppendRequest* request) {
  const event::v1::Proposed& reported = request->facts(0).proposed();
  const std::string& meeting = reported.decision_reported().meeting();
  ledger::v1::GetRecordRequest get;
  get.set_record(reported.record());
  event::v1::Proposed put;
  do {
    const auto page = client.Call(get);
    if (absl::IsNotFound(page.status())) return absl::OkStatus();
    SCRUTINY_RETURN_IF_ERROR(page.status());
    for (const std::string& bytes : page->entries()) {
      event::v1::Entry entry;
      if (!entry.ParseFromString(bytes)) continue;
      const auto& known = entry.proposed().put_before();
      if (std::find(known.begin(), known.end(), meeting) != known.end()) continue;
      put.mutable_put_before_meeting()->add_sequences(entry.assigned().sequence());
    }
    get.set_page_token(page->next_page_token());
  } while (!get.page_token().empty());
  if (!put.has_put_before_meeting()) return absl::OkStatus();
  put.set_record(meeting);
  put.mutable_put_before_meeting()->set_meeting(meeting);
  *put.mutable_occurred() = reported.occurred();
  *put.mutable_sources() = reported.sources();
  *request->add_facts()->mutable_proposed() = std::move(put);
  return absl::OkStatus();
}

absl::Status RunOne(const Verb& verb, const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const SendOptions options, SendOptionsOf(args));
  const FillSources sources = SourcesFrom(context.client, /*date_today=*/true);
  ledger::v1::AppendRequest request;
  request.set_request_id(args.Has("request-id") ? args.Get("request-id") : MintRequestId());
  const absl::Status valid = ledger::ValidateRequestId(request.request_id());
  if (!valid.ok()) return UsageError(absl::StrCat("--request-id: ", valid.message()));
  ledger::v1::NewFact* fact = request.add_facts();
  SCRUTINY_ASSIGN_OR_RETURN(*fact->mutable_proposed(), Fill(verb, args, sources));
  SCRUTINY_RETURN_IF_ERROR(AddSeals(verb, args, sources.resolve, fact));
  SCRUTINY_RETURN_IF_ERROR(CheckFact(verb, *fact));
  if (args.Has("expect-revision")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t revision,
                              ReadSequence(args.Get("expect-revision"), "--expect-revision"));
    fact->set_expected_revision(revision);
  }
  // What is sealed as a whole is not told by a second fact.
  if (fact->proposed().has_decision_reported() && !args.Has("not-put-before") &&
      !args.Has(kSealWholeFlag)) {
    SCRUTINY_RETURN_IF_ERROR(AddPutBefore(context.client, &request));
  }
  return Send(std::move(request), options, context);
}

bool HasSealedFlag(const Verb& verb) {
  return std::any_of(verb.flags.begin(), verb.flags.end(),
                     [&verb](const Flag& flag) { return IsSealedFlag(verb, flag); });
}

Command VerbCommand(const Verb& verb) {
  Command command{.name = verb.name,
                  .summary = verb.summary,
                  .group = verb.group,
                  .details = verb.example.empty() ? "" : absl::StrCat("Example:\n  ", verb.example),
                  .options = OptionsOf(verb)};
  if (HasTemplate(verb)) {
    command.options.push_back(
        {.name = "from",
         .help = absl::StrCat("Many, from a CSV file; `scrutiny template ", TemplateOf(verb),
                              "` prints its columns",
                              HasSealedFlag(verb) ? ". A row with something sealed names "
                                                    "its record in the column as"
                                                  : ""),
         .value = "FILE.csv",
         .group = "Recording"});
  }
  command.options.push_back({.name = "request-id",
                             .help = "The request's id; a random one if not given. The same id "
                                     "records nothing twice",
                             .value = "ID",
                             .group = "Recording"});
  command.options.push_back({.name = "expect-revision",
                             .help = "Only if the record is still at this revision",
                             .value = "N",
                             .group = "Recording"});
  AddSendOptions(&command);
  command.run = [&verb](const Args& args, Context& context) {
    return args.Has("from") ? RecordCsv(verb, args, context) : RunOne(verb, args, context);
  };
  return command;
}

}  // namespace

Command RecordCommand() {
  Command command{
      .name = "record",
      .summary = "Record one fact, or many of a kind from a spreadsheet",
      .group = kForSecretaries,
      .details =
          "A meeting, forum or decision is named by its record (meetings/spab/2019-03-18), by a\n"
          "number (2019/13) or by a name it goes by (SPAB). Dates may be written 2019-03-18 or\n"
          "18 March 2019. What is recorded is said back in plain English; --dry-run records "
          "nothing.\n"
          "What is personal or restricted is only recorded sealed: name with --sealed-for the\n"
          "person it is about; what is only restricted may be sealed for the office,\n"
          "with --restricted-for office. `scrutiny open` shows it, `scrutiny erase` erases it.\n"
          "A shell remembers what is typed; --from and `scrutiny append` read a file instead.\n"
          "Example:\n"
          "  scrutiny record action --title \"Update report\" --meeting meetings/spab/2019-03-18 "
          "\\\n"
          "    --item 3a --owner Constabulary --due 2019-05-20"};
  for (const Verb& verb : AllVerbs()) command.commands.push_back(VerbCommand(verb));
  return command;
}

}  // namespace scrutiny::tools
