// SPDX-License-Identifier: Apache-2.0
#include "property_tests/support/service_world.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

namespace twinlock::service::test {

namespace {

constexpr const char* key_text =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";

std::uint64_t next(std::uint64_t& state) {  // splitmix64
  std::uint64_t z = (state += 0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

Options options_with(Rules rules) {
  Options options;
  options.rules = rules;
  options.issuer = "Example";
  options.contact = "the help desk, room 12";
  options.base_url = "https://login.example.org";
  return options;
}

}  // namespace

bool TestEnvironment::random(std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  if (draws_left == 0) {
    std::fill(out.begin(), out.end(), std::uint8_t{1});  // what a source that fails leaves is anything
    return false;
  }
  if (draws_left > 0) --draws_left;
  for (auto& b : out) b = gives_zeros ? std::uint8_t{0} : static_cast<std::uint8_t>(next(state_));
  drawn_.emplace_back(out.begin(), out.end());
  return true;
}

Account account_of(std::string_view name) { return Account::from(name).value(); }

Code code_of(std::string_view digits) {
  Code code{};
  std::copy_n(digits.begin(), code_digits, code.digit);
  return code;
}

Operation operation_of(const Account& account, Kind kind, Lane lane) {
  Operation operation{.account = account};
  operation.event.kind = kind;
  operation.event.lane = lane;
  operation.source_address = "192.0.2.7";
  return operation;
}

World::World(const std::string& kind, Rules rules, const std::string& path)
    : path_(path), keys_(std::move(*keys::KeyRing::parse(key_text))) {
  if (kind == "memory") {
    auto memory = std::make_unique<store::MemoryStore>();
    memory_ = memory.get();
    store_ = std::move(memory);
  } else {
    if (path_.empty()) {
      std::string name = std::filesystem::temp_directory_path() / "twinlock-service-XXXXXX";
      folder_ = ::mkdtemp(name.data());
      path_ = folder_ + "/twinlock.db";
    }
    sqlite::Options options;
    options.path = path_;
    options.create = path.empty();
    auto opened = sqlite::SqliteStore::open(options);
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
  }
  restart(rules);
}

World::~World() {
  service_.reset();
  store_.reset();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

void World::restart(Rules rules) {
  Options options = options_with(rules);
  options.log = [this](Severity, const std::string& line) {
    const std::lock_guard lock(log_mutex_);
    log_lines_.push_back(line);
  };
  service_ = std::make_unique<Service>(*store_, keys_, environment_, std::move(options));
}

Decision World::run(const Operation& operation) {
  const auto result = service_->run(operation);
  EXPECT_TRUE(result) << "failure " << static_cast<int>(result ? Failure{} : result.error());
  return result ? result->value() : Decision{};
}

Decision World::verify(const Person& person, std::string_view digits, Lane lane, std::string email) {
  auto operation = operation_of(person.account, Kind::verify, lane);
  operation.event.code = code_of(digits);
  operation.email = std::move(email);
  return run(operation);
}

Token World::unlock(const Person& person) {
  auto operation = operation_of(person.account, Kind::operator_unlock);
  operation.operator_name = "eve";
  operation.reason = "called from a known number";
  const auto answer = run(operation);
  EXPECT_TRUE(answer.ticket);
  return answer.ticket.value_or(Token{});
}

Person World::enroll(std::string_view name, std::string email, std::optional<Token> grant) {
  Person person{account_of(name), {}};
  auto begin = operation_of(person.account, Kind::begin_enrollment);
  begin.email = email;
  if (grant) begin.event.grant = *grant;
  const auto begun = run(begin);
  EXPECT_TRUE(begun.enrollment_id);
  if (!begun.enrollment_id) return person;
  const auto pending = service_->pending(person.account, *begun.enrollment_id);
  EXPECT_TRUE(pending && *pending);
  if (!pending || !*pending) return person;
  const auto& secret = (*pending)->secret;
  person.secret.assign(std::begin(secret.b), std::end(secret.b));
  auto confirm = operation_of(person.account, Kind::confirm_enrollment);
  confirm.event.enrollment_id = *begun.enrollment_id;
  confirm.event.code = code_of(code(person));
  confirm.email = std::move(email);
  const auto confirmed = run(confirm);
  EXPECT_EQ(confirmed.verdict, Verdict::accepted);
  EXPECT_TRUE(confirmed.recovery_code);
  if (confirmed.recovery_code) person.recovery_code = *confirmed.recovery_code;
  person.epoch = confirmed.epoch;
  return person;
}

std::string World::code(const Person& person, int offset) const {
  return reference::totp(person.secret, environment_.now / step_s + static_cast<Step>(offset));
}

std::string World::wrong_code(const Person& person) const {
  const std::string right[] = {code(person, -1), code(person, 0), code(person, 1)};
  std::string guess = "000000";
  while (std::find(std::begin(right), std::end(right), guess) != std::end(right)) ++guess.back();
  return guess;
}

std::vector<SentMail> World::mails(const Account& account) {
  std::vector<SentMail> out;
  const auto listed = store_->outbox_list(10'000);
  EXPECT_TRUE(listed);
  for (const auto& leased : *listed) {
    if (leased.account != account) continue;
    const std::string_view id(reinterpret_cast<const char*>(leased.id.data()), leased.id.size());
    const auto plain = keys_.open(keys::SealPurpose::mail, {account.bytes(), 0, id}, leased.sealed);
    SentMail mail;
    EXPECT_TRUE(plain &&
                mail::unpack({reinterpret_cast<const char*>(plain->data()), plain->size()}, mail.message));
    mail.not_after = leased.not_after;
    mail.urgent = leased.urgent;
    mail.destination = leased.destination;
    out.push_back(std::move(mail));
  }
  return out;
}

std::vector<std::string> World::audit(const Account& account) {
  std::vector<std::string> out;
  const auto entries = store_->audit_read(account, 0, 10'000);
  EXPECT_TRUE(entries);
  for (const auto& entry : *entries) out.push_back(entry.body);
  return out;
}

store::Version World::version(const Account& account) {
  const auto row = store_->load(account);
  EXPECT_TRUE(row);
  return row && *row ? (*row)->version : 0;
}

std::optional<LinkToken> link_in(const mail::Message& message) {
  const std::string start = "https://login.example.org/2fa/recover/confirm?token=";
  const auto at = message.text.find(start);
  if (at == std::string::npos) return std::nullopt;
  const auto from = at + start.size();
  return parse_link_token(
      std::string_view(message.text).substr(from, message.text.find_first_of(" \r\n", from) - from));
}

}  // namespace twinlock::service::test
