// services/grpc/read_stream.h
// Answers Read: the entries of a range, either way, filtered, in batches.
//
// Guarantees:  entries go out as stored, in order; a batch's `next` is always safe to go on from.
// Threads:     reads on the workers, one batch of a call at a time; reactors own themselves.
// Lifetime:    borrows ledger and workers, which must outlive every call.
// Errors:      kMalformed, kOverLimit, kBeyondHead, kLedgerChanged, kCorrupt.
// Limits:      one batch in memory a call; see entry_walk.h.
// Tests:       tests/services/grpc/read_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_READ_STREAM_H_
#define SCRUTINY_SERVICES_GRPC_READ_STREAM_H_

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/append/ledger.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

grpc::ServerWriteReactor<grpc::ByteBuffer>* AnswerRead(ledger::Ledger& ledger, Workers& workers,
                                                       const grpc::ByteBuffer* bytes);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_READ_STREAM_H_
