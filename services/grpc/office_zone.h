// services/grpc/office_zone.h
// The office's time zone, by which a moment becomes a date at the edge of the system: as the ledger
// says, or a default until it does.
//
// Threads:     thread-safe.
// Lifetime:    borrows the ledger.
// Cost:        looks at the ledger at most once a second.
// Tests:       tests/services/grpc/office_zone_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_OFFICE_ZONE_H_
#define SCRUTINY_SERVICES_GRPC_OFFICE_ZONE_H_

#include <cstdint>

#include "absl/time/time.h"

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/base/date.h"
#include "ledger/base/mutex.h"

namespace scrutiny::services {

// The day in the zone that holds a moment, microseconds UTC.
ledger::Day DayIn(const absl::TimeZone& zone, int64_t micros);

class OfficeZone {
 public:
  OfficeZone(ledger::Ledger& ledger, ledger::Clock& clock);

  absl::TimeZone Get();
  ledger::Day Today();

 private:
  // Reads the newest entry that establishes an office; keeps what it has where that fails.
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ledger::Ledger& ledger_;
  ledger::Clock& clock_;
  ledger::Mutex mutex_;
  absl::TimeZone zone_ ABSL_GUARDED_BY(mutex_);
  int64_t looked_at_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t seen_ ABSL_GUARDED_BY(mutex_) = 0;  // ordinal of the newest such entry, 0: none
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_OFFICE_ZONE_H_
