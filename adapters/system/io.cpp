// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/io.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/system/descriptor.hpp"

namespace twinlock::system {

tl::expected<std::vector<std::uint8_t>, int> read_all(int fd, std::size_t bytes_max) {
  std::vector<std::uint8_t> bytes(bytes_max + 1);
  std::size_t length = 0;
  int error = 0;
  while (length < bytes.size()) {
    const ssize_t got = ::read(fd, bytes.data() + length, bytes.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  if (length > bytes_max) error = EFBIG;
  if (error == 0) {
    bytes.resize(length);
    return bytes;
  }
  ::explicit_bzero(bytes.data(), bytes.size());
  return tl::unexpected(error);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
}

int sync_folder_of(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && ::fsync(folder.get()) == 0 ? 0 : errno;
}

}  // namespace twinlock::system
