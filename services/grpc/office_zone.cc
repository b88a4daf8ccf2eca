#include "services/grpc/office_zone.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::services {
namespace {

constexpr int64_t kLookEveryMicros = 1'000'000;
constexpr ledger::FactType kOfficeEstablished(event::v1::Proposed::kOfficeEstablishedFieldNumber);
// For a ledger whose office has not said its own.
constexpr absl::string_view kDefaultZone = "Europe/London";

absl::TimeZone DefaultZone() {
  absl::TimeZone zone = absl::UTCTimeZone();
  // False leaves UTC: a machine without a zone database still serves.
  (void)absl::LoadTimeZone(kDefaultZone, &zone);
  return zone;
}

// The zone named by the entry; empty if it names none.
absl::StatusOr<std::string> ZoneNamedBy(ledger::Ledger& ledger, ledger::Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::ChunkPtr> chunks, ledger.Chunks(sequence, 1));
  const absl::string_view bytes = chunks[0]->entry(sequence - chunks[0]->first());
  event::v1::Entry entry;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("the entry cannot be read");
  }
  return entry.proposed().office_established().time_zone();
}

}  // namespace

ledger::Day DayIn(const absl::TimeZone& zone, int64_t micros) {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(micros), zone);
  return ledger::Day(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
}

OfficeZone::OfficeZone(ledger::Ledger& ledger, ledger::Clock& clock)
    : ledger_(ledger), clock_(clock), zone_(DefaultZone()) {}

absl::TimeZone OfficeZone::Get() {
  ledger::MutexLock lock(mutex_);
  const int64_t now = clock_.MonotonicMicros();
  if (looked_at_ == 0 || now - looked_at_ >= kLookEveryMicros) {
    looked_at_ = now;
    Look();
  }
  return zone_;
}

ledger::Day OfficeZone::Today() { return DayIn(Get(), clock_.WallMicros()); }

void OfficeZone::Look() {
  const absl::StatusOr<std::unique_ptr<ledger::IndexView>> index = ledger_.Index();
  if (!index.ok()) return;
  const absl::StatusOr<ledger::Ordinal> last = (*index)->LastOrdinal(kOfficeEstablished);
  if (!last.ok() || last->value() == seen_) return;
  const absl::StatusOr<std::vector<ledger::Sequence>> newest =
      (*index)->OfType(kOfficeEstablished, *last, 1);
  if (!newest.ok() || newest->empty()) return;
  const absl::StatusOr<std::string> name = ZoneNamedBy(ledger_, newest->front());
  if (!name.ok()) return;
  seen_ = last->value();
  absl::TimeZone zone;
  if (!name->empty() && absl::LoadTimeZone(*name, &zone)) zone_ = zone;
}

}  // namespace scrutiny::services
