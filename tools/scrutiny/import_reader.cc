#include "tools/scrutiny/import_reader.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tools/scrutiny/context.h"
#include "tools/support/mint.h"
#include "tools/support/proto_json.h"
#include "tools/support/seals.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

}  // namespace

ImportReader::ImportReader(std::string file, std::istream& in) : file_(std::move(file)), in_(in) {}

// Byte by byte from the buffer, so that a file of one endless line is refused, not held.
absl::StatusOr<bool> ImportReader::ReadLine() {
  text_.clear();
  std::streambuf& buffer = *in_.rdbuf();
  constexpr int kEnd = std::streambuf::traits_type::eof();
  int c = buffer.sbumpc();
  if (c == kEnd) return false;
  ++line_;
  for (; c != kEnd && c != '\n'; c = buffer.sbumpc()) {
    if (text_.size() == ledger::kMessageBytesMax) {
      return Error(Reason::kOverLimit,
                   absl::StrCat("the line is longer than ", ledger::kMessageBytesMax, " bytes"));
    }
    text_ += static_cast<char>(c);
  }
  bytes_read_ += text_.size() + 1;
  return true;
}

absl::StatusOr<bool> ImportReader::Next(ledger::v1::AppendRequest* request) {
  while (true) {
    absl::StatusOr<bool> more = ReadLine();
    if (!more.ok()) return AtPlace(absl::StrCat(file_, ":", line_), more.status());
    if (!*more) return false;
    absl::string_view line = absl::StripAsciiWhitespace(text_);
    if (line_ == 1) absl::ConsumePrefix(&line, "\xEF\xBB\xBF");
    if (line.empty() || line[0] == '#') continue;
    SCRUTINY_RETURN_IF_ERROR(AtPlace(absl::StrCat(file_, ":", line_), ParseRequest(line, request)));
    return true;
  }
}

absl::Status ParseRequest(absl::string_view json, ledger::v1::AppendRequest* request) {
  SCRUTINY_RETURN_IF_ERROR(FromJson(json, request));
  if (request->request_id().empty()) {
    for (const ledger::v1::NewFact& fact : request->facts()) {
      if (fact.seals().empty()) continue;
      return Error(Reason::kMalformed,
                   "a request with seals needs a request_id of its own: one derived from the text "
                   "would give away what is sealed to whoever guesses it")
          .Field("request_id");
    }
    request->set_request_id(DerivedId("import", json));
  }
  SCRUTINY_RETURN_IF_ERROR(ledger::ValidateRequestId(request->request_id()));
  if (request->facts().empty()) {
    return Error(Reason::kMalformed, "there is no fact").Field("facts");
  }
  if (static_cast<size_t>(request->facts_size()) > ledger::kAppendFactsMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("there are ", request->facts_size(), " facts; an append has at most ",
                              ledger::kAppendFactsMax))
        .Field("facts")
        .Value(absl::StrCat(request->facts_size()));
  }
  for (int i = 0; i < request->facts_size(); ++i) {
    const absl::Status status = CheckNewFact(request->facts(i));
    if (status.ok()) continue;
    const ledger::ErrorInfo info = ledger::InfoOf(status);
    const std::string field =
        absl::StrCat("facts[", i, "].proposed", info.field.empty() ? "" : ".", info.field);
    // A sentence that begins with the field's path begins with the whole one.
    absl::string_view message = status.message();
    const bool leads = !info.field.empty() && absl::ConsumePrefix(&message, info.field);
    return Error(info.reason, leads ? absl::StrCat(field, message) : std::string(message))
        .Field(field)
        .Value(info.value)
        .FactIndex(static_cast<uint32_t>(i));
  }
  return absl::OkStatus();
}

absl::Status AtPlace(absl::string_view place, const absl::Status& status) {
  if (status.ok()) return status;
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  const absl::string_view message = status.message();
  const bool has_value = info.value.empty() || absl::StrContains(message, info.value);
  std::string text = absl::StrCat(place, ": ");
  if (!info.field.empty() && !absl::StrContains(message, info.field)) {
    absl::StrAppend(&text, info.field, ": ");
  }
  absl::StrAppend(&text, message);
  if (!has_value) {
    while (text.back() == '.') text.pop_back();
    absl::StrAppend(&text, " (", info.value, ")");
  }
  absl::Status placed(status.code(), text);
  status.ForEachPayload(
      [&](absl::string_view key, const absl::Cord& value) { placed.SetPayload(key, value); });
  return placed;
}

}  // namespace scrutiny::tools
