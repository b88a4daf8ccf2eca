// tests/services/http/fake_server.h
// A server that answers with any bytes whatever, for what a proper one would never answer; over TLS
// if asked to, with a certificate of its own making.
//
// Threads:  thread-safe; each connection has a thread.
#ifndef SCRUTINY_TESTS_SERVICES_HTTP_FAKE_SERVER_H_
#define SCRUTINY_TESTS_SERVICES_HTTP_FAKE_SERVER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/base/mutex.h"

namespace scrutiny::services {

class FakeServer {
 public:
  // What one connection does: sends, and receives the head of the next request.
  class Peer {
   public:
    virtual ~Peer() = default;
    virtual std::string ReceiveHead() = 0;  // empty at the end
    virtual bool Send(const std::string& bytes) = 0;
  };
  using Script = std::function<void(Peer&)>;

  explicit FakeServer(Script script, bool tls = false);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  // "127.0.0.1:4711"
  const std::string& address() const { return address_; }
  int connections() const { return connections_; }
  // The certificate for TLS, for 127.0.0.1, as PEM.
  const std::string& certificate() const { return certificate_; }

 private:
  void Run();
  void Talk(int socket);

  const Script script_;
  std::string address_;
  std::string certificate_;
  std::shared_ptr<void> tls_;  // an SSL_CTX
  int listener_ = -1;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  ledger::Mutex mutex_;
  std::vector<std::thread> talks_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// A script that answers each request of a connection with these bytes.
FakeServer::Script Always(std::string bytes);
// A script that answers with these bytes and ends the connection.
FakeServer::Script Once(std::string bytes);

}  // namespace scrutiny::services

#endif  // SCRUTINY_TESTS_SERVICES_HTTP_FAKE_SERVER_H_
