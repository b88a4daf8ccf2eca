#include "tools/scrutiny/descriptors.h"

// The build names the file that protoc made; the assembler takes it in as it is.
asm(".section .rodata\n"
    ".global scrutiny_descriptor_set_begin\n"
    ".global scrutiny_descriptor_set_end\n"
    "scrutiny_descriptor_set_begin:\n"
    ".incbin \"" SCRUTINY_DESCRIPTOR_SET
    "\"\n"
    "scrutiny_descriptor_set_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char scrutiny_descriptor_set_begin[];
extern const char scrutiny_descriptor_set_end[];
}

namespace scrutiny::tools {

absl::string_view DescriptorSet() {
  return absl::string_view(
      scrutiny_descriptor_set_begin,
      static_cast<size_t>(scrutiny_descriptor_set_end - scrutiny_descriptor_set_begin));
}

}  // namespace scrutiny::tools
