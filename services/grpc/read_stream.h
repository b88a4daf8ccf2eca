// services/grpc/read_stream.h
// Answers Read: the entries of a range, either way, filtered, in batches.
//
// Guarantees:  entries go out as stored, in order; a batch's `next` is always safe to go on from.
// Threads:     reads on the workers, one batch of a call at a time; reactors own themselves.
// Lifetime:    borrows ledger and workers, which must outlive every call.
// Errors:      kMalformed, kOverLimit, kBeyondHead, kLedgerChanged, kCorrupt, kQueueFull.
// Limits:      kReadsMax calls at once, one batch in memory each; see entry_walk.h.
// Tests:       tests/services/grpc/read_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_READ_STREAM_H_
#define SCRUTINY_SERVICES_GRPC_READ_STREAM_H_

#include <atomic>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/append/ledger.h"
#include "ledger/base/limits.h"
#include "services/grpc/prover.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

// Reads at once: each holds a batch or two, whether or not its client takes them.
inline constexpr int kReadsMax = static_cast<int>(ledger::kSubscribersMax / 4);

// `reads` counts the calls under way and must outlive them; beyond kReadsMax a call is refused.
grpc::ServerWriteReactor<grpc::ByteBuffer>* AnswerRead(ledger::Ledger& ledger, const Prover& prover,
                                                       Workers& workers, std::atomic<int>& reads,
                                                       const grpc::ByteBuffer* bytes);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_READ_STREAM_H_
