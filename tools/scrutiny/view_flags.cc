#include "tools/scrutiny/view_flags.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

constexpr char kGroup[] = "Three questions";

absl::StatusOr<std::string> DateFlag(const Args& args, absl::string_view name) {
  auto date = ReadDate(args.Get(name));
  if (date.ok()) return date;
  return UsageError(absl::StrCat("--", name, ": ", date.status().message()));
}

}  // namespace

void AddViewFlags(Command* command) {
  const Option flags[] = {
      {.name = "recorded-by",
       .help = "What was recorded then: up to an entry's sequence or a time",
       .value = "SEQ|TIME",
       .alias = "as-of",
       .group = kGroup},
      {.name = "true-on",
       .help = "What was true then: only facts dated on or before the day",
       .value = "DATE",
       .alias = "as-at",
       .group = kGroup},
      {.name = "known-to",
       .help = "What had been put before this forum, with --on",
       .value = "FORUM",
       .group = kGroup},
      {.name = "on",
       .help = "The day to which --known-to refers",
       .value = "DATE",
       .group = kGroup},
      {.name = "judged-on",
       .help = "The day on which overdue is judged; by default the day asked about, else today",
       .value = "DATE",
       .group = kGroup},
  };
  for (const Option& flag : flags) command->options.push_back(flag);
  command->options.push_back(WithProofsOption());
  command->options.push_back(FormatOption());
}

Option WithProofsOption() {
  return {.name = "with-proofs",
          .help = "With --format json: with each row the proofs of the entries behind it",
          .kind = Option::Kind::kSwitch};
}

absl::StatusOr<bool> WantsProofs(const Args& args) {
  if (!args.Has("with-proofs")) return false;
  if (FormatOf(args) == Format::kJson || FormatOf(args) == Format::kJsonLines) return true;
  return UsageError("--with-proofs goes with --format json; other formats have no place for them");
}

absl::StatusOr<register_::v1::View> ReadView(const Args& args, Client& client) {
  register_::v1::View view;
  SCRUTINY_ASSIGN_OR_RETURN(const bool with_proofs, WantsProofs(args));
  view.set_with_proofs(with_proofs);
  if (args.Has("recorded-by")) {
    const std::string text = args.Get("recorded-by");
    uint64_t sequence = 0;
    if (absl::SimpleAtoi(text, &sequence)) {
      view.set_sequence(sequence);
    } else {
      const auto moment = ReadMoment(text);
      if (!moment.ok()) {
        return UsageError(absl::StrCat("--recorded-by: ", moment.status().message()));
      }
      view.set_recorded_at_us(*moment);
    }
  }
  if (args.Has("known-to") != args.Has("on")) {
    return UsageError("--known-to and --on go together: --known-to forums/spab --on 2019-05-20");
  }
  if (args.Has("known-to") && args.Has("true-on")) {
    return UsageError("--known-to and --true-on are two different questions; ask one of them");
  }
  if (args.Has("known-to")) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string forum,
                              ResolveName(client, args.Get("known-to"), "forums"));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string on, DateFlag(args, "on"));
    view.mutable_known_to()->set_forum(forum);
    view.mutable_known_to()->set_on(on);
  }
  if (args.Has("true-on")) {
    SCRUTINY_ASSIGN_OR_RETURN(*view.mutable_true_on(), DateFlag(args, "true-on"));
  }
  if (args.Has("judged-on")) {
    SCRUTINY_ASSIGN_OR_RETURN(*view.mutable_judged_on(), DateFlag(args, "judged-on"));
  }
  return view;
}

std::string BasisInWords(const register_::v1::Basis& basis) {
  std::string text = basis.has_sequence()
                         ? absl::StrCat("As recorded up to entry ", basis.sequence())
                         : std::string("Nothing is recorded yet");
  if (!basis.judged_on().empty()) {
    absl::StrAppend(&text, "; judged on ", DateInWords(basis.judged_on()));
  }
  text += ".";
  if (!basis.note().empty()) {
    absl::StrAppend(&text, " ", Capitalised(basis.note()), basis.note().back() == '.' ? "" : ".");
  }
  if (basis.stalled()) {
    absl::StrAppend(&text, "\nWARNING: this register has stopped and shows what it last knew: ",
                    basis.stalled_because());
  }
  return text;
}

}  // namespace scrutiny::tools
