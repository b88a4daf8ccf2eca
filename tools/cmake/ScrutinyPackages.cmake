# The packages of Debian 12 that the project stands on; tools/build installs them.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(CURL REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(rapidcheck CONFIG REQUIRED)
find_package(benchmark CONFIG)

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
find_path(MAGIC_INCLUDE_DIR magic.h REQUIRED)
find_library(MAGIC_LIBRARY magic REQUIRED)
# Its own CMake package asks for the libraries of an HTTP server that is not used here.
find_path(PROMETHEUS_INCLUDE_DIR prometheus/registry.h REQUIRED)
find_library(PROMETHEUS_LIBRARY prometheus-cpp-core REQUIRED)
add_library(scrutiny_xxhash INTERFACE)
target_link_libraries(scrutiny_xxhash INTERFACE "${XXHASH_LIBRARY}")
target_include_directories(scrutiny_xxhash SYSTEM INTERFACE "${XXHASH_INCLUDE_DIR}")

# The allocator of the server, which makes and frees many small things on several threads. The
# sanitizers bring their own.
add_library(scrutiny_allocator INTERFACE)
if(NOT SCRUTINY_SANITIZE)
  find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
  target_link_libraries(scrutiny_allocator INTERFACE "${JEMALLOC_LIBRARY}")
endif()
