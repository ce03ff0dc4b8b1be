// SPDX-License-Identifier: Apache-2.0
// K11: no public function leaves a secret, hash, token, epoch, code or HMAC state on the stack below its
// caller. property_tests/erased/run.py runs these tests with each compiler and level, and once more without
// scrub_stack(), where those named there must fail. Uses nothing of the other tests, so that it compiles
// alone.
#include "property_tests/unit/kernel/painted_stack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <random>

#include "kernel/bytes.hpp"
#include "kernel/twinlock.h"
#include "kernel/twinlock.hpp"

namespace twinlock::painted {
namespace {

// What the calls below read and write: off the stack.
struct Desk {
  Record record;
  Event event;
  Situation situation;
  Encoded bytes;
  View seen;
  alignas(Outcome) unsigned char outcome[sizeof(Outcome)];
  twinlock_event c_event;
  twinlock_situation c_situation;
  twinlock_outcome c_outcome;
  twinlock_account_view c_seen;
  bool good;
};
Desk desk;

Outcome& outcome() { return *reinterpret_cast<Outcome*>(desk.outcome); }

void call_handle() { new (desk.outcome) Outcome(handle(desk.record, desk.event, desk.situation)); }
void call_view() {
  new (&desk.seen) View(view(desk.record, desk.situation.clock, desk.event.host_word, desk.situation.rules));
}
void call_encode() { desk.good = encode(desk.record, desk.bytes); }
void call_decode() { desk.good = decode(desk.bytes, desk.record); }
void call_valid() { desk.good = valid(desk.record); }
void call_new_record() { new (&desk.record) Record(new_record()); }
void call_wipe() {
  wipe(desk.record);
  wipe(desk.event);
  wipe(desk.situation.fresh);
  wipe(outcome());
}
void call_c_handle() {
  twinlock_handle(desk.bytes.b, record_bytes, &desk.c_event, &desk.c_situation, &desk.c_outcome);
}
void call_c_view() {
  twinlock_view(desk.bytes.b, record_bytes, &desk.c_situation.clock, desk.c_event.host_word,
                &desk.c_situation.rules, &desk.c_seen);
}
void call_c_new_record() { twinlock_new_record(desk.bytes.b); }
void call_c_wipe() {
  twinlock_wipe(&desk.c_outcome, sizeof desk.c_outcome);
  twinlock_wipe(&desk.c_event, sizeof desk.c_event);
  twinlock_wipe(&desk.c_situation, sizeof desk.c_situation);
}

// What a host would do with an account: it holds the tokens that it was given.
struct Player {
  Record record = new_record();
  Seconds now = 1700000010;
  std::mt19937_64 random{20261124};
  Token recovery_code{}, link{}, asker{}, grant{}, ticket{};

  template <typename T>
  void draw(T& to) {
    for (std::uint8_t& b : to.b) b = static_cast<std::uint8_t>(random());
  }

  [[nodiscard]] Code code(bool right) const {
    const bool pending = record.state == State::enrolling;
    const reference::Bytes key = pending ? reference::Bytes(record.pending.b, record.pending.b + secret_bytes)
                                         : reference::Bytes(record.secret.b, record.secret.b + 64);
    const std::string digits = reference::totp(key, now / step_s);
    Code c{};
    for (std::size_t i = 0; i < code_digits; ++i) c.digit[i] = static_cast<std::uint8_t>(digits[i]);
    if (!right) c.digit[2] = c.digit[2] == '0' ? '1' : '0';
    return c;
  }

  // Sets the desk for one event; with `right` unset every code and token of it is wrong.
  void set(Kind kind, bool right) {
    desk.record = record;
    desk.situation.clock = {now, now / step_s};
    desk.situation.account = AccountTag{{1, 2, 3}};
    Fresh& f = desk.situation.fresh;
    draw(f.secret);
    for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
      draw(*t);
    Event& e = desk.event;
    e = Event{};
    e.kind = kind;
    e.lane = Lane::other;
    e.mailable = true;
    e.replace = true;
    e.has_asker = right;
    e.has_recovery_code = true;
    e.code = code(right);
    e.key_length = totp_key_bytes_max;
    draw(e.key);
    e.enrollment_id = kind == Kind::begin_enrollment ? Token{} : record.enrollment_id;
    e.grant = grant;
    e.ticket = ticket;
    e.recovery_code = recovery_code;
    e.link = link;
    e.asker = asker;
    e.epoch = record.epoch;
    if (!right)
      for (Token* t : {&e.enrollment_id, &e.grant, &e.ticket, &e.recovery_code, &e.asker, &e.epoch}) draw(*t);
  }

  void take() {
    const Outcome& o = outcome();
    const Fresh& f = desk.situation.fresh;
    ASSERT_EQ(o.verdict, Verdict::accepted);
    record = o.record;
    if (desk.event.kind == Kind::confirm_enrollment) recovery_code = f.recovery_code;
    link = f.link, asker = f.asker, grant = f.grant;
    if (desk.event.kind == Kind::operator_unlock) ticket = f.ticket;
  }

  void send(Kind kind) {
    set(kind, true);
    call_handle();
    take();
  }
};

void copy_event() {
  const Event& e = desk.event;
  twinlock_event& c = desk.c_event;
  c = twinlock_event{};
  c.kind = static_cast<std::uint8_t>(e.kind);
  c.lane = static_cast<std::uint8_t>(e.lane);
  c.replace = c.mailable = c.has_recovery_code = 1;
  c.has_asker = e.has_asker ? 1 : 0;
  c.key_length = e.key_length;
  std::memcpy(c.key, e.key.b, sizeof c.key);
  std::memcpy(c.code, e.code.digit, sizeof c.code);
  std::memcpy(c.enrollment_id, e.enrollment_id.b, token_bytes);
  std::memcpy(c.grant, e.grant.b, token_bytes);
  std::memcpy(c.ticket, e.ticket.b, token_bytes);
  std::memcpy(c.recovery_code, e.recovery_code.b, token_bytes);
  std::memcpy(c.link, e.link.b, token_bytes);
  std::memcpy(c.asker, e.asker.b, token_bytes);
  std::memcpy(c.epoch, e.epoch.b, token_bytes);
}

void copy_situation() {
  const Situation& s = desk.situation;
  twinlock_situation& c = desk.c_situation;
  c = twinlock_situation{};
  c.clock = {s.clock.now, s.clock.step};
  std::memcpy(c.account, s.account.b, sizeof c.account);
  std::uint8_t* to = c.fresh;
  std::memcpy(to, s.fresh.secret.b, secret_bytes);
  to += secret_bytes;
  for (const Token* t : {&s.fresh.enrollment_id, &s.fresh.epoch, &s.fresh.recovery_code, &s.fresh.link,
                         &s.fresh.asker, &s.fresh.grant, &s.fresh.ticket}) {
    std::memcpy(to, t->b, token_bytes);
    to += token_bytes;
  }
}

void add_tokens(Secrets& all, const char* whose, std::initializer_list<const Token*> tokens) {
  for (const Token* t : tokens)
    if (!absent(*t)) all.add(std::string(whose) + " token", t->b, token_bytes);
}

void add_record(Secrets& all, const char* whose, const Record& r, Step step) {
  if (!absent(r.secret)) all.add_key(std::string(whose) + " secret", r.secret.b, r.secret_length, step);
  if (!absent(r.pending)) all.add_key(std::string(whose) + " pending", r.pending.b, secret_bytes, step);
  add_tokens(all, whose,
             {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash});
}

// Everything secret on the desk.
Secrets secrets() {
  Secrets all;
  const Step step = desk.situation.clock.step;
  const Event& e = desk.event;
  const Fresh& f = desk.situation.fresh;
  add_record(all, "record's", desk.record, step);
  add_record(all, "next record's", outcome().record, step);
  if (!absent(f.secret)) all.add_key("fresh secret", f.secret.b, secret_bytes, step);
  add_tokens(all, "fresh",
             {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket});
  add_tokens(all, "event's",
             {&e.enrollment_id, &e.grant, &e.ticket, &e.recovery_code, &e.link, &e.asker, &e.epoch});
  if (!absent(e.key)) all.add_key("event's key", e.key.b, e.key_length, step);
  std::uint8_t code[window_bytes] = {};  // as it lies in the event, with what stands before and after it
  std::memcpy(code + 1, e.code.digit, code_digits);
  code[0] = e.key.b[totp_key_bytes_max - 1];
  code[7] = e.enrollment_id.b[0];
  all.add("event's code", code, window_bytes);
  return all;
}

std::size_t deepest_of_all = 0;

// `frames`: what the function and the test's own call may use beside the scrubbed area.
void expect_scrubbed(const Secrets& all, std::size_t frames) {
  EXPECT_EQ(all.found(), "");
  EXPECT_GT(deepest_touched(), stack_bytes_max);           // the paint was where the call ran, and it scrubs
  EXPECT_LT(deepest_touched(), stack_bytes_max + frames);  // nothing ran below the scrubbed area
  deepest_of_all = std::max(deepest_of_all, deepest_touched());
}

struct Setting {
  const char* name;
  Player player;
};

// An account in every state, with a ticket, with an imported key, and enrolling in place of a lost factor.
std::vector<Setting> settings() {
  std::vector<Setting> all;
  Player p;
  all.push_back({"off", p});
  p.send(Kind::begin_enrollment);
  all.push_back({"enrolling", p});
  p.send(Kind::confirm_enrollment);
  all.push_back({"on", p});
  Player recovering = p;
  recovering.send(Kind::request_recovery);
  all.push_back({"recovering", recovering});
  p.send(Kind::operator_unlock);
  all.push_back({"on, with a ticket", p});
  p.send(Kind::operator_reset);
  all.push_back({"replacing", p});
  p.send(Kind::begin_enrollment);
  all.push_back({"enrolling again", p});
  Player imported;
  imported.send(Kind::operator_import);
  all.push_back({"imported", imported});
  for (Setting& s : all) s.player.now += 2 * step_s;
  return all;
}

// Calls with(name, right) for every setting, every kind, and right and wrong codes and tokens.
template <typename With>
void everywhere(With with) {
  for (Setting& s : settings())
    for (unsigned kind = 0; kind < kinds_count; ++kind)
      for (const bool right : {true, false}) {
        SCOPED_TRACE(std::string(s.name) + ", kind " + std::to_string(kind) +
                     (right ? ", right" : ", wrong"));
        s.player.set(static_cast<Kind>(kind), right);
        with();
      }
}

class PaintedStack : public testing::Test {
 protected:
  void SetUp() override {
    if (instrumented) GTEST_SKIP() << "an instrumented stack is another stack";
    desk = Desk{};
  }
};

TEST_F(PaintedStack, HandleLeavesNothing) {
  unsigned accepted = 0;
  everywhere([&accepted] {
    run(call_handle);
    expect_scrubbed(secrets(), 1024);
    if (outcome().verdict == Verdict::accepted) ++accepted;
  });
  EXPECT_GE(accepted, 40U);
  std::printf(
      "figure: painted stack: %u of 240 events accepted, %zu bytes touched, %zu scrubbed among them\n",
      accepted, deepest_of_all, stack_bytes_max);
}

TEST_F(PaintedStack, HandleOfCLeavesNothing) {
  everywhere([] {
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    copy_event();
    copy_situation();
    call_handle();  // what the next record holds, so that it can be searched for
    run(call_c_handle);
    ASSERT_EQ(desk.c_outcome.verdict, static_cast<std::uint8_t>(outcome().verdict));
    expect_scrubbed(secrets(), 5120);
  });
}

TEST_F(PaintedStack, ViewLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    run(call_view);
    ASSERT_TRUE(desk.seen.sound);
    expect_scrubbed(secrets(), 512);
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    copy_situation();
    run(call_c_view);
    ASSERT_EQ(desk.c_seen.sound, 1);
    expect_scrubbed(secrets(), 5120);
  }
}

TEST_F(PaintedStack, EncodeLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    run(call_encode);
    ASSERT_TRUE(desk.good);
    expect_scrubbed(secrets(), 512);
  }
}

TEST_F(PaintedStack, DecodeLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    run(call_decode);
    ASSERT_TRUE(desk.good);
    expect_scrubbed(secrets(), 512);
  }
}

// These hold no secret in memory of their own, and do not scrub.
TEST_F(PaintedStack, WhatDoesNotScrubLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    call_handle();
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    const Secrets all = secrets();
    for (void (*call)() : {call_valid, call_wipe, call_c_wipe, call_new_record, call_c_new_record}) {
      run(call);
      EXPECT_EQ(all.found(), "");
      EXPECT_GT(deepest_touched(), 0U);
    }
  }
}

// A leaky twin of each kind of secret: the search must report it.
std::uint8_t planted[64];
void call_leaky() {
  volatile std::uint8_t area[256];
  for (std::size_t i = 0; i < sizeof planted; ++i) area[i + 64] = planted[i];
  __asm__ volatile("" : : "r"(&area[0]) : "memory");
}

void expect_seen(const std::uint8_t* bytes, std::size_t n) {
  std::memset(planted, paint_byte, sizeof planted);
  run(call_leaky);
  EXPECT_EQ(secrets().found(), "");
  std::memcpy(planted + 3, bytes, n);
  run(call_leaky);
  EXPECT_NE(secrets().found(), "");
}

TEST_F(PaintedStack, TheSearchFindsEachSecret) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    call_handle();
    const Record& r = desk.record;
    if (!absent(r.secret)) expect_seen(r.secret.b + 5, window_bytes);
    if (!absent(r.pending)) expect_seen(r.pending.b + 12, window_bytes);
    for (const Token* t :
         {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash})
      if (!absent(*t)) expect_seen(t->b + 8, window_bytes);
    const std::uint8_t* c = desk.situation.fresh.ticket.b;
    const std::uint8_t turned[] = {c[6], c[5], c[4], c[3], c[10], c[9], c[8], c[7]};
    expect_seen(turned, sizeof turned);
    if (absent(r.secret)) continue;
    reference::Bytes at(8);
    for (std::size_t i = 0; i < 8; ++i)
      at[i] = static_cast<std::uint8_t>(desk.situation.clock.step >> (56 - 8 * i));
    const reference::Bytes mac = reference::hmac_sha1({r.secret.b, r.secret.b + r.secret_length}, at);
    expect_seen(mac.data() + 4, window_bytes);
  }
}

}  // namespace
}  // namespace twinlock::painted
