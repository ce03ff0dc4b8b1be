// SPDX-License-Identifier: Apache-2.0
// Makes or adopts listening sockets, and decides who may connect to them.
#pragma once

#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/fastcgi/server.hpp"

namespace twinlock::fastcgi {

bool is_listening(int fd);

// Owns a non-blocking listening socket and, where it made one, its socket file.
class Listener {
 public:
  Listener(int fd, bool tcp, bool own) : fd_(fd), tcp_(tcp), own_(own) {}
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();  // closes; removes the socket file if it is still this socket's

  static tl::expected<Listener, std::string> make(const UnixListener& where);
  static tl::expected<Listener, std::string> make(const TcpListener& where);
  // Takes ownership of `fd`. A TCP socket that is not on loopback needs FCGI_WEB_SERVER_ADDRS.
  static tl::expected<Listener, std::string> adopt(int fd, const std::vector<uid_t>& peer_uids);

  // retire stops accepting. A socket that this process made is closed, so that peers are refused at once; an
  // adopted one stays open for the process that handed it over.
  void retire();

  int fd() const { return fd_; }
  bool tcp() const { return tcp_; }
  std::uint16_t port() const;  // 0: no TCP

  // admits returns whether the peer of an accepted connection is allowed, by its uid, or over TCP by its
  // address.
  bool admits(int connection_fd) const;

 private:
  void remove_file();
  tl::expected<void, std::string> bind_file(const UnixListener& where);
  tl::expected<void, std::string> limit_addresses();

  int fd_;
  bool tcp_;
  bool own_;          // made, not adopted
  std::string path_;  // "": no file to remove
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::vector<uid_t> peer_uids_;     // empty: any
  std::vector<in6_addr> addresses_;  // empty: any; IPv4 as mapped addresses
};

}  // namespace twinlock::fastcgi
