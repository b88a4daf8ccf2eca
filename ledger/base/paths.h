// ledger/base/paths.h
// Where a folder lies, whatever names lead there.
//
// Threads:  as thread-safe as the file system.
// Tests:    tests/ledger/base/paths_test.cc
#ifndef SCRUTINY_LEDGER_BASE_PATHS_H_
#define SCRUTINY_LEDGER_BASE_PATHS_H_

#include <string>

namespace scrutiny::ledger {

// Whether the folder is the other or lies in it, through symbolic links and `..` too, named from
// the root or from here. Neither needs to be there.
bool IsWithin(const std::string& folder, const std::string& other);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_BASE_PATHS_H_
