// SPDX-License-Identifier: Apache-2.0
// A fuzzer's bytes as a history of one account: what is right to send depends on what happened before, so the
// bytes choose among right, old and wrong codes and tokens, and among clocks that matter.
//
// Input: one byte of rules and start, then four bytes an event: the kind and how often it is repeated; how
// the clock moves, and what comes with it besides (the ticket, the host's word, the id of an enrollment that
// is begun again); by how much the clock moves; which code, lane and tokens come with it.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "kernel/clock.hpp"
#include "kernel/totp.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::fuzz {

inline constexpr std::size_t move_bytes = 4;
inline constexpr std::size_t moves_max = 96;
inline constexpr AccountTag history_account{{'a', 'l', 'i', 'c', 'e'}};

struct Move {
  std::uint8_t kind, jump, amount, proof;
};

// One event and what the kernel made of it.
struct Happening {
  const Record& before;
  const Event& event;
  const Clock& clock;
  const Rules& rules;
  const Fresh& fresh;
  const Outcome& outcome;
};

inline Code spelled(std::uint32_t value) {
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  return code;
}

class History {
 public:
  // At most `events_max` events, so that a second holds hundreds of histories.
  History(std::uint8_t start, std::uint32_t events_max) : events_max_(events_max) {
    constexpr Seconds starts[] = {clock_s_min, 1'700'000'010, 1'700'000'039, clock_s_limit - 3'000'000};
    now_ = starts[start >> 3U & 3U];
    rules_ = {(start & 1U) != 0, (start & 64U) != 0 ? now_ + 1000 : 0, (start & 2U) != 0, (start & 4U) != 0};
    entropy_fails_ = (start & 32U) != 0;
  }

  // watch(const Happening&) is called after every event.
  template <typename Watch>
  void play(const Move& move, Watch& watch) {
    const unsigned repeats = 1U + (move.kind >> 4U) * (move.kind >> 4U) / 2U;  // 1 to 113
    for (unsigned i = 0; i < repeats && drawn_ < events_max_; ++i)
      if (act(move, watch) < Verdict::waiting) return;  // the same again would be refused again
  }

 private:
  // Little, a step, a wait's end, minutes, hours, days; back; to a deadline or beside it.
  void move_clock(const Move& m) {
    constexpr Seconds units[] = {0, 1, step_s, 60, 600, 3'600, budget_s_unit, 0};
    const unsigned how = m.jump & 15U;
    const Seconds by = m.amount * units[how & 7U];
    if (how == 7U) {
      const Lane lane = lane_of(m);
      const View v = view(record_, clock(), HostWord::unsaid, rules_);
      now_ += v.retry_after_s[static_cast<std::size_t>(lane)];
      if (m.amount == 1 && now_ > clock_s_min) --now_;
    } else if (how == 15U) {
      now_ = record_.deadline + m.amount % 3U;  // one before, at or one after, or a very old clock
      now_ -= now_ > 0 ? 1 : 0;
    } else if (how < 8U) {
      now_ += by;
    } else {
      now_ -= by < now_ ? by : now_;
    }
  }

  Clock clock() const { return {now_, now_ / step_s}; }
  static Lane lane_of(const Move& m) { return (m.proof & 16U) != 0 ? Lane::known : Lane::other; }

  // A code that is right at one of five steps around now, the last one typed, or one that is most likely
  // wrong.
  Code code(const Move& m) const {
    const unsigned which = m.proof & 7U;
    if (which == 6U) return typed_;
    if (which == 7U) return spelled((m.amount * 7'919U) % code_limit);
    const TotpKey key = record_.state == State::enrolling ? totp_key(record_.pending) : record_.secret;
    const Step step = now_ / step_s + which;
    if (step < 3 || step + 3 >= step_limit) return typed_;
    return spelled(totp_codes(key, step - 2).c[1]);
  }

  // Right tokens, as their holders have them; with bit 5 another one's.
  Event event(const Move& m) const {
    Event e{};
    e.kind = static_cast<Kind>((m.kind & 15U) % kinds_count);
    e.lane = lane_of(m);
    e.by_operator = (m.proof & 64U) != 0;
    e.replace = (m.proof & 64U) != 0;
    e.mailable = (m.proof & 128U) == 0;
    e.has_asker = (m.proof & 64U) == 0;
    e.has_recovery_code = (m.proof & 128U) == 0;
    e.policy = static_cast<Policy>(m.amount % (policies_count + 1));
    e.policy_from = (m.proof & 128U) != 0 ? now_ + 100 : 0;
    constexpr HostWord words[] = {HostWord::unsaid, HostWord::not_required, HostWord::required,
                                  HostWord::unsaid};
    e.host_word = words[m.jump >> 5U & 3U];
    import_key(m, e);
    e.code = code(m);
    e.enrollment_id = record_.enrollment_id;
    if (e.kind == Kind::begin_enrollment && (m.jump & 128U) == 0) e.enrollment_id = Token{};
    if ((m.jump & 16U) != 0) e.ticket = held_.ticket;
    e.epoch = record_.epoch;
    e.grant = held_.grant;
    e.recovery_code = held_.recovery_code;
    e.link = held_.link;
    e.asker = held_.asker;
    if ((m.proof & 32U) != 0)
      for (Token* t : {&e.enrollment_id, &e.epoch, &e.grant, &e.recovery_code, &e.link, &e.asker, &e.ticket})
        t->b[3] ^= 1U;
    return e;
  }

  // A key of one of eight lengths, two of which are none.
  static void import_key(const Move& m, Event& e) {
    constexpr std::uint8_t lengths[] = {16, 20, 32, 64, 17, 63, 15, 65};
    e.key_length = lengths[m.proof & 7U];
    for (std::size_t i = 0; i < e.key_length && i < totp_key_bytes_max; ++i)
      e.key.b[i] = static_cast<std::uint8_t>(m.amount ^ (i + 1));
  }

  // With bit 3 of the proof something about it that no caller may send.
  static void spoil(const Move& m, Event& e, Clock& clock) {
    if ((m.proof & 8U) == 0) return;
    if (m.amount == 255U) e.host_word = static_cast<HostWord>(host_words_count);
    if (m.amount % 4U == 0) e.kind = static_cast<Kind>(kinds_count + m.amount / 4U);
    if (m.amount % 4U == 1) e.lane = static_cast<Lane>(lanes_count);
    if (m.amount % 4U == 2) e.code.digit[m.amount / 8U % code_digits] = (m.amount & 4U) != 0 ? '/' : ':';
    if (m.amount % 4U == 3) clock.step += (m.amount & 4U) != 0 ? 1 : ~Step{0};
  }

  // Random bytes that no two events share; with a broken source every fourth draw is zero.
  Fresh draw() {
    Fresh f{};
    ++drawn_;
    if (entropy_fails_ && drawn_ % 4 == 0) return f;
    std::uint8_t salt = 1;
    const auto fill = [&](std::uint8_t* to) {
      for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(drawn_ >> (8 * i));
      to[4] = salt++;
    };
    fill(f.secret.b);
    for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
      fill(t->b);
    return f;
  }

  template <typename Watch>
  Verdict act(const Move& m, Watch& watch) {
    move_clock(m);
    Event e = event(m);
    Clock at = clock();
    spoil(m, e, at);
    const Fresh fresh = draw();
    const Outcome o = handle(record_, e, {at, rules_, history_account, fresh});
    watch(Happening{record_, e, at, rules_, fresh, o});
    typed_ = e.code;
    hold(e, o, fresh);
    if (o.write) record_ = o.record;
    if (!sane(clock())) now_ = record_.seen > clock_s_min ? record_.seen : clock_s_min;
    return o.verdict;
  }

  void hold(const Event& e, const Outcome& o, const Fresh& fresh) {
    if (o.verdict != Verdict::accepted) return;
    if (e.kind == Kind::confirm_enrollment || e.kind == Kind::renew_recovery_code)
      held_.recovery_code = fresh.recovery_code;
    if (e.kind == Kind::request_recovery) held_.link = fresh.link, held_.asker = fresh.asker;
    if (e.kind == Kind::confirm_recovery || e.kind == Kind::operator_reset) held_.grant = fresh.grant;
    if (e.kind == Kind::operator_unlock) held_.ticket = fresh.ticket;
  }

  const std::uint32_t events_max_;
  Rules rules_{};
  Seconds now_ = 0;
  bool entropy_fails_ = false;
  Record record_ = new_record();
  Fresh held_{};
  Code typed_ = spelled(0);
  std::uint32_t drawn_ = 0;  // events so far
};

template <typename Watch>
void play(const std::uint8_t* data, std::size_t size, std::uint32_t events_max, Watch watch) {
  if (size == 0) return;
  History history(data[0], events_max);
  const std::size_t moves = (size - 1) / move_bytes < moves_max ? (size - 1) / move_bytes : moves_max;
  for (std::size_t i = 0; i < moves; ++i) {
    const std::uint8_t* at = data + 1 + move_bytes * i;
    history.play({at[0], at[1], at[2], at[3]}, watch);
  }
}

}  // namespace twinlock::fuzz
