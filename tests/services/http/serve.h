// tests/services/http/serve.h
// Servers for tests: on a free port, with a handler that says what it was asked.
#ifndef SCRUTINY_TESTS_SERVICES_HTTP_SERVE_H_
#define SCRUTINY_TESTS_SERVICES_HTTP_SERVE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/base/mutex.h"
#include "services/http/message.h"
#include "services/http/server.h"

namespace scrutiny::services {

inline HttpResponse Echo(const HttpRequest& request) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain"}, {"X-Query", request.query}};
  response.body = absl::StrCat(request.method, " ", request.target, " ", request.body);
  return response;
}

inline HttpServerOptions OnFreePort() {
  HttpServerOptions options;
  options.listen = "127.0.0.1:0";
  return options;
}

inline std::unique_ptr<HttpServer> Serve(HttpHandler handler = Echo,
                                         const HttpServerOptions& options = OnFreePort()) {
  auto server = HttpServer::Start(options, std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? std::move(*server) : nullptr;
}

inline std::string GetRequest(const std::string& path) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\n\r\n");
}

// Something that happens once, for one thread to wait for what another does.
class Event {
 public:
  void Set() {
    ledger::MutexLock lock(mutex_);
    set_ = true;
    changed_.SignalAll();
  }
  void Await() {
    ledger::MutexLock lock(mutex_);
    while (!set_) changed_.Wait(mutex_);
  }

 private:
  ledger::Mutex mutex_;
  ledger::CondVar changed_;
  bool set_ ABSL_GUARDED_BY(mutex_) = false;
};

// A handler that waits at /hold until it is let go, and answers everything else at once.
class Holder {
 public:
  HttpHandler handler() {
    return [this](const HttpRequest& request) {
      if (request.target == "/hold") {
        reached_.Set();
        release_.Await();
      }
      return Echo(request);
    };
  }
  void AwaitReached() { reached_.Await(); }
  void Release() { release_.Set(); }

 private:
  Event reached_;
  Event release_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_TESTS_SERVICES_HTTP_SERVE_H_
