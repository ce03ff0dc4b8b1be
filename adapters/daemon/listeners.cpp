#include "adapters/daemon/listeners.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

namespace twinlock::daemon {

namespace {

std::string unix_line(const config::Config& config) {
  return fmt::format("{} (mode {:04o}{})", config::resolve(config, config.listen.socket),
                     config.listen.socket_mode,
                     config.listen.socket_group.empty() ? "" : ", group " + config.listen.socket_group);
}

std::string tcp_line(const config::Config& config) { return fmt::format("{} (TCP)", config.listen.tcp); }

bool is_unix(int fd) {
  int domain = 0;
  socklen_t size = sizeof domain;
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
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

}  // namespace

fastcgi::Limits limits_of(const config::Config& config) {
  fastcgi::Limits limits;
  limits.loops = config.listen.loops;
  limits.connections_max = config.listen.connections_max;
  limits.requests_max = config.listen.requests_max;
  return limits;
}

tl::expected<std::vector<std::string>, std::string> add_listeners(fastcgi::Server& server,
                                                                  const config::Config& config) {
  const config::Listen& listen = config.listen;
  const std::vector<int> inherited = fastcgi::inherited_listeners();
  if (listen.inherited && !inherited.empty()) return adopt(server, config, inherited);
  std::vector<std::string> lines;
  if (!listen.socket.empty()) {
    fastcgi::UnixListener where;
    where.path = config::resolve(config, listen.socket);
    where.mode = listen.socket_mode;
    where.group = listen.socket_group;
    where.peer_uids.assign(listen.peer_uids.begin(), listen.peer_uids.end());
    if (auto done = server.listen(where); !done) return tl::unexpected(done.error());
    lines.push_back(unix_line(config));
  }
  if (!listen.tcp.empty()) {
    const auto endpoint = config::loopback_endpoint(listen.tcp);
    if (!endpoint)
      return tl::unexpected<std::string>(
          "listen.tcp is not a loopback address with a port; write \"127.0.0.1:9000\"");
    if (auto done = server.listen(fastcgi::TcpListener{endpoint->host, endpoint->port}); !done)
      return tl::unexpected(done.error());
    lines.push_back(tcp_line(config));
  }
  if (lines.empty())
    return tl::unexpected<std::string>(
        "no socket was inherited and listen.socket is empty; set listen.socket");
  return lines;
}

std::vector<std::string> planned_listeners(const config::Config& config) {
  if (config.listen.inherited && !fastcgi::inherited_listeners().empty()) return {"inherited sockets"};
  std::vector<std::string> lines;
  if (!config.listen.socket.empty()) lines.push_back(unix_line(config));
  if (!config.listen.tcp.empty()) lines.push_back(tcp_line(config));
  return lines;
}

}  // namespace twinlock::daemon
