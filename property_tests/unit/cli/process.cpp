// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/cli/process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace twinlock::test {

namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto wait_max = std::chrono::seconds(30);

void close_if_open(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& folder) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("pipe");
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out[1], 1);
  posix_spawn_file_actions_adddup2(&files, err[1], 2);
  posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
  const int error = ::posix_spawnp(&pid_, words[0], &files, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (error != 0) throw std::runtime_error("cannot start " + command[0]);
}

Child::~Child() {
  if (!code_) {
    ::kill(pid_, SIGKILL);
    reap();
  }
  close_if_open(out_);
  close_if_open(err_);
}

void Child::signal(int number) const {
  if (!code_) ::kill(pid_, number);
}

// False: both ends are closed.
bool Child::read_some(int wait_ms) {
  std::array<pollfd, 2> watched{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  ::poll(watched.data(), watched.size(), wait_ms);
  std::array<char, 65536> piece{};
  for (std::size_t i = 0; i < watched.size(); ++i) {
    if ((watched[i].revents & (POLLIN | POLLHUP)) == 0) continue;
    const ssize_t got = ::read(watched[i].fd, piece.data(), piece.size());
    if (got > 0) (i == 0 ? result_.out : result_.err).append(piece.data(), static_cast<std::size_t>(got));
    if (got <= 0) close_if_open(i == 0 ? out_ : err_);
  }
  return true;
}

void Child::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Child::wait_for(const std::string& word) {
  const auto deadline = SteadyClock::now() + wait_max;
  while (result_.err.find(word) == std::string::npos) {
    if (SteadyClock::now() > deadline || !read_some(100)) return false;
  }
  return true;
}

Result Child::finish() {
  const auto deadline = SteadyClock::now() + wait_max;
  while (read_some(100)) {
    if (SteadyClock::now() > deadline) ::kill(pid_, SIGKILL);
  }
  if (!code_) reap();
  result_.code = *code_;
  return result_;
}

Result run(const std::vector<std::string>& command, const std::string& folder) {
  return Child(command, folder).finish();
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  const bool got = ::bind(fd, where, size) == 0 && ::getsockname(fd, where, &size) == 0;
  ::close(fd);
  if (!got) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

Folder::Folder() {
  path_ = (std::filesystem::temp_directory_path() / "twinlock-cli-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp");
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

unsigned Folder::mode(const std::string& name) const {
  struct stat st {};
  if (::lstat((path_ + "/" + name).c_str(), &st) != 0) return 07777U;
  return st.st_mode & 07777U;
}

}  // namespace twinlock::test
