// services/grpc/rebuild_stream.h
// Answers Rebuild: runs it on a worker and passes its progress on as fast as the client takes it.
//
// Guarantees:  the last progress is sent before the end; a client that goes away stops the waiting,
//              not the rebuild.
// Threads:     Answer returns at once; the rebuild holds a worker.
// Lifetime:    borrows registers, workers and `closing`.
// Tests:       tests/services/grpc/register_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_REBUILD_STREAM_H_
#define SCRUTINY_SERVICES_GRPC_REBUILD_STREAM_H_

#include <atomic>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "projections/queries/register_store.h"
#include "services/grpc/workers.h"

namespace scrutiny::services {

grpc::ServerWriteReactor<grpc::ByteBuffer>* AnswerRebuild(projections::RegisterStore& registers,
                                                          Workers& workers,
                                                          const std::atomic<bool>& closing,
                                                          const grpc::ByteBuffer* bytes);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_REBUILD_STREAM_H_
