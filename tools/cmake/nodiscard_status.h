// tools/cmake/nodiscard_status.h
// Included ahead of every source of ours by the compiler's command line, so that a dropped Status
// is an error with g++ too: Abseil 20220623 marks its Status for clang only. An attribute on the
// first declaration holds for every later one.
#ifndef SCRUTINY_TOOLS_CMAKE_NODISCARD_STATUS_H_
#define SCRUTINY_TOOLS_CMAKE_NODISCARD_STATUS_H_

#include "absl/base/config.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
class [[nodiscard]] Status;
template <typename T>
class [[nodiscard]] StatusOr;
ABSL_NAMESPACE_END
}  // namespace absl

#endif  // SCRUTINY_TOOLS_CMAKE_NODISCARD_STATUS_H_
