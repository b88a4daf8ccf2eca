// tests/tools/scrutiny-verify/log_server.h
// Files in memory behind a real HTTP server on a free port, with faults to order.
#ifndef SCRUTINY_TESTS_TOOLS_SCRUTINY_VERIFY_LOG_SERVER_H_
#define SCRUTINY_TESTS_TOOLS_SCRUTINY_VERIFY_LOG_SERVER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "ledger/base/mutex.h"
#include "ledger/base/status.h"
#include "services/http/server.h"
#include "tests/ledger/verify/test_log.h"

namespace scrutiny::testing {

class LogServer {
 public:
  explicit LogServer(LogFiles files) : files_(std::move(files)) {
    services::HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = services::HttpServer::Start(
        options, [this](const services::HttpRequest& request) { return Answer(request); });
    SCRUTINY_CHECK(server.ok()) << server.status().ToString();
    server_ = *std::move(server);
  }

  std::string url() const { return "http://" + server_->address() + "/log"; }
  // The next `times` requests are answered with this status.
  void FailNext(int status, int times) {
    ledger::MutexLock lock(mutex_);
    failing_ = status;
    failures_ = times;
  }
  int requests() {
    ledger::MutexLock lock(mutex_);
    return requests_;
  }

 private:
  services::HttpResponse Answer(const services::HttpRequest& request) {
    ledger::MutexLock lock(mutex_);
    ++requests_;
    if (failures_ > 0) {
      --failures_;
      return services::TextResponse(failing_, "ordered");
    }
    absl::string_view path = request.target;
    if (!absl::ConsumePrefix(&path, "/log/")) return services::TextResponse(404, "nothing here");
    const auto found = files_.find(std::string(path));
    if (found == files_.end()) return services::TextResponse(404, "nothing here");
    return {.status = 200,
            .headers = {{"Content-Type", "application/octet-stream"}},
            .body = found->second};
  }

  ledger::Mutex mutex_;
  LogFiles files_;
  int failing_ = 0;
  int failures_ = 0;
  int requests_ = 0;
  std::unique_ptr<services::HttpServer> server_;
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_TOOLS_SCRUTINY_VERIFY_LOG_SERVER_H_
