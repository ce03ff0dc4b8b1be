// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "adapters/sqlite/errors.hpp"
#include "adapters/system/descriptor.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::sqlite {

namespace {

struct Magic {
  std::uint64_t magic;
  std::string_view name;
};

// statfs(2), linux/magic.h and the file systems' own sources. FUSE is judged by its mount's type.
constexpr std::uint64_t fuse_magic = 0x65735546;
constexpr std::array magics{
    Magic{0x6969, "NFS"},          Magic{0x517B, "SMB"},        Magic{0xFF534D42, "CIFS"},
    Magic{0xFE534D42, "SMB2"},     Magic{0x01021997, "9p"},     Magic{0x5346414F, "AFS"},
    Magic{0x6B414653, "AFS"},      Magic{0x73757245, "Coda"},   Magic{0x564C, "NCP"},
    Magic{0x00C36400, "Ceph"},     Magic{0x01161970, "GFS2"},   Magic{0x7461636F, "OCFS2"},
    Magic{0x0BD00BD0, "Lustre"},   Magic{0x47504653, "GPFS"},   Magic{0x19830326, "BeeGFS"},
    Magic{0x786F4256, "vboxsf"},   Magic{0xBACBACBC, "vmhgfs"}, Magic{0x7C7C6673, "prl_fs"},
    Magic{0x20030528, "OrangeFS"}, Magic{0xAAD7AAEA, "PanFS"}};

// Returns the type that /proc/self/mountinfo gives for the mounted device (proc(5): the first field after " -
// "); "" if unknown.
std::string mount_type(dev_t device) {
  const std::string wanted = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string id, parent, number;
    fields >> id >> parent >> number;
    const auto dash = line.find(" - ");
    if (number != wanted || dash == std::string::npos) continue;
    const auto begin = dash + 3;
    return line.substr(begin, line.find(' ', begin) - begin);
  }
  return "";
}

std::string folder_of(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return std::nullopt;
  return std::string(real.get());
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileIdentity{found.st_dev, found.st_ino};
}

store::Result<FileSet> FileSet::of(const std::string& path) {
  FileSet set;
  set.path_ = path;
  set.wal_ = path + "-wal";
  set.shm_ = path + "-shm";
  const auto database = identity_of(set.path_);
  const auto wal = identity_of(set.wal_);
  const auto shm = identity_of(set.shm_);
  if (!database || !wal || !shm) return tl::unexpected(moved(path));
  set.database_id_ = *database;
  set.wal_id_ = *wal;
  set.shm_id_ = *shm;
  return set;
}

bool FileSet::database_in_place() const { return identity_of(path_) == database_id_; }

bool FileSet::all_in_place() const {
  return database_in_place() && identity_of(wal_) == wal_id_ && identity_of(shm_) == shm_id_;
}

store::Result<std::string> resolve(const std::string& path) {
  if (auto real = real_path(path)) return *real;
  if (errno != ENOENT) return tl::unexpected(from_errno(errno, "use", path));
  const std::filesystem::path asked(path);
  const auto folder = asked.parent_path().empty() ? std::string(".") : asked.parent_path().string();
  const auto real_folder = real_path(folder);
  if (!real_folder) return tl::unexpected(from_errno(errno, "use the folder of", path));
  if (asked.filename().empty()) return tl::unexpected(refused(path, "it names a folder; name a file in it"));
  return (std::filesystem::path(*real_folder) / asked.filename()).string();
}

std::optional<std::string_view> network_file_system(std::uint64_t magic, std::string_view type) {
  if (magic == fuse_magic) {
    if (type == "fuseblk") return std::nullopt;  // a local block device behind FUSE
    return "FUSE";
  }
  const auto* found =
      std::find_if(magics.begin(), magics.end(), [&](const Magic& m) { return m.magic == magic; });
  if (found == magics.end()) return std::nullopt;
  return found->name;
}

store::Result<void> check_disk(const std::string& path) {
  const std::string folder = folder_of(path);
  struct statfs disk {};
  struct stat found {};
  if (::statfs(folder.c_str(), &disk) != 0 || ::stat(folder.c_str(), &found) != 0)
    return tl::unexpected(from_errno(errno, "use the folder of", path));
  const auto magic = static_cast<std::uint64_t>(disk.f_type) & 0xFFFFFFFF;
  const std::string type = magic == fuse_magic ? mount_type(found.st_dev) : "";
  if (const auto name = network_file_system(magic, type))
    return tl::unexpected(refused(path, "it is on a network or shared file system (" + std::string(*name) +
                                            "), where SQLite loses data; put it on a local disk"));
  return {};
}

store::Result<void> check_file(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return tl::unexpected(from_errno(errno, "open", path));
  if (!S_ISREG(found.st_mode)) return tl::unexpected(refused(path, "it is not a regular file"));
  if (found.st_size == 0) return tl::unexpected(damaged(path, "it is empty"));
  if (found.st_nlink != 1)
    return tl::unexpected(
        refused(path, "it has a second name (hard link), which would have a second lock; remove one"));
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return tl::unexpected(refused(path, "others may read or write it; run `chmod 600` on it"));
  return {};
}

store::Result<void> make_private_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return tl::unexpected(from_errno(errno, "replace", path));
  const system::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return tl::unexpected(from_errno(errno, "create", path));
  return {};
}

store::Result<void> sync_folder(const std::string& path) {
  const int failure = system::sync_folder_of(path);
  if (failure != 0) return tl::unexpected(from_errno(failure, "sync the folder of", path));
  return {};
}

}  // namespace twinlock::sqlite
