// tools/scrutiny-verify/witness_http.h
// A witness's requests and answers as HTTP.
//
// Threads:  thread-safe.
// Format:   C2SP tlog-witness v1.0.0.   Tests: tests/tools/scrutiny-verify/witness_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_VERIFY_WITNESS_HTTP_H_
#define SCRUTINY_TOOLS_SCRUTINY_VERIFY_WITNESS_HTTP_H_

#include "ledger/verify/witness.h"
#include "services/http/message.h"

namespace scrutiny::tools::verify {

services::HttpResponse AnswerAsWitness(ledger::Witness& witness,
                                       const services::HttpRequest& request);

}  // namespace scrutiny::tools::verify

#endif  // SCRUTINY_TOOLS_SCRUTINY_VERIFY_WITNESS_HTTP_H_
