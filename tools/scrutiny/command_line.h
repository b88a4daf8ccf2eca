// tools/scrutiny/command_line.h
// Commands as data: what the program offers, parsed by CLI11, shown by --help and completed by
// shells from the same description.
//
// Threads:  confined to main's thread.
// Errors:   Parse throws CLI::ParseError, for main alone to catch.
// Tests:    tests/tools/scrutiny/command_line_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_COMMAND_LINE_H_
#define SCRUTINY_TOOLS_SCRUTINY_COMMAND_LINE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace scrutiny::tools {

struct Context;

struct Option {
  enum class Kind {
    kValue,      // --name VALUE
    kValues,     // --name VALUE, as often as wanted
    kSwitch,     // --name
    kArgument,   // NAME
    kArguments,  // NAME...
  };

  std::string name;  // without dashes
  std::string help;
  Kind kind = Kind::kValue;
  std::string value = "TEXT";  // what --help calls the value
  bool required = false;
  std::vector<std::string> choices = {};  // any, if empty
  std::string alias = {};                 // a second name
  std::string group = {};                 // heading in --help
};

// What the user gave, by option name.
class Args {
 public:
  bool Has(absl::string_view name) const;
  // The value, the last of several; empty if not given.
  std::string Get(absl::string_view name) const;
  std::vector<std::string> All(absl::string_view name) const;
  void Set(absl::string_view name, std::vector<std::string> values);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string name;
  std::string summary;  // a line
  std::string group = {};
  std::string details = {};  // examples and what else there is to know
  std::vector<Option> options = {};
  std::vector<Command> commands = {};
  std::function<absl::Status(const Args&, Context&)> run = nullptr;
};

class CommandLine {
 public:
  explicit CommandLine(const Command& root);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Throws CLI::ParseError; also where help is asked for.
  void Parse(int argc, char** argv);
  // Prints what the error says; the program's exit code.
  int Explain(const CLI::Error& error) const;

  // After Parse: the command named last, and what was given.
  const Command& command() const { return *command_; }
  const Command& root() const { return root_; }
  const Args& args() const { return args_; }

 private:
  struct Bound;
  void Add(const Command& command, CLI::App* app);

  Command root_;
  std::unique_ptr<CLI::App> app_;
  std::vector<std::unique_ptr<Bound>> bound_;
  const Command* command_;
  Args args_;
};

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_COMMAND_LINE_H_
