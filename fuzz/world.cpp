// SPDX-License-Identifier: Apache-2.0
#include "fuzz/world.hpp"

#include <algorithm>
#include <sstream>

#include "adapters/http/cookies.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/http/pass.hpp"
#include "adapters/mail/compose.hpp"
#include "adapters/pages/form_token.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"
#include "fuzz/claim.hpp"

namespace twinlock::fuzz {
namespace {

constexpr const char* key_text =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";
constexpr http::Nonce browser{{1, 2, 3}};
constexpr http::Nonce nonce{{9}};
constexpr std::size_t placeholder_bytes_max = 160;
constexpr std::size_t everything = 1'000;

store::Account account_of(std::string_view name) { return store::Account::from(name).value(); }

void copy_code(const std::string& digits, Code& to) { std::copy_n(digits.begin(), code_digits, to.digit); }

}  // namespace

bool StillEnvironment::clock(Clock& out) {
  const Seconds at = now;
  out = {at, at / step_s};
  return true;
}

bool StillEnvironment::random(std::span<std::uint8_t> out) {
  for (auto& byte : out) {
    const std::uint32_t mixed = (++draws * 0x9E3779B1U ^ 0x5BD1E995U) * 0x85EBCA6BU;
    byte = static_cast<std::uint8_t>(mixed >> 24U);
  }
  return true;
}

World::World()
    : keys_(std::move(*keys::KeyRing::parse(key_text))), service_(store_, keys_, environment_, {}) {
  for (const char* name : {"alice", "carol", "dave"}) enroll(name, true);
  enroll("erin", false);
  Event ask{};
  ask.kind = Kind::request_recovery;
  ask.recovery_code = people_["carol"].recovery;
  people_["carol"].asker = run("carol", ask).asker.value();
  link_ = mailed_link();
  Event reset{};
  reset.kind = Kind::operator_reset;
  reset.replace = true;
  people_["dave"].grant = run("dave", reset).grant.value();
  Event unlock{};
  unlock.kind = Kind::operator_unlock;
  people_["alice"].ticket = run("alice", unlock).ticket.value();
  environment_.now += step_s;  // the codes that set up are spent
  service_.start();
  keep();
  restore();
}

service::Decision World::run(std::string_view account, Event event) {
  const auto result = service_.run(
      {.account = account_of(account), .event = event, .email = std::string(account) + "@example.org"});
  claim(result.has_value() && result->value().verdict == Verdict::accepted);
  return result->value();
}

void World::enroll(const std::string& account, bool confirm) {
  Person& person = people_[account];
  Event event{};
  event.kind = Kind::begin_enrollment;
  person.enrollment = run(account, event).enrollment_id.value();
  const auto pending = service_.pending(account_of(account), person.enrollment);
  const auto& secret = pending.value()->secret.b;
  person.secret.assign(std::begin(secret), std::end(secret));
  if (!confirm) return;
  event.kind = Kind::confirm_enrollment;
  event.enrollment_id = person.enrollment;
  copy_code(reference::totp(person.secret, environment_.now / step_s), event.code);
  const service::Decision decision = run(account, event);
  person.recovery = decision.recovery_code.value();
  person.epoch = decision.epoch;
}

std::string World::mailed_link() const {
  const auto mails = store_.outbox_list(everything);
  for (const store::LeasedMail& leased : *mails) {
    const std::string_view id(reinterpret_cast<const char*>(leased.id.data()), leased.id.size());
    const auto plain =
        keys_.open(keys::SealPurpose::mail, {leased.account.bytes(), 0, id}, leased.sealed).value();
    mail::Message message;
    claim(mail::unpack({reinterpret_cast<const char*>(plain.data()), plain.size()}, message));
    constexpr std::string_view start = "/recover/confirm?token=";
    const auto at = message.text.find(start);
    if (at == std::string::npos) continue;
    const auto from = at + start.size();
    return message.text.substr(from, message.text.find_first_of(" \r\n", from) - from);
  }
  return {};
}

void World::keep() {
  const auto rows = store_.scan("", everything);
  for (const store::ScannedRow& scanned : *rows)
    kept_[scanned.account.bytes()] = {scanned.row, store_.audit_read(scanned.account, 0, everything).value()};
  draws_kept_ = environment_.draws;
}

void World::restore() {
  mend_store();
  const auto rows = store_.scan("", everything);
  for (const store::ScannedRow& scanned : *rows)
    if (!kept_.contains(scanned.account.bytes())) store_.replace_row(scanned.account, std::nullopt);
  for (const auto& [name, kept] : kept_) {
    store_.replace_row(account_of(name), kept.row);
    store_.replace_audit(account_of(name), kept.audit);
  }
  const auto mails = store_.outbox_list(everything);
  for (const store::LeasedMail& mail : *mails) claim(store_.outbox_done(mail.id).has_value());
  environment_.draws = draws_kept_;
  pages_ = std::make_unique<pages::App>(tools_);
  router_ = std::make_unique<daemon::Router>(tools_, *pages_);
}

store::Version World::version(std::string_view account) {
  const auto row = store_.load(account_of(account)).value();
  return row ? row->version : 0;
}

void World::break_store() { store_.break_down(store::StoreErrorKind::unavailable); }

void World::mend_store() { store_.break_down(std::nullopt); }

std::string World::pass(std::string_view account) const {
  if (account != "alice" && account != "carol") return {};
  return http::make_pass(keys_, {account, "", people_.find(account)->second.epoch}, environment_.now,
                         config_.pass.lifetime_s, nonce);
}

std::string World::shown_key(std::string_view account) const {
  const auto person = people_.find(account);
  if (person == people_.end() || account == "dave") return {};
  Secret secret{};
  std::copy_n(person->second.secret.begin(), secret_bytes, secret.b);
  return http::grouped_key(secret);
}

std::string World::form(const std::string& account, const std::string& route) const {
  const std::string subject = account == "link" ? "link:" + link_ : "account:" + account;
  return pages::make_form_token(keys_, {browser, subject, route}, environment_.now, nonce);
}

std::optional<std::string> World::value(const std::vector<std::string>& words) const {
  const std::string& what = words[0];
  if (what == "link" && words.size() == 1) return link_;
  if (what == "browser" && words.size() == 1) return text::to_hex(browser);
  if (words.size() < 2) return std::nullopt;
  const std::string& name = words[1];
  if (what == "form" && words.size() == 3) return form(name, words[2]);
  if (what == "pass" && words.size() == 2) return pass(name);
  const auto found = people_.find(name);
  if (found == people_.end()) return std::nullopt;
  const Person& person = found->second;
  if (what == "code" && words.size() == 3 && words[2].size() <= 2) {
    const bool back = words[2][0] == '-';
    const Step offset = static_cast<Step>(words[2].back() - '0');
    if (offset > 2) return std::nullopt;
    const Step now = environment_.now / step_s;
    return reference::totp(person.secret, back ? now - offset : now + offset);
  }
  if (words.size() > 2) return std::nullopt;
  if (what == "known")
    return http::make_known(keys_, {name, person.epoch}, environment_.now, config_.pass.known_browser_s,
                            nonce);
  if (what == "recovery") return text::format(person.recovery);
  if (what == "ticket") return text::format(person.ticket);
  if (what == "grant") return text::format(person.grant);
  if (what == "asker") return http::token_text(person.asker);
  if (what == "enrollment") return http::token_text(person.enrollment);
  return std::nullopt;
}

std::string World::fill(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const auto close = text.substr(0, placeholder_bytes_max).find('}');
    if (close == std::string_view::npos) {
      out += text.substr(0, 1);
      text.remove_prefix(std::min<std::size_t>(1, text.size()));
      continue;
    }
    std::vector<std::string> words;
    std::istringstream stream(std::string(text.substr(1, close - 1)));
    for (std::string word; stream >> word;) words.push_back(word);
    auto filled = words.empty() ? std::nullopt : value(words);
    if (filled && words[0] == "code") filled->resize(close + 1, '+');  // a blank, which a code may have
    out += filled ? *filled : std::string(text.substr(0, close + 1));
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace twinlock::fuzz
