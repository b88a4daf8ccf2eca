#include "services/grpc/proof_service.h"

#include <atomic>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/checkpoint/backup.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"
#include "services/grpc/append.h"
#include "services/grpc/progress_stream.h"
#include "services/grpc/prover.h"
#include "services/grpc/unary.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {
namespace {

namespace api = ::scrutiny::ledger::v1;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;

constexpr size_t kProofThreads = 2;

using Api = api::ProofService;
using Methods = Api::WithRawCallbackMethod_GetCheckpoint<
    Api::WithRawCallbackMethod_GetProof<Api::WithRawCallbackMethod_GetConsistency<
        Api::WithRawCallbackMethod_RotateKey<Api::WithRawCallbackMethod_Backup<Api::Service>>>>>;

class ProofServiceImpl final : public ProofService, public Methods {
 public:
  ProofServiceImpl(ledger::Ledger& ledger, ledger::Checkpointer* checkpointer, ledger::Clock& clock,
                   const ledger::PaperStore* papers)
      : ledger_(ledger),
        checkpointer_(checkpointer),
        clock_(clock),
        papers_(papers),
        proofs_(kProofThreads),
        backups_(1),
        prover_(ledger, checkpointer, proofs_) {}

  ~ProofServiceImpl() override {
    Close();
    proofs_.Stop();
    backups_.Stop();
  }

  grpc::Service* service() override { return this; }
  void Close() override { closing_.store(true); }

  grpc::ServerUnaryReactor* GetCheckpoint(CallbackServerContext* context, const ByteBuffer* request,
                                          ByteBuffer* response) override {
    return AnswerOn<api::GetCheckpointRequest, api::GetCheckpointResponse>(
        proofs_, context, request, response,
        [this](const api::GetCheckpointRequest&) { return prover_.GetCheckpoint(); });
  }

  grpc::ServerUnaryReactor* GetProof(CallbackServerContext* context, const ByteBuffer* request,
                                     ByteBuffer* response) override {
    return AnswerOn<api::GetProofRequest, api::GetProofResponse>(
        proofs_, context, request, response,
        [this](const api::GetProofRequest& asked) { return prover_.GetProof(asked); });
  }

  grpc::ServerUnaryReactor* GetConsistency(CallbackServerContext* context,
                                           const ByteBuffer* request,
                                           ByteBuffer* response) override {
    return AnswerOn<api::GetConsistencyRequest, api::GetConsistencyResponse>(
        proofs_, context, request, response,
        [this](const api::GetConsistencyRequest& asked) { return prover_.GetConsistency(asked); });
  }

  grpc::ServerUnaryReactor* RotateKey(CallbackServerContext* context, const ByteBuffer* request,
                                      ByteBuffer* response) override {
    return AnswerOn<api::RotateKeyRequest, api::RotateKeyResponse>(
        proofs_, context, request, response,
        [this](const api::RotateKeyRequest& asked) { return Rotate(asked); });
  }

  grpc::ServerWriteReactor<ByteBuffer>* Backup(CallbackServerContext* /*context*/,
                                               const ByteBuffer* request) override {
    return ProgressStream<api::BackupRequest, api::BackupResponse>::Start(
        backups_, closing_, request, [this](const api::BackupRequest& asked, const auto& report) {
          return MakeBackup(asked, report);
        });
  }

 private:
  absl::Status CheckSigns() const {
    if (checkpointer_ != nullptr) return absl::OkStatus();
    return ledger::Error(absl::StatusCode::kUnavailable, ledger::Reason::kUnspecified,
                         "This server has no key to sign with.");
  }

  absl::StatusOr<api::RotateKeyResponse> Rotate(const api::RotateKeyRequest& asked) {
    SCRUTINY_RETURN_IF_ERROR(CheckSigns());
    if (asked.reason().empty()) {
      return ledger::Error(ledger::Reason::kMalformed, "A change of keys needs a reason.")
          .Field("reason")
          .Next("Say why: it is recorded with the new key.");
    }
    SCRUTINY_ASSIGN_OR_RETURN(
        const ledger::Checkpointer::Rotation rotation,
        checkpointer_->RotateKey(LocalPrincipal(), asked.request_id(), asked.reason()));
    api::RotateKeyResponse response;
    response.set_verifier_key(rotation.verifier_key);
    response.set_sequence(rotation.sequence.value());
    response.set_both_sign_until_us(rotation.both_sign_until_us);
    return response;
  }

  absl::Status MakeBackup(const api::BackupRequest& asked,
                          const std::function<bool(const api::BackupResponse&)>& report) {
    SCRUTINY_RETURN_IF_ERROR(CheckSigns());
    const auto progress = [&report](uint64_t done, uint64_t total) {
      api::BackupResponse so_far;
      so_far.set_bytes_done(done);
      so_far.set_bytes_total(total);
      return report(so_far);
    };
    const auto add_papers = [this, &asked]() -> absl::Status {
      if (papers_ == nullptr || papers_->count() == 0) return absl::OkStatus();
      return papers_->CopyTo(absl::StrCat(asked.directory(), "/papers")).status();
    };
    SCRUTINY_ASSIGN_OR_RETURN(const ledger::BackupSummary summary,
                              ledger::MakeBackup(ledger_, *checkpointer_, clock_, asked.directory(),
                                                 progress, add_papers));
    api::BackupResponse last;
    last.set_bytes_done(summary.bytes);
    last.set_bytes_total(summary.bytes);
    last.set_done(true);
    last.set_size(summary.size.value());
    last.set_files(summary.files);
    report(last);
    return absl::OkStatus();
  }

  ledger::Ledger& ledger_;
  ledger::Checkpointer* const checkpointer_;
  ledger::Clock& clock_;
  const ledger::PaperStore* const papers_;
  std::atomic<bool> closing_{false};
  Workers proofs_;
  Workers backups_;
  Prover prover_;
};

}  // namespace

std::unique_ptr<ProofService> ProofService::Create(ledger::Ledger& ledger,
                                                   ledger::Checkpointer* checkpointer,
                                                   ledger::Clock& clock,
                                                   const ledger::PaperStore* papers) {
  return std::make_unique<ProofServiceImpl>(ledger, checkpointer, clock, papers);
}

}  // namespace scrutiny::services
