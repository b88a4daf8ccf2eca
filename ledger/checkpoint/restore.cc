#include "ledger/checkpoint/restore.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include "ledger/base/error.h"
#include "ledger/base/folders.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "ledger/format/chunk.h"
#include "ledger/format/entry_codec.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/store/entry_log.h"
#include "ledger/verify/backup_manifest.h"
#include "ledger/verify/bundle_log.h"
#include "ledger/verify/folder_log.h"
#include "ledger/verify/verify_log.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;

bool Exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Trust TrustOf(const RestoreOptions& options) {
  Trust trust;
  trust.log_keys = options.keys;
  return trust;
}

absl::Status Damaged(const std::string& from, const std::vector<Damage>& damages) {
  return Error(Reason::kCorrupt, absl::StrCat(from, " does not verify: ", damages.front().what))
      .Value(from)
      .Next("Nothing was written. Take another copy; scrutiny-verify says all that is wrong.");
}

// Where a new log is made: under another name, so that a restore cut short is never taken for a
// ledger. What such a one left there is removed.
std::string BesideLog(const RestoreOptions& options) {
  std::string beside = absl::StrCat(options.data, "/log.restoring");
  std::error_code ignored;
  fs::remove_all(beside, ignored);
  return beside;
}

// Index and registers that another log left there would not be of this one; they are made again.
absl::Status PutInPlace(const std::string& beside, const RestoreOptions& options) {
  const std::string log = absl::StrCat(options.data, "/log");
  std::error_code error;
  for (const char* derived : {"/index", "/registers"}) {
    fs::remove_all(absl::StrCat(options.data, derived), error);
  }
  fs::rename(beside, log, error);
  if (error) {
    return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
                 absl::StrCat(log, " cannot be made: ", error.message(), "."));
  }
  return SyncFolder(options.data);
}

// --- From a backup.

// Papers go by their hash: what is there already is the same.
absl::Status RestorePapers(const RestoreOptions& options, const BackupManifest& manifest) {
  constexpr absl::string_view kPapersFolder = "papers/";
  for (const BackupFile& file : manifest.files) {
    if (!absl::StartsWith(file.path, kPapersFolder)) continue;
    const std::string to = absl::StrCat(options.data, "/", file.path);
    if (Exists(to)) continue;
    const std::string folder = fs::path(to).parent_path().string();
    SCRUTINY_RETURN_IF_ERROR(MakeFolder(folder));
    // Cut short under its own name it would pass for the paper.
    const std::string beside = absl::StrCat(to, ".restoring");
    std::error_code error;
    fs::remove(beside, error);
    SCRUTINY_RETURN_IF_ERROR(CopyFileSynced(absl::StrCat(options.from, "/", file.path), beside));
    fs::rename(beside, to, error);
    if (error) {
      return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
                   absl::StrCat(to, " cannot be made: ", error.message(), "."));
    }
    SCRUTINY_RETURN_IF_ERROR(SyncFolder(folder));
  }
  return absl::OkStatus();
}

absl::StatusOr<Restored> RestoreBackup(const RestoreOptions& options) {
  const std::string log = absl::StrCat(options.data, "/log");
  if (Exists(log)) {
    return Error(absl::StatusCode::kAlreadyExists, Reason::kUnspecified,
                 absl::StrCat("There is a ledger in ", options.data,
                              " already; a backup is restored into a folder of its own."))
        .Value(options.data)
        .Next(
            "Name another --data folder. If an earlier restore put it there, leave the backup "
            "out.");
  }
  SCRUTINY_ASSIGN_OR_RETURN(
      const BackupReport report,
      CheckBackup(options.from, TrustOf(options), 0, [&options](uint64_t done, uint64_t total) {
        if (options.progress) options.progress(done, total);
        return true;
      }));
  if (!report.damages.empty()) return Damaged(options.from, report.damages);
  const std::string beside = BesideLog(options);
  SCRUTINY_RETURN_IF_ERROR(MakeEmptyFolder(beside));
  constexpr absl::string_view kLogFolder = "log/";
  for (const BackupFile& file : report.manifest.files) {
    if (file.path.compare(0, kLogFolder.size(), kLogFolder.data(), kLogFolder.size()) != 0) {
      continue;
    }
    SCRUTINY_RETURN_IF_ERROR(
        CopyFileSynced(absl::StrCat(options.from, "/", file.path),
                       absl::StrCat(beside, "/", file.path.substr(kLogFolder.size()))));
  }
  SCRUTINY_RETURN_IF_ERROR(SyncFolder(beside));
  SCRUTINY_RETURN_IF_ERROR(RestorePapers(options, report.manifest));
  SCRUTINY_ASSIGN_OR_RETURN(
      std::string checkpoint,
      ReadWholeFile(absl::StrCat(options.from, "/", kBackupCheckpointName), kNoteBytesMax));
  SCRUTINY_RETURN_IF_ERROR(PutInPlace(beside, options));
  return Restored{report.manifest.size, std::move(checkpoint)};
}

// --- From an export.

// The tree's right edge, out of the entries where the store keeps none: one of format 1.
absl::StatusOr<CompactRange> EdgeOf(EntryLog& log) {
  SCRUTINY_ASSIGN_OR_RETURN(absl::optional<CompactRange> kept, log.Edge());
  if (kept) return *std::move(kept);
  CompactRange edge;
  while (edge.size() < log.size()) {
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::vector<ChunkPtr> chunks,
        log.Chunks(NextSequence(edge.size()), log.size(), kReadBatchBytesMax));
    for (const ChunkPtr& chunk : chunks) {
      for (size_t i = 0; i < chunk->count(); ++i) edge.Append(LeafHash(chunk->entry(i)));
    }
  }
  return edge;
}

// Takes entries in order and commits them in whole appends.
class Refiller {
 public:
  explicit Refiller(EntryLog& log)
      : log_(log), builder_(NextSequence(log.size())), next_(NextSequence(log.size())) {}

  // Entries that are there already are compared, the others added.
  absl::Status Take(Sequence sequence, absl::string_view bytes) {
    const Hash leaf = LeafHash(bytes);
    edge_.Append(leaf);
    if (sequence < next_) {
      if (edge_.size() == TreeSize(next_.value())) return CheckBeginning();
      return absl::OkStatus();
    }
    SCRUTINY_ASSIGN_OR_RETURN(const event::v1::Entry entry, ParseEntry(bytes));
    builder_.Add(bytes, leaf, FactType(entry.assigned().fact_type()));
    const event::v1::Assigned& assigned = entry.assigned();
    const bool whole = sequence.value() + 1 == assigned.append_first() + assigned.append_count();
    if (whole && (builder_.count() >= kChunkEntriesMax || builder_.bytes() >= kChunkBytesTarget)) {
      return Commit();
    }
    return absl::OkStatus();
  }

  absl::Status Finish() { return builder_.count() > 0 ? Commit() : absl::OkStatus(); }
  const CompactRange& edge() const { return edge_; }

 private:
  absl::Status CheckBeginning() const {
    SCRUTINY_ASSIGN_OR_RETURN(const CompactRange there, EdgeOf(log_));
    if (there == edge_) return absl::OkStatus();
    return Error(absl::StatusCode::kAlreadyExists, Reason::kCorrupt,
                 "The ledger that is there does not continue into this export: their entries "
                 "differ.")
        .Next("Name another --data folder.");
  }

  absl::Status Commit() {
    const std::vector<ChunkPtr> chunks = builder_.Build();
    return log_.Commit(chunks, {&edge_, {}});
  }

  EntryLog& log_;
  ChunkBuilder builder_;
  const Sequence next_;  // the first that is not there yet
  CompactRange edge_;
};

absl::Status Refill(LogReader& source, TreeSize size, Refiller& refiller) {
  for (uint64_t index = 0; index * kTileWidth < size.value(); ++index) {
    const uint32_t width = TileWidthAt({0, index}, size);
    SCRUTINY_ASSIGN_OR_RETURN(const std::string bytes, source.Bundle(index, width));
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<absl::string_view> entries, ParseBundle(bytes));
    for (size_t i = 0; i < entries.size(); ++i) {
      SCRUTINY_RETURN_IF_ERROR(refiller.Take(Sequence(index * kTileWidth + i), entries[i]));
    }
  }
  return refiller.Finish();
}

absl::StatusOr<std::unique_ptr<LogReader>> OpenExport(const std::string& from) {
  std::error_code ignored;
  if (fs::is_directory(from, ignored)) return std::make_unique<FolderLog>(from);
  SCRUTINY_ASSIGN_OR_RETURN(std::unique_ptr<BundleLog> bundle, BundleLog::Open(from));
  if (!bundle->whole_log()) {
    return Error(Reason::kMalformed,
                 absl::StrCat(from, " holds chosen records alone, and a ledger needs all."))
        .Value(from)
        .Next("Restore from an export made with --all.");
  }
  return std::unique_ptr<LogReader>(std::move(bundle));
}

absl::StatusOr<Restored> RestoreExport(const RestoreOptions& options) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> source, OpenExport(options.from));
  VerifyOptions verify;
  verify.trust = TrustOf(options);
  verify.progress = options.progress;
  SCRUTINY_ASSIGN_OR_RETURN(const LogReport report, VerifyLog(*source, verify));
  if (!report.damages.empty()) return Damaged(options.from, report.damages);
  const Checkpoint& checkpoint = report.checkpoint;
  SCRUTINY_ASSIGN_OR_RETURN(std::string note, source->Checkpoint());

  const std::string in_place = absl::StrCat(options.data, "/log");
  const bool is_new = !Exists(in_place);
  EntryLogOptions log_options;
  log_options.path = is_new ? BesideLog(options) : in_place;
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<EntryLog> log, EntryLog::Open(log_options));
  if (log->size() > checkpoint.size) {
    return Error(
               absl::StatusCode::kAlreadyExists, Reason::kUnspecified,
               absl::StrCat("The ledger in ", options.data, " has ", log->size().value(),
                            " entries, more than the ", checkpoint.size.value(), " of the export."))
        .Next("Name another --data folder, or a newer export.");
  }
  Refiller refiller(*log);
  SCRUTINY_RETURN_IF_ERROR(Refill(*source, checkpoint.size, refiller));
  if (refiller.edge().size() != checkpoint.size || refiller.edge().Root() != checkpoint.root) {
    return Error(Reason::kCorrupt, "What was restored does not have the checkpoint's root.");
  }
  SCRUTINY_RETURN_IF_ERROR(log->Close());
  if (is_new) SCRUTINY_RETURN_IF_ERROR(PutInPlace(log_options.path, options));
  return Restored{checkpoint.size, std::move(note)};
}

}  // namespace

absl::StatusOr<Restored> Restore(const RestoreOptions& options) {
  if (options.keys.empty()) {
    return Error(Reason::kMalformed,
                 "Nothing says whose ledger this is: there is no key to verify the copy with.")
        .Next(
            "Name the identity folder that has the ledger's key with --identity, or give its "
            "verifier key with --vkey.");
  }
  const std::string manifest = absl::StrCat(options.from, "/", kBackupManifestName);
  return Exists(manifest) ? RestoreBackup(options) : RestoreExport(options);
}

}  // namespace scrutiny::ledger
