// services/grpc/records.h
// Answers about records: their history, their names, and what an alias finds.
//
// Guarantees:  complete up to the ledger's size when the call began. Resolve never guesses: it
//              returns everything that matches exactly, after folding case and spacing.
// Threads:     thread-safe; may wait for the index, so call them from a worker.
// Errors:      kMalformed (name, page token), kNotFound, kLedgerChanged.
// Limits:      kPageEntriesMax entries or names and kPageBytes bytes a page;
//              kResolveCandidatesMax candidates.
// Tests:       tests/services/grpc/records_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_RECORDS_H_
#define SCRUTINY_SERVICES_GRPC_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "ledger/append/ledger.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "services/grpc/token.h"

namespace scrutiny::services {

// A page of entries ends here at the latest, well under the message limit.
inline constexpr size_t kPageBytes = 2 * 1024 * 1024;

// How many a page of a list has, where so many were asked for; 0: the most there may be.
absl::StatusOr<size_t> PageSize(uint32_t asked);

// The place a page token names, if it is one of this request.
absl::StatusOr<Place> PlaceOf(ledger::Ledger& ledger, const std::string& token, TokenKind kind,
                              uint64_t scope);

absl::StatusOr<::scrutiny::ledger::v1::GetRecordResponse> GetRecord(
    ledger::Ledger& ledger, const ::scrutiny::ledger::v1::GetRecordRequest& request);

absl::StatusOr<::scrutiny::ledger::v1::ListRecordsResponse> ListRecords(
    ledger::Ledger& ledger, const ::scrutiny::ledger::v1::ListRecordsRequest& request);

absl::StatusOr<::scrutiny::ledger::v1::ResolveResponse> Resolve(
    ledger::Ledger& ledger, const ::scrutiny::ledger::v1::ResolveRequest& request);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_RECORDS_H_
