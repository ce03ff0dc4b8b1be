// SPDX-License-Identifier: Apache-2.0
// handle() as a whole: every event that proves something, with what is right and with what is wrong, and
// every secret of record, event and fresh randomness undefined.
#include "property_tests/constant_time/cases.hpp"
#include "property_tests/constant_time/secrets.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::ct {
namespace {

using test::World;

void make_secrets(Record& r) {
  make_secret(r.secret);
  make_secret(r.pending);
  for (Token* t :
       {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash})
    make_secret(*t);
}

void make_secrets(Event& e) {
  make_secret(e.code);
  make_secret(e.key);
  for (Token* t : {&e.enrollment_id, &e.grant, &e.ticket, &e.recovery_code, &e.link, &e.asker, &e.epoch})
    make_secret(*t);
}

void make_secrets(Fresh& f) {
  make_secret(f.secret);
  for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
    make_secret(*t);
}

// All that is not a secret: it may go into the answer, the store's columns, the audit.
std::string leaked(const Outcome& o) {
  const Record& r = o.record;
  if (depends_on_secret(o.verdict) || depends_on_secret(o.notice) || depends_on_secret(o.write) ||
      depends_on_secret(o.clock_went_back) || depends_on_secret(o.retry_at) || depends_on_secret(o.step) ||
      depends_on_secret(o.by_ticket) || depends_on_secret(o.decided_at))
    return "the outcome depends on a secret";
  if (depends_on_secret(r.state) || depends_on_secret(r.before) || depends_on_secret(r.policy) ||
      depends_on_secret(r.enrollment_failures) || depends_on_secret(r.seen) ||
      depends_on_secret(r.last_step) || depends_on_secret(r.deadline) || depends_on_secret(r.voucher_until) ||
      depends_on_secret(r.enrolled_at) || depends_on_secret(r.last_used_at) ||
      depends_on_secret(r.host_word) || depends_on_secret(r.policy_from) ||
      depends_on_secret(r.ticket_codes) || depends_on_secret(r.secret_length) ||
      depends_on_secret(r.recovery_drawn_at) || depends_on_secret(r.recovery_saved_at))
    return "a public field of the record depends on a secret";
  const Throttle& t = r.throttle;
  if (depends_on_secret(t.failures) || depends_on_secret(t.ticket_failures) ||
      depends_on_secret(t.wait_until) || depends_on_secret(t.budget_until) ||
      depends_on_secret(t.recovery_until) || depends_on_secret(t.begin_until) ||
      depends_on_secret(t.link_until))
    return "the throttle depends on a secret";
  return "";
}

std::string ran(World w, Event e, Verdict expected) {
  Fresh fresh = test::draw_fresh(w.random);
  make_secrets(w.record);
  make_secrets(e);
  make_secrets(fresh);
  const Outcome o = handle(w.record, e, {w.clock(), w.rules, w.account, fresh});
  if (std::string fault = leaked(o); !fault.empty()) return fault;
  if (o.verdict != expected) return std::string("gave ") + name(o.verdict) + " instead of " + name(expected);
  const bool has_secret = o.record.state == State::on || o.record.state == State::recovering;
  if (has_secret && !depends_on_secret(o.record.secret)) return "the secret was none: nothing was watched";
  if (o.record.state == State::enrolling && !depends_on_secret(o.record.pending))
    return "the pending secret was none";
  return "";
}

struct Worlds {
  World enrolling, on, recovering, replacing, imported;

  Worlds() {
    on.enroll();
    on.now += 300;
    on.record.seen = on.now;
    enrolling.send(enrolling.right(Kind::begin_enrollment));
    recovering = on;
    recovering.recover();
    Event reset = test::event(Kind::operator_reset);
    reset.replace = true;
    replacing = on;
    replacing.send(reset);
    imported.send(test::import_of(64));
    imported.now += 300;
    imported.record.seen = imported.now;
  }
};

void spoil(Token& t) { t.b[token_bytes - 1] ^= 1U; }  // agrees up to its last byte

std::vector<Case> all;

void add(const std::string& title, const World& w, const Event& e, Verdict verdict) {
  all.push_back({title, [w, e, verdict] { return ran(w, e, verdict); }});
}

void add_codes(const Worlds& worlds) {
  const World& on = worlds.on;
  for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
    const std::string which = "code kind " + std::to_string(static_cast<unsigned>(kind));
    for (int offset = -1; offset <= 1; ++offset)
      add(which + " right, step " + std::to_string(offset), on, on.right(kind, offset), Verdict::accepted);
    add(which + " wrong", on, on.wrong(kind), Verdict::rejected);
    World spent = on;
    spent.record.last_step = on.step();
    add(which + " spent", spent, on.right(kind), Verdict::rejected);
    Event letters = on.right(kind);
    letters.code.digit[code_digits - 1] = 'x';
    add(which + " no digit", on, letters, Verdict::malformed);
  }
  const World& imported = worlds.imported;
  add("code of a 64-byte key right", imported, imported.right(Kind::verify), Verdict::accepted);
  add("code of a 64-byte key wrong", imported, imported.wrong(Kind::verify), Verdict::rejected);
  add("code while recovering", worlds.recovering, worlds.recovering.right(Kind::verify), Verdict::accepted);
  const World& w = worlds.enrolling;
  add("code confirms", w, w.right(Kind::confirm_enrollment), Verdict::accepted);
  add("code does not confirm", w, w.wrong(Kind::confirm_enrollment), Verdict::rejected);
}

void add_enrollments(const Worlds& worlds) {
  const World& w = worlds.enrolling;
  for (const Kind kind : {Kind::confirm_enrollment, Kind::cancel_enrollment}) {
    Event stranger = w.right(kind);
    spoil(stranger.enrollment_id);
    add("token enrollment id wrong", w, stranger, Verdict::wrong_holder);
  }
  add("token enrollment id right", w, w.right(Kind::cancel_enrollment), Verdict::accepted);
  const World& lost = worlds.replacing;
  Event begin = lost.right(Kind::begin_enrollment);
  add("token grant right", lost, begin, Verdict::accepted);
  spoil(begin.grant);
  add("token grant wrong", lost, begin, Verdict::wrong_holder);
}

// A lane that waits: only the ticket decides whether the digits are looked at.
void add_tickets(const Worlds& worlds) {
  World w = worlds.on;
  w.record.throttle.failures[1] = 20;
  w.record.throttle.wait_until[1] = w.now + 3600;
  w.send(test::event(Kind::operator_unlock));
  add("code with a ticket right", w, w.right_by_ticket(), Verdict::accepted);
  add("code with a ticket wrong", w, w.wrong_by_ticket(), Verdict::rejected);
  Event e = w.right_by_ticket();
  spoil(e.ticket);
  add("token ticket wrong", w, e, Verdict::waiting);
}

void add_recoveries(const Worlds& worlds) {
  Event ask = worlds.on.right(Kind::request_recovery);
  add("token recovery code right", worlds.on, ask, Verdict::accepted);
  spoil(ask.recovery_code);
  add("token recovery code wrong", worlds.on, ask, Verdict::rejected);
  Event saved = worlds.on.right(Kind::confirm_saved);
  add("token recovery code saved", worlds.on, saved, Verdict::accepted);
  spoil(saved.recovery_code);
  add("token recovery code not saved", worlds.on, saved, Verdict::rejected);
  const World& w = worlds.recovering;
  const Event right = w.right(Kind::confirm_recovery);
  add("token link and asker right", w, right, Verdict::accepted);
  Event e = right;
  spoil(e.link);
  add("token link wrong", w, e, Verdict::wrong_holder);
  e = right;
  spoil(e.asker);
  add("token asker wrong", w, e, Verdict::proof_needed);
  e.has_recovery_code = true;
  add("token asker wrong, recovery code right", w, e, Verdict::accepted);
  spoil(e.recovery_code);
  add("token asker and recovery code wrong", w, e, Verdict::rejected);
}

void add_others(const Worlds& worlds) {
  const World& on = worlds.on;
  Event revoke = on.right(Kind::revoke_passes);
  add("token epoch right", on, revoke, Verdict::accepted);
  spoil(revoke.epoch);
  add("token epoch wrong", on, revoke, Verdict::wrong_holder);
  Event reset = test::event(Kind::operator_reset);
  add("reset", on, reset, Verdict::accepted);
  reset.replace = true;
  add("reset to replacing", on, reset, Verdict::accepted);
  add("ticket is issued", on, test::event(Kind::operator_unlock), Verdict::accepted);
  add("restored", on, test::event(Kind::operator_restored), Verdict::accepted);
  for (const std::uint8_t length : std::initializer_list<std::uint8_t>{16, 20, 32, 64})
    add("import of " + std::to_string(length), World{}, test::import_of(length), Verdict::accepted);
  Event longer = test::import_of(20);
  longer.key.b[63] = 1;
  add("import that does not end", World{}, longer, Verdict::malformed);
  const World& enrolling = worlds.enrolling;
  add("token enrollment begins again", enrolling, enrolling.right(Kind::begin_enrollment), Verdict::accepted);
  add("enrollment begins", World{}, test::event(Kind::begin_enrollment), Verdict::accepted);
}

}  // namespace

const std::vector<Case>& event_cases() {
  if (all.empty()) {
    const Worlds worlds;
    add_codes(worlds);
    add_tickets(worlds);
    add_enrollments(worlds);
    add_recoveries(worlds);
    add_others(worlds);
  }
  return all;
}

}  // namespace twinlock::ct
