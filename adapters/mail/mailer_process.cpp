// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer_process.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace twinlock::mail {

tl::expected<MailerProcess, std::string> MailerProcess::start(const std::vector<std::string>& command) {
  if (command.empty()) return tl::unexpected<std::string>("no mailer is configured");
  auto child = helper::Child::start(command);
  if (!child) return tl::unexpected("the mailer: " + child.error());
  return MailerProcess(std::move(*child));
}

void MailerProcess::send(const wire::Request& request) { out_ += helper::frame(wire::to_json(request)); }

bool MailerProcess::flush() {
  while (!out_.empty()) {
    const ssize_t n = ::send(child_.descriptor(), out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    out_.erase(0, static_cast<std::size_t>(n));
  }
  return true;
}

bool MailerProcess::receive(std::vector<wire::Reply>& replies) {
  std::array<char, 16384> bytes;
  const ssize_t n = recv(child_.descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT);
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

void MailerProcess::end_input() { shutdown(child_.descriptor(), SHUT_WR); }

}  // namespace twinlock::mail
