// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/prober.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>

#include "adapters/daemon/helper_programs.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::doctor {

namespace {

constexpr int reply_ms_max = 20'000;  // the probe gives up after 15 s itself

}  // namespace

tl::expected<Prober, std::string> Prober::start(const std::vector<std::string>& options) {
  std::vector<std::string> command{daemon::probe_program()};
  if (command[0].empty())
    return tl::unexpected<std::string>(
        "twinlock-probe is neither beside this program nor in PATH; install it");
  command.insert(command.end(), options.begin(), options.end());
  auto child = helper::Child::start(command);
  if (!child) return tl::unexpected(child.error());
  return Prober(std::move(*child));
}

bool Prober::receive() {
  std::array<char, 16'384> bytes;
  pollfd watched{child_.descriptor(), POLLIN, 0};
  const int ready = ::poll(&watched, 1, reply_ms_max);
  if (ready < 0 && errno == EINTR) return true;
  if (ready <= 0) return false;
  const ssize_t n = ::recv(child_.descriptor(), bytes.data(), bytes.size(), 0);
  if (n > 0) in_.feed({bytes.data(), static_cast<std::size_t>(n)});
  return n > 0 && !in_.broken();
}

probe::Reply Prober::ask(const probe::Request& request) {
  std::optional<std::string> json;
  bool alive = system::write_all(child_.descriptor(), helper::frame(probe::to_json(request)));
  while (alive && !(json = in_.next())) alive = receive();
  auto reply = json ? probe::parse_reply(*json) : std::nullopt;
  if (reply) return std::move(*reply);
  probe::Reply gone;
  gone.trouble = probe::Trouble::connection;
  gone.detail = "twinlock-probe ended (" + child_.end() + ")";
  return gone;
}

}  // namespace twinlock::doctor
