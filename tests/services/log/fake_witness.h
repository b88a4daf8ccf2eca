// tests/services/log/fake_witness.h
// A witness that keeps to the protocol unless a test makes it answer otherwise, and remembers what
// it was asked.
//
// Threads:  thread-safe.
#ifndef SCRUTINY_TESTS_SERVICES_LOG_FAKE_WITNESS_H_
#define SCRUTINY_TESTS_SERVICES_LOG_FAKE_WITNESS_H_

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/witness_request.h"
#include "services/http/server.h"

namespace scrutiny::services {

class FakeWitness {
 public:
  // What it answers to a checkpoint; `as_usual` is what it would answer.
  using Answer = std::function<HttpResponse(const ledger::AddCheckpoint& request,
                                            const std::function<HttpResponse()>& as_usual)>;

  explicit FakeWitness(uint8_t seed = 4) : signer_(MakeSigner(seed)) {
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server =
        HttpServer::Start(options, [this](const HttpRequest& request) { return Handle(request); });
    SCRUTINY_CHECK(server.ok()) << server.status().ToString();
    server_ = *std::move(server);
  }

  // URL=VKEY.
  std::string option() const {
    return absl::StrCat(url(), "=", ledger::ToString(signer_.verifier()));
  }
  std::string url() const { return absl::StrCat("http://", server_->address()); }
  const ledger::Signer& signer() const { return signer_; }
  const ledger::VerifierKey& key() const { return signer_.verifier(); }

  void AnswerWith(Answer answer) {
    ledger::MutexLock lock(mutex_);
    answer_ = std::move(answer);
  }
  // What it says it cosigned last, to whoever starts.
  void SetLatest(int status, std::string body) {
    ledger::MutexLock lock(mutex_);
    latest_.status = status;
    latest_.body = std::move(body);
  }
  // The size it cosigned last.
  ledger::TreeSize size() const {
    ledger::MutexLock lock(mutex_);
    return known_.size;
  }
  void SetKnown(ledger::Checkpoint known) {
    ledger::MutexLock lock(mutex_);
    known_ = std::move(known);
  }
  std::vector<ledger::AddCheckpoint> asked() const {
    ledger::MutexLock lock(mutex_);
    return asked_;
  }

  static HttpResponse Plain(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "text/plain"}};
    response.body = std::move(body);
    return response;
  }

 private:
  static ledger::Signer MakeSigner(uint8_t seed) {
    std::array<uint8_t, 32> bytes{};
    bytes.fill(seed);
    auto signer =
        ledger::Signer::Create(absl::StrCat("witness.example/", seed),
                               ledger::KeyType::kCosignature, ledger::SigningKey::FromSeed(bytes));
    SCRUTINY_CHECK(signer.ok());
    return *std::move(signer);
  }

  HttpResponse Handle(const HttpRequest& request) {
    if (request.method == "GET") {
      ledger::MutexLock lock(mutex_);
      return latest_;
    }
    EXPECT_EQ(request.target, "/add-checkpoint");
    const auto add = ledger::ParseAddCheckpoint(request.body);
    EXPECT_TRUE(add.ok()) << add.status();
    if (!add.ok()) return Plain(400, "");
    Answer answer;
    {
      ledger::MutexLock lock(mutex_);
      asked_.push_back(*add);
      answer = answer_;
    }
    const auto as_usual = [this, &add] { return AsUsual(*add); };
    return answer ? answer(*add, as_usual) : as_usual();
  }

  HttpResponse AsUsual(const ledger::AddCheckpoint& request) {
    const auto note = ledger::ParseNote(request.checkpoint);
    if (!note.ok()) return Plain(400, "");
    const auto checkpoint = ledger::ParseCheckpoint(note->text);
    if (!checkpoint.ok()) return Plain(400, "");
    ledger::MutexLock lock(mutex_);
    if (request.old_size != known_.size) {
      HttpResponse conflict = Plain(409, absl::StrCat(known_.size.value(), "\n"));
      conflict.headers = {{"Content-Type", "text/x.tlog.size"}};
      return conflict;
    }
    const bool continues =
        known_.size == ledger::TreeSize(0)
            ? request.proof.empty()
            : ledger::VerifyConsistency(known_.size, checkpoint->size, request.proof, known_.root,
                                        checkpoint->root)
                  .ok();
    if (!continues) return Plain(422, "the proof does not hold\n");
    known_ = *checkpoint;
    return Plain(200, ledger::Format(ledger::Cosign(note->text, signer_, 1'700'000'000)));
  }

  const ledger::Signer signer_;
  mutable ledger::Mutex mutex_;
  Answer answer_ ABSL_GUARDED_BY(mutex_);
  HttpResponse latest_ ABSL_GUARDED_BY(mutex_) = Plain(404, "not known\n");
  ledger::Checkpoint known_ ABSL_GUARDED_BY(mutex_);
  std::vector<ledger::AddCheckpoint> asked_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<HttpServer> server_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_TESTS_SERVICES_LOG_FAKE_WITNESS_H_
