// SPDX-License-Identifier: Apache-2.0
// The kernel as it is shipped beside the specification as a compiler reads it (K21 proves them equal as the
// prover reads them): random histories of one account, with real codes and real digests. After every event
// the whole outcome, every byte of the next record included, must be what the specification says.
//
// Codes come from the reference TOTP; what a digest is, is asked of the kernel, whose vectors are elsewhere.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "kernel/digest.hpp"
#include "kernel/twinlock.hpp"
#include "property_tests/specification/specification.hpp"
#include "property_tests/support/reference_totp.hpp"

// The harness' own translation, whose comparisons become expectations.
#pragma GCC diagnostic ignored "-Wunused-function"
#define SHIPPED_BYTES
#define CHECK(condition, claim) EXPECT_TRUE(condition) << (claim)
#define CAN(condition)
#include "property_tests/proofs/harness/contracts.hpp"
using namespace twinlock;
// clang-format off: the order counts
#include "property_tests/proofs/harness/plain.hpp"
#include "property_tests/proofs/harness/says.hpp"
#include "property_tests/proofs/harness/translation.hpp"
// clang-format on

namespace {

constexpr Seconds begins_s = 1700000010;
constexpr int histories = 400;
constexpr int events_each = 400;

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    rules_.required = one_in(3);
    rules_.required_from = one_in(2) ? 0 : begins_s + below(5000);
    rules_.replace_after_recovery = one_in(3);
    rules_.strict = one_in(4);
    for (auto& b : account_.b) b = static_cast<std::uint8_t>(random_());
  }

  // Plays one event and compares; counts verdicts.
  void step(std::map<Verdict, unsigned>& seen) {
    move_clock();
    if (one_in(60)) come_near_the_lock();
    const Situation s = situation();
    const Event e = event(s);
    const Outcome o = handle(record_, e, s);
    compare(e, s, o);
    seen[o.verdict] += 1;
    remember(o, s);
    if (o.write) record_ = o.record;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  void move_clock() {
    switch (below(8)) {
      case 0:
        now_ += below(1000000);
        break;
      case 1:
        now_ -= below(70);
        break;
      case 2:
        now_ += below(4000);
        break;
      default:
        now_ += below(40);
    }
    if (one_in(400)) now_ -= 100000;
  }

  // A hundred failures take months of back-off; a record that has most of them behind it is as valid.
  void come_near_the_lock() {
    Record near = record_;
    near.throttle.failures[0] = static_cast<std::uint8_t>(90 + below(8));
    if (valid(near)) record_ = near;
  }

  template <typename T>
  void fill(T& bytes) {
    for (auto& b : bytes.b) b = static_cast<std::uint8_t>(1 + below(255));
  }

  Situation situation() {
    Situation s{};
    s.clock.now = one_in(300) ? below(40) : now_;
    s.clock.step = s.clock.now / 30 + (one_in(300) ? 1 : 0);
    s.rules = rules_;
    s.account = account_;
    fill(s.fresh.secret);
    for (Token* t : {&s.fresh.enrollment_id, &s.fresh.epoch, &s.fresh.recovery_code, &s.fresh.link,
                     &s.fresh.asker, &s.fresh.grant, &s.fresh.ticket})
      fill(*t);
    if (one_in(300)) s.fresh.link = Token{};
    return s;
  }

  // What the holder has, mostly; something else now and then.
  Token held(const Token& token) {
    Token other{};
    fill(other);
    return one_in(4) ? other : token;
  }

  static Code digits(const std::string& text) {
    Code code{};
    std::copy_n(text.begin(), code_digits, code.digit);
    return code;
  }

  Code code(const Situation& s) {
    const bool pending = record_.state == State::enrolling;
    const auto* key = pending ? record_.pending.b : record_.secret.b;
    const std::size_t length = pending ? secret_bytes : record_.secret_length;
    if (length == 0 || one_in(3)) return digits(std::to_string(1000000 + below(1000000)).substr(1));
    return digits(reference::totp({key, key + length}, s.clock.step + below(5) - 2));
  }

  Kind kind() {
    static constexpr Kind often[] = {Kind::verify,
                                     Kind::begin_enrollment,
                                     Kind::confirm_enrollment,
                                     Kind::request_recovery,
                                     Kind::confirm_recovery,
                                     Kind::operator_unlock,
                                     Kind::verify,
                                     Kind::verify};
    if (one_in(200)) return static_cast<Kind>(15 + below(200));
    if (one_in(3)) return static_cast<Kind>(below(kinds_count));
    return often[below(std::size(often))];
  }

  Event event(const Situation& s) {
    Event e{};
    e.kind = kind();
    e.lane = one_in(100) ? static_cast<Lane>(2) : static_cast<Lane>(below(2));
    e.by_operator = one_in(2);
    e.replace = one_in(3);
    e.mailable = !one_in(5);
    e.host_word = one_in(3) ? static_cast<HostWord>(below(one_in(50) ? 5 : 3)) : HostWord::unsaid;
    e.has_asker = one_in(2);
    e.has_recovery_code = one_in(3);
    e.policy = static_cast<Policy>(below(one_in(50) ? 5 : 3));
    e.policy_from = one_in(2) ? 0 : now_ + below(2000);
    e.key_length = static_cast<std::uint8_t>(one_in(10) ? below(80) : 16 + below(49));
    for (std::size_t i = 0; i < e.key_length && i < totp_key_bytes_max; ++i)
      e.key.b[i] = static_cast<std::uint8_t>(random_());
    e.code = code(s);
    if (one_in(50)) e.code.digit[below(code_digits)] = ':';
    e.enrollment_id = held(record_.enrollment_id);
    e.epoch = held(record_.epoch);
    e.recovery_code = held(recovery_code_);
    e.link = held(link_);
    e.asker = held(asker_);
    e.grant = held(grant_);
    e.ticket = held(ticket_);
    return e;
  }

  void remember(const Outcome& o, const Situation& s) {
    if (o.verdict != Verdict::accepted || !o.write) return;
    if (o.record.recovery_drawn_at != record_.recovery_drawn_at ||
        !contract::same_token(o.record.recovery_hash, record_.recovery_hash))
      recovery_code_ = s.fresh.recovery_code;
    if (o.notice == Notice::recovery_asked) {
      link_ = s.fresh.link;
      asker_ = s.fresh.asker;
    }
    if (o.notice == Notice::ticket_issued) ticket_ = s.fresh.ticket;
    if (o.record.state == State::replacing && record_.state != State::replacing) grant_ = s.fresh.grant;
  }

  bool hash_is(Purpose purpose, const Token& binding, const Token& value, const Token& kept) const {
    return contract::same_token(digest(purpose, account_, binding, value), kept);
  }

  Says says(const Event& e, const Situation& s) const {
    Says out{};
    for (std::size_t i = 0; i < 3 && s.clock.step > 0; ++i) {
      const Step step = s.clock.step - 1 + i;
      const std::uint32_t number = number_of(e.code);
      out.code[i] = number == reference::hotp({record_.secret.b, record_.secret.b + 64}, step);
      out.pending_code[i] = number == reference::hotp({record_.pending.b, record_.pending.b + 20}, step);
    }
    const Token& id = record_.enrollment_id;
    out.recovery_code = hash_is(Purpose::recovery_code, id, e.recovery_code, record_.recovery_hash);
    out.link = hash_is(Purpose::link, id, e.link, record_.link_hash);
    out.asker = hash_is(Purpose::asker, id, e.asker, record_.asker_hash);
    out.grant = hash_is(Purpose::grant, record_.epoch, e.grant, record_.voucher_hash);
    out.ticket = hash_is(Purpose::ticket, id, e.ticket, record_.voucher_hash);
    out.enrollment_id = contract::same_token(e.enrollment_id, id);
    out.epoch = contract::same_token(e.epoch, record_.epoch);
    return out;
  }

  Drawn drawn(const Situation& s) const {
    const Token& id = record_.enrollment_id;
    Drawn out{};
    out.recovery_hash = digest(Purpose::recovery_code, account_, id, s.fresh.recovery_code);
    out.link_hash = digest(Purpose::link, account_, id, s.fresh.link);
    out.asker_hash = digest(Purpose::asker, account_, id, s.fresh.asker);
    out.grant_hash = digest(Purpose::grant, account_, s.fresh.epoch, s.fresh.grant);
    out.ticket_hash = digest(Purpose::ticket, account_, id, s.fresh.ticket);
    return out;
  }

  void compare(const Event& e, const Situation& s, const Outcome& o) const {
    const specification::Answer said =
        specification::specified(numbers_of(record_), request_of(e), time_of(s.clock), settings_of(s.rules),
                                 checks_of(says(e, s), s.fresh));
    same_answers(o, head_from(said));
    if (!said.write) return same_records(o.record, record_);
    same_records(o.record, record_from(said.next, said.decided_at, record_, e.key, s.fresh, drawn(s)));
  }

  std::mt19937_64 random_;
  Rules rules_{};
  AccountTag account_{};
  Seconds now_ = begins_s;
  Record record_ = new_record();
  Token recovery_code_{}, link_{}, asker_{}, grant_{}, ticket_{};
};

TEST(Specification, EveryHistoryAgrees) {
  std::map<Verdict, unsigned> seen;
  for (std::uint64_t seed = 0; seed < histories && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    for (int i = 0; i < events_each && !HasFailure(); ++i) history.step(seen);
  }
  for (int v = 0; v <= static_cast<int>(Verdict::accepted); ++v) {
    if (v == static_cast<int>(Verdict::bad_record)) continue;  // handle() leaves none
    EXPECT_GT(seen[static_cast<Verdict>(v)], 20U) << "verdict " << v;
  }
}

}  // namespace
