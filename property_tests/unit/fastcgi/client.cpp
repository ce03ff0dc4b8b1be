// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/fastcgi/client.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

namespace twinlock::fastcgi::test {
namespace {

bool ready(int fd, short events, int milliseconds) {
  pollfd wait{fd, events, 0};
  return poll(&wait, 1, milliseconds) > 0;
}

}  // namespace

TempFolder::TempFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "twinlock-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Ended::all() const {
  std::string out;
  for (const std::string& record : records) out += record;
  return out;
}

Client::Client(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Client::Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Client::Client(Client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      connected_(other.connected_),
      unread_(std::move(other.unread_)),
      records_(std::move(other.records_)),
      open_(std::move(other.open_)) {}

Client::~Client() { close(); }

void Client::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Client::half_close() { shutdown(fd_, SHUT_WR); }

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent < 0 && !ready(fd_, POLLOUT, wait_ms)) return false;
  }
  return true;
}

std::optional<Record> Client::next_record() {
  while (records_.empty()) {
    std::array<char, 65'536> buffer{};
    if (!ready(fd_, POLLIN, wait_ms)) return std::nullopt;
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return std::nullopt;
    unread_.append(buffer.data(), static_cast<std::size_t>(got));
    records_ = take_records(unread_);
  }
  Record record = std::move(records_.front());
  records_.erase(records_.begin());
  return record;
}

std::optional<Ended> Client::next_end() {
  for (;;) {
    const auto got = next_record();
    if (!got) return std::nullopt;
    if (got->id == 0) continue;
    auto at = open_.begin();
    while (at != open_.end() && at->id != got->id) ++at;
    if (at == open_.end()) at = open_.insert(at, Ended{.id = got->id, .records = {}});
    if (got->type == 6) at->records.push_back(got->content);
    if (got->type != 3) continue;
    Ended ended = std::move(*at);
    open_.erase(at);
    ended.protocol_status = static_cast<unsigned char>(got->content.at(4));
    return ended;
  }
}

bool Client::ends_without_a_word() {
  char byte = 0;
  return records_.empty() && unread_.empty() && ready(fd_, POLLIN, wait_ms) && recv(fd_, &byte, 1, 0) <= 0;
}

bool Client::nothing_for(int milliseconds) const {
  return records_.empty() && !ready(fd_, POLLIN, milliseconds);
}

EncodedResponse answer_text(std::string_view body) {
  return {"Status: 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n", std::string(body)};
}

void echo(Request request, Reply reply) {
  std::string body(request.value("REQUEST_METHOD"));
  body += " " + std::string(request.value("TWINLOCK_ACCOUNT"));
  body += request.role == Role::authorizer ? " authorizer" : " responder";
  body += " fault=" + std::to_string(static_cast<int>(request.fault));
  reply(answer_text(body + " " + request.body));
}

Limits TestServer::quick_limits() { return {.connections_max = 64, .requests_max = 64}; }

TestServer::TestServer(Handler handler, Limits limits)
    : server(limits, {{"REQUEST_METHOD", "TWINLOCK_ACCOUNT", "REMOTE_ADDR"}, {"pass"}}, std::move(handler)) {
  auto listening = server.listen(UnixListener{.path = path, .group = {}, .peer_uids = {}});
  if (listening) listening = server.start();
  if (!listening) throw std::runtime_error(listening.error());
}

Handler Held::handler() {
  return [this](Request request, Reply reply) {
    const std::lock_guard lock(mutex_);
    held_.emplace_back(std::move(request), std::move(reply));
    changed_.notify_all();
  };
}

bool Held::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return held_.size() >= count; });
}

std::pair<Request, Reply> Held::take() {
  if (!wait_for(1)) throw std::runtime_error("no request came");
  const std::lock_guard lock(mutex_);
  auto first = std::move(held_.front());
  held_.erase(held_.begin());
  return first;
}

std::size_t Held::size() {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void Held::drop_all() {
  const std::lock_guard lock(mutex_);
  held_.clear();
}

bool allow_descriptors(std::size_t count) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(count, limit.rlim_max));
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return holds();
}

}  // namespace twinlock::fastcgi::test
