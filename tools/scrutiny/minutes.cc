// `scrutiny minutes` and `scrutiny minutes render MEETING`
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "scrutiny/register/v1/minutes.pb.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/list_command.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::RenderMinutesRequest;
using register_::v1::RenderMinutesResponse;

register_::v1::MinutesFormat MinutesFormatOf(const Args& args) {
  const std::string format = args.Get("format");
  if (format == "markdown") return register_::v1::MINUTES_FORMAT_MARKDOWN;
  if (format == "html") return register_::v1::MINUTES_FORMAT_HTML;
  return register_::v1::MINUTES_FORMAT_TEXT;
}

// What whoever signs the minutes should know; beside the document, so that it can be piped.
void Tell(const RenderMinutesResponse& answer, Context& context) {
  for (const std::string& missing : answer.missing()) context.err << missing << "\n";
  if (!answer.changed_since().empty()) {
    context.err << "Recorded after the minutes were accepted, without a correction of them: "
                << (answer.changed_since_size() == 1 ? "entry " : "entries ")
                << absl::StrJoin(answer.changed_since(), ", ") << ".\n";
  }
}

absl::Status Render(const Args& args, Context& context) {
  RenderMinutesRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_meeting(),
                            ResolveName(context.client, args.Get("MEETING"), "meetings"));
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_view(), ReadView(args, context.client));
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(context.client, request.mutable_view()));
  request.set_format(MinutesFormatOf(args));
  request.set_with_entries(args.Has("with-entries"));
  RenderMinutesResponse answer;
  absl::Status asked = context.client.Ask("RenderMinutes", request, &answer);
  if (absl::IsDeadlineExceeded(asked) && request.view().has_min_sequence()) {
    // A register that is still catching up answers what it has.
    request.mutable_view()->clear_min_sequence();
    asked = context.client.Ask("RenderMinutes", request, &answer);
  }
  SCRUTINY_RETURN_IF_ERROR(asked);
  SCRUTINY_RETURN_IF_ERROR(CheckProofs(answer.basis().proofs()));
  if (FormatOf(args) == Format::kJson) {
    return PutOut(args, absl::StrCat("[\n", ToJson(answer), "\n]\n"), context);
  }
  SCRUTINY_RETURN_IF_ERROR(PutOut(args, answer.document(), context));
  Tell(answer, context);
  return absl::OkStatus();
}

Command RenderCommand() {
  Command command{.name = "render",
                  .summary = "The minutes of a meeting as a document, made from its facts",
                  .group = kForSecretaries,
                  .details =
                      "Nothing is stored: the same facts give the same document, and a fact that\n"
                      "is recorded later changes it. What minutes usually say and no fact says is\n"
                      "told on standard error.\n"
                      "Examples:\n"
                      "  scrutiny minutes render meetings/spab/2019-03-18\n"
                      "  scrutiny minutes render meetings/spab/2019-03-18 --format html --out "
                      "minutes.html",
                  .options = {{.name = "MEETING",
                               .help = "The meeting's record or an alias of it",
                               .kind = Option::Kind::kArgument,
                               .value = "",
                               .required = true},
                              {.name = "with-entries",
                               .help = "After each paragraph the entries it comes from",
                               .kind = Option::Kind::kSwitch},
                              OutOption("The document")},
                  .run = Render};
  AddViewFlags(&command);
  for (Option& option : command.options) {
    if (option.name != "format") continue;
    option.help = "As what; text by default";
    option.choices = {"text", "markdown", "html", "json"};
  }
  return command;
}

}  // namespace

Command MinutesCommand() {
  static const auto& listed = *new ListedRegister(
      Listed<register_::v1::ListMinutesRequest, register_::v1::ListMinutesResponse>(
          "minutes", "Minutes of meetings: how far they are, who accepted them", "ListMinutes",
          "Examples:\n"
          "  scrutiny minutes --forum forums/spab --overdue\n"
          "  scrutiny minutes render meetings/spab/2019-03-18"));
  Command command = ListCommand(listed);
  command.commands.push_back(RenderCommand());
  return command;
}

}  // namespace scrutiny::tools
