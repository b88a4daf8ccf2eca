// services/grpc/status.h
// The one converter of our errors to gRPC's: code, sentence, and the particulars a program needs,
// in `grpc-status-details-bin`.
//
// Guarantees:  code, message and details together stay under gRPC's 8 KiB of trailing metadata,
//              however long the offending value was.
// Threads:     pure functions.
// Tests:       tests/services/grpc/status_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_STATUS_H_
#define SCRUTINY_SERVICES_GRPC_STATUS_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

#include "scrutiny/ledger/v1/error.pb.h"

namespace scrutiny::services {

// As it stands in an answer of AppendStream, and in the trailers of every other call.
::scrutiny::ledger::v1::ErrorStatus ToErrorStatus(const absl::Status& status);

grpc::Status ToGrpc(const absl::Status& status);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_STATUS_H_
