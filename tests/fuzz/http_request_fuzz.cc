// Requests as a client sends them: read the same however they are cut into pieces, never beyond the
// limits, and each refused with a status that says why.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "services/http/request_reader.h"
#include "tests/fuzz/fuzz.h"

namespace scrutiny::services {
namespace {

using State = RequestReader::State;

const RequestLimits& Limits() {
  static const auto& limits = *new RequestLimits([] {
    RequestLimits made;
    made.head_bytes_max = 512;
    made.target_bytes_max = 100;
    made.body_bytes_max = 100;
    made.methods = {"GET", "POST", "OPTIONS"};
    return made;
  }());
  return limits;
}

std::string Told(const RequestReader& reader, const HttpRequest& request) {
  std::string told = absl::StrCat(reader.is_head() ? "HEAD as " : "", request.method, " ",
                                  request.target, "?", request.query, "\n");
  for (const auto& [name, value] : request.headers) {
    absl::StrAppend(&told, name, "=", value, "\n");
    SCRUTINY_CHECK(!name.empty());
    SCRUTINY_CHECK(!absl::StrContains(value, "\r") && !absl::StrContains(value, "\n"));
  }
  return absl::StrCat(told, request.body, reader.keep_alive() ? "" : "\nand close");
}

void CheckRequest(const RequestReader& reader, const HttpRequest& request) {
  SCRUTINY_CHECK(request.body.size() <= Limits().body_bytes_max);
  SCRUTINY_CHECK(request.target.size() + request.query.size() <= Limits().target_bytes_max);
  SCRUTINY_CHECK(absl::StartsWith(request.target, "/") || request.target == "*");
  SCRUTINY_CHECK(!absl::StrContains(request.target, "?"));
  SCRUTINY_CHECK(request.method == "GET" || request.method == "POST" ||
                 request.method == "OPTIONS");
  SCRUTINY_CHECK(!reader.is_head() || request.method == "GET");
}

// What the bytes were read as, cut so that each piece has as many bytes as the next length says.
std::vector<std::string> ReadAs(absl::string_view bytes, const std::vector<size_t>& lengths) {
  std::vector<std::string> read;
  std::string buffer;
  absl::optional<RequestReader> reader(absl::in_place, Limits());
  for (size_t piece = 0; !bytes.empty(); ++piece) {
    const absl::string_view came = bytes.substr(0, lengths[piece % lengths.size()]);
    bytes.remove_prefix(came.size());
    buffer.append(came.data(), came.size());
    while (true) {
      const size_t taken = reader->Consume(buffer);
      SCRUTINY_CHECK(taken <= buffer.size());
      buffer.erase(0, taken);
      if (reader->state() == State::kRefused) {
        const int status = reader->TakeRefusal().status;
        SCRUTINY_CHECK(status == 400 || status == 405 || status == 413 || status == 414 ||
                       status == 417 || status == 431 || status == 501)
            << status;
        read.push_back(absl::StrCat("refused ", status));
        return read;
      }
      if (reader->state() == State::kDone) {
        const HttpRequest request = reader->TakeRequest();
        CheckRequest(*reader, request);
        read.push_back(Told(*reader, request));
        reader.emplace(Limits());
      } else if (taken == 0) {
        break;
      }
    }
    SCRUTINY_CHECK(buffer.size() <= Limits().head_bytes_max + came.size());
  }
  if (!buffer.empty() || reader->state() != State::kHead) read.push_back("unfinished");
  return read;
}

}  // namespace
}  // namespace scrutiny::services

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using scrutiny::services::ReadAs;
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size).substr(0, 4096);
  const std::vector<std::string> whole = ReadAs(bytes, {bytes.size() + 1});
  SCRUTINY_CHECK(ReadAs(bytes, {1}) == whole);
  // The pieces follow from the input, so that a fuzzer can look for a bad cut.
  const size_t first = size == 0 ? 1 : 1 + data[size - 1] % 64;
  SCRUTINY_CHECK(ReadAs(bytes, {first, 3, 17}) == whole);
  return 0;
}
