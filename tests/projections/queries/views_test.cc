// Goal: the three questions have the right answer whatever was late, corrected, withdrawn or put
// before a forum afterwards.
// Method: random histories of actions over a calendar of meetings go into the registers, in appends
// of random size, followed live, caught up with after reopening, and rebuilt. At random positions,
// days and knowledge each answer is compared with a plain re-fold that shares no code with the
// registers: it looks at every entry for every question. The seed is printed; SCRUTINY_SEED repeats
// a run.

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using register_::v1::ListActionsRequest;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr int kMeetings = 4;
constexpr int kActions = 6;

// An ISO day in 2019; with `n` from 0 to 99, in rising order.
std::string DayOf(int n) {
  return absl::StrCat("2019-", absl::Dec(1 + n / 10, absl::kZeroPad2), "-",
                      absl::Dec(1 + n % 10 * 3, absl::kZeroPad2));
}

// An entry as the oracle sees it.
struct Known {
  uint64_t sequence;
  uint64_t append_end;
  Proposed proposed;
};

// What the oracle expects of an action.
struct Expected {
  std::string title;
  std::string state = "ACTION_STATE_OPEN";
  std::string progress;
  std::string completed_on;
  std::string due_date;
  bool overdue = false;
  bool corrected = false;
  bool date_not_known = false;

  friend bool operator==(const Expected&, const Expected&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Expected& row) {
    return out << row.title << " | " << row.state << " | " << row.progress << " | "
               << row.completed_on << " | " << row.due_date << (row.overdue ? " overdue" : "")
               << (row.corrected ? " corrected" : "")
               << (row.date_not_known ? " date not known" : "");
  }
};

struct Ask {
  uint64_t last;
  std::string true_on;   // empty: not asked
  std::string known_on;  // empty: not asked
  std::string judged_on;
};

// The plain re-fold.
class Oracle {
 public:
  void Add(Known known) { entries_.push_back(std::move(known)); }
  const std::vector<Known>& entries() const { return entries_; }

  std::map<std::string, Expected> Answer(const Ask& ask) const {
    std::set<std::string> meetings;
    for (int m = 0; m < kMeetings; ++m) {
      if (!ask.known_on.empty() && DayOf(m * 25) <= ask.known_on) {
        meetings.insert(absl::StrCat("meetings/m", m));
      }
    }
    std::vector<const Known*> seen;
    for (const Known& entry : entries_) {
      if (entry.sequence > ask.last) continue;
      if (ask.known_on.empty() || IsTold(entry, ask.last, meetings)) seen.push_back(&entry);
    }
    // What counts, by the day it happened.
    std::map<std::string, std::map<std::pair<std::string, uint64_t>, std::pair<Proposed, bool>>>
        state;
    for (const Known* entry : seen) {
      if (entry->proposed.has_withdrawn() || entry->proposed.has_put_before_meeting()) continue;
      const uint64_t original =
          entry->proposed.has_corrects() ? entry->proposed.corrects() : entry->sequence;
      if (IsWithdrawn(original, seen) || IsWithdrawn(entry->sequence, seen)) continue;
      if (IsReplaced(*entry, original, seen)) continue;
      const std::string on = entry->proposed.occurred().on();
      if (!ask.true_on.empty() && (on.empty() || on > ask.true_on)) continue;
      state[entry->proposed.record()][{on.empty() ? "9999" : on, original}] = {
          entry->proposed, entry->proposed.has_corrects()};
    }
    std::map<std::string, Expected> rows;
    for (const auto& [record, facts] : state) {
      Expected row = Fold(facts);
      row.overdue =
          row.state == "ACTION_STATE_OPEN" && !row.due_date.empty() && row.due_date < ask.judged_on;
      rows[record] = row;
    }
    return rows;
  }

 private:
  static bool IsWithdrawn(uint64_t sequence, const std::vector<const Known*>& seen) {
    for (const Known* entry : seen) {
      if (entry->proposed.has_withdrawn() && entry->proposed.corrects() == sequence) return true;
    }
    return false;
  }

  // A later correction of the same original stands in its place.
  static bool IsReplaced(const Known& entry, uint64_t original,
                         const std::vector<const Known*>& seen) {
    for (const Known* later : seen) {
      if (later->sequence > entry.sequence && later->proposed.has_corrects() &&
          !later->proposed.has_withdrawn() && later->proposed.corrects() == original &&
          !IsWithdrawn(later->sequence, seen)) {
        return true;
      }
    }
    return false;
  }

  bool IsTold(const Known& entry, uint64_t last, const std::set<std::string>& meetings) const {
    for (const std::string& meeting : entry.proposed.put_before()) {
      if (meetings.count(meeting) > 0) return true;
    }
    for (const Known& put : entries_) {
      if (put.sequence > last || !put.proposed.has_put_before_meeting()) continue;
      if (meetings.count(put.proposed.record()) == 0) continue;
      for (const uint64_t sequence : put.proposed.put_before_meeting().sequences()) {
        if (sequence == entry.sequence) return true;
      }
    }
    return false;
  }

  static Expected Fold(
      const std::map<std::pair<std::string, uint64_t>, std::pair<Proposed, bool>>& facts) {
    Expected row;
    bool due_set = false;
    for (const auto& [place, content] : facts) {
      const auto& [fact, corrected] = content;
      row.corrected |= corrected;
      row.date_not_known |= fact.occurred().on().empty();
      const std::string on = fact.occurred().on();
      if (fact.has_action_raised()) {
        row.title = fact.action_raised().title();
        if (!due_set) row.due_date = fact.action_raised().due().date();
      } else if (fact.has_action_updated()) {
        row.progress = fact.action_updated().text();
      } else if (fact.has_action_due_set()) {
        due_set = true;
        row.due_date = fact.action_due_set().due().date();
      } else if (fact.has_action_completed()) {
        row.state = "ACTION_STATE_COMPLETED";
        row.completed_on = on;
      } else if (fact.has_action_reopened()) {
        row.state = "ACTION_STATE_OPEN";
        row.completed_on.clear();
      }
    }
    return row;
  }

  std::vector<Known> entries_;
};

// Makes up a history.
class Clerk {
 public:
  Clerk(uint64_t seed, MemoryLedger& ledger, Oracle& oracle)
      : random_(seed), ledger_(ledger), oracle_(oracle) {}

  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  std::string AnyDay() { return DayOf(Below(100)); }

  void Establish() {
    std::vector<Proposed> facts(1 + kMeetings);
    facts[0].set_record("forums/f");
    facts[0].mutable_forum_established()->set_name("The Board");
    for (int m = 0; m < kMeetings; ++m) {
      Proposed& meeting = facts[static_cast<size_t>(m) + 1];
      meeting.set_record(absl::StrCat("meetings/m", m));
      meeting.mutable_meeting_scheduled()->set_forum("forums/f");
      meeting.mutable_meeting_scheduled()->set_date(DayOf(m * 25));
    }
    ledger_.AppendProposed(facts);
  }

  void Append() {
    const uint64_t first = ledger_.size().value();
    std::vector<Proposed> facts(static_cast<size_t>(1 + Below(4)));
    for (size_t i = 0; i < facts.size(); ++i) facts[i] = AnyFact();
    for (size_t i = 0; i < facts.size(); ++i) {
      oracle_.Add({first + i, first + facts.size() - 1, facts[i]});
    }
    ledger_.AppendProposed(std::move(facts));
  }

 private:
  Proposed AnyFact() {
    const int what = Below(10);
    const std::vector<Known>& entries = oracle_.entries();
    if (what < 3 && !entries.empty()) {
      // Something about an entry: a correction, a withdrawal, a later put-before.
      const Known& about = entries[static_cast<size_t>(Below(static_cast<int>(entries.size())))];
      const bool amendable =
          !about.proposed.has_withdrawn() && !about.proposed.has_put_before_meeting();
      if (what == 0) return PutBefore(about.sequence);
      if (what == 1 && amendable && Below(3) == 0) return Withdraw(about);
      if (what == 2 && amendable && !about.proposed.has_corrects()) return Correct(about);
    }
    Proposed fact = Content(-1);
    fact.set_record(absl::StrCat("actions/a", Below(kActions)));
    return fact;
  }

  Proposed Dated() {
    Proposed fact;
    if (Below(8) > 0) fact.mutable_occurred()->set_on(AnyDay());
    if (Below(2) == 0) fact.add_put_before(absl::StrCat("meetings/m", Below(kMeetings)));
    return fact;
  }

  // A fact of that kind, or of any.
  Proposed Content(int kind) {
    Proposed fact = Dated();
    const std::string words = absl::StrCat("words ", ++words_);
    switch (kind < 0 ? Below(6) : kind) {
      case 0:
        fact.mutable_action_raised()->set_title(words);
        fact.mutable_action_raised()->mutable_due()->set_date(AnyDay());
        break;
      case 1:
        fact.mutable_action_due_set()->mutable_due()->set_date(AnyDay());
        break;
      case 2:
        fact.mutable_action_completed()->set_text("");
        break;
      case 3:
        fact.mutable_action_reopened()->set_reason(words);
        break;
      default:
        fact.mutable_action_updated()->set_text(words);
        break;
    }
    return fact;
  }

  Proposed Correct(const Known& about) {
    const Proposed& was = about.proposed;
    Proposed fact = Content(was.has_action_raised()      ? 0
                            : was.has_action_due_set()   ? 1
                            : was.has_action_completed() ? 2
                            : was.has_action_reopened()  ? 3
                                                         : 4);
    fact.set_record(was.record());
    fact.set_corrects(about.sequence);
    return fact;
  }

  Proposed Withdraw(const Known& about) {
    Proposed fact = Dated();
    fact.set_record(about.proposed.record());
    fact.set_corrects(about.sequence);
    fact.mutable_withdrawn()->set_reason("a slip");
    return fact;
  }

  Proposed PutBefore(uint64_t sequence) {
    Proposed fact;
    fact.set_record(absl::StrCat("meetings/m", Below(kMeetings)));
    fact.mutable_put_before_meeting()->add_sequences(sequence);
    fact.mutable_put_before_meeting()->set_meeting(fact.record());
    return fact;
  }

  std::mt19937_64 random_;
  MemoryLedger& ledger_;
  Oracle& oracle_;
  int words_ = 0;
};

std::map<std::string, Expected> AnswerOf(OpenRegisters& registers, const Ask& ask) {
  ListActionsRequest request;
  request.set_state(register_::v1::ACTION_FILTER_ALL);
  request.mutable_view()->set_sequence(ask.last);
  request.mutable_view()->set_judged_on(ask.judged_on);
  request.mutable_view()->set_true_on(ask.true_on);
  if (!ask.known_on.empty()) {
    request.mutable_view()->mutable_known_to()->set_forum("the board");
    request.mutable_view()->mutable_known_to()->set_on(ask.known_on);
  }
  const auto response =
      registers->Answer<register_::v1::ListActionsResponse>(request, OpenRegisters::Today());
  EXPECT_TRUE(response.ok()) << response.status();
  std::map<std::string, Expected> rows;
  if (!response.ok()) return rows;
  for (const register_::v1::ActionRow& row : response->rows()) {
    rows[row.action()] = {row.title(),
                          register_::v1::ActionState_Name(row.state()),
                          row.progress(),
                          row.completed_on(),
                          row.due_date(),
                          row.overdue(),
                          row.meta().corrected(),
                          row.meta().date_not_known()};
  }
  return rows;
}

// Asks at the ends of random appends.
void CompareSome(Clerk& clerk, const Oracle& oracle, OpenRegisters& registers, int times) {
  const std::vector<Known>& entries = oracle.entries();
  for (int i = 0; i < times; ++i) {
    Ask ask;
    ask.last =
        entries[static_cast<size_t>(clerk.Below(static_cast<int>(entries.size())))].append_end;
    ask.judged_on = clerk.AnyDay();
    const int question = clerk.Below(3);
    if (question == 1) ask.true_on = clerk.AnyDay();
    if (question == 2) ask.known_on = clerk.AnyDay();
    ASSERT_EQ(AnswerOf(registers, ask), oracle.Answer(ask))
        << "recorded by " << ask.last << ", true on '" << ask.true_on << "', known on '"
        << ask.known_on << "'";
  }
}

TEST(ViewsTest, ThreeQuestionsAgreeWithAPlainRefold) {
  const char* given = std::getenv("SCRUTINY_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "SCRUTINY_SEED=" << seed << "\n";
  for (uint64_t history = 0; history < 6; ++history) {
    SCOPED_TRACE(absl::StrCat("seed ", seed, ", history ", history));
    MemoryLedger ledger;
    Oracle oracle;
    Clerk clerk(seed + history, ledger, oracle);
    clerk.Establish();
    OpenRegisters registers(ledger);
    for (int round = 0; round < 8; ++round) {
      // Followed live, or caught up with in one run after it was closed.
      const bool closed = clerk.Below(3) == 0;
      if (closed) registers.Close();
      for (int i = 0; i < 12; ++i) {
        clerk.Append();
        if (!closed && clerk.Below(2) == 0) registers.Level();
      }
      if (closed) registers.Open();
      ASSERT_NO_FATAL_FAILURE(CompareSome(clerk, oracle, registers, 20));
    }
    SCRUTINY_ASSERT_OK(registers->Rebuild({}, [](const auto&) { return true; }));
    ASSERT_NO_FATAL_FAILURE(CompareSome(clerk, oracle, registers, 60));
  }
}

}  // namespace
}  // namespace scrutiny::projections
