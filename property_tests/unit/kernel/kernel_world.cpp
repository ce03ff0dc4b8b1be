// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/kernel/kernel_world.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "property_tests/support/reference_totp.hpp"

namespace twinlock {

const char* name(Verdict verdict) {
  static const char* const names[] = {"bad_clock",    "bad_record",   "malformed",     "wrong_state",
                                      "forbidden",    "wrong_holder", "locked",        "waiting",
                                      "proof_needed", "rejected",     "undeliverable", "accepted"};
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
                                      "locked"};
  *out << names[static_cast<std::size_t>(notice)];
}

}  // namespace twinlock

namespace twinlock::test {

static std::uint32_t number_at(const Secret& secret, Step step) {
  return reference::hotp(reference::Bytes(secret.b, secret.b + secret_bytes), step);
}

static Code spelled(std::uint32_t value) {
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  return code;
}

Code code_at(const Secret& secret, Step step) { return spelled(number_at(secret, step)); }

Code wrong_code(const Secret& secret, Step step) {
  std::uint32_t value = 0;
  for (bool again = true; again; value = again ? value + 1 : value) {
    again = false;
    for (Step s = step - 3; s <= step + 3; ++s) again = again || number_at(secret, s) == value;
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

Fresh draw_fresh(std::mt19937_64& random) {
  Fresh f{};
  auto fill = [&random](std::uint8_t* to, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(random());
    to[0] = static_cast<std::uint8_t>(to[0] | 1U);
  };
  fill(f.secret.b, secret_bytes);
  for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant})
    fill(t->b, token_bytes);
  return f;
}

static bool same_token(const Token& a, const Token& b) { return std::memcmp(a.b, b.b, token_bytes) == 0; }
static bool same_secret(const Secret& a, const Secret& b) { return std::memcmp(a.b, b.b, secret_bytes) == 0; }

static bool same_throttle(const Throttle& a, const Throttle& b) {
  return std::memcmp(a.failures, b.failures, sizeof a.failures) == 0 && a.unlock_credit == b.unlock_credit &&
         std::memcmp(a.wait_until, b.wait_until, sizeof a.wait_until) == 0 &&
         a.budget_until == b.budget_until && a.recovery_until == b.recovery_until &&
         std::memcmp(a.link_until, b.link_until, sizeof a.link_until) == 0;
}

bool same_record(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.policy == b.policy &&
         a.enrollment_failures == b.enrollment_failures && a.seen == b.seen &&
         same_throttle(a.throttle, b.throttle) && a.last_step == b.last_step && a.deadline == b.deadline &&
         a.grant_until == b.grant_until && a.enrolled_at == b.enrolled_at &&
         a.last_used_at == b.last_used_at && same_secret(a.secret, b.secret) &&
         same_secret(a.pending, b.pending) && same_token(a.enrollment_id, b.enrollment_id) &&
         same_token(a.epoch, b.epoch) && same_token(a.recovery_hash, b.recovery_hash) &&
         same_token(a.link_hash, b.link_hash) && same_token(a.asker_hash, b.asker_hash) &&
         same_token(a.grant_hash, b.grant_hash);
}

Verdict World::send(const Event& e) {
  fresh = draw_fresh(random);
  out = handle(record, e, {clock(), rules, account, fresh});
  EXPECT_EQ(valid(out.record), valid(record));
  EXPECT_EQ(out.retry_at > 0, out.verdict == Verdict::waiting);
  if (!out.write) {
    EXPECT_NE(out.verdict, Verdict::accepted);
    EXPECT_TRUE(same_record(out.record, record));
    return out.verdict;
  }
  record = out.record;
  EXPECT_EQ(record.seen, now);
  if (out.verdict != Verdict::accepted) return out.verdict;
  if (e.kind == Kind::confirm_enrollment || e.kind == Kind::renew_recovery_code)
    recovery_code = fresh.recovery_code;
  if (e.kind == Kind::request_recovery) link = fresh.link, asker = fresh.asker;
  if (e.kind == Kind::confirm_recovery || e.kind == Kind::operator_reset) grant = fresh.grant;
  return out.verdict;
}

Event World::right(Kind kind, int offset, Lane lane) const {
  Event e = event(kind, lane);
  const Secret& secret = record.state == State::enrolling ? record.pending : record.secret;
  e.code = code_at(secret, step() + static_cast<Step>(offset));
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
  e.code = wrong_code(record.state == State::enrolling ? record.pending : record.secret, step());
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

}  // namespace twinlock::test
