// The files of a database: where they are, whether they may be used, and whether they are still the same
// ones.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// identity_of is nullopt if there is no such file.
std::optional<FileIdentity> identity_of(const std::string& path);

// The database, its WAL and its shared memory, as they were when the store was opened.
class FileSet {
 public:
  static store::Result<FileSet> of(const std::string& path);  // all three must be there
  bool database_in_place() const;
  bool all_in_place() const;

 private:
  std::string path_, wal_, shm_;
  FileIdentity database_id_, wal_id_, shm_id_;
};

// resolve gives the one absolute name of the file, so that all processes meet at one lock. The folder must
// exist.
store::Result<std::string> resolve(const std::string& path);

// network_file_system names the file system that `magic` (statfs) and `type` (mountinfo's) stand for, if
// locks or shared memory are not the same for all machines or processes that see it; nullopt: a local one.
std::optional<std::string_view> network_file_system(std::uint64_t magic, std::string_view type);

// check_disk refuses a file whose folder is on a network file system; check_file one that is not a private
// regular file.
store::Result<void> check_disk(const std::string& path);
store::Result<void> check_file(const std::string& path);

// sync_folder makes the creation, renaming or deletion of `path` durable.
store::Result<void> sync_folder(const std::string& path);

}  // namespace twinlock::sqlite
