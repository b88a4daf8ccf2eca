#include "ledger/append/identity_entries.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "ledger/append/recovery.h"
#include "ledger/base/error.h"
#include "ledger/base/status.h"

namespace scrutiny::ledger {
namespace {

template <typename Started>
LedgerIdentity IdentityOf(const Started& started) {
  LedgerIdentity identity;
  identity.ledger_id = started.ledger_id();
  identity.incarnation = started.incarnation();
  identity.origin = started.origin();
  identity.format_version = started.format_version();
  identity.log_key = started.log_key();
  return identity;
}

// The keys named since the incarnation began: those of another do not count any more.
absl::Status ReadKeys(EntryLog& log, IndexStore& index, uint64_t since, LedgerIdentity* identity) {
  const FactType type(event::v1::Proposed::kLogKeyRotatedFieldNumber);
  const std::unique_ptr<IndexView> view = index.View();
  SCRUTINY_ASSIGN_OR_RETURN(Ordinal at, view->LastOrdinal(type));
  std::string named;
  for (; at > Ordinal(0) && identity->log_keys_before.size() < kKeysBeforeMax; at = at - 1) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Sequence> found, view->OfType(type, at, 1));
    if (found.empty() || found.front().value() < since) break;
    SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ReadEntryAt(log, found.front()));
    const event::v1::LogKeyRotated& rotated = entry.proposed().log_key_rotated();
    if (named.empty()) named = rotated.new_key();
    if (!rotated.old_key().empty()) {
      identity->log_keys_before.emplace_back(rotated.old_key(), rotated.both_sign_until_us());
    }
  }
  if (!named.empty()) identity->log_key = named;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<event::v1::Entry> ReadEntryAt(EntryLog& log, Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                            log.Chunks(sequence, log.size(), 1));
  return ReadEntry(*chunks.front(), sequence - chunks.front()->first());
}

absl::StatusOr<LedgerIdentity> ReadGenesis(EntryLog& log) {
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry genesis, ReadEntryAt(log, Sequence(0)));
  if (!genesis.proposed().has_ledger_started()) {
    return Error(Reason::kCorrupt, "Entry 0 does not start a ledger.");
  }
  LedgerIdentity started = IdentityOf(genesis.proposed().ledger_started());
  if (started.format_version != kFormatVersion) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kLedgerChanged,
                 absl::StrCat("This ledger is of format version ", started.format_version,
                              "; this program reads version ", kFormatVersion, "."))
        .Next("Open it with the program that wrote it or a later one.");
  }
  return started;
}

absl::StatusOr<absl::optional<event::v1::Entry>> ReadIncarnation(EntryLog& log, IndexStore& index) {
  const FactType type(event::v1::Proposed::kIncarnationStartedFieldNumber);
  const std::unique_ptr<IndexView> view = index.View();
  SCRUTINY_ASSIGN_OR_RETURN(const Ordinal last, view->LastOrdinal(type));
  if (last == Ordinal(0)) return absl::optional<event::v1::Entry>();
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Sequence> newest, view->OfType(type, last, 1));
  if (newest.empty()) return absl::optional<event::v1::Entry>();
  SCRUTINY_ASSIGN_OR_RETURN(event::v1::Entry entry, ReadEntryAt(log, newest.front()));
  return absl::make_optional(std::move(entry));
}

absl::StatusOr<LedgerIdentity> ReadNewestIdentity(EntryLog& log, IndexStore& index) {
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<event::v1::Entry> incarnation,
                            ReadIncarnation(log, index));
  LedgerIdentity newest;
  uint64_t since = 0;
  if (incarnation) {
    newest = IdentityOf(incarnation->proposed().incarnation_started());
    since = incarnation->assigned().sequence();
  } else {
    SCRUTINY_ASSIGN_OR_RETURN(newest, ReadGenesis(log));
  }
  SCRUTINY_RETURN_IF_ERROR(ReadKeys(log, index, since, &newest));
  return newest;
}

std::string OriginOfNext(const LedgerIdentity& before, uint32_t number) {
  absl::string_view stem = before.origin;
  absl::ConsumeSuffix(&stem, absl::StrCat("/", before.incarnation));
  return absl::StrCat(stem, "/", number);
}

}  // namespace scrutiny::ledger
