#include "services/grpc/paper_service.h"

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/paper.grpc.pb.h"
#include "services/grpc/records.h"
#include "services/grpc/status.h"
#include "services/grpc/token.h"
#include "services/grpc/unary.h"
#include "services/grpc/wire.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using ledger::Error;
using ledger::Hash;
using ledger::Reason;

// One that reads and hashes, one that finds out what a new paper is.
constexpr size_t kPaperThreads = 2;

using Methods = api::PaperService::WithRawCallbackMethod_AddPaper<
    api::PaperService::WithRawCallbackMethod_GetPaper<
        api::PaperService::WithRawCallbackMethod_ListHeldPapers<
            api::PaperService::WithRawCallbackMethod_RemovePaper<api::PaperService::Service>>>>;

int64_t NowMicros() { return ledger::SystemClock().MonotonicMicros(); }

absl::StatusOr<Hash> HashOf(const std::string& bytes) {
  Hash hash;
  if (bytes.size() == hash.size()) {
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
  }
  return Error(Reason::kMalformed,
               absl::StrCat("A SHA-256 has 32 bytes; this one has ", bytes.size(), "."))
      .Field("sha256");
}

void PutPaper(const ledger::HeldPaper& held, api::HeldPaper* out) {
  out->set_sha256(std::string(ledger::AsBytes(held.sha256)));
  out->set_media_type(std::string(held.type->name));
  out->set_bytes(held.bytes);
}

// Cancels a call whose sender has been silent for too long. It outlives the call, as its timer
// does.
class SilenceWatch : public std::enable_shared_from_this<SilenceWatch> {
 public:
  SilenceWatch(Workers& workers, CallbackServerContext* call) : workers_(workers), call_(call) {}

  void Start() {
    Heard();
    Wait(kUploadSilenceMaxMicros);
  }
  void Heard() { heard_at_.store(NowMicros()); }
  void End() {
    ledger::MutexLock lock(mutex_);
    call_ = nullptr;
  }

 private:
  void Wait(int64_t micros) {
    workers_.After(micros, [watch = shared_from_this()] { watch->Look(); });
  }
  void Look() {
    const int64_t silent = NowMicros() - heard_at_.load();
    ledger::MutexLock lock(mutex_);
    if (call_ == nullptr) return;
    if (silent < kUploadSilenceMaxMicros) {
      Wait(kUploadSilenceMaxMicros - silent);
      return;
    }
    call_->TryCancel();
    call_ = nullptr;
  }

  Workers& workers_;
  std::atomic<int64_t> heard_at_{0};
  ledger::Mutex mutex_;
  CallbackServerContext* call_ ABSL_GUARDED_BY(mutex_);
};

// One paper coming in. It is always in one of three hands: gRPC that reads, a worker that writes,
// or the end.
class AddStream final : public grpc::ServerReadReactor<ByteBuffer> {
 public:
  AddStream(ledger::PaperStore& papers, Workers& workers, CallbackServerContext* call,
            ByteBuffer* response)
      : papers_(papers),
        workers_(workers),
        response_(response),
        watch_(std::make_shared<SilenceWatch>(workers, call)) {}

  void Start() {
    watch_->Start();
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    watch_->Heard();
    workers_.Post([this, ok] { Done(ok ? Take() : End()); });
  }
  void OnDone() override {
    watch_->End();
    delete this;
  }

 private:
  // Passes the call on: to the next piece, or to the end.
  void Done(const absl::StatusOr<bool>& go_on) {
    if (!go_on.ok()) {
      upload_.reset();
      Finish(ToGrpc(go_on.status()));
    } else if (*go_on) {
      StartRead(&request_);
    } else {
      Finish(grpc::Status::OK);
    }
  }

  absl::StatusOr<bool> Take() {
    api::AddPaperRequest piece;
    SCRUTINY_RETURN_IF_ERROR(ParseRequest(request_, &piece));
    request_.Clear();
    if (piece.bytes().size() > kPaperPieceBytesMax) {
      return Error(Reason::kOverLimit, "A piece has at most 1 MiB.").Field("bytes");
    }
    if (upload_ == nullptr) {
      SCRUTINY_ASSIGN_OR_RETURN(upload_, papers_.Begin());
      said_ = piece.media_type();
      if (!piece.sha256().empty()) {
        SCRUTINY_ASSIGN_OR_RETURN(expected_, HashOf(piece.sha256()));
      }
    } else if (!piece.media_type().empty() || !piece.sha256().empty()) {
      return Error(Reason::kMalformed, "What a paper is, is said in its first piece.")
          .Field(piece.media_type().empty() ? "sha256" : "media_type");
    }
    if (last_) {
      return Error(Reason::kMalformed, "Something follows the last piece.").Field("last");
    }
    last_ = piece.last();
    SCRUTINY_RETURN_IF_ERROR(upload_->Add(piece.bytes()));
    return true;
  }

  absl::StatusOr<bool> End() {
    if (upload_ == nullptr) {
      return Error(Reason::kMalformed, "The paper is empty.").Field("bytes");
    }
    // A sender that goes away looks the same from here as one that has sent everything.
    if (!last_) {
      return Error(Reason::kMalformed, "The paper broke off: no piece says that it is the last.")
          .Field("last")
          .Next("Send it again, the last piece with `last`.");
    }
    bool held_already = false;
    SCRUTINY_ASSIGN_OR_RETURN(const ledger::HeldPaper paper,
                              upload_->Finish(said_, expected_, &held_already));
    upload_.reset();
    api::AddPaperResponse response;
    PutPaper(paper, response.mutable_paper());
    response.set_held_already(held_already);
    *response_ = ToBuffer(response);
    return false;
  }

  ledger::PaperStore& papers_;
  Workers& workers_;
  ByteBuffer* const response_;
  const std::shared_ptr<SilenceWatch> watch_;
  ByteBuffer request_;
  std::unique_ptr<ledger::PaperStore::Upload> upload_;
  std::string said_;
  bool last_ = false;
  absl::optional<Hash> expected_;
};

// One paper going out, in the hands of a worker or of gRPC.
class GetStream final : public grpc::ServerWriteReactor<ByteBuffer> {
 public:
  GetStream(ledger::PaperStore& papers, Workers& workers) : papers_(papers), workers_(workers) {}

  void Start(const ByteBuffer* bytes) {
    const absl::Status posted = workers_.TryPost([this, bytes] { Begin(*bytes); });
    if (!posted.ok()) Finish(ToGrpc(posted));
  }
  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The client went away."));
      return;
    }
    workers_.Post([this] { Step(); });
  }
  void OnDone() override { delete this; }

 private:
  void Begin(const ByteBuffer& bytes) {
    if (absl::Status status = Open(bytes); !status.ok()) {
      Finish(ToGrpc(status));
      return;
    }
    Step();
  }

  absl::Status Open(const ByteBuffer& bytes) {
    api::GetPaperRequest request;
    SCRUTINY_RETURN_IF_ERROR(ParseRequest(bytes, &request));
    SCRUTINY_ASSIGN_OR_RETURN(const Hash sha256, HashOf(request.sha256()));
    SCRUTINY_ASSIGN_OR_RETURN(reading_, papers_.Read(sha256));
    PutPaper(reading_->paper(), piece_.mutable_paper());
    return absl::OkStatus();
  }

  void Step() {
    absl::StatusOr<std::string> bytes = reading_->Next(kPaperPieceBytes);
    if (!bytes.ok()) {
      Finish(ToGrpc(bytes.status()));
    } else if (bytes->empty()) {
      Finish(grpc::Status::OK);
    } else {
      piece_.set_bytes(*std::move(bytes));
      response_ = ToBuffer(piece_);
      piece_.Clear();
      StartWrite(&response_);
    }
  }

  ledger::PaperStore& papers_;
  Workers& workers_;
  std::unique_ptr<ledger::PaperStore::Reading> reading_;
  api::GetPaperResponse piece_;
  ByteBuffer response_;
};

class PaperServiceImpl final : public PaperService, public Methods {
 public:
  PaperServiceImpl(ledger::PaperStore& papers, ledger::Ledger& ledger)
      : papers_(papers), ledger_(ledger), workers_(kPaperThreads) {}

  grpc::Service* service() override { return this; }

  grpc::ServerReadReactor<ByteBuffer>* AddPaper(CallbackServerContext* context,
                                                ByteBuffer* response) override {
    // Owned by gRPC until its OnDone, as the other one is.
    auto* const stream = new AddStream(papers_, workers_, context, response);
    stream->Start();
    return stream;
  }

  grpc::ServerWriteReactor<ByteBuffer>* GetPaper(CallbackServerContext* /*context*/,
                                                 const ByteBuffer* request) override {
    auto* const stream = new GetStream(papers_, workers_);
    stream->Start(request);
    return stream;
  }

  grpc::ServerUnaryReactor* ListHeldPapers(CallbackServerContext* context,
                                           const ByteBuffer* request,
                                           ByteBuffer* response) override {
    return AnswerOn<api::ListHeldPapersRequest, api::ListHeldPapersResponse>(
        workers_, context, request, response,
        [this](const api::ListHeldPapersRequest& asked) { return List(asked); });
  }

  grpc::ServerUnaryReactor* RemovePaper(CallbackServerContext* context, const ByteBuffer* request,
                                        ByteBuffer* response) override {
    return AnswerOn<api::RemovePaperRequest, api::RemovePaperResponse>(
        workers_, context, request, response,
        [this](const api::RemovePaperRequest& asked) { return Remove(asked); });
  }

 private:
  absl::StatusOr<api::ListHeldPapersResponse> List(const api::ListHeldPapersRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(const size_t page, PageSize(asked.page_size()));
    absl::optional<Hash> after;
    if (!asked.page_token().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const Place given,
                                PlaceOf(ledger_, asked.page_token(), TokenKind::kPapers, 0));
      after = ledger::ParseSha256(given.after);
    }
    std::vector<ledger::HeldPaper> papers = papers_.List(after, page + 1);
    api::ListHeldPapersResponse response;
    if (papers.size() > page) {
      papers.resize(page);
      Place place;
      place.kind = TokenKind::kPapers;
      place.after = ledger::ToHex(ledger::AsBytes(papers.back().sha256));
      response.set_next_page_token(EncodeToken(ledger_.identity(), place));
    }
    for (const ledger::HeldPaper& paper : papers) PutPaper(paper, response.add_papers());
    response.set_total(papers_.count());
    response.set_total_bytes(papers_.bytes());
    return response;
  }

  absl::StatusOr<api::RemovePaperResponse> Remove(const api::RemovePaperRequest& asked) {
    SCRUTINY_ASSIGN_OR_RETURN(const Hash sha256, HashOf(asked.sha256()));
    const absl::optional<ledger::HeldPaper> paper = papers_.Find(sha256);
    SCRUTINY_RETURN_IF_ERROR(papers_.Remove(sha256));
    api::RemovePaperResponse response;
    if (paper) PutPaper(*paper, response.mutable_paper());
    return response;
  }

  ledger::PaperStore& papers_;
  ledger::Ledger& ledger_;
  Workers workers_;
};

}  // namespace

std::unique_ptr<PaperService> PaperService::Create(ledger::PaperStore& papers,
                                                   ledger::Ledger& ledger) {
  return std::make_unique<PaperServiceImpl>(papers, ledger);
}

}  // namespace scrutiny::services
