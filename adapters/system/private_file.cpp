// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "adapters/system/descriptor.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::system {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Error = tl::unexpected<std::string>;
using Done = tl::expected<void, std::string>;

Error failed(const std::string& path, const char* what, int error) {
  return Error(fmt::format("{}: {}: {}", path, what, std::strerror(error)));
}

Done check_status(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return Error(path + ": it is not a regular file; name a regular file");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return Error(path + ": it belongs to another user; make the user that runs Twinlock its owner (chown)");
  if ((status.st_mode & 07177U) != 0)
    return Error(
        fmt::format("{}: it has mode {:04o}, but only its owner may read and write it; run: chmod 0600 {}",
                    path, status.st_mode & 07777U, path));
  return {};
}

}  // namespace

tl::expected<Bytes, std::string> read_private_file(const std::string& path, std::size_t bytes_max) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file && errno == ELOOP) return Error(path + ": it is a symbolic link; name the file itself");
  if (!file && errno == ENOENT)
    return Error(fmt::format("{}: {}; create it with mode 0600", path, std::strerror(ENOENT)));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return failed(path, "it cannot be opened", errno);
  if (auto good = check_status(path, status); !good) return Error(good.error());
  auto bytes = read_all(file.get(), bytes_max);
  if (bytes) return std::move(*bytes);
  if (bytes.error() != EFBIG) return failed(path, "it cannot be read", bytes.error());
  return Error(fmt::format("{}: it is larger than {} KiB; check what it holds", path, bytes_max / 1024));
}

tl::expected<std::string, std::string> read_secret(const std::string& path, std::size_t bytes_min) {
  auto bytes = read_private_file(path, secret_bytes_max);
  if (!bytes) return Error(bytes.error());
  std::string text(bytes->begin(), bytes->end());
  ::explicit_bzero(bytes->data(), bytes->size());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.size() >= bytes_min && text.find_first_of(std::string_view("\n\r\0", 3)) == std::string::npos)
    return text;
  ::explicit_bzero(text.data(), text.size());
  return Error(fmt::format("{}: it must hold one line of at least {} character{}; write a new one", path,
                           bytes_min, bytes_min == 1 ? "" : "s"));
}

Done write_new_file(const std::string& path, const Bytes& bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file && errno == EEXIST)
    return Error(path +
                 ": the file exists already and is never overwritten; move it away or choose another name");
  if (!file) return failed(path, "it cannot be created", errno);
  int error = 0;
  if (!write_all(file.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}) ||
      ::fsync(file.get()) != 0)
    error = errno;
  if (error == 0) error = sync_folder_of(path);
  if (error == 0) return {};
  ::unlink(path.c_str());
  return failed(path, "it cannot be written", error);
}

Done replace_file(const std::string& path, const Bytes& bytes) {
  const std::string next = path + ".new";
  ::unlink(next.c_str());  // what a replacement left that was cut off
  if (auto written = write_new_file(next, bytes); !written) return written;
  int error = ::rename(next.c_str(), path.c_str()) == 0 ? 0 : errno;
  if (error == 0) error = sync_folder_of(path);
  if (error == 0) return {};
  ::unlink(next.c_str());
  return failed(path, "it cannot be replaced", error);
}

}  // namespace twinlock::system
