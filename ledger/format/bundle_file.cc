#include "ledger/format/bundle_file.h"

#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"

namespace scrutiny::ledger {

std::string BundleEntryName(Sequence sequence) {
  return absl::StrCat("entries/", sequence.value(), ".entry");
}

std::string BundleProofName(Sequence sequence) {
  return absl::StrCat("entries/", sequence.value(), ".tlog-proof");
}

std::string BundleSumsLine(const Hash& sha256, absl::string_view name) {
  return absl::StrCat(ToHex(AsBytes(sha256)), "  ", name, "\n");
}

absl::Status BundleWriter::Add(absl::string_view name, absl::string_view content) {
  SCRUTINY_RETURN_IF_ERROR(Begin(name, content.size()));
  SCRUTINY_RETURN_IF_ERROR(Write(content));
  return End();
}

absl::Status BundleWriter::Begin(absl::string_view name, uint64_t size) {
  name_ = std::string(name);
  return tar_.Begin(name, size);
}

absl::Status BundleWriter::Write(absl::string_view bytes) {
  digest_.Update(bytes);
  return tar_.Write(bytes);
}

absl::Status BundleWriter::End() {
  sums_ += BundleSumsLine(digest_.Finish(), name_);
  return tar_.End();
}

absl::Status BundleWriter::Finish() {
  SCRUTINY_RETURN_IF_ERROR(tar_.Add(kBundleSumsName, sums_));
  return tar_.Finish();
}

}  // namespace scrutiny::ledger
