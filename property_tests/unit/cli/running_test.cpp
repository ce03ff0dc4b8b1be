// SPDX-License-Identifier: Apache-2.0
// What a running twinlockd tells its surroundings (systemd, the operator of its mail, the API's users), and
// the keys that let those in.
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>

#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {
namespace {

class Running : public CliTest {
 protected:
  void configure(const std::string& more) {
    std::ofstream(folder_ / "twinlock.toml") << "[site]\ndev = true\n" << more;
    init();
  }

  // A sendmail that takes the mail and ends with `code`; a mail that waits for `age` seconds already.
  void configure_mail(int code, Seconds age) {
    std::ofstream(folder_ / "sendmail.sh") << "#!/bin/sh\ncat > /dev/null\nexit " << code << "\n";
    ASSERT_EQ(run({"chmod", "755", "sendmail.sh"}, folder_.path()).code, 0);
    configure("[mail]\nfrom = \"twinlock@example.org\"\nsendmail = [\"" + folder_ / "sendmail.sh\"]\n");
    Inside(folder_.path(), wall_clock() - age).enroll("alice");  // "enabled" is told by mail
  }

  std::uint64_t mails_waiting() {
    std::uint64_t n = 0;
    for ([[maybe_unused]] auto mail : json({"mail", "list"}).get_array()) ++n;
    return n;
  }
};

// The socket that systemd would listen on.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const timeval at_most{30, 0};
    bound_ = ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
             ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &at_most, sizeof at_most) == 0;
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;
  ~NotifySocket() { ::close(fd_); }
  bool bound() const { return bound_; }
  std::string next() {
    char text[256];
    const ssize_t n = ::recv(fd_, text, sizeof text, 0);
    return n < 0 ? "" : std::string(text, static_cast<std::size_t>(n));
  }

 private:
  int fd_;
  bool bound_ = false;
};

TEST_F(Running, TellsSystemdWhenItIsReady) {
  NotifySocket systemd(folder_ / "notify");
  ASSERT_TRUE(systemd.bound());
  Child daemon({"env", "NOTIFY_SOCKET=" + folder_ / "notify", TWINLOCKD_PROGRAM}, folder_.path());
  EXPECT_NE(systemd.next().find("READY=1"), std::string::npos);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.finish().code, 0);
}

TEST_F(Running, MailThatMustWaitStaysAndTheOperatorIsTold) {
  configure_mail(75, 0);  // EX_TEMPFAIL
  Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("mail_delayed: ")) << daemon.finish().err;
  daemon.signal(SIGTERM);
  const Result end = daemon.finish();
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.err.find("someone@"), std::string::npos) << "no address in the log\n" << end.err;
  EXPECT_EQ(mails_waiting(), 1U);
}

TEST_F(Running, MailThatNobodyTakesIsGivenUpAndAudited) {
  configure_mail(67, 30 * 86400);  // EX_NOUSER
  Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("mail_given_up: ")) << daemon.finish().err;
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.finish().code, 0);
  EXPECT_EQ(mails_waiting(), 0U);
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("mail_given_up"), std::string::npos);
}

TEST_F(Running, TheApiHasListenersOfItsOwn) {
  const std::string port = std::to_string(free_port());
  std::ofstream(folder_ / "s") << "a-long-and-secret-word\n";
  ASSERT_EQ(run({"chmod", "600", "s"}, folder_.path()).code, 0);
  configure(
      "[host]\nsecret_file = \"s\"\n[api]\nkeys_file = \"api.keys\"\nlisten = [\"api.sock\", \"127.0.0.1:" +
      port + "\"]\n");
  const Result check = run({TWINLOCKD_PROGRAM, "--check"}, folder_.path());
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_NE(check.err.find("API at "), std::string::npos) << check.err;
  Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("twinlockd: ready")) << daemon.finish().err;
  EXPECT_TRUE(folder_.has("api.sock"));
  daemon.signal(SIGTERM);
  const Result end = daemon.finish();
  EXPECT_EQ(end.code, 0);
  EXPECT_NE(end.err.find("API at 127.0.0.1:" + port), std::string::npos) << end.err;
}

TEST_F(Running, ApiKeysComeAndGo) {
  configure("[api]\nkeys_file = \"api.keys\"\n");
  EXPECT_NE(cli({"api-key", "list"}).out.find("no keys"), std::string::npos);
  const std::string key = text({"api-key", "add", "--scope", "app", "--name", "shop"}, "key");
  ASSERT_TRUE(key.starts_with("twl_")) << key;
  EXPECT_EQ(folder_.mode("api.keys"), 0600U);
  EXPECT_EQ(text({"api-key", "add", "--scope", "operator", "--name", "desk"}, "scope"), "operator");
  const Result listed = cli({"api-key", "list"});
  EXPECT_NE(listed.out.find("shop"), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find(key), std::string::npos) << "a key is shown once";
  std::vector<std::string> ids;
  for (auto each : json({"api-key", "list"}).get_array()) ids.emplace_back(std::string_view(each["id"]));
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(text({"api-key", "remove", ids[0]}, "name"), "shop");
  EXPECT_EQ(cli({"api-key", "remove", ids[0]}).code, 1);
  EXPECT_EQ(cli({"api-key", "remove", ids[1]}).code, 0);
  EXPECT_NE(cli({"api-key", "list"}).out.find("no keys"), std::string::npos);
}

TEST_F(Running, WithoutAKeysFileThereIsNoApi) {
  configure("[api]\nkeys_file = \"\"\n");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"api-key", "list"},
                                                {"api-key", "add", "--scope", "app"},
                                                {"api-key", "remove", "00000000"}})
    EXPECT_EQ(cli(words).code, 2);
}

}  // namespace
}  // namespace twinlock::test
