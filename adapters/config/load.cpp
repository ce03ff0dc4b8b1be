// SPDX-License-Identifier: Apache-2.0
// Finds and reads the configuration file and the secret files that it names, and checks who may read them.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/config/rules.hpp"
#include "adapters/system/descriptor.hpp"
#include "adapters/system/io.hpp"
#include "adapters/system/private_file.hpp"

namespace twinlock::config {

namespace {

constexpr std::size_t config_bytes_max = 1'048'576;
constexpr std::size_t host_secret_bytes_min = 16;

std::string base_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

tl::expected<void, std::string> check_secret(const Config& config, std::string_view key,
                                             const std::string& path, std::size_t bytes_min) {
  if (path.empty()) return {};
  if (const auto secret = system::read_secret(resolve(config, path), bytes_min); !secret)
    return tl::unexpected(fmt::format("{}: {}", key, secret.error()));
  return {};
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

// The configuration says which programs run and which files are opened, so whoever may change it may do what
// the caller may.
tl::expected<void, std::string> check_writers(const std::string& path, const std::string& shown,
                                              const struct stat& st) {
  if (st.st_uid != 0 && st.st_uid != ::geteuid())
    return tl::unexpected(
        fmt::format("{}: it belongs to another user (uid {}), who could change what Twinlock does; name a "
                    "configuration of your own or of root's with --config, or run: chown root {}",
                    shown, st.st_uid, path));
  if ((st.st_mode & 0022) != 0)
    return tl::unexpected(
        fmt::format("{}: others than its owner may write here (mode {:04o}); run: chmod "
                    "go-w {}",
                    shown, st.st_mode & 07777U, path));
  return {};
}

}  // namespace

tl::expected<void, std::string> check_folder(const std::string& path) {
  std::error_code error;
  const std::string folder = std::filesystem::absolute(path, error).parent_path().string();
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0)
    return tl::unexpected(
        fmt::format("{}: the configuration's folder cannot be read: {}; name another file with --config",
                    folder, std::strerror(errno)));
  return check_writers(folder, folder, st);
}

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

tl::expected<std::string, std::string> read_host_secret(const Config& config) {
  if (config.host.secret_file.empty()) return std::string{};
  return system::read_secret(resolve(config, config.host.secret_file), host_secret_bytes_min);
}

tl::expected<Config, std::string> load(const std::string& path) {
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat st {};
  if (!file || ::fstat(file.get(), &st) != 0)
    return tl::unexpected(fmt::format(
        "{}: the configuration cannot be opened: {}; name an existing, readable file with --config", path,
        std::strerror(errno)));
  if (!S_ISREG(st.st_mode))
    return tl::unexpected(
        fmt::format("{}: this is not a regular file; name the configuration file with --config", path));
  if (const auto good = check_writers(path, base_name(path) + ":1", st); !good)
    return tl::unexpected(good.error());
  if (const auto good = check_folder(path); !good) return tl::unexpected(good.error());
  const auto bytes = system::read_all(file.get(), config_bytes_max);
  if (!bytes)
    return tl::unexpected(
        fmt::format("{}: the configuration cannot be read, or is larger than 1 MiB; check the file", path));
  const std::string text(bytes->begin(), bytes->end());
  Lines lines;
  auto config = parse(text, base_name(path), lines);
  if (!config) return config;
  config->folder = folder_of(path);
  struct Secret {
    std::string_view key;
    const std::string& path;
    std::size_t bytes_min;
  };
  const Secret secrets[] = {{"host.secret_file", config->host.secret_file, host_secret_bytes_min},
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
