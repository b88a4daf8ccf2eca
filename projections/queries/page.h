// projections/queries/page.h
// Pages of an answer: sort keys, the rows of one page, and the token that leads to the next.
//
// Guarantees:  a token is only taken by the same request on the same ledger, incarnation and
//              version of the register, and pins position and day, so that pages fit together.
// Threads:     thread-compatible.
// Errors:      kMalformed (not a token, or of another request), kLedgerChanged.
// Limits:      kPageEntriesMax rows and kPageBytesMax bytes a page, whichever comes first.
// Tests:       tests/projections/queries/page_test.cc
#ifndef SCRUTINY_PROJECTIONS_QUERIES_PAGE_H_
#define SCRUTINY_PROJECTIONS_QUERIES_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/feed/entry_source.h"

namespace scrutiny::projections {

// Rows of one page, serialised; leaves room in a message for the rest.
inline constexpr size_t kPageBytesMax = 3 << 20;

// Builds keys whose byte order is the order of the rows.
class SortKey {
 public:
  // Empty sorts first.
  SortKey& Text(absl::string_view text);
  // An ISO date or a day; not dated sorts last.
  SortKey& Date(absl::string_view date);
  SortKey& Number(uint64_t number);
  std::string Take() { return std::move(key_); }

 private:
  std::string key_;
};

// What a page token holds.
struct PageToken {
  ledger::LedgerIdentity ledger;
  uint32_t register_version = 0;
  absl::optional<ledger::Sequence> last;  // position; none: nothing was recorded
  ledger::Day judged_on;
  std::string request;  // fingerprint of the request without its page, kFingerprintBytes
  std::string after;    // sort key of the last row given
};

inline constexpr size_t kFingerprintBytes = 8;

std::string EncodePageToken(const PageToken& token);
// Checks it against what the answer would be given from.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const ledger::LedgerIdentity& ledger,
                                          uint32_t register_version, absl::string_view request);

// Keeps the rows of one page out of many, whatever order they come in.
template <typename Row>
class PageRows {
 public:
  PageRows(size_t size, std::string after) : size_(size), after_(std::move(after)) {}

  // Whether a row of that key may still be on the page.
  bool Wants(const std::string& key) const {
    return key > after_ && (rows_.size() <= size_ || key < rows_.rbegin()->first);
  }
  void Add(std::string key, Row row) {
    if (!Wants(key)) return;
    rows_.insert_or_assign(std::move(key), std::move(row));
    if (rows_.size() > size_ + 1) rows_.erase(std::prev(rows_.end()));
  }

  // Moves the page into the answer's rows; the key of the last one if more follow, else empty.
  template <typename Rows>
  std::string MoveTo(Rows* out) {
    size_t bytes = 0;
    std::string last;
    for (auto& [key, row] : rows_) {
      bytes += row.ByteSizeLong();
      const bool full =
          static_cast<size_t>(out->size()) == size_ || (out->size() > 0 && bytes > kPageBytesMax);
      if (full) return last;
      *out->Add() = std::move(row);
      last = key;
    }
    return std::string();
  }

 private:
  const size_t size_;
  const std::string after_;
  std::map<std::string, Row> rows_;  // at most one more than the page
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_PAGE_H_
