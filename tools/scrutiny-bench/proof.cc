#include "ledger/merkle/proof.h"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"

#include "ledger/base/status.h"
#include "ledger/format/hash.h"
#include "scrutiny/ledger/v1/ledger.grpc.pb.h"
#include "scrutiny/ledger/v1/proof.grpc.pb.h"
#include "tools/scrutiny-bench/connect.h"
#include "tools/scrutiny-bench/measure.h"

namespace scrutiny::bench {
namespace {

namespace api = ::scrutiny::ledger::v1;
namespace fs = std::filesystem;

ledger::Hash HashOf(const std::string& bytes) {
  ledger::Hash hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

// A proof that does not hold is no measurement.
absl::Status Check(const api::GetProofResponse& proof, uint64_t sequence) {
  std::vector<ledger::Hash> path;
  for (const std::string& hash : proof.inclusion_path()) path.push_back(HashOf(hash));
  return ledger::VerifyInclusion(ledger::Sequence(sequence), ledger::TreeSize(proof.tree_size()),
                                 ledger::LeafHash(proof.entry()), path, HashOf(proof.root()));
}

absl::StatusOr<uint64_t> SizeOf(const Bench& bench) {
  const auto stub = api::LedgerService::NewStub(Connect(bench.server));
  grpc::ClientContext context;
  api::GetStatusResponse status;
  const grpc::Status asked = stub->GetStatus(&context, api::GetStatusRequest(), &status);
  if (!asked.ok()) return FromGrpc(asked);
  return status.size();
}

absl::Status ProofRound(const Bench& bench, uint64_t size, uint64_t* state, Result* result) {
  const auto stub = api::ProofService::NewStub(Connect(bench.server));
  Samples samples;
  const int64_t start = NowNanos();
  const int64_t end = start + int64_t{bench.settings.seconds} * 1'000'000'000;
  while (NowNanos() < end) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    const uint64_t sequence = (*state >> 20) % size;
    grpc::ClientContext context;
    api::GetProofRequest request;
    request.set_sequence(sequence);
    api::GetProofResponse response;
    const int64_t sent = NowNanos();
    const grpc::Status status = stub->GetProof(&context, request, &response);
    samples.Add(NowNanos() - sent);
    if (!status.ok()) return FromGrpc(status);
    SCRUTINY_RETURN_IF_ERROR(Check(response, sequence));
  }
  result->rounds.push_back(static_cast<double>(samples.count()) /
                           (static_cast<double>(NowNanos() - start) / 1e9));
  result->latency.Add(samples);
  return absl::OkStatus();
}

// Runs a program to its end; its words go to nobody.
absl::Status Run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int spawned =
      posix_spawn(&pid, words[0].c_str(), &quiet, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&quiet);
  int how = 0;
  if (spawned == 0) waitpid(pid, &how, 0);
  if (spawned == 0 && WIFEXITED(how) && WEXITSTATUS(how) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(words[0], " ", words[1], " failed."));
}

}  // namespace

absl::StatusOr<Result> GetProofs(const Bench& bench) {
  Result result;
  result.name = "proof of an entry, 1 client";
  result.unit = "proofs/s";
  result.p99_ms_at_most = 2;
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t size, SizeOf(bench));
  uint64_t state = bench.settings.seed;
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(ProofRound(bench, size, &state, &result));
  }
  result.note = absl::StrCat("of ", size, " entries, in random order; each checked");
  return result;
}

absl::StatusOr<Result> VerifyExport(const Bench& bench) {
  Result result;
  result.name = "verify a whole export";
  result.unit = "entries/s";
  result.at_least = 400'000;
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t size, SizeOf(bench));
  const std::string beside = fs::path(bench.settings.program).parent_path().string();
  const std::string file =
      absl::StrCat(bench.settings.folder, "/scrutiny-bench-export-", getpid(), ".tar");
  SCRUTINY_RETURN_IF_ERROR(Run({absl::StrCat(beside, "/scrutiny"), "--server", bench.server,
                                "export", "--all", file, "--force"}));
  const auto stub = api::ProofService::NewStub(Connect(bench.server));
  grpc::ClientContext context;
  api::GetCheckpointResponse checkpoint;
  absl::Status status =
      FromGrpc(stub->GetCheckpoint(&context, api::GetCheckpointRequest(), &checkpoint));
  for (int round = 0; round < bench.settings.rounds && status.ok(); ++round) {
    const int64_t start = NowNanos();
    status = Run({absl::StrCat(beside, "/scrutiny-verify"), "log", file, "--vkey",
                  checkpoint.verifier_keys(0)});
    result.rounds.push_back(static_cast<double>(size) /
                            (static_cast<double>(NowNanos() - start) / 1e9));
  }
  std::error_code ignored;
  fs::remove(file, ignored);
  result.note = absl::StrCat(size, " entries, from the start of scrutiny-verify to its end");
  if (!status.ok()) return status;
  return result;
}

}  // namespace scrutiny::bench
