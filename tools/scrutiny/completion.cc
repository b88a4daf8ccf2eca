// `scrutiny completion bash|zsh|fish`
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

#include "tools/scrutiny/commands.h"

namespace scrutiny::tools {
namespace {

bool IsFlag(const Option& option) {
  return option.kind != Option::Kind::kArgument && option.kind != Option::Kind::kArguments;
}

// What may stand after a command: its commands, flags and the words its arguments may be.
std::string WordsOf(const Command& command, const Command& root) {
  std::string words;
  for (const Command& sub : command.commands) absl::StrAppend(&words, sub.name, " ");
  for (const Option& option : command.options) {
    if (IsFlag(option)) {
      absl::StrAppend(&words, "--", option.name, " ");
      continue;
    }
    for (const std::string& choice : option.choices) absl::StrAppend(&words, choice, " ");
  }
  if (&command != &root) absl::StrAppend(&words, "--server --verbose ");
  return words + "--help";
}

// One case for each command by its path (`record action`), and one for each flag with choices.
void BashCases(const Command& command, const std::string& path, const Command& root,
               std::string* words, std::string* choices) {
  absl::StrAppend(words, "    \"", path, "\") words=\"", WordsOf(command, root), "\" ;;\n");
  for (const Option& option : command.options) {
    if (option.choices.empty() || !IsFlag(option)) continue;
    absl::StrAppend(choices, "    \"", path, " --", option.name, "\") words=\"");
    for (const std::string& choice : option.choices) absl::StrAppend(choices, choice, " ");
    absl::StrAppend(choices, "\" ;;\n");
  }
  for (const Command& sub : command.commands) {
    BashCases(sub, path.empty() ? sub.name : absl::StrCat(path, " ", sub.name), root, words,
              choices);
  }
}

// The commands that have commands of their own: `record key`.
std::string NestedNames(const Command& root) {
  std::string names;
  for (const Command& command : root.commands) {
    if (!command.commands.empty()) absl::StrAppend(&names, names.empty() ? "" : " ", command.name);
  }
  return names;
}

std::string Bash(const Command& root) {
  std::string words;
  std::string choices;
  BashCases(root, "", root, &words, &choices);
  constexpr absl::string_view kScript = R"(# source <(scrutiny completion bash)
_scrutiny() {
  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}"
  local path="" words="" i
  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do
    [[ "${COMP_WORDS[i]}" == -* ]] && break
    [ "$i" = 2 ] && [[ " @NESTED@ " != *" $path "* ]] && break
    path="${path:+$path }${COMP_WORDS[i]}"
  done
  case "$path $before" in
@CHOICES@  esac
  [ -n "$words" ] || case "$path" in
@WORDS@  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _scrutiny scrutiny
)";
  return absl::StrReplaceAll(
      kScript, {{"@CHOICES@", choices}, {"@WORDS@", words}, {"@NESTED@", NestedNames(root)}});
}

std::string FishQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// `condition`: when these completions are offered.
void FishLines(const Command& command, const std::string& condition, std::string* script) {
  for (const Command& sub : command.commands) {
    absl::StrAppend(script, "complete -c scrutiny -f -n ", FishQuoted(condition), " -a ", sub.name,
                    " -d ", FishQuoted(sub.summary), "\n");
    const std::string seen = absl::StrCat("__fish_seen_subcommand_from ", sub.name);
    if (sub.commands.empty()) {
      FishLines(sub, seen, script);
      continue;
    }
    std::string names;
    for (const Command& verb : sub.commands) absl::StrAppend(&names, " ", verb.name);
    FishLines(sub, absl::StrCat(seen, "; and not __fish_seen_subcommand_from", names), script);
  }
  for (const Option& option : command.options) {
    if (!IsFlag(option)) {
      if (option.choices.empty()) continue;
      absl::StrAppend(script, "complete -c scrutiny -f -n ", FishQuoted(condition), " -a ",
                      FishQuoted(absl::StrJoin(option.choices, " ")), " -d ",
                      FishQuoted(option.help), "\n");
      continue;
    }
    absl::StrAppend(script, "complete -c scrutiny -n ", FishQuoted(condition), " -l ", option.name,
                    option.kind == Option::Kind::kSwitch ? "" : " -r", " -d ",
                    FishQuoted(option.help));
    std::string choices;
    for (const std::string& choice : option.choices) absl::StrAppend(&choices, choice, " ");
    if (!choices.empty()) absl::StrAppend(script, " -a ", FishQuoted(choices));
    *script += "\n";
  }
}

absl::Status Run(const Args& args, Context& context) {
  const std::string shell = args.Get("SHELL");
  if (shell == "fish") {
    std::string script = "# scrutiny completion fish | source\n";
    FishLines(*context.root, "__fish_use_subcommand", &script);
    context.out << script;
    return absl::OkStatus();
  }
  // zsh reads bash's completions.
  if (shell == "zsh") {
    context.out << "# source <(scrutiny completion zsh)\nautoload -U +X bashcompinit && "
                   "bashcompinit\n";
  }
  context.out << Bash(*context.root);
  return absl::OkStatus();
}

}  // namespace

Command CompletionCommand() {
  return {.name = "completion",
          .summary = "Completion for a shell",
          .group = kForOperators,
          .details = "In ~/.bashrc: source <(scrutiny completion bash)",
          .options = {{.name = "SHELL",
                       .help = "The shell",
                       .kind = Option::Kind::kArgument,
                       .value = "",
                       .required = true,
                       .choices = {"bash", "zsh", "fish"}}},
          .run = Run};
}

}  // namespace scrutiny::tools
