// projections/queries/register_store.h
// The registers of one ledger behind one door: follows the ledger in the background and answers
// every query of RegisterService. What services are given; they add the wire and nothing else.
//
// Guarantees:  an answer rests on whole appends up to one sequence, the same for every register it
//              draws on, and says which; the same ledger gives the same answer after a rebuild.
// Threads:     thread-safe. Queries may block up to kMinimumSequenceWaitMaxMicros; Rebuild until it
//              is level: call them from threads that may.
// Lifetime:    borrows `source`, which must outlive this.
// Errors:      kMalformed (view, filter, page token), kNotFound (forum, meeting), kBeyondHead
//              (recorded-by), kLedgerChanged (page token), DEADLINE_EXCEEDED (minimum sequence).
// Limits:      kPageEntriesMax rows a page; kRowBytesMax a stored row.
// Cost:        a page reads the rows its filters leave; true-on and known-to fold them.
// Tests:       tests/projections
#ifndef SCRUTINY_PROJECTIONS_QUERIES_REGISTER_STORE_H_
#define SCRUTINY_PROJECTIONS_QUERIES_REGISTER_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

#include "ledger/base/date.h"
#include "ledger/base/ids.h"
#include "ledger/base/status.h"
#include "ledger/feed/entry_source.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {

class Engine;
struct Query;

// What a query is told of the world, since the registers have no clock.
struct QueryContext {
  // Today in the office's time zone.
  ledger::Day today;
  // The day, in the office's time zone, of a moment in microseconds UTC; null: the day in UTC.
  std::function<ledger::Day(int64_t)> day_of;
  // Whether the store of papers has the bytes with that SHA-256, 32 bytes; null: nobody knows.
  std::function<bool(absl::string_view sha256)> paper_held;
};

struct RegisterStoreOptions {
  std::string path;                           // the folder, `<data>/registers`
  size_t write_buffer_bytes = 32 << 20;       // unflushed rows of all registers
  size_t cache_bytes = 32 << 20;              // blocks read
  std::function<void(std::string)> on_event;  // told, in a sentence, of what an operator should
                                              // know: folded anew, stalled; from any thread
};

class RegisterStore {
 public:
  // Opens the folder, or makes it; one of another ledger, incarnation or layout is thrown away and
  // folded anew. Does not wait for catching up.
  static absl::StatusOr<std::unique_ptr<RegisterStore>> Open(ledger::EntrySource& source,
                                                             const RegisterStoreOptions& options);
  ~RegisterStore();
  RegisterStore(const RegisterStore&) = delete;
  RegisterStore& operator=(const RegisterStore&) = delete;

  // Answers a query of RegisterService (query.h); see the RPC's comment. `response` is of its type.
  absl::Status Answer(const Query& query, const google::protobuf::Message& request,
                      const QueryContext& context, google::protobuf::Message* response);
  // The same where the types are known.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Answer(const Request& request, const QueryContext& context) {
    Response response;
    SCRUTINY_RETURN_IF_ERROR(AnswerAny(request, context, &response));
    return response;
  }

  // How the registers do; `now_us` is microseconds UTC.
  absl::StatusOr<register_::v1::ListRegistersResponse> ListRegisters(
      const register_::v1::ListRegistersRequest& request, int64_t now_us);

  // Carries out the order for the registers named (none: all). `progress` is called about ten times
  // a second and once more when it has ended; returning false stops the waiting, not the rebuild.
  // kNotFound for a name there is none of, or with nothing to go back to.
  absl::Status Rebuild(const register_::v1::RebuildRequest& request,
                       const std::function<bool(const register_::v1::RebuildResponse&)>& progress);

  // Waits until every register that has not stalled has applied the sequence; DEADLINE_EXCEEDED.
  absl::Status WaitForPosition(ledger::Sequence sequence, int64_t timeout_micros);

  // Stops following and closes the files; queries after it fail. The destructor does it too.
  absl::Status Close();

 private:
  explicit RegisterStore(std::unique_ptr<Engine> engine);
  absl::Status AnswerAny(const google::protobuf::Message& request, const QueryContext& context,
                         google::protobuf::Message* response);

  std::unique_ptr<Engine> engine_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_QUERIES_REGISTER_STORE_H_
