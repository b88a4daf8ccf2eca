#include "tools/scrutiny-verify/flags.h"

#include <algorithm>
#include <sys/stat.h>
#include <utility>

#include "CLI/App.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/verify/files.h"
#include "ledger/verify/folder_log.h"
#include "tools/scrutiny-verify/http_log.h"
#include "tools/scrutiny-verify/verdict.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Error;
using ledger::Reason;

// Requests at once to an address.
constexpr int kAddressThreads = 8;

absl::Status ReadKeys(const std::vector<std::string>& texts, absl::string_view flag,
                      std::vector<ledger::VerifierKey>* keys) {
  for (const std::string& text : texts) {
    absl::StatusOr<ledger::VerifierKey> key = ledger::ParseVerifierKey(text);
    if (!key.ok()) {
      return UsageError(
          Error(Reason::kMalformed, absl::StrCat("What follows ", flag, " is no verifier key."))
              .Next("A verifier key is one word like "
                    "example.com/log+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+"
                    "oO5xCFkkSx; copy it whole, in quotes."));
    }
    if (std::find(keys->begin(), keys->end(), *key) == keys->end()) {
      keys->push_back(*std::move(key));
    }
  }
  return absl::OkStatus();
}

}  // namespace

void TrustFlags::AddTo(CLI::App* app) {
  app->add_option("--vkey", vkeys, "a verifier key of the ledger; may be given more than once")
      ->type_name("KEY")
      ->allow_extra_args(false);
  app->add_option("--witness", witnesses,
                  "a verifier key of a witness; may be given more than once")
      ->type_name("KEY")
      ->allow_extra_args(false);
  app->add_option("--witnesses-required", witnesses_required,
                  "how many of those witnesses must have cosigned (0)")
      ->type_name("N");
}

absl::StatusOr<ledger::Trust> TrustFlags::Read() const {
  if (vkeys.empty()) {
    return UsageError(
        Error(Reason::kMalformed,
              "Give the ledger's verifier key with --vkey: without it nothing can be verified.")
            .Next("The office that keeps the ledger publishes it, in its minutes or on its own "
                  "pages, and its operator sees it with `scrutiny key`. Do not take it from the "
                  "server that you check: one that lies would give you a key to match."));
  }
  ledger::Trust trust;
  SCRUTINY_RETURN_IF_ERROR(ReadKeys(vkeys, "--vkey", &trust.log_keys));
  SCRUTINY_RETURN_IF_ERROR(ReadKeys(witnesses, "--witness", &trust.witness_keys));
  if (witnesses_required < 0) {
    return UsageError(
        Error(Reason::kMalformed, absl::StrCat("--witnesses-required is ", witnesses_required, "."))
            .Next("Say how many witnesses must have cosigned: 0 or more."));
  }
  trust.witnesses_required = static_cast<size_t>(witnesses_required);
  SCRUTINY_RETURN_IF_ERROR(UsageError(ledger::CheckTrust(trust)));
  return trust;
}

absl::StatusOr<Source> OpenSource(const std::string& where) {
  Source source;
  if (absl::StartsWith(where, "http://") || absl::StartsWith(where, "https://")) {
    source.log = std::make_unique<HttpLog>(where);
    source.threads = kAddressThreads;
    return source;
  }
  struct stat found {};
  if (stat(where.c_str(), &found) != 0) {
    return UsageError(
        Error(Reason::kNotFound, absl::StrCat("There is no file or folder ", where, "."))
            .Next("Name a folder, an export (.tar), or an address that begins with http:// or "
                  "https://."));
  }
  if (S_ISDIR(found.st_mode)) {
    source.log = std::make_unique<ledger::FolderLog>(where);
    return source;
  }
  // What can be no export is a mistake in the command line; what is a wrong one is not.
  SCRUTINY_RETURN_IF_ERROR(UsageError(ledger::OpenFile::Open(where).status()));
  SCRUTINY_ASSIGN_OR_RETURN(std::unique_ptr<ledger::BundleLog> bundle,
                            ledger::BundleLog::Open(where));
  source.bundle = bundle.get();
  source.log = std::move(bundle);
  return source;
}

absl::Status CheckFolderIsThere(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return absl::OkStatus();
  return UsageError(Error(Reason::kNotFound, absl::StrCat("There is no folder ", path, "."))
                        .Next("Check the name."));
}

absl::StatusOr<std::string> ReadGivenFile(const std::string& path, size_t bytes_max) {
  absl::StatusOr<std::string> bytes = ledger::ReadWholeFile(path, bytes_max);
  if (!bytes.ok()) return UsageError(bytes.status());
  return bytes;
}

}  // namespace scrutiny::tools::verify
