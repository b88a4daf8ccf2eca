// Resolve of records.h: from what people say to record names.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/derive.h"
#include "ledger/format/fact_types.h"
#include "services/grpc/records.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using ledger::Error;
using ledger::IndexView;
using ledger::Reason;
using ledger::Revision;

// The longest alias worth looking up: a name with a kind before it.
constexpr size_t kAliasAskedBytesMax = 2 * ledger::kAliasBytesMax;

const std::set<std::string>& Kinds() {
  static const auto& kinds = *[] {
    auto* const all = new std::set<std::string>;
    for (const ledger::FactTypeInfo& type : ledger::AllFactTypes()) {
      all->insert(type.kinds.begin(), type.kinds.end());
    }
    return all;
  }();
  return kinds;
}

// The kind that a word says, singular or plural, in any case: `Decision`, `plan item`; empty if
// none.
std::string KindSaid(absl::string_view words) {
  std::string said = absl::AsciiStrToLower(words);
  std::replace(said.begin(), said.end(), ' ', '-');
  std::replace(said.begin(), said.end(), '_', '-');
  for (const std::string& kind : Kinds()) {
    if (said == kind || absl::StrCat(said, "s") == kind) return kind;
    absl::string_view stem = said;
    if (absl::ConsumeSuffix(&stem, "y") && absl::StrCat(stem, "ies") == kind) return kind;
  }
  return "";
}

// An alias, and the kind it is of; empty: of any.
struct Reading {
  std::string alias;
  std::string kind;
};

// What is left after a word that introduces a number.
absl::string_view WithoutNumberWord(absl::string_view text) {
  for (const absl::string_view word : {"number ", "no. ", "no ", "nr. ", "nr ", "no.", "#"}) {
    if (absl::StartsWithIgnoreCase(text, word) && text.size() > word.size() &&
        (word.back() == ' ' || absl::ascii_isdigit(text[word.size()]))) {
      return absl::StripAsciiWhitespace(text.substr(word.size()));
    }
  }
  return text;
}

bool IsYear(absl::string_view text) {
  int year = 0;
  return text.size() == 4 && absl::SimpleAtoi(text, &year) && year >= 1900 && year < 2200;
}

// The other ways to write a number: `13/2019` and `2019/013` for `2019/13`.
std::vector<std::string> NumberForms(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::ByAnyChar("/-"));
  uint64_t number = 0;
  if (parts.size() != 2) return {};
  const absl::string_view first = absl::StripAsciiWhitespace(parts[0]);
  const absl::string_view second = absl::StripAsciiWhitespace(parts[1]);
  if (IsYear(first) && !IsYear(second) && absl::SimpleAtoi(second, &number)) {
    return {absl::StrCat(first, "/", number)};
  }
  if (IsYear(second) && !IsYear(first) && absl::SimpleAtoi(first, &number)) {
    return {absl::StrCat(second, "/", number)};
  }
  return {};
}

void AddReadings(absl::string_view alias, const std::string& kind, std::vector<Reading>* out) {
  const absl::string_view bare = WithoutNumberWord(alias);
  out->push_back({std::string(alias), kind});
  if (bare != alias) out->push_back({std::string(bare), kind});
  for (std::string& form : NumberForms(bare)) out->push_back({std::move(form), kind});
}

// Every way to understand what was asked for.
std::vector<Reading> ReadingsOf(absl::string_view alias, const std::string& kind) {
  std::vector<Reading> readings;
  AddReadings(alias, kind, &readings);
  // A kind said before it, in one word or two: `decision 2019/13`, `plan item 3`.
  size_t space = 0;
  for (int words = 1; words <= 2; ++words) {
    space = alias.find(' ', space);
    if (space == absl::string_view::npos) break;
    const std::string said = KindSaid(alias.substr(0, space));
    if (!said.empty() && (kind.empty() || kind == said)) {
      AddReadings(absl::StripAsciiWhitespace(alias.substr(space)), said, &readings);
    }
    space = alias.find_first_not_of(' ', space);
  }
  return readings;
}

class Candidates {
 public:
  explicit Candidates(const IndexView& index) : index_(index) {}

  // The record of this very name, held or only cited.
  absl::Status AddNamed(const std::string& name, const std::string& kind) {
    if (!ledger::ValidateRecordName(name).ok()) return absl::OkStatus();
    if (!kind.empty() && ledger::RecordKind(name) != kind) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::HistoryItem> first,
                              index_.History(name, Revision(1), 1));
    if (!first.empty()) {
      Add(name, "", name, first[0].sequence);
      return absl::OkStatus();
    }
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Sequence> cited, index_.CitedBy(name, 1));
    if (!cited.empty()) Add(name, "", name, cited[0]);
    return absl::OkStatus();
  }

  // What entries that still stand call so.
  absl::Status AddCalled(const Reading& reading) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::vector<ledger::ClaimHit> hits,
        index_.Claims(ledger::AliasClaim(reading.alias), ledger::kResolveCandidatesMax));
    for (const ledger::ClaimHit& hit : hits) {
      if (!reading.kind.empty() && ledger::RecordKind(hit.record) != reading.kind) continue;
      SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::ClaimHit> withdrawn,
                                index_.Claims(ledger::WithdrawalClaim(hit.sequence), 1));
      if (withdrawn.empty()) Add(hit.record, hit.item, hit.printed, hit.sequence);
    }
    return absl::OkStatus();
  }

  api::ResolveResponse Take() {
    std::sort(found_.begin(), found_.end(),
              [](const api::ResolvedRecord& a, const api::ResolvedRecord& b) {
                return a.sequence() < b.sequence();
              });
    if (found_.size() > ledger::kResolveCandidatesMax) {
      found_.resize(ledger::kResolveCandidatesMax);
    }
    api::ResolveResponse response;
    for (api::ResolvedRecord& record : found_) *response.add_candidates() = std::move(record);
    return response;
  }

 private:
  void Add(const std::string& record, const std::string& item, const std::string& matched,
           ledger::Sequence sequence) {
    if (!seen_.insert({record, item}).second) return;
    api::ResolvedRecord& found = found_.emplace_back();
    found.set_record(record);
    found.set_item(item);
    found.set_matched(matched);
    found.set_sequence(sequence.value());
  }

  const IndexView& index_;
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<api::ResolvedRecord> found_;
};

absl::Status CheckAsked(const api::ResolveRequest& request, absl::string_view alias) {
  if (alias.empty()) {
    return Error(Reason::kMalformed, "There is nothing to look up.")
        .Field("alias")
        .Next("Say a record's name, number or alias.");
  }
  if (alias.size() > kAliasAskedBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("An alias has at most ", ledger::kAliasBytesMax, " bytes."))
        .Field("alias")
        .Value(alias);
  }
  if (!request.kind().empty() && KindSaid(request.kind()).empty()) {
    return Error(Reason::kMalformed,
                 absl::StrCat("There is no kind of record called `", request.kind(), "`."))
        .Field("kind")
        .Value(request.kind())
        .Next("Name a kind such as `decisions`, or none.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<api::ResolveResponse> Resolve(ledger::Ledger& ledger,
                                             const api::ResolveRequest& request) {
  const absl::string_view alias = absl::StripAsciiWhitespace(request.alias());
  SCRUTINY_RETURN_IF_ERROR(CheckAsked(request, alias));
  const std::string kind = request.kind().empty() ? "" : KindSaid(request.kind());

  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<IndexView> index, ledger.Index());
  Candidates candidates(*index);
  SCRUTINY_RETURN_IF_ERROR(candidates.AddNamed(std::string(alias), kind));
  for (const Reading& reading : ReadingsOf(alias, kind)) {
    if (!reading.kind.empty()) {
      SCRUTINY_RETURN_IF_ERROR(
          candidates.AddNamed(absl::StrCat(reading.kind, "/", reading.alias), reading.kind));
    }
    SCRUTINY_RETURN_IF_ERROR(candidates.AddCalled(reading));
  }
  return candidates.Take();
}

}  // namespace scrutiny::services
