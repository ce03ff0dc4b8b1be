// SPDX-License-Identifier: Apache-2.0
// The shipped code against vectors.json, which a second implementation computed (reference.py): every key
// derivation, MAC, hash and encoding, and sealed rows and mail that must open.
//
// With TWINLOCK_SEAL=1 the two sealed examples are printed, sealed anew, for vectors.json.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "adapters/api/key_file.hpp"
#include "adapters/http/pass.hpp"
#include "adapters/mail/compose.hpp"
#include "adapters/pages/form_token.hpp"
#include "adapters/service/audit.hpp"
#include "adapters/service/prepare.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"
#include "kernel/digest.hpp"

namespace twinlock {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr Seconds now_s = 1700000010;

Bytes unhex(std::string_view hex) {
  Bytes out(hex.size() / 2);
  if (!text::from_hex(hex, out)) throw std::invalid_argument("vectors.json: not hexadecimal");
  return out;
}

// Bytes that count up from `first`.
template <typename T>
T run(std::uint8_t first) {
  T out{};
  for (std::size_t i = 0; i < sizeof out; ++i)
    reinterpret_cast<std::uint8_t*>(&out)[i] = static_cast<std::uint8_t>(first + i);
  return out;
}

class Formats : public testing::Test {
 protected:
  Formats() {
    if (parser_.load(VECTORS).get(root_) != simdjson::SUCCESS)
      throw std::runtime_error("cannot read vectors.json");
    keys_.emplace(keys::KeyRing::parse(text("key_file")).value());
    account_.emplace(store::Account::from(text("account")).value());
  }

  std::string text(std::string_view name) const { return std::string(std::string_view(root_[name])); }
  std::string text(std::string_view name, std::string_view inner) const {
    return std::string(std::string_view(root_[name][inner]));
  }
  simdjson::dom::element root() const { return root_; }
  const keys::KeyRing& keys() const { return *keys_; }
  const store::Account& account() const { return *account_; }

  service::Profile profile() const {
    service::Profile out;
    out.record = record("recovering");
    out.audit_head = run<store::Digest>(3);
    out.audit_sequence = 258;
    out.language = text::Language::german;
    out.address = "demo@example.org";
    return out;
  }

  // A record of vectors.json, field by field.
  Record record(std::string_view name) const;

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  std::optional<keys::KeyRing> keys_;
  std::optional<store::Account> account_;
};

// Copies a field of bytes; what vectors.json leaves out stays zero.
void fill(std::uint8_t* out, std::size_t size, const std::map<std::string, Bytes>& bytes,
          const std::string& name) {
  const auto found = bytes.find(name);
  if (found != bytes.end()) std::copy_n(found->second.begin(), std::min(size, found->second.size()), out);
}

Record Formats::record(std::string_view name) const {
  std::map<std::string, std::uint64_t> numbers;
  std::map<std::string, Bytes> bytes;
  for (const auto field : simdjson::dom::object(root_["records"][name])) {
    if (field.key == "encoded") continue;
    if (field.value.is_string()) {
      bytes[std::string(field.key)] = unhex(std::string_view(field.value));
    } else {
      numbers[std::string(field.key)] = std::uint64_t(field.value);
    }
  }
  const auto small = [&](const std::string& key) { return static_cast<std::uint8_t>(numbers[key]); };
  Record r = new_record();
  r.state = static_cast<State>(small("state"));
  r.before = static_cast<State>(small("before"));
  r.policy = static_cast<Policy>(small("policy"));
  r.host_word = static_cast<HostWord>(small("host_word"));
  r.enrollment_failures = small("enrollment_failures");
  r.throttle.failures[0] = small("failures_0");
  r.throttle.failures[1] = small("failures_1");
  r.throttle.ticket_failures = small("ticket_failures");
  r.ticket_codes = small("ticket_codes");
  r.secret_length = small("secret_length");
  r.seen = numbers["seen"];
  r.last_step = numbers["last_step"];
  r.throttle.wait_until[0] = numbers["wait_until_0"];
  r.throttle.wait_until[1] = numbers["wait_until_1"];
  r.throttle.budget_until = numbers["budget_until"];
  r.throttle.recovery_until = numbers["recovery_until"];
  r.throttle.begin_until = numbers["begin_until"];
  for (std::size_t i = 0; i < links_count; ++i)
    r.throttle.link_until[i] = numbers["link_until_" + std::to_string(i)];
  r.deadline = numbers["deadline"];
  r.voucher_until = numbers["voucher_until"];
  r.policy_from = numbers["policy_from"];
  r.enrolled_at = numbers["enrolled_at"];
  r.last_used_at = numbers["last_used_at"];
  r.recovery_drawn_at = numbers["recovery_drawn_at"];
  r.recovery_saved_at = numbers["recovery_saved_at"];
  fill(r.secret.b, totp_key_bytes_max, bytes, "secret");
  fill(r.pending.b, secret_bytes, bytes, "pending");
  fill(r.enrollment_id.b, token_bytes, bytes, "enrollment_id");
  fill(r.epoch.b, token_bytes, bytes, "epoch");
  fill(r.recovery_hash.b, token_bytes, bytes, "recovery_hash");
  fill(r.link_hash.b, token_bytes, bytes, "link_hash");
  fill(r.asker_hash.b, token_bytes, bytes, "asker_hash");
  fill(r.voucher_hash.b, token_bytes, bytes, "voucher_hash");
  return r;
}

TEST_F(Formats, each_record_encodes_to_its_bytes_and_back) {
  for (const char* name : {"recovering", "enrolling"}) {
    const std::string bytes(std::string_view(root()["records"][name]["encoded"]));
    Encoded out;
    ASSERT_TRUE(encode(record(name), out)) << name;
    EXPECT_EQ(text::to_hex(out.b), bytes) << name;
    Record back;
    ASSERT_TRUE(decode(out, back)) << name;
    Encoded again;
    ASSERT_TRUE(encode(back, again));
    EXPECT_EQ(text::to_hex(again.b), bytes) << name;
  }
}

TEST_F(Formats, each_digest_is_over_purpose_account_binding_and_value) {
  const AccountTag tag = service::account_tag(account());
  EXPECT_EQ(text::to_hex(tag.b), text("account_tag"));
  const std::pair<const char*, Purpose> purposes[] = {{"recovery_code", Purpose::recovery_code},
                                                      {"link", Purpose::link},
                                                      {"asker", Purpose::asker},
                                                      {"grant", Purpose::grant},
                                                      {"ticket", Purpose::ticket}};
  for (const auto& [name, purpose] : purposes) {
    const Token hash = digest(purpose, tag, run<Token>(60), run<Token>(160));
    EXPECT_EQ(text::to_hex(hash.b), text("digests", name)) << name;
  }
}

TEST_F(Formats, each_mac_is_under_its_subkey) {
  const std::pair<const char*, keys::MacPurpose> purposes[] = {
      {"pass", keys::MacPurpose::pass},
      {"known_browser", keys::MacPurpose::known_browser},
      {"form", keys::MacPurpose::form}};
  const std::string message = "message";
  for (const auto& [name, purpose] : purposes) {
    const auto mac = keys().mac(purpose, Bytes(message.begin(), message.end()));
    EXPECT_EQ(text::to_hex(mac), text("subkeys_mac", name)) << name;
  }
}

TEST_F(Formats, cookies_and_form_tokens) {
  const auto nonce = run<http::Nonce>(20);
  const auto epoch = run<Token>(60);
  EXPECT_EQ(http::make_pass(keys(), {account().bytes(), "session", epoch}, now_s, 43200, nonce),
            text("pass"));
  EXPECT_TRUE(
      http::check_pass(keys(), {account().bytes(), "session", epoch}, now_s + 43199, 43200, text("pass")));
  constexpr Seconds known_s = 90 * 86400;
  EXPECT_EQ(http::make_known(keys(), {account().bytes(), epoch}, now_s, known_s, nonce),
            text("known_browser"));
  EXPECT_TRUE(http::check_known(keys(), {account().bytes(), epoch}, now_s, known_s, text("known_browser")));
  const pages::FormFacts form{nonce, "account:demo@example.org", "/challenge"};
  EXPECT_EQ(pages::make_form_token(keys(), form, now_s, nonce), text("form_token"));
  EXPECT_EQ(pages::check_form_token(keys(), form, now_s, text("form_token")), nonce);
}

TEST_F(Formats, what_people_and_mails_carry) {
  const auto token = run<Token>(160);
  EXPECT_EQ(service::link_token(account(), token), text("link_token"));
  EXPECT_EQ(text::format(token), text("recovery_code"));
  const auto read = text::parse(text("recovery_code"));
  ASSERT_TRUE(read);
  EXPECT_EQ(text::to_hex(read->b), text::to_hex(token.b));
  EXPECT_EQ(text::to_hex(api::hash_of("example")), text("api_key_hash"));
}

TEST_F(Formats, the_audit_chain_and_the_mail) {
  EXPECT_EQ(text::to_hex(service::audit_hash(run<store::Digest>(9), 258, text("audit_body"))),
            text("audit_hash"));
  service::AuditFacts facts;
  facts.time = now_s;
  facts.event = "verify";
  facts.verdict = "accepted";
  EXPECT_EQ(service::audit_body(facts), text("audit_body"));
  const std::string packed = mail::pack({"demo@example.org", "Ein Gruß", "line\nline\n"});
  EXPECT_EQ(text::to_hex(Bytes(packed.begin(), packed.end())), text("mail"));
}

TEST_F(Formats, a_row_holds_record_audit_head_language_and_address) {
  EXPECT_EQ(text::to_hex(service::encode_profile(profile())), text("profile"));
  service::Profile back;
  ASSERT_TRUE(service::decode_profile(unhex(text("profile")), back));
  EXPECT_EQ(back.address, profile().address);
  EXPECT_EQ(back.audit_sequence, 258U);
}

TEST_F(Formats, what_was_sealed_by_this_version_opens) {
  const Bytes row = unhex(text("profile"));
  const Bytes mail = unhex(text("mail"));
  const auto id = run<store::MailId>(70);
  const keys::Binding of_row{account().bytes(), 41, {}};
  const keys::Binding of_mail{account().bytes(), 0, {reinterpret_cast<const char*>(id.data()), id.size()}};
  if (std::getenv("TWINLOCK_SEAL") != nullptr)
    std::cout << "\"sealed_record\": \"" << text::to_hex(keys().seal(keys::SealPurpose::record, of_row, row))
              << "\",\n\"sealed_mail\": \""
              << text::to_hex(keys().seal(keys::SealPurpose::mail, of_mail, mail)) << "\"\n";
  const auto opened = keys().open(keys::SealPurpose::record, of_row, unhex(text("sealed_record")));
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, row);
  const auto letter = keys().open(keys::SealPurpose::mail, of_mail, unhex(text("sealed_mail")));
  ASSERT_TRUE(letter);
  EXPECT_EQ(*letter, mail);
  EXPECT_FALSE(keys().open(keys::SealPurpose::mail, of_row, unhex(text("sealed_record"))));
}

}  // namespace

}  // namespace twinlock
