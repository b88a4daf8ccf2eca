#include "tests/services/http/fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "ledger/base/status.h"

namespace scrutiny::services {
namespace {

using ledger::MutexLock;

class PlainPeer : public FakeServer::Peer {
 public:
  explicit PlainPeer(int socket) : socket_(socket) {}

  std::string ReceiveHead() override {
    std::string head;
    while (head.size() < 4 || head.substr(head.size() - 4) != "\r\n\r\n") {
      char byte = 0;
      if (Receive(&byte) <= 0) return {};
      head += byte;
    }
    return head;
  }
  bool Send(const std::string& bytes) override {
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

 protected:
  virtual ssize_t Receive(char* byte) { return recv(socket_, byte, 1, 0); }

  const int socket_;
};

class TlsPeer final : public PlainPeer {
 public:
  TlsPeer(int socket, SSL_CTX* context) : PlainPeer(socket), ssl_(SSL_new(context)) {
    SSL_set_fd(ssl_, socket);
    ready_ = SSL_accept(ssl_) == 1;
  }
  ~TlsPeer() override {
    if (ready_) SSL_shutdown(ssl_);
    SSL_free(ssl_);
  }

  bool Send(const std::string& bytes) override {
    return ready_ && SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }

 protected:
  ssize_t Receive(char* byte) override { return ready_ ? SSL_read(ssl_, byte, 1) : 0; }

 private:
  SSL* const ssl_;
  bool ready_ = false;
};

// Makes a key, and a certificate for 127.0.0.1 signed with it.
std::shared_ptr<SSL_CTX> MakeTls(std::string* certificate_pem) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [id, value] : {std::pair<int, const char*>{NID_subject_alt_name, "IP:127.0.0.1"},
                                  {NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  SCRUTINY_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0);
  BIO* const pem = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(pem, certificate);
  char* text = nullptr;
  const auto length = static_cast<size_t>(BIO_get_mem_data(pem, &text));
  certificate_pem->assign(text, length);
  BIO_free(pem);

  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SCRUTINY_CHECK(SSL_CTX_use_certificate(context.get(), certificate) == 1);
  SCRUTINY_CHECK(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace

FakeServer::FakeServer(Script script, bool tls) : script_(std::move(script)) {
  if (tls) tls_ = MakeTls(&certificate_);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  SCRUTINY_CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  SCRUTINY_CHECK(listen(listener_, 100) == 0);
  SCRUTINY_CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length) == 0);
  address_ = absl::StrCat("127.0.0.1:", ntohs(at.sin_port));
  thread_ = std::thread([this] { Run(); });
}

FakeServer::~FakeServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  std::vector<std::thread> talks;
  {
    MutexLock lock(mutex_);
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
    talks.swap(talks_);
  }
  for (std::thread& talk : talks) talk.join();
  MutexLock lock(mutex_);
  for (const int socket : sockets_) close(socket);
}

void FakeServer::Run() {
  while (!stopping_) {
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    ++connections_;
    MutexLock lock(mutex_);
    sockets_.push_back(socket);
    talks_.emplace_back([this, socket] { Talk(socket); });
  }
}

void FakeServer::Talk(int socket) {
  if (tls_ != nullptr) {
    // OpenSSL writes to clients that may have gone.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    TlsPeer peer(socket, static_cast<SSL_CTX*>(tls_.get()));
    script_(peer);
  } else {
    PlainPeer peer(socket);
    script_(peer);
  }
  shutdown(socket, SHUT_RDWR);
}

FakeServer::Script Always(std::string bytes) {
  return [bytes = std::move(bytes)](FakeServer::Peer& peer) {
    while (!peer.ReceiveHead().empty() && peer.Send(bytes)) {
    }
  };
}

FakeServer::Script Once(std::string bytes) {
  return [bytes = std::move(bytes)](FakeServer::Peer& peer) {
    if (!peer.ReceiveHead().empty()) peer.Send(bytes);
  };
}

}  // namespace scrutiny::services
