// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/server.hpp"

#include <atomic>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "adapters/fastcgi/connection.hpp"
#include "adapters/fastcgi/listener.hpp"
#include "adapters/fastcgi/loop.hpp"

namespace twinlock::fastcgi {
namespace {

constexpr std::size_t loops_max = 64;

std::string fault_of(const Limits& limits, const Wanted& wanted) {
  const auto outside = [](std::size_t value, std::size_t most) { return value < 1 || value > most; };
  if (outside(limits.loops, loops_max)) return "loops must be 1 to " + std::to_string(loops_max);
  if (outside(limits.requests_per_connection_max, ids_max))
    return "requests_per_connection_max must be 1 to " + std::to_string(ids_max);
  if (outside(limits.connections_max, 100'000)) return "connections_max must be 1 to 100000";
  if (outside(limits.requests_max, 100'000)) return "requests_max must be 1 to 100000";
  if (outside(limits.receiving_max, 100'000)) return "receiving_max must be 1 to 100000";
  if (outside(limits.parameters_bytes_max, 1'048'576)) return "parameters_bytes_max must be 1 to 1048576";
  if (outside(limits.body_bytes_max, 1'048'576)) return "body_bytes_max must be 1 to 1048576";
  for (const std::string& name : wanted.names)
    if (outside(name.size(), name_bytes_max))
      return "parameter name \"" + name + "\": must have 1 to " + std::to_string(name_bytes_max) + " bytes";
  return {};
}

}  // namespace

struct Server::Impl {
  Limits limits;
  Wanted wanted;
  Handler handler;
  AtOnce at_once;
  std::vector<Listener> listeners;
  Counters counters;
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> loops_waiting = 0;
  std::atomic<bool> room_wanted = false;
  std::optional<Pool<Slot>> slots;
  std::optional<Pool<Connection>> connections;
  std::vector<std::shared_ptr<Inbox>> inboxes;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;

  tl::expected<void, std::string> add(tl::expected<Listener, std::string> listener);
  bool take_memory();
  void stop();
};

tl::expected<void, std::string> Server::Impl::add(tl::expected<Listener, std::string> listener) {
  if (!listener) return tl::make_unexpected(listener.error());
  if (!threads.empty() || stopping)
    return tl::make_unexpected("listeners must be added before the server starts");
  listeners.push_back(std::move(*listener));
  return {};
}

bool Server::Impl::take_memory() {
  inboxes.clear();
  loops.clear();
  slots.emplace(slots_of(limits), [&] {
    return std::make_unique<Slot>(wanted, limits.parameters_bytes_max, limits.body_bytes_max);
  });
  const ServerState server{limits, handler, at_once, *slots, counters};
  connections.emplace(limits.connections_max, [&] { return std::make_unique<Connection>(server); });
  for (std::size_t i = 0; i < limits.loops; ++i) inboxes.push_back(std::make_shared<Inbox>(slots_of(limits)));
  for (std::size_t i = 0; i < limits.loops; ++i) {
    const LoopServices services{limits,   listeners,     *connections, *slots, counters,
                                stopping, loops_waiting, room_wanted,  inboxes};
    loops.push_back(std::make_unique<Loop>(services, inboxes[i]));
    if (!loops.back()->ready()) return false;
  }
  return true;
}

void Server::Impl::stop() {
  stopping = true;
  for (Listener& listener : listeners) listener.retire();
  for (const auto& inbox : inboxes) inbox->wake();
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  listeners.clear();
}

Server::Server(Limits limits, Wanted wanted, Handler handler, AtOnce at_once)
    : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
  impl_->wanted = std::move(wanted);
  impl_->handler = std::move(handler);
  impl_->at_once = std::move(at_once);
}

Server::~Server() { stop(); }

tl::expected<void, std::string> Server::listen(const UnixListener& where) {
  return impl_->add(Listener::make(where));
}

tl::expected<void, std::string> Server::listen(const TcpListener& where) {
  return impl_->add(Listener::make(where));
}

tl::expected<void, std::string> Server::adopt(int listening_fd, const std::vector<uid_t>& peer_uids) {
  return impl_->add(Listener::adopt(listening_fd, peer_uids));
}

std::uint16_t Server::port() const {
  std::uint16_t port = 0;
  for (const Listener& listener : impl_->listeners)
    if (listener.tcp()) port = listener.port();
  return port;
}

bool Server::has_tcp() const {
  for (const Listener& listener : impl_->listeners)
    if (listener.tcp()) return true;
  return false;
}

tl::expected<void, std::string> Server::start() {
  if (!impl_->threads.empty() || impl_->stopping) return tl::make_unexpected("the server was started before");
  if (impl_->listeners.empty()) return tl::make_unexpected("there is nothing to listen on");
  if (auto fault = fault_of(impl_->limits, impl_->wanted); !fault.empty()) return tl::make_unexpected(fault);
  try {
    if (!impl_->take_memory()) return tl::make_unexpected("no descriptors left for the event loops");
    for (const auto& loop : impl_->loops) impl_->threads.emplace_back([&loop] { loop->run(); });
  } catch (const std::bad_alloc&) {
    return tl::make_unexpected("not enough memory for the configured limits");
  } catch (const std::system_error& error) {
    stop();
    return tl::make_unexpected(std::string("event loop thread: ") + error.what());
  }
  return {};
}

void Server::stop() { impl_->stop(); }

Metrics Server::metrics() const {
  const Counters& counters = impl_->counters;
  const auto& connections = impl_->connections;
  return {.connections_accepted = counters.connections_accepted,
          .connections_open = connections ? connections->lent() : 0,
          .connections_shed = counters.connections_shed,
          .requests_begun = counters.requests_begun,
          .requests_answered = counters.requests_answered,
          .requests_aborted = counters.requests_aborted,
          .protocol_errors = counters.protocol_errors,
          .overloads = counters.overloads,
          .time_outs = counters.time_outs};
}

}  // namespace twinlock::fastcgi
