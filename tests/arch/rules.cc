#include "tests/arch/rules.h"

#include <algorithm>
#include <cstddef>
#include <regex>
#include <sstream>

namespace scrutiny::arch {
namespace {

constexpr int kSourceLinesMax = 600;
constexpr int kHeaderLinesMax = 300;
constexpr int kMainLinesMax = 100;

using Prefixes = std::vector<std::string>;

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool EndsWith(const std::string& text, const std::string& suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

bool UnderAny(const std::string& path, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return StartsWith(path, prefix); });
}

// What the files of a room may include of ours. The longest matching room counts.
struct Room {
  std::string room;
  Prefixes may_include;
};

const std::vector<Room>& Rooms() {
  static const auto& rooms = *new std::vector<Room>{
      {"ledger/base/", {"ledger/base/"}},
      {"ledger/format/", {"ledger/base/", "ledger/format/", "scrutiny/event/"}},
      {"ledger/merkle/", {"ledger/base/", "ledger/format/hash.h", "ledger/merkle/"}},
      {"ledger/note/",
       {"ledger/base/", "ledger/format/big_endian.h", "ledger/format/hash.h", "ledger/note/"}},
      {"ledger/rules/", {"ledger/base/", "ledger/format/", "ledger/rules/", "scrutiny/event/"}},
      {"ledger/store/",
       {"ledger/base/", "ledger/format/", "ledger/merkle/", "ledger/store/", "scrutiny/event/"}},
      {"ledger/feed/", {"ledger/base/", "ledger/format/", "ledger/feed/", "scrutiny/event/"}},
      {"ledger/seal/", {"ledger/base/", "ledger/format/", "ledger/seal/", "scrutiny/event/"}},
      {"ledger/papers/", {"ledger/base/", "ledger/format/hash.h", "ledger/papers/"}},
      {"ledger/verify/",
       {"ledger/base/", "ledger/format/", "ledger/merkle/", "ledger/note/", "ledger/verify/",
        "scrutiny/event/"}},
      {"ledger/", {"ledger/", "scrutiny/event/"}},
      {"projections/engine/", {"ledger/", "projections/engine/", "scrutiny/"}},
      {"projections/", {"ledger/", "projections/", "scrutiny/"}},
      {"services/http/", {"ledger/base/", "services/http/"}},
      {"services/", {"ledger/", "projections/", "services/", "scrutiny/"}},
      {"tools/scrutiny-verify/",
       {"ledger/base/", "ledger/format/", "ledger/merkle/", "ledger/note/", "ledger/verify/",
        "services/http/", "tools/scrutiny-verify/", "scrutiny/event/"}},
      {"tools/", {"ledger/", "projections/", "services/", "tools/", "scrutiny/"}},
      {"tests/", {"ledger/", "projections/", "services/", "tools/", "tests/", "scrutiny/"}},
  };
  return rooms;
}

// Headers, ours or not, that only some rooms may include.
struct Reserved {
  std::string header;  // a regular expression, matched from the start
  Prefixes only_in;    // empty: nowhere
  std::string why;
};

const std::vector<Reserved>& ReservedHeaders() {
  static const Prefixes& outside_folds =
      *new Prefixes{"ledger/", "projections/engine/", "services/", "tools/", "tests/"};
  static const auto& reserved = *new std::vector<Reserved>{
      {"rocksdb/",
       {"ledger/store/", "projections/engine/", "tests/"},
       "only ledger/store and projections/engine know RocksDB"},
      {"boost/", {"services/", "tests/"}, "only services knows Boost"},
      {"magic\\.h$", {"ledger/papers/", "tests/"}, "only ledger/papers knows libmagic"},
      {"prometheus/",
       {"services/metrics/", "tests/"},
       "only services/metrics knows prometheus-cpp"},
      {"curl/", {"services/http/", "tests/"}, "only services/http knows libcurl"},
      {"grpcpp/(server|ext/|health_check|generic/async_generic_service)",
       {"services/", "tests/"},
       "only services is a gRPC server"},
      {"(grpcpp|grpc)/", {"services/", "tools/", "tests/"}, "gRPC ends at the services"},
      {"scrutiny/.*\\.grpc\\.pb\\.h",
       {"services/", "tools/", "tests/"},
       "gRPC ends at the services"},
      {"spdlog/",
       {"services/", "tools/", "tests/"},
       "the inner rooms return errors, they do not log"},
      {"CLI/", {"tools/", "tests/"}, "only the programs read a command line"},
      {"nlohmann/", {"services/", "tools/", "tests/"}, "JSON is for the edges"},
      {"(gtest|gmock|rapidcheck)[/.]", {"tests/"}, "test libraries stay in tests"},
      {"benchmark/", {"tests/", "tools/scrutiny-bench/"}, "benchmarks stay in scrutiny-bench"},
      {"absl/synchronization/",
       {},
       "Debian's Abseil gives false ThreadSanitizer races; use ledger/base/mutex.h"},
      {"(format|source_location)$", {}, "g++ 12 or clang 14 lacks it"},
      {"(chrono|ctime|random|thread|absl/time/clock\\.h|absl/random/.*|sys/time\\.h)$",
       outside_folds, "a register is a deterministic fold: no clock, no randomness, no threads"},
      {"ledger/base/(clock|random)\\.h$", outside_folds,
       "a register is a deterministic fold: no clock, no randomness"},
      {"ledger/(append|store)/",
       {"ledger/", "projections/engine/", "services/", "tools/", "tests/"},
       "a register sees entries, not the ledger that holds them"},
  };
  return reserved;
}

void CheckOwnIncludes(const std::string& path, const std::vector<Include>& includes,
                      std::vector<Breach>& out) {
  static const Prefixes& ours =
      *new Prefixes{"ledger/", "projections/", "services/", "tools/", "tests/", "scrutiny/"};
  const Room* room = nullptr;
  for (const Room& candidate : Rooms()) {
    if (StartsWith(path, candidate.room) &&
        (room == nullptr || candidate.room.size() > room->room.size())) {
      room = &candidate;
    }
  }
  if (room == nullptr) {
    out.push_back({path, 0, "lies in no room of the house"});
    return;
  }
  for (const Include& include : includes) {
    if (StartsWith(include.path, "../") || StartsWith(include.path, "./") ||
        (include.quoted && include.path.find('/') == std::string::npos)) {
      out.push_back({path, include.line, "includes \"" + include.path + "\" not from the root"});
    } else if (UnderAny(include.path, ours) && !include.quoted) {
      out.push_back({path, include.line, "<" + include.path + "> is ours and takes quotes"});
    } else if (UnderAny(include.path, ours) && !UnderAny(include.path, room->may_include)) {
      out.push_back({path, include.line, room->room + " may not include " + include.path});
    }
  }
}

void CheckReservedIncludes(const std::string& path, const std::vector<Include>& includes,
                           std::vector<Breach>& out) {
  for (const Reserved& reserved : ReservedHeaders()) {
    if (UnderAny(path, reserved.only_in)) continue;
    const std::regex header(reserved.header);
    for (const Include& include : includes) {
      if (std::regex_search(include.path, header, std::regex_constants::match_continuous)) {
        out.push_back(
            {path, include.line, "may not include " + include.path + ": " + reserved.why});
      }
    }
  }
}

void CheckSize(const std::string& path, const std::string& text, std::vector<Breach>& out) {
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  const bool is_main = StartsWith(path, "tools/") && EndsWith(path, "/main.cc");
  const int lines_max = is_main                ? kMainLinesMax
                        : EndsWith(path, ".h") ? kHeaderLinesMax
                                               : kSourceLinesMax;
  if (lines > lines_max) {
    out.push_back({path, 0,
                   "has " + std::to_string(lines) + " lines, at most " + std::to_string(lines_max) +
                       " are allowed; split it by what it does"});
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Breach& breach) {
  out << breach.path;
  if (breach.line > 0) out << ":" << breach.line;
  return out << ": " << breach.why;
}

std::vector<Include> IncludesOf(const std::string& text) {
  static const auto& pattern = *new std::regex(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (line.find('#') != std::string::npos && std::regex_search(line, match, pattern)) {
      includes.push_back({number, match[2], match[1] == "\""});
    }
  }
  return includes;
}

std::vector<Breach> BreachesOf(const std::string& path, const std::string& text) {
  const std::vector<Include> includes = IncludesOf(text);
  std::vector<Breach> breaches;
  CheckOwnIncludes(path, includes, breaches);
  CheckReservedIncludes(path, includes, breaches);
  CheckSize(path, text, breaches);
  return breaches;
}

}  // namespace scrutiny::arch
