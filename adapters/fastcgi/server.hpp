// SPDX-License-Identifier: Apache-2.0
// Runs the FastCGI server: several epoll loops over shared listeners, with fixed bounds and time-outs for
// slow peers.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/fastcgi/message.hpp"

namespace twinlock::fastcgi {

// Bounds of the server. All memory that depends on them is allocated at start.
struct Limits {
  std::size_t loops = 2;                         // event loop threads
  std::size_t connections_max = 1'500;           // over all loops; at the limit those that wait most give way
  std::size_t requests_per_connection_max = 16;  // interleaved; above: END_REQUEST with FCGI_OVERLOADED
  std::size_t requests_max = 1'000;              // whole and not yet answered, over all loops; above: 503
  std::size_t receiving_max = 500;            // begun and not yet whole, over all loops; above: some get 503
  std::size_t parameters_bytes_max = 65'536;  // of one request; above: 431
  std::size_t body_bytes_max = 16'384;        // of one request; above: 413
  // These three shrink while places run out, see patience_ms.
  std::uint32_t idle_s_max = 120;    // a kept connection without a request
  std::uint32_t receive_s_max = 20;  // from BEGIN_REQUEST to the end of its input
  std::uint32_t send_s_max = 20;     // for the peer to take an answer
  std::uint32_t drain_s_max = 10;    // SIGTERM: for what is in flight
};

struct Metrics {
  std::uint64_t connections_accepted;
  std::uint64_t connections_open;
  std::uint64_t connections_shed;  // closed to make room for others
  std::uint64_t requests_begun;
  std::uint64_t requests_answered;
  std::uint64_t requests_aborted;
  std::uint64_t protocol_errors;
  std::uint64_t overloads;
  std::uint64_t time_outs;
};

struct UnixListener {
  std::string path;  // a stale socket file is replaced, a live one is an error
  mode_t mode = 0660;
  std::string group;             // "": unchanged
  std::vector<uid_t> peer_uids;  // empty: any (SO_PEERCRED)
};

struct TcpListener {
  std::string host = "127.0.0.1";  // a loopback address; any other is an error
  std::uint16_t port = 9000;       // 0: a free one, see Server::port()
};

// Says whether the handler answers a request before it returns. Such requests are handled although
// requests_max others wait for their answers. Called on the loops' threads.
using AtOnce = std::function<bool(const Request& request)>;

class Server {
 public:
  // `at_once` empty: the handler answers no request before it returns.
  Server(Limits limits, Wanted wanted, Handler handler, AtOnce at_once = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops and joins

  // Each adds a listener; call before start(). An error is one sentence for the operator.
  tl::expected<void, std::string> listen(const UnixListener& where);
  tl::expected<void, std::string> listen(const TcpListener& where);
  // Inherited: fd 0 or a systemd socket. `peer_uids` as for a UnixListener; with a TCP socket it is an error.
  tl::expected<void, std::string> adopt(int listening_fd, const std::vector<uid_t>& peer_uids = {});

  std::uint16_t port() const;  // of the last TCP listener; 0: none
  bool has_tcp() const;        // one of the listeners, made or adopted, is TCP

  tl::expected<void, std::string> start();  // starts the loops and returns
  // Accepts no more, answers open requests within drain_s_max, joins, removes its socket files. Idempotent.
  void stop();
  Metrics metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Returns the listening sockets that this process inherited: descriptor 0 from spawn-fcgi and the like, 3 and
// up from systemd (LISTEN_PID, LISTEN_FDS).
std::vector<int> inherited_listeners();

}  // namespace twinlock::fastcgi
