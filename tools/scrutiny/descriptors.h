// tools/scrutiny/descriptors.h
// What describes every message of the protos, built into the program: exports carry it, so that
// whoever opens one in thirty years knows what its bytes mean.
//
// Threads:  thread-safe.
// Tests:    tests/tools/scrutiny/export_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_DESCRIPTORS_H_
#define SCRUTINY_TOOLS_SCRUTINY_DESCRIPTORS_H_

#include "absl/strings/string_view.h"

namespace scrutiny::tools {

// A serialised google.protobuf.FileDescriptorSet, comments included.
absl::string_view DescriptorSet();

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_DESCRIPTORS_H_
