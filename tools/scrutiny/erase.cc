// `scrutiny erase SUBJECT --reason TEXT --authority TEXT`
#include <algorithm>
#include <cstddef>
#include <istream>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/held_seals.h"
#include "tools/support/mint.h"
#include "tools/support/proto_json.h"
#include "tools/support/seals.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using ledger::v1::EraseSubjectRequest;
using ledger::v1::EraseSubjectResponse;

// What is listed of a preview; the counts say what there is besides.
constexpr int kHeldShown = 20;
constexpr size_t kOwnShown = 10;

std::string Counts(const EraseSubjectResponse& response) {
  return absl::StrCat(Count(response.seals(), "sealed part", "sealed parts"), " in ",
                      Count(response.entries(), "entry", "entries"));
}

// What everybody will learn: the entries concern one person, and where one stands on the person's
// own record, whom.
void PrintWhatIsMadePublic(const std::string& subject, const EraseSubjectResponse& preview,
                           std::ostream& out) {
  std::set<uint64_t> own;
  for (const ledger::v1::HeldSeal& held : preview.held()) {
    if (held.record() == subject) own.insert(held.sequence());
  }
  if (preview.entries() > 1) {
    out << "These entries will be named together in public, for ever: everybody can see that they "
           "concern one person.\n";
  }
  if (own.empty()) return;
  out << (own.size() == 1 ? "Entry " : "Entries ")
      << absl::StrJoin(own.begin(),
                       std::next(own.begin(), std::min<ptrdiff_t>(own.size(), kOwnShown)), ", ")
      << (own.size() > kOwnShown ? ", …" : "") << (own.size() == 1 ? " is on " : " are on ")
      << subject << " itself: everybody can see who that is.\n";
}

void PrintPreview(const std::string& subject, const EraseSubjectResponse& preview,
                  std::ostream& out, size_t width) {
  if (preview.seals() == 0) {
    out << "Nothing is held sealed for " << subject << " here.\n";
    if (preview.has_key()) {
      out << "Its key is here all the same, and opens what copies elsewhere hold; erasing destroys "
             "it.\n";
    }
    return;
  }
  Table table = HeldTable();
  int shown = 0;
  for (const ledger::v1::HeldSeal& held : preview.held()) {
    if (shown == kHeldShown) break;
    AddHeld(held, &table);
    ++shown;
  }
  out << table.Render(width) << "\n";
  if (static_cast<uint64_t>(shown) < preview.seals()) {
    out << "… and " << preview.seals() - shown << " more; `scrutiny subject " << subject
        << "` lists them all.\n";
  }
  out << "Erasing " << subject << " would make " << Counts(preview)
      << " unreadable here for ever,\n"
      << "and everywhere once the last backup of the key store that has the key has expired; the\n"
      << "answer says when. The entries themselves stay, and so does every proof.\n";
  PrintWhatIsMadePublic(subject, preview, out);
}

// Whether the user at the terminal types the subject's name.
absl::Status Confirm(const std::string& subject, Context& context) {
  context.err << "To erase it, type its name, " << subject << ": " << std::flush;
  std::string typed;
  std::getline(context.in, typed);
  if (absl::StripAsciiWhitespace(typed) == subject) return absl::OkStatus();
  return absl::CancelledError("That is not its name; nothing was erased");
}

void PrintErased(const std::string& subject, const EraseSubjectResponse& erased, Context& context) {
  context.out << (erased.repeated() ? "Erased before: " : "Erased ")
              << (erased.repeated() ? "" : absl::StrCat(subject, ": ")) << Counts(erased)
              << ", recorded as entry " << erased.sequence() << ".\n"
              << "  Erased at:        " << MomentInWords(erased.erased_at_us())
              << ", when the key was destroyed here\n"
              << "  Unrecoverable by: " << MomentInWords(erased.unrecoverable_by_us())
              << ", when the last backup of the keys that may hold it has expired\n";
  // What its entries do not tell.
  if (erased.repeated()) return;
  context.out << "  Keys of others:   " << Count(erased.survivors(), "key", "keys")
              << " wrapped anew\n";
}

absl::StatusOr<EraseSubjectRequest> ReadRequest(const Args& args, Context& context) {
  EraseSubjectRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_subject(),
                            SubjectOf(context.client, args.Get("SUBJECT")));
  if (request.subject() == kSealedForOffice && !args.Has("preview") && !args.Has("office")) {
    return UsageError(
        "`office` is no person: erasing it makes everything unreadable that is sealed for the "
        "office, of every matter. To do that, add --office; --preview shows what it is");
  }
  request.set_reason(args.Get("reason"));
  request.set_authority(args.Get("authority"));
  request.set_request_id(args.Has("request-id") ? args.Get("request-id") : MintRequestId());
  if (args.Has("preview")) return request;
  if (request.reason().empty() || request.authority().empty()) {
    return UsageError(
        "--reason and --authority are missing: why it is erased, and who says so; both are "
        "recorded for ever, so without personal data. --preview only shows what is held");
  }
  return request;
}

absl::Status Run(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(EraseSubjectRequest request, ReadRequest(args, context));
  const bool json = FormatOf(args) == Format::kJson;
  const auto print_json = [&](const EraseSubjectResponse& response) {
    context.out << "[\n" << ToJson(response) << "\n]\n";
  };
  if (args.Has("preview") || !args.Has("yes")) {
    request.set_preview(true);
    SCRUTINY_ASSIGN_OR_RETURN(const auto preview, context.client.Call(request));
    const bool only = args.Has("preview") || !context.in_is_terminal;
    if (json && only) {
      print_json(preview);
    } else {
      PrintPreview(request.subject(), preview, json ? context.err : context.out, context.width);
    }
    const bool nothing = preview.seals() == 0 && !preview.has_key();
    if (args.Has("preview") || nothing) return absl::OkStatus();
    if (!context.in_is_terminal) {
      return UsageError(
          "Nothing was erased: nobody is at a terminal to confirm it. To erase it all the same, "
          "add --yes");
    }
    SCRUTINY_RETURN_IF_ERROR(Confirm(request.subject(), context));
    request.set_preview(false);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const auto erased, context.client.Call(request));
  if (json) {
    print_json(erased);
  } else {
    PrintErased(request.subject(), erased, context);
  }
  return absl::OkStatus();
}

}  // namespace

Command EraseCommand() {
  return {
      .name = "erase",
      .summary = "Erase everything that is sealed for a person",
      .group = kForSecretaries,
      .details =
          "Destroys the person's key, so that nobody can read what was sealed under it, and\n"
          "records that. Shows first what would be erased; at a terminal the person's record has\n"
          "to be typed. The erasure cannot be taken back. A copy of the keys from before it\n"
          "(scrutiny backup-keys) could still open a copy of the ledger from before it. The\n"
          "record of the erasure names the entries together: the public learns that they concern\n"
          "one person, though not whom, unless one of them is on that person's record.\n"
          "Examples:\n"
          "  scrutiny erase persons/v-017 --preview\n"
          "  scrutiny erase persons/v-017 --reason \"Request under Article 17\" \\\n"
          "    --authority \"Data Protection Officer, IG/24/118\"",
      .options = {SubjectArgument(/*office=*/false),
                  {.name = "reason", .help = "Why, without personal data; recorded for ever"},
                  {.name = "authority",
                   .help = "On whose authority: \"Data Protection Officer, IG/24/118\""},
                  {.name = "preview",
                   .help = "Only show what would be erased",
                   .kind = Option::Kind::kSwitch},
                  {.name = "office",
                   .help = "Mean it, where the subject is `office`: everything sealed for it",
                   .kind = Option::Kind::kSwitch},
                  {.name = "yes", .help = "Do not ask: for scripts", .kind = Option::Kind::kSwitch},
                  {.name = "request-id",
                   .help = "The request's id; a random one if not given. The same id erases "
                           "nothing twice",
                   .value = "ID"},
                  FormatOption({"table", "json"})},
      .run = Run};
}

}  // namespace scrutiny::tools
