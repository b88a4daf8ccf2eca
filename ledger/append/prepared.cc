#include "ledger/append/prepared.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"

namespace scrutiny::ledger {
namespace {

// Claims are shared by few entries; this many holders tell a rule all it asks.
constexpr size_t kHoldersMax = 100;
// Of a hash, as hexadecimal digits of a name.
constexpr size_t kOpaqueNameBytes = 16;
// A record's history, where a rule asks for it: bounded so that no append reads without end.
constexpr size_t kHistoryMax = 100'000;

absl::Status CheckGuards(const NewAppend& append) {
  for (size_t i = 0; i < append.guards.size(); ++i) {
    SCRUTINY_RETURN_IF_ERROR(
        ValidateRecordName(append.guards[i].record, absl::StrCat("guards[", i, "].record")));
  }
  return absl::OkStatus();
}

// The name of the record that stands for a wholly sealed fact: the same for the same request, and
// made of nothing that is not in public anyway.
std::string OpaqueRecord(const NewAppend& append, size_t i) {
  const Hash hash = Sha256Of(absl::StrCat("ledger-sealed-record-v1\n", append.principal.id(), "\n",
                                          append.request_id, "\n", i));
  return absl::StrCat(kSealedKind, "/", ToHex(AsBytes(hash).substr(0, kOpaqueNameBytes)));
}

absl::Status PrepareFact(NewAppend& append, size_t i, Author author, RandomSource& random,
                         PreparedFact& out) {
  NewFact& fact = append.facts[i];
  std::vector<absl::string_view> to_be_sealed;
  for (const SealWish& wish : fact.seals) to_be_sealed.push_back(wish.field_path);
  SCRUTINY_RETURN_IF_ERROR(CheckProposed(fact.proposed, {author, to_be_sealed}));
  out.proposed = std::move(fact.proposed);
  out.expected_revision = fact.expected_revision;
  out.wishes = std::move(fact.seals);
  if (!out.wishes.empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(out.payloads, TakeParts(out.wishes, random, &out.proposed));
    // The same request again must propose the same in public.
    if (out.proposed.has_sealed_fact()) out.proposed.set_record(OpaqueRecord(append, i));
  }
  out.proposed.SerializeToString(&out.bytes);
  out.derived = DeriveFrom(out.proposed, {});
  out.needs = NeedsOf(out.proposed);
  return absl::OkStatus();
}

// One call for all of them: the system's randomness costs by the call.
void GiveIds(std::vector<PreparedFact>& facts, RandomSource& random) {
  std::vector<uint8_t> bytes(facts.size() * kEntryIdBytes);
  random.Fill(bytes);
  for (size_t i = 0; i < facts.size(); ++i) {
    std::copy_n(bytes.data() + i * kEntryIdBytes, kEntryIdBytes, facts[i].entry_id.data());
  }
}

}  // namespace

std::string RequestKey(absl::string_view principal, absl::string_view request_id) {
  return absl::StrCat(principal, absl::string_view("\0", 1), request_id);
}

void RequestDigest::Add(absl::string_view proposed) {
  char length[sizeof(uint32_t)];
  StoreBigEndian(static_cast<uint32_t>(proposed.size()), length);
  sha_.Update(absl::string_view(length, sizeof(length)));
  sha_.Update(proposed);
}

absl::Status CheckCounts(size_t facts, size_t guards) {
  if (facts == 0) {
    return Error(Reason::kMalformed, "An append needs at least one fact.")
        .Field("facts")
        .Next("Say what happened in at least one fact.");
  }
  if (facts > kAppendFactsMax) {
    return Error(Reason::kOverLimit, absl::StrCat("An append holds at most ", kAppendFactsMax,
                                                  " facts; this one has ", facts, "."))
        .Field("facts")
        .Value(absl::StrCat(facts))
        .Next("Split it into several appends.");
  }
  if (guards > kGuardsMax) {
    return Error(Reason::kOverLimit, absl::StrCat("An append has at most ", kGuardsMax,
                                                  " guards; this one has ", guards, "."))
        .Field("guards")
        .Value(absl::StrCat(guards))
        .Next("Guard fewer records, or split the append.");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PreparedAppend>> Prepare(NewAppend append, Author author,
                                                        RandomSource& random) {
  SCRUTINY_RETURN_IF_ERROR(ValidateRequestId(append.request_id));
  SCRUTINY_RETURN_IF_ERROR(CheckCounts(append.facts.size(), append.guards.size()));
  SCRUTINY_RETURN_IF_ERROR(CheckGuards(append));

  auto prepared = std::make_unique<PreparedAppend>();
  prepared->facts.resize(append.facts.size());
  GiveIds(prepared->facts, random);
  RequestDigest digest;
  for (size_t i = 0; i < append.facts.size(); ++i) {
    PreparedFact& fact = prepared->facts[i];
    if (absl::Status status = PrepareFact(append, i, author, random, fact); !status.ok()) {
      return AtFact(status, static_cast<uint32_t>(i));
    }
    digest.Add(fact.bytes);
    prepared->bytes += fact.bytes.size();
    for (const Secret& payload : fact.payloads) prepared->sealed_bytes += payload.size();
  }
  if (prepared->bytes > kAppendBytesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("An append holds at most ", kAppendBytesMax / kKiB,
                              " KiB; this one has ", prepared->bytes / kKiB, " KiB."))
        .Field("facts")
        .Value(absl::StrCat(prepared->bytes))
        .Next("Split it into several appends.");
  }
  prepared->digest = digest.Finish();
  prepared->principal = std::move(append.principal);
  prepared->request_id = std::move(append.request_id);
  prepared->guards = std::move(append.guards);
  prepared->validate_only = append.validate_only;
  prepared->gate = std::move(append.gate);
  prepared->by_server = author == Author::kServer;
  return prepared;
}

bool HasSealed(const PreparedAppend& append) {
  return std::any_of(append.facts.begin(), append.facts.end(),
                     [](const PreparedFact& fact) { return !fact.wishes.empty(); });
}

bool IsRefusedForCertain(const PreparedAppend& append) {
  const ReadSet& reads = append.reads;
  if (reads.request) return reads.request->digest != append.digest;
  const auto is_past = [&reads](const std::string& record, Revision expected) {
    const auto head = reads.heads.find(record);
    return head != reads.heads.end() && head->second.revision > expected;
  };
  return std::any_of(append.facts.begin(), append.facts.end(),
                     [&](const PreparedFact& fact) {
                       return fact.expected_revision &&
                              is_past(fact.proposed.record(), *fact.expected_revision);
                     }) ||
         std::any_of(append.guards.begin(), append.guards.end(),
                     [&](const Guard& guard) { return is_past(guard.record, guard.revision); });
}

absl::StatusOr<ReadSet> ReadAhead(const PreparedAppend& append, const IndexView& index) {
  ReadSet reads;
  reads.position = index.position();
  SCRUTINY_ASSIGN_OR_RETURN(reads.request, index.Request(append.principal.id(), append.request_id));
  const auto read_head = [&](const std::string& record) -> absl::Status {
    auto [it, added] = reads.heads.try_emplace(record);
    if (!added) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(it->second, index.Head(record));
    return absl::OkStatus();
  };
  for (const Guard& guard : append.guards) SCRUTINY_RETURN_IF_ERROR(read_head(guard.record));
  for (const PreparedFact& fact : append.facts) {
    const std::string& record = fact.proposed.record();
    SCRUTINY_RETURN_IF_ERROR(read_head(record));
    if (fact.needs.history && reads.heads[record].revision > Revision(0)) {
      auto [it, added] = reads.histories.try_emplace(record);
      if (added) {
        SCRUTINY_ASSIGN_OR_RETURN(it->second, index.History(record, Revision(1), kHistoryMax));
      }
    }
    for (const std::string& claim : fact.needs.claims) {
      auto [it, added] = reads.claims.try_emplace(claim);
      if (!added) continue;
      SCRUTINY_ASSIGN_OR_RETURN(std::vector<ClaimHit> hits, index.Claims(claim, kHoldersMax));
      for (const ClaimHit& hit : hits) {
        const std::string withdrawal = WithdrawalClaim(hit.sequence);
        SCRUTINY_ASSIGN_OR_RETURN(reads.claims[withdrawal], index.Claims(withdrawal, kHoldersMax));
      }
      reads.claims[claim] = std::move(hits);
    }
  }
  return reads;
}

}  // namespace scrutiny::ledger
