#include "tools/scrutiny-bench/report.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace scrutiny::bench {
namespace {

constexpr char kDurability[] = "acknowledged after fdatasync";

// 12345.6 as `12,346`, 0.123 as `0.123`.
std::string Figure(double value) {
  if (value < 100) return absl::StrFormat("%.3g", value);
  std::string digits = absl::StrFormat("%.0f", value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return digits;
}

bool HasBudget(const Result& result) {
  return result.at_least > 0 || result.at_most > 0 || result.p99_ms_at_most > 0;
}

std::string Budget(const Result& result) {
  std::string budget;
  if (result.at_least > 0) absl::StrAppend(&budget, ">= ", Figure(result.at_least));
  if (result.at_most > 0) absl::StrAppend(&budget, "<= ", Figure(result.at_most));
  if (result.p99_ms_at_most > 0) {
    absl::StrAppend(&budget, budget.empty() ? "" : ", ", "p99 <= ", Figure(result.p99_ms_at_most));
  }
  return budget;
}

nlohmann::ordered_json LatencyJson(const Samples& latency) {
  return {{"count", latency.count()},         {"mean_ms", latency.Mean()},
          {"p50_ms", latency.Percentile(50)}, {"p90_ms", latency.Percentile(90)},
          {"p99_ms", latency.Percentile(99)}, {"p999_ms", latency.Percentile(99.9)},
          {"max_ms", latency.Max()}};
}

nlohmann::ordered_json ResultJson(const Result& result) {
  nlohmann::ordered_json json = {{"name", result.name},
                                 {"unit", result.unit},
                                 {"value", Median(result.rounds)},
                                 {"rounds", result.rounds}};
  if (result.latency.count() > 0) json["latency"] = LatencyJson(result.latency);
  if (HasBudget(result)) {
    json["budget"] = Budget(result);
    json["within_budget"] = WithinBudget(result);
  }
  if (!result.note.empty()) json["note"] = result.note;
  return json;
}

}  // namespace

bool WithinBudget(const Result& result) {
  const double value = Median(result.rounds);
  return (result.at_least == 0 || value >= result.at_least) &&
         (result.at_most == 0 || value <= result.at_most) &&
         (result.p99_ms_at_most == 0 || result.latency.Percentile(99) <= result.p99_ms_at_most);
}

std::string InWords(const Report& report) {
  const Machine& machine = report.machine;
  std::string out = absl::StrFormat("%d cores, %s, %d MiB, %s, gRPC %s, protobuf %s\n",
                                    machine.cores, machine.cpu, machine.memory_mib, machine.kernel,
                                    machine.grpc, machine.protobuf);
  if (report.sync.count() > 0) {
    absl::StrAppendFormat(&out, "fdatasync of 4 KiB: mean %.3f ms, p99 %.3f ms\n",
                          report.sync.Mean(), report.sync.Percentile(99));
  }
  for (const auto& [name, value] : report.settings) absl::StrAppend(&out, name, " ", value, "  ");
  absl::StrAppend(&out, "\nevery append ", kDurability, "; medians of the rounds\n\n");
  absl::StrAppendFormat(&out, "%-30s %12s %-10s %8s %8s %8s  %-26s %s\n", "what", "median", "unit",
                        "p50 ms", "p99 ms", "max ms", "budget", "");
  for (const Result& result : report.results) {
    const bool timed = result.latency.count() > 0;
    const auto ms = [&](double value) { return timed ? absl::StrFormat("%.3f", value) : "-"; };
    absl::StrAppendFormat(&out, "%-30s %12s %-10s %8s %8s %8s  %-26s %s\n", result.name,
                          Figure(Median(result.rounds)), result.unit,
                          ms(result.latency.Percentile(50)), ms(result.latency.Percentile(99)),
                          ms(result.latency.Max()), Budget(result),
                          !HasBudget(result)     ? ""
                          : WithinBudget(result) ? "met"
                                                 : "MISSED");
    if (!result.note.empty()) absl::StrAppend(&out, "    ", result.note, "\n");
  }
  return out;
}

std::string ToJson(const Report& report) {
  const Machine& machine = report.machine;
  nlohmann::ordered_json settings;
  for (const auto& [name, value] : report.settings) settings[name] = value;
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const Result& result : report.results) results.push_back(ResultJson(result));
  const nlohmann::ordered_json json = {{"machine",
                                        {{"cores", machine.cores},
                                         {"cpu", machine.cpu},
                                         {"memory_mib", machine.memory_mib},
                                         {"kernel", machine.kernel},
                                         {"compiler", machine.compiler},
                                         {"grpc", machine.grpc},
                                         {"protobuf", machine.protobuf},
                                         {"fdatasync", LatencyJson(report.sync)}}},
                                       {"durability", kDurability},
                                       {"settings", settings},
                                       {"results", results}};
  return json.dump(2);
}

absl::Status WriteJson(const Report& report, const std::string& path) {
  std::ofstream out(path, std::ios::trunc);
  out << ToJson(report) << "\n";
  out.flush();
  if (!out) return absl::UnavailableError(absl::StrCat("Cannot write ", path, "."));
  return absl::OkStatus();
}

}  // namespace scrutiny::bench
