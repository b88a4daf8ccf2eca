// A bug put there on purpose. A run that does not find it shows that the harness finds nothing.
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = scrutiny::fuzz::AsView(data, size);
  // The corpus holds "CANARX".
  SCRUTINY_CHECK(bytes.substr(0, 6) != "CANARY") << "as it should be";
  return 0;
}
