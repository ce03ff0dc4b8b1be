#include "adapters/keys/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

Done check_status(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return Error(path + ": the key file is not a regular file");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return Error(path + ": the key file belongs to another user; chown it to the user that runs Twinlock");
  if ((status.st_mode & 07177U) != 0)
    return Error(path + ": the key file may be read or written by others; run: chmod 0600 '" + path + "'");
  if (status.st_size > static_cast<off_t>(key_file_bytes_max))
    return Error(path + ": the key file is larger than 64 KiB");
  return {};
}

tl::expected<Bytes, std::string> read_all(const std::string& path, int fd) {
  Bytes text(key_file_bytes_max + 1);
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

// Writes a file that is not there yet; leaves none behind when it fails.
Done write_new(const std::string& path, const MasterKeys& keys) {
  Bytes text = format_keys(keys);
  const WipeAtEnd wipe_text(text);
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

Done replace(const std::string& path, const MasterKeys& keys) {
  const std::string next = path + ".new";
  ::unlink(next.c_str());  // what a replacement left that was cut off
  if (auto written = write_new(next, keys); !written) return written;
  if (::rename(next.c_str(), path.c_str()) != 0 || !sync_folder(path)) {
    const auto error = failed(path, "cannot replace the key file");
    ::unlink(next.c_str());
    return error;
  }
  return {};
}

std::vector<MasterKey>::iterator find(MasterKeys& keys, KeyId id) {
  return std::find_if(keys.list().begin(), keys.list().end(),
                      [&](const MasterKey& key) { return key.id == id; });
}

Error no_such_key(const std::string& path, KeyId id) {
  return Error(path + ": there is no key " + std::to_string(id));
}

}  // namespace

tl::expected<MasterKeys, std::string> read_key_file(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ELOOP) return Error(path + ": the key file is a symbolic link; name the file itself");
  if (!file) return failed(path, "cannot open the key file");
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) return failed(path, "cannot look at the key file");
  if (auto good = check_status(path, status); !good) return Error(good.error());
  auto text = read_all(path, file.fd());
  if (!text) return Error(text.error());
  const WipeAtEnd wipe_text(*text);
  return parse_keys({reinterpret_cast<const char*>(text->data()), text->size()}, path);
}

Done create_key_file(const std::string& path) {
  MasterKeys keys;
  MasterKey& key = keys.list().emplace_back();
  key.id = 1;
  key.current = true;
  if (!fresh_key(key)) return Error(path + ": no key made: the system gave no random bytes");
  return write_new(path, keys);
}

tl::expected<KeyId, std::string> add_key(const std::string& path) {
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  auto& list = keys->list();
  if (list.size() == master_keys_max) return Error(path + ": there are 64 keys already; retire one first");
  const auto by_id = [](const MasterKey& a, const MasterKey& b) { return a.id < b.id; };
  const KeyId last = std::max_element(list.begin(), list.end(), by_id)->id;
  if (last == UINT32_MAX) return Error(path + ": no key id above " + std::to_string(last) + " is left");
  MasterKey& key = list.emplace_back();
  key.id = last + 1;
  if (!fresh_key(key)) return Error(path + ": no key made: the system gave no random bytes");
  if (auto done = replace(path, *keys); !done) return Error(done.error());
  return key.id;
}

Done make_current(const std::string& path, KeyId id) {
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  if (find(*keys, id) == keys->list().end()) return no_such_key(path, id);
  for (MasterKey& key : keys->list()) key.current = key.id == id;
  return replace(path, *keys);
}

Done retire_key(const std::string& path, KeyId id) {
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  const auto found = find(*keys, id);
  if (found == keys->list().end()) return no_such_key(path, id);
  if (found->current)
    return Error(path + ": key " + std::to_string(id) + " is current; make another one current first");
  // The hole is filled with the last key, whose place is wiped before it goes: erase() would leave its bytes
  // behind.
  *found = keys->list().back();
  OPENSSL_cleanse(&keys->list().back(), sizeof(MasterKey));
  keys->list().pop_back();
  return replace(path, *keys);
}

}  // namespace twinlock::keys
