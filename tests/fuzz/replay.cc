// The short form of the fuzz tests: runs a target over its corpus, then over random changes of it,
// with any compiler and in a second.
//
//   fuzz_replay --list
//   fuzz_replay TARGET            the corpus, and changes of it
//   fuzz_replay TARGET FILE...    these files alone
//
// SCRUTINY_SEED repeats a run; SCRUTINY_FUZZ_SECONDS is how long to go on (1). An input that breaks
// a target is written to the current folder, its name is printed, and the program ends with 77.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

#include "tests/fuzz/mutator.h"
#include "tests/fuzz/targets.h"

namespace scrutiny::fuzz {
namespace {

constexpr int kExitBroken = 77;
constexpr int kInputSecondsMax = 10;
// So that a run ends on a fast machine as on a slow one.
constexpr uint64_t kChangesMax = 1'000'000;

// What runs now, for the handler.
struct Running {
  const std::string* input = nullptr;
  char file[300] = "";
  char words[400] = "";
};
Running running;

void Say(const char* words) {
  if (::write(STDERR_FILENO, words, std::strlen(words)) < 0) return;
}

// Only what is allowed in a signal handler.
void OnBroken(int signal) {
  if (running.input == nullptr) ::_exit(kExitBroken);
  const int file = ::open(running.file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ::write(file, running.input->data(), running.input->size()) < 0) {
    Say("the input could not be written to ");
  }
  Say(signal == SIGALRM ? "an input takes too long: " : "an input breaks the target: ");
  Say(running.words);
  ::_exit(kExitBroken);
}

void WatchFor() {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
    struct sigaction action = {};
    action.sa_handler = OnBroken;
    sigaction(signal, &action, nullptr);
  }
}

void Run(const Target& target, const std::string& input, const std::string& what) {
  running.input = &input;
  std::snprintf(running.file, sizeof(running.file), "crash-%s", target.name);
  std::snprintf(running.words, sizeof(running.words), "%s, %s, now in %s\n", target.name,
                what.c_str(), running.file);
  const itimerval limit = {{0, 0}, {kInputSecondsMax, 0}};
  setitimer(ITIMER_REAL, &limit, nullptr);
  // A copy of exactly this size, so that a sanitizer sees a read beyond it.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  target.run(bytes.data(), bytes.size());
  running.input = nullptr;
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s cannot be read\n", path.c_str());
    std::exit(1);
  }
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

std::vector<std::string> CorpusFiles(const Target& target) {
  std::vector<std::string> files;
  const std::filesystem::path folder = std::filesystem::path(SCRUTINY_FUZZ_CORPUS) / target.name;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

int RunTarget(const Target& target, std::vector<std::string> files) {
  const bool with_changes = files.empty();
  if (with_changes) files = CorpusFiles(target);
  if (files.empty()) {
    std::fprintf(stderr, "%s has no corpus in %s\n", target.name, SCRUTINY_FUZZ_CORPUS);
    return 1;
  }
  std::vector<std::string> corpus;
  for (const std::string& file : files) {
    corpus.push_back(ReadAll(file));
    Run(target, corpus.back(), file);
  }
  Run(target, std::string(), "the empty input");
  if (!with_changes) return 0;

  const uint64_t seed = FromEnvironment("SCRUTINY_SEED", std::random_device()());
  const std::chrono::seconds time(FromEnvironment("SCRUTINY_FUZZ_SECONDS", 1));
  std::printf("SCRUTINY_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  Mutator mutator(corpus, seed);
  const auto end = std::chrono::steady_clock::now() + time;
  uint64_t changes = 0;
  while (changes < kChangesMax && std::chrono::steady_clock::now() < end) {
    ++changes;
    Run(target, mutator.Next(),
        "change " + std::to_string(changes) + " of SCRUTINY_SEED=" + std::to_string(seed));
  }
  std::printf("%s: %zu inputs of the corpus, %llu changes of them\n", target.name, corpus.size(),
              static_cast<unsigned long long>(changes));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const Target& target : Targets()) std::printf("%s\n", target.name);
    return 0;
  }
  for (const Target& target : Targets()) {
    if (argc < 2 || std::strcmp(argv[1], target.name) != 0) continue;
    WatchFor();
    return RunTarget(target, std::vector<std::string>(argv + 2, argv + argc));
  }
  std::fprintf(stderr, "which target? fuzz_replay --list shows them\n");
  return 2;
}

}  // namespace
}  // namespace scrutiny::fuzz

int main(int argc, char** argv) { return scrutiny::fuzz::Main(argc, argv); }
