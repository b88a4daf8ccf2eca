#include "tools/scrutiny/command_line.h"

#include <iostream>
#include <utility>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Error.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"

namespace scrutiny::tools {
namespace {

std::string FlagNames(const Option& option) {
  if (option.kind == Option::Kind::kArgument || option.kind == Option::Kind::kArguments) {
    return option.name;
  }
  std::string names = absl::StrCat("--", option.name);
  if (!option.alias.empty()) absl::StrAppend(&names, ",--", option.alias);
  return names;
}

}  // namespace

bool Args::Has(absl::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found != values_.end() && !found->second.empty();
}

std::string Args::Get(absl::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Args::All(absl::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

void Args::Set(absl::string_view name, std::vector<std::string> values) {
  values_[std::string(name)] = std::move(values);
}

// An option of a command and where CLI11 puts what is given for it.
struct CommandLine::Bound {
  const CLI::App* app;
  const Command* command;
  const Option* option;  // null: the command itself
  std::vector<std::string> values;
  bool on = false;
};

CommandLine::CommandLine(const Command& root)
    : root_(root), app_(std::make_unique<CLI::App>(root.summary, root.name)), command_(&root_) {
  Add(root_, app_.get());
}

CommandLine::~CommandLine() = default;

void CommandLine::Add(const Command& command, CLI::App* app) {
  app->footer(command.details);
  app->set_help_flag("--help,-h", "What this command does");
  app->get_formatter()->column_width(34);
  app->get_formatter()->label("OPTIONS", "options");
  // Options of the whole program may stand behind the command too.
  app->fallthrough();
  bound_.push_back(std::make_unique<Bound>(Bound{app, &command, nullptr, {}, false}));
  for (const Option& option : command.options) {
    bound_.push_back(std::make_unique<Bound>(Bound{app, &command, &option, {}, false}));
    Bound& bound = *bound_.back();
    if (option.kind == Option::Kind::kSwitch) {
      CLI::Option* added = app->add_flag(FlagNames(option), bound.on, option.help);
      if (!option.group.empty()) added->group(option.group);
      continue;
    }
    CLI::Option* added = app->add_option(FlagNames(option), bound.values, option.help);
    added->type_name(option.value);
    if (option.kind == Option::Kind::kArguments) {
      added->expected(option.required ? 1 : 0, 100'000);
    } else {
      // One value each time the option stands there, so that it never takes the next argument.
      added->type_size(1)->expected(1)->allow_extra_args(false);
      added->multi_option_policy(option.kind == Option::Kind::kValues
                                     ? CLI::MultiOptionPolicy::TakeAll
                                     : CLI::MultiOptionPolicy::Throw);
    }
    added->required(option.required);
    if (!option.choices.empty()) added->check(CLI::IsMember(option.choices));
    if (!option.group.empty()) added->group(option.group);
  }
  for (const Command& sub : command.commands) {
    CLI::App* added = app->add_subcommand(sub.name, sub.summary);
    if (!sub.group.empty()) added->group(sub.group);
    Add(sub, added);
  }
  if (!command.commands.empty() && command.run == nullptr) app->require_subcommand(1);
}

void CommandLine::Parse(int argc, char** argv) {
  app_->parse(argc, argv);
  for (const std::unique_ptr<Bound>& bound : bound_) {
    if (!bound->app->parsed()) continue;
    if (bound->option == nullptr) {
      command_ = bound->command;
      continue;
    }
    if (bound->on) args_.Set(bound->option->name, {"yes"});
    if (!bound->values.empty()) args_.Set(bound->option->name, bound->values);
  }
}

int CommandLine::Explain(const CLI::Error& error) const {
  // The command that was come to, and what was then named instead of one of its own.
  const CLI::App* app = app_.get();
  std::string path = app->get_name();
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    absl::StrAppend(&path, " ", app->get_name());
  }
  if (error.get_name() == "RequiredError" && app->get_require_subcommand_min() > 0) {
    const std::vector<std::string> left = app_->remaining(true);
    std::cerr << (left.empty() ? "Name a command; "
                               : absl::StrCat("There is no command \"", left.front(), "\"; "))
              << path << " --help lists them all.\n";
    return 2;
  }
  return app_->exit(error) == 0 ? 0 : 2;
}

}  // namespace scrutiny::tools
