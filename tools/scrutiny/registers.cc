// `scrutiny registers`
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using register_::v1::RegisterInfo;

// So many characters of a digest tell two apart at a glance.
constexpr size_t kDigestShown = 16;

std::string LagCell(const RegisterInfo& info) {
  if (info.lag_entries() == 0) return "level";
  return absl::StrCat(Count(info.lag_entries(), "entry", "entries"), ", ",
                      SpanInWords(info.lag_us()));
}

std::string StateCell(const RegisterInfo& info) {
  if (info.stalled()) return absl::StrCat("STOPPED: ", info.stalled_because());
  const std::string done = Count(info.rebuild_done(), "entry", "entries");
  switch (info.rebuild()) {
    case register_::v1::REBUILD_PHASE_BUILDING:
      return absl::StrCat(info.rolling_back() ? "going back: " : "being rebuilt: ", done);
    case register_::v1::REBUILD_PHASE_PAUSED:
      return absl::StrCat("rebuild cancelled at ", done);
    case register_::v1::REBUILD_PHASE_DIFFERS:
      return "rebuilt, and NOT THE SAME: see scrutiny rebuild --help";
    default:
      return info.can_roll_back() ? "the one before is kept" : "";
  }
}

absl::Status Run(const Args& args, Context& context) {
  register_::v1::ListRegistersRequest request;
  if (args.Has("recorded-by")) {
    SCRUTINY_ASSIGN_OR_RETURN(const uint64_t sequence,
                              ReadSequence(args.Get("recorded-by"), "--recorded-by"));
    request.set_sequence(sequence);
  }
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, context.client.Call(request));
  const Format format = FormatOf(args);
  const bool words = format == Format::kTable;
  Printout printout;
  printout.headings = {"Register", "Version", "Up to entry", "Rows", "Digest", "Lag", "State"};
  printout.places.assign(printout.headings.size(), Place::kColumn);
  printout.csv_names = {"name",        "version", "position",
                        "rows",        "digest",  "digest_sequence",
                        "lag_entries", "lag_us",  "stalled_because"};
  for (const RegisterInfo& info : response.registers()) {
    const std::string digest = absl::BytesToHexString(info.digest());
    const std::string position =
        info.has_position() ? absl::StrCat(info.position()) : std::string(words ? "none" : "");
    if (format == Format::kJson) {
      printout.json_rows.push_back(ToJson(info));
    } else if (words) {
      printout.rows.push_back({info.name(), absl::StrCat(info.version()), position,
                               absl::StrCat(info.rows()), digest.substr(0, kDigestShown),
                               LagCell(info), StateCell(info)});
    } else {
      printout.rows.push_back(
          {info.name(), absl::StrCat(info.version()), position, absl::StrCat(info.rows()), digest,
           info.has_digest_sequence() ? absl::StrCat(info.digest_sequence()) : std::string(),
           absl::StrCat(info.lag_entries()), absl::StrCat(info.lag_us()), info.stalled_because()});
    }
  }
  printout.footer =
      request.has_sequence()
          ? absl::StrCat("Digests as of entry ", request.sequence(),
                         "; two servers fed the same entries have the same.")
          : std::string("Two servers fed the same entries have the same digest at the same entry.");
  Print(printout, format, context);
  return absl::OkStatus();
}

}  // namespace

Command RegistersCommand() {
  return {
      .name = "registers",
      .summary = "Every register: version, position, rows, digest, lag",
      .group = kForAuditors,
      .details =
          "A register's digest tells what its rows went through up to an entry. It is the same\n"
          "on every server that was fed the same entries, and after a rebuild.\n"
          "Example:\n"
          "  scrutiny registers --recorded-by 412 --format json",
      .options = {{.name = "recorded-by",
                   .help = "The digests as of this entry",
                   .value = "SEQ",
                   .alias = "as-of"},
                  FormatOption()},
      .run = Run};
}

}  // namespace scrutiny::tools
