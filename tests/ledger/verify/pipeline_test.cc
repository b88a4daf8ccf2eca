#include "ledger/verify/pipeline.h"

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

TEST(PipelineTest, ResultsComeInOrderWhateverTheThreads) {
  for (const int threads : {1, 2, 7}) {
    for (const uint64_t pieces : {0u, 1u, 2u, 1000u}) {
      Pipeline<std::unique_ptr<uint64_t>> pipeline(pieces, 3);
      std::vector<uint64_t> seen;
      SCRUTINY_EXPECT_OK(pipeline.Run(
          threads, [](int, uint64_t piece) { return std::make_unique<uint64_t>(piece * piece); },
          [&](uint64_t piece, std::unique_ptr<uint64_t> result) {
            EXPECT_EQ(*result, piece * piece);
            seen.push_back(piece);
            return absl::OkStatus();
          }));
      ASSERT_EQ(seen.size(), pieces);
      for (uint64_t i = 0; i < pieces; ++i) EXPECT_EQ(seen[i], i);
    }
  }
}

TEST(PipelineTest, AnErrorEndsTheRun) {
  std::atomic<uint64_t> made = 0;
  Pipeline<uint64_t> pipeline(1'000'000, 8);
  const absl::Status status = pipeline.Run(
      2,
      [&](int, uint64_t piece) {
        ++made;
        return piece;
      },
      [](uint64_t piece, uint64_t) {
        return piece == 10 ? absl::DataLossError("ten") : absl::OkStatus();
      });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_LE(made.load(), 11u + 8 + 2);
}

TEST(PipelineTest, NoMoreIsMadeThanFits) {
  std::atomic<int64_t> waiting = 0;
  std::atomic<int64_t> most = 0;
  Pipeline<int> pipeline(2000, 5);
  SCRUTINY_EXPECT_OK(pipeline.Run(
      4,
      [&](int, uint64_t) {
        const int64_t now = ++waiting;
        for (int64_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        return 0;
      },
      [&](uint64_t, int) {
        --waiting;
        return absl::OkStatus();
      }));
  // One more may be made while one is taken.
  EXPECT_LE(most.load(), 6);
}

}  // namespace
}  // namespace scrutiny::ledger
