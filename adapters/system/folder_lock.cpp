// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

namespace twinlock::system {

tl::expected<FolderLock, std::string> FolderLock::take(const std::string& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return tl::unexpected(fmt::format("{}: {}; create the folder", folder, std::strerror(errno)));
  while (::flock(opened.get(), LOCK_EX) != 0) {
    if (errno != EINTR)
      return tl::unexpected(fmt::format("{}: {}; the folder must be on a file system that has locks", folder,
                                        std::strerror(errno)));
  }
  return FolderLock(std::move(opened));
}

}  // namespace twinlock::system
