// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "adapters/system/loopback.hpp"

namespace twinlock::fastcgi {
namespace {

constexpr int backlog = 1'024;

std::string reason(int error) { return std::generic_category().message(error); }

tl::unexpected<std::string> refuse(const std::string& what, int error) {
  return tl::make_unexpected(what + ": " + reason(error));
}

union AnyAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
  sockaddr_un local;
};

in6_addr mapped(const in_addr& v4) {
  in6_addr out{};
  out.s6_addr[10] = 0xFF;
  out.s6_addr[11] = 0xFF;
  std::memcpy(out.s6_addr + 12, &v4.s_addr, 4);
  return out;
}

bool same(const in6_addr& a, const in6_addr& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::optional<in6_addr> parse_address(const std::string& text) {
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return mapped(v4);
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return v6;
  return std::nullopt;
}

std::optional<in6_addr> address_of(const AnyAddress& address) {
  if (address.any.sa_family == AF_INET) return mapped(address.v4.sin_addr);
  if (address.any.sa_family == AF_INET6) return address.v6.sin6_addr;
  return std::nullopt;
}

AnyAddress local_address(int fd) {
  AnyAddress address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, &address.any, &size) != 0) address = {};
  return address;
}

// Removes a socket file that nobody listens on.
tl::expected<void, std::string> clear_path(const sockaddr_un& address) {
  struct stat status {};
  if (lstat(address.sun_path, &status) != 0) {
    if (errno == ENOENT) return {};
    return refuse(address.sun_path, errno);
  }
  const std::string path = address.sun_path;
  if (!S_ISSOCK(status.st_mode))
    return tl::make_unexpected(path + ": exists and is not a socket; remove it or choose another path");
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return refuse("cannot create a socket", errno);
  const bool connected = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int error = errno;
  close(probe);
  if (connected || error == EAGAIN)
    return tl::make_unexpected(
        path + ": another process is listening on it; stop that process or choose another path");
  if (error != ECONNREFUSED) return refuse(path + ": cannot tell whether a server listens on it", error);
  if (unlink(address.sun_path) != 0)
    return refuse(path + ": cannot remove the old socket; check the permissions of its folder", errno);
  return {};
}

tl::expected<gid_t, std::string> group_id(const std::string& name) {
  std::array<char, 16'384> buffer{};
  group entry{};
  group* found = nullptr;
  const int error = getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr)
    return tl::make_unexpected(
        "group " + name + ": " +
        (error == 0 ? "does not exist; create it or correct the name" : reason(error)));
  return entry.gr_gid;
}

}  // namespace

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      tcp_(other.tcp_),
      own_(other.own_),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_),
      peer_uids_(std::move(other.peer_uids_)),
      addresses_(std::move(other.addresses_)) {}

Listener::~Listener() {
  remove_file();
  if (fd_ >= 0) close(fd_);
}

void Listener::remove_file() {
  const std::string path = std::exchange(path_, {});
  struct stat status {};
  if (!path.empty() && lstat(path.c_str(), &status) == 0 && status.st_dev == device_ &&
      status.st_ino == inode_)
    unlink(path.c_str());
}

void Listener::retire() {
  remove_file();
  if (own_) shutdown(fd_, SHUT_RDWR);
}

// Creates the file for its owner alone (Linux takes the mode from the socket itself), then sets group and
// mode, so that it is never open to more users than configured.
tl::expected<void, std::string> Listener::bind_file(const UnixListener& where) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (where.path.empty() || where.path.size() >= sizeof address.sun_path ||
      where.path.find('\0') != std::string::npos)
    return tl::make_unexpected("socket path \"" + where.path + "\": must have 1 to " +
                               std::to_string(sizeof address.sun_path - 1) + " bytes");
  std::memcpy(address.sun_path, where.path.data(), where.path.size());
  if (auto cleared = clear_path(address); !cleared) return cleared;
  if (fchmod(fd_, 0600) != 0 || bind(fd_, &reinterpret_cast<const sockaddr&>(address), sizeof address) != 0)
    return refuse(where.path + ": cannot create the socket; its folder must exist and be writable", errno);
  path_ = where.path;
  struct stat status {};
  if (lstat(path_.c_str(), &status) != 0) return refuse(path_, errno);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  if (!where.group.empty()) {
    const auto group = group_id(where.group);
    if (!group) return tl::make_unexpected(group.error());
    if (chown(path_.c_str(), static_cast<uid_t>(-1), *group) != 0)
      return refuse(path_ + ": cannot give the socket to group " + where.group +
                        "; the user that runs this must be root or in that group",
                    errno);
  }
  if (chmod(path_.c_str(), where.mode) != 0)
    return refuse(path_ + ": cannot set the mode of the socket", errno);
  return {};
}

tl::expected<Listener, std::string> Listener::make(const UnixListener& where) {
  Listener listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), false, true);
  if (listener.fd_ < 0) return refuse("cannot create a socket", errno);
  listener.peer_uids_ = where.peer_uids;
  if (auto bound = listener.bind_file(where); !bound) return tl::make_unexpected(bound.error());
  if (listen(listener.fd_, backlog) != 0) return refuse(where.path + ": cannot listen", errno);
  return listener;
}

tl::expected<Listener, std::string> Listener::make(const TcpListener& where) {
  const auto host = parse_address(where.host);
  if (!host || !system::is_loopback(*host))
    return tl::make_unexpected("TCP address \"" + where.host +
                               "\": must be a loopback address such as 127.0.0.1");
  AnyAddress address{};
  socklen_t size = 0;
  if (IN6_IS_ADDR_V4MAPPED(&*host)) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(where.port);
    std::memcpy(&address.v4.sin_addr, host->s6_addr + 12, 4);
    size = sizeof address.v4;
  } else {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(where.port);
    address.v6.sin6_addr = *host;
    size = sizeof address.v6;
  }
  Listener listener(socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), true, true);
  if (listener.fd_ < 0) return refuse("cannot create a socket", errno);
  const int on = 1;
  setsockopt(listener.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener.fd_, &address.any, size) != 0 || ::listen(listener.fd_, backlog) != 0)
    return refuse(where.host + " port " + std::to_string(where.port) +
                      ": cannot listen; another program may use the port",
                  errno);
  if (auto limited = listener.limit_addresses(); !limited) return tl::make_unexpected(limited.error());
  return listener;
}

tl::expected<Listener, std::string> Listener::adopt(int fd, const std::vector<uid_t>& peer_uids) {
  if (!is_listening(fd))
    return tl::make_unexpected("descriptor " + std::to_string(fd) + " is not a listening socket");
  const AnyAddress address = local_address(fd);
  const auto host = address_of(address);
  if (!host && address.any.sa_family != AF_UNIX)
    return tl::make_unexpected("descriptor " + std::to_string(fd) + " is neither a Unix nor a TCP socket");
  Listener listener(fd, host.has_value(), false);
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
    return refuse("descriptor " + std::to_string(fd), errno);
  listener.peer_uids_ = peer_uids;
  if (!host) return listener;
  if (!peer_uids.empty())
    return tl::make_unexpected("descriptor " + std::to_string(fd) +
                               " is a TCP socket: its peers have no uid");
  if (auto limited = listener.limit_addresses(); !limited) return tl::make_unexpected(limited.error());
  if (!system::is_loopback(*host) && listener.addresses_.empty())
    return tl::make_unexpected("descriptor " + std::to_string(fd) +
                               " listens beyond loopback: FCGI_WEB_SERVER_ADDRS must name the web servers");
  return listener;
}

// Reads FCGI_WEB_SERVER_ADDRS: addresses separated by commas; blanks around them are allowed.
tl::expected<void, std::string> Listener::limit_addresses() {
  const char* const list = std::getenv("FCGI_WEB_SERVER_ADDRS");
  std::string_view rest = list == nullptr ? "" : list;
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    const auto address = parse_address(std::string(one));
    if (!address)
      return tl::make_unexpected("FCGI_WEB_SERVER_ADDRS: \"" + std::string(one) + "\" is not an address");
    addresses_.push_back(*address);
  }
  return {};
}

std::uint16_t Listener::port() const {
  const AnyAddress address = local_address(fd_);
  if (address.any.sa_family == AF_INET) return ntohs(address.v4.sin_port);
  if (address.any.sa_family == AF_INET6) return ntohs(address.v6.sin6_port);
  return 0;
}

bool Listener::admits(int connection_fd) const {
  if (!peer_uids_.empty()) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(connection_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return std::find(peer_uids_.begin(), peer_uids_.end(), peer.uid) != peer_uids_.end();
  }
  if (addresses_.empty()) return true;
  AnyAddress address{};
  socklen_t size = sizeof address;
  if (getpeername(connection_fd, &address.any, &size) != 0) return false;
  const auto peer = address_of(address);
  return peer &&
         std::any_of(addresses_.begin(), addresses_.end(), [&](const in6_addr& a) { return same(a, *peer); });
}

}  // namespace twinlock::fastcgi
