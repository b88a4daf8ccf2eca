// tools/scrutiny-bench/samples.h
// Latencies and what is said of them; medians over rounds.
//
// Threads:  thread-compatible.
// Tests:    tests/tools/scrutiny-bench/samples_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_SAMPLES_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace scrutiny::bench {

class Samples {
 public:
  void Add(int64_t nanos) { nanos_.push_back(nanos); }
  void Add(const Samples& other);
  size_t count() const { return nanos_.size(); }

  // In milliseconds; 0 where there are none. The p-th is the smallest that p of all do not exceed.
  double Percentile(double p) const;
  double Mean() const;
  double Max() const;

 private:
  void Sort() const;

  mutable std::vector<int64_t> nanos_;
  mutable size_t sorted_ = 0;
};

// The middle one; the mean of the two in the middle of an even number; 0 of none.
double Median(std::vector<double> values);

// Nanoseconds on the monotonic clock.
int64_t NowNanos();

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_SAMPLES_H_
