#include <cstdint>

#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"

#include "ledger/base/status.h"
#include "scrutiny/register/v1/register.grpc.pb.h"
#include "tools/scrutiny-bench/connect.h"
#include "tools/scrutiny-bench/measure.h"

namespace scrutiny::bench {
namespace {

namespace api = ::scrutiny::register_::v1;

absl::Status OneRound(const Bench& bench, Result* result, uint64_t* entries) {
  const auto stub = api::RegisterService::NewStub(Connect(bench.server));
  grpc::ClientContext context;
  const int64_t start = NowNanos();
  const auto reader = stub->Rebuild(&context, api::RebuildRequest());
  api::RebuildResponse progress;
  bool finished = false;
  while (reader->Read(&progress)) {
    finished = progress.finished();
    *entries = progress.total();
  }
  const double seconds = static_cast<double>(NowNanos() - start) / 1e9;
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return FromGrpc(status);
  if (!finished) return absl::InternalError("The rebuild ended before it was level.");
  result->rounds.push_back(static_cast<double>(*entries) / seconds);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Result> RebuildAll(const Bench& bench) {
  Result result;
  result.name = "rebuild, all registers";
  result.unit = "entries/s";
  result.at_least = 100'000;
  uint64_t entries = 0;
  for (int round = 0; round < bench.settings.rounds; ++round) {
    SCRUTINY_RETURN_IF_ERROR(OneRound(bench, &result, &entries));
  }
  result.note = absl::StrCat(entries, " entries a round");
  return result;
}

}  // namespace scrutiny::bench
