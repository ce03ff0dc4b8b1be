// SPDX-License-Identifier: Apache-2.0
// What the painted-stack tests call, and for whom: every public function on one desk off the stack, accounts
// in every state, and everything secret on the desk.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <new>
#include <random>

#include "kernel/bytes.hpp"
#include "kernel/twinlock.h"
#include "kernel/twinlock.hpp"
#include "property_tests/unit/kernel/painted_stack.hpp"

namespace twinlock::painted {

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
inline Desk desk;

inline Outcome& outcome() { return *reinterpret_cast<Outcome*>(desk.outcome); }

inline void call_handle() { new (desk.outcome) Outcome(handle(desk.record, desk.event, desk.situation)); }
inline void call_view() {
  new (&desk.seen) View(view(desk.record, desk.situation.clock, desk.event.host_word, desk.situation.rules));
}
inline void call_encode() { desk.good = encode(desk.record, desk.bytes); }
inline void call_decode() { desk.good = decode(desk.bytes, desk.record); }
inline void call_valid() { desk.good = valid(desk.record); }
inline void call_new_record() { new (&desk.record) Record(new_record()); }
inline void call_wipe() {
  wipe(desk.record);
  wipe(desk.event);
  wipe(desk.situation.fresh);
  wipe(outcome());
}
inline void call_c_handle() {
  twinlock_handle(desk.bytes.b, record_bytes, &desk.c_event, &desk.c_situation, &desk.c_outcome);
}
inline void call_c_view() {
  twinlock_view(desk.bytes.b, record_bytes, &desk.c_situation.clock, desk.c_event.host_word,
                &desk.c_situation.rules, &desk.c_seen);
}
inline void call_c_new_record() { twinlock_new_record(desk.bytes.b); }
inline void call_c_wipe() {
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

inline void copy_event() {
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

inline void copy_situation() {
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

inline void add_tokens(Secrets& all, const char* whose, std::initializer_list<const Token*> tokens) {
  for (const Token* t : tokens)
    if (!absent(*t)) all.add(std::string(whose) + " token", t->b, token_bytes);
}

inline void add_record(Secrets& all, const char* whose, const Record& r, Step step) {
  if (!absent(r.secret)) all.add_key(std::string(whose) + " secret", r.secret.b, r.secret_length, step);
  if (!absent(r.pending)) all.add_key(std::string(whose) + " pending", r.pending.b, secret_bytes, step);
  add_tokens(all, whose,
             {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash});
}

// Everything secret on the desk.
inline Secrets secrets() {
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

struct Setting {
  const char* name;
  Player player;
};

// An account in every state, with a ticket, with an imported key, and enrolling in place of a lost factor.
inline std::vector<Setting> settings() {
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
inline void everywhere(With with) {
  for (Setting& s : settings())
    for (unsigned kind = 0; kind < kinds_count; ++kind)
      for (const bool right : {true, false}) {
        SCOPED_TRACE(std::string(s.name) + ", kind " + std::to_string(kind) +
                     (right ? ", right" : ", wrong"));
        s.player.set(static_cast<Kind>(kind), right);
        with();
      }
}

}  // namespace twinlock::painted
