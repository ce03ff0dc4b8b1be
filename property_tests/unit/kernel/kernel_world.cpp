// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/kernel/kernel_world.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "property_tests/support/reference_totp.hpp"

namespace twinlock {

const char* name(Verdict verdict) {
  static const char* const names[] = {
      "bad_clock",    "bad_record", "bad_entropy",  "malformed", "wrong_state",   "forbidden", "locked",
      "wrong_holder", "waiting",    "proof_needed", "rejected",  "undeliverable", "accepted"};
  return names[static_cast<std::size_t>(verdict)];
}

const char* name(State state) {
  static const char* const names[] = {"off", "enrolling", "on", "recovering", "replacing"};
  return names[static_cast<std::size_t>(state)];
}

void PrintTo(Verdict verdict, std::ostream* out) { *out << name(verdict); }
void PrintTo(State state, std::ostream* out) { *out << name(state); }
void PrintTo(Notice notice, std::ostream* out) {
  static const char* const names[] = {"none",
                                      "enabled",
                                      "disabled",
                                      "recovery_code_renewed",
                                      "recovery_asked",
                                      "recovery_confirmed",
                                      "recovery_cancelled",
                                      "reset",
                                      "ten_failures",
                                      "locked",
                                      "ticket_issued",
                                      "imported"};
  *out << names[static_cast<std::size_t>(notice)];
}

}  // namespace twinlock

namespace twinlock::test {

static std::uint32_t number_at(const TotpKey& key, Step step) {
  return reference::hotp(reference::Bytes(key.b, key.b + totp_key_bytes_max), step);
}

static Code spelled(std::uint32_t value) {
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  return code;
}

TotpKey padded(const Secret& secret) {
  TotpKey key{};
  std::memcpy(key.b, secret.b, secret_bytes);
  return key;
}

Code code_at(const TotpKey& key, Step step) { return spelled(number_at(key, step)); }

Code wrong_code(const TotpKey& key, Step step) {
  std::uint32_t value = 0;
  for (bool again = true; again; value = again ? value + 1 : value) {
    again = false;
    for (Step s = step - 3; s <= step + 3; ++s) again = again || number_at(key, s) == value;
  }
  return spelled(value);
}

Event event(Kind kind, Lane lane) {
  Event e{};
  e.kind = kind;
  e.lane = lane;
  e.mailable = true;
  std::memset(e.code.digit, '0', code_digits);
  return e;
}

Event import_of(std::uint8_t length) {
  Event e = event(Kind::operator_import);
  e.key_length = length;
  for (std::size_t i = 0; i < length && i < totp_key_bytes_max; ++i)
    e.key.b[i] = static_cast<std::uint8_t>(0x40U + i);
  return e;
}

Fresh draw_fresh(std::mt19937_64& random) {
  Fresh f{};
  auto fill = [&random](std::uint8_t* to, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(random());
    to[0] = static_cast<std::uint8_t>(to[0] | 1U);
  };
  fill(f.secret.b, secret_bytes);
  for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
    fill(t->b, token_bytes);
  return f;
}

static bool same_token(const Token& a, const Token& b) { return std::memcmp(a.b, b.b, token_bytes) == 0; }
static bool same_secret(const Secret& a, const Secret& b) { return std::memcmp(a.b, b.b, secret_bytes) == 0; }
static bool same_key(const TotpKey& a, const TotpKey& b) {
  return std::memcmp(a.b, b.b, totp_key_bytes_max) == 0;
}

static bool same_throttle(const Throttle& a, const Throttle& b) {
  return std::memcmp(a.failures, b.failures, sizeof a.failures) == 0 &&
         a.ticket_failures == b.ticket_failures &&
         std::memcmp(a.wait_until, b.wait_until, sizeof a.wait_until) == 0 &&
         a.budget_until == b.budget_until && a.recovery_until == b.recovery_until &&
         a.begin_until == b.begin_until && std::memcmp(a.link_until, b.link_until, sizeof a.link_until) == 0;
}

static bool same_times(const Record& a, const Record& b) {
  return a.seen == b.seen && a.last_step == b.last_step && a.deadline == b.deadline &&
         a.voucher_until == b.voucher_until && a.policy_from == b.policy_from &&
         a.enrolled_at == b.enrolled_at && a.last_used_at == b.last_used_at &&
         a.recovery_drawn_at == b.recovery_drawn_at && a.recovery_saved_at == b.recovery_saved_at;
}

bool same_record(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.policy == b.policy && a.host_word == b.host_word &&
         a.enrollment_failures == b.enrollment_failures && a.ticket_codes == b.ticket_codes &&
         a.secret_length == b.secret_length && same_times(a, b) && same_throttle(a.throttle, b.throttle) &&
         same_key(a.secret, b.secret) && same_secret(a.pending, b.pending) &&
         same_token(a.enrollment_id, b.enrollment_id) && same_token(a.epoch, b.epoch) &&
         same_token(a.recovery_hash, b.recovery_hash) && same_token(a.link_hash, b.link_hash) &&
         same_token(a.asker_hash, b.asker_hash) && same_token(a.voucher_hash, b.voucher_hash);
}

Verdict World::send(const Event& e) {
  fresh = draw_fresh(random);
  out = handle(record, e, {clock(), rules, account, fresh});
  EXPECT_EQ(valid(out.record), valid(record));
  EXPECT_EQ(out.retry_at > 0, out.verdict == Verdict::waiting);
  if (!out.write) {
    EXPECT_TRUE(out.verdict != Verdict::accepted || e.kind == Kind::begin_enrollment);
    EXPECT_TRUE(same_record(out.record, record));
    return out.verdict;
  }
  const bool skewed = now < record.seen && record.seen - now <= 30;
  EXPECT_EQ(out.decided_at, skewed ? record.seen : now);
  EXPECT_EQ(out.record.seen, out.decided_at);
  record = out.record;
  if (out.verdict != Verdict::accepted) return out.verdict;
  if (e.kind == Kind::confirm_enrollment || e.kind == Kind::renew_recovery_code)
    recovery_code = fresh.recovery_code;
  if (e.kind == Kind::request_recovery) link = fresh.link, asker = fresh.asker;
  if (e.kind == Kind::confirm_recovery || e.kind == Kind::operator_reset) grant = fresh.grant;
  if (e.kind == Kind::operator_unlock) ticket = fresh.ticket;
  return out.verdict;
}

TotpKey World::key() const {
  return record.state == State::enrolling ? padded(record.pending) : record.secret;
}

Event World::right(Kind kind, int offset, Lane lane) const {
  Event e = event(kind, lane);
  if (kind == Kind::operator_import) e = import_of(32);
  e.code = code_at(key(), step() + static_cast<Step>(offset));
  e.enrollment_id = record.enrollment_id;
  e.epoch = record.epoch;
  e.grant = grant;
  e.recovery_code = recovery_code;
  e.link = link;
  e.asker = asker;
  e.has_asker = true;
  return e;
}

Event World::wrong(Kind kind, Lane lane) const {
  Event e = right(kind, 0, lane);
  e.code = wrong_code(key(), step());
  return e;
}

Event World::right_by_ticket() const {
  Event e = right(Kind::verify);
  e.ticket = ticket;
  return e;
}

Event World::wrong_by_ticket() const {
  Event e = wrong(Kind::verify);
  e.ticket = ticket;
  return e;
}

Event World::anew() const {
  Event e = right(Kind::begin_enrollment);
  e.enrollment_id = Token{};
  return e;
}

void World::enroll() {
  ASSERT_EQ(send(right(Kind::begin_enrollment)), Verdict::accepted);
  ASSERT_EQ(send(right(Kind::confirm_enrollment)), Verdict::accepted);
  ASSERT_EQ(record.state, State::on);
}

void World::recover() {
  ASSERT_EQ(send(right(Kind::request_recovery)), Verdict::accepted);
  ASSERT_EQ(record.state, State::recovering);
}

void World::fail(unsigned times, Lane lane) {
  for (unsigned i = 0; i < times; ++i) {
    now += see().retry_after_s[static_cast<std::size_t>(lane)];
    ASSERT_EQ(send(wrong(Kind::verify, lane)), Verdict::rejected) << "failure " << i + 1;
  }
}

void World::unlock() {
  ASSERT_EQ(send(event(Kind::operator_unlock)), Verdict::accepted);
  ASSERT_EQ(record.ticket_codes, 5);
}

}  // namespace twinlock::test
