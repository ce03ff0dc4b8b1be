// SPDX-License-Identifier: Apache-2.0
// twinlock-mailer against a real SMTP server and real commands: what it sends, and what it says became of it.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "adapters/mail/mailer_process.hpp"
#include "property_tests/interop/mail_support.hpp"

namespace twinlock::mail::test {
namespace {

using wire::Result;

constexpr const char* text =
    "Gr\xC3\xBC\xC3\x9F"
    "e\n.\n\n-- \nlink https://example.org/2fa?token=geheim\n";

std::string id_of(unsigned number) {
  std::string id(wire::id_characters, '0');
  id.back() = static_cast<char>('0' + number);
  return id;
}

wire::Request request_of(unsigned number) {
  return {id_of(number), "alice@example.org",
          "Gr\xC3\xBC\xC3\x9F"
          "e",
          text};
}

std::vector<std::string> command_of(std::vector<std::string> options) {
  std::vector<std::string> command{TWINLOCK_MAILER, "--from", "twinlock@example.org"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

std::vector<std::string> plain_smtp(const Sink& sink) {
  return {"--smtp", "smtp://127.0.0.1:" + sink.port(), "--tls", "none"};
}

// Hands `count` messages over, closes the input and takes the replies until the mailer ends.
std::map<std::string, wire::Reply> replies_to(const std::vector<std::string>& command, unsigned count,
                                              std::string* end = nullptr) {
  std::map<std::string, wire::Reply> replies;
  auto mailer = MailerProcess::start(command);
  EXPECT_TRUE(mailer) << (mailer ? "" : mailer.error());
  if (!mailer) return replies;
  for (unsigned i = 0; i < count; ++i) mailer->send(request_of(i));
  std::vector<wire::Reply> came;
  pollfd watched{mailer->descriptor(), POLLIN, 0};
  bool alive = mailer->flush();
  mailer->end_input();
  while (alive && poll(&watched, 1, 40'000) == 1) alive = mailer->receive(came);
  for (const wire::Reply& reply : came) {
    EXPECT_EQ(reply.detail.find("geheim"), std::string::npos) << reply.detail;
    EXPECT_TRUE(replies.emplace(reply.id, reply).second) << "two replies to one message";
  }
  const std::string how = mailer->end();
  if (end != nullptr) *end = how;
  return replies;
}

std::map<std::string, wire::Reply> replies_of(const std::vector<std::string>& options, unsigned count,
                                              std::string* end = nullptr) {
  return replies_to(command_of(options), count, end);
}

void expect_all(const std::map<std::string, wire::Reply>& replies, unsigned count, Result result) {
  EXPECT_EQ(replies.size(), count);
  for (const auto& [id, reply] : replies) EXPECT_EQ(reply.result, result) << reply.detail;
}

TEST(SmtpMailer, delivers_and_then_ends_with_its_input) {
  const Sink sink({});
  std::string end;
  expect_all(replies_of(plain_smtp(sink), 1, &end), 1, Result::sent);
  EXPECT_EQ(end, "exit status 0");
  ASSERT_EQ(sink.mails().size(), 1U);
  const std::string mail = sink.mails()[0];
  EXPECT_EQ(header(mail, "X-Envelope-From"), "twinlock@example.org");
  EXPECT_EQ(header(mail, "X-Envelope-To"), "alice@example.org");
  EXPECT_EQ(header(mail, "Subject"), "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=");
  EXPECT_EQ(header(mail, "Message-ID"), "<" + id_of(0) + "@example.org>");
  EXPECT_NE(mail.find("\n\nGr=C3=BC=C3=9Fe\n=2E\n\n--=20\nlink https://example.org/2fa?token=3Dgeheim\n"),
            std::string::npos)
      << mail;
}

TEST(SmtpMailer, carries_more_than_it_has_in_flight) {
  const Sink sink({});
  std::string end;
  expect_all(replies_of(plain_smtp(sink), 10, &end), 10, Result::sent);
  EXPECT_EQ(sink.mails().size(), 10U);
}

TEST(SmtpMailer, a_4xx_reply_is_tried_later) {
  const Sink sink({"--behaviour", "defer"});
  expect_all(replies_of(plain_smtp(sink), 2), 2, Result::retry);
  EXPECT_TRUE(sink.mails().empty());
}

TEST(SmtpMailer, a_5xx_reply_is_final) {
  const Sink sink({"--behaviour", "refuse"});
  expect_all(replies_of(plain_smtp(sink), 2), 2, Result::failed);
}

TEST(SmtpMailer, a_server_that_hangs_is_tried_later_and_delays_no_other_mail) {
  const Sink sink({"--behaviour", "hang"});
  std::vector<std::string> options = plain_smtp(sink);
  options.insert(options.end(), {"--timeout", "1"});
  expect_all(replies_of(options, 8), 8, Result::retry);
}

TEST(SmtpMailer, no_server_is_tried_later) {
  std::string port;
  { port = Sink({}).port(); }
  expect_all(replies_of({"--smtp", "smtp://127.0.0.1:" + port, "--tls", "none"}, 1), 1, Result::retry);
}

TEST(SmtpMailer, an_address_that_is_none_fails_and_reaches_nobody) {
  const Sink sink({});
  auto mailer = MailerProcess::start(command_of(plain_smtp(sink)));
  ASSERT_TRUE(mailer);
  wire::Request request = request_of(0);
  request.to = "alice@example.org> <eve@example.net";
  mailer->send(request);
  ASSERT_TRUE(mailer->flush());
  std::vector<wire::Reply> replies;
  pollfd watched{mailer->descriptor(), POLLIN, 0};
  while (replies.empty() && poll(&watched, 1, 10'000) == 1 && mailer->receive(replies)) {
  }
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].result, Result::failed);
  EXPECT_TRUE(sink.mails().empty());
}

class SmtpOverTls : public testing::Test {
 protected:
  // Requires TLS and trusts the certificate.
  std::vector<std::string> options(const std::string& scheme, const Sink& sink) const {
    return {"--smtp", scheme + "://localhost:" + sink.port(), "--ca-file", made.certificate_file};
  }
  Folder folder;
  Certificate made = make_certificate(folder);
  std::vector<std::string> offered{"--certificate", made.certificate_file, "--key", made.key_file};
};

TEST_F(SmtpOverTls, starttls_with_a_password_from_a_file) {
  offered.insert(offered.end(), {"--login", "twinlock:correct horse"});
  const Sink sink(offered);
  write_file(folder.file("password"), "correct horse\n", 0600);
  std::vector<std::string> with_login = options("smtp", sink);
  with_login.insert(with_login.end(), {"--user", "twinlock", "--password-file", folder.file("password")});
  expect_all(replies_of(with_login, 1), 1, Result::sent);
  EXPECT_EQ(sink.mails().size(), 1U);

  write_file(folder.file("password"), "wrong", 0600);
  with_login.insert(with_login.end(), {"--timeout", "2"});
  const auto replies = replies_of(with_login, 1);
  expect_all(replies, 1, Result::retry);
  EXPECT_EQ(replies.begin()->second.detail, "Login denied");
  EXPECT_EQ(sink.mails().size(), 1U);
}

TEST_F(SmtpOverTls, tls_from_the_first_byte) {
  offered.emplace_back("--tls-at-once");
  const Sink sink(offered);
  expect_all(replies_of(options("smtps", sink), 1), 1, Result::sent);
  EXPECT_EQ(sink.mails().size(), 1U);
}

TEST_F(SmtpOverTls, a_server_that_offers_none_gets_nothing) {
  const Sink sink({});
  expect_all(replies_of(options("smtp", sink), 1), 1, Result::retry);
  EXPECT_TRUE(sink.mails().empty());
}

TEST_F(SmtpOverTls, an_unknown_certificate_gets_nothing) {
  const Sink sink(offered);
  expect_all(replies_of({"--smtp", "smtp://localhost:" + sink.port()}, 1), 1, Result::retry);
  EXPECT_TRUE(sink.mails().empty());
}

// In a mount namespace of its own, where the system trusts the server's certificate.
TEST_F(SmtpOverTls, a_ca_file_is_trusted_alone) {
  const Sink sink(offered);
  const Folder other_folder;
  const Certificate other = make_certificate(other_folder);
  const Folder system;
  const std::string prepare = "cp " + made.certificate_file + " " + system.file("ca.pem") +
                              " && openssl rehash " + system.path() + " && mount --bind " + system.path() +
                              " /etc/ssl/certs && exec \"$@\"";
  const auto replies = [&](std::vector<std::string> more) {
    std::vector<std::string> command{"/usr/bin/unshare", "-Urm", "/bin/sh", "-c", prepare, "sh"};
    for (std::string& word : command_of({"--smtp", "smtp://localhost:" + sink.port()}))
      command.push_back(std::move(word));
    command.insert(command.end(), more.begin(), more.end());
    return replies_to(command, 1);
  };
  expect_all(replies({}), 1, Result::sent);
  expect_all(replies({"--ca-file", other.certificate_file}), 1, Result::retry);
  expect_all(replies({"--ca-file", made.certificate_file}), 1, Result::sent);
}

TEST(Sendmail, gets_the_message_on_its_standard_input) {
  const Folder folder;
  const std::string kept = folder.file("a mail");
  expect_all(replies_of({"--", "/usr/bin/tee", kept}, 1), 1, Result::sent);
  std::ifstream file(kept, std::ios::binary);
  const std::string mail{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(header(mail, "To"), "alice@example.org");
  EXPECT_EQ(mail.find('\r'), std::string::npos);
}

TEST(Sendmail, its_exit_status_says_what_became_of_the_mail) {
  struct Row {
    std::vector<std::string> options;
    Result result;
  };
  for (const Row& row :
       {Row{{"--", "/bin/true"}, Result::sent}, Row{{"--", "/bin/sh", "-c", "exit 75"}, Result::retry},
        Row{{"--", "/bin/sh", "-c", "exit 67"}, Result::failed},
        Row{{"--", "/bin/sh", "-c", "kill -9 $$"}, Result::retry},
        Row{{"--", "/nonexistent/sendmail", "-t"}, Result::retry}}) {
    SCOPED_TRACE(row.options.back());
    expect_all(replies_of(row.options, 1), 1, row.result);
  }
}

TEST(Sendmail, is_killed_when_it_takes_too_long) {
  expect_all(replies_of({"--timeout", "1", "--", "/bin/sleep", "100"}, 2), 2, Result::retry);
}

TEST(Sendmail, inherits_three_descriptors_alone) {
  const char* script = "for n in 3 4 5 6 7 8 9; do test -e /proc/$$/fd/$n && exit 67; done; exit 0";
  expect_all(replies_of({"--", "/bin/sh", "-c", script}, 1), 1, Result::sent);
  const char* leaky = "exec 3</dev/null; test -e /proc/$$/fd/3 && exit 67; exit 0";
  expect_all(replies_of({"--", "/bin/sh", "-c", leaky}, 1), 1, Result::failed);
}

TEST(MailerSettings, what_is_unsafe_or_makes_no_sense_is_refused_at_the_start) {
  const Folder folder;
  write_file(folder.file("open"), "secret", 0644);
  write_file(folder.file("empty"), "\n", 0600);
  using Options = std::vector<std::string>;
  for (const Options& options :
       {Options{}, Options{"--smtp", "smtp://mail.example.org", "--tls", "none"},
        Options{"--smtp", "http://127.0.0.1"}, Options{"--smtp", "smtp://user:word@127.0.0.1"},
        Options{"--smtp", "smtp://127.0.0.1/path"},
        Options{"--smtp", "smtp://127.0.0.1.example.org", "--tls", "none"},
        Options{"--smtp", "smtp://127.999.0.1", "--tls", "none"},
        Options{"--smtp", "smtp://127.0.0.1", "--", "x"}, Options{"--", ""},
        Options{"--smtp", "smtp://127.0.0.1", "--user", "u", "--password-file", folder.file("open")},
        Options{"--smtp", "smtp://127.0.0.1", "--user", "u", "--password-file", folder.file("empty")},
        Options{"--smtp", "smtp://127.0.0.1", "--user", "u"},
        Options{"--smtp", "smtp://127.0.0.1", "--timeout", "60"}}) {
    std::string end;
    EXPECT_TRUE(replies_of(options, 0, &end).empty());
    EXPECT_TRUE(end.starts_with("exit status ") && end != "exit status 0")
        << end << testing::PrintToString(options);
  }
}

TEST(MailerProtocol, nonsense_ends_it) {
  const Sink sink({});
  auto mailer = MailerProcess::start(command_of(plain_smtp(sink)));
  ASSERT_TRUE(mailer);
  const std::string nonsense = helper::frame("{\"id\":1}");
  ASSERT_EQ(write(mailer->descriptor(), nonsense.data(), nonsense.size()),
            static_cast<ssize_t>(nonsense.size()));
  std::vector<wire::Reply> replies;
  pollfd watched{mailer->descriptor(), POLLIN, 0};
  ASSERT_EQ(poll(&watched, 1, 10'000), 1);
  EXPECT_FALSE(mailer->receive(replies));
  EXPECT_EQ(mailer->end(), "exit status 2");
}

}  // namespace
}  // namespace twinlock::mail::test
