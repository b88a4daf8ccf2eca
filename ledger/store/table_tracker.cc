#include "ledger/store/table_tracker.h"

#include <vector>

#include "rocksdb/metadata.h"

namespace scrutiny::ledger {
namespace {

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::set<std::string> TableTracker::InUse(rocksdb::DB& db) const {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  std::set<std::string> names;
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (families_.count(file.column_family_name) > 0) names.insert(file.relative_filename);
  }
  return names;
}

void TableTracker::Begin(rocksdb::DB& db) {
  const std::set<std::string> there = InUse(db);
  MutexLock lock(mutex_);
  tables_.insert(there.begin(), there.end());
}

std::set<std::string> TableTracker::InFolder() const {
  MutexLock lock(mutex_);
  return tables_;
}

void TableTracker::OnTableFileCreated(const rocksdb::TableFileCreationInfo& info) {
  if (!info.status.ok() || families_.count(info.cf_name) == 0) return;
  MutexLock lock(mutex_);
  tables_.insert(FileName(info.file_path));
}

void TableTracker::OnTableFileDeleted(const rocksdb::TableFileDeletionInfo& info) {
  if (!info.status.ok()) return;
  MutexLock lock(mutex_);
  tables_.erase(FileName(info.file_path));
}

}  // namespace scrutiny::ledger
