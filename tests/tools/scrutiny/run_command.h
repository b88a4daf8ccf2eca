// tests/tools/scrutiny/run_command.h
// A command as it is typed, run against a server, with what it printed.
#ifndef SCRUTINY_TESTS_TOOLS_SCRUTINY_RUN_COMMAND_H_
#define SCRUTINY_TESTS_TOOLS_SCRUTINY_RUN_COMMAND_H_

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "tools/scrutiny/commands.h"

namespace scrutiny::testing {

struct Ran {
  absl::Status status;
  std::string out;
  std::string err;
};

// `typed`: at a terminal, if there is anything.
inline Ran RunCommand(const std::string& server, std::vector<std::string> words,
                      const std::string& typed = "") {
  words.insert(words.begin(), "scrutiny");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  tools::CommandLine line(tools::RootCommand());
  line.Parse(static_cast<int>(argv.size()), argv.data());
  tools::Client client(server);
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in(typed);
  tools::Context context{.client = client,
                         .out = out,
                         .err = err,
                         .root = &line.root(),
                         .in = in,
                         .in_is_terminal = !typed.empty()};
  Ran ran;
  ran.status = line.command().run(line.args(), context);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

inline std::string ContentOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_SCRUTINY_RUN_COMMAND_H_
