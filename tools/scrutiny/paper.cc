// `scrutiny paper add|get|list|remove`: the bytes of papers.
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"

#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "ledger/papers/media_type.h"
#include "ledger/papers/paper_store.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

namespace api = ::scrutiny::ledger::v1;

constexpr size_t kPieceBytes = size_t{256} << 10;

std::string Hex(const std::string& sha256) { return absl::BytesToHexString(sha256); }

std::string Words(const api::HeldPaper& paper) {
  const ledger::MediaType* const type = ledger::FindMediaType(paper.media_type());
  return std::string(type == nullptr ? absl::string_view(paper.media_type()) : type->words);
}

// The SHA-256 that an argument says, with or without `sha256:` before it.
absl::StatusOr<std::string> Sha256Of(absl::string_view text) {
  absl::ConsumePrefix(&text, "sha256:");
  const absl::optional<ledger::Hash> hash = ledger::ParseSha256(text);
  if (hash) return std::string(ledger::AsBytes(*hash));
  return UsageError(absl::StrCat(text, " is no SHA-256: it has 64 hexadecimal digits"));
}

// --- add

absl::Status AddOne(const std::string& file, Context& context) {
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(file, error);
  std::ifstream in(file, std::ios::binary);
  if (error || !in.is_open()) {
    return absl::NotFoundError(
        absl::StrCat("cannot read ", file, error ? absl::StrCat(": ", error.message()) : ""));
  }
  if (size > ledger::kPaperBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(file, " has ", SizeInWords(size),
                                                   "; a paper has at most ",
                                                   SizeInWords(ledger::kPaperBytesMax)));
  }
  const ledger::MediaType* const said = ledger::MediaTypeByName(file);
  Progress progress(context.err, context.err_is_terminal, "Adding");
  uint64_t sent = 0;
  const absl::StatusOr<api::AddPaperResponse> added =
      context.client.AddPaper(said == nullptr ? absl::string_view() : said->name,
                              [&](std::string* piece) -> absl::StatusOr<bool> {
                                piece->resize(kPieceBytes);
                                in.read(piece->data(), static_cast<std::streamsize>(piece->size()));
                                piece->resize(static_cast<size_t>(in.gcount()));
                                if (in.bad())
                                  return absl::UnavailableError(absl::StrCat("cannot read ", file));
                                sent += piece->size();
                                progress.Show(sent, size, SizeInWords(sent));
                                return !piece->empty();
                              });
  progress.Clear();
  if (!added.ok()) return Prefixed(absl::StrCat(file, ": "), added.status());
  const api::HeldPaper& paper = added->paper();
  context.out << Hex(paper.sha256()) << "  " << file << "\n";
  context.err << (added->held_already() ? "Held already: " : "Held: ") << Words(paper) << ", "
              << SizeInWords(paper.bytes()) << ".\n";
  return absl::OkStatus();
}

absl::Status Add(const Args& args, Context& context) {
  absl::Status first;
  for (const std::string& file : args.All("FILE")) {
    const absl::Status added = AddOne(file, context);
    if (added.ok()) continue;
    if (absl::IsUnavailable(added)) return added;
    // The others are added all the same.
    context.err << ErrorInWords(added, context.verbose) << "\n";
    if (first.ok()) first = added;
  }
  return first.ok() ? first : absl::FailedPreconditionError("not every paper was added; see above");
}

Command AddCommand() {
  return {
      .name = "add",
      .summary = "Add papers to the store",
      .details =
          "Prints the SHA-256 of each, by which facts cite it:\n\n"
          "  scrutiny paper add 8a.pdf\n"
          "  scrutiny record submit-paper … --sha256 9f86d0…\n\n"
          "What a paper is, is found out from its bytes; one that is not what its name says is\n"
          "refused. Adding one twice changes nothing.",
      .options = {{.name = "FILE",
                   .help = "PDF, Word, Excel, PowerPoint, OpenDocument, text, CSV, Markdown,\n"
                           "PNG or JPEG, at most 64 MiB",
                   .kind = Option::Kind::kArguments,
                   .value = "",
                   .required = true}},
      .run = Add};
}

// --- get

absl::Status Get(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string sha256, Sha256Of(args.Get("SHA256")));
  api::GetPaperRequest request;
  request.set_sha256(sha256);
  std::string bytes;
  SCRUTINY_RETURN_IF_ERROR(
      context.client.GetPaper(request, [&bytes](const api::GetPaperResponse& piece) {
        bytes.append(piece.bytes());
        return absl::OkStatus();
      }));
  if (ledger::AsBytes(ledger::Sha256Of(bytes)) != sha256) {
    return absl::DataLossError("what came is not the paper: its SHA-256 is another");
  }
  return PutOut(args, bytes, context);
}

Command GetCommand() {
  return {.name = "get",
          .summary = "Get a paper's bytes, checked against their hash",
          .options = {{.name = "SHA256",
                       .help = "Its SHA-256, 64 hexadecimal digits",
                       .kind = Option::Kind::kArgument,
                       .value = "",
                       .required = true},
                      OutOption("the paper")},
          .run = Get};
}

// --- list

absl::Status List(const Args& args, Context& context) {
  const Format format = FormatOf(args);
  Printout printout;
  printout.headings = {"SHA-256", "Size", "Type"};
  printout.places.assign(printout.headings.size(), Place::kColumn);
  printout.csv_names = {"sha256", "bytes", "media_type"};
  api::ListHeldPapersRequest request;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const api::ListHeldPapersResponse page, context.client.Call(request));
    for (const api::HeldPaper& paper : page.papers()) {
      if (format == Format::kJson) {
        printout.json_rows.push_back(ToJson(paper));
      } else if (format == Format::kTable) {
        printout.rows.push_back({Hex(paper.sha256()), SizeInWords(paper.bytes()), Words(paper)});
      } else {
        printout.rows.push_back(
            {Hex(paper.sha256()), absl::StrCat(paper.bytes()), paper.media_type()});
      }
    }
    printout.footer =
        page.total() == 0
            ? std::string("No papers are held yet; `scrutiny paper add FILE` adds one.")
            : absl::StrCat(Count(page.total(), "paper", "papers"), ", ",
                           SizeInWords(page.total_bytes()), ".");
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Print(printout, format, context);
  return absl::OkStatus();
}

Command ListHeldCommand() {
  return {
      .name = "list", .summary = "Which papers are held", .options = {FormatOption()}, .run = List};
}

// --- remove

absl::Status Remove(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string sha256, Sha256Of(args.Get("SHA256")));
  if (!args.Has("yes")) {
    return UsageError(
        "this cannot be undone; say --yes. Facts that cite the paper stand, backups made before "
        "still have it");
  }
  api::RemovePaperRequest request;
  request.set_sha256(sha256);
  SCRUTINY_ASSIGN_OR_RETURN(const api::RemovePaperResponse removed, context.client.Call(request));
  context.out << "Removed " << Words(removed.paper()) << " " << Hex(sha256) << ", "
              << SizeInWords(removed.paper().bytes()) << ".\n";
  return absl::OkStatus();
}

Command RemoveCommand() {
  return {.name = "remove",
          .summary = "Take a paper out of the store for good",
          .options = {{.name = "SHA256",
                       .help = "Its SHA-256, 64 hexadecimal digits",
                       .kind = Option::Kind::kArgument,
                       .value = "",
                       .required = true},
                      {.name = "yes",
                       .help = "Do it: it cannot be undone",
                       .kind = Option::Kind::kSwitch}},
          .run = Remove};
}

}  // namespace

Command PaperCommand() {
  return {.name = "paper",
          .summary = "Add, get and list the bytes of papers that facts cite",
          .group = kForSecretaries,
          .commands = {AddCommand(), GetCommand(), ListHeldCommand(), RemoveCommand()}};
}

}  // namespace scrutiny::tools
