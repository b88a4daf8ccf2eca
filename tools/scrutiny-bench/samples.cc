#include "tools/scrutiny-bench/samples.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace scrutiny::bench {
namespace {

constexpr double kNanosPerMilli = 1e6;

}  // namespace

void Samples::Add(const Samples& other) {
  nanos_.insert(nanos_.end(), other.nanos_.begin(), other.nanos_.end());
}

void Samples::Sort() const {
  if (sorted_ == nanos_.size()) return;
  std::sort(nanos_.begin(), nanos_.end());
  sorted_ = nanos_.size();
}

double Samples::Percentile(double p) const {
  if (nanos_.empty()) return 0;
  Sort();
  const double rank = std::ceil(p / 100.0 * static_cast<double>(nanos_.size()));
  const size_t index = rank < 1 ? 0 : static_cast<size_t>(rank) - 1;
  return static_cast<double>(nanos_[std::min(index, nanos_.size() - 1)]) / kNanosPerMilli;
}

double Samples::Mean() const {
  if (nanos_.empty()) return 0;
  const double sum = std::accumulate(nanos_.begin(), nanos_.end(), 0.0);
  return sum / static_cast<double>(nanos_.size()) / kNanosPerMilli;
}

double Samples::Max() const {
  if (nanos_.empty()) return 0;
  return static_cast<double>(*std::max_element(nanos_.begin(), nanos_.end())) / kNanosPerMilli;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

int64_t NowNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace scrutiny::bench
