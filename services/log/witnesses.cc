#include "services/log/witnesses.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "ledger/append/tree.h"
#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"
#include "ledger/checkpoint/fork_guard.h"
#include "ledger/format/hash.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/witness_request.h"

namespace scrutiny::services {
namespace {

using ledger::Error;
using ledger::Reason;
using ledger::TreeSize;

constexpr int64_t kSecondMicros = 1'000'000;
// A witness answers with a signature: what takes longer than this is not one.
constexpr int64_t kAnswerMaxMicros = 10 * kSecondMicros;
constexpr size_t kAnswerBytesMax = 64 * 1024;
// C2SP tlog-witness: the proof does not show that the log only grew.
constexpr int kDoesNotContinue = 422;
// A wrong idea of what the witness has seen is put right once in a call.
constexpr int kAttempts = 3;

// A witness's own words, for a log and a status: what it sends may be anything.
constexpr size_t kWordsBytesMax = 200;

HttpClientOptions ClientOptions(int64_t timeout_micros) {
  HttpClientOptions options;
  options.connect_timeout_micros = timeout_micros;
  options.timeout_micros = timeout_micros;
  options.body_bytes_max = kAnswerBytesMax;
  return options;
}

absl::Status Malformed(const std::string& text, absl::string_view why) {
  return Error(Reason::kMalformed, absl::StrCat("--witness ", text, ": ", why))
      .Field("witness")
      .Value(text)
      .Next("Give it as URL=VKEY, with the key that the witness prints when it starts.");
}

absl::Status Unexpected(const HttpResponse& response) {
  const std::string words =
      ledger::Printable(absl::StripTrailingAsciiWhitespace(response.body), kWordsBytesMax);
  if (response.status == kDoesNotContinue) {
    return absl::FailedPreconditionError(absl::StrCat(
        "it has cosigned another history of this ledger, or its record is damaged (it answered ",
        response.status, " ", absl::StrReplaceAll(words, {{"\n", " "}}),
        "). Compare its checkpoint with this ledger's before anything more is recorded; at its "
        "next "
        "start the server will not serve"));
  }
  return absl::UnavailableError(absl::StrCat("it answered ", response.status, " ",
                                             absl::StrReplaceAll(words, {{"\n", " "}})));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witnesses>> Witnesses::Create(
    const std::vector<std::string>& witnesses, std::function<void(const std::string&)> tell,
    int64_t start_answer_micros) {
  std::unique_ptr<Witnesses> all(new Witnesses(std::move(tell), start_answer_micros));
  if (witnesses.size() > kWitnessesMax) {
    return Error(Reason::kOverLimit, absl::StrCat("At most ", kWitnessesMax, " witnesses."));
  }
  for (const std::string& text : witnesses) {
    // A key's base64 may end in `=`, a URL has none before its query: the first one divides.
    const size_t at = text.find('=');
    if (at == std::string::npos) return Malformed(text, "there is no key.");
    absl::StatusOr<ledger::VerifierKey> key = ledger::ParseVerifierKey(text.substr(at + 1));
    if (!key.ok()) return Malformed(text, key.status().message());
    if (key->type != ledger::KeyType::kCosignature) {
      return Malformed(text, "the key is not one of a witness (type 04).");
    }
    auto witness = std::make_unique<Witness>();
    witness->state.url = std::string(absl::StripSuffix(text.substr(0, at), "/"));
    if (!absl::StartsWith(witness->state.url, "http://") &&
        !absl::StartsWith(witness->state.url, "https://")) {
      return Malformed(text, "the URL begins with neither http:// nor https://.");
    }
    witness->state.name = key->name;
    witness->key = *std::move(key);
    all->witnesses_.push_back(std::move(witness));
  }
  return all;
}

Witnesses::~Witnesses() { Stop(); }

void Witnesses::Stop() {
  {
    ledger::MutexLock lock(wake_->mutex);
    wake_->stopping = true;
    wake_->changed.SignalAll();
  }
  for (const auto& witness : witnesses_) {
    if (witness->thread.joinable()) witness->thread.join();
  }
}

absl::Status Witnesses::CheckAtStart(ledger::Ledger& ledger,
                                     absl::Span<const ledger::VerifierKey> log_keys) {
  const std::string origin = ledger.identity().origin;
  const std::string path =
      absl::StrCat("/", ledger::ToHex(ledger::AsBytes(ledger::Sha256Of(origin))), "/checkpoint");
  std::vector<absl::StatusOr<HttpResponse>> answers(witnesses_.size());
  std::vector<std::thread> askers;
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    askers.emplace_back([&answer = answers[i], wait = start_answer_micros_,
                         url = absl::StrCat(witnesses_[i]->state.url, path)] {
      answer = HttpClient(ClientOptions(wait)).Get(url);
    });
  }
  for (std::thread& asker : askers) asker.join();
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    Witness* const witness = witnesses_[i].get();
    if (!answers[i].ok() || answers[i]->status != 200) continue;
    // What counts is the witness's own word: its cosignature over the text.
    const absl::StatusOr<ledger::SignedNote> note = ledger::ParseNote(answers[i]->body);
    if (!note.ok()) continue;
    const auto verified = ledger::VerifyNote(*note, {&witness->key, 1});
    const absl::StatusOr<ledger::Checkpoint> known = ledger::ParseCheckpoint(note->text);
    if (!verified.ok() || !known.ok() || known->origin != origin) continue;
    if (!ledger::VerifyNote(*note, log_keys).ok()) {
      tell_(absl::StrCat("the witness ", witness->state.name, " at ", witness->state.url,
                         " shows a checkpoint of ", known->size.value(),
                         " entries that no key of this ledger signed; it is passed over"));
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(ledger::CheckContinues(
        ledger.tree(), *known,
        absl::StrCat("the witness ", witness->state.name, " at ", witness->state.url)));
    ledger::MutexLock lock(mutex_);
    witness->state.cosigned = known->size;
    witness->state.cosigned_at_us =
        static_cast<int64_t>(verified->front().cosigned_at) * kSecondMicros;
  }
  return absl::OkStatus();
}

void Witnesses::Start(ledger::Ledger& ledger, ledger::Checkpointer& checkpointer) {
  ledger_ = &ledger;
  checkpointer_ = &checkpointer;
  checkpointer.OnPublished([wake = wake_] {
    ledger::MutexLock lock(wake->mutex);
    ++wake->news;
    wake->changed.SignalAll();
  });
  for (const auto& witness : witnesses_) {
    witness->thread = std::thread([this, &witness = *witness] { Run(witness); });
  }
}

void Witnesses::Run(Witness& witness) {
  HttpClientOptions options = ClientOptions(kAnswerMaxMicros);
  options.cancelled = [&wake = *wake_] {
    ledger::MutexLock lock(wake.mutex);
    return wake.stopping;
  };
  HttpClient http(options);
  std::string cosigned_text;
  int64_t wait = 0;
  Wake& wake = *wake_;
  while (true) {
    uint64_t seen = 0;
    {
      ledger::MutexLock lock(wake.mutex);
      const int64_t until = clock_.MonotonicMicros() + wait;
      for (int64_t left = wait; left > 0 && !wake.stopping;
           left = until - clock_.MonotonicMicros()) {
        wake.changed.WaitFor(wake.mutex, left);
      }
      if (wake.stopping) return;
      seen = wake.news;
    }
    const ledger::PublishedCheckpointPtr target = Target();
    if (target == nullptr || target->text == cosigned_text) {
      ledger::MutexLock lock(wake.mutex);
      if (!wake.stopping && wake.news == seen) wake.changed.WaitFor(wake.mutex, kSecondMicros);
      wait = 0;
      continue;
    }
    const absl::Status status = Ask(http, witness, *target);
    if (absl::IsCancelled(status)) return;
    Report(witness, status);
    if (status.ok()) {
      cosigned_text = target->text;
      wait = kWitnessEveryMicros;
    } else {
      wait = std::clamp(wait * 2, kWitnessEveryMicros, kWitnessRetryMostMicros);
    }
  }
}

ledger::PublishedCheckpointPtr Witnesses::Target() {
  const ledger::PublishedCheckpointPtr newest = checkpointer_->newest();
  if (newest == nullptr) return nullptr;
  const int64_t now = clock_.MonotonicMicros();
  ledger::MutexLock lock(mutex_);
  const bool is_due =
      target_ == nullptr ||
      now - target_since_ >= (IsComplete(nullptr) ? kWitnessEveryMicros : kWitnessAnswerWaitMicros);
  if (is_due && (target_ == nullptr || target_->text != newest->text)) {
    Promote();
    target_ = newest;
    target_since_ = now;
    target_cosignatures_.clear();
  }
  return target_;
}

bool Witnesses::IsComplete(const Witness* answering) const {
  const auto answers = [answering](const std::unique_ptr<Witness>& each) {
    return each.get() == answering || each->state.problem.empty();
  };
  const auto expected = std::count_if(witnesses_.begin(), witnesses_.end(), answers);
  return target_cosignatures_.size() >= static_cast<size_t>(expected);
}

void Witnesses::Promote() {
  if (target_ == nullptr || target_cosignatures_.empty()) return;
  absl::StatusOr<ledger::SignedNote> note = ledger::ParseNote(target_->note);
  if (!note.ok()) return;
  for (const ledger::NoteSignature& cosignature : target_cosignatures_) {
    const auto is_there = [&cosignature](const ledger::NoteSignature& signature) {
      return signature.name == cosignature.name && signature.id == cosignature.id;
    };
    note->signatures.erase(
        std::remove_if(note->signatures.begin(), note->signatures.end(), is_there),
        note->signatures.end());
    // What was published may be full of signatures; it stands as it is then.
    if (note->signatures.size() >= ledger::kNoteSignaturesMax) continue;
    note->signatures.push_back(cosignature);
  }
  auto cosigned = std::make_shared<ledger::PublishedCheckpoint>(*target_);
  cosigned->note = ledger::Format(*note);
  cosigned_ = std::move(cosigned);
}

ledger::PublishedCheckpointPtr Witnesses::cosigned() const {
  ledger::MutexLock lock(mutex_);
  return cosigned_;
}

absl::Status Witnesses::Ask(HttpClient& http, Witness& witness,
                            const ledger::PublishedCheckpoint& checkpoint) {
  TreeSize old_size;
  {
    ledger::MutexLock lock(mutex_);
    old_size = witness.state.cosigned;
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (old_size > checkpoint.checkpoint.size) {
      return absl::FailedPreconditionError(absl::StrCat(
          "it has cosigned ", old_size.value(), " entries of this origin, and this ledger has ",
          checkpoint.checkpoint.size.value(), ": one of the two is not the ledger it was"));
    }
    ledger::AddCheckpoint request;
    request.old_size = old_size;
    request.checkpoint = checkpoint.note;
    SCRUTINY_ASSIGN_OR_RETURN(request.proof,
                              ledger_->tree().Consistency(old_size, checkpoint.checkpoint.size));
    SCRUTINY_ASSIGN_OR_RETURN(const HttpResponse response,
                              http.Post(absl::StrCat(witness.state.url, "/add-checkpoint"),
                                        "text/plain; charset=utf-8", ledger::Format(request)));
    if (response.status == 200) return Take(witness, checkpoint, response.body);
    uint64_t has = 0;
    const std::string line(absl::StripTrailingAsciiWhitespace(response.body));
    if (response.status != 409 || !absl::SimpleAtoi(line, &has) || TreeSize(has) == old_size) {
      return Unexpected(response);
    }
    old_size = TreeSize(has);
  }
  return absl::UnavailableError("it keeps saying that it has seen another size");
}

absl::Status Witnesses::Take(Witness& witness, const ledger::PublishedCheckpoint& checkpoint,
                             const std::string& lines) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::NoteSignature> signatures,
                            ledger::ParseSignatureLines(lines));
  for (const ledger::NoteSignature& signature : signatures) {
    if (signature.name != witness.key.name || signature.id != witness.key.id) continue;
    SCRUTINY_ASSIGN_OR_RETURN(const ledger::VerifiedSignature verified,
                              ledger::VerifyNoteSignature(checkpoint.text, signature, witness.key));
    checkpointer_->AddCosignature(checkpoint.text, signature);
    ledger::MutexLock lock(mutex_);
    witness.state.cosigned = checkpoint.checkpoint.size;
    witness.state.cosigned_at_us = static_cast<int64_t>(verified.cosigned_at) * kSecondMicros;
    if (target_ == nullptr || target_->text != checkpoint.text) return absl::OkStatus();
    target_cosignatures_.push_back(signature);
    if (IsComplete(&witness)) Promote();
    return absl::OkStatus();
  }
  return absl::DataLossError("it answered without a cosignature of its key");
}

void Witnesses::Report(Witness& witness, const absl::Status& status) {
  const std::string problem(status.message());
  std::string news;
  {
    ledger::MutexLock lock(mutex_);
    if (problem == witness.state.problem) return;
    witness.state.problem = problem;
    news = problem.empty() ? absl::StrCat("the witness ", witness.state.name, " cosigns again")
                           : absl::StrCat("the witness ", witness.state.name, " at ",
                                          witness.state.url, " does not cosign: ", problem);
  }
  tell_(news);
}

std::vector<WitnessState> Witnesses::states() const {
  ledger::MutexLock lock(mutex_);
  std::vector<WitnessState> states;
  for (const auto& witness : witnesses_) states.push_back(witness->state);
  return states;
}

}  // namespace scrutiny::services
