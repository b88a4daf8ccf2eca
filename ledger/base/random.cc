#include "ledger/base/random.h"

#include <cerrno>
#include <cstddef>
#include <sys/random.h>

#include "ledger/base/status.h"

namespace scrutiny::ledger {

void SystemRandom::Fill(std::span<uint8_t> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
    if (got < 0 && errno == EINTR) continue;
    SCRUTINY_CHECK(got > 0) << "getrandom failed, errno " << errno;
    done += static_cast<size_t>(got);
  }
}

}  // namespace scrutiny::ledger
