// tests/projections/support/paper_facts.h
// The papers of the demonstration, checked as the server checks them, in a ledger in memory.
#ifndef SCRUTINY_TESTS_PROJECTIONS_SUPPORT_PAPER_FACTS_H_
#define SCRUTINY_TESTS_PROJECTIONS_SUPPORT_PAPER_FACTS_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/json_util.h"

#include "ledger/base/status.h"
#include "ledger/format/check.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/projections/support/memory_ledger.h"

namespace scrutiny::testing {

// Every file, in the order of import.
inline std::vector<std::string> AllPapers() {
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(SCRUTINY_SOURCE_DIR "/tools/demo/derbyshire")) {
    if (file.path().extension() == ".jsonl") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What the files of these names say.
inline void AppendPapers(const std::vector<std::string>& names, MemoryLedger& ledger) {
  for (const std::string& name : names) {
    std::ifstream file(SCRUTINY_SOURCE_DIR "/tools/demo/derbyshire/" + name + ".jsonl");
    SCRUTINY_CHECK(file.is_open()) << name;
    for (std::string line; std::getline(file, line);) {
      ledger::v1::AppendRequest request;
      const auto read = google::protobuf::util::JsonStringToMessage(line, &request);
      SCRUTINY_CHECK(read.ok()) << name << ": " << read.ToString();
      std::vector<event::v1::Proposed> facts;
      for (ledger::v1::NewFact& fact : *request.mutable_facts()) {
        const absl::Status fine = ledger::CheckProposed(fact.proposed());
        SCRUTINY_CHECK(fine.ok()) << name << ": " << request.request_id() << ": "
                                  << fine.ToString();
        facts.push_back(std::move(*fact.mutable_proposed()));
      }
      ledger.AppendProposed(std::move(facts));
    }
  }
}

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_PROJECTIONS_SUPPORT_PAPER_FACTS_H_
