// services/grpc/paper_service.h
// PaperService over the store of papers.
//
// Guarantees:  a paper comes in and goes out in pieces; no call holds more than one piece of it.
// Threads:     thread-safe; the disk is read and written on workers.
// Lifetime:    borrows both. The server must have ended before it is destroyed.
// Errors:      those of PaperStore; CANCELLED where a sender falls silent.
// Limits:      kPaperPieceBytesMax a piece; kUploadSilenceMaxMicros between two.
// Tests:       tests/services/grpc/paper_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_PAPER_SERVICE_H_
#define SCRUTINY_SERVICES_GRPC_PAPER_SERVICE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "grpcpp/impl/service_type.h"

#include "ledger/append/ledger.h"
#include "ledger/papers/paper_store.h"

namespace scrutiny::services {

inline constexpr size_t kPaperPieceBytesMax = size_t{1} << 20;
inline constexpr size_t kPaperPieceBytes = size_t{256} << 10;  // as sent
inline constexpr int64_t kUploadSilenceMaxMicros = 60'000'000;

class PaperService {
 public:
  static std::unique_ptr<PaperService> Create(ledger::PaperStore& papers, ledger::Ledger& ledger);
  virtual ~PaperService() = default;
  virtual grpc::Service* service() = 0;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_PAPER_SERVICE_H_
