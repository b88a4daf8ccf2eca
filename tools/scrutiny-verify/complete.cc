// scrutiny-verify complete: all entries of a record, or of a type, with proof that there are no
// others.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/App.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/entry_codec.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tools/scrutiny-verify/check_log.h"
#include "tools/scrutiny-verify/commands.h"
#include "tools/scrutiny-verify/flags.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Error;
using ledger::Reason;

struct Flags {
  TrustFlags trust;
  std::string record;  // with --type, where the log lies
  std::string where;
  std::string type;
};

// What is looked for.
struct Wanted {
  std::string where;
  std::string record;     // a record, or the front of some; empty: any
  ledger::FactType type;  // 0: any
  std::string in_words;
};

absl::StatusOr<Wanted> ReadWanted(const Flags& flags) {
  Wanted wanted;
  const bool by_type = !flags.type.empty();
  if (flags.record.empty() || flags.where.empty() != by_type) {
    return UsageError(
        Error(Reason::kMalformed, by_type ? "With --type, the ledger alone is needed."
                                          : "Two things are needed: a record, and the ledger.")
            .Next("For instance: scrutiny-verify complete actions/spab/7 "
                  "http://127.0.0.1:8080/log"));
  }
  wanted.where = by_type ? flags.record : flags.where;
  if (!by_type) {
    wanted.record = flags.record;
    SCRUTINY_RETURN_IF_ERROR(UsageError(ledger::ValidateRecordPrefix(wanted.record)));
    wanted.in_words = absl::StrCat("on ", wanted.record);
    return wanted;
  }
  uint32_t number = 0;
  const ledger::FactTypeInfo* info = ledger::FindFactType(flags.type);
  if (info != nullptr) {
    wanted.type = info->type;
    wanted.in_words = absl::StrCat("of type ", info->name);
  } else if (absl::SimpleAtoi(flags.type, &number) && number > 0) {
    wanted.type = ledger::FactType(number);
    wanted.in_words = absl::StrCat("of type ", number);
  } else {
    return UsageError(
        Error(Reason::kMalformed, absl::StrCat("No fact is of type ", flags.type, "."))
            .Next("Name a type such as ActionRaised or action-raised, or give its "
                  "number."));
  }
  return wanted;
}

std::string TypeName(uint32_t type) {
  const ledger::FactTypeInfo* info = ledger::FindFactType(ledger::FactType(type));
  return info == nullptr ? absl::StrCat("type ", type) : info->name;
}

// Gathers the entries as they come.
class List {
 public:
  void Add(ledger::Sequence sequence, absl::string_view bytes) {
    const absl::StatusOr<event::v1::Entry> entry = ledger::ParseEntry(bytes);
    if (!entry.ok()) return;
    const event::v1::Assigned& assigned = entry->assigned();
    rows_.push_back({.sequence = sequence.value(),
                     .record = entry->proposed().record(),
                     .revision = assigned.revision(),
                     .type = TypeName(assigned.fact_type()),
                     .recorded_at_us = assigned.recorded_at_us()});
    record_width_ = std::max(record_width_, rows_.back().record.size());
    type_width_ = std::max(type_width_, rows_.back().type.size());
  }
  uint64_t count() const { return rows_.size(); }

  void WriteTo(Verdict* verdict) const {
    auto json = nlohmann::ordered_json::array();
    for (const Row& row : rows_) {
      verdict->list.push_back(absl::StrFormat(
          "entry %-8d %-*s  revision %-4d %-*s  %s", row.sequence, static_cast<int>(record_width_),
          row.record, row.revision, static_cast<int>(type_width_), row.type,
          TimeInWords(row.recorded_at_us)));
      json.push_back({{"entry", row.sequence},
                      {"record", row.record},
                      {"revision", row.revision},
                      {"type", row.type},
                      {"recorded_at_us", row.recorded_at_us}});
    }
    verdict->facts["matching"] = rows_.size();
    verdict->facts["list"] = std::move(json);
  }

 private:
  struct Row {
    uint64_t sequence = 0;
    std::string record;
    uint64_t revision = 0;
    std::string type;
    int64_t recorded_at_us = 0;
  };

  std::vector<Row> rows_;
  size_t record_width_ = 0;
  size_t type_width_ = 0;
};

std::string SentenceOf(const ledger::LogReport& report, uint64_t count,
                       const std::string& in_words) {
  if (!report.verified()) {
    return absl::StrCat("Whether these are all entries ", in_words, " cannot be said. ",
                        Contradicted(report));
  }
  const std::string reservation = Reservation(report);
  const std::string among =
      absl::StrCat(" ", in_words, " among all ", WithCommas(report.checkpoint.size.value()),
                   " up to this checkpoint");
  const std::string started_anew =
      reservation.empty() ? "" : absl::StrCat(" The ledger was started anew: ", reservation);
  if (count == 0) {
    return absl::StrCat("The ledger ", report.checkpoint.origin, " holds no entry", among, ".",
                        started_anew);
  }
  return absl::StrCat("The ledger ", report.checkpoint.origin, " holds ",
                      Counted(count, "entry", "entries"), among, "; ",
                      count == 1            ? "it is the only one"
                      : reservation.empty() ? "these are all of them, and none is missing"
                                            : "these are all of them that it holds",
                      ".", started_anew);
}

absl::StatusOr<Verdict> CheckComplete(const Flags& flags, const Console& console) {
  ledger::VerifyOptions options;
  SCRUTINY_ASSIGN_OR_RETURN(options.trust, flags.trust.Read());
  SCRUTINY_ASSIGN_OR_RETURN(const Wanted wanted, ReadWanted(flags));
  List list;
  options.select = [&wanted](const event::v1::Entry& entry) {
    return ledger::IsSegmentPrefix(wanted.record, entry.proposed().record()) &&
           (wanted.type == ledger::FactType(0) ||
            wanted.type.value() == entry.assigned().fact_type());
  };
  options.on_selected = [&list](ledger::Sequence sequence, absl::string_view bytes) {
    list.Add(sequence, bytes);
  };
  SCRUTINY_ASSIGN_OR_RETURN(const ledger::LogReport report,
                            VerifySource(wanted.where, options, console));
  Verdict verdict;
  Describe(report, &verdict);
  list.WriteTo(&verdict);
  verdict.sentence = SentenceOf(report, list.count(), wanted.in_words);
  return verdict;
}

}  // namespace

void AddComplete(CLI::App* app, Chosen* chosen) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app->add_subcommand(
      "complete", "List all entries of a record or a type, proving that none is missing");
  command->add_option("RECORD", flags->record, "a record, or the front of some: actions/spab")
      ->type_name("");
  command->add_option("LOG", flags->where, kSourceHelp)->type_name("");
  command->add_option("--type", flags->type, "entries of this type, on whatever record")
      ->type_name("TYPE");
  flags->trust.AddTo(command);
  command->add_flag("--json", chosen->json, "print the verdict as JSON");
  command->footer(
      "Checks the whole ledger as `log` does, and lists what it meets on the way. What is sealed\n"
      "as a whole stands under a record name of its own, which says nothing.\n"
      "\n"
      "Examples:\n"
      "  scrutiny-verify complete actions/spab/7 ledger.tar --vkey 'scrutiny.example.org+33d7…'\n"
      "  scrutiny-verify complete --type DecisionTaken ledger.tar --vkey '…'");
  command->callback([flags, chosen] {
    chosen->work = [flags](const Console& console) { return CheckComplete(*flags, console); };
  });
}

}  // namespace scrutiny::tools::verify
