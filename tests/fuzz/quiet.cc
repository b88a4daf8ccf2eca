// What libprotobuf would say of every bad input on standard error is nobody's business here.
#include "google/protobuf/stubs/logging.h"

namespace scrutiny::fuzz {
namespace {

[[maybe_unused]] google::protobuf::LogHandler* const quiet =
    google::protobuf::SetLogHandler(nullptr);

}  // namespace
}  // namespace scrutiny::fuzz
