#include "adapters/keys/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "adapters/keys/secret_bytes.hpp"

namespace twinlock::keys {

namespace {

using Error = tl::unexpected<std::string>;
using Done = tl::expected<void, std::string>;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

Error failed(const std::string& path, const char* what) {
  const int error = errno;
  return Error(path + ": " + what + ": " + std::generic_category().message(error));
}

Done check_status(const std::string& path, const struct stat& status, std::size_t bytes_max) {
  if (!S_ISREG(status.st_mode)) return Error(path + ": the key file is not a regular file");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return Error(path + ": the key file belongs to another user; chown it to the user that runs Twinlock");
  if ((status.st_mode & 07177U) != 0)
    return Error(path + ": the key file may be read or written by others; run: chmod 0600 '" + path + "'");
  if (status.st_size > static_cast<off_t>(bytes_max))
    return Error(path + ": the key file is larger than " + std::to_string(bytes_max / 1024) + " KiB");
  return {};
}

tl::expected<Bytes, std::string> read_all(const std::string& path, int fd, std::size_t bytes_max) {
  Bytes text(bytes_max + 1);
  std::size_t length = 0;
  while (length < text.size()) {
    const auto got = ::read(fd, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      OPENSSL_cleanse(text.data(), text.size());
      return failed(path, "cannot read the key file");
    }
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

bool write_all(int fd, const Bytes& text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const auto put = ::write(fd, text.data() + length, text.size() - length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    length += static_cast<std::size_t>(put);
  }
  return ::fsync(fd) == 0;
}

bool sync_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto folder = slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file && ::fsync(file.fd()) == 0;
}

}  // namespace

tl::expected<Bytes, std::string> read_private_file(const std::string& path, std::size_t bytes_max) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ELOOP) return Error(path + ": the key file is a symbolic link; name the file itself");
  if (!file) return failed(path, "cannot open the key file");
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) return failed(path, "cannot look at the key file");
  if (auto good = check_status(path, status, bytes_max); !good) return Error(good.error());
  return read_all(path, file.fd(), bytes_max);
}

Done write_new_file(const std::string& path, const Bytes& text) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file && errno == EEXIST) return Error(path + ": there is a file already; it is never overwritten");
  if (!file) return failed(path, "cannot create the key file");
  if (!write_all(file.fd(), text) || !sync_folder(path)) {
    const auto error = failed(path, "cannot write the key file");
    ::unlink(path.c_str());
    return error;
  }
  return {};
}

Done replace_file(const std::string& path, const Bytes& text) {
  const std::string next = path + ".new";
  ::unlink(next.c_str());  // what a replacement left that was cut off
  if (auto written = write_new_file(next, text); !written) return written;
  if (::rename(next.c_str(), path.c_str()) != 0 || !sync_folder(path)) {
    const auto error = failed(path, "cannot replace the key file");
    ::unlink(next.c_str());
    return error;
  }
  return {};
}

}  // namespace twinlock::keys
