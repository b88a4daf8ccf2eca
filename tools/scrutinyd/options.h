// tools/scrutinyd/options.h
// The server's command line.
//
// Threads:  pure function.
// Tests:    tests/tools/scrutinyd/scrutinyd_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINYD_OPTIONS_H_
#define SCRUTINY_TOOLS_SCRUTINYD_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"

namespace scrutiny::tools {

inline constexpr char kServerVersion[] = "0.1.0";

struct DaemonOptions {
  std::string data;
  std::string listen = "127.0.0.1:7443";
  std::string http = "127.0.0.1:8080";  // `off`: none
  std::string port_file;                // empty: none
  std::string identity;                 // empty: `<data>.identity`
  std::string keys;                     // empty: `<data>.keys`; `off`: nothing is sealed
  uint32_t key_backup_days = 35;        // how long backups of the key store are kept
  std::vector<std::string> witnesses;   // URL=VKEY
  std::vector<std::string> restore;     // copies to restore from, in this order
  std::vector<std::string> vkeys;       // besides those of the identity, for a restore
  bool without_tree = false;            // for measuring alone
  bool new_incarnation = false;
  std::string reason;  // of the new incarnation
  std::string origin;  // empty: as the ledger has it, or made from its id
  std::string log_level = "info";
  std::string log_format = "text";
};

// Reads the command line. What it says by itself (help, version, a mistake) is printed, and `exit`
// is set to what the program ends with.
DaemonOptions ReadOptions(int argc, char** argv, absl::optional<int>* exit);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINYD_OPTIONS_H_
