// services/grpc/append.h
// The two ways to append over gRPC, onto Ledger::Append.
//
// Guarantees:  an answer follows the sync of what it acknowledges. A stream's appends are queued
//              and answered in the order in which they came; with stop_at_refusal nothing that
//              came after a refused one is recorded. What a vanished client sent whole stands or
//              falls by itself.
// Threads:     thread-safe; reactors own themselves and end with OnDone.
// Lifetime:    borrows the ledger, which must outlive every call.
// Errors:      those of Ledger::Append; kMalformed for what cannot be read; kAfterRefusal.
// Limits:      kAppendFactsMax facts, kGuardsMax guards, kAppendBytesMax bytes in an append;
//              kStreamAppendsInFlightMax appends and kGroupBytesMax bytes under way in one stream;
//              beyond it the stream is not read.
// Tests:       tests/services/grpc/append_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_APPEND_H_
#define SCRUTINY_SERVICES_GRPC_APPEND_H_

#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/append/ledger.h"
#include "ledger/base/mutex.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "services/grpc/prover.h"

namespace scrutiny::services {

// Who appends on loopback, where nobody is authenticated.
event::v1::Principal LocalPrincipal();

// Parses one message of the request's bytes as `request`, which is an AppendRequest or an
// AppendStreamRequest. Refuses what is too large before it unfolds in memory: a few bytes of a
// message can become many.
absl::Status ParseAppend(const grpc::ByteBuffer& bytes, google::protobuf::Message* request);

// Refuses a request with too many facts, or with fields that only a newer program knows: what they
// ask for would silently not be done. The facts themselves are checked by the ledger.
absl::Status CheckAppend(const ::scrutiny::ledger::v1::AppendRequest& request);
absl::Status CheckAppend(const ::scrutiny::ledger::v1::AppendStreamRequest& request);

// The request as the ledger takes it; its facts are moved out.
ledger::NewAppend TakeAppend(::scrutiny::ledger::v1::AppendRequest&& request);

// The receipt on the wire.
void PutReceipt(const ledger::Receipt& receipt, ::scrutiny::ledger::v1::Receipt* wire);

// Answers one Append.
grpc::ServerUnaryReactor* AnswerAppend(ledger::Ledger& ledger, const Prover& prover,
                                       grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* bytes, grpc::ByteBuffer* response);

// The open AppendStream calls, so that closing the server can end them between two appends.
class AppendStreams {
 public:
  AppendStreams(ledger::Ledger& ledger, const Prover& prover) : ledger_(ledger), prover_(prover) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Start();

  // No further append is taken from any stream; each ends once what it took is answered.
  void Close();

 private:
  class Stream;
  void Leave(Stream* stream);

  ledger::Ledger& ledger_;
  const Prover& prover_;
  ledger::Mutex mutex_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<Stream*> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_APPEND_H_
