// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/ask.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>

#include "adapters/fastcgi/codec.hpp"

namespace twinlock::doctor {

namespace {

using fastcgi::RecordType;
using Error = tl::unexpected<std::string>;

constexpr std::uint16_t request_id = 1;
constexpr std::size_t answer_bytes_max = 65'536;
constexpr int wait_ms_max = 5'000;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

bool finish_connect(int fd) {
  pollfd watched{fd, POLLOUT, 0};
  if (::poll(&watched, 1, wait_ms_max) != 1) {
    errno = ETIMEDOUT;
    return false;
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return false;
  errno = error;
  return error == 0;
}

tl::expected<Socket, std::string> connect_to(const sockaddr* address, socklen_t size) {
  Socket s(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (s.fd() < 0) return Error(std::strerror(errno));
  if (::connect(s.fd(), address, size) == 0) return s;
  if (errno == EINPROGRESS && finish_connect(s.fd())) return s;
  return Error(std::strerror(errno));
}

tl::expected<Socket, std::string> connect_unix(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path)
    return Error("the path is too long for a Unix socket (at most 107 bytes); choose a shorter one");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

tl::expected<Socket, std::string> connect_tcp(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
    return Error(::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  tl::expected<Socket, std::string> last = Error("no address");
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    auto s = connect_to(a->ai_addr, a->ai_addrlen);
    if (s) return s;
    last = Error(s.error());
  }
  return last;
}

void put_record(std::string& out, RecordType type, std::string_view content) {
  std::array<std::uint8_t, fastcgi::header_bytes> header{};
  fastcgi::encode_header(header, type, request_id, content.size());
  out.append(reinterpret_cast<const char*>(header.data()), header.size());
  out += content;
}

void put_length(std::string& out, std::size_t length) {
  if (length < 128) {
    out += static_cast<char>(length);
    return;
  }
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    const auto byte = static_cast<unsigned char>(length >> shift);
    out += static_cast<char>(shift == 24U ? byte | 0x80U : byte);
  }
}

std::string request_of(const Parameters& parameters) {
  std::string pairs;
  for (const auto& [name, value] : parameters) {
    put_length(pairs, name.size());
    put_length(pairs, value.size());
    pairs += name + value;
  }
  std::string out;
  put_record(out, RecordType::begin_request,
             {"\0\1\0\0\0\0\0\0", 8});  // a Responder, the connection not kept
  put_record(out, RecordType::params, pairs);
  put_record(out, RecordType::params, {});
  put_record(out, RecordType::standard_input, {});
  return out;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd watched{fd, POLLOUT, 0};
    if (errno != EAGAIN || ::poll(&watched, 1, wait_ms_max) != 1) return false;
  }
  return true;
}

// Until the peer closes: the request said that the connection is not kept.
bool receive_all(int fd, std::string& out) {
  std::array<char, 8192> piece{};
  while (out.size() < answer_bytes_max) {
    pollfd watched{fd, POLLIN, 0};
    if (::poll(&watched, 1, wait_ms_max) != 1) return false;
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got == 0) return true;
    if (got < 0 && errno != EAGAIN) return false;
    if (got > 0) out.append(piece.data(), static_cast<std::size_t>(got));
  }
  return false;
}

std::string standard_output_of(std::string_view records) {
  std::string out;
  while (records.size() >= fastcgi::header_bytes) {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(records[i]));
    };
    const std::size_t content = byte(4) << 8U | byte(5);
    const std::size_t padding = byte(6);
    const bool output = byte(1) == static_cast<std::size_t>(RecordType::standard_output);
    records.remove_prefix(fastcgi::header_bytes);
    if (records.size() < content + padding) break;
    if (output) out += records.substr(0, content);
    records.remove_prefix(content + padding);
  }
  return out;
}

}  // namespace

tl::expected<unsigned, std::string> ask(const Server& server, const Parameters& parameters) {
  const auto s = server.socket.empty() ? connect_tcp(server.host, std::to_string(server.port))
                                       : connect_unix(server.socket);
  if (!s) return Error(s.error());
  std::string answer;
  if (!send_all(s->fd(), request_of(parameters)) || !receive_all(s->fd(), answer))
    return Error("connected, but got no answer in time");
  const std::string text = standard_output_of(answer);
  constexpr std::string_view status = "Status: ";
  unsigned code = 0;
  if (!text.starts_with(status) ||
      std::from_chars(text.data() + status.size(), text.data() + text.size(), code).ec != std::errc{})
    return Error("something else than Twinlock answers there");
  return code;
}

tl::expected<void, std::string> reach(const std::string& host, const std::string& port) {
  if (const auto s = connect_tcp(host, port); !s) return Error(s.error());
  return {};
}

}  // namespace twinlock::doctor
