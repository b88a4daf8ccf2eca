#include "ledger/append/ledger.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/append/core.h"
#include "ledger/append/identity_entries.h"
#include "ledger/append/indexer.h"
#include "ledger/append/prepared.h"
#include "ledger/append/recovery.h"
#include "ledger/append/sealed_parts.h"
#include "ledger/append/sequencer.h"
#include "ledger/append/tree.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/mutex.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/feed/feed.h"
#include "ledger/format/fact_types.h"
#include "ledger/store/entry_log.h"

namespace scrutiny::ledger {
namespace {

constexpr size_t kLedgerIdBytes = 16;
constexpr size_t kCitedByMax = 100;

std::string IndexPath(const LedgerOptions& options) { return absl::StrCat(options.data, "/index"); }

class LedgerImpl final : public Ledger {
 public:
  LedgerImpl(std::string folder, Clock& clock, RandomSource& random)
      : folder_(std::move(folder)), clock_(clock), random_(random) {}
  ~LedgerImpl() override { IgnoreError(Close(), "a destructor has nobody to tell"); }

  absl::Status Start(const LedgerOptions& options);

  LedgerIdentity identity() const override {
    MutexLock lock(identity_mutex_);
    return identity_;
  }
  TreeSize size() const override { return feed_->size(); }
  absl::StatusOr<std::vector<ChunkPtr>> Chunks(Sequence from, size_t max_bytes) override;
  absl::StatusOr<std::vector<ChunkPtr>> ChunksBackwards(Sequence from, size_t max_bytes) override;
  bool WaitForMoreThan(TreeSize size, int64_t timeout_micros) override {
    return feed_->WaitForMoreThan(size, timeout_micros);
  }
  uint64_t AddListener(std::function<void(TreeSize)> listener) override {
    return feed_->AddListener(std::move(listener));
  }
  void RemoveListener(uint64_t id) override { feed_->RemoveListener(id); }

  void Append(NewAppend append, AppendDone done) override {
    Submit(std::move(append), Author::kClient, std::move(done));
  }
  absl::StatusOr<Receipt> AppendAndWait(NewAppend append) override {
    return SubmitAndWait(std::move(append), Author::kClient);
  }
  absl::StatusOr<Receipt> ConfirmClock(const event::v1::Principal& principal,
                                       absl::string_view request_id,
                                       absl::string_view reason) override;
  absl::StatusOr<RecordHistory> GetRecord(absl::string_view record, Revision from,
                                          size_t max) override;
  absl::StatusOr<std::unique_ptr<IndexView>> Index() override;
  absl::Status AttachKeys(KeyStore& keys, int64_t key_backups_micros) override;
  SealedParts* seals() override { return seals_.get(); }
  absl::StatusOr<bool> HoldsSealed() override;
  absl::StatusOr<Receipt> RecordKey(const event::v1::Principal& principal,
                                    absl::string_view request_id,
                                    const event::v1::LogKeyRotated& rotated) override;
  absl::StatusOr<absl::optional<Receipt>> FindReceipt(const event::v1::Principal& principal,
                                                      absl::string_view request_id) override;
  absl::StatusOr<std::string> EntryBytes(Sequence sequence) override;
  const std::string& folder() const override { return folder_; }
  absl::StatusOr<TreeSize> CopyTo(const std::string& folder) override {
    return log_->CopyTo(folder);
  }
  Tree& tree() override { return *tree_; }
  absl::StatusOr<Sequence> FirstRecordedAt(int64_t recorded_at_us) override;
  LedgerStatus status() const override;
  absl::Status Close() override;

 private:
  // The incarnation and the key that the newest entries name.
  absl::Status ReadIdentity();
  absl::Status StartIncarnation(const NewIncarnation& next);
  absl::StatusOr<CoreState> ReadCoreState();
  absl::StatusOr<int64_t> RecordedAt(Sequence sequence);
  absl::Status WriteGenesis(const LedgerOptions& options);
  void Submit(NewAppend append, Author author, AppendDone done);
  void PrepareAndEnqueue(NewAppend append, Author author, AppendDone done);
  absl::StatusOr<Receipt> SubmitAndWait(NewAppend append, Author author);
  // Whether a repeated append has the sealed parts that it had the first time.
  absl::Status CheckSameSeals(const PreparedAppend& append, const RequestRecord& earlier);
  // Decides at once what can be: a repeated request's receipt, a reused id.
  absl::Status PrepareItem(NewAppend append, Author author, Sequencer::Item& item);

  const std::string folder_;
  Clock& clock_;
  RandomSource& random_;
  mutable Mutex identity_mutex_;
  LedgerIdentity identity_ ABSL_GUARDED_BY(identity_mutex_);
  std::unique_ptr<EntryLog> log_;
  std::unique_ptr<IndexStore> index_;
  std::unique_ptr<Tree> tree_;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<SealedParts> seals_;

  // Appends being made ready read the index, so Close waits for them.
  Mutex closing_mutex_;
  CondVar prepared_;
  int preparing_ ABSL_GUARDED_BY(closing_mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(closing_mutex_) = false;
};

absl::Status LedgerImpl::Start(const LedgerOptions& options) {
  EntryLogOptions log_options;
  log_options.path = absl::StrCat(options.data, "/log");
  log_options.file_system = options.file_system;
  SCRUTINY_ASSIGN_OR_RETURN(log_, EntryLog::Open(log_options));
  if (log_->size() == TreeSize(0)) SCRUTINY_RETURN_IF_ERROR(WriteGenesis(options));
  SCRUTINY_ASSIGN_OR_RETURN(const LedgerIdentity genesis, ReadGenesis(*log_));
  IndexOptions index_options;
  index_options.path = IndexPath(options);
  index_options.file_system = options.file_system;
  index_options.ledger_id = genesis.ledger_id;
  SCRUTINY_ASSIGN_OR_RETURN(index_, IndexStore::Open(index_options));
  SCRUTINY_ASSIGN_OR_RETURN(TileBuilder tree, CompleteIndex(*log_, *index_));
  SCRUTINY_RETURN_IF_ERROR(ReadIdentity());
  if (const std::string origin = identity().origin;
      !options.origin.empty() && options.origin != origin && !options.new_incarnation) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kLedgerChanged,
                 absl::StrCat("This ledger's origin is ", origin, " and cannot be changed to ",
                              options.origin, "."))
        .Next("Start it without --origin, or name another --data folder.");
  }

  feed_ = std::make_unique<Feed>(log_->size());
  indexer_ = std::make_unique<Indexer>(*index_);
  SCRUTINY_ASSIGN_OR_RETURN(CoreState state, ReadCoreState());
  tree_ = std::make_unique<Tree>(*index_, TreeGrowth{tree.edge(), tree.open(), {}});
  state.tree = std::move(tree);
  state.without_tree = options.without_tree;
  SCRUTINY_ASSIGN_OR_RETURN(const int64_t last_recorded_at,
                            RecordedAt(Sequence(log_->size().value() - 1)));
  sequencer_ = std::make_unique<Sequencer>(
      Sequencer::Parts{*log_, *index_, *indexer_, *tree_, *feed_, *this, clock_,
                       [this](const PreparedAppend& append, const RequestRecord& earlier) {
                         return CheckSameSeals(append, earlier);
                       }},
      std::move(state), last_recorded_at);
  if (options.new_incarnation) return StartIncarnation(*options.new_incarnation);
  return absl::OkStatus();
}

absl::Status LedgerImpl::ReadIdentity() {
  SCRUTINY_ASSIGN_OR_RETURN(LedgerIdentity newest, ReadNewestIdentity(*log_, *index_));
  MutexLock lock(identity_mutex_);
  identity_ = std::move(newest);
  return absl::OkStatus();
}

absl::Status LedgerImpl::StartIncarnation(const NewIncarnation& next) {
  const LedgerIdentity before = identity();
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<event::v1::Entry> newest,
                            ReadIncarnation(*log_, *index_));
  if (newest && newest->proposed().incarnation_started().reason() == next.reason &&
      (next.origin.empty() || next.origin == before.origin)) {
    return absl::OkStatus();
  }
  NewAppend append;
  append.principal = ServerPrincipal();
  // What was begun after the copy that this is, and is not in it, had its number and its name.
  const uint32_t number = std::max(before.incarnation, next.last_known) + 1;
  append.request_id = absl::StrCat("incarnation-", number);
  event::v1::Proposed& proposed = append.facts.emplace_back().proposed;
  proposed.set_record(kIdentityRecord);
  event::v1::IncarnationStarted& started = *proposed.mutable_incarnation_started();
  started.set_ledger_id(before.ledger_id);
  started.set_incarnation(number);
  started.set_origin(next.origin.empty() ? OriginOfNext(before, number) : next.origin);
  if (started.origin() == before.origin) {
    return Error(Reason::kMalformed, absl::StrCat("A new incarnation needs an origin of its own; ",
                                                  before.origin, " is the one before."))
        .Next(
            "If it has begun already, start without --new-incarnation; for another one, name "
            "another --origin or leave it out.");
  }
  started.set_format_version(kFormatVersion);
  started.set_hash_algorithm(kHashAlgorithm);
  started.set_previous_checkpoint(next.previous_checkpoint);
  started.set_reason(next.reason);
  if (next.make_key) {
    SCRUTINY_ASSIGN_OR_RETURN(*started.mutable_log_key(), next.make_key(started.origin()));
  }
  SCRUTINY_RETURN_IF_ERROR(SubmitAndWait(std::move(append), Author::kServer).status());
  SCRUTINY_RETURN_IF_ERROR(indexer_->WaitFor(feed_->size()));
  return ReadIdentity();
}

absl::StatusOr<Receipt> LedgerImpl::RecordKey(const event::v1::Principal& principal,
                                              absl::string_view request_id,
                                              const event::v1::LogKeyRotated& rotated) {
  NewAppend append;
  append.principal = principal;
  append.request_id = std::string(request_id);
  event::v1::Proposed& proposed = append.facts.emplace_back().proposed;
  proposed.set_record(kIdentityRecord);
  *proposed.mutable_log_key_rotated() = rotated;
  SCRUTINY_ASSIGN_OR_RETURN(Receipt receipt, SubmitAndWait(std::move(append), Author::kServer));
  SCRUTINY_RETURN_IF_ERROR(indexer_->WaitFor(feed_->size()));
  SCRUTINY_RETURN_IF_ERROR(ReadIdentity());
  return receipt;
}

absl::StatusOr<absl::optional<Receipt>> LedgerImpl::FindReceipt(
    const event::v1::Principal& principal, absl::string_view request_id) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<IndexView> view, Index());
  SCRUTINY_ASSIGN_OR_RETURN(const absl::optional<RequestRecord> earlier,
                            view->Request(principal.id(), request_id));
  if (!earlier) return absl::optional<Receipt>();
  SCRUTINY_ASSIGN_OR_RETURN(Receipt receipt, ReadReceipt(*this, *earlier));
  return absl::make_optional(std::move(receipt));
}

absl::StatusOr<std::string> LedgerImpl::EntryBytes(Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks, Chunks(sequence, 1));
  const size_t i = sequence - chunks.front()->first();
  SCRUTINY_RETURN_IF_ERROR(chunks.front()->VerifyEntry(i));
  return std::string(chunks.front()->entry(i));
}

absl::Status LedgerImpl::AttachKeys(KeyStore& keys, int64_t key_backups_micros) {
  auto seals = std::make_unique<SealedParts>(
      SealedParts::Parts{
          *this, log_->sealed(), keys, clock_, random_,
          [this](NewAppend append) { return SubmitAndWait(std::move(append), Author::kServer); }},
      key_backups_micros);
  SCRUTINY_RETURN_IF_ERROR(seals->Follow());
  seals_ = std::move(seals);
  return absl::OkStatus();
}

absl::StatusOr<bool> LedgerImpl::HoldsSealed() {
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<SealedRow> rows, log_->sealed().From(SealPlace(), 1));
  return !rows.empty();
}

absl::StatusOr<CoreState> LedgerImpl::ReadCoreState() {
  CoreState state;
  state.size = log_->size();
  state.indexed = index_->position();
  const std::unique_ptr<IndexView> view = index_->View();
  for (const FactTypeInfo& info : AllFactTypes()) {
    SCRUTINY_ASSIGN_OR_RETURN(const Ordinal last, view->LastOrdinal(info.type));
    if (last > Ordinal(0)) state.ordinals[info.type] = last;
  }
  return state;
}

// Before anything else is opened: what is derived carries the ledger's id, which is genesis's.
absl::Status LedgerImpl::WriteGenesis(const LedgerOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(IndexPath(options), error)) {
    return Error(Reason::kCorrupt,
                 absl::StrCat("The entries of this ledger are missing: ", options.data,
                              " has an index, but nothing is stored."))
        .Next("Restore the folder from a backup, or name another --data folder.");
  }
  std::string ledger_id(kLedgerIdBytes, '\0');
  random_.Fill({reinterpret_cast<uint8_t*>(ledger_id.data()), ledger_id.size()});
  NewAppend append;
  append.principal = ServerPrincipal();
  append.request_id = "genesis";
  event::v1::Proposed& proposed = append.facts.emplace_back().proposed;
  proposed.set_record(kIdentityRecord);
  event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
  started.set_ledger_id(ledger_id);
  started.set_incarnation(1);
  started.set_origin(options.origin.empty() ? absl::StrCat("ledger.invalid/", ToHex(ledger_id))
                                            : options.origin);
  started.set_format_version(kFormatVersion);
  started.set_hash_algorithm(kHashAlgorithm);
  if (options.make_key) {
    SCRUTINY_ASSIGN_OR_RETURN(*started.mutable_log_key(), options.make_key(started.origin()));
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<PreparedAppend> prepared,
                            Prepare(std::move(append), Author::kServer, random_));
  Core core{CoreState()};
  SCRUTINY_RETURN_IF_ERROR(core.Admit(*prepared, clock_.WallMicros()).status());
  const Group group = core.TakeGroup();
  return log_->Commit(group.chunks, {&group.tree.edge, {}});
}

absl::Status LedgerImpl::CheckSameSeals(const PreparedAppend& append,
                                        const RequestRecord& earlier) {
  if (seals_ == nullptr) return CheckSameShape(*this, append, earlier);
  return seals_->CheckSame(append, earlier);
}

absl::Status LedgerImpl::PrepareItem(NewAppend append, Author author, Sequencer::Item& item) {
  SCRUTINY_ASSIGN_OR_RETURN(item.prepared, Prepare(std::move(append), author, random_));
  PreparedAppend& prepared = *item.prepared;
  SCRUTINY_ASSIGN_OR_RETURN(prepared.reads, ReadAhead(prepared, *index_->View()));
  const absl::optional<RequestRecord>& earlier = prepared.reads.request;
  if (earlier && earlier->digest == prepared.digest) {
    SCRUTINY_RETURN_IF_ERROR(CheckSameSeals(prepared, *earlier));
    SCRUTINY_ASSIGN_OR_RETURN(item.receipt, ReadReceipt(*this, *earlier));
    item.prepared = nullptr;
    return absl::OkStatus();
  }
  return SealTakenOut(seals_.get(), prepared);
}

void LedgerImpl::Submit(NewAppend append, Author author, AppendDone done) {
  const bool has_seals = std::any_of(append.facts.begin(), append.facts.end(),
                                     [](const NewFact& fact) { return !fact.seals.empty(); });
  if (!has_seals || seals_ == nullptr) {
    PrepareAndEnqueue(std::move(append), author, std::move(done));
    return;
  }
  // An erasure waits until what is sealed is in the queue.
  ReaderLock sealing(seals_->sealing());
  PrepareAndEnqueue(std::move(append), author, std::move(done));
}

void LedgerImpl::PrepareAndEnqueue(NewAppend append, Author author, AppendDone done) {
  bool closed = false;
  {
    MutexLock lock(closing_mutex_);
    closed = closed_;
    if (!closed) ++preparing_;
  }
  if (closed) {
    done(Error(Reason::kReadOnly, "The server is shutting down.")
             .Next("Try again with the same request id once it is back."));
    return;
  }
  Sequencer::Item item;
  item.gate = append.gate;
  if (absl::Status status = PrepareItem(std::move(append), author, item); !status.ok()) {
    item.prepared = nullptr;
    item.refused = std::move(status);
  }
  {
    MutexLock lock(closing_mutex_);
    if (--preparing_ == 0) prepared_.SignalAll();
  }
  const bool decided = item.prepared == nullptr;
  if (decided && !item.gate) {
    if (item.receipt) {
      done(std::move(*item.receipt));
    } else {
      done(std::move(item.refused));
    }
    return;
  }
  item.done = std::move(done);
  sequencer_->Enqueue(std::move(item));
}

absl::StatusOr<Receipt> LedgerImpl::SubmitAndWait(NewAppend append, Author author) {
  struct Waiter {
    Mutex mutex;
    CondVar done;
    absl::optional<absl::StatusOr<Receipt>> result ABSL_GUARDED_BY(mutex);
  } waiter;
  Submit(std::move(append), author, [&waiter](absl::StatusOr<Receipt> result) {
    MutexLock lock(waiter.mutex);
    waiter.result = std::move(result);
    waiter.done.SignalAll();
  });
  MutexLock lock(waiter.mutex);
  while (!waiter.result) waiter.done.Wait(waiter.mutex);
  return *std::move(waiter.result);
}

absl::StatusOr<Receipt> LedgerImpl::ConfirmClock(const event::v1::Principal& principal,
                                                 absl::string_view request_id,
                                                 absl::string_view reason) {
  NewAppend append;
  append.principal = principal;
  append.request_id = std::string(request_id);
  event::v1::Proposed& proposed = append.facts.emplace_back().proposed;
  proposed.set_record(kIdentityRecord);
  proposed.mutable_clock_confirmed()->set_reason(std::string(reason));
  return SubmitAndWait(std::move(append), Author::kServer);
}

absl::StatusOr<std::vector<ChunkPtr>> LedgerImpl::Chunks(Sequence from, size_t max_bytes) {
  std::vector<ChunkPtr> recent = feed_->Tail(from, max_bytes);
  if (!recent.empty()) return recent;
  const TreeSize end = feed_->size();
  if (from >= NextSequence(end)) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("There is no entry ", from.value(), " yet; the ledger has ",
                              end.value(), " entries."))
        .Value(from.ToString());
  }
  return log_->Chunks(from, end, max_bytes);
}

absl::StatusOr<std::vector<ChunkPtr>> LedgerImpl::ChunksBackwards(Sequence from, size_t max_bytes) {
  const TreeSize end = feed_->size();
  if (from >= NextSequence(end)) {
    return Error(Reason::kBeyondHead,
                 absl::StrCat("There is no entry ", from.value(), " yet; the ledger has ",
                              end.value(), " entries."))
        .Value(from.ToString());
  }
  return log_->ChunksBackwards(from, max_bytes);
}

absl::StatusOr<std::unique_ptr<IndexView>> LedgerImpl::Index() {
  SCRUTINY_RETURN_IF_ERROR(indexer_->WaitFor(feed_->size()));
  return index_->View();
}

absl::StatusOr<RecordHistory> LedgerImpl::GetRecord(absl::string_view record, Revision from,
                                                    size_t max) {
  SCRUTINY_RETURN_IF_ERROR(ValidateRecordName(record));
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<IndexView> view, Index());
  RecordHistory history;
  SCRUTINY_ASSIGN_OR_RETURN(history.head, view->Head(record));
  SCRUTINY_ASSIGN_OR_RETURN(history.cited_by, view->CitedBy(record, kCitedByMax));
  if (history.head.revision == Revision(0)) {
    if (!history.cited_by.empty()) return history;
    return Error(Reason::kNotFound, absl::StrCat("No record ", record, " is held or cited."))
        .Record(record);
  }
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<HistoryItem> items, view->History(record, from, max + 1));
  history.more = items.size() > max;
  if (history.more) items.resize(max);
  for (const HistoryItem& item : items) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks, Chunks(item.sequence, 1));
    const size_t i = item.sequence - chunks.front()->first();
    SCRUTINY_RETURN_IF_ERROR(chunks.front()->VerifyEntry(i));
    history.entries.emplace_back(chunks.front()->entry(i));
  }
  return history;
}

absl::StatusOr<int64_t> LedgerImpl::RecordedAt(Sequence sequence) {
  SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ReadEntryAt(*log_, sequence));
  return entry.assigned().recorded_at_us();
}

absl::StatusOr<Sequence> LedgerImpl::FirstRecordedAt(int64_t recorded_at_us) {
  uint64_t low = 0;
  uint64_t high = feed_->size().value();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    SCRUTINY_ASSIGN_OR_RETURN(const int64_t at, RecordedAt(Sequence(middle)));
    if (at < recorded_at_us) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Sequence(low);
}

LedgerStatus LedgerImpl::status() const {
  LedgerStatus status;
  status.identity = identity();
  status.size = feed_->size();
  status.indexed = indexer_->position();
  status.head_recorded_at_us = sequencer_->head_recorded_at();
  status.queued_appends = sequencer_->queued();
  status.read_only_because = sequencer_->read_only_because();
  status.clock_message = sequencer_->clock_problem();
  status.clock_unconfirmed = !status.clock_message.empty();
  return status;
}

absl::Status LedgerImpl::Close() {
  {
    MutexLock lock(closing_mutex_);
    if (closed_) return absl::OkStatus();
    closed_ = true;
    while (preparing_ > 0) prepared_.Wait(closing_mutex_);
  }
  if (sequencer_) sequencer_->Stop();
  if (feed_) feed_->Close();
  if (indexer_) indexer_->Stop();
  absl::Status status;
  if (index_) status.Update(index_->Close());
  if (log_) status.Update(log_->Close());
  return status;
}

}  // namespace

event::v1::Principal ServerPrincipal() {
  event::v1::Principal principal;
  principal.set_id("scrutinyd");
  principal.set_authentication(event::v1::AUTHENTICATION_SERVER);
  return principal;
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(const LedgerOptions& options) {
  static SystemClock* const system_clock = new SystemClock;
  static SystemRandom* const system_random = new SystemRandom;
  auto ledger =
      std::make_unique<LedgerImpl>(options.data, options.clock ? *options.clock : *system_clock,
                                   options.random ? *options.random : *system_random);
  SCRUTINY_RETURN_IF_ERROR(ledger->Start(options));
  return ledger;
}

}  // namespace scrutiny::ledger
