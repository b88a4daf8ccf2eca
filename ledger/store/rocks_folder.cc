#include "ledger/store/rocks_folder.h"

#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/match.h"

#include "ledger/base/status.h"
#include "ledger/store/rocks_status.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kFolderRemedy = "Name a folder that can be read and written.";

}  // namespace

absl::StatusOr<FolderContents> InspectFolder(rocksdb::FileSystem& file_system,
                                             const std::string& path) {
  FolderContents contents;
  std::vector<std::string> names;
  const rocksdb::IOStatus listed =
      file_system.GetChildren(path, rocksdb::IOOptions(), &names, nullptr);
  if (listed.IsNotFound() || listed.IsPathNotFound()) return contents;
  if (!listed.ok()) return OpenError(listed, path, kFolderRemedy);
  for (const std::string& name : names) {
    if (name == "CURRENT") contents.current = true;
    if (absl::EndsWith(name, ".sst")) contents.tables = true;
    if (absl::EndsWith(name, ".log")) contents.logs = true;
  }
  return contents;
}

absl::Status MakeFolder(rocksdb::FileSystem& file_system, const std::string& path) {
  const rocksdb::IOOptions io;
  if (file_system.FileExists(path, io, nullptr).ok()) return absl::OkStatus();
  std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (parent.empty()) parent = ".";
  if (parent != path) SCRUTINY_RETURN_IF_ERROR(MakeFolder(file_system, parent.string()));

  rocksdb::IOStatus status = file_system.CreateDirIfMissing(path, io, nullptr);
  if (!status.ok()) return OpenError(status, path, kFolderRemedy);
  // Without this the folder, with all that is synced inside, could be gone after a power cut.
  std::unique_ptr<rocksdb::FSDirectory> directory;
  status = file_system.NewDirectory(parent.string(), io, &directory, nullptr);
  if (status.ok()) status = directory->Fsync(io, nullptr);
  return OpenError(status, path, kFolderRemedy);
}

uint64_t FolderBytes(rocksdb::FileSystem& file_system, const std::string& path) {
  std::vector<rocksdb::FileAttributes> files;
  const rocksdb::IOStatus listed =
      file_system.GetChildrenFileAttributes(path, rocksdb::IOOptions(), &files, nullptr);
  if (!listed.ok()) return 0;
  uint64_t bytes = 0;
  for (const rocksdb::FileAttributes& file : files) bytes += file.size_bytes;
  return bytes;
}

}  // namespace scrutiny::ledger
