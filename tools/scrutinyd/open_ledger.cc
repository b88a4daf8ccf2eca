#include "tools/scrutinyd/open_ledger.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "spdlog/spdlog.h"

#include "ledger/base/error.h"
#include "ledger/base/paths.h"
#include "ledger/base/status.h"
#include "ledger/checkpoint/restore.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/vkey.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// A folder beside the data folder, unless another is named; never inside it, where a copy of the
// data would take it along.
absl::StatusOr<std::string> Beside(const DaemonOptions& options, const std::string& named,
                                   absl::string_view suffix, absl::string_view option) {
  const std::string folder =
      named.empty() ? absl::StrCat(WithoutSlash(options.data), suffix) : named;
  if (!ledger::IsWithin(folder, options.data)) return folder;
  return Error(Reason::kMalformed,
               absl::StrCat(option, " ", folder, " lies in the data folder: a copy of the data ",
                            "would take it along."))
      .Value(folder)
      .Next("Name a folder outside of it.");
}

// A checkpoint with as many of its signatures, the newest key's first, as an entry has room for:
// after many changes of keys there are many.
std::string ShortNote(const std::string& note) {
  constexpr size_t kBytesMax = 4000;
  absl::StatusOr<ledger::SignedNote> parsed = ledger::ParseNote(note);
  if (!parsed.ok()) return note;
  std::string text = ledger::Format(*parsed);
  while (text.size() > kBytesMax && parsed->signatures.size() > 1) {
    parsed->signatures.pop_back();
    text = ledger::Format(*parsed);
  }
  return text;
}

absl::StatusOr<std::vector<ledger::VerifierKey>> KeysOf(const ledger::Identity& identity) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ledger::Signer> signers, identity.ReadKeys());
  std::vector<ledger::VerifierKey> keys;
  for (const ledger::Signer& signer : signers) keys.push_back(signer.verifier());
  return keys;
}

// The larger of two checkpoints that verified; either may be empty.
std::string Newer(std::string one, std::string other) {
  const auto size_of = [](const std::string& text) -> absl::optional<ledger::TreeSize> {
    const absl::StatusOr<ledger::SignedNote> note = ledger::ParseNote(text);
    if (!note.ok()) return absl::nullopt;
    const absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::ParseCheckpoint(note->text);
    if (!checkpoint.ok()) return absl::nullopt;
    return checkpoint->size;
  };
  return size_of(one) < size_of(other) ? other : one;
}

// Returns the newest checkpoint of what was restored.
absl::StatusOr<std::string> RestoreAll(const DaemonOptions& options,
                                       const ledger::Identity& identity) {
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<ledger::VerifierKey> keys, KeysOf(identity));
  std::string newest;
  for (const std::string& text : options.vkeys) {
    SCRUTINY_ASSIGN_OR_RETURN(keys.emplace_back(), ledger::ParseVerifierKey(text));
  }
  for (const std::string& from : options.restore) {
    ledger::RestoreOptions restore;
    restore.from = WithoutSlash(from);
    restore.data = options.data;
    restore.keys = keys;
    int tenths = 0;
    restore.progress = [&](uint64_t done, uint64_t total) {
      const int now = total == 0 ? 10 : static_cast<int>(done * 10 / total);
      if (now <= tenths) return;
      tenths = now;
      spdlog::info("verifying {}: {} %", from, now * 10);
    };
    SCRUTINY_ASSIGN_OR_RETURN(ledger::Restored restored, ledger::Restore(restore));
    spdlog::info("restored {} entries from {}", restored.size.value(), from);
    newest = Newer(std::move(newest), std::move(restored.checkpoint));
  }
  return newest;
}

// Sealed parts are opened where the keys are; without them everything else serves and proves.
void OpenKeys(const DaemonOptions& options, const std::string& folder, ledger::Clock& clock,
              ledger::RandomSource& random, OpenLedger* opened) {
  if (options.keys == kOff) {
    opened->seals_problem = "The server was started with --keys off.";
    return;
  }
  const absl::StatusOr<bool> holds_sealed = opened->ledger->HoldsSealed();
  absl::Status status = holds_sealed.status();
  if (status.ok()) {
    ledger::KeyStoreOptions key_options;
    key_options.dir = folder;
    key_options.ledger_id = opened->ledger->identity().ledger_id;
    key_options.clock = &clock;
    key_options.random = &random;
    key_options.may_create = !*holds_sealed;
    absl::StatusOr<std::unique_ptr<ledger::KeyStore>> keys = ledger::KeyStore::Open(key_options);
    status = keys.status();
    if (keys.ok()) {
      opened->keys = *std::move(keys);
      status = opened->ledger->AttachKeys(*opened->keys, options.key_backup_days * kDayMicros);
    }
  }
  if (status.ok()) return;
  const std::string next = ledger::InfoOf(status).next;
  opened->seals_problem = absl::StrCat(status.message(), next.empty() ? "" : " ", next);
  spdlog::error("sealed parts can be neither made nor opened: {}", opened->seals_problem);
}

}  // namespace

absl::StatusOr<OpenLedger> OpenWithIdentity(const DaemonOptions& options, ledger::Clock& clock,
                                            ledger::RandomSource& random,
                                            services::Witnesses& witnesses) {
  OpenLedger opened;
  SCRUTINY_ASSIGN_OR_RETURN(const std::string identity_folder,
                            Beside(options, options.identity, ".identity", "--identity"));
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::string keys_folder,
      Beside(options, options.keys == kOff ? "" : options.keys, ".keys", "--keys"));
  SCRUTINY_ASSIGN_OR_RETURN(opened.identity, ledger::Identity::Open(identity_folder));
  SCRUTINY_ASSIGN_OR_RETURN(std::string restored, RestoreAll(options, *opened.identity));

  ledger::Identity& identity = *opened.identity;
  ledger::LedgerOptions ledger_options;
  ledger_options.data = options.data;
  ledger_options.origin = options.origin;
  ledger_options.without_tree = options.without_tree;
  ledger_options.clock = &clock;
  ledger_options.random = &random;
  ledger_options.make_key = [&](absl::string_view origin) {
    return identity.MakeKey(origin, random);
  };
  bool is_begun = false;
  if (options.new_incarnation) {
    ledger::NewIncarnation next;
    next.origin = options.origin;
    next.reason = options.reason;
    SCRUTINY_ASSIGN_OR_RETURN(next.last_known, identity.LastKnownIncarnation());
    const absl::StatusOr<std::string> logged = identity.NewestCheckpoint();
    const std::string previous = Newer(logged.value_or(""), std::move(restored));
    if (previous.empty()) {
      spdlog::warn("the new incarnation names no checkpoint before it: {}",
                   logged.ok() ? "none is known" : std::string(logged.status().message()));
    } else {
      next.previous_checkpoint = ShortNote(previous);
    }
    next.make_key = [&](absl::string_view origin) {
      is_begun = true;
      return identity.MakeNextKey(origin, random);
    };
    ledger_options.new_incarnation = std::move(next);
  }
  SCRUTINY_ASSIGN_OR_RETURN(opened.ledger, ledger::Ledger::Open(ledger_options));
  if (options.new_incarnation && !is_begun) {
    spdlog::warn(
        "incarnation {} was begun for this reason already: leave --new-incarnation out, or give "
        "another --reason to begin another",
        opened.ledger->identity().incarnation);
  }
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<ledger::VerifierKey> log_keys, KeysOf(identity));
  // A step before it is adopted, the key of a new incarnation lies beside the others.
  if (absl::StatusOr<ledger::VerifierKey> named =
          ledger::ParseVerifierKey(opened.ledger->identity().log_key);
      named.ok()) {
    log_keys.push_back(*std::move(named));
  }
  SCRUTINY_RETURN_IF_ERROR(witnesses.CheckAtStart(*opened.ledger, log_keys));
  SCRUTINY_ASSIGN_OR_RETURN(opened.checkpointer,
                            ledger::Checkpointer::Open({*opened.ledger, identity, clock, random}));
  OpenKeys(options, keys_folder, clock, random, &opened);
  return opened;
}

}  // namespace scrutiny::tools
