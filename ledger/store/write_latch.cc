#include "ledger/store/write_latch.h"

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {

void WriteLatch::Trip(const std::string& why) {
  MutexLock lock(mutex_);
  if (tripped_.load(std::memory_order_relaxed)) return;
  why_ = why;
  tripped_.store(true, std::memory_order_release);
}

absl::Status WriteLatch::status() const {
  if (!tripped()) return absl::OkStatus();
  MutexLock lock(mutex_);
  return Error(Reason::kReadOnly,
               absl::StrCat("An earlier write failed (", why_,
                            "), so nothing more is recorded until the server is started again."))
      .Next("Put the disk right and start the server again; reading goes on meanwhile.");
}

std::vector<std::string> WriteLatch::RecoveredTables(const std::string& family) const {
  MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const Recovered& table : recovered_) {
    if (table.family == family) names.push_back(table.path.substr(table.path.rfind('/') + 1));
  }
  return names;
}

void WriteLatch::OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                                   rocksdb::Status* error) {
  Trip(DetailOf(*error));
}

void WriteLatch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                      rocksdb::Status error, bool* auto_recovery) {
  error.PermitUncheckedError();
  *auto_recovery = false;
}

void WriteLatch::OnTableFileCreated(const rocksdb::TableFileCreationInfo& info) {
  if (info.reason != rocksdb::TableFileCreationReason::kRecovery || !info.status.ok()) return;
  MutexLock lock(mutex_);
  recovered_.push_back({info.cf_name, info.file_path});
}

}  // namespace scrutiny::ledger
