#include "services/metrics/metrics.h"

#include "absl/status/statusor.h"
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace scrutiny::services {
namespace {

using register_::v1::ListRegistersRequest;
using register_::v1::ListRegistersResponse;
using register_::v1::RegisterInfo;

constexpr double kMicrosPerSecond = 1e6;

using Gauges = prometheus::Family<prometheus::Gauge>;

Gauges& Family(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

void Set(prometheus::Registry& registry, const char* name, const char* help, double value) {
  Family(registry, name, help).Add({}).Set(value);
}

void AddLedger(const ledger::LedgerStatus& status, prometheus::Registry& registry) {
  Set(registry, "scrutiny_ledger_entries", "Entries in the ledger.",
      static_cast<double>(status.size.value()));
  Set(registry, "scrutiny_ledger_index_lag_entries", "Entries the index is behind the ledger.",
      static_cast<double>(status.size.value() - status.indexed.value()));
  Set(registry, "scrutiny_ledger_head_recorded_seconds", "When the last entry was recorded, Unix.",
      static_cast<double>(status.head_recorded_at_us) / kMicrosPerSecond);
  Set(registry, "scrutiny_ledger_queued_appends", "Appends that wait to be written.",
      static_cast<double>(status.queued_appends));
  Set(registry, "scrutiny_ledger_writable", "1: takes appends; 0: a write failed before.",
      status.read_only_because.empty() ? 1 : 0);
  Set(registry, "scrutiny_ledger_clock_confirmed", "0: the clock jumped and waits for an operator.",
      status.clock_unconfirmed ? 0 : 1);
}

void AddRegisters(const ListRegistersResponse& registers, prometheus::Registry& registry) {
  Gauges& stalled =
      Family(registry, "scrutiny_register_stalled", "1: stopped at an entry that it cannot apply.");
  Gauges& rows = Family(registry, "scrutiny_register_rows", "Rows of a register.");
  Gauges& entries =
      Family(registry, "scrutiny_register_lag_entries", "Entries a register is behind the ledger.");
  Gauges& seconds =
      Family(registry, "scrutiny_register_lag_seconds",
             "How long ago the entry was recorded that a register has to apply next.");
  for (const RegisterInfo& info : registers.registers()) {
    const prometheus::Labels label = {{"register", info.name()}};
    stalled.Add(label).Set(info.stalled() ? 1 : 0);
    rows.Add(label).Set(static_cast<double>(info.rows()));
    entries.Add(label).Set(static_cast<double>(info.lag_entries()));
    seconds.Add(label).Set(static_cast<double>(info.lag_us()) / kMicrosPerSecond);
  }
}

}  // namespace

HttpResponse ServeMetrics(const MetricsSources& sources, const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") return MethodNotAllowed("GET, HEAD");
  prometheus::Registry registry;
  AddLedger(sources.ledger.status(), registry);
  const absl::StatusOr<ListRegistersResponse> registers =
      sources.registers.ListRegisters(ListRegistersRequest(), sources.clock.WallMicros());
  if (!registers.ok()) return TextResponse(503, "The registers cannot be looked at.");
  AddRegisters(*registers, registry);
  Set(registry, "scrutiny_papers_held", "Papers in the store.",
      static_cast<double>(sources.papers.count()));
  Set(registry, "scrutiny_papers_bytes", "Bytes of the papers in the store.",
      static_cast<double>(sources.papers.bytes()));
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                      {"Cache-Control", "no-store"}};
  response.body = prometheus::TextSerializer().Serialize(registry.Collect());
  return response;
}

}  // namespace scrutiny::services
