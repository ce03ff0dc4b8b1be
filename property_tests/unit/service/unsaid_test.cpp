// SPDX-License-Identifier: Apache-2.0
// K20: no secret, code, recovery code, token, grant or pass in an audit entry, and none in a mail but the
// link's own token.
#include "adapters/text/crockford.hpp"
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

std::string hex(const reference::Bytes& bytes) {
  std::string out;
  for (const std::uint8_t b : bytes) {
    out += "0123456789abcdef"[b >> 4];
    out += "0123456789abcdef"[b & 15];
  }
  return out;
}

std::string in_base(const reference::Bytes& bytes, std::string_view alphabet, unsigned bits) {
  std::string out;
  unsigned held = 0, count = 0;
  for (const std::uint8_t b : bytes) {
    held = held << 8 | b;
    count += 8;
    for (; count >= bits; count -= bits) out += alphabet[(held >> (count - bits)) & ((1U << bits) - 1)];
    held &= 0xFF;
  }
  return out;  // without the last, partial symbol: it depends on what follows
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string without_hyphens(std::string text) {
  std::erase(text, '-');
  return text;
}

// Returns every usual spelling of some bytes. Texts are compared without case and hyphens.
std::vector<std::string> spellings(const reference::Bytes& bytes) {
  std::vector<std::string> out = {
      std::string(bytes.begin(), bytes.end()),
      hex(bytes),
      in_base(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5),
      in_base(bytes, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 5),
      in_base(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6),
      in_base(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6)};
  if (bytes.size() == token_bytes) {
    Token token;
    std::copy(bytes.begin(), bytes.end(), token.b);
    out.push_back(text::format(token));
  }
  for (auto& text : out) text = without_hyphens(lower(text));
  return out;
}

bool says(const std::string& text, const reference::Bytes& secret) {
  const auto plain = without_hyphens(lower(text));
  for (const auto& spelling : spellings(secret))
    if (plain.find(spelling) != std::string::npos) return true;
  return false;
}

class Unsaid : public testing::Test {
 protected:
  // Does everything that a person and an operator can do, once.
  void live() {
    alice = world.enroll("alice", "alice@example.org");
    codes.push_back(world.code(alice));
    world.pass_time(60);
    codes.push_back(world.code(alice));
    world.verify(alice, codes.back(), Lane::known, "alice@example.net");
    world.verify(alice, world.wrong_code(alice));
    auto renew = operation_of(alice.account, Kind::renew_recovery_code);
    codes.push_back(world.code(alice, 1));
    renew.event.code = code_of(codes.back());
    alice.recovery_code = world.run(renew).recovery_code.value();
    auto ask = operation_of(alice.account, Kind::request_recovery);
    ask.event.recovery_code = alice.recovery_code;
    world.run(ask);
    asked = link_in(world.mails(alice.account).back().message).value();
    auto confirm = operation_of(alice.account, Kind::confirm_recovery);
    confirm.event.link = asked.link;
    confirm.event.has_recovery_code = true;
    confirm.event.recovery_code = alice.recovery_code;
    EXPECT_EQ(world.run(confirm).verdict, Verdict::accepted);
    auto reset = operation_of(alice.account, Kind::operator_reset);
    reset.event.replace = true;
    reset.reason = "test";
    EXPECT_TRUE(world.run(reset).grant);
  }

  World world{"memory"};
  Person alice{account_of("alice"), {}};
  LinkToken asked{account_of("alice"), {}};
  std::vector<std::string> codes;
};

TEST_F(Unsaid, k20_the_search_finds_what_is_there) {
  const reference::Bytes secret = {1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255, 7, 8, 9, 10, 11};
  for (const auto& text : spellings(secret)) EXPECT_TRUE(says("before " + text + " after", secret));
  EXPECT_FALSE(says("before after", secret));
}

TEST_F(Unsaid, k20_no_drawn_byte_is_in_an_audit_entry) {
  live();
  for (const auto& body : world.audit(alice.account)) {
    for (const auto& drawn : world.environment().drawn()) EXPECT_FALSE(says(body, drawn)) << body;
    for (const auto& code : codes) EXPECT_EQ(body.find('"' + code), std::string::npos) << body;
  }
}

TEST_F(Unsaid, k20_no_drawn_byte_but_the_link_is_in_a_mail) {
  live();
  const reference::Bytes link(std::begin(asked.link.b), std::end(asked.link.b));
  int links = 0;
  for (const auto& [message, not_after, urgent, destination] : world.mails(alice.account)) {
    for (const auto& drawn : world.environment().drawn()) {
      const bool said = says(message.text, drawn) || says(message.subject, drawn);
      if (said && drawn == link) ++links;
      EXPECT_TRUE(!said || drawn == link) << message.subject;
    }
    for (const auto& code : codes) EXPECT_EQ(message.text.find(code), std::string::npos);
  }
  EXPECT_EQ(links, 1);
}

TEST_F(Unsaid, k20_nothing_drawn_or_known_lies_open_in_the_store) {
  live();
  const auto row = **world.store().load(alice.account);
  const std::string sealed(row.sealed.begin(), row.sealed.end());
  for (const auto& drawn : world.environment().drawn())
    EXPECT_EQ(sealed.find(std::string(drawn.begin(), drawn.end())), std::string::npos);
  EXPECT_EQ(sealed.find("example"), std::string::npos);
  const auto listed = world.store().outbox_list(100);
  for (const auto& mail : *listed)
    EXPECT_EQ(std::string(mail.sealed.begin(), mail.sealed.end()).find("example"), std::string::npos);
}

TEST_F(Unsaid, a_refusal_gives_no_token) {
  alice = world.enroll("alice", "alice@example.org");
  const auto answer = world.verify(alice, world.wrong_code(alice));
  EXPECT_TRUE(same(answer.epoch, Token{}));
  EXPECT_FALSE(answer.enrollment_id || answer.recovery_code || answer.asker || answer.grant);
  EXPECT_EQ(answer.masked_email, "");
}

}  // namespace

}  // namespace twinlock::service::test
