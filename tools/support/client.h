// tools/support/client.h
// The server as the command line sees it: one method a call, Status in and out.
//
// Guarantees:  an error carries what the server's ErrorDetail said (ledger::InfoOf); a server that
//              cannot be reached is said in a sentence that helps. AppendWithRetry sends the same
//              request id again, so a retry never records twice.
// Threads:     confined to one thread; Stop may be called from any.
// Errors:      the server's; kUnavailable where none answers.
// Limits:      kMessageBytesMax a message either way.
// Tests:       tests/tools/support/client_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_CLIENT_H_
#define SCRUTINY_TOOLS_SUPPORT_CLIENT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "scrutiny/ledger/v1/ledger.pb.h"
#include "scrutiny/ledger/v1/paper.pb.h"
#include "scrutiny/ledger/v1/proof.pb.h"
#include "scrutiny/ledger/v1/seal.pb.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::tools {

// An append of this many attempts gives up after about three seconds.
inline constexpr int kAppendAttemptsMax = 6;
// Appends sent and not yet answered.
inline constexpr size_t kImportWindow = 64;

// Whether this can be a server's address: HOST:PORT. kInvalidArgument, with a sentence.
absl::Status CheckServer(absl::string_view server);

class Client {
 public:
  // Does not connect yet.
  explicit Client(std::string server);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const std::string& server() const { return server_; }

  absl::StatusOr<ledger::v1::AppendResponse> Append(const ledger::v1::AppendRequest& request);
  // Tries again while the server is away, busy or does not know the outcome; `waiting` hears of
  // each wait.
  absl::StatusOr<ledger::v1::AppendResponse> AppendWithRetry(
      const ledger::v1::AppendRequest& request,
      const std::function<void(const absl::Status&)>& waiting);

  // Sends what `next` gives until it gives false, with at most kImportWindow unanswered, and hands
  // each answer on in order. Ends at the first refusal, which the server makes the end of
  // everything behind it. A Status from `next` ends it too, after all that was sent is answered.
  // `answer` is called on another thread than `next`, one call at a time.
  absl::Status AppendAll(
      const std::function<absl::StatusOr<bool>(ledger::v1::AppendRequest*)>& next,
      const std::function<void(const ledger::v1::AppendStreamResponse&)>& answer);

  // Batches in order; a Status from `on_batch` ends the reading. kCancelled after Stop.
  absl::Status Read(const ledger::v1::ReadRequest& request,
                    const std::function<absl::Status(const ledger::v1::ReadResponse&)>& on_batch);
  absl::Status Subscribe(
      const ledger::v1::SubscribeRequest& request,
      const std::function<absl::Status(const ledger::v1::SubscribeResponse&)>& on_batch);
  absl::Status Rebuild(
      const register_::v1::RebuildRequest& request,
      const std::function<absl::Status(const register_::v1::RebuildResponse&)>& on_progress);
  absl::Status Backup(
      const ledger::v1::BackupRequest& request,
      const std::function<absl::Status(const ledger::v1::BackupResponse&)>& on_progress);
  // Sends what `next` gives until it gives an empty piece or false.
  absl::StatusOr<ledger::v1::AddPaperResponse> AddPaper(
      absl::string_view media_type, const std::function<absl::StatusOr<bool>(std::string*)>& next);
  absl::Status GetPaper(
      const ledger::v1::GetPaperRequest& request,
      const std::function<absl::Status(const ledger::v1::GetPaperResponse&)>& on_piece);
  // Ends the streaming call under way and those after it; safe from a thread that waits for
  // signals.
  void Stop();

  // One method for each of the calls with one answer: the request's type says which.
  absl::StatusOr<ledger::v1::GetRecordResponse> Call(const ledger::v1::GetRecordRequest& request);
  absl::StatusOr<ledger::v1::ResolveResponse> Call(const ledger::v1::ResolveRequest& request);
  absl::StatusOr<ledger::v1::ListRecordsResponse> Call(
      const ledger::v1::ListRecordsRequest& request);
  absl::StatusOr<ledger::v1::GetStatusResponse> Call(const ledger::v1::GetStatusRequest& request);
  absl::StatusOr<ledger::v1::ConfirmClockResponse> Call(
      const ledger::v1::ConfirmClockRequest& request);
  absl::StatusOr<ledger::v1::GetCheckpointResponse> Call(
      const ledger::v1::GetCheckpointRequest& request);
  absl::StatusOr<ledger::v1::GetProofResponse> Call(const ledger::v1::GetProofRequest& request);
  absl::StatusOr<ledger::v1::GetConsistencyResponse> Call(
      const ledger::v1::GetConsistencyRequest& request);
  absl::StatusOr<ledger::v1::RotateKeyResponse> Call(const ledger::v1::RotateKeyRequest& request);
  absl::StatusOr<ledger::v1::OpenSealedResponse> Call(const ledger::v1::OpenSealedRequest& request);
  absl::StatusOr<ledger::v1::ListSubjectResponse> Call(
      const ledger::v1::ListSubjectRequest& request);
  absl::StatusOr<ledger::v1::EraseSubjectResponse> Call(
      const ledger::v1::EraseSubjectRequest& request);
  absl::StatusOr<ledger::v1::BackupKeysResponse> Call(const ledger::v1::BackupKeysRequest& request);
  absl::StatusOr<ledger::v1::ListHeldPapersResponse> Call(
      const ledger::v1::ListHeldPapersRequest& request);
  absl::StatusOr<ledger::v1::RemovePaperResponse> Call(
      const ledger::v1::RemovePaperRequest& request);
  // A query of RegisterService by its name; `response` is of its type.
  absl::Status Ask(const std::string& method, const google::protobuf::Message& request,
                   google::protobuf::Message* response);
  absl::StatusOr<register_::v1::DiffRegisterResponse> Call(
      const register_::v1::DiffRegisterRequest& request);
  absl::StatusOr<register_::v1::ExplainRecordResponse> Call(
      const register_::v1::ExplainRecordRequest& request);
  absl::StatusOr<register_::v1::ListActionsResponse> Call(
      const register_::v1::ListActionsRequest& request);
  absl::StatusOr<register_::v1::ListForwardPlanResponse> Call(
      const register_::v1::ListForwardPlanRequest& request);
  absl::StatusOr<register_::v1::ListDecisionsResponse> Call(
      const register_::v1::ListDecisionsRequest& request);
  absl::StatusOr<register_::v1::ListResolutionsResponse> Call(
      const register_::v1::ListResolutionsRequest& request);
  absl::StatusOr<register_::v1::ListAssuranceResponse> Call(
      const register_::v1::ListAssuranceRequest& request);
  absl::StatusOr<register_::v1::ListFindingsResponse> Call(
      const register_::v1::ListFindingsRequest& request);
  absl::StatusOr<register_::v1::ListSessionsResponse> Call(
      const register_::v1::ListSessionsRequest& request);
  absl::StatusOr<register_::v1::ListSchemesResponse> Call(
      const register_::v1::ListSchemesRequest& request);
  absl::StatusOr<register_::v1::ListMeetingsResponse> Call(
      const register_::v1::ListMeetingsRequest& request);
  absl::StatusOr<register_::v1::GetMeetingResponse> Call(
      const register_::v1::GetMeetingRequest& request);
  absl::StatusOr<register_::v1::ListRegistersResponse> Call(
      const register_::v1::ListRegistersRequest& request);

 private:
  struct Connection;

  const std::string server_;
  const std::unique_ptr<Connection> connection_;
};

// The error that an ErrorStatus of an append stream tells.
absl::Status StatusOf(const ledger::v1::ErrorStatus& refused);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_CLIENT_H_
