// Claim: through any history of events a record stays valid (K9); while its secret stays, every accepted step
// is above the one before and the last step never falls (K2); per secret, evaluated failures stay within 100
// + T/25,920 s + 5 per operator_unlock (K6); and a refusal changes nothing but the throttle, the count of
// wrong confirmations and the last-seen time, what had expired aside (K8).
//
// Input: one byte of rules and start, then four bytes an event: the kind and how often it is repeated; how
// the clock moves; by how much; which code, lane and tokens come with it.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "kernel/bytes.hpp"
#include "kernel/clock.hpp"
#include "kernel/table.hpp"
#include "kernel/totp.hpp"
#include "kernel/twinlock.hpp"

namespace {

using namespace twinlock;

constexpr std::size_t moves_max = 96;
constexpr unsigned events_max = 600;  // of one history, so that a second holds hundreds of them
constexpr AccountTag account{{'a', 'l', 'i', 'c', 'e'}};

void claim(bool holds) {
  if (!holds) std::abort();
}

struct Move {
  std::uint8_t kind, jump, amount, proof;
};

Code spelled(std::uint32_t value) {
  Code code{};
  for (std::size_t i = digits_max; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  return code;
}

// What one secret has seen: nothing here is taken from the record's throttle.
struct Ledger {
  Secret secret{};
  Step last_step = 0;     // the highest accepted
  Seconds forward_s = 0;  // forward movement of the clock, as the record saw it
  std::uint64_t failures = 0;
  std::uint64_t unlocks = 0;
};

bool same_secret(const Secret& a, const Secret& b) { return same_bytes(a.b, b.b, secret_bytes) == 1U; }

bool same_records(const Record& a, const Record& b) {
  Encoded x, y;
  return encode(a, x) && encode(b, y) && same_bytes(x.b, y.b, record_bytes) == 1U;
}

class History {
 public:
  explicit History(std::uint8_t start) {
    rules_ = {(start & 1U) != 0, (start & 2U) != 0, (start & 4U) != 0};
    constexpr Seconds starts[] = {clock_s_min, 1'700'000'010, 1'700'000'039, clock_s_limit - 3'000'000};
    now_ = starts[start >> 3U & 3U];
  }

  void play(const Move& move) {
    const unsigned repeats = 1U + (move.kind >> 4U) * (move.kind >> 4U) / 2U;  // 1 to 113
    for (unsigned i = 0; i < repeats && drawn_ < events_max; ++i)
      if (act(move) < Verdict::waiting) return;  // the same again would be refused again
  }

 private:
  // Little, a step, a wait's end, minutes, hours, days; back; to a deadline or beside it.
  void move_clock(const Move& m) {
    constexpr Seconds units[] = {0, 1, step_s, 60, 600, 3'600, budget_s_unit, 0};
    const unsigned how = m.jump & 15U;
    const Seconds by = m.amount * units[how & 7U];
    if (how == 7U) {
      const Lane lane = lane_of(m);
      now_ += view(record_, clock(), rules_).retry_after_s[static_cast<std::size_t>(lane)];
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
  Code code(const Move& m) {
    const unsigned which = m.proof & 7U;
    if (which == 6U) return typed_;
    if (which == 7U) return spelled((m.amount * 7'919U) % code_limit);
    const Secret& secret = record_.state == State::enrolling ? record_.pending : record_.secret;
    const Step step = now_ / step_s + which;
    if (step < 3 || step + 3 >= step_max) return typed_;
    return spelled(totp_codes(secret, step - 2).c[1]);
  }

  // Right tokens, as their holders have them; with bit 5 another one's.
  Event event(const Move& m) {
    Event e{};
    e.kind = static_cast<Kind>((m.kind & 15U) % kinds_max);
    e.lane = lane_of(m);
    e.by_operator = (m.proof & 64U) != 0;
    e.replace = (m.proof & 64U) != 0;
    e.mailable = (m.proof & 128U) == 0;
    e.has_asker = (m.proof & 64U) == 0;
    e.has_recovery_code = (m.proof & 128U) == 0;
    e.policy = static_cast<Policy>(m.amount % (policies_max + 1));
    e.code = code(m);
    e.enrollment_id = record_.enrollment_id;
    e.epoch = record_.epoch;
    e.grant = held_.grant;
    e.recovery_code = held_.recovery_code;
    e.link = held_.link;
    e.asker = held_.asker;
    if ((m.proof & 32U) != 0)
      for (Token* t : {&e.enrollment_id, &e.epoch, &e.grant, &e.recovery_code, &e.link, &e.asker})
        t->b[3] ^= 1U;
    return e;
  }

  // Random bytes that no two events share.
  Fresh draw() {
    Fresh f{};
    ++drawn_;
    std::uint8_t salt = 1;
    const auto fill = [&](std::uint8_t* to) {
      for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(drawn_ >> (8 * i));
      to[4] = salt++;
    };
    fill(f.secret.b);
    for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant}) fill(t->b);
    return f;
  }

  Verdict act(const Move& m) {
    move_clock(m);
    const Event e = event(m);
    const Fresh fresh = draw();
    const Outcome o = handle(record_, e, clock(), rules_, account, fresh);
    typed_ = e.code;
    claim(valid(o.record));
    if (!o.write) claim(o.verdict != Verdict::accepted && same_records(o.record, record_));
    if (o.verdict != Verdict::accepted) claim_unchanged(o);
    if (o.write) {
      keep_account(e, o);
      hold(e, o, fresh);
      record_ = o.record;
    }
    if (!sane(clock())) now_ = record_.seen > clock_s_min ? record_.seen : clock_s_min;
    return o.verdict;
  }

  // K8. `before` is the record with what had expired by now gone and, after a jump back, its deadlines moved
  // along.
  void claim_unchanged(const Outcome& o) const {
    if (!o.write) return;
    Record before = advance(record_, now_);
    Record after = o.record;
    if (before.state == State::enrolling && after.state != State::enrolling) {
      claim(before.enrollment_failures + 1U == enrollment_failures_max);  // the tenth wrong code cancels
      end_enrollment(before);
    }
    after.enrollment_failures = before.enrollment_failures;
    after.throttle = before.throttle;
    claim(same_records(before, after));
  }

  void keep_account(const Event& e, const Outcome& o) {
    const bool by_code = need(e.kind, State::on) == Need::code;
    if (by_code && o.verdict == Verdict::accepted) {
      claim(o.step > ledger_.last_step);
      ledger_.last_step = o.step;
    }
    if (!same_secret(o.record.secret, ledger_.secret)) {
      ledger_ = Ledger{};
      ledger_.secret = o.record.secret;
      ledger_.last_step = o.record.last_step;
    } else if (now_ > record_.seen) {
      ledger_.forward_s += now_ - record_.seen;
    }
    if (absent(ledger_.secret)) return;
    claim(o.record.last_step >= ledger_.last_step);
    if (by_code && o.verdict == Verdict::rejected) ++ledger_.failures;
    if (o.verdict == Verdict::accepted && e.kind == Kind::operator_unlock) ++ledger_.unlocks;
    claim(ledger_.failures <= 100 + ledger_.forward_s / budget_s_unit + ledger_.unlocks * unlock_credit_max);
  }

  void hold(const Event& e, const Outcome& o, const Fresh& fresh) {
    if (o.verdict != Verdict::accepted) return;
    if (e.kind == Kind::confirm_enrollment || e.kind == Kind::renew_recovery_code)
      held_.recovery_code = fresh.recovery_code;
    if (e.kind == Kind::request_recovery) held_.link = fresh.link, held_.asker = fresh.asker;
    if (e.kind == Kind::confirm_recovery || e.kind == Kind::operator_reset) held_.grant = fresh.grant;
  }

  Rules rules_{};
  Seconds now_ = 0;
  Record record_ = new_record();
  Fresh held_{};
  Code typed_ = spelled(0);
  Ledger ledger_;
  std::uint32_t drawn_ = 0;  // events so far
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  History history(data[0]);
  const std::size_t moves = (size - 1) / 4 < moves_max ? (size - 1) / 4 : moves_max;
  for (std::size_t i = 0; i < moves; ++i) {
    const std::uint8_t* at = data + 1 + 4 * i;
    history.play({at[0], at[1], at[2], at[3]});
  }
  return 0;
}
