// SPDX-License-Identifier: Apache-2.0
// twinlock-mailer: sends what twinlockd hands it over descriptor 0. It holds no key and opens no database.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "adapters/mail/mailer/sendmail.hpp"
#include "adapters/mail/mailer/serve.hpp"
#include "adapters/mail/mailer/smtp.hpp"
#include "adapters/system/log.hpp"
#include "adapters/system/private_file.hpp"
#include "adapters/system/process.hpp"
#include "adapters/text/mail_address.hpp"

namespace {

using namespace twinlock::mail;
namespace system = twinlock::system;
using Opened = tl::expected<std::unique_ptr<mailer::Transport>, std::string>;

constexpr int exit_settings = 64;  // EX_USAGE

struct Settings {
  std::string smtp;
  std::vector<std::string> command;
  std::string from;
  std::string tls = "required";
  std::string ca_file;
  std::string user;
  std::string password_file;
  unsigned timeout_s = 25;
};

constexpr const char* examples =
    "Examples:\n"
    "  twinlock-mailer --smtp smtp://mail.example.org:587 --from twinlock@example.org \\\n"
    "      --user twinlock --password-file /etc/twinlock/smtp.password\n"
    "  twinlock-mailer --smtp smtp://127.0.0.1:25 --tls none --from twinlock@example.org\n"
    "  twinlock-mailer --from twinlock@example.org -- /usr/sbin/sendmail -t -i\n\n"
    "twinlockd starts it with a socket as standard input; it ends when that does.";

void declare(CLI::App& app, Settings& s) {
  app.footer(examples);
  auto* way = app.add_option_group("way out", "one of");
  way->add_option("--smtp", s.smtp, "smtp://host:port (STARTTLS) or smtps://host:port");
  way->add_option(
      "COMMAND", s.command,
      "program, after --, that reads a message on its standard input, and its arguments; no shell");
  way->require_option(1);
  app.add_option("--from", s.from, "the sender's address")->required();
  app.add_option("--tls", s.tls, "required, or none (to this machine only)")
      ->check(CLI::IsMember({"required", "none"}))
      ->capture_default_str();
  app.add_option("--ca-file", s.ca_file,
                 "PEM file; the server's certificate is checked with it alone; default: the system's")
      ->check(CLI::ExistingFile);
  auto* user = app.add_option("--user", s.user, "name for SMTP AUTH");
  auto* file = app.add_option("--password-file", s.password_file, "file with its password, mode 0600");
  user->needs(file);
  file->needs(user);
  app.add_option("--timeout", s.timeout_s, "seconds for one message")
      ->check(CLI::Range(1U, 27U))
      ->capture_default_str();
}

Opened open_sendmail(const Settings& s) {
  if (s.command.front().empty())
    return tl::unexpected<std::string>("COMMAND must begin with the program's whole path");
  return mailer::sendmail_transport(s.command, std::chrono::seconds(s.timeout_s));
}

Opened open_smtp(const Settings& s) {
  mailer::SmtpOptions options{
      s.smtp, s.tls == "required", s.ca_file, s.user, {}, std::chrono::seconds(s.timeout_s)};
  if (!s.password_file.empty()) {
    auto password = system::read_secret(s.password_file, 1);
    if (!password) return tl::unexpected("--password-file: " + password.error());
    options.password = std::move(*password);
  }
  // A sendmail that is set-gid (Postfix) would not work under this; SMTP needs no other program.
  system::forbid_new_rights();
  return mailer::smtp_transport(std::move(options));
}

int refuse(const std::string& why) {
  system::log(system::LogLevel::error, "twinlock-mailer", why);
  return exit_settings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Sends Twinlock's mail. It holds no key and opens no database.", "twinlock-mailer"};
  Settings settings;
  declare(app, settings);
  CLI11_PARSE(app, argc, argv);
  // Mail holds links that are secret for ten minutes.
  if (!system::forbid_core_dumps()) return refuse("the system does not let core dumps be switched off");
  system::outlive_stray_signals();
  if (!twinlock::text::valid_mail_address(settings.from))
    return refuse("--from must be one plain address like twinlock@example.org");
  const Opened transport = settings.command.empty() ? open_smtp(settings) : open_sendmail(settings);
  if (!transport) return refuse(transport.error());
  return mailer::serve(0, **transport, settings.from);
}
