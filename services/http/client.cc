#include "services/http/client.h"

#include <algorithm>
#include <exception>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "curl/curl.h"
#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "services/http/address.h"

namespace scrutiny::services {
namespace {

using ledger::Error;
using ledger::Reason;

constexpr size_t kUrlBytesMax = 8 * 1024;

struct CurlUrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CurlListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlFree>;
using CurlList = std::unique_ptr<curl_slist, CurlListFree>;

// Once for the process; libcurl keeps what it made until the process ends.
bool CurlReady() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

// Keeps SIGPIPE from this thread for a scope. OpenSSL writes to connections that the other side may
// have closed, which would end the program; libcurl's own remedy is for the whole process.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec at_once{0, 0};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

struct Url {
  std::string scheme;
  std::string host;
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

absl::Status BadUrl(absl::string_view url, absl::string_view why) {
  return Error(Reason::kMalformed, absl::StrCat("Cannot fetch `", url, "`: ", why))
      .Field("url")
      .Value(url)
      .Next("Give a URL that begins with http:// or https://.");
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) {
  if (text.size() > kUrlBytesMax || text.find('\0') != absl::string_view::npos) {
    return BadUrl(text.substr(0, 100), "it is too long, or holds a zero byte.");
  }
  const CurlUrl url(curl_url());
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) {
    return BadUrl(text, "it is not a URL.");
  }
  Url parsed{Part(url.get(), CURLUPART_SCHEME), Part(url.get(), CURLUPART_HOST)};
  if (parsed.scheme != "http" && parsed.scheme != "https") {
    return BadUrl(text, "only http and https are spoken.");
  }
  return parsed;
}

// What one exchange has received.
struct Received {
  size_t body_bytes_max = 0;
  size_t head_bytes = 0;
  bool head_whole = false;  // its empty line has come
  bool too_large = false;
  HttpResponse response;
};

bool TakeBody(absl::string_view bytes, Received& received) {
  if (bytes.size() > received.body_bytes_max - received.response.body.size()) {
    received.too_large = true;
    return false;
  }
  received.response.body.append(bytes.data(), bytes.size());
  return true;
}

bool TakeHeader(absl::string_view line, Received& received) {
  received.head_bytes += line.size();
  if (received.head_bytes > HttpClient::kHeadBytesMax) {
    received.too_large = true;
    return false;
  }
  if (absl::StartsWith(line, "HTTP/")) {
    received.response.headers.clear();  // those of a 100 Continue before it
    received.head_whole = false;
    return true;
  }
  if (absl::StripAsciiWhitespace(line).empty()) received.head_whole = true;
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || colon == 0) return true;
  received.response.headers.emplace_back(
      std::string(line.substr(0, colon)),
      std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  return true;
}

// What libcurl calls with what has come; another number than that of the bytes ends the transfer.
// No exception may pass through libcurl.
template <bool (*kTake)(absl::string_view, Received&)>
size_t OnBytes(char* data, size_t /*one*/, size_t bytes, void* user) noexcept {
  try {
    if (kTake(absl::string_view(data, bytes), *static_cast<Received*>(user))) return bytes;
  } catch (const std::exception&) {  // no memory
  }
  return bytes == 0 ? 1 : 0;
}

// Another number than 0 ends the transfer.
int OnProgress(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  try {
    return (*static_cast<const std::function<bool()>*>(cancelled))() ? 1 : 0;
  } catch (const std::exception&) {
    return 1;
  }
}

absl::Status Unavailable(absl::string_view url, absl::string_view why, absl::string_view next) {
  return Error(absl::StatusCode::kUnavailable, Reason::kUnspecified,
               absl::StrCat("Cannot fetch ", url, ": ", why))
      .Field("url")
      .Value(url)
      .Next(next);
}

// Why a transfer failed, as a sentence; `detail` is libcurl's own.
absl::Status Failure(CURLcode code, absl::string_view url, absl::string_view host,
                     absl::string_view detail) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return Unavailable(url, "nothing answers there.",
                         "See whether the server runs, and whether host and port are right.");
    case CURLE_COULDNT_RESOLVE_HOST:
      return Unavailable(url, absl::StrCat("no machine of the name ", host, " is known."),
                         "See whether the name is right, and whether the network is there.");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Unavailable(url, "the proxy of the environment is not known.",
                         "See whether http_proxy and https_proxy are right.");
    case CURLE_OPERATION_TIMEDOUT:
      return Error(absl::StatusCode::kDeadlineExceeded, Reason::kUnspecified,
                   absl::StrCat("Cannot fetch ", url, ": the answer did not come in time."))
          .Field("url")
          .Value(url)
          .Next("Try again, or allow more time.");
    case CURLE_ABORTED_BY_CALLBACK:
      return absl::CancelledError(absl::StrCat("Fetching ", url, " was broken off."));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Unavailable(url, absl::StrCat("its certificate cannot be trusted (", detail, ")."),
                         "See whether the name is right and the certificate is valid.");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return Unavailable(url, absl::StrCat("no TLS connection could be made (", detail, ")."),
                         "See whether the server speaks https there.");
    case CURLE_SSL_CACERT_BADFILE:
      return Unavailable(url,
                         absl::StrCat("the certificates to trust cannot be read (", detail, ")."),
                         "See whether the file exists and is in PEM form.");
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      return Unavailable(url, "the connection was cut off.", "Try again.");
    default:
      return Unavailable(url, absl::StrCat(detail.empty() ? curl_easy_strerror(code) : detail, "."),
                         "See whether this is an HTTP server.");
  }
}

absl::Status TooLarge(absl::string_view url, size_t bytes_max) {
  return Error(Reason::kOverLimit, absl::StrCat("The answer of ", url, " is longer than ",
                                                bytes_max, " bytes, or its headers are too long."))
      .Field("url")
      .Value(url)
      .Next("See whether this is the right address.");
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(HttpClientOptions given) : options(std::move(given)) {
    if (CurlReady()) curl = curl_easy_init();
  }
  ~Impl() {
    const WithoutSigpipe guard;
    if (curl != nullptr) curl_easy_cleanup(curl);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  struct Call {
    std::string url;
    const curl_slist* headers = nullptr;
    const absl::string_view* body = nullptr;  // of a POST
  };

  void Configure(const Call& call, const Url& url, int64_t micros_left, Received* received,
                 char* detail);
  absl::StatusOr<HttpResponse> Exchange(const Call& call, int64_t micros_left);

  HttpClientOptions options;
  ledger::SystemClock clock;
  CURL* curl = nullptr;  // keeps its connections between exchanges
};

void HttpClient::Impl::Configure(const Call& call, const Url& url, int64_t micros_left,
                                 Received* received, char* detail) {
  const auto millis = [](int64_t micros) {
    return static_cast<long>(std::max<int64_t>(1, (micros + 999) / 1000));  // NOLINT: libcurl's
  };
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, millis(micros_left));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   millis(std::min(micros_left, options.connect_timeout_micros)));
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &OnBytes<TakeBody>);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, received);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &OnBytes<TakeHeader>);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, received);
  if (options.cancelled) {
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &OnProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &options.cancelled);
  }
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  // An empty proxy is none, whatever the environment says.
  if (IsLoopbackHost(url.host)) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  if (call.headers != nullptr) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, call.headers);
  if (call.body != nullptr) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body->data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
  }
}

absl::StatusOr<HttpResponse> HttpClient::Impl::Exchange(const Call& call, int64_t micros_left) {
  if (curl == nullptr) {
    return Error(Reason::kInternal, "libcurl could not be made ready.").Next("Try again.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const Url url, ParseUrl(call.url));
  Received received;
  received.body_bytes_max = options.body_bytes_max;
  char detail[CURL_ERROR_SIZE] = "";
  Configure(call, url, micros_left, &received, detail);
  const CURLcode code = [this] {
    const WithoutSigpipe guard;
    return curl_easy_perform(curl);
  }();
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);  // `detail` ends here
  if (received.too_large) return TooLarge(call.url, options.body_bytes_max);
  if (code != CURLE_OK) return Failure(code, call.url, url.host, detail);
  // libcurl takes an end in the midst of the headers for the end of an empty answer.
  if (!received.head_whole) return Failure(CURLE_PARTIAL_FILE, call.url, url.host, detail);
  long status = 0;  // NOLINT: libcurl's
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  received.response.status = static_cast<int>(status);
  return std::move(received.response);
}

HttpClient::HttpClient(HttpClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

absl::StatusOr<HttpResponse> HttpClient::Get(absl::string_view url) {
  const int64_t until = impl_->clock.MonotonicMicros() + impl_->options.timeout_micros;
  Impl::Call call;
  call.url = std::string(url);
  for (int hops = 0;; ++hops) {
    const int64_t left = std::max<int64_t>(1, until - impl_->clock.MonotonicMicros());
    SCRUTINY_ASSIGN_OR_RETURN(HttpResponse response, impl_->Exchange(call, left));
    const char* location = nullptr;
    if (IsRedirect(response.status)) {
      curl_easy_getinfo(impl_->curl, CURLINFO_REDIRECT_URL, &location);
    }
    if (location == nullptr) return response;
    if (hops == kRedirectsMax) {
      return Unavailable(url, absl::StrCat("it leads on more than ", kRedirectsMax, " times."),
                         "See whether this is the right address.");
    }
    if (absl::StartsWithIgnoreCase(call.url, "https:") &&
        !absl::StartsWithIgnoreCase(location, "https:")) {
      return Unavailable(url, absl::StrCat("it leads from https on to ", location, "."),
                         "See whether this is the right address.");
    }
    call.url = location;
  }
}

absl::StatusOr<HttpResponse> HttpClient::Post(absl::string_view url, absl::string_view content_type,
                                              absl::string_view body) {
  Impl::Call call;
  call.url = std::string(url);
  call.body = &body;
  // Without the second, libcurl waits a second for 100 Continue before a large body.
  CurlList headers(
      curl_slist_append(nullptr, absl::StrCat("Content-Type: ", content_type).c_str()));
  if (headers != nullptr) curl_slist_append(headers.get(), "Expect:");
  call.headers = headers.get();
  return impl_->Exchange(call, impl_->options.timeout_micros);
}

}  // namespace scrutiny::services
