#include "tools/scrutiny-verify/verdict.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/note/vkey.h"
#include "tools/scrutiny-verify/printable.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Damage;
using nlohmann::ordered_json;

constexpr char kUsageKey[] = "scrutiny-verify/usage";

ordered_json ToJson(const Damage& damage) {
  ordered_json json = {{"kind", ledger::DamageKindName(damage.kind)}, {"what", damage.what}};
  if (damage.entry.has_value()) json["entry"] = damage.entry->value();
  if (!damage.record.empty()) json["record"] = damage.record;
  if (!damage.file.empty()) json["file"] = damage.file;
  if (damage.end > 0) {
    json["begin"] = damage.begin;
    json["end"] = damage.end;
  }
  return json;
}

ordered_json ToJson(const ledger::EarlierIncarnation& earlier) {
  ordered_json json = {{"ended_by", earlier.ended_by.value()},
                       {"incarnation", earlier.incarnation},
                       {"origin", earlier.origin},
                       {"reason", earlier.reason},
                       {"lost", earlier.lost}};
  if (earlier.last.has_value()) json["last_size"] = earlier.last->size.value();
  return json;
}

void PrintText(const Verdict& verdict, std::ostream& out) {
  out << (verdict.verified ? "VERIFIED. " : "NOT VERIFIED. ") << ForTerminal(verdict.sentence)
      << "\n";
  if (!verdict.damages.empty()) out << "\n";
  for (size_t i = 0; i < verdict.damages.size() && i < kDamagesShownMax; ++i) {
    out << "  " << i + 1 << ". " << ForTerminal(verdict.damages[i].what) << "\n";
  }
  if (verdict.damages_total > std::min(verdict.damages.size(), kDamagesShownMax)) {
    out << "  … and "
        << Counted(verdict.damages_total - std::min(verdict.damages.size(), kDamagesShownMax),
                   "thing more", "things more")
        << ".\n";
  }
  size_t width = 0;
  for (const auto& [name, value] : verdict.details) width = std::max(width, name.size());
  if (!verdict.details.empty()) out << "\n";
  for (const auto& [name, value] : verdict.details) {
    out << "  " << name << std::string(width - name.size() + 2, ' ') << ForTerminal(value) << "\n";
  }
  if (!verdict.list.empty()) out << "\n";
  for (const std::string& line : verdict.list) out << "  " << ForTerminal(line) << "\n";
  for (const std::string& notice : verdict.notices)
    out << "\nNote: " << ForTerminal(notice) << "\n";
  if (!verdict.verified) {
    out << "\nWhat to do: keep a copy of what you checked, get it anew, and if it stays so ask "
           "whoever runs the ledger.\n";
  }
}

}  // namespace

void Print(const Verdict& verdict, bool json, std::ostream& out) {
  if (!json) {
    PrintText(verdict, out);
    return;
  }
  ordered_json all = {{"verified", verdict.verified}, {"verdict", verdict.sentence}};
  all["damages"] = ordered_json::array();
  for (const Damage& damage : verdict.damages) all["damages"].push_back(ToJson(damage));
  all["damages_total"] = verdict.damages_total;
  all["notices"] = verdict.notices;
  all.update(verdict.facts);
  out << all.dump(2, ' ', true, ordered_json::error_handler_t::replace) << "\n";
}

void PrintError(const absl::Status& status, bool json, std::ostream& out) {
  // What was read and is wrong, against what could not be read at all.
  const bool judged = !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status);
  if (!json) {
    out << (judged ? "NOT VERIFIED. " : "NOT CHECKED. ") << InWords(status) << "\n";
    return;
  }
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  const ordered_json all = {{"verified", false},
                            {"checked", judged},
                            {"verdict", std::string(status.message())},
                            {"reason", std::string(ledger::ReasonName(info.reason))},
                            {"next", info.next}};
  out << all.dump(2, ' ', true, ordered_json::error_handler_t::replace) << "\n";
}

absl::Status UsageError(absl::Status status) {
  if (!status.ok()) status.SetPayload(kUsageKey, absl::Cord("1"));
  return status;
}

bool IsUsageError(const absl::Status& status) { return status.GetPayload(kUsageKey).has_value(); }

std::string InWords(const absl::Status& status) {
  const std::string next = ledger::InfoOf(status).next;
  return ForTerminal(next.empty() ? std::string(status.message())
                                  : absl::StrCat(status.message(), " ", next));
}

void Describe(const ledger::SignedCheckpoint& signed_by, Verdict* verdict) {
  const ledger::Checkpoint& checkpoint = signed_by.checkpoint;
  const std::string root = ledger::ToHex(ledger::AsBytes(checkpoint.root));
  verdict->details.emplace_back("Ledger", checkpoint.origin);
  verdict->details.emplace_back(
      "Checkpoint",
      absl::StrCat(Counted(checkpoint.size.value(), "entry", "entries"), ", root ", root));
  verdict->facts["origin"] = checkpoint.origin;
  verdict->facts["size"] = checkpoint.size.value();
  verdict->facts["root"] = root;
  verdict->facts["signatures"] = ordered_json::array();
  for (const ledger::VerifiedSignature& signature : signed_by.signatures) {
    const std::string key = ledger::ToString(signature.key);
    ordered_json json = {{"key", key}};
    if (signature.key.type == ledger::KeyType::kEd25519) {
      verdict->details.emplace_back("Signed by", key);
    } else {
      const auto seconds = static_cast<int64_t>(signature.cosigned_at);
      const std::string at = absl::FormatTime("%-d %B %Y at %H:%M:%S UTC",
                                              absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
      verdict->details.emplace_back("Cosigned by", absl::StrCat(key, " on ", at));
      json["cosigned_at"] = signature.cosigned_at;
    }
    verdict->facts["signatures"].push_back(std::move(json));
  }
}

void Describe(const ledger::LogReport& report, Verdict* verdict) {
  Describe(ledger::SignedCheckpoint{report.checkpoint, report.signatures}, verdict);
  verdict->details.emplace_back("Read",
                                absl::StrCat(Counted(report.entries, "entry", "entries"), " on ",
                                             Counted(report.records, "record", "records"), ", ",
                                             Counted(report.entry_bytes, "byte", "bytes")));
  if (report.seals > 0) {
    verdict->details.emplace_back("Seals",
                                  absl::StrCat(WithCommas(report.seals), ", of which ",
                                               WithCommas(report.seals_erased), " are erased"));
  }
  if (report.last_recorded_at_us != 0) {
    verdict->details.emplace_back("Last entry", TimeInWords(report.last_recorded_at_us));
    verdict->facts["last_recorded_at_us"] = report.last_recorded_at_us;
  }
  verdict->facts["entries"] = report.entries;
  verdict->facts["entry_bytes"] = report.entry_bytes;
  verdict->facts["records"] = report.records;
  verdict->facts["seals"] = report.seals;
  verdict->facts["seals_erased"] = report.seals_erased;
  verdict->facts["unknown_types"] = report.unknown_types;
  verdict->facts["earlier_incarnations"] = ordered_json::array();
  for (const ledger::EarlierIncarnation& earlier : report.earlier) {
    verdict->facts["earlier_incarnations"].push_back(ToJson(earlier));
  }
  if (!report.ledger_id.empty()) {
    verdict->facts["ledger_id"] = ledger::ToHex(report.ledger_id);
    verdict->facts["incarnation"] = report.incarnation;
  }
  verdict->verified = report.verified();
  verdict->damages = report.damages;
  verdict->damages_total = report.damages_total;
  verdict->notices = report.notices;
}

std::string Contradicted(const ledger::LogReport& report) {
  return absl::StrCat("The ledger ", report.checkpoint.origin,
                      " is not what its key signed, or contradicts itself, in ",
                      Counted(report.damages_total, "place", "places"), ":");
}

std::string Reservation(const ledger::LogReport& report) {
  std::string lost;
  for (const ledger::EarlierIncarnation& earlier : report.earlier) {
    if (earlier.lost == 0) continue;
    absl::StrAppend(&lost, lost.empty() ? "" : " and ",
                    Counted(earlier.lost, "entry that was", "entries that were"), " signed under ",
                    earlier.origin);
  }
  if (!lost.empty()) return absl::StrCat(lost, " are not in it: see the notes.");
  if (report.earlier.empty()) return "";
  return absl::StrCat("the notes say whether all that was signed before, under ",
                      report.earlier.back().origin, ", is in it.");
}

std::string WithCommas(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string Counted(uint64_t number, absl::string_view one, absl::string_view many) {
  return absl::StrCat(WithCommas(number), " ", number == 1 ? one : many);
}

std::string TimeInWords(int64_t micros) {
  return absl::FormatTime("%-d %B %Y at %H:%M:%S UTC", absl::FromUnixMicros(micros),
                          absl::UTCTimeZone());
}

}  // namespace scrutiny::tools::verify
