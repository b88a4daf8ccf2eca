#include "ledger/verify/report.h"

#include <utility>

#include "absl/time/time.h"

namespace scrutiny::ledger {

const char* DamageKindName(DamageKind kind) {
  switch (kind) {
    case DamageKind::kEntry:
      return "entry";
    case DamageKind::kBundle:
      return "bundle";
    case DamageKind::kTile:
      return "tile";
    case DamageKind::kRoot:
      return "root";
    case DamageKind::kContent:
      return "content";
    case DamageKind::kFile:
      return "file";
  }
  return "file";
}

void LogReport::Add(Damage damage) {
  ++damages_total;
  if (damages.size() < kDamagesMax) damages.push_back(std::move(damage));
}

std::string TimeInWords(int64_t micros) {
  return absl::FormatTime("%-d %B %Y at %H:%M:%S UTC", absl::FromUnixMicros(micros),
                          absl::UTCTimeZone());
}

}  // namespace scrutiny::ledger
