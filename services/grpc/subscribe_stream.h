// services/grpc/subscribe_stream.h
// Answers Subscribe: what is there, a caught-up mark, then what is committed, as it is committed.
//
// Guarantees:  no gap, no repeat; each answer's cursor is safe to resume from; an answer at least
//              every 5 seconds while the reader keeps up. A slow reader is served from disk at its
//              own pace and costs nobody else anything: nothing is queued for it.
// Threads:     reads on the workers, one batch of a call at a time; reactors own themselves.
// Lifetime:    borrows ledger, workers and hub, which must outlive every call.
// Errors:      kMalformed, kOverLimit, kBeyondHead, kLedgerChanged, kCorrupt, kQueueFull (too many
//              subscriptions); UNAVAILABLE when the server shuts down.
// Limits:      one batch in memory a call; see entry_walk.h and subscription_hub.h.
// Tests:       tests/services/grpc/subscribe_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_SUBSCRIBE_STREAM_H_
#define SCRUTINY_SERVICES_GRPC_SUBSCRIBE_STREAM_H_

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "ledger/append/ledger.h"
#include "services/grpc/subscription_hub.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

grpc::ServerWriteReactor<grpc::ByteBuffer>* AnswerSubscribe(ledger::Ledger& ledger,
                                                            Workers& workers, SubscriptionHub& hub,
                                                            const grpc::ByteBuffer* bytes);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_SUBSCRIBE_STREAM_H_
