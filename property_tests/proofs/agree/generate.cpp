// SPDX-License-Identifier: Apache-2.0
// Plays random histories with the compiled kernel and writes N cases with its answers, as text that the
// prover reads. usage: generate N SEED; standard error: how many cases had each verdict, and how many a wide
// clock.
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

#include "agree/case.hpp"

namespace {

using namespace twinlock;

std::mt19937_64 source;

std::uint64_t below(std::uint64_t n) { return source() % n; }
bool one_in(std::uint64_t n) { return below(n) == 0; }

Token token() {
  Token t{};
  for (std::uint8_t& b : t.b) b = static_cast<std::uint8_t>(source());
  return t;
}

Fresh draw() {
  Fresh f{{}, token(), token(), token(), token(), token(), token(), token()};
  for (std::uint8_t& b : f.secret.b) b = static_cast<std::uint8_t>(source());
  if (one_in(40)) f.link = Token{};
  return f;
}

// An account and what its people hold; not all of it is still good.
struct Account {
  Record record = new_record();
  Fresh held{};
  Seconds now = 0;
};

Kind likely_kind(State state) {
  const std::vector<Kind> by_state[] = {
      {Kind::begin_enrollment},
      {Kind::confirm_enrollment, Kind::confirm_enrollment, Kind::cancel_enrollment, Kind::begin_enrollment},
      {Kind::verify, Kind::verify, Kind::verify, Kind::renew_recovery_code, Kind::revoke_passes,
       Kind::request_recovery, Kind::disable, Kind::operator_unlock},
      {Kind::verify, Kind::confirm_recovery, Kind::confirm_recovery, Kind::request_recovery,
       Kind::revoke_passes},
      {Kind::begin_enrollment}};
  const auto& kinds = by_state[static_cast<std::size_t>(state)];
  return one_in(4) ? static_cast<Kind>(below(one_in(8) ? 256 : kinds_count)) : kinds[below(kinds.size())];
}

Code code_for(const Record& r, Step step) {
  const TotpKey key = r.state == State::enrolling ? totp_key(r.pending) : r.secret;
  std::uint32_t value = totp_codes(key, step).c[below(3)];
  if (one_in(2)) value = (value + 1) % code_limit;
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  if (one_in(30)) code.digit[below(code_digits)] = static_cast<std::uint8_t>(source());
  return code;
}

Token shown(const Token& held) { return one_in(5) ? token() : held; }

Event event_for(const Account& a, Step step) {
  Event e{};
  e.kind = likely_kind(a.record.state);
  e.lane = static_cast<Lane>(one_in(40) ? source() & 255U : below(2));
  e.policy = static_cast<Policy>(one_in(10) ? source() & 255U : below(3));
  e.policy_from = one_in(3) ? a.now + below(100) : 0;
  e.host_word = static_cast<HostWord>(one_in(40) ? source() & 255U : one_in(3) ? below(3) : 0);
  e.key_length = static_cast<std::uint8_t>(one_in(10) ? below(80) : 16 + below(49));
  for (std::size_t i = 0; i < e.key_length && i < totp_key_bytes_max; ++i)
    e.key.b[i] = static_cast<std::uint8_t>(source());
  e.by_operator = one_in(3);
  e.replace = one_in(2);
  e.mailable = !one_in(4);
  e.has_asker = !one_in(3);
  e.has_recovery_code = !one_in(3);
  e.code = code_for(a.record, step);
  e.enrollment_id = shown(a.held.enrollment_id);
  e.grant = shown(a.held.grant);
  e.ticket = shown(a.held.ticket);
  e.recovery_code = shown(a.held.recovery_code);
  e.link = shown(a.held.link);
  e.asker = shown(a.held.asker);
  e.epoch = shown(a.held.epoch);
  return e;
}

void pass_time(Account& a) {
  const Seconds steps[] = {0, 1, 29, 30, 59, 601, 3600, 1801, 25920, 2592000};
  a.now += one_in(3) ? 0 : steps[below(10)];
  if (one_in(12)) a.now -= below(a.now);
  if (one_in(25)) a.now = clock_s_limit - 1 - below(100);
  if (one_in(25)) a.now = 28 + below(4);
}

Clock clock_for(const Account& a) {
  Clock c{a.now, a.now / step_s};
  if (one_in(40)) c.step += one_in(2) ? 1 : ~Step{0};
  if (one_in(60)) c.now = source();
  return c;
}

// What a store may never give, and the kernel must survive: one byte changed.
Record damaged(const Record& r) {
  agree::Walk w{};
  Record copy = r;
  w.writing = true;
  agree::walk_record(w, copy);
  w.data.b[below(w.at)] = static_cast<std::uint8_t>(source());
  w.writing = false;
  w.at = 0;
  agree::walk_record(w, copy);
  return copy;
}

void remember(Account& a, const Event& e, const Fresh& f, const Outcome& o) {
  if (o.write) a.record = o.record;
  if (o.verdict != Verdict::accepted) return;
  if (e.kind == Kind::begin_enrollment) a.held.enrollment_id = f.enrollment_id;
  if (e.kind == Kind::confirm_enrollment || e.kind == Kind::renew_recovery_code)
    a.held.recovery_code = f.recovery_code;
  if (e.kind == Kind::confirm_enrollment || e.kind == Kind::revoke_passes) a.held.epoch = f.epoch;
  if (e.kind == Kind::request_recovery) a.held.link = f.link;
  if (e.kind == Kind::request_recovery) a.held.asker = f.asker;
  if (e.kind == Kind::operator_unlock) a.held.ticket = f.ticket;
  if (e.kind == Kind::operator_import) a.held.enrollment_id = f.enrollment_id;
  if (o.record.state == State::replacing) a.held.grant = f.grant;
}

void write_case(std::uint64_t number, const agree::Input& in, const Outcome& o) {
  agree::Walk w{};
  agree::Input copy = in;
  w.writing = true;
  agree::walk_input(w, copy);
  if (w.at != agree::case_bytes) std::abort();
  std::cout << "static const Case case_" << number << " = {{";
  for (const std::uint8_t b : w.data.b) std::cout << unsigned{b} << ",";
  std::cout << "}};\nstatic const std::uint64_t answer_" << number << " = " << agree::answer_of(in, o)
            << "ULL;\n";
}

}  // namespace

int main(int, char** arguments) {
  const std::uint64_t count = std::strtoull(arguments[1], nullptr, 10);
  source.seed(std::strtoull(arguments[2], nullptr, 10));
  std::vector<Account> accounts(6);
  for (Account& a : accounts) a.now = 1700000000 + below(1000);
  accounts[0].now = accounts[1].now = clock_s_limit / 2;  // no 32 bits hold it
  std::uint64_t verdicts[static_cast<std::size_t>(Verdict::accepted) + 1] = {}, wide = 0;
  for (std::uint64_t i = 0; i < count;) {
    Account& a = accounts[below(accounts.size())];
    pass_time(a);
    agree::Input in{
        a.record,
        {},
        {clock_for(a), {one_in(3), one_in(2) ? 0 : a.now + below(60), one_in(3), one_in(4)}, {}, draw()}};
    in.situation.account.b[0] = static_cast<std::uint8_t>(&a - accounts.data());
    in.event = event_for(a, a.now / step_s);
    if (one_in(20)) in.record = damaged(in.record);
    const Outcome o = handle(in.record, in.event, in.situation);
    if (valid(in.record)) remember(a, in.event, in.situation.fresh, o);
    // At most a third are accepted and an eighth has each other verdict, so that there are seven at least.
    std::uint64_t& so_far = verdicts[static_cast<std::size_t>(o.verdict)];
    if (so_far >= count / (o.verdict == Verdict::accepted ? 3 : 8)) continue;
    so_far += 1;
    wide += in.situation.clock.now >> 32U != 0 ? 1 : 0;
    write_case(i++, in, o);
  }
  for (const std::uint64_t n : verdicts) std::cerr << n << " ";
  std::cerr << wide << "\n";
}
