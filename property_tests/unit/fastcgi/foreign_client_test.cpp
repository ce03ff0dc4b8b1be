// SPDX-License-Identifier: Apache-2.0
// Tests the server with a client that others wrote: cgi-fcgi of libfcgi.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

struct Ran {
  int status = -1;
  std::string output;
};

// Runs cgi-fcgi against the socket as a web server runs a CGI program: parameters in its environment, body on
// its input.
Ran run_cgi_fcgi(const std::string& path, const std::string& body) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) return {};
  const std::string length = "CONTENT_LENGTH=" + std::to_string(body.size());
  const std::array<const char*, 4> environment{"REQUEST_METHOD=POST", "TWINLOCK_ACCOUNT=bob", length.c_str(),
                                               nullptr};
  const std::array<const char*, 5> arguments{"cgi-fcgi", "-bind", "-connect", path.c_str(), nullptr};
  const pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execvpe("cgi-fcgi", const_cast<char* const*>(arguments.data()),
            const_cast<char* const*>(environment.data()));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  EXPECT_EQ(write(in[1], body.data(), body.size()), static_cast<ssize_t>(body.size()));
  close(in[1]);
  Ran ran;
  std::array<char, 4'096> buffer{};
  for (ssize_t got = 0; (got = read(out[0], buffer.data(), buffer.size())) > 0;)
    ran.output.append(buffer.data(), static_cast<std::size_t>(got));
  close(out[0]);
  waitpid(child, &ran.status, 0);
  return ran;
}

TEST(ForeignClient, CgiFcgiGetsItsAnswer) {
  TestServer server;
  const Ran ran = run_cgi_fcgi(server.path, "code=123456");
  if (WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == 127) GTEST_SKIP() << "cgi-fcgi is not installed";
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.output.starts_with("Status: 200 OK\r\n")) << ran.output;
  EXPECT_TRUE(ran.output.ends_with("\r\n\r\nPOST bob responder fault=0 code=123456")) << ran.output;
}

TEST(ForeignClient, CgiFcgiSendsTooMuchAndGetsItsAnswer) {
  TestServer server;
  const Ran ran = run_cgi_fcgi(server.path, std::string(60'000, 'b'));
  if (WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == 127) GTEST_SKIP() << "cgi-fcgi is not installed";
  EXPECT_TRUE(ran.output.ends_with("POST bob responder fault=1 ")) << ran.output;
}

}  // namespace
}  // namespace twinlock::fastcgi::test
