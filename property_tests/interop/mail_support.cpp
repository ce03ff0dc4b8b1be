// SPDX-License-Identifier: Apache-2.0
#include "property_tests/interop/mail_support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/helper/spawn.hpp"

namespace twinlock::mail::test {
namespace {

constexpr int start_ms_max = 20'000;

// Up to the end of a line.
std::string read_line(int file) {
  std::string line;
  pollfd watched{file, POLLIN, 0};
  for (char c = 0; poll(&watched, 1, start_ms_max) == 1 && read(file, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

Folder::Folder() : path_((std::filesystem::temp_directory_path() / "twinlock-mail-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) std::abort();
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Sink::Sink(std::vector<std::string> options) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
  std::vector<std::string> command{TWINLOCK_PYTHON, TWINLOCK_SMTP_SINK, folder_.path(), "--until-stdin-ends"};
  std::move(options.begin(), options.end(), std::back_inserter(command));
  const auto pid = helper::spawn(command, {input[0], output[1], STDERR_FILENO});
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  if (pid) pid_ = *pid;
  const std::string line = read_line(output[0]);  // "listening on 127.0.0.1:PORT"
  close(output[0]);
  port_ = line.substr(std::min(line.rfind(':') + 1, line.size()));
  EXPECT_FALSE(port_.empty()) << "the SMTP server did not start";
}

Sink::~Sink() {
  close(input_);
  if (pid_ < 0) return;
  helper::wait_for_exit(pid_, 2'000);
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::vector<std::string> Sink::mails() const {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> mails;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::string mail{std::istreambuf_iterator<char>(file), {}};
    std::erase(mail, '\r');
    mails.push_back(std::move(mail));
  }
  return mails;
}

Certificate make_certificate(const Folder& folder) {
  Certificate made{folder.file("certificate.pem"), folder.file("key.pem")};
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const auto pid = helper::spawn(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
       "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
       "-keyout", made.key_file, "-out", made.certificate_file},
      {nothing, nothing, nothing});
  close(nothing);
  int status = -1;
  if (pid) waitpid(*pid, &status, 0);
  EXPECT_EQ(status, 0) << "openssl made no certificate";
  return made;
}

void write_file(const std::string& path, std::string_view text, unsigned mode) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
}

std::string header(const std::string& mail, std::string_view name) {
  const std::string begin = "\n" + std::string(name) + ": ";
  const std::string head = "\n" + mail.substr(0, mail.find("\n\n") + 1);
  const std::size_t at = head.find(begin);
  if (at == std::string::npos) return {};
  const std::size_t value = at + begin.size();
  return head.substr(value, head.find('\n', value) - value);
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace twinlock::mail::test
