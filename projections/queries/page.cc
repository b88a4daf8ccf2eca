#include "projections/queries/page.h"

#include "absl/strings/escaping.h"

#include "ledger/base/error.h"
#include "ledger/format/big_endian.h"

namespace scrutiny::projections {
namespace {

constexpr uint8_t kTokenVersion = 1;
constexpr size_t kLedgerIdBytes = 16;
// Sorts after every date.
constexpr char kUndated = '\x7f';

absl::Status NotAToken(absl::string_view text) {
  return ledger::Error(ledger::Reason::kMalformed, "The page token is not one that was given.")
      .Field("page.token")
      .Value(text)
      .Next("Ask for the first page, without a token.");
}

bool TakeBytes(absl::string_view* bytes, size_t count, std::string* out) {
  if (bytes->size() < count) return false;
  out->assign(bytes->data(), count);
  bytes->remove_prefix(count);
  return true;
}

}  // namespace

SortKey& SortKey::Text(absl::string_view text) {
  key_.append(text.data(), text.size());
  key_.push_back('\0');
  return *this;
}

SortKey& SortKey::Date(absl::string_view date) {
  return date.empty() ? Text(absl::string_view(&kUndated, 1)) : Text(date);
}

SortKey& SortKey::Number(uint64_t number) {
  ledger::AppendBigEndian(number, &key_);
  return *this;
}

std::string EncodePageToken(const PageToken& token) {
  std::string bytes;
  ledger::AppendBigEndian(kTokenVersion, &bytes);
  bytes += token.ledger.ledger_id;
  ledger::AppendBigEndian(token.ledger.incarnation, &bytes);
  ledger::AppendBigEndian(token.register_version, &bytes);
  ledger::AppendBigEndian(token.last.has_value() ? token.last->value() + 1 : uint64_t{0}, &bytes);
  ledger::AppendBigEndian(static_cast<uint32_t>(token.judged_on.value()), &bytes);
  bytes += token.request;
  bytes += token.after;
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const ledger::LedgerIdentity& ledger,
                                          uint32_t register_version, absl::string_view request) {
  std::string unescaped;
  if (!absl::WebSafeBase64Unescape(text, &unescaped)) return NotAToken(text);
  absl::string_view bytes = unescaped;
  PageToken token;
  uint8_t version = 0;
  uint64_t size = 0;
  uint32_t judged_on = 0;
  if (!ledger::TakeBigEndian(&bytes, &version) || version != kTokenVersion ||
      !TakeBytes(&bytes, kLedgerIdBytes, &token.ledger.ledger_id) ||
      !ledger::TakeBigEndian(&bytes, &token.ledger.incarnation) ||
      !ledger::TakeBigEndian(&bytes, &token.register_version) ||
      !ledger::TakeBigEndian(&bytes, &size) || !ledger::TakeBigEndian(&bytes, &judged_on) ||
      !TakeBytes(&bytes, kFingerprintBytes, &token.request) || bytes.empty()) {
    return NotAToken(text);
  }
  if (size > 0) token.last = ledger::Sequence(size - 1);
  token.judged_on = ledger::Day(static_cast<int32_t>(judged_on));
  token.after.assign(bytes.data(), bytes.size());
  if (!(token.ledger == ledger) || token.register_version != register_version) {
    return ledger::Error(ledger::Reason::kLedgerChanged,
                         "The page token is of another ledger, incarnation or version of the "
                         "register.")
        .Field("page.token")
        .Next("Ask for the first page again, without a token.");
  }
  if (token.request != request) {
    return ledger::Error(ledger::Reason::kMalformed,
                         "The page token belongs to a request with another view or filter.")
        .Field("page.token")
        .Next("Repeat the request as it was, or ask for the first page.");
  }
  return token;
}

}  // namespace scrutiny::projections
