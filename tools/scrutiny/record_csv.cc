#include "tools/scrutiny/record_csv.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/record_sources.h"
#include "tools/scrutiny/sealing.h"
#include "tools/scrutiny/send.h"
#include "tools/support/csv.h"
#include "tools/support/field_path.h"
#include "tools/support/mint.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

constexpr char kCommentMark[] = "# ";

using ledger::Error;
using ledger::Reason;

// Errors of many rows as one status.
class RowErrors {
 public:
  explicit RowErrors(absl::string_view file) : file_(file) {}

  void Add(size_t row, absl::string_view message) {
    ++count_;
    if (count_ > kCsvErrorsShown) return;
    absl::string_view text = message;
    // A flag is a column here.
    std::string column;
    if (absl::ConsumePrefix(&text, "--")) column = "column ";
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", file_, ", row ", row, ", ", column, text);
  }

  absl::Status status() const {
    if (count_ == 0) return absl::OkStatus();
    std::string text = text_;
    if (count_ > kCsvErrorsShown) {
      absl::StrAppend(&text, "\n… and ",
                      Count(count_ - kCsvErrorsShown, "more error", "more errors"));
    }
    return absl::InvalidArgumentError(absl::StrCat(text, "\nNothing was recorded."));
  }

 private:
  const std::string file_;
  std::string text_;
  size_t count_ = 0;
};

// A heading as a flag's name: `Due meeting` as `due-meeting`.
std::string FlagName(absl::string_view heading) { return Slug(heading, 200); }

// The heading of the record that a row is about, where that is one held already; on the command
// line it has no flag.
constexpr char kRecordHeading[] = "record";
constexpr char kRecordArgument[] = "RECORD";

absl::StatusOr<std::vector<std::string>> ReadHeader(const Verb& verb, const CsvRow& row) {
  std::vector<std::string> names;
  for (const std::string& cell : row.cells) {
    const std::string name = FlagName(absl::StripPrefix(cell, "#"));
    if (name == kRecordHeading && verb.target == Target::kGiven) {
      names.emplace_back(kRecordArgument);
      continue;
    }
    const bool known = FindFlag(verb, name) != nullptr || name == "as" || name == kSealedForFlag ||
                       name == kRestrictedForFlag ||
                       (name == "meeting" && verb.target == Target::kMeeting) ||
                       (!name.empty() && name == verb.variant_flag);
    if (!known && !name.empty()) {
      return UsageError(absl::StrCat("there is no column \"", cell, "\" for ", verb.name,
                                     "; `scrutiny template ", TemplateOf(verb),
                                     "` prints the columns"));
    }
    names.push_back(known ? name : "");
  }
  return names;
}

bool IsSwitch(const Verb& verb, absl::string_view name) {
  for (const Option& option : OptionsOf(verb)) {
    if (option.name == name) return option.kind == Option::Kind::kSwitch;
  }
  return false;
}

// The cells of a row over the flags of the command line.
absl::StatusOr<Args> ArgsOf(const Verb& verb, const std::vector<std::string>& names,
                            const CsvRow& row, Args args) {
  for (size_t i = 0; i < row.cells.size(); ++i) {
    const std::string cell(absl::StripAsciiWhitespace(row.cells[i]));
    if (cell.empty()) continue;
    if (i >= names.size() || names[i].empty()) {
      return UsageError(
          absl::StrCat("column ", i + 1, " has no heading, but \"", cell, "\" stands in it"));
    }
    const Flag* flag = FindFlag(verb, names[i]);
    if (IsSwitch(verb, names[i])) {
      const auto on = ReadBool(cell);
      if (!on.ok()) return UsageError(absl::StrCat("--", names[i], ": ", on.status().message()));
      args.Set(names[i], *on ? std::vector<std::string>{"yes"} : std::vector<std::string>());
    } else if (flag != nullptr && TakesSeveral(verb, *flag)) {
      std::vector<std::string> values;
      for (const absl::string_view part : absl::StrSplit(cell, ';', absl::SkipWhitespace())) {
        values.emplace_back(absl::StripAsciiWhitespace(part));
      }
      args.Set(names[i], std::move(values));
    } else {
      args.Set(names[i], {cell});
    }
  }
  return args;
}

// What a row says in public, in one text: the same for the same row in any file and any order of
// columns. Nothing of what is sealed, nor for whom: ids and names made from it stand in the ledger
// in the clear, where whoever guesses could try them out.
std::string Canonical(const Verb& verb, const Args& args) {
  std::string text = verb.name;
  for (const Option& option : OptionsOf(verb)) {
    const Flag* flag = FindFlag(verb, option.name);
    const bool says_for_whom = option.name == kSealedForFlag || option.name == kRestrictedForFlag;
    if (says_for_whom || (flag != nullptr && IsSealedFlag(verb, *flag))) continue;
    for (const std::string& value : args.All(option.name)) {
      absl::StrAppend(&text, "\n", option.name, "=", value);
    }
  }
  return text;
}

// The fact of a row with its seals, checked.
absl::Status FillRow(const Verb& verb, const Args& args, const FillSources& sources,
                     ledger::v1::NewFact* fact) {
  SCRUTINY_ASSIGN_OR_RETURN(*fact->mutable_proposed(), Fill(verb, args, sources));
  SCRUTINY_RETURN_IF_ERROR(AddSeals(verb, args, sources.resolve, fact));
  return CheckFact(verb, *fact);
}

// A record's name as the template shows one, for a refusal: `persons/v-017`.
std::string ExampleRecord(const Verb& verb) {
  for (const CsvTemplate& csv : CsvTemplates()) {
    for (size_t i = 0; csv.verb == verb.name && i < csv.columns.size(); ++i) {
      if (csv.columns[i] == "as") return csv.example[i];
    }
  }
  return absl::StrCat(verb.kind, "/1");
}

// The example of a template; a title may begin with # and no space.
bool IsComment(const CsvRow& row) { return absl::StartsWith(row.cells[0], kCommentMark); }

}  // namespace

const std::vector<CsvTemplate>& CsvTemplates() {
  static const auto* const kTemplates = new std::vector<CsvTemplate>{
      {"actions",
       "action",
       {"title", "meeting", "item", "owner", "due", "due-meeting", "due-printed", "on", "paper",
        "para", "inferred", "detail"},
       {"Update report on crime data recording", "meetings/spab/2019-03-18", "3a", "Constabulary",
        "", "meetings/spab/2019-05-20", "for Board meeting in May", "2019-03-18",
        "papers/003/min-2019-03-18", "3A", "no", ""}},
      {"forward-plan",
       "plan-item",
       {"title", "forum", "meeting", "owner", "order", "recurrence", "uncertain", "on", "paper",
        "put-before"},
       {"PCC Annual Report", "forums/spab", "meetings/spab/2019-07-08", "OPCC", "1", "yearly", "",
        "2019-05-20", "papers/003/forward-plan", "meetings/spab/2019-05-20"}},
      {"recommendations",
       "recommendation",
       {"title", "wording", "of", "number-printed", "order", "area", "urgency", "owner", "due",
        "on", "paper", "para", "inferred"},
       {"Workplace inspections", "Train all who inspect workplaces",
        "audits/health-and-safety-2018", "4.2", "1", "Workplace Inspections", "2",
        "Head of Health and Safety", "2018-09-30", "2018-06-15", "papers/003/12d-app-b", "3.2",
        "no"}},
      {"measure-values",
       "measure-value",
       {"record", "period", "value", "change-printed", "points-printed", "as-at", "not-available",
        "because", "scorecard", "given-in", "on", "paper", "para"},
       {"measures/crime/01-total-recorded-crime", "2018/19", "61,719", "10.6 %", "", "2019-04-01",
        "no", "", "scorecards/crime/2019-05-20", "papers/003/10a", "2019-05-20", "papers/003/10a",
        "1"}},
      {"casework",
       "casework",
       {"title", "period", "unit", "total", "table", "as-at", "method", "given-in", "meeting",
        "item", "on", "paper", "para"},
       {"Casework statistics 2018-19", "2018/19", "contacts", "416",
        "method: OPCC=169, Constabulary=247, total=416; method (2017/18): OPCC=106, "
        "Constabulary=314, total=420",
        "", "The issue which appears the most predominant concern", "papers/003/12a",
        "meetings/spab/2019-03-18", "12a", "2019-05-20", "papers/003/12a", "2.2"}},
      {"commitments",
       "commitment",
       {"title", "words", "found-in", "meeting", "item", "owner", "due", "due-meeting",
        "due-printed", "recurrence", "on", "paper", "para"},
       {"Hate Crime Problem Profile shared with the Commissioner",
        "on track to be completed by the end of March", "papers/003/min-2019-03-18",
        "meetings/spab/2019-03-18", "6", "Constabulary", "2019-03", "", "the end of March", "",
        "2019-03-18", "papers/003/min-2019-03-18", "6"}},
      {"questions",
       "question",
       {"title", "wording", "asked-as", "withheld", "asker-post", "forum", "meeting", "item",
        "number-printed", "to", "channel", "due", "on", "paper", "para"},
       {"Closure of Buxton custody suite", "", "representative", "no",
        "Member of Parliament for High Peak", "forums/spab", "meetings/spab/2019-03-18",
        "ask-the-spa", "", "Police and Crime Commissioner", "in writing", "", "2019-03-18",
        "papers/003/min-2019-03-18", ""}},
      {"attendance",
       "attendance",
       {"meeting", "person", "post", "organisation", "capacity", "late", "late-reason",
        "substitute-for", "paper"},
       {"meetings/spab/2019-03-18", "persons/peet", "Chief Executive", "OPCC", "in attendance",
        "no", "", "", "papers/003/min-2019-03-18"}},
      {"decisions",
       "decision",
       {"title", "number", "decided-by", "where", "meeting", "item", "on", "not-after",
        "effective-from", "amount", "summary", "paper", "para"},
       {"HR Gateway System", "2019/17", "Police and Crime Commissioner", "between meetings", "", "",
        "", "2019-05-20", "", "£25,000 cost one-off", "", "papers/003/13a-decision-log", "17"}},
      {"engagements",
       "engagement",
       {"title", "sort", "on", "place", "programme", "attended", "audience", "by", "text"},
       {"Victim roadshow", "roadshow", "2019-04-12", "Bolsover",
        "programmes/derbyshire/victim-roadshows", "40", "residents", "OPCC", ""}},
      {"places-visited",
       "place-visited",
       {"record", "place", "on", "by", "text"},
       {"programmes/derbyshire/d383", "Matlock (Derbyshire Dales)", "2019-10-01",
        "Police and Crime Commissioner", ""}},
      {"persons",
       "person",
       {"as", "name", "post", "organisation", "personal_name", "contact", "personal_note",
        "sealed_for", "on"},
       {"persons/v-017", "", "Custody visitor", "OPCC", "Ann Smith", "ann@example.org",
        "vetted until March 2026", "itself", "2019-05-20"}},
      {"findings",
       "finding",
       {"as", "scheme", "session", "title", "grade", "observation", "case", "response-due", "on",
        "personal_detail", "restricted_detail", "sealed_for"},
       {"findings/custody/2019-7", "schemes/custody-visiting", "", "Meals were late", "concern",
        "Two of five were served after nine", "CV/2019/7", "2019-07-01", "2019-05-02", "",
        "The kitchen of suite 2", "office"}},
  };
  return *kTemplates;
}

bool HasTemplate(const Verb& verb) { return !TemplateOf(verb).empty(); }

std::string TemplateOf(const Verb& verb) {
  for (const CsvTemplate& csv : CsvTemplates()) {
    if (csv.verb == verb.name) return csv.name;
  }
  return "";
}

std::string TemplateText(const CsvTemplate& csv) {
  std::vector<std::string> example = csv.example;
  example[0] = absl::StrCat(kCommentMark, example[0]);
  return absl::StrCat(WriteCsvRow(csv.columns), WriteCsvRow(example));
}

absl::StatusOr<std::vector<CsvRequest>> ReadCsvFacts(const Verb& verb, absl::string_view file,
                                                     absl::string_view text, const Args& args,
                                                     FillSources sources) {
  if (args.Has(kSealWholeFlag)) {
    return UsageError(absl::StrCat(
        "--", kSealWholeFlag,
        " does not go with --from: rows that are sealed as a whole have no public part by which "
        "they could be told apart when the file is read again; record them one by one, or import "
        "them with request ids of their own"));
  }
  auto rows = ReadCsv(text);
  if (!rows.ok()) return Prefixed(absl::StrCat(file, ", "), rows.status());
  while (!rows->empty() && IsComment(rows->front())) rows->erase(rows->begin());
  if (rows->empty()) return UsageError(absl::StrCat(file, ": there is no row with headings"));
  auto names = ReadHeader(verb, rows->front());
  if (!names.ok()) return Prefixed(absl::StrCat(file, ": "), names.status());

  RowErrors errors(file);
  std::vector<CsvRequest> requests;
  std::map<std::string, int> seen;
  for (size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (IsComment(row)) continue;
    const absl::StatusOr<Args> row_args = ArgsOf(verb, *names, row, args);
    if (!row_args.ok()) {
      errors.Add(row.row, row_args.status().message());
      continue;
    }
    // Made from its public part, the id of a row would be that of another person's with the same
    // post, also after that one was erased: it would pass for recorded already.
    if (AsksForSeals(*row_args) && !row_args->Has("as")) {
      errors.Add(row.row,
                 absl::StrCat("what is sealed does not tell it from another row; give the row a "
                              "record of its own in the column as, such as ",
                              ExampleRecord(verb)));
      continue;
    }
    std::string canonical = Canonical(verb, *row_args);
    // The same row twice is two facts.
    const int times = ++seen[canonical];
    if (times > 1 && AsksForSeals(*row_args)) {
      errors.Add(row.row,
                 "its record and its public part are those of an earlier row, and nothing else "
                 "could tell the two apart when the file is read again; give each a record of its "
                 "own in the column as, or record it by flags");
      continue;
    }
    if (times > 1) absl::StrAppend(&canonical, "\n", times);
    sources.mint = [&canonical] { return DerivedId("", canonical).substr(1, 26); };
    CsvRequest request;
    request.row = row.row;
    request.request.set_request_id(DerivedId("csv", canonical));
    const absl::Status status = FillRow(verb, *row_args, sources, request.request.add_facts());
    if (absl::IsUnavailable(status)) return status;
    if (!status.ok()) {
      errors.Add(row.row, status.message());
      continue;
    }
    requests.push_back(std::move(request));
  }
  SCRUTINY_RETURN_IF_ERROR(errors.status());
  if (requests.empty())
    return UsageError(absl::StrCat(file, ": there is no row below the headings"));
  return requests;
}

absl::Status RecordCsv(const Verb& verb, const Args& args, Context& context) {
  const std::string file = args.Get("from");
  SCRUTINY_ASSIGN_OR_RETURN(SendOptions options, SendOptionsOf(args));
  options.one_of_many = true;
  SCRUTINY_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  SCRUTINY_ASSIGN_OR_RETURN(
      std::vector<CsvRequest> requests,
      ReadCsvFacts(verb, file, text, args, SourcesFrom(context.client, /*date_today=*/false)));

  Progress progress(context.err, context.err_is_terminal, "Checking");
  RowErrors errors(file);
  for (size_t i = 0; i < requests.size(); ++i) {
    ledger::v1::AppendRequest& request = requests[i].request;
    request.set_validate_only(true);
    const absl::Status status = AppendDespite(options, &request, context).status();
    request.set_validate_only(false);
    if (absl::IsUnavailable(status)) return status;
    if (!status.ok()) errors.Add(requests[i].row, status.message());
    progress.Show(i, requests.size(), Count(i, "row", "rows"));
  }
  progress.Clear();
  SCRUTINY_RETURN_IF_ERROR(errors.status());
  if (options.dry_run) {
    context.out << Count(requests.size(), "row is", "rows are")
                << " in order; nothing was recorded.\n";
    return absl::OkStatus();
  }
  for (const CsvRequest& request : requests) {
    options.tell_how = &request == &requests.back();
    if (options.format == Format::kTable) context.out << "Row " << request.row << ": ";
    SCRUTINY_RETURN_IF_ERROR(Prefixed(absl::StrCat(file, ", row ", request.row, ": "),
                                      Send(request.request, options, context)));
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::tools
