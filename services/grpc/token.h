// services/grpc/token.h
// Cursors and page tokens: a place in one particular ledger, opaque to clients.
//
// Guarantees:  a token of another ledger or incarnation is never taken for one of this; a token
//              that was changed on its way is noticed.
// Threads:     pure functions.
// Errors:      kLedgerChanged; kMalformed (not a token of this kind, or of another request).
// Format:      base64url of version, kind, ledger id, incarnation, next, scope, after, checksum.
// Tests:       tests/services/grpc/token_test.cc
#ifndef SCRUTINY_SERVICES_GRPC_TOKEN_H_
#define SCRUTINY_SERVICES_GRPC_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf
namespace scrutiny::ledger {
struct LedgerIdentity;
}  // namespace scrutiny::ledger

namespace scrutiny::services {

// What a token goes with.
enum class TokenKind : uint8_t {
  kForwards = 1,   // everything below `next` is done
  kBackwards = 2,  // everything from `next` on is done
  kRecord = 3,     // `next` is a revision
  kRecords = 4,    // `after` is a record's name
  kSubject = 5,    // `next` is a sequence and one of its seals
  kPapers = 6,     // `after` is a paper's hash
};

struct Place {
  TokenKind kind = TokenKind::kForwards;
  uint64_t next = 0;
  uint64_t scope = 0;  // ScopeOf the request; 0: goes with any
  std::string after;
};

std::string EncodeToken(const ledger::LedgerIdentity& ledger, const Place& place);

// `field` is where the token stood, for the error.
absl::StatusOr<Place> DecodeToken(const ledger::LedgerIdentity& ledger, absl::string_view token,
                                  absl::string_view field);

// Refuses a place beyond the ledger's end: the entries it stood after are not there any more.
absl::Status CheckNotAhead(const Place& place, uint64_t size, absl::string_view field);

// A digest of what must stay the same between a request and the next one that goes on with it.
uint64_t ScopeOf(const google::protobuf::Message& request);

// Refuses a place that another request led to.
absl::Status CheckScope(const Place& place, uint64_t scope, absl::string_view field);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_GRPC_TOKEN_H_
