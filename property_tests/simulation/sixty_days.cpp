// SPDX-License-Identifier: Apache-2.0
// Sixty days of one account under attack, on the kernel alone: what the throttle does to the honest.
//
// A thief who knows the password sends a wrong code in every second in which other browsers may be evaluated,
// and a wrong recovery code every ten seconds. The person signs in daily from a browser that is known, every
// third day also from one that is not, asks support for a ticket where that fails, and loses the phone on
// day 30. Two servers share the account; the second one's clock is some seconds ahead. Each request reaches
// either.
//
// Prints one line a clock difference: how often the person got in, and how many guesses were evaluated. With
// --check, says whether the person always gets in with a known browser, a ticket or a recovery code, and
// whether the guesses stay within K6's bound.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "kernel/twinlock.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace {

using namespace twinlock;

constexpr Seconds begins_s = 1700006400;  // a midnight
constexpr Seconds day_s = 86400;
constexpr Seconds days = 60;
constexpr Seconds phone_lost_day = 30;

struct Tries {
  unsigned made = 0, admitted = 0;
  void count(bool in) {
    made += 1;
    admitted += in ? 1U : 0U;
  }
};

struct Tally {
  Tries known, fresh, ticket, recovery;
  unsigned guesses = 0, tickets = 0, times_locked = 0;
};

class Site {
 public:
  Site(Seconds ahead_s, std::uint64_t seed) : ahead_s_(ahead_s), random_(seed) {}

  Tally live() {
    set_up(begins_s);
    for (Seconds day = 0; day < days; ++day) {
      const Seconds morning = begins_s + day * day_s;
      const Seconds daily = morning + 7 * 3600 + below(12 * 3600);
      until(daily);
      sign_in(Lane::known, tally_.known);
      if (day % 3 == 1) {
        until(daily + 3600 + below(2 * 3600));
        try_a_new_browser();
      }
      if (day == phone_lost_day) {
        until(now_ + 600);
        lose_the_phone();
      }
      until(morning + day_s);
    }
    return tally_;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  Fresh draw() {
    Fresh f{};
    for (auto& b : f.secret.b) b = static_cast<std::uint8_t>(random_());
    for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
      for (auto& b : t->b) b = static_cast<std::uint8_t>(1 + random_() % 255);
    return f;
  }

  // One request, at either server.
  Outcome ask(const Event& e) {
    const Seconds now = now_ + (below(2) == 1 ? ahead_s_ : 0);
    fresh_ = draw();
    Situation s{};
    s.clock.now = now;
    s.clock.step = now / 30;
    s.account.b[0] = 1;
    s.fresh = fresh_;
    const Outcome o = handle(record_, e, s);
    if (o.write) record_ = o.record;
    return o;
  }

  // What the phone shows; its clock is right.
  Code shown() const {
    const reference::Bytes key(secret_.b, secret_.b + secret_bytes);
    return digits(reference::totp(key, now_ / 30));
  }

  Code wrong() {
    const reference::Bytes key(secret_.b, secret_.b + secret_bytes);
    for (;;) {
      std::string text = std::to_string(1000000 + below(1000000)).substr(1);
      bool right = false;
      for (Step step = now_ / 30 - 3; step <= now_ / 30 + 3; ++step)
        right |= reference::totp(key, step) == text;
      if (!right) return digits(text);
    }
  }

  static Code digits(const std::string& text) {
    Code code{};
    std::memcpy(code.digit, text.data(), code_digits);
    return code;
  }

  void set_up(Seconds now) {
    now_ = now;
    Event e{};
    e.kind = Kind::begin_enrollment;
    (void)ask(e);
    secret_ = record_.pending;
    e.kind = Kind::confirm_enrollment;
    e.enrollment_id = record_.enrollment_id;
    e.code = shown();
    (void)ask(e);
    recovery_code_ = fresh_.recovery_code;
  }

  // Lets time pass, second by second, with the thief at work.
  void until(Seconds then) {
    for (; now_ < then; ++now_) {
      attack();
    }
  }

  void attack() {
    if (record_.state == State::off || record_.state == State::enrolling) return;
    const View seen = view(record_, {now_, now_ / 30}, HostWord::unsaid, {});
    tally_.times_locked += seen.locked && now_ % day_s == 0 ? 1U : 0U;
    if (seen.retry_after_s[1] == 0 && !seen.locked) {
      Event e{};
      e.kind = Kind::verify;
      e.lane = Lane::other;
      e.code = wrong();
      tally_.guesses += ask(e).verdict == Verdict::rejected ? 1U : 0U;
    }
    if (now_ % 10 == 0) {
      Event e{};
      e.kind = Kind::request_recovery;
      e.mailable = true;
      for (auto& b : e.recovery_code.b) b = static_cast<std::uint8_t>(1 + random_() % 255);
      (void)ask(e);
    }
  }

  bool enter_code(Lane lane, const Token& ticket) {
    Event e{};
    e.kind = Kind::verify;
    e.lane = lane;
    e.ticket = ticket;
    e.code = shown();
    return ask(e).verdict == Verdict::accepted;
  }

  // Three tries, a step apart.
  bool sign_in(Lane lane, Tries& tries, const Token& ticket = {}) {
    bool in = false;
    for (int i = 0; i < 3 && !in; ++i) {
      if (i > 0) until(now_ + 31);
      in = enter_code(lane, ticket);
    }
    tries.count(in);
    return in;
  }

  // Without a ticket first; then support is asked, which takes a quarter of an hour.
  void try_a_new_browser() {
    if (sign_in(Lane::other, tally_.fresh)) return;
    until(now_ + 900);
    Event e{};
    e.kind = Kind::operator_unlock;
    if (ask(e).verdict != Verdict::accepted) return tally_.ticket.count(false);
    tally_.tickets += 1;
    const Token ticket = fresh_.ticket;
    until(now_ + 60 + below(600));
    sign_in(Lane::other, tally_.ticket, ticket);
  }

  // The recovery code, the mailed link from the same browser, and a new phone.
  void lose_the_phone() {
    Event e{};
    e.kind = Kind::request_recovery;
    e.mailable = true;
    e.recovery_code = recovery_code_;
    bool out = ask(e).verdict == Verdict::accepted;
    if (out) {
      const Fresh sent = fresh_;
      until(now_ + 120);
      e = Event{};
      e.kind = Kind::confirm_recovery;
      e.link = sent.link;
      e.asker = sent.asker;
      e.has_asker = true;
      out = ask(e).verdict == Verdict::accepted;
    }
    tally_.recovery.count(out);
    if (out) set_up(now_ + 60);
  }

  Seconds ahead_s_;
  std::mt19937_64 random_;
  Seconds now_ = begins_s;
  Record record_ = new_record();
  Fresh fresh_{};
  Secret secret_{};
  Token recovery_code_{};
  Tally tally_;
};

void add(Tries& sum, const Tries& more) {
  sum.made += more.made;
  sum.admitted += more.admitted;
}

// K6's bound for two secrets over all the days, and the tickets'.
double bound(const Tally& t, unsigned lives) {
  return lives * (2 * 101.0 + static_cast<double>(days * day_s) / 25920.0) + 5.0 * t.tickets;
}

Tally many(Seconds ahead_s, unsigned lives) {
  Tally sum;
  for (unsigned i = 0; i < lives; ++i) {
    const Tally one = Site(ahead_s, 1000 * ahead_s + i).live();
    add(sum.known, one.known);
    add(sum.fresh, one.fresh);
    add(sum.ticket, one.ticket);
    add(sum.recovery, one.recovery);
    sum.guesses += one.guesses;
    sum.tickets += one.tickets;
    sum.times_locked += one.times_locked;
  }
  return sum;
}

bool all(const Tries& tries) { return tries.made > 0 && tries.admitted == tries.made; }

std::string of(const Tries& tries) {
  return std::to_string(tries.admitted) + " of " + std::to_string(tries.made);
}

int run(unsigned lives) {
  unsigned passed = 0, failed = 0;
  std::printf("%u accounts, %u days each\n\n", lives, static_cast<unsigned>(days));
  std::printf(
      "| clocks differ | known browser | new browser | with a ticket | recovery code | guesses evaluated, "
      "bound |\n|---|---|---|---|---|---|\n");
  for (const Seconds ahead_s : std::array<Seconds, 4>{0, 5, 15, 30}) {
    const Tally t = many(ahead_s, lives);
    std::printf("| %2u s | %s | %s | %s | %s | %u, %.0f |\n", static_cast<unsigned>(ahead_s),
                of(t.known).c_str(), of(t.fresh).c_str(), of(t.ticket).c_str(), of(t.recovery).c_str(),
                t.guesses, bound(t, lives));
    const bool good = all(t.known) && all(t.ticket) && all(t.recovery) && t.guesses <= bound(t, lives);
    (good ? passed : failed) += 1;
  }
  std::printf("\nsixty days: %u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const unsigned lives = count == 2 ? static_cast<unsigned>(std::strtoul(arguments[1], nullptr, 10)) : 0;
  if (lives == 0 || lives > 100000) {
    std::fprintf(stderr,
                 "usage: sixty_days ACCOUNTS      how many accounts to live through, for example 20\n");
    return 2;
  }
  return run(lives);
}
