// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/mailer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <vector>

#include "adapters/daemon/helper_programs.hpp"

namespace twinlock::daemon {

namespace {

using service::Cause;

constexpr std::chrono::milliseconds look_every{1'000};  // a person waits for the recovery link

bool has_transport(const config::Config& config) {
  return !config.mail.smtp.empty() || !config.mail.sendmail.empty();
}

std::vector<std::string> command_of(const config::Config& config, const std::string& program) {
  const config::Mail& mail = config.mail;
  std::vector<std::string> command{program, "--from", mail.from};
  const auto add = [&](const char* option, const std::string& value) {
    if (value.empty()) return;
    command.emplace_back(option);
    command.push_back(value);
  };
  add("--smtp", mail.smtp);
  if (!mail.smtp.empty()) add("--tls", mail.tls);
  add("--ca-file", config::resolve(config, mail.ca_file));
  add("--user", mail.user);
  add("--password-file", config::resolve(config, mail.password_file));
  if (!mail.sendmail.empty()) {
    command.emplace_back("--");
    command.insert(command.end(), mail.sendmail.begin(), mail.sendmail.end());
  }
  return command;
}

store::Seconds wall_clock() {
  using std::chrono::duration_cast, std::chrono::seconds, std::chrono::system_clock;
  const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
  return now > 0 ? static_cast<store::Seconds>(now) : 0;
}

// What the account's own history should say of its mail; "": nothing.
std::string_view audit_name(mail::PumpEventKind kind) {
  if (kind == mail::PumpEventKind::expired) return "mail_expired";
  if (kind == mail::PumpEventKind::given_up) return "mail_given_up";
  return {};
}

void on_event(service::Service& service, const mail::PumpEvent& event) {
  service::Alarms& alarms = service.alarms();
  const std::string_view account =
      event.account ? std::string_view(event.account->bytes()) : std::string_view();
  switch (event.kind) {
    case mail::PumpEventKind::sent:
    case mail::PumpEventKind::expired:
      break;
    case mail::PumpEventKind::retried:
      alarms.raise(Cause::mail_delayed, event.detail, account);
      break;
    case mail::PumpEventKind::given_up:
      alarms.raise(Cause::mail_given_up, event.detail, account);
      break;
    case mail::PumpEventKind::unopenable:
      alarms.raise(Cause::mail_unopenable, event.detail, account);
      break;
    case mail::PumpEventKind::mailer_ended:
      alarms.raise(Cause::mail_helper, event.detail);
      break;
    case mail::PumpEventKind::store_failed:
      alarms.raise(Cause::store_unavailable, event.detail);
      break;
  }
  const std::string_view name = audit_name(event.kind);
  if (name.empty() || !event.account) return;
  if (!service.note(*event.account, {name, "twinlockd", event.detail}))
    alarms.raise(Cause::audit_lost, name, account);
}

}  // namespace

std::string mail_line(const config::Config& config) {
  if (!config.mail.smtp.empty())
    return fmt::format("through {} (TLS {}) from {}", config.mail.smtp, config.mail.tls, config.mail.from);
  if (!config.mail.sendmail.empty())
    return fmt::format("through {} from {}", fmt::join(config.mail.sendmail, " "), config.mail.from);
  return "waits in the outbox: neither mail.smtp nor mail.sendmail is set";
}

Mailer::Mailer(const config::Config& config, store::Store& store, const keys::KeyRing& keys,
               service::Service& service) {
  if (!has_transport(config)) return;
  const std::string program = mailer_program();
  if (program.empty()) {
    service.alarms().raise(Cause::mail_helper, "twinlock-mailer is neither beside twinlockd nor in PATH");
    return;
  }
  mail::PumpOptions options;
  options.mailer = command_of(config, program);
  options.clock = wall_clock;
  options.on_event = [&service](const mail::PumpEvent& event) { on_event(service, event); };
  options.look_every = look_every;
  pump_ = std::make_unique<mail::Pump>(store, keys, std::move(options));
}

Mailer::~Mailer() { stop(); }

void Mailer::start() {
  if (pump_) pump_->start();
}

void Mailer::stop() {
  if (pump_) pump_->stop();
}

std::optional<mail::PumpMetrics> Mailer::metrics() const {
  if (!pump_) return std::nullopt;
  return pump_->metrics();
}

}  // namespace twinlock::daemon
