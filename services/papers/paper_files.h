// services/papers/paper_files.h
// Papers over HTTP: /papers/HASH, with or without the ending of the file's name. Each is served as
// what it was found to be and as a download, so that no browser runs anything in it.
//
// Guarantees:  bytes are served only after they were found to have the hash; GET and HEAD alone.
// Threads:     thread-safe.
// Errors:      404 (not held, no hash), 405, 500 (the file was changed).
// Limits:      one paper in memory for each answer under way.
// Tests:       tests/services/papers/paper_files_test.cc
#ifndef SCRUTINY_SERVICES_PAPERS_PAPER_FILES_H_
#define SCRUTINY_SERVICES_PAPERS_PAPER_FILES_H_

#include "ledger/papers/paper_store.h"
#include "services/http/message.h"

namespace scrutiny::services {

inline constexpr char kPapersPrefix[] = "/papers/";

HttpResponse ServePaper(const ledger::PaperStore& papers, const HttpRequest& request);

}  // namespace scrutiny::services

#endif  // SCRUTINY_SERVICES_PAPERS_PAPER_FILES_H_
