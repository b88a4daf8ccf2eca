// services/metrics/metrics.h
// How the ledger, its registers and its papers do, as numbers for Prometheus (text format 0.0.4).
//
// Guarantees:  read when asked, so a figure is never older than the answer; nothing in it names a
//              person or says what a record holds.
// Threads:     thread-safe.
// Cost:        a look at every register's state.
// Tests:       tests/services/grpc/metrics_test.cc
#ifndef SCRUTINY_SERVICES_METRICS_METRICS_H_
#define SCRUTINY_SERVICES_METRICS_METRICS_H_

#include <string>
#include <vector>

#include "ledger/append/ledger.h"
#include "ledger/base/clock.h"
#include "ledger/papers/paper_store.h"
#include "projections/queries/register_store.h"
#include "services/http/message.h"

namespace scrutiny::services {

inline constexpr char kMetricsPath[] = "/metrics";

struct MetricsSources {
  ledger::Ledger& ledger;
  projections::RegisterStore& registers;
  const ledger::PaperStore& papers;
  ledger::Clock& clock;
};

HttpResponse ServeMetrics(const MetricsSources& sources, const HttpRequest& request);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_METRICS_METRICS_H_
