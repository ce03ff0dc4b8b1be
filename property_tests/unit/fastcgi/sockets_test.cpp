// SPDX-License-Identifier: Apache-2.0
// Listening sockets: files, modes, peers, inheritance.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

const Parameters get{{"REQUEST_METHOD", "GET"}};

UnixListener at(const std::string& path) { return {.path = path, .group = {}, .peer_uids = {}}; }

// A bound socket of the given family; its file stays after close.
int listening_socket(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(fd, 8), 0);
  return fd;
}

int listening_port(in_addr_t host) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(fd, 8), 0);
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

TEST(Sockets, TheFileHasItsModeAndGroup) {
  const TempFolder folder;
  Server server({.connections_max = 4, .requests_max = 4}, {}, echo);
  ASSERT_TRUE(
      server.listen(UnixListener{.path = folder.file("s"), .mode = 0640, .group = "root", .peer_uids = {}}));
  struct stat status {};
  ASSERT_EQ(stat(folder.file("s").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_EQ(status.st_gid, 0U);
  EXPECT_FALSE(server.listen(
      UnixListener{.path = folder.file("t"), .mode = 0640, .group = "no-such-group", .peer_uids = {}}));
  EXPECT_NE(stat(folder.file("t").c_str(), &status), 0);
}

TEST(Sockets, AStaleFileIsReplacedALiveOneIsRefused) {
  const TempFolder folder;
  const std::string path = folder.file("s");
  close(listening_socket(path));
  Server first({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
  ASSERT_TRUE(first.listen(at(path)));
  ASSERT_TRUE(first.start());
  Server second({}, {}, echo);
  const auto refused = second.listen(at(path));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("another process is listening"), std::string::npos);
  Client client(path);
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(client.next_end());
}

TEST(Sockets, AFileThatIsNoSocketIsLeftAlone) {
  const TempFolder folder;
  std::ofstream(folder.file("s")) << "precious";
  Server server({}, {}, echo);
  EXPECT_FALSE(server.listen(at(folder.file("s"))));
  std::string content;
  std::ifstream(folder.file("s")) >> content;
  EXPECT_EQ(content, "precious");
}

TEST(Sockets, ASuccessorsFileIsNotRemoved) {
  const TempFolder folder;
  const std::string path = folder.file("s");
  Server first({.connections_max = 4, .requests_max = 4}, {}, echo);
  ASSERT_TRUE(first.listen(at(path)));
  unlink(path.c_str());
  const int successor = listening_socket(path);
  first.stop();
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  close(successor);
}

TEST(Sockets, PathsThatDoNotFitAreRefused) {
  Server server({}, {}, echo);
  EXPECT_FALSE(server.listen(at("")));
  EXPECT_FALSE(server.listen(at("/tmp/" + std::string(120, 'x'))));
  EXPECT_FALSE(server.listen(at("/nonexistent-folder/s")));
}

TEST(Sockets, PeersAreLimitedByUid) {
  const TempFolder folder;
  for (const bool allowed : {true, false}) {
    const uid_t uid = allowed ? getuid() : getuid() + 1;
    Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
    ASSERT_TRUE(server.listen(UnixListener{.path = folder.file("s"), .group = {}, .peer_uids = {uid}}));
    ASSERT_TRUE(server.start());
    Client client(folder.file("s"));
    EXPECT_EQ(client.send(request(1, get)) && client.next_end().has_value(), allowed);
  }
}

TEST(Sockets, TcpIsLoopbackOnly) {
  Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
  EXPECT_FALSE(server.listen(TcpListener{.host = "0.0.0.0", .port = 0}));
  EXPECT_FALSE(server.listen(TcpListener{.host = "localhost", .port = 0}));
  EXPECT_FALSE(server.listen(TcpListener{.host = "192.0.2.1", .port = 0}));
  EXPECT_FALSE(server.has_tcp());
  ASSERT_TRUE(server.listen(TcpListener{.host = "127.0.0.1", .port = 0}));
  EXPECT_TRUE(server.has_tcp());
  ASSERT_NE(server.port(), 0);
  ASSERT_TRUE(server.start());
  Client client(server.port());
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(client.next_end());
}

TEST(Sockets, TcpPeersAreLimitedByAddress) {
  for (const bool allowed : {true, false}) {
    ASSERT_EQ(setenv("FCGI_WEB_SERVER_ADDRS", allowed ? "192.0.2.7, 127.0.0.1" : "192.0.2.7", 1), 0);
    Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
    ASSERT_TRUE(server.listen(TcpListener{.host = "127.0.0.1", .port = 0}));
    ASSERT_TRUE(server.start());
    Client client(server.port());
    EXPECT_EQ(client.send(request(1, get)) && client.next_end().has_value(), allowed);
  }
  ASSERT_EQ(setenv("FCGI_WEB_SERVER_ADDRS", "127.0.0.1,nonsense", 1), 0);
  Server server({}, {}, echo);
  EXPECT_FALSE(server.listen(TcpListener{.host = "127.0.0.1", .port = 0}));
  unsetenv("FCGI_WEB_SERVER_ADDRS");
}

TEST(Sockets, AnInheritedSocketIsServedAndItsFileStays) {
  const TempFolder folder;
  const std::string path = folder.file("s");
  Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
  ASSERT_TRUE(server.adopt(listening_socket(path)));
  EXPECT_FALSE(server.has_tcp());
  ASSERT_TRUE(server.start());
  Client client(path);
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(client.next_end());
  server.stop();
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
}

TEST(Sockets, PeersOfAnInheritedSocketAreLimitedByUid) {
  const TempFolder folder;
  Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
  ASSERT_TRUE(server.adopt(listening_socket(folder.file("s")), {getuid() + 1}));
  EXPECT_FALSE(server.adopt(listening_port(INADDR_LOOPBACK), {getuid()}));
  ASSERT_TRUE(server.start());
  Client client(folder.file("s"));
  client.send(request(1, get));
  EXPECT_FALSE(client.next_end());
}

TEST(Sockets, WhatDoesNotListenIsNotAdopted) {
  Server server({}, {}, echo);
  EXPECT_FALSE(server.adopt(-1));
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_FALSE(server.adopt(fd));
  close(fd);
}

TEST(Sockets, AnInheritedTcpSocketBeyondLoopbackNeedsItsPeersNamed) {
  const int open_fd = listening_port(INADDR_ANY);
  Server server({.connections_max = 4, .requests_max = 4}, {{"REQUEST_METHOD"}, {}}, echo);
  EXPECT_FALSE(server.adopt(open_fd));
  const int named_fd = listening_port(INADDR_ANY);
  const std::uint16_t port = port_of(named_fd);
  ASSERT_EQ(setenv("FCGI_WEB_SERVER_ADDRS", "127.0.0.1", 1), 0);
  EXPECT_TRUE(server.adopt(named_fd));
  unsetenv("FCGI_WEB_SERVER_ADDRS");
  EXPECT_TRUE(server.has_tcp());
  ASSERT_TRUE(server.start());
  Client client(port);
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(client.next_end());
}

// Runs in a child process, whose descriptors 0 and 3 are set as at its start.
int inherited_in_child(bool with_pid) {
  const TempFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    dup2(listening_socket(folder.file("zero")), 0);
    dup2(listening_socket(folder.file("three")), 3);
    setenv("LISTEN_FDS", "1", 1);
    setenv("LISTEN_PID", with_pid ? std::to_string(getpid()).c_str() : "1", 1);
    const std::vector<int> expected = with_pid ? std::vector<int>{0, 3} : std::vector<int>{0};
    _exit(inherited_listeners() == expected ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST(Sockets, FindsWhatWasInherited) {
  EXPECT_EQ(inherited_in_child(true), 0);
  EXPECT_EQ(inherited_in_child(false), 0);
}

}  // namespace
}  // namespace twinlock::fastcgi::test
