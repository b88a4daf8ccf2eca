// services/grpc/row_proofs.h
// Which entries made the rows of an answer.
//
// Threads:  pure function.
// Tests:    tests/services/grpc/proof_service_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_ROW_PROOFS_H_
#define SCRUTINY_SERVICES_GRPC_ROW_PROOFS_H_

#include <vector>

#include "ledger/base/ids.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace scrutiny::services {

// The entries named by every RowMeta anywhere in the answer, in order, each once.
std::vector<ledger::Sequence> EntriesOfRows(const google::protobuf::Message& answer);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_ROW_PROOFS_H_
