#include "services/grpc/token.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"

#include "ledger/base/error.h"
#include "ledger/feed/entry_source.h"
#include "ledger/format/hash.h"

namespace scrutiny::services {
namespace {

using ledger::Error;
using ledger::Reason;

constexpr char kVersion = 1;
constexpr size_t kLedgerIdBytes = 16;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kHeadBytes = 2 + kLedgerIdBytes + 4 + 8 + 8;

void PutBigEndian(uint64_t value, size_t bytes, std::string* out) {
  for (size_t i = bytes; i > 0; --i) out->push_back(static_cast<char>(value >> (8 * (i - 1))));
}

uint64_t TakeBigEndian(absl::string_view* in, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<uint8_t>((*in)[i]);
  in->remove_prefix(bytes);
  return value;
}

std::string Checksum(absl::string_view bytes) {
  const ledger::Hash hash = ledger::Sha256Of(bytes);
  return std::string(reinterpret_cast<const char*>(hash.data()), kChecksumBytes);
}

absl::Status NotAToken(absl::string_view token, absl::string_view field) {
  return Error(Reason::kMalformed,
               absl::StrCat("The ", field,
                            " is not one this server gave out, or it was cut or "
                            "changed on its way."))
      .Field(field)
      .Value(token)
      .Next("Send back the token exactly as it was received, or start without one.");
}

}  // namespace

std::string EncodeToken(const ledger::LedgerIdentity& ledger, const Place& place) {
  std::string bytes;
  bytes.push_back(kVersion);
  bytes.push_back(static_cast<char>(place.kind));
  std::string id = ledger.ledger_id;
  id.resize(kLedgerIdBytes);
  bytes.append(id);
  PutBigEndian(ledger.incarnation, 4, &bytes);
  PutBigEndian(place.next, 8, &bytes);
  PutBigEndian(place.scope, 8, &bytes);
  bytes.append(place.after);
  bytes.append(Checksum(bytes));
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<Place> DecodeToken(const ledger::LedgerIdentity& ledger, absl::string_view token,
                                  absl::string_view field) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kHeadBytes + kChecksumBytes) {
    return NotAToken(token, field);
  }
  absl::string_view rest(bytes);
  const absl::string_view sum = rest.substr(rest.size() - kChecksumBytes);
  rest.remove_suffix(kChecksumBytes);
  if (Checksum(rest) != sum || rest[0] != kVersion) return NotAToken(token, field);

  Place place;
  place.kind = static_cast<TokenKind>(rest[1]);
  rest.remove_prefix(2);
  const absl::string_view id = rest.substr(0, kLedgerIdBytes);
  rest.remove_prefix(kLedgerIdBytes);
  const uint64_t incarnation = TakeBigEndian(&rest, 4);
  if (id != ledger.ledger_id || incarnation != ledger.incarnation) {
    return Error(Reason::kLedgerChanged,
                 absl::StrCat("The ", field,
                              " belongs to another ledger, or to this one before it "
                              "was restored."))
        .Field(field)
        .Value(token)
        .Next("Read from the beginning again: what was copied before may differ.");
  }
  place.next = TakeBigEndian(&rest, 8);
  place.scope = TakeBigEndian(&rest, 8);
  place.after = std::string(rest);
  return place;
}

absl::Status CheckNotAhead(const Place& place, uint64_t size, absl::string_view field) {
  if (place.next <= size) return absl::OkStatus();
  return Error(Reason::kLedgerChanged,
               absl::StrCat("The ", field, " stands after ", place.next,
                            " entries, and this ledger has ", size, ": it is not what it was."))
      .Field(field)
      .Next("Read from the beginning again: what was copied before may differ.");
}

uint64_t ScopeOf(const google::protobuf::Message& request) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  const ledger::Hash hash = ledger::Sha256Of(bytes);
  absl::string_view head(reinterpret_cast<const char*>(hash.data()), 8);
  const uint64_t scope = TakeBigEndian(&head, 8);
  return scope == 0 ? 1 : scope;
}

absl::Status CheckScope(const Place& place, uint64_t scope, absl::string_view field) {
  if (place.scope == 0 || place.scope == scope) return absl::OkStatus();
  return Error(Reason::kMalformed, absl::StrCat("The ", field,
                                                " goes with another request: range, filter and "
                                                "direction must be as they were."))
      .Field(field)
      .Next("Repeat the first request's fields together with the token.");
}

}  // namespace scrutiny::services
