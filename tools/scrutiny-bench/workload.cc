#include "tools/scrutiny-bench/workload.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace scrutiny::bench {
namespace {

namespace event = ::scrutiny::event::v1;

constexpr absl::string_view kUpdate =
    "The Constabulary reported progress to the board: the revised profile was drafted, shared with "
    "partners for comment, and will come back once their answers are in. The board noted the "
    "position and asked for a further update in writing before its next meeting. Reference ";
constexpr absl::string_view kTitle =
    "Provide the board with a profile of recorded crime by district and quarter, with the reasons "
    "for each change of more than five per cent, for the next meeting. Reference ";

}  // namespace

Workload::Workload(uint64_t seed, std::string name, int facts_of_an_action)
    : name_(std::move(name)),
      facts_of_an_action_(facts_of_an_action),
      state_(seed * 0x9E3779B97F4A7C15u + 0x1234567) {}

// SplitMix64: small, and the same everywhere.
uint64_t Workload::Random() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

void Workload::Next(int facts, ::scrutiny::ledger::v1::AppendRequest* request) {
  request->Clear();
  request->set_request_id(absl::StrCat(name_, ":", appends_++));
  for (int i = 0; i < facts; ++i) {
    const uint64_t action = facts_ / facts_of_an_action_;
    const bool raises = facts_ % facts_of_an_action_ == 0;
    ++facts_;
    event::Proposed* const proposed = request->add_facts()->mutable_proposed();
    proposed->set_record(absl::StrCat("actions/", name_, "/", action));
    proposed->mutable_occurred()->set_on(
        absl::StrCat("2019-0", 1 + Random() % 9, "-", 10 + Random() % 18));
    if (raises) {
      event::ActionRaised* const raised = proposed->mutable_action_raised();
      raised->set_title(absl::StrCat(kTitle, absl::Hex(Random())));
      raised->set_meeting("meetings/bench/2019-03-18");
      raised->add_owners()->set_post("Chief Finance Officer");
      raised->mutable_due()->set_date("2019-12-31");
    } else {
      event::ActionUpdated* const updated = proposed->mutable_action_updated();
      updated->set_text(absl::StrCat(kUpdate, absl::Hex(Random())));
    }
  }
}

}  // namespace scrutiny::bench
