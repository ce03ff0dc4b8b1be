// Finds and reads the configuration file and the secret files that it names, and checks who may read them.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/config/rules.hpp"

namespace twinlock::config {

namespace {

constexpr std::size_t config_bytes_max = 1'048'576;
constexpr std::size_t secret_bytes_limit = 1'024;

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

  // Reads the whole content, at most `limit` bytes; false: unreadable or larger.
  bool read_all(std::string& out, std::size_t limit) const {
    std::array<char, 4096> piece{};
    while (true) {
      const ssize_t got = ::read(fd_, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;
      if (got == 0) return true;
      out.append(piece.data(), static_cast<std::size_t>(got));
      if (out.size() > limit) return false;
    }
  }

 private:
  int fd_;
};

std::string base_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

tl::expected<void, std::string> check_secret(const Config& config, std::string_view key,
                                             const std::string& path, std::size_t bytes_min) {
  if (path.empty()) return {};
  if (const auto secret = read_secret_file(resolve(config, path), bytes_min); !secret)
    return tl::unexpected(fmt::format("{}: {}", key, secret.error()));
  return {};
}

}  // namespace

std::string usual_file() {
  for (const char* path : {"twinlock.toml", "/etc/twinlock/twinlock.toml"})
    if (::access(path, F_OK) == 0) return path;
  return {};
}

std::string resolve(const Config& config, std::string_view path) {
  if (path.empty()) return {};
  std::error_code error;
  const auto whole = std::filesystem::absolute(std::filesystem::path(config.folder) / path, error);
  return whole.lexically_normal().string();
}

tl::expected<std::string, std::string> read_secret_file(const std::string& path, std::size_t bytes_min) {
  const File file(path);
  struct stat st {};
  if (file.fd() < 0 || ::fstat(file.fd(), &st) != 0)
    return tl::unexpected(fmt::format("{}: {}; create it with mode 0600", path, std::strerror(errno)));
  if (!S_ISREG(st.st_mode)) return tl::unexpected(fmt::format("{} is not a file; name one", path));
  if ((st.st_mode & 0077) != 0)
    return tl::unexpected(fmt::format("{} has mode {:04o}, so others can read it; chmod 0600 {}", path,
                                      st.st_mode & 07777U, path));
  std::string text;
  if (!file.read_all(text, secret_bytes_limit))
    return tl::unexpected(
        fmt::format("{} cannot be read or is over {} bytes; put one line into it", path, secret_bytes_limit));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.size() < bytes_min || text.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos)
    return tl::unexpected(
        fmt::format("{} must hold one line of at least {} characters; write a new one", path, bytes_min));
  return text;
}

tl::expected<Config, std::string> load(const std::string& path) {
  const File file(path);
  struct stat st {};
  if (file.fd() < 0 || ::fstat(file.fd(), &st) != 0)
    return tl::unexpected(
        fmt::format("{}: {}; name a file that is there with --config", path, std::strerror(errno)));
  if (!S_ISREG(st.st_mode))
    return tl::unexpected(fmt::format("{}: is not a file; name one with --config", path));
  if ((st.st_mode & 0002) != 0)
    return tl::unexpected(fmt::format("{}:1: everybody may write this file (mode {:04o}); chmod o-w {}",
                                      base_name(path), st.st_mode & 07777U, path));
  std::string text;
  if (!file.read_all(text, config_bytes_max))
    return tl::unexpected(fmt::format("{}: cannot be read or is over 1 MiB; check it", path));
  Lines lines;
  auto config = parse(text, base_name(path), lines);
  if (!config) return config;
  const auto folder = std::filesystem::path(path).parent_path();
  config->folder = folder.empty() ? "." : folder.string();
  struct Secret {
    std::string_view key;
    const std::string& path;
    std::size_t bytes_min;
  };
  const Secret secrets[] = {{"host.secret_file", config->host.secret_file, 16},
                            {"mail.password_file", config->mail.password_file, 1}};
  for (const Secret& secret : secrets)
    if (const auto good = check_secret(*config, secret.key, secret.path, secret.bytes_min); !good)
      return tl::unexpected(
          fmt::format("{}:{}: {}", base_name(path), lines[std::string(secret.key)], good.error()));
  return config;
}

tl::expected<Config, std::string> defaults() {
  Config config;
  config.site.dev = true;
  return config;
}

}  // namespace twinlock::config
