#include "adapters/mail/mailer_process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/mail/spawn.hpp"

namespace twinlock::mail {
namespace {

constexpr int exit_ms_max = 500;  // between the end of its socket and its exit

}  // namespace

tl::expected<MailerProcess, std::string> MailerProcess::start(const std::vector<std::string>& command) {
  if (command.empty()) return tl::unexpected<std::string>("no mailer is configured");
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return tl::unexpected(fmt::format("no socket pair for the mailer: {}", std::strerror(errno)));
  }
  const auto pid = spawn(command, {ends[1], STDERR_FILENO, STDERR_FILENO});
  close(ends[1]);
  if (pid) return MailerProcess(ends[0], *pid);
  close(ends[0]);
  return tl::unexpected(fmt::format("the mailer {} does not start: {}", command[0], pid.error()));
}

MailerProcess::MailerProcess(MailerProcess&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      pid_(std::exchange(other.pid_, -1)),
      out_(std::move(other.out_)),
      in_(std::move(other.in_)) {}

MailerProcess::~MailerProcess() { end(); }

void MailerProcess::send(const wire::Request& request) { out_ += wire::frame(wire::to_json(request)); }

bool MailerProcess::flush() {
  while (!out_.empty()) {
    const ssize_t n = ::send(socket_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    out_.erase(0, static_cast<std::size_t>(n));
  }
  return true;
}

bool MailerProcess::receive(std::vector<wire::Reply>& replies) {
  std::array<char, 16384> bytes;
  const ssize_t n = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0) return false;
  in_.feed({bytes.data(), static_cast<std::size_t>(n)});
  while (const std::optional<std::string> json = in_.next()) {
    std::optional<wire::Reply> reply = wire::parse_reply(*json);
    if (!reply) return false;
    replies.push_back(std::move(*reply));
  }
  return !in_.broken();
}

void MailerProcess::end_input() { shutdown(socket_, SHUT_WR); }

std::string MailerProcess::end() {
  if (pid_ < 0) return "it has ended";
  close(std::exchange(socket_, -1));
  wait_for_exit(pid_, exit_ms_max);
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  return fmt::format("killed by signal {}", WTERMSIG(status));
}

}  // namespace twinlock::mail
