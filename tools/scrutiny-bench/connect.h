// tools/scrutiny-bench/connect.h
// Connections to the server under measurement, and its errors as ours.
#ifndef SCRUTINY_TOOLS_SCRUTINY_BENCH_CONNECT_H_
#define SCRUTINY_TOOLS_SCRUTINY_BENCH_CONNECT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace scrutiny::bench {

// A connection of its own, not shared with other channels to the same server.
std::shared_ptr<grpc::Channel> Connect(const std::string& server);

absl::Status FromGrpc(const grpc::Status& status);

}  // namespace scrutiny::bench

#endif  // SCRUTINY_TOOLS_SCRUTINY_BENCH_CONNECT_H_
