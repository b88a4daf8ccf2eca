# Compiler, warnings, sanitizers, linker. Everything of ours links scrutiny_flags; generated code
# does not, so that its warnings are nobody's business.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
# A header must compile alone; target all_verify_interface_header_sets checks it.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# NDEBUG silences the libraries' asserts; SCRUTINY_CHECK does not look at it and stays on.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")

set(SCRUTINY_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
if(SCRUTINY_SANITIZE)
  add_compile_options(-fsanitize=${SCRUTINY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SCRUTINY_SANITIZE})
  if(SCRUTINY_SANITIZE MATCHES "undefined")
    # Debian's libraries are built without the type information this one needs.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

find_program(SCRUTINY_CCACHE ccache)
if(SCRUTINY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SCRUTINY_CCACHE}")
endif()
find_program(SCRUTINY_MOLD mold)
if(SCRUTINY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,--as-needed)

add_library(scrutiny_flags INTERFACE)
target_include_directories(scrutiny_flags INTERFACE "${PROJECT_SOURCE_DIR}")
# -include: an ignored Status is a compile error with every compiler; the header says how.
target_compile_options(scrutiny_flags INTERFACE
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
  -Werror=unused-result -Werror=return-type
  -Werror=non-virtual-dtor -Werror=overloaded-virtual -Werror=format
  -include "${PROJECT_SOURCE_DIR}/tools/cmake/nodiscard_status.h")
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(scrutiny_flags INTERFACE -Wthread-safety -Werror=thread-safety)
else()
  # g++ 12 sees phantom overruns in inlined std::string and std::vector code.
  target_compile_options(scrutiny_flags INTERFACE
    -Wno-restrict -Wno-stringop-overflow -Wno-maybe-uninitialized)
endif()
