#include "projections/queries/minutes_render_words.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "ledger/base/date.h"

namespace scrutiny::projections {
namespace {

using event::v1::ResolutionLimb;

constexpr absl::string_view kMonths[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

// Embeddings, overrides, isolates and marks of direction, U+200E to U+202E and U+2066 to U+2069,
// as they stand in UTF-8.
bool IsDirectional(absl::string_view three) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(three[i]); };
  if (three.size() < 3 || byte(0) != 0xe2) return false;
  if (byte(1) == 0x80) {
    return byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xaa && byte(2) <= 0xae);
  }
  return byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
}

std::string EnumWords(absl::string_view prefix, absl::string_view name) {
  std::string words = absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
  if (words == "unspecified") return std::string();
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// Words that begin a sentence with a capital and go on with a small letter.
bool BeginsWithArticle(absl::string_view text) {
  const absl::string_view word = text.substr(0, text.find(' '));
  for (const absl::string_view article :
       {"The", "This", "That", "These", "Those", "A", "An", "There", "Its", "It"}) {
    if (word == article) return true;
  }
  return false;
}

std::string SmallIfArticle(absl::string_view text) {
  std::string small(text);
  if (BeginsWithArticle(text)) small[0] = absl::ascii_tolower(static_cast<unsigned char>(small[0]));
  return small;
}

std::string VerbOf(const ResolutionLimb& limb) {
  if (!limb.verb_printed().empty()) return limb.verb_printed();
  switch (limb.verb()) {
    case event::v1::RESOLUTION_VERB_GAIN_ASSURANCE:
      return "Assurance was gained";
    case event::v1::RESOLUTION_VERB_APPROVE_AS_CORRECT_RECORD:
      return "To approve as a correct record";
    case event::v1::RESOLUTION_VERB_DIRECT:
    case event::v1::RESOLUTION_VERB_UNSPECIFIED:
      return std::string();
    default:
      return absl::StrCat(
          "To ", EnumWords("RESOLUTION_VERB_", event::v1::ResolutionVerb_Name(limb.verb())));
  }
}

std::string Joined(const std::string& verb, const std::string& subject) {
  if (verb.empty()) return subject;
  const std::string lower = absl::AsciiStrToLower(verb);
  if (absl::StartsWith(lower, "was ") || absl::StartsWith(lower, "were ")) {
    return absl::StrCat(subject, " ", verb);
  }
  if (absl::StartsWith(lower, "to ")) return absl::StrCat(verb, " ", SmallIfArticle(subject));
  // `For the Chief Constable to develop` and `The Chief Constable to develop an agreement`.
  const absl::string_view whom = absl::StripPrefix(lower, "for ");
  if (whom.size() < lower.size() && absl::StartsWithIgnoreCase(subject, whom)) {
    return absl::StrCat("For ", SmallIfArticle(subject));
  }
  const bool assurance =
      absl::EndsWith(lower, "assurance was gained") || absl::EndsWith(lower, "gained assurance");
  if (assurance && BeginsWithArticle(subject)) {
    return absl::StrCat(verb, " that ", SmallIfArticle(subject));
  }
  return absl::StrCat(verb, ": ", subject);
}

}  // namespace

std::string DateInFull(absl::string_view iso) {
  const auto date = ledger::PartialDate::Parse(iso);
  if (!date.ok()) return std::string(iso);
  const std::string text = date->ToString();
  if (date->precision() == ledger::PartialDate::Precision::kYear) return text;
  int month = 0;
  if (!absl::SimpleAtoi(text.substr(5, 2), &month) || month < 1 || month > 12) return text;
  const std::string named = absl::StrCat(kMonths[month - 1], " ", text.substr(0, 4));
  if (date->precision() == ledger::PartialDate::Precision::kMonth) return named;
  return absl::StrCat(absl::StripPrefix(text.substr(8, 2), "0"), " ", named);
}

std::string PlainText(absl::string_view text) {
  std::string plain;
  bool space = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte <= ' ' || byte == 0x7f) {
      space = true;
      continue;
    }
    if (IsDirectional(text.substr(i, 3))) {
      i += 2;
      continue;
    }
    if (space && !plain.empty()) plain += ' ';
    space = false;
    plain += text[i];
  }
  return plain;
}

std::string AsSentence(absl::string_view text) {
  std::string sentence = PlainText(text);
  if (sentence.empty()) return sentence;
  for (const absl::string_view end : {".", "!", "?", ":", "…", ".”", ".’", ".)", ".\"", ".'"}) {
    if (absl::EndsWith(sentence, end)) return sentence;
  }
  return sentence + ".";
}

std::string Capital(absl::string_view text) {
  std::string capital(text);
  if (!capital.empty()) {
    capital[0] = absl::ascii_toupper(static_cast<unsigned char>(capital[0]));
  }
  return capital;
}

std::string WithAnd(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return absl::StrJoin(parts, "");
  const std::vector<std::string> first(parts.begin(), parts.end() - 1);
  return absl::StrCat(absl::StrJoin(first, ", "), " and ", parts.back());
}

std::string CapacityWords(event::v1::Capacity capacity) {
  if (capacity == event::v1::CAPACITY_VICE_CHAIR) return "vice-chair";
  return EnumWords("CAPACITY_", event::v1::Capacity_Name(capacity));
}

std::string HandlingWords(event::v1::InterestHandling handling) {
  switch (handling) {
    case event::v1::INTEREST_HANDLING_TOOK_PART:
      return "stayed and took part";
    case event::v1::INTEREST_HANDLING_DID_NOT_VOTE:
      return "stayed and did not vote or decide";
    case event::v1::INTEREST_HANDLING_STAYED_SILENT:
      return "stayed and said nothing";
    case event::v1::INTEREST_HANDLING_SPOKE_THEN_LEFT:
      return "spoke, then left the room";
    case event::v1::INTEREST_HANDLING_LEFT_ROOM:
      return "left the room";
    case event::v1::INTEREST_HANDLING_DISPENSATION:
      return "took part under a dispensation";
    default:
      return std::string();
  }
}

std::string AssuranceWords(register_::v1::AssuranceOutcome outcome) {
  switch (outcome) {
    case register_::v1::ASSURANCE_OUTCOME_SOUGHT:
      return "was sought, and no outcome is recorded";
    case register_::v1::ASSURANCE_OUTCOME_GAINED:
      return "was gained";
    case register_::v1::ASSURANCE_OUTCOME_GAINED_WITH_CONDITIONS:
      return "was gained on conditions";
    case register_::v1::ASSURANCE_OUTCOME_NOT_GAINED:
      return "was not gained";
    case register_::v1::ASSURANCE_OUTCOME_DEFERRED:
      return "was deferred";
    case register_::v1::ASSURANCE_OUTCOME_REVOKED:
      return "was revoked";
    default:
      return "was dealt with";
  }
}

std::string LimbWords(const ResolutionLimb& limb) {
  std::string text = Capital(Joined(VerbOf(limb), PlainText(limb.subject())));
  std::vector<std::string> amounts;
  for (const event::v1::Amount& amount : limb.amounts()) {
    const std::string printed =
        amount.printed().empty()
            ? absl::StrCat("£", amount.pence() / 100, ".",
                           absl::Dec(std::abs(amount.pence() % 100), absl::kZeroPad2))
            : amount.printed();
    if (absl::StrContains(text, printed)) continue;
    amounts.push_back(amount.label().empty() ? printed
                                             : absl::StrCat(amount.label(), ": ", printed));
  }
  if (!amounts.empty()) {
    text = absl::StrCat(absl::StripSuffix(text, "."), " (", absl::StrJoin(amounts, "; "), ")");
  }
  if (!limb.items().empty()) {
    text = absl::StrCat(absl::StripSuffix(text, "."), ": ", absl::StrJoin(limb.items(), "; "));
  }
  return AsSentence(text);
}

}  // namespace scrutiny::projections
