#include "ledger/verify/backup_manifest.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/tar.h"
#include "ledger/note/lines.h"
#include "ledger/verify/files.h"
#include "ledger/verify/pipeline.h"

namespace scrutiny::ledger {
namespace {

constexpr char kFirstLine[] = "scrutiny-backup-v1";
constexpr size_t kLedgerIdBytes = 16;
constexpr size_t kPieceBytes = 1 * kMiB;
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";
// The last second of the year 9999.
constexpr int64_t kCreatedAtMax = 253'402'300'799;

absl::Status Malformed(absl::string_view what) {
  return Error(Reason::kMalformed,
               absl::StrCat("The backup's manifest is not as it must be: ", what, "."))
      .Field(kBackupManifestName)
      .Next("Use another backup; this one cannot be relied on.");
}

// What a manifest can hold: the names that an export's members may have too.
bool IsBackupPath(absl::string_view path) {
  return ValidateTarName(path).ok() && path != kBackupManifestName;
}

// Lower-case hexadecimal of this many bytes.
absl::optional<std::string> ParseHex(absl::string_view text, size_t bytes) {
  if (text.size() != 2 * bytes) return absl::nullopt;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) && (c < 'a' || c > 'f')) {
      return absl::nullopt;
    }
  }
  return absl::HexStringToBytes(text);
}

std::string FormatTime(int64_t seconds) {
  return absl::FormatTime(kTimeFormat, absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

absl::optional<int64_t> ParseTime(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(kTimeFormat, text, absl::UTCTimeZone(), &time, &error)) {
    return absl::nullopt;
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  if (seconds < 0 || seconds > kCreatedAtMax || FormatTime(seconds) != text) return absl::nullopt;
  return seconds;
}

absl::optional<BackupFile> ParseFile(absl::string_view line) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 3) return absl::nullopt;
  const absl::optional<std::string> hash = ParseHex(parts[0], sizeof(Hash));
  const absl::optional<uint64_t> bytes = ParseDecimal(parts[1]);
  if (!hash.has_value() || !bytes.has_value() || !IsBackupPath(parts[2])) return absl::nullopt;
  BackupFile file{.bytes = *bytes, .path = std::string(parts[2])};
  std::copy(hash->begin(), hash->end(), file.sha256.begin());
  return file;
}

absl::Status HashFile(const std::string& path, BackupFile* file) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<OpenFile> open, OpenFile::Open(path));
  Sha256 digest;
  file->bytes = 0;
  while (true) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::string piece, open->ReadAt(file->bytes, kPieceBytes));
    if (piece.empty()) break;
    digest.Update(piece);
    file->bytes += piece.size();
  }
  file->sha256 = digest.Finish();
  return absl::OkStatus();
}

// The files below the folder by path, with their sizes, not yet hashed.
absl::StatusOr<std::vector<BackupFile>> FindFiles(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<BackupFile> files;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const fs::file_status status = walk->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) continue;
    const std::string path = walk->path().lexically_relative(folder).generic_string();
    if (path == kBackupManifestName) continue;
    if (!fs::is_regular_file(status) || !IsBackupPath(path)) {
      return Error(Reason::kMalformed,
                   absl::StrCat("The backup holds ", path, ", which no backup can hold."))
          .Value(path)
          .Next("Take it out of the folder, or use another backup.");
    }
    BackupFile file{.path = path};
    file.bytes = walk->file_size(error);
    if (error) break;
    files.push_back(std::move(file));
  }
  if (error) return SystemError(folder, error.value());
  std::sort(files.begin(), files.end(),
            [](const BackupFile& a, const BackupFile& b) { return a.path < b.path; });
  return files;
}

Damage FileDamage(const std::string& path, absl::string_view what) {
  return {.kind = DamageKind::kFile, .what = absl::StrCat(path, " ", what), .file = path};
}

// Both lists are by path.
void Compare(const std::vector<BackupFile>& expected, const std::vector<BackupFile>& found,
             std::vector<Damage>* damages) {
  auto at = found.begin();
  for (const BackupFile& file : expected) {
    for (; at != found.end() && at->path < file.path; ++at) {
      damages->push_back(FileDamage(at->path, "is in the folder and not in its manifest."));
    }
    if (at == found.end() || at->path != file.path) {
      damages->push_back(FileDamage(file.path, "is missing."));
      continue;
    }
    if (at->bytes != file.bytes) {
      damages->push_back(FileDamage(
          file.path, absl::StrCat("has ", at->bytes, " bytes; it had ", file.bytes, ".")));
    } else if (at->sha256 != file.sha256) {
      damages->push_back(FileDamage(file.path, "was changed: its SHA-256 is another."));
    }
    ++at;
  }
  for (; at != found.end(); ++at) {
    damages->push_back(FileDamage(at->path, "is in the folder and not in its manifest."));
  }
}

// The checkpoint that lies in the backup, which must be of this ledger and of all of it.
void CheckCheckpoint(const std::string& folder, const Trust& trust, BackupReport* report) {
  const absl::StatusOr<std::string> note =
      ReadWholeFile(absl::StrCat(folder, "/", kBackupCheckpointName), kNoteBytesMax);
  if (!note.ok()) {
    report->damages.push_back(FileDamage(
        kBackupCheckpointName, absl::StrCat("cannot be read: ", note.status().message())));
    return;
  }
  absl::StatusOr<SignedCheckpoint> opened = OpenSignedCheckpoint(*note, trust);
  if (!opened.ok()) {
    report->damages.push_back(FileDamage(
        kBackupCheckpointName, absl::StrCat("does not verify: ", opened.status().message())));
    return;
  }
  if (opened->checkpoint.origin != report->manifest.origin) {
    report->damages.push_back(FileDamage(kBackupCheckpointName, "is of another ledger."));
  } else if (opened->checkpoint.size != report->manifest.size) {
    report->damages.push_back(FileDamage(
        kBackupCheckpointName,
        absl::StrCat("is of ", opened->checkpoint.size.value(), " entries, and the backup has ",
                     report->manifest.size.value(), ".")));
  }
  report->checkpoint = *std::move(opened);
}

}  // namespace

std::string FormatBackupManifest(const BackupManifest& manifest) {
  std::string text =
      absl::StrCat(kFirstLine, "\n", manifest.origin, "\n", ToHex(manifest.ledger_id), "\n",
                   manifest.size.value(), "\n", FormatTime(manifest.created_at), "\n");
  for (const BackupFile& file : manifest.files) {
    absl::StrAppend(&text, ToHex(AsBytes(file.sha256)), " ", file.bytes, " ", file.path, "\n");
  }
  return text;
}

absl::StatusOr<BackupManifest> ParseBackupManifest(absl::string_view text) {
  const auto line = [&text]() { return TakeLine(&text).value_or(absl::string_view()); };
  if (line() != kFirstLine) {
    return Malformed(absl::StrCat("its first line is not ", kFirstLine));
  }
  BackupManifest manifest;
  manifest.origin = std::string(line());
  if (manifest.origin.empty()) return Malformed("it names no ledger");
  absl::optional<std::string> ledger_id = ParseHex(line(), kLedgerIdBytes);
  if (!ledger_id.has_value()) return Malformed("its ledger id is none");
  manifest.ledger_id = *std::move(ledger_id);
  const absl::optional<uint64_t> size = ParseDecimal(line());
  if (!size.has_value()) return Malformed("its number of entries is none");
  manifest.size = TreeSize(*size);
  const absl::optional<int64_t> created_at = ParseTime(line());
  if (!created_at.has_value()) return Malformed("its time is none");
  manifest.created_at = *created_at;
  while (!text.empty()) {
    const absl::optional<absl::string_view> next = TakeLine(&text);
    absl::optional<BackupFile> file = next.has_value() ? ParseFile(*next) : absl::nullopt;
    if (!file.has_value() ||
        (!manifest.files.empty() && file->path <= manifest.files.back().path)) {
      return Malformed(
          absl::StrCat("its ", manifest.files.size() + 1, ". file is not described as it must be"));
    }
    manifest.files.push_back(*std::move(file));
  }
  return manifest;
}

absl::StatusOr<BackupManifest> OpenBackupManifest(absl::string_view note, const Trust& trust,
                                                  std::vector<VerifiedSignature>* verified) {
  SCRUTINY_RETURN_IF_ERROR(CheckTrust(trust));
  SCRUTINY_ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<VerifiedSignature> signatures,
                            VerifyNote(parsed, trust.log_keys));
  SCRUTINY_ASSIGN_OR_RETURN(BackupManifest manifest, ParseBackupManifest(parsed.text));
  if (std::none_of(signatures.begin(), signatures.end(), [&](const VerifiedSignature& signature) {
        return signature.key.name == manifest.origin;
      })) {
    return Error(Reason::kNotFound, absl::StrCat("The manifest is of ", manifest.origin,
                                                 ", and no key you gave is of that ledger."))
        .Next("Give that ledger's verifier key.");
  }
  if (verified != nullptr) *verified = std::move(signatures);
  return manifest;
}

absl::StatusOr<std::vector<BackupFile>> ListBackup(const std::string& folder, int threads,
                                                   const BackupProgress& progress) {
  SCRUTINY_ASSIGN_OR_RETURN(std::vector<BackupFile> files, FindFiles(folder));
  uint64_t total = 0;
  for (const BackupFile& file : files) total += file.bytes;
  uint64_t done = 0;
  const int workers = ThreadsOr(threads);
  Pipeline<absl::Status> pipeline(files.size(), static_cast<size_t>(2 * workers));
  SCRUTINY_RETURN_IF_ERROR(pipeline.Run(
      workers,
      [&](int /*worker*/, uint64_t i) {
        return HashFile(absl::StrCat(folder, "/", files[i].path), &files[i]);
      },
      [&](uint64_t i, const absl::Status& hashed) {
        done += files[i].bytes;
        if (progress != nullptr && !progress(done, total)) {
          return absl::CancelledError("It was stopped before all files were read.");
        }
        return hashed;
      }));
  return files;
}

absl::StatusOr<BackupReport> CheckBackup(const std::string& folder, const Trust& trust, int threads,
                                         const BackupProgress& progress) {
  BackupReport report;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::string note,
      ReadWholeFile(absl::StrCat(folder, "/", kBackupManifestName), kNoteBytesMax));
  SCRUTINY_ASSIGN_OR_RETURN(report.manifest, OpenBackupManifest(note, trust, &report.signatures));
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<BackupFile> found,
                            ListBackup(folder, threads, progress));
  Compare(report.manifest.files, found, &report.damages);
  CheckCheckpoint(folder, trust, &report);
  return report;
}

}  // namespace scrutiny::ledger
