// SPDX-License-Identifier: Apache-2.0
// Claim: the C interface answers any bytes, as the C++ interface does; what it hands out is what the next
// record holds a hash of, and what the record newly holds is handed out; records round trip.
//
// Input: one byte of rules and start, then eight bytes a move: what is asked; how the clock moves, by how
// much; code and lane; flags; where one byte of event, situation or record is changed (two bytes), by what.
// With the first byte's top bit: the rest as it lies is event, situation and record.
#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "fuzz/claim.hpp"
#include "kernel/bytes.hpp"
#include "kernel/clock.hpp"
#include "kernel/digest.hpp"
#include "kernel/totp.hpp"
#include "kernel/twinlock.h"
#include "kernel/twinlock.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

constexpr std::size_t move_bytes = 8;
constexpr std::size_t moves_max = 24;
constexpr std::size_t outcome_bytes = 455;  // without the last byte, which pads

struct Question {
  twinlock_event event;
  twinlock_situation situation;
  std::uint8_t record[TWINLOCK_RECORD_BYTES];
  std::size_t record_length;
};

void set(std::uint8_t* to, const Token& from) { std::memcpy(to, from.b, token_bytes); }

Token token(const std::uint8_t* from) {
  Token t;
  std::memcpy(t.b, from, token_bytes);
  return t;
}

bool flags_sound(const twinlock_rules& r) {
  return r.required <= 1 && r.replace_after_recovery <= 1 && r.strict <= 1;
}

bool flags_sound(const twinlock_event& e) {
  return e.by_operator <= 1 && e.replace <= 1 && e.mailable <= 1 && e.has_asker <= 1 &&
         e.has_recovery_code <= 1;
}

Event event_of(const twinlock_event& c) {
  Event e{};
  e.kind = static_cast<Kind>(c.kind);
  e.lane = static_cast<Lane>(c.lane);
  e.by_operator = c.by_operator != 0;
  e.replace = c.replace != 0;
  e.mailable = c.mailable != 0;
  e.host_word = static_cast<HostWord>(c.host_word);
  e.has_asker = c.has_asker != 0;
  e.has_recovery_code = c.has_recovery_code != 0;
  e.policy = static_cast<Policy>(c.policy);
  e.policy_from = c.policy_from;
  e.key_length = c.key_length;
  std::memcpy(e.key.b, c.key, sizeof c.key);
  std::memcpy(e.code.digit, c.code, sizeof c.code);
  e.enrollment_id = token(c.enrollment_id), e.grant = token(c.grant), e.ticket = token(c.ticket);
  e.recovery_code = token(c.recovery_code), e.link = token(c.link), e.asker = token(c.asker);
  e.epoch = token(c.epoch);
  return e;
}

Rules rules_of(const twinlock_rules& c) {
  Rules r{};
  r.required = c.required != 0;
  r.required_from = c.required_from;
  r.replace_after_recovery = c.replace_after_recovery != 0;
  r.strict = c.strict != 0;
  return r;
}

Situation situation_of(const twinlock_situation& c) {
  Situation s{};
  s.clock = {c.clock.now_s, c.clock.step};
  s.rules = rules_of(c.rules);
  std::memcpy(s.account.b, c.account, sizeof c.account);
  const std::uint8_t* from = c.fresh;
  std::memcpy(s.fresh.secret.b, from, secret_bytes);
  from += secret_bytes;
  for (Token* t : {&s.fresh.enrollment_id, &s.fresh.epoch, &s.fresh.recovery_code, &s.fresh.link,
                   &s.fresh.asker, &s.fresh.grant, &s.fresh.ticket}) {
    *t = token(from);
    from += token_bytes;
  }
  return s;
}

bool nothing_given(const twinlock_outcome& o) {
  return zero_bytes(o.secret, secret_bytes + 7 * token_bytes) == 1U;
}

// Either there is none, or it is the one whose hash the record keeps.
void claim_hashed(const std::uint8_t* given, Purpose purpose, const AccountTag& account, const Token& binding,
                  const Token& kept) {
  const Token value = token(given);
  claim(absent(value) || same(digest(purpose, account, binding, value), kept));
}

bool is_new(const Token& next, const Token& before) { return !absent(next) && !same(next, before); }

void claim_given(const twinlock_outcome& o, bool begun, const Record& before, const Record& next,
                 const AccountTag& a) {
  const Token& id = next.enrollment_id;
  claim_hashed(o.recovery_code, Purpose::recovery_code, a, id, next.recovery_hash);
  claim_hashed(o.link, Purpose::link, a, id, next.link_hash);
  claim_hashed(o.asker, Purpose::asker, a, id, next.asker_hash);
  claim_hashed(o.grant, Purpose::grant, a, next.epoch, next.voucher_hash);
  claim_hashed(o.ticket, Purpose::ticket, a, id, next.voucher_hash);
  claim(!is_new(next.recovery_hash, before.recovery_hash) || !absent(token(o.recovery_code)));
  claim(!is_new(next.link_hash, before.link_hash) || !absent(token(o.link)));
  claim(!is_new(next.asker_hash, before.asker_hash) || !absent(token(o.asker)));
  claim(!is_new(next.voucher_hash, before.voucher_hash) || !absent(token(o.grant)) ||
        !absent(token(o.ticket)));
  const Token enrollment = begun ? id : Token{};
  claim(same(token(o.enrollment_id), enrollment));
  claim(zero_bytes(o.secret, secret_bytes) == 1U || begun);
  if (begun) claim(std::memcmp(o.secret, next.pending.b, secret_bytes) == 0);
  claim(absent(token(o.epoch)) || same(token(o.epoch), next.epoch));
  if (o.step != 0 && next.state == State::on) claim(!absent(token(o.epoch)));  // a code was right: a pass
}

void claim_view(const Question& q, const Record& record, bool readable) {
  twinlock_account_view c;
  twinlock_view(q.record, q.record_length, &q.situation.clock, q.event.host_word, &q.situation.rules, &c);
  const Situation s = situation_of(q.situation);
  View v{};
  if (readable && flags_sound(q.situation.rules) && q.event.host_word < host_words_count)
    v = view(record, s.clock, static_cast<HostWord>(q.event.host_word), s.rules);
  claim(c.sound == (v.sound ? 1 : 0));
  if (!v.sound) {
    const twinlock_account_view none{};
    claim(std::memcmp(&c, &none, sizeof c) == 0);
    return;
  }
  claim(c.state == static_cast<std::uint8_t>(v.state) && c.code_required == (v.code_required ? 1 : 0) &&
        c.second_factor_required == (v.second_factor_required ? 1 : 0) &&
        c.passes_without == (v.passes_without ? 1 : 0) && c.locked == (v.locked ? 1 : 0));
  claim(c.retry_after_s[0] == v.retry_after_s[0] && c.retry_after_s[1] == v.retry_after_s[1] &&
        c.failures == v.failures && c.enrolled_at == v.enrolled_at && c.last_used_at == v.last_used_at &&
        c.recovery_drawn_at == v.recovery_drawn_at && c.recovery_saved_at == v.recovery_saved_at &&
        c.deadline == v.deadline && c.grant_until == v.grant_until && c.ticket_until == v.ticket_until);
  const Token epoch = v.code_required ? record.epoch : Token{};
  claim(same(token(c.epoch), epoch));
}

twinlock_outcome claim_answer(const Question& q) {
  twinlock_outcome c{};
  twinlock_handle(q.record, q.record_length, &q.event, &q.situation, &c);
  Encoded bytes{};
  std::memcpy(bytes.b, q.record, record_bytes);
  Record record;
  const bool readable = q.record_length == record_bytes && decode(bytes, record);
  claim_view(q, record, readable);
  const Verdict verdict = static_cast<Verdict>(c.verdict);
  if (c.verdict != TWINLOCK_VERDICT_ACCEPTED) claim(nothing_given(c));
  const Situation s = situation_of(q.situation);
  if (!readable) {
    claim(verdict == (sane(s.clock) ? Verdict::bad_record : Verdict::bad_clock));
    claim(c.write == 0 && c.decided_at == 0 && zero_bytes(c.record, record_bytes) == 1U);
    return c;
  }
  Encoded next;
  if (!flags_sound(q.event) || !flags_sound(q.situation.rules)) {
    claim(c.verdict <= TWINLOCK_VERDICT_MALFORMED);
    return c;
  }
  const Outcome o = handle(record, event_of(q.event), s);
  claim(verdict == o.verdict && c.notice == static_cast<std::uint8_t>(o.notice));
  claim(c.write == (o.write ? 1 : 0) && c.clock_went_back == (o.clock_went_back ? 1 : 0) &&
        c.by_ticket == (o.by_ticket ? 1 : 0));
  claim(c.decided_at == o.decided_at && c.retry_at == o.retry_at && c.step == o.step);
  claim(encode(o.record, next) && std::memcmp(c.record, next.b, record_bytes) == 0);
  if (c.verdict == TWINLOCK_VERDICT_ACCEPTED)
    claim_given(c, q.event.kind == TWINLOCK_KIND_BEGIN_ENROLLMENT, record, o.record, s.account);
  twinlock_outcome again{};  // the record may lie in the outcome
  std::memcpy(again.record, q.record, record_bytes);
  twinlock_handle(again.record, record_bytes, &q.event, &q.situation, &again);
  claim(std::memcmp(&again, &c, outcome_bytes) == 0);
  return c;
}

// A host that keeps what it was given, and sends it right, or not.
class Host {
 public:
  explicit Host(std::uint8_t start) : start_(start) {
    twinlock_new_record(record_);
    now_ = (start & 16U) != 0 ? clock_s_limit - 3'000'000 : 1'700'000'010;
  }

  void move(const std::uint8_t* m) {
    constexpr Seconds units[] = {0, 1, step_s, 60, 600, 3'600, budget_s_unit, 1'000'000};
    const Seconds by = m[2] * units[m[1] & 7U];
    now_ = (m[1] & 8U) == 0 ? now_ + by : now_ - (by < now_ ? by : now_);
    Question q{};
    ask(m, q);
    damage(m, q);
    const twinlock_outcome o = claim_answer(q);
    if (o.write == 1) std::memcpy(record_, o.record, record_bytes);
    keep(held_.recovery_code, o.recovery_code);
    keep(held_.link, o.link);
    keep(held_.asker, o.asker);
    keep(held_.grant, o.grant);
    keep(held_.ticket, o.ticket);
    if (now_ >= clock_s_limit) now_ = 1'700'000'010;
  }

 private:
  static void keep(Token& to, const std::uint8_t* given) {
    if (!absent(token(given))) to = token(given);
  }

  void ask(const std::uint8_t* m, Question& q) {
    Encoded bytes;
    std::memcpy(bytes.b, record_, record_bytes);
    Record r;
    claim(decode(bytes, r));
    std::memcpy(q.record, record_, record_bytes);
    q.record_length = record_bytes;
    twinlock_event& e = q.event;
    e.kind = static_cast<std::uint8_t>((m[0] & 31U) % (kinds_count + 1));
    e.host_word = static_cast<std::uint8_t>(m[0] >> 5U & 3U);
    e.lane = m[3] >> 4U & 1U;
    e.policy = m[2] & 3U;
    e.by_operator = m[4] & 1U;
    e.replace = m[4] >> 1U & 1U;
    e.mailable = m[4] >> 2U & 1U;
    e.has_asker = m[4] >> 3U & 1U;
    e.has_recovery_code = m[4] >> 4U & 1U;
    e.key_length = static_cast<std::uint8_t>(16U + (m[2] & 63U));
    for (std::size_t i = 0; i < e.key_length && i < sizeof e.key; ++i) e.key[i] = 0x55;
    const TotpKey key = r.state == State::enrolling ? totp_key(r.pending) : r.secret;
    const Step step = now_ / step_s + (m[3] & 3U);
    std::uint32_t code = step > 2 && step < step_limit - 2 ? totp_codes(key, step - 1).c[1] : 0;
    for (std::size_t i = code_digits; i-- > 0; code /= 10)
      e.code[i] = static_cast<std::uint8_t>('0' + code % 10);
    if ((m[3] & 8U) != 0) e.code[0] = static_cast<std::uint8_t>('0' + (e.code[0] - '0' + 1) % 10);
    if ((m[4] & 32U) == 0) {
      if ((m[4] & 64U) == 0) set(e.enrollment_id, r.enrollment_id);
      set(e.grant, held_.grant), set(e.ticket, held_.ticket), set(e.link, held_.link);
      set(e.recovery_code, held_.recovery_code), set(e.asker, held_.asker), set(e.epoch, r.epoch);
    }
    twinlock_situation& s = q.situation;
    s.clock = {now_, now_ / step_s};
    s.rules.required = start_ & 1U;
    s.rules.replace_after_recovery = start_ >> 1U & 1U;
    s.rules.strict = start_ >> 2U & 1U;
    s.account[0] = start_;
    ++drawn_;
    for (std::size_t i = 0; i < sizeof s.fresh; ++i)
      s.fresh[i] = static_cast<std::uint8_t>(1U + (i * 7U + drawn_ * 31U) % 255U);
  }

  static void damage(const std::uint8_t* m, Question& q) {
    if ((m[4] & 128U) == 0) return;
    std::size_t at = static_cast<std::size_t>(m[5]) << 8U | m[6];
    if (at >= 0xFF00U) {
      q.record_length = at & 0xFFU;
      return;
    }
    at %= sizeof q.event + sizeof q.situation + sizeof q.record;
    reinterpret_cast<std::uint8_t*>(&q)[at] ^= m[7];
  }

  std::uint8_t start_;
  std::uint8_t record_[TWINLOCK_RECORD_BYTES];
  Seconds now_;
  Fresh held_{};
  std::uint32_t drawn_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  claim(TWINLOCK_COMPATIBLE() == 1);
  if (size == 0) return 0;
  if ((data[0] & 128U) != 0) {
    Question q{};
    const std::size_t whole = sizeof q.event + sizeof q.situation + sizeof q.record;
    std::memcpy(static_cast<void*>(&q), data + 1, size - 1 < whole ? size - 1 : whole);
    q.record_length = record_bytes;
    claim_answer(q);
    return 0;
  }
  Host host(data[0]);
  for (std::size_t i = 0; i < moves_max && 1 + move_bytes * (i + 1) <= size; ++i)
    host.move(data + 1 + move_bytes * i);
  return 0;
}
