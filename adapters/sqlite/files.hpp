// SPDX-License-Identifier: Apache-2.0
// Finds a database's files, checks that they may be used, and notices when they were replaced.
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

// identity_of returns nullopt if there is no such file.
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

// resolve returns the file's absolute path without symbolic links, so that all processes use the same lock
// file. The folder must exist.
store::Result<std::string> resolve(const std::string& path);

// network_file_system returns the name of the file system with this `magic` (statfs) and `type` (mountinfo)
// if its locks or shared memory do not work between all that use it; nullopt for a local one.
std::optional<std::string_view> network_file_system(std::uint64_t magic, std::string_view type);

// check_disk refuses a file whose folder is on a network file system; check_file one that is not a private
// regular file.
store::Result<void> check_disk(const std::string& path);
store::Result<void> check_file(const std::string& path);

// make_private_file makes an empty file (0600) of that name; one that is there is deleted.
store::Result<void> make_private_file(const std::string& path);

// sync_folder makes the creation, renaming or deletion of `path` durable.
store::Result<void> sync_folder(const std::string& path);

}  // namespace twinlock::sqlite
