// ledger/format/bundle_file.h
// An export as one file: names of its members, and the writer that puts the checksums behind them.
// Who writes one says what is in it; ledger/verify reads it, knowing nothing of the writer.
//
// Guarantees:  the last member lists the SHA-256 of every one before it, in order; with the
//              canonical tar around them, every byte of the file is accounted for.
// Threads:     thread-compatible.
// Errors:      those of TarWriter.
// Limits:      memory for one line of the checksums a member, some 100 bytes.
// Format:      ledger/FORMAT.md, "Export bundles".   Tests: tests/ledger/format/bundle_file_test.cc
#ifndef SCRUTINY_LEDGER_FORMAT_BUNDLE_FILE_H_
#define SCRUTINY_LEDGER_FORMAT_BUNDLE_FILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/format/tar.h"

namespace scrutiny::ledger {

// Members, in the order in which they stand.
inline constexpr char kBundleCheckpointName[] = "checkpoint";
inline constexpr char kBundleKeysName[] = "keys";
inline constexpr char kBundleProtoName[] = "proto/scrutiny.binpb";
inline constexpr char kBundleRecordsName[] = "records";  // only where records were chosen
inline constexpr char kBundleSumsName[] = "SHA256SUMS";

// "entries/123.entry" and "entries/123.tlog-proof".
std::string BundleEntryName(Sequence sequence);
std::string BundleProofName(Sequence sequence);

// A line of the checksums, as sha256sum writes it.
std::string BundleSumsLine(const Hash& sha256, absl::string_view name);

class BundleWriter {
 public:
  explicit BundleWriter(TarWriter::Sink sink) : tar_(std::move(sink)) {}

  // A whole member.
  absl::Status Add(absl::string_view name, absl::string_view content);
  // A member in pieces: its size first, then exactly that many bytes, then the end.
  absl::Status Begin(absl::string_view name, uint64_t size);
  absl::Status Write(absl::string_view bytes);
  absl::Status End();
  // The checksums and the end of the file.
  absl::Status Finish();

 private:
  TarWriter tar_;
  Sha256 digest_;     // of the member begun
  std::string name_;  // its name
  std::string sums_;
};

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_FORMAT_BUNDLE_FILE_H_
