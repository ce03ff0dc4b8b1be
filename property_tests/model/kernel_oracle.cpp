// SPDX-License-Identifier: Apache-2.0
#include "property_tests/model/kernel_oracle.hpp"

#include "kernel/digest.hpp"
#include "property_tests/specification/specification.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace {

const char* first_difference;

bool differs(const char* claim) {
  if (first_difference == nullptr) first_difference = claim;
  return true;
}

}  // namespace

// The harness' own translation between kernel and specification, whose comparisons note the first that fails.
#pragma GCC diagnostic ignored "-Wunused-function"
#define SHIPPED_BYTES
#define CHECK(condition, claim) static_cast<void>((condition) || differs(claim))
#define CAN(condition)
#include "property_tests/proofs/harness/contracts.hpp"
using namespace twinlock;
// clang-format off: the order counts
#include "property_tests/proofs/harness/plain.hpp"
#include "property_tests/proofs/harness/says.hpp"
#include "property_tests/proofs/harness/translation.hpp"
// clang-format on

namespace twinlock::model {

namespace {

bool shows(const Token& token, const Token& held) { return !empty_token(held) && same_token(token, held); }

// What is held beside the record is a ticket while a factor is there, and else a grant.
Says tokens_of(const Event& e, const Record& clear) {
  Says says{};
  says.recovery_code = shows(e.recovery_code, clear.recovery_hash);
  says.link = shows(e.link, clear.link_hash);
  says.asker = shows(e.asker, clear.asker_hash);
  says.grant = !active(clear.state) && shows(e.grant, clear.voucher_hash);
  says.ticket = active(clear.state) && shows(e.ticket, clear.voucher_hash);
  says.enrollment_id = same_token(e.enrollment_id, clear.enrollment_id);
  says.epoch = same_token(e.epoch, clear.epoch);
  return says;
}

void add_codes(Says& says, const Bytes& key, bool pending, const Event& e, Step now) {
  bool(&code)[3] = pending ? says.pending_code : says.code;
  for (std::size_t i = 0; i < 3; ++i) code[i] = reference::hotp(key, now - 1 + i) == number_of(e.code);
}

Drawn in_the_clear(const Fresh& f) { return {f.recovery_code, f.link, f.asker, f.grant, f.ticket}; }

specification::Account account_at(const Record& clear, std::int64_t now) {
  const specification::Record r = numbers_of(clear);
  return specification::later(specification::account_of(r), specification::at_least_0(now - r.seen));
}

std::int64_t decided_at(const Record& clear, std::int64_t now) {
  return specification::decision_time(number(clear.seen), now);
}

// The point in time; 0: there is none.
std::int64_t point(std::int64_t now, std::int64_t left) { return left == 0 ? 0 : now + left; }

}  // namespace

ModelOutcome Account::handle(const Event& e, const Clock& clock, const Rules& rules, const Fresh& fresh) {
  Says says = tokens_of(e, clear_);
  const auto answer = [&] {
    return specification::specified(numbers_of(clear_), request_of(e), time_of(clock), settings_of(rules),
                                    checks_of(says, fresh));
  };
  specification::Answer a = answer();
  // Codes are dear, and decide only where a wrong one is rejected.
  if (a.verdict == specification::Verdict::rejected && specification::has_code(request_of(e).kind)) {
    add_codes(says, key(), clear_.state == State::enrolling, e, clock.step);
    a = answer();
  }
  if (a.write) clear_ = record_from(a.next, a.decided_at, clear_, e.key, fresh, in_the_clear(fresh));
  return outcome_of(head_from(a));
}

Bytes Account::key() const {
  if (clear_.state == State::enrolling) return {clear_.pending.b, clear_.pending.b + secret_bytes};
  return {clear_.secret.b, clear_.secret.b + clear_.secret_length};
}

Sight Account::look(std::int64_t now, HostWord word, const Rules& rules) const {
  const std::int64_t at = decided_at(clear_, now);
  const specification::Account a = account_at(clear_, at);
  Event asked{};
  asked.host_word = word;
  Sight s{};
  s.state = static_cast<State>(a.state);
  s.code_required = active(s.state);
  s.second_factor_required = specification::factor_required(a, request_of(asked), at, settings_of(rules));
  const bool has_none = s.state == State::off || s.state == State::enrolling;
  s.passes_without = has_none && !specification::replaces(a) && !s.second_factor_required;
  s.failures = specification::failures_in_a_row(a);
  s.locked = s.failures >= 100;
  s.retry_after_s[0] = specification::wait_for_code(a, specification::Lane::known);
  s.retry_after_s[1] = specification::wait_for_code(a, specification::Lane::other);
  s.enrolled_at = a.enrolled_at;
  s.last_used_at = a.last_used_at;
  s.recovery_drawn_at = a.recovery_drawn_at;
  s.recovery_saved_at = a.recovery_saved_at;
  s.deadline = point(at, a.life_left);
  (active(s.state) ? s.ticket_until : s.grant_until) = point(at, a.voucher_left);
  return s;
}

bool Account::means_something(Kind kind, std::int64_t now) const {
  specification::Event e = request_of(Event{});
  e.kind = static_cast<specification::Kind>(kind);
  e.six_digits = e.key_sound = true;
  e.key_length = 20;
  const specification::Account a = account_at(clear_, decided_at(clear_, now));
  return specification::verdict_on(a, e, {now, now / 30}, {}, {}) != specification::Verdict::wrong_state;
}

std::string Account::difference(const Record& kept, const AccountTag& account) const {
  Record must = clear_;
  const auto hide = [&](Token& token, Purpose purpose, const Token& binding) {
    if (!empty_token(token)) token = digest(purpose, account, binding, token);
  };
  hide(must.recovery_hash, Purpose::recovery_code, must.enrollment_id);
  hide(must.link_hash, Purpose::link, must.enrollment_id);
  hide(must.asker_hash, Purpose::asker, must.enrollment_id);
  if (active(must.state))
    hide(must.voucher_hash, Purpose::ticket, must.enrollment_id);
  else
    hide(must.voucher_hash, Purpose::grant, must.epoch);
  first_difference = nullptr;
  same_records(kept, must);
  return first_difference == nullptr ? "" : first_difference;
}

ModelOutcome outcome_of(const Outcome& o) {
  return {o.verdict,          o.notice,       o.write,     o.clock_went_back,
          number(o.retry_at), number(o.step), o.by_ticket, number(o.decided_at)};
}

Sight sight_of(const View& v) {
  return {v.state,
          v.code_required,
          v.second_factor_required,
          v.passes_without,
          v.locked,
          {number(v.retry_after_s[0]), number(v.retry_after_s[1])},
          number(v.failures),
          number(v.enrolled_at),
          number(v.last_used_at),
          number(v.recovery_drawn_at),
          number(v.recovery_saved_at),
          number(v.deadline),
          number(v.grant_until),
          number(v.ticket_until)};
}

}  // namespace twinlock::model
