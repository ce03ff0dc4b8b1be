// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/listeners.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "adapters/system/process.hpp"

namespace twinlock::daemon {

namespace {

std::string unix_line(const config::Config& config, const std::string& path) {
  return fmt::format("{} (mode {:04o}{})", config::resolve(config, path), config.listen.socket_mode,
                     config.listen.socket_group.empty() ? "" : ", group " + config.listen.socket_group);
}

std::string tcp_line(const std::string& endpoint) { return fmt::format("{} (TCP)", endpoint); }

std::string api_line(const config::Config& config, const std::string& entry) {
  return "API at " + (config::is_tcp_entry(entry) ? tcp_line(entry) : unix_line(config, entry));
}

bool is_unix(int fd) {
  int domain = 0;
  socklen_t size = sizeof domain;
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

// An inherited Unix socket stands for listen.socket alone; one over TCP for listen.tcp too.
bool opens_tcp(const config::Config& config, const std::vector<int>& inherited) {
  if (config.listen.tcp.empty()) return false;
  return !config.listen.inherited || std::all_of(inherited.begin(), inherited.end(), is_unix);
}

tl::expected<std::vector<std::string>, std::string> adopt(fastcgi::Server& server,
                                                          const config::Config& config,
                                                          const std::vector<int>& sockets) {
  std::vector<std::string> lines;
  for (const int fd : sockets) {
    if (!is_unix(fd) && config.host.secret_file.empty())
      return tl::unexpected<std::string>(
          "the inherited socket is TCP, over which every program can speak; set host.secret_file");
    if (auto done = server.adopt(fd); !done) return tl::unexpected(done.error());
    lines.push_back(fmt::format("descriptor {} (inherited)", fd));
  }
  return lines;
}

tl::expected<void, std::string> listen_unix(fastcgi::Server& server, const config::Config& config,
                                            const std::string& path) {
  fastcgi::UnixListener where;
  where.path = config::resolve(config, path);
  where.mode = config.listen.socket_mode;
  where.group = config.listen.socket_group;
  where.peer_uids.assign(config.listen.peer_uids.begin(), config.listen.peer_uids.end());
  return server.listen(where);
}

tl::expected<void, std::string> listen_tcp(fastcgi::Server& server, std::string_view key,
                                           const std::string& text) {
  const auto endpoint = config::loopback_endpoint(text);
  if (endpoint) return server.listen(fastcgi::TcpListener{endpoint->host, endpoint->port});
  return tl::unexpected(
      fmt::format("{} is not a loopback address with a port; write \"127.0.0.1:9000\"", key));
}

}  // namespace

fastcgi::Limits limits_of(const config::Config& config) {
  fastcgi::Limits limits;
  limits.loops = config.listen.loops;
  limits.connections_max = config.listen.connections_max;
  limits.requests_max = config.listen.requests_max;
  limits.receiving_max = config.listen.receiving_max;
  limits.receive_s_max = config.listen.receive_s;
  limits.idle_s_max = config.listen.idle_s;
  return limits;
}

tl::expected<std::vector<std::string>, std::string> add_listeners(fastcgi::Server& server,
                                                                  const config::Config& config) {
  const config::Listen& listen = config.listen;
  const std::vector<int> inherited = fastcgi::inherited_listeners();
  const bool adopted = listen.inherited && !inherited.empty();
  std::vector<std::string> lines;
  if (adopted) {
    auto taken = adopt(server, config, inherited);
    if (!taken) return taken;
    lines = std::move(*taken);
  } else if (!listen.socket.empty()) {
    if (auto done = listen_unix(server, config, listen.socket); !done) return tl::unexpected(done.error());
    lines.push_back(unix_line(config, listen.socket));
  }
  if (opens_tcp(config, inherited)) {
    if (auto done = listen_tcp(server, "listen.tcp", listen.tcp); !done) return tl::unexpected(done.error());
    lines.push_back(tcp_line(listen.tcp));
  }
  if (lines.empty())
    return tl::unexpected<std::string>(
        "nothing to listen on: no socket was inherited and listen.socket and listen.tcp are empty; set "
        "listen.socket");
  return lines;
}

tl::expected<std::vector<std::string>, std::string> add_api_listeners(fastcgi::Server& server,
                                                                      const config::Config& config) {
  std::vector<std::string> lines;
  for (const std::string& entry : config.api.listen) {
    auto done = config::is_tcp_entry(entry) ? listen_tcp(server, "api.listen", entry)
                                            : listen_unix(server, config, entry);
    if (!done) return tl::unexpected(done.error());
    lines.push_back(api_line(config, entry));
  }
  return lines;
}

fastcgi::Limits api_limits_of(const config::Config& config) {
  fastcgi::Limits limits = limits_of(config);
  limits.loops = 1;  // few callers, each with kept connections
  return limits;
}

std::string open_files_line(const config::Config& config) {
  constexpr std::size_t others = 256;  // database, keys, mail, event loops
  const std::size_t servers = config.api.listen.empty() ? 1 : 2;
  const std::size_t wanted = servers * config.listen.connections_max + others;
  const std::size_t allowed = system::allow_open_files(wanted);
  if (allowed >= wanted) return {};
  return fmt::format(
      "{} open files are allowed, and listen.connections_max = {} needs {}; raise the limit "
      "(LimitNOFILE= in the unit, ulimit -n elsewhere) or lower connections_max",
      allowed, config.listen.connections_max, wanted);
}

std::vector<std::string> planned_listeners(const config::Config& config) {
  std::vector<std::string> lines;
  const std::vector<int> inherited = fastcgi::inherited_listeners();
  if (config.listen.inherited && !inherited.empty())
    lines.emplace_back("inherited sockets");
  else if (!config.listen.socket.empty())
    lines.push_back(unix_line(config, config.listen.socket));
  if (opens_tcp(config, inherited)) lines.push_back(tcp_line(config.listen.tcp));
  for (const std::string& entry : config.api.listen) lines.push_back(api_line(config, entry));
  return lines;
}

}  // namespace twinlock::daemon
