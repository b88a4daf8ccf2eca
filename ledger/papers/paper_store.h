// ledger/papers/paper_store.h
// Papers (reports, minutes, presentations) as files under the hash of their bytes. Facts cite a
// paper by that hash; whether its bytes are held is no part of the ledger.
//
//   PATH/ab/ab12….pdf     a paper: its SHA-256 in hexadecimal, the ending of its media type
//   PATH/incoming/…       one being added; what is left there is removed when the store is opened
//
// Guarantees:  an added paper is durable once Finish has returned, and either whole or not there.
//              Open gives bytes only after they have been hashed and found to be what was added.
// Threads:     thread-safe; an Upload is confined to one thread at a time.
// Lifetime:    uploads must end before the store.
// Errors:      kOverLimit (beyond kPaperBytesMax), kMalformed (no type on the list: media_type.h;
//              other bytes than announced), kNotFound, kCorrupt, UNAVAILABLE (the disk),
//              kQueueFull (kUploadsMax under way).
// Limits:      kPaperBytesMax a paper, kUploadsMax at once; some 100 bytes of memory a paper held.
// Format:      ledger/FORMAT.md, section 19.   Tests: tests/ledger/papers/paper_store_test.cc
#ifndef SCRUTINY_LEDGER_PAPERS_PAPER_STORE_H_
#define SCRUTINY_LEDGER_PAPERS_PAPER_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/mutex.h"
#include "ledger/format/hash.h"
#include "ledger/papers/media_type.h"

namespace scrutiny::ledger {

// A paper.
inline constexpr uint64_t kPaperBytesMax = uint64_t{64} << 20;
// Papers that are being added at once.
inline constexpr size_t kUploadsMax = 8;

struct HeldPaper {
  Hash sha256{};
  uint64_t bytes = 0;
  const MediaType* type = nullptr;
};

class PaperStore {
 public:
  // A paper being added; dropped unless finished.
  class Upload {
   public:
    ~Upload();
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    absl::Status Add(absl::string_view bytes);
    // `said` is the media type its sender says it has, empty if none; `expected` its hash, if it
    // is known. A paper that is held already is held once, under the type it was first found of.
    absl::StatusOr<HeldPaper> Finish(absl::string_view said, const absl::optional<Hash>& expected,
                                     bool* held_already);

   private:
    friend class PaperStore;
    Upload(PaperStore& store, std::string path, int file)
        : store_(store), path_(std::move(path)), file_(file) {}

    PaperStore& store_;
    const std::string path_;
    int file_;
    Sha256 hash_;
    uint64_t bytes_ = 0;
  };

  // A paper that is being read, piece by piece.
  class Reading {
   public:
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    const HeldPaper& paper() const { return paper_; }
    // The next bytes, at most so many; empty at the end.
    absl::StatusOr<std::string> Next(size_t bytes_max);

   private:
    friend class PaperStore;
    Reading(const HeldPaper& paper, std::string path, int file)
        : paper_(paper), path_(std::move(path)), file_(file) {}

    const HeldPaper paper_;
    const std::string path_;
    const int file_;
  };

  // Makes the folder if it is not there.
  static absl::StatusOr<std::unique_ptr<PaperStore>> Open(const std::string& path);
  PaperStore(const PaperStore&) = delete;
  PaperStore& operator=(const PaperStore&) = delete;

  absl::StatusOr<std::unique_ptr<Upload>> Begin();
  absl::optional<HeldPaper> Find(const Hash& sha256) const;
  // Hashes the whole file first.
  absl::StatusOr<std::unique_ptr<Reading>> Read(const Hash& sha256) const;
  // In the order of their hashes, after the one given.
  std::vector<HeldPaper> List(const absl::optional<Hash>& after, size_t count_max) const;
  // Takes a paper away for good, such as one that should never have been there.
  absl::Status Remove(const Hash& sha256);

  size_t count() const;
  uint64_t bytes() const;

  // Copies every paper into a folder that is made, checking each; returns how many. For backups.
  absl::StatusOr<size_t> CopyTo(const std::string& folder) const;

 private:
  explicit PaperStore(std::string path) : path_(std::move(path)) {}

  absl::Status Scan();
  std::string FileOf(const HeldPaper& paper) const;
  absl::StatusOr<HeldPaper> Keep(Upload& upload, absl::string_view said,
                                 const absl::optional<Hash>& expected, bool* held_already);

  const std::string path_;
  mutable Mutex mutex_;
  std::map<Hash, HeldPaper> held_ ABSL_GUARDED_BY(mutex_);
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t uploads_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t next_upload_ ABSL_GUARDED_BY(mutex_) = 0;
  Mutex keeping_;  // one paper at a time is looked at and put in place
};

// 64 hexadecimal digits in either case.
absl::optional<Hash> ParseSha256(absl::string_view hex);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_PAPERS_PAPER_STORE_H_
