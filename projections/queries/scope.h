// projections/queries/scope.h
// What one query is answered from: its view made out, the position shared by the registers it draws
// on, the day it judges by, and its page.
//
// Threads:  confined to its query.
// Errors:   kMalformed (view, page), kBeyondHead (recorded by), kNotFound (forum of known-to),
//           kLedgerChanged (page token), DEADLINE_EXCEEDED (minimum sequence, a pinned position).
// Tests:    tests/projections/queries
#ifndef SCRUTINY_PROJECTIONS_QUERIES_SCOPE_H_
#define SCRUTINY_PROJECTIONS_QUERIES_SCOPE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/engine/engine.h"
#include "projections/queries/calendar.h"
#include "projections/queries/page.h"
#include "projections/queries/register_store.h"
#include "scrutiny/register/v1/view.pb.h"

namespace scrutiny::projections {

// What a query asks, whatever its filters.
struct Question {
  std::string method;                       // the RPC's name, for the page token
  std::vector<absl::string_view> draws_on;  // registers; the first is the one asked for
  const register_::v1::View* view;
  const register_::v1::Page* page;
  const google::protobuf::Message* request;  // for the page token: everything but the page counts
};

class Scope {
 public:
  static absl::StatusOr<std::unique_ptr<Scope>> Open(Engine& engine, const Question& question,
                                                     const QueryContext& context);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // The view that was asked for.
  const ReadView& view() const { return view_; }
  // Recorded by the same position, everything: what is joined to rows.
  ReadView reference() const { return {view_.last, ledger::Day::Max(), nullptr}; }
  // The day on which what depends on today is judged.
  ledger::Day judged_on() const { return judged_on_; }
  // One of those the question draws on.
  const Reader& reader(absl::string_view name) const;
  Calendar& calendar() { return *calendar_; }

  template <typename Row>
  PageRows<Row> NewPage() const {
    return PageRows<Row>(page_size_, after_);
  }
  // The token for the page after the row of that key; empty for an empty key.
  std::string TokenAfter(const std::string& key) const;

  bool is_first_page() const { return after_.empty(); }
  // The key after which the page begins.
  const std::string& after() const { return after_; }
  size_t page_size() const { return page_size_; }
  // Whether the bytes with that SHA-256 are held now, whatever the view; nothing: nobody knows.
  absl::optional<bool> PaperHeld(absl::string_view sha256) const;
  void AddNote(absl::string_view note);
  const register_::v1::Basis& basis() const { return basis_; }

 private:
  Scope() = default;
  absl::Status ReadPage(const Engine& engine, const Question& question);
  absl::Status ChoosePosition(Engine& engine, const Question& question);
  absl::Status Level(Engine& engine, const Question& question);
  absl::Status ReadClocks(const Question& question);
  absl::Status Judge(Engine& engine, const Question& question, const QueryContext& context);
  absl::Status Learn(const Question& question);

  ReadView view_;
  bool pinned_ = false;  // the position was named by the request or a page token
  ledger::Day judged_on_;
  absl::optional<ledger::Day> known_on_;
  std::unique_ptr<Knowledge> knowledge_;
  absl::flat_hash_map<std::string, Reader> readers_;
  std::unique_ptr<Calendar> calendar_;
  ledger::LedgerIdentity ledger_;
  uint32_t register_version_ = 0;
  size_t page_size_ = 0;
  std::string request_;  // its fingerprint
  absl::optional<PageToken> token_;
  std::string after_;
  register_::v1::Basis basis_;
  std::function<bool(absl::string_view)> paper_held_;
};

// Reads a stored row; kCorrupt names the record.
template <typename Row>
absl::Status ParseRow(absl::string_view record, absl::string_view bytes, Row* row) {
  if (row->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return ledger::Error(ledger::Reason::kCorrupt, "A row of a register cannot be read.")
      .Record(record)
      .Next("Rebuild the register.");
}

// Calls `fn(record, key, bytes) -> Status` for rows in a view: of the records listed, or of all.
template <typename Fn>
absl::Status ForRows(const Reader& reader, const ReadView& view,
                     const absl::optional<std::vector<std::string>>& records, Fn fn) {
  absl::Status status;
  const auto visit = [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
    status = fn(record, key, bytes);
    return status.ok();
  };
  if (!records.has_value()) {
    SCRUTINY_RETURN_IF_ERROR(reader.Rows(view, visit));
    return status;
  }
  for (const std::string& record : *records) {
    SCRUTINY_RETURN_IF_ERROR(reader.RowsOf(record, view, visit));
    SCRUTINY_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

// Reads an ISO day of a request.
absl::StatusOr<ledger::Day> ParseDay(absl::string_view text, absl::string_view field);

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_SCOPE_H_
