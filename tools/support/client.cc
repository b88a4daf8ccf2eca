#include "tools/support/client.h"

#include <thread>
#include <type_traits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "scrutiny/ledger/v1/paper.grpc.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"
#include "scrutiny/ledger/v1/seal.grpc.pb.h"
#include "scrutiny/register/v1/register.grpc.pb.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;
using ledger::v1::LedgerService;
using ledger::v1::PaperService;
using ledger::v1::ProofService;
using ledger::v1::SealService;
using register_::v1::RegisterService;

// How long an answer may take. What copies or compacts whole files takes as long as it takes, and
// an erasure that is given up here goes on there.
constexpr absl::Duration kAnswerWithin = absl::Seconds(60);
constexpr absl::Duration kLongAnswerWithin = absl::Hours(2);

template <typename Request>
constexpr bool kIsLong = std::is_same_v<Request, ledger::v1::EraseSubjectRequest> ||
                         std::is_same_v<Request, ledger::v1::BackupKeysRequest>;

// ledger::Reason and ErrorReason have the same numbers.
absl::Status FromDetail(absl::StatusCode code, const std::string& message,
                        const ledger::v1::ErrorDetail& detail) {
  Error error(code, static_cast<Reason>(detail.reason()), message);
  error.Field(detail.field())
      .Record(detail.record())
      .Value(detail.value())
      .Rule(detail.rule())
      .Next(detail.next());
  if (detail.has_fact_index()) error.FactIndex(detail.fact_index());
  return error;
}

// Whether somebody listens there who did not take the connection, in gRPC's words: it was closed,
// or the handshake took too long.
bool WasTurnedAway(const std::string& message) {
  for (const char* words : {"Socket closed", "Connection reset", "Broken pipe", "EOF", "imeout",
                            "timed out", "before receiving SETTINGS", "Endpoint read failed"}) {
    if (absl::StrContains(message, words)) return true;
  }
  return false;
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(ledger::kMessageBytesMax));
  arguments.SetMaxSendMessageSize(static_cast<int>(ledger::kMessageBytesMax));
  // A server that comes back is found again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  // So long a connection may take, handshake and all: a busy server is late with it.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

absl::Status CheckServer(absl::string_view server) {
  const size_t colon = server.rfind(':');
  int port = 0;
  if (colon != absl::string_view::npos && colon > 0 &&
      absl::SimpleAtoi(server.substr(colon + 1), &port) && port > 0 && port <= 65535) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--server: \"", server, "\" is not a server's address; write 127.0.0.1:7443."));
}

struct Client::Connection {
  explicit Connection(const std::string& address)
      : server(address),
        channel(MakeChannel(address)),
        ledger_stub(LedgerService::NewStub(channel)),
        paper_stub(PaperService::NewStub(channel)),
        proof_stub(ProofService::NewStub(channel)),
        seal_stub(SealService::NewStub(channel)),
        register_stub(RegisterService::NewStub(channel)) {}

  // The one converter from gRPC's status.
  absl::Status FromGrpc(const grpc::Status& status) {
    if (status.ok()) {
      answered = true;
      return absl::OkStatus();
    }
    ledger::v1::ErrorStatus details;
    if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
      answered = true;
      details.set_code(status.error_code());
      details.set_message(status.error_message());
      return StatusOf(details);
    }
    // A server that closes cancels what is under way; we ourselves never end a call so.
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
        status.error_code() == grpc::StatusCode::CANCELLED) {
      if (answered)
        return absl::UnavailableError(absl::StrCat("The server at ", server, " went away."));
      if (WasTurnedAway(status.error_message())) {
        return absl::UnavailableError(
            absl::StrCat("What listens at ", server,
                         " did not take the connection, as a server does that has too "
                         "much under way. Try again when less is sent to it."));
      }
      return absl::UnavailableError(
          absl::StrCat("No server answers at ", server,
                       ". Start one with tools/run, or name it with --server."));
    }
    if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      return absl::UnimplementedError(absl::StrCat(
          "The server at ", server, " does not know this request; it may be of another version."));
    }
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Unary(Stub& stub,
                                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                 const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(
        absl::ToChronoTime(absl::Now() + (kIsLong<Request> ? kLongAnswerWithin : kAnswerWithin)));
    Response response;
    SCRUTINY_RETURN_IF_ERROR(FromGrpc((stub.*method)(&context, request, &response)));
    return response;
  }

  // A method by its name, for messages whose types are not known here.
  absl::Status Ask(const std::string& method, const google::protobuf::Message& request,
                   google::protobuf::Message* response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kAnswerWithin));
    using google::protobuf::MessageLite;
    const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    return FromGrpc(grpc::internal::BlockingUnaryCall<MessageLite, MessageLite>(
        channel.get(), rpc, &context, request, response));
  }

  // Runs a stream of answers to its end, to the first Status of `on_message`, or to Stop.
  template <typename Response, typename Start>
  absl::Status Stream(Start start, const std::function<absl::Status(const Response&)>& on_message) {
    grpc::ClientContext context;
    // A server that was there is waited for until it is back, or until Stop.
    context.set_wait_for_ready(answered);
    {
      ledger::MutexLock lock(mutex);
      if (stopped) return absl::CancelledError("stopped");
      running = &context;
    }
    auto reader = start(&context);
    Response response;
    absl::Status ours;
    while (ours.ok() && reader->Read(&response)) {
      answered = true;
      ours = on_message(response);
    }
    if (!ours.ok()) context.TryCancel();
    const grpc::Status status = reader->Finish();
    ledger::MutexLock lock(mutex);
    running = nullptr;
    if (!ours.ok()) return ours;
    if (stopped) return absl::CancelledError("stopped");
    return FromGrpc(status);
  }

  const std::string server;
  const std::shared_ptr<grpc::Channel> channel;  // gRPC wants it shared with its stubs
  const std::unique_ptr<LedgerService::Stub> ledger_stub;
  const std::unique_ptr<PaperService::Stub> paper_stub;
  const std::unique_ptr<ProofService::Stub> proof_stub;
  const std::unique_ptr<SealService::Stub> seal_stub;
  const std::unique_ptr<RegisterService::Stub> register_stub;
  bool answered = false;  // the server has answered something

  ledger::Mutex mutex;
  grpc::ClientContext* running ABSL_GUARDED_BY(mutex) = nullptr;
  bool stopped ABSL_GUARDED_BY(mutex) = false;
};

Client::Client(std::string server)
    : server_(std::move(server)), connection_(std::make_unique<Connection>(server_)) {}

Client::~Client() = default;

absl::Status StatusOf(const ledger::v1::ErrorStatus& refused) {
  ledger::v1::ErrorDetail detail;
  for (const google::protobuf::Any& any : refused.details()) {
    if (any.UnpackTo(&detail)) break;
  }
  return FromDetail(static_cast<absl::StatusCode>(refused.code()), refused.message(), detail);
}

absl::StatusOr<ledger::v1::AppendResponse> Client::Append(
    const ledger::v1::AppendRequest& request) {
  return connection_->Unary(*connection_->ledger_stub, &LedgerService::Stub::Append, request);
}

absl::StatusOr<ledger::v1::AppendResponse> Client::AppendWithRetry(
    const ledger::v1::AppendRequest& request,
    const std::function<void(const absl::Status&)>& waiting) {
  absl::Duration pause = absl::Milliseconds(100);
  for (int attempt = 1;; ++attempt) {
    auto response = Append(request);
    const absl::StatusCode code = response.status().code();
    const bool passes = code == absl::StatusCode::kUnavailable ||
                        code == absl::StatusCode::kResourceExhausted ||
                        code == absl::StatusCode::kDeadlineExceeded;
    // A server that never answered has received nothing: no use in waiting for it.
    if (!passes || !connection_->answered || attempt == kAppendAttemptsMax ||
        ledger::ReasonOf(response.status()) == Reason::kReadOnly) {
      return response;
    }
    waiting(response.status());
    absl::SleepFor(pause);
    pause *= 2;
  }
}

absl::Status Client::AppendAll(
    const std::function<absl::StatusOr<bool>(ledger::v1::AppendRequest*)>& next,
    const std::function<void(const ledger::v1::AppendStreamResponse&)>& answer) {
  grpc::ClientContext context;
  auto stream = connection_->ledger_stub->AppendStream(&context);
  ledger::Mutex mutex;
  ledger::CondVar changed;
  size_t unanswered = 0;
  bool ended = false;  // refused, or the stream is gone

  // Reads while the main thread writes, so that neither side waits for the other's full buffers.
  std::thread reader([&] {
    ledger::v1::AppendStreamResponse response;
    while (stream->Read(&response)) {
      answer(response);
      ledger::MutexLock lock(mutex);
      --unanswered;
      ended |= response.has_refused();
      changed.SignalAll();
    }
    ledger::MutexLock lock(mutex);
    ended = true;
    changed.SignalAll();
  });

  absl::Status ours;
  ledger::v1::AppendStreamRequest request;
  request.set_stop_at_refusal(true);
  while (true) {
    {
      ledger::MutexLock lock(mutex);
      while (unanswered >= kImportWindow && !ended) changed.Wait(mutex);
      if (ended) break;
    }
    request.mutable_append()->Clear();
    const absl::StatusOr<bool> more = next(request.mutable_append());
    if (!more.ok()) ours = more.status();
    if (!more.ok() || !*more) break;
    {
      ledger::MutexLock lock(mutex);
      ++unanswered;
    }
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  reader.join();
  const absl::Status theirs = connection_->FromGrpc(stream->Finish());
  return ours.ok() ? theirs : ours;
}

absl::Status Client::Read(
    const ledger::v1::ReadRequest& request,
    const std::function<absl::Status(const ledger::v1::ReadResponse&)>& on_batch) {
  return connection_->Stream<ledger::v1::ReadResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->ledger_stub->Read(context, request);
      },
      on_batch);
}

absl::Status Client::Subscribe(
    const ledger::v1::SubscribeRequest& request,
    const std::function<absl::Status(const ledger::v1::SubscribeResponse&)>& on_batch) {
  return connection_->Stream<ledger::v1::SubscribeResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->ledger_stub->Subscribe(context, request);
      },
      on_batch);
}

absl::Status Client::Rebuild(
    const register_::v1::RebuildRequest& request,
    const std::function<absl::Status(const register_::v1::RebuildResponse&)>& on_progress) {
  return connection_->Stream<register_::v1::RebuildResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->register_stub->Rebuild(context, request);
      },
      on_progress);
}

absl::Status Client::Backup(
    const ledger::v1::BackupRequest& request,
    const std::function<absl::Status(const ledger::v1::BackupResponse&)>& on_progress) {
  return connection_->Stream<ledger::v1::BackupResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->proof_stub->Backup(context, request);
      },
      on_progress);
}

absl::StatusOr<ledger::v1::AddPaperResponse> Client::AddPaper(
    absl::string_view media_type, const std::function<absl::StatusOr<bool>(std::string*)>& next) {
  grpc::ClientContext context;
  ledger::v1::AddPaperResponse response;
  const auto writer = connection_->paper_stub->AddPaper(&context, &response);
  ledger::v1::AddPaperRequest piece;
  piece.set_media_type(std::string(media_type));
  absl::Status ours;
  for (;;) {
    const absl::StatusOr<bool> more = next(piece.mutable_bytes());
    if (!more.ok()) {
      ours = more.status();
      context.TryCancel();
    }
    // A server that refuses says why at the end.
    if (!more.ok()) break;
    piece.set_last(!*more);
    if (!writer->Write(piece) || !*more) break;
    piece.clear_media_type();
  }
  writer->WritesDone();
  const absl::Status theirs = connection_->FromGrpc(writer->Finish());
  if (!ours.ok()) return ours;
  if (!theirs.ok()) return theirs;
  return response;
}

absl::Status Client::GetPaper(
    const ledger::v1::GetPaperRequest& request,
    const std::function<absl::Status(const ledger::v1::GetPaperResponse&)>& on_piece) {
  return connection_->Stream<ledger::v1::GetPaperResponse>(
      [&](grpc::ClientContext* context) {
        return connection_->paper_stub->GetPaper(context, request);
      },
      on_piece);
}

void Client::Stop() {
  ledger::MutexLock lock(connection_->mutex);
  connection_->stopped = true;
  if (connection_->running != nullptr) connection_->running->TryCancel();
}

absl::Status Client::Ask(const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
  return connection_->Ask(absl::StrCat("/scrutiny.register.v1.RegisterService/", method), request,
                          response);
}

// The calls with one answer differ in their types only.
#define SCRUTINY_CALL(package, service, stub, method)                               \
  absl::StatusOr<package::v1::method##Response> Client::Call(                       \
      const package::v1::method##Request& request) {                                \
    return connection_->Unary(*connection_->stub, &service::Stub::method, request); \
  }
SCRUTINY_CALL(ledger, LedgerService, ledger_stub, GetRecord)
SCRUTINY_CALL(ledger, LedgerService, ledger_stub, Resolve)
SCRUTINY_CALL(ledger, LedgerService, ledger_stub, ListRecords)
SCRUTINY_CALL(ledger, LedgerService, ledger_stub, GetStatus)
SCRUTINY_CALL(ledger, LedgerService, ledger_stub, ConfirmClock)
SCRUTINY_CALL(ledger, ProofService, proof_stub, GetCheckpoint)
SCRUTINY_CALL(ledger, ProofService, proof_stub, GetProof)
SCRUTINY_CALL(ledger, ProofService, proof_stub, GetConsistency)
SCRUTINY_CALL(ledger, ProofService, proof_stub, RotateKey)
SCRUTINY_CALL(ledger, SealService, seal_stub, OpenSealed)
SCRUTINY_CALL(ledger, SealService, seal_stub, ListSubject)
SCRUTINY_CALL(ledger, SealService, seal_stub, EraseSubject)
SCRUTINY_CALL(ledger, SealService, seal_stub, BackupKeys)
SCRUTINY_CALL(ledger, PaperService, paper_stub, ListHeldPapers)
SCRUTINY_CALL(ledger, PaperService, paper_stub, RemovePaper)
SCRUTINY_CALL(register_, RegisterService, register_stub, DiffRegister)
SCRUTINY_CALL(register_, RegisterService, register_stub, ExplainRecord)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListActions)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListForwardPlan)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListDecisions)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListResolutions)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListAssurance)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListFindings)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListSessions)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListSchemes)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListMeetings)
SCRUTINY_CALL(register_, RegisterService, register_stub, GetMeeting)
SCRUTINY_CALL(register_, RegisterService, register_stub, ListRegisters)
#undef SCRUTINY_CALL

}  // namespace scrutiny::tools
