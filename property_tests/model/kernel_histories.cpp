// SPDX-License-Identifier: Apache-2.0
// Random histories of several accounts, compared with the specification after every event: verdict, retry
// time, step, notice, whether it was written, every byte of the record, and the whole view. The weights of
// the events are random and may be zero (swarm); the clock jumps forth and back and likes to land beside a
// deadline; codes are right, old, ahead, of another secret or wrong; tokens are right, old, another
// account's, missing or wrong.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstring>
#include <iostream>
#include <random>

#include "property_tests/model/kernel_moves.hpp"
#include "property_tests/model/kernel_oracle.hpp"
#include "property_tests/support/reference_totp.hpp"
#include "property_tests/support/replay.hpp"

namespace twinlock::model {

namespace {

// How often each verdict happened: a floor under what the histories reach.
std::array<std::uint64_t, 13> seen;
// The same of what only some histories do.
std::uint64_t by_ticket, skewed, repeated;

Kind weighed(const std::vector<int>& weights, std::uint32_t pick) {
  std::uint32_t sum = 0;
  for (const int w : weights) sum += static_cast<std::uint32_t>(w);
  if (sum == 0) return Kind::verify;
  std::uint32_t left = pick % sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (left < static_cast<std::uint32_t>(weights[i])) return static_cast<Kind>(i);
    left -= static_cast<std::uint32_t>(weights[i]);
  }
  return Kind::verify;
}

// An account three times over: the kernel's record, the specification's, and what its people ever held.
struct Pair {
  Record record = new_record();
  AccountTag tag{};
  Account model;
  Record held{};  // the last token of each field, dead or alive
  Bytes earlier_secret;
  Code last_code{};
};

bool same_bytes(const Record& a, const Record& b) {
  Encoded x, y;
  return encode(a, x) && encode(b, y) && std::memcmp(x.b, y.b, record_bytes) == 0;
}

// Each token of an event, and where the account keeps it.
struct Shown {
  Token Event::*token;
  Token Record::*kept;
};

constexpr Shown tokens[] = {{&Event::enrollment_id, &Record::enrollment_id},
                            {&Event::epoch, &Record::epoch},
                            {&Event::recovery_code, &Record::recovery_hash},
                            {&Event::link, &Record::link_hash},
                            {&Event::asker, &Record::asker_hash},
                            {&Event::grant, &Record::voucher_hash},
                            {&Event::ticket, &Record::voucher_hash}};
constexpr std::size_t tokens_count = std::size(tokens);

bool none(const Token& token) {
  return std::all_of(std::begin(token.b), std::end(token.b), [](std::uint8_t b) { return b == 0; });
}

class Played {
 public:
  explicit Played(const History& h) : history(h), now(h.start) {
    for (std::size_t i = 0; i < 3; ++i) pairs[i].tag.b[0] = static_cast<std::uint8_t>(i);
  }

  void play() {
    for (const Move& m : history.moves)
      for (int i = 0; i < m.times && act(m) != Verdict::wrong_state; ++i) continue;
  }

 private:
  const History& history;
  std::int64_t now;
  std::mt19937_64 random{7};
  std::array<Pair, 3> pairs;

  void move_clock(const Pair& p, const Move& m) {
    const Sight s = p.model.look(now, HostWord::unsaid, history.rules);
    switch (m.times > 1 ? Jump::wait : m.jump) {
      case Jump::little:
        now += m.amount;
        break;
      case Jump::step:
        now += 30;
        break;
      case Jump::wait:
        now += s.retry_after_s[m.flags & 1U] + (m.amount > 40 ? 1 : m.amount > 35 ? -1 : 0);
        break;
      case Jump::life:
        now = std::max(now, s.deadline) + m.amount % 3 - 1;
        break;
      case Jump::voucher:
        now = std::max({now, s.grant_until, s.ticket_until}) + m.amount % 3 - 1;
        break;
      case Jump::budget:
        now += 25920 * (m.amount + 2);
        break;
      case Jump::hour:
        now += 3600 - 60 * m.amount;
        break;
      case Jump::behind:  // another server's clock: up to 30 s, and one more
        now -= m.amount < 20 ? m.amount : 10 + m.amount % 22;
        break;
      case Jump::back:
        now -= m.amount < 25 ? m.amount * m.amount : 100000 * m.amount;
        break;
      case Jump::wild:
        now = m.amount < 3 ? 29 + m.amount : m.amount < 45 ? now : 1099511627776 - 48 + m.amount;
        break;
    }
  }

  Code code_for(const Pair& p, const Move& m) const {
    Bytes secret = p.model.key();
    if (secret.empty()) secret.assign(20, 1);
    std::int64_t step = now / 30 + (m.code <= 2 ? m.code : 0);
    if (m.code == 3 && !p.earlier_secret.empty()) secret = p.earlier_secret;
    if (m.code == 4) step = static_cast<std::int64_t>(p.model.clear().last_step);
    if (m.code == 5) return p.last_code;
    const std::uint32_t off_by = m.code == 6 || m.code == 7 || m.times > 1 ? 1 : 0;
    std::uint32_t value = (reference::hotp(secret, static_cast<std::uint64_t>(step)) + off_by) % 1000000;
    Code code{};
    for (std::size_t i = 6; i-- > 0; value /= 10) code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
    if (m.code == 8) code.digit[m.flags % 6] = static_cast<std::uint8_t>((m.flags & 64U) != 0 ? ':' : '/');
    return code;
  }

  // What the person shows: 8 the last one ever held, 9 none, 10 another account's, 11 one bit off.
  Token token_for(const Pair& p, const Move& m, Token Record::*kept) const {
    const Pair& shown = m.token == 10 ? pairs[(m.account + 1U) % 3] : p;
    const Token& live = p.model.clear().*kept;
    const Token& last = shown.held.*kept;
    const bool dead = m.token == 8 || m.token == 10 || none(live);
    if (m.token == 9) return Token{};
    Token token = dead && !none(last) ? last : live;
    if (m.token == 11) token.b[m.flags % 16] ^= 1U;
    return token;
  }

  Event event_for(const Pair& p, const Move& m) const {
    Event e{};
    e.kind = weighed(history.weights, m.event);
    e.lane = (m.flags & 1U) != 0 ? Lane::other : Lane::known;
    e.by_operator = (m.flags & 6U) == 6U;
    e.replace = (m.flags & 2U) != 0;
    e.mailable = (m.flags & 12U) != 12U;
    e.has_asker = (m.flags & 16U) != 0;
    e.has_recovery_code = (m.flags & 32U) != 0;
    e.policy = static_cast<Policy>(m.flags >> 6U & 3U);
    e.code = code_for(p, m);
    if ((m.flags & 1020U) == 1020U) e.kind = static_cast<Kind>(15 + m.amount % 2);
    if ((m.flags & 1022U) == 256U) e.lane = static_cast<Lane>(2);
    said(m, e);
    const std::size_t spoiled = (m.flags >> 2U) % (tokens_count + 2);  // one of them, or all
    Move sound = m;
    sound.token = 0;
    for (std::size_t i = 0; i < tokens_count; ++i)
      e.*tokens[i].token = token_for(p, spoiled == i || spoiled >= tokens_count ? m : sound, tokens[i].kept);
    if (e.kind == Kind::begin_enrollment && (m.more & 1024U) != 0) e.enrollment_id = Token{};
    if ((m.more & 12U) == 0) e.ticket = Token{};
    return e;
  }

  // What the host says, and what the operator says with a policy or an import.
  void said(const Move& m, Event& e) const {
    constexpr HostWord words[] = {HostWord::unsaid, HostWord::unsaid, HostWord::not_required,
                                  HostWord::required};
    e.host_word = (m.more & 1023U) == 1023U ? static_cast<HostWord>(3) : words[m.more & 3U];
    const std::int64_t dates[] = {0, 0, now - 1, now, now + 1, now + 1000, 1099511627775, 1099511627776};
    if (e.policy == Policy::required || (m.more & 112U) == 112U)
      e.policy_from = static_cast<Seconds>(std::max<std::int64_t>(0, dates[m.more >> 4U & 7U]));
    constexpr std::uint8_t lengths[] = {16, 20, 20, 32, 64, 63, 15, 65};
    e.key_length = lengths[m.more >> 7U & 7U];
    for (std::size_t i = 0; i < e.key_length && i < 64; ++i)
      e.key.b[i] = static_cast<std::uint8_t>(m.event >> (i % 8) | 1U);
    if ((m.more & 2047U) == 2046U) e.key = TotpKey{};
  }

  // Most moves give way to another event of the history's weights where theirs would mean nothing.
  Event useful_event(const Pair& p, const Move& m) const {
    Event e = event_for(p, m);
    const bool enrolls = p.model.clear().state == State::enrolling;
    if (m.times > 1) e.kind = enrolls ? Kind::confirm_enrollment : Kind::verify;
    for (std::uint32_t again = 1; again < 7 && m.times == 1 && m.event % 4 != 0; ++again) {
      if (p.model.means_something(e.kind, now)) return e;
      e.kind = weighed(history.weights, m.event + 331 * again);
    }
    return e;
  }

  Fresh draw(const Move& m) {
    Fresh f{};
    for (std::uint8_t& b : f.secret.b) b = static_cast<std::uint8_t>(random());
    for (Token* t : {&f.enrollment_id, &f.epoch, &f.recovery_code, &f.link, &f.asker, &f.grant, &f.ticket})
      for (std::uint8_t& b : t->b) b = static_cast<std::uint8_t>(random());
    if ((m.flags & 1022U) == 512U) f.asker = Token{};  // a source that failed
    return f;
  }

  Verdict act(const Move& m) {
    Pair& p = pairs[m.account];
    move_clock(p, m);
    Clock clock{static_cast<Seconds>(now), static_cast<Seconds>(now) / 30};
    if ((m.flags & 1022U) == 128U)
      clock.step += (m.flags & 1U) != 0 ? 1 : ~Step{0};  // one too many, one too few
    const Fresh fresh = draw(m);
    const Event e = useful_event(p, m);
    const Outcome o = twinlock::handle(p.record, e, {clock, history.rules, p.tag, fresh});
    const ModelOutcome expected = p.model.handle(e, clock, history.rules, fresh);
    const ModelOutcome got = outcome_of(o);
    seen[static_cast<std::size_t>(got.verdict)] += 1;
    by_ticket += o.by_ticket ? 1U : 0U;
    skewed += o.decided_at > clock.now ? 1U : 0U;
    repeated += o.verdict == Verdict::accepted && !o.write ? 1U : 0U;
    RC_ASSERT(got == expected);
    RC_ASSERT(valid(o.record));
    if (!o.write) RC_ASSERT(same_bytes(o.record, p.record));
    if (o.write) p.record = o.record;
    RC_ASSERT(p.model.difference(p.record, p.tag) == "");
    remember(p, e);
    compare_views(p, now, e.host_word);
    compare_views(p, now + m.amount * 40 - 400, HostWord::unsaid);
    if (now < 30 || now >= 1099511627776) now = history.start;
    return o.verdict;
  }

  void remember(Pair& p, const Event& e) {
    const Record& now_held = p.model.clear();
    for (const Shown& shown : tokens)
      if (!none(now_held.*shown.kept) && (random() & 1U) != 0) p.held.*shown.kept = now_held.*shown.kept;
    if (now_held.secret_length != 0 && now_held.state != State::enrolling && (random() & 3U) == 0)
      p.earlier_secret = p.model.key();
    p.last_code = e.code;
  }

  void compare_views(const Pair& p, std::int64_t at, HostWord word) const {
    const Seconds s = static_cast<Seconds>(at);
    const View v = view(p.record, {s, s / 30}, word, history.rules);
    RC_ASSERT(v.sound == (at >= 30 && at < 1099511627776));
    if (!v.sound) return;
    RC_ASSERT(sight_of(v) == p.model.look(at, word, history.rules));
  }
};

// A failing history is shrunk and printed with the line that replays it.
TEST(KernelModel, EveryHistoryAgrees) {
  seen.fill(0);
  by_ticket = skewed = repeated = 0;
  test::check_or_replay([] {
    const History history = *histories();
    Played(history).play();
  });
  if (HasFailure()) return;
  std::uint64_t events = 0;
  for (const std::uint64_t n : seen) events += n;
  if (events < 400000) return;  // a reproduction, or a mutant: not a campaign
  for (std::size_t verdict = 0; verdict < seen.size(); ++verdict) {
    const bool reachable = verdict != static_cast<std::size_t>(Verdict::bad_record);
    EXPECT_GE(seen[verdict], reachable ? 20U : 0U) << "verdict " << verdict << " of " << events << " events";
  }
  EXPECT_GE(by_ticket, 500U);
  EXPECT_GE(skewed, 500U);
  EXPECT_GE(repeated, 500U);
  std::cout << "figure: kernel model: with a ticket " << by_ticket << ", decided at the last-seen time "
            << skewed << ", begun again without a write " << repeated << "\n";
  std::cout << "figure: kernel model: " << events << " events, by verdict:";
  for (const std::uint64_t n : seen) std::cout << " " << n;
  std::cout << "\n";
}

}  // namespace

}  // namespace twinlock::model
