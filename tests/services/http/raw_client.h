// tests/services/http/raw_client.h
// A client that sends any bytes whatever, for what a proper one would never send.
//
// Guarantees:  no call waits longer than kWaitSeconds; what then has not come is missing.
// Threads:     thread-compatible.
#ifndef SCRUTINY_TESTS_SERVICES_HTTP_RAW_CLIENT_H_
#define SCRUTINY_TESTS_SERVICES_HTTP_RAW_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "services/http/message.h"

namespace scrutiny::services {

inline constexpr int kWaitSeconds = 20;

class RawClient {
 public:
  // Connects; `address` is a server's, numeric.
  explicit RawClient(const std::string& address, int receive_buffer_bytes = 0);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return socket_ >= 0; }

  // False when the other side has gone.
  bool Send(absl::string_view bytes);
  void EndSending();
  // Closes with a reset.
  void Reset();

  // The next response, by its Content-Length; nothing where none comes. `head` as for an answer to
  // HEAD.
  absl::optional<HttpResponse> Receive(bool head = false);
  // Takes so many bytes, less where the other side ends before, and says how many came.
  size_t ReceiveSome(size_t bytes);
  // Everything until the other side ends.
  std::string ReceiveAll();
  // Whether the other side ends without sending anything more.
  bool Ended();
  // Whether anything, the end included, has come by now.
  bool SomethingCame(int millis);

 private:
  bool Fill();

  int socket_ = -1;
  std::string buffer_;
};

}  // namespace scrutiny::services

#endif  // SCRUTINY_TESTS_SERVICES_HTTP_RAW_CLIENT_H_
